// Projected L-BFGS in a box for many starts in lockstep: each round evaluates one trial point of
// every start that still runs, in a single batched call (Bertsekas 1982 for the projection, Nocedal
// 1980 for the update). Starts never influence each other, so results do not depend on their
// number. All memory is taken before the first round.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <span>

namespace asktell {

// x: d x m, one column a point; `starts` says which start each column belongs to. Writes m values
// and the d x m gradient of what is minimized. A value that is not finite makes the step shorter.
using BatchedFunction = std::function<void(
    const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const Eigen::Index> starts,
    Eigen::Ref<Eigen::VectorXd> values, Eigen::Ref<Eigen::MatrixXd> gradients)>;

struct LbfgsbOptions {
  int rounds = 50;                   // batched evaluations at most
  int memory = 8;                    // pairs kept; more pays only for hundreds of variables
  double gradient_tolerance = 1e-5;  // projected gradient, largest component
  double value_tolerance = 1e-9;     // relative decrease of an accepted step
  double first_step = 0.1;           // longest first move of a coordinate, as a share of the box
};

struct LbfgsbResult {
  Eigen::MatrixXd x;       // d x m, best point of each start
  Eigen::VectorXd values;  // m; infinity where a start was never finite
  int rounds = 0;
};

// starts: d x m; low, high: one column for all starts, or a column each.
LbfgsbResult minimize_lockstep(const BatchedFunction& function, const Eigen::MatrixXd& starts,
                               const Eigen::MatrixXd& low, const Eigen::MatrixXd& high,
                               const LbfgsbOptions& options = {});

}  // namespace asktell
