// Averages of numbers given by their logarithms.
#pragma once

#include <Eigen/Core>
#include <cmath>

namespace asktell {

// log of the mean of exp(x_i); weights, unless null: exp(x_i) over their sum. -infinity (and equal
// weights) when all x are.
inline double log_mean_exp(const Eigen::Ref<const Eigen::VectorXd>& x,
                           Eigen::VectorXd* weights = nullptr) {
  const double top = x.maxCoeff(), count = static_cast<double>(x.size());
  if (std::isinf(top)) {
    if (weights) weights->setConstant(x.size(), 1 / count);
    return top;
  }
  const Eigen::VectorXd shares = (x.array() - top).exp();
  const double sum = shares.sum();
  if (weights) *weights = shares / sum;
  return top + std::log(sum / count);
}

}  // namespace asktell
