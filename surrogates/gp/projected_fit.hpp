// Maximizes a model's objective from several starts in a box (private to the surrogates).
#pragma once

#include <Eigen/Core>
#include <functional>

namespace asktell {

struct GpObjective;

// starts: p x m. Returns the best point found; empty when the objective was finite nowhere.
Eigen::VectorXd projected_fit(const std::function<GpObjective(const Eigen::VectorXd&)>& objective,
                              const Eigen::MatrixXd& starts, const Eigen::VectorXd& low,
                              const Eigen::VectorXd& high, int rounds);

}  // namespace asktell
