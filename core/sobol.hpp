// Scrambled Sobol points, by number: the direction numbers of Joe and Kuo (2008, "Constructing
// Sobol sequences with better two-dimensional projections") as shipped by Boost.Random, under
// hash-based nested uniform (Owen) scrambling (Laine and Karras 2011; Burley 2020, "Practical
// hash-based Owen scrambling", section 3). Seeds of the coordinates come from Philox, so a point
// depends on (seed, number) alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace asktell {

class SobolPoints {
 public:
  static constexpr std::size_t kMaxDimension = 3667;  // of Boost's table

  // Throws SolverError "solver.dimension" beyond kMaxDimension.
  SobolPoints(std::size_t dimension, std::uint64_t seed);

  std::size_t dimension() const { return seeds_.size(); }
  // Point `number` of the sequence (modulo 2^32), strictly inside the unit cube; `out` has
  // dimension() entries. Any 2^k points that begin at a multiple of 2^k are balanced.
  void point(std::uint64_t number, std::span<double> out) const;

 private:
  static constexpr std::size_t kBits = 32;
  std::vector<std::uint32_t> directions_;  // kBits x dimension, one row a bit of the Gray code
  std::vector<std::uint32_t> seeds_;       // of the scrambling, one a coordinate
};

}  // namespace asktell
