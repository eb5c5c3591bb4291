// Counter-based random streams: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as
// easy as 1, 2, 3"). A stream is named by (seed, purpose, ask number) and has no hidden state
// besides its position, so a number depends on its name alone: never on threads, blocking or
// earlier asks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace asktell {

// What a stream is for. The value is part of every recorded study: append, never renumber.
enum class Purpose : std::uint32_t {
  kDirection = 0,   // perturbation vectors z(seed): the convention shared with other languages
  kDesign = 1,      // initial designs, scrambling
  kCandidates = 2,  // raw samples of an acquisition maximizer
  kFit = 3,         // restarts of model fits
  kChoice = 4,      // one-off draws: arms, ties, seeds handed to the user
  kFallback = 5,    // what a solver draws when its model cannot answer
  kUser = 6,        // the objective's own use (Trial::seed)
};

// One Philox4x32-10 block: counter (block lo, block hi, purpose, ask), key (seed lo, seed hi).
std::array<std::uint32_t, 4> philox(std::uint64_t seed, std::uint64_t block, std::uint32_t purpose,
                                    std::uint32_t ask);

// Sequence of draws from one named stream.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t ask = 0);

  std::uint32_t bits();  // uniform 32-bit word
  std::uint64_t seed();  // two of them, the first one high: for another stream
  double uniform();      // in (0, 1): (w + 1/2) 2^-32 refined to 53 bits
  double normal();       // standard normal, Box-Muller
  std::uint64_t integer(
      std::uint64_t count);  // uniform in {0, ..., count - 1}, unbiased; count > 0
  void fill_uniform(std::span<double> out);
  void fill_normal(std::span<double> out);

 private:
  std::uint64_t seed_;
  std::uint64_t block_ = 0;
  std::uint32_t purpose_;
  std::uint32_t ask_;
  std::size_t used_ = 4;  // words of the current block already handed out
  std::array<std::uint32_t, 4> words_{};
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

// Coordinates 4b .. 4b+3 of the Gaussian direction z(seed): Box-Muller on word pairs (0,1), (2,3)
// of block b with u = (w + 1/2) 2^-32. Any part of z can be made alone and in any order.
std::array<double, 4> gaussian_block(std::uint64_t seed, std::uint64_t block);

// 128 signs of block b of the Rademacher direction: bit j of word w (1 -> +1).
std::array<std::uint32_t, 4> rademacher_block(std::uint64_t seed, std::uint64_t block);

// SplitMix64 finalizer: spreads related seeds (seed, seed + 1, ...) over all 64 bits.
std::uint64_t spread_seed(std::uint64_t seed);

}  // namespace asktell
