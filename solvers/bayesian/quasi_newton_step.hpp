// A step of a quasi-Newton method where gradients are told (Nocedal & Wright 2006, "Numerical
// optimization", chapter 6): the local search of the portfolio for functions that are smooth and
// badly scaled. It remembers nothing: the Hessian matrix comes from the trials around the
// incumbent, by BFGS updates from the farthest to the nearest.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include <Eigen/Core>

#include <asktell/solvers/bayesian/local_step.hpp>
#include <asktell/solvers/bayesian/observations.hpp>

namespace asktell {

// From the trial of the lowest value, in a box about as wide as the nearest trial is away,
// shortened until a point is allowed. fixed: coordinates held, NaN where free; may be empty.
// pending: d x p. Nothing where the gradient of that trial was not told, no step is left that
// lowers the quadratic model, or a pending trial is near its end already.
std::optional<LocalStep> quasi_newton_step(const Observations& data, const Eigen::MatrixXd& pending,
                                           const Space& space, std::span<const double> fixed,
                                           const std::function<bool(const Point&)>& allowed);

}  // namespace asktell
