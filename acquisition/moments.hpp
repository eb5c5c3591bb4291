// Acquisitions that read nothing but mean and deviation at each point: they give a score of the two
// and its derivatives, the chain rule is here.
#pragma once

#include <cmath>

#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

struct MomentScore {
  double value;
  double by_mean;
  double by_deviation;
};

// score: MomentScore(double mean, double deviation). Writes as Acquisition::evaluate does.
template <typename Score>
void evaluate_moments(const Surrogate& model, const Eigen::MatrixXd& points,
                      Eigen::VectorXd& values, Eigen::MatrixXd* gradients, Score score) {
  Eigen::VectorXd mean, variance;
  Eigen::MatrixXd mean_gradient, variance_gradient;
  model.predict(points, mean, variance, gradients ? &mean_gradient : nullptr,
                gradients ? &variance_gradient : nullptr);
  values.resize(points.cols());
  if (gradients) gradients->resize(points.rows(), points.cols());
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    const double deviation = std::sqrt(variance[j]);
    const MomentScore at = score(mean[j], deviation);
    values[j] = at.value;
    if (!gradients) continue;
    gradients->col(j) = at.by_mean * mean_gradient.col(j) +
                        at.by_deviation / (2 * deviation) * variance_gradient.col(j);
  }
}

}  // namespace asktell
