// Slice sampling one coordinate at a time (Neal 2003, "Slice sampling", figures 3 and 5): needs no
// gradient and no tuning beyond a rough width. A bracket is stepped out from where the chain is and
// shrunk until a point in it is above a random level below the density there.
#pragma once

#include <Eigen/Core>

#include <asktell/core/random.hpp>
#include <asktell/surrogates/sampling/log_density.hpp>

namespace asktell {

struct SliceOptions {
  int warm_up = 50;   // sweeps over all coordinates that are not returned; 10 from a warm start
  int draws = 64;     // sweeps after that, a draw each
  double width = 1;   // of the first bracket: for logarithms, a factor of e
  int steps_out = 8;  // moves of the bracket's ends at most, both together
};

struct SliceDraws {
  Eigen::MatrixXd draws;        // d x draws
  Eigen::VectorXd log_density;  // of each
  Eigen::VectorXd position;     // the last one, to go on from
  int stuck = 0;                // moves whose bracket shrank to nothing: the coordinate stayed
  long evaluations = 0;         // of the value
  bool failed = false;          // the density at the start is not finite: no draws
};

// Asks `density` for values only. Bounds need no transform: let it be -infinity outside. Throws
// OptionError for options out of range.
SliceDraws slice_sample(const LogDensity& density, const Eigen::VectorXd& start,
                        const SliceOptions& options, RandomStream& stream);

}  // namespace asktell
