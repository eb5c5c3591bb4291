// The No-U-Turn sampler: Hamiltonian dynamics followed until the path turns back, no length to tune
// (Hoffman & Gelman 2014, algorithm 6 for the step size; states weighted by their density as in
// Betancourt 2017, "A conceptual introduction to Hamiltonian Monte Carlo", appendix A).
//
// Parameters are unconstrained: see UnconstrainedBox for those that are not.
#pragma once

#include <Eigen/Core>

#include <asktell/core/random.hpp>
#include <asktell/surrogates/sampling/log_density.hpp>

namespace asktell {

struct NutsOptions {
  int warm_up = 256;        // steps that adapt step size and metric; not returned
  int draws = 256;          // steps after that
  int max_depth = 6;        // doublings: at most 2^max_depth gradients a step
  double acceptance = 0.8;  // mean acceptance that the step size aims at
  bool dense = true;        // metric: full covariance of the draws, or variances alone
};

// Where a chain is and how it moves: enough to go on, or to start a similar one that needs a
// shorter warm-up.
struct NutsState {
  Eigen::VectorXd position = {};  // d
  Eigen::MatrixXd covariance =
      {};           // the inverse mass matrix: d x d, or d x 1 variances; empty: ones
  double step = 0;  // 0: found by doubling and halving
};

struct NutsDraws {
  Eigen::MatrixXd draws;        // d x draws
  Eigen::VectorXd log_density;  // of each
  NutsState state;              // after the last
  int divergences = 0;          // after warm-up: paths that left the level of their energy
  int warm_up_divergences = 0;
  int deepest = 0;        // steps after warm-up that ended by max_depth, not by a turn
  long evaluations = 0;   // of value and gradient
  double acceptance = 0;  // mean after warm-up
  bool failed = false;    // the density at the start is not finite: no draws
};

// Throws OptionError for counts and targets out of range, and for a state of another size.
NutsDraws nuts(const LogDensity& density, const NutsState& start, const NutsOptions& options,
               RandomStream& stream);

}  // namespace asktell
