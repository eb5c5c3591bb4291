// Maximizes an acquisition over a space: many candidates in blocks, the best of them refined in
// lockstep on the continuous coordinates, and exact neighbourhood search on the others. What comes
// back is a point of the space: values are always those of the point as it would be evaluated.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>

namespace asktell {

struct MaximizeOptions {
  int sobol_blocks = 512;  // candidates: this times ceil(sqrt(d)), at most 4096
  int around_incumbents =
      256;          // perturbed incumbents, plus 16 a dimension (Papenmeier et al. 2025)
  int rounds = 50;  // of the lockstep refinement
  std::size_t enumerate = 2000;  // finite spaces up to this size are searched exhaustively
  bool gradients = true;         // false: the acquisition has none, candidates alone are compared
};

struct MaximizeRequest {
  Eigen::MatrixXd incumbents;  // d x k: good points so far, perturbed for candidates
  Eigen::MatrixXd extra;       // d x m: candidates besides, the optima of the last ask for instance
  // A box for the continuous coordinates (d; empty: the whole cube); discrete ones are limited by
  // `allowed`.
  Eigen::VectorXd low, high;
  std::vector<double> fixed;          // coordinates held, NaN where free; empty when all are free
  std::span<const Point> candidates;  // the only points looked at; empty: the whole space
  std::uint64_t seed = 0;             // of the scrambled Sobol candidates
  // Points that may be proposed: known constraints hold, and not visited where repeats tell
  // nothing.
  std::function<bool(const Point&)> allowed;
};

struct Maximum {
  Point point;
  double value;
};

// Nothing when no candidate was allowed.
std::optional<Maximum> maximize_acquisition(const Acquisition& acquisition, const Space& space,
                                            const MaximizeRequest& request, RandomStream stream,
                                            const MaximizeOptions& options = {});

}  // namespace asktell
