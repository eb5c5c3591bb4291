// See improvement.hpp.
#include <asktell/acquisition/improvement.hpp>

#include <cmath>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/truncated_normal.hpp>

namespace asktell {

using Eigen::MatrixXd;
using Eigen::VectorXd;

MomentScore log_probability_of_improvement(double mean, double deviation, double target) {
  const double z = (target - mean) / deviation;
  const TruncatedNormal tail(z);
  return {tail.log_cdf, -tail.ratio / deviation, -z * tail.ratio / deviation};
}

void LogProbabilityOfImprovement::evaluate(const MatrixXd& points, VectorXd& values,
                                           MatrixXd* gradients) const {
  evaluate_moments(model_, points, values, gradients, [this](double mean, double deviation) {
    return log_probability_of_improvement(mean, deviation, target_);
  });
}

LogAugmentedExpectedImprovement::LogAugmentedExpectedImprovement(const Surrogate& model,
                                                                 double best, double noise_variance)
    : model_(model), best_(best), noise_deviation_(std::sqrt(noise_variance)) {}

void LogAugmentedExpectedImprovement::evaluate(const MatrixXd& points, VectorXd& values,
                                               MatrixXd* gradients) const {
  evaluate_moments(model_, points, values, gradients, [this](double mean, double deviation) {
    MomentScore at = log_expected_improvement(mean, deviation, best_);
    const double t = noise_deviation_, w = std::hypot(deviation, t);
    // 1 - t / w = s^2 / (w (w + t)), which keeps its digits for small s.
    at.value += 2 * std::log(deviation) - std::log(w * (w + t));
    at.by_deviation += t * (w + t) / (w * w * deviation);
    return at;
  });
}

double lowest_mean(const Surrogate& model, const MatrixXd& points) {
  VectorXd mean, variance;
  model.predict(points, mean, variance);
  return mean.minCoeff();
}

double augmented_incumbent(const Surrogate& model, const MatrixXd& points) {
  VectorXd mean, variance;
  model.predict(points, mean, variance);
  Eigen::Index at;
  (mean + variance.cwiseSqrt()).minCoeff(&at);
  return mean[at];
}

}  // namespace asktell
