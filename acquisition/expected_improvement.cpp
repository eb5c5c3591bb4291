// See expected_improvement.hpp.
#include <asktell/acquisition/expected_improvement.hpp>

#include <cmath>
#include <numbers>

#include <asktell/core/special_functions.hpp>

namespace asktell {

LogH log_h(double z) {
  static const double kLogSqrt2Pi = 0.5 * std::log(2 * std::numbers::pi);
  if (z > -1) {
    const double cdf = normal_cdf(z);
    const double h = normal_pdf(z) + z * cdf;
    return {std::log(h), cdf / h};
  }
  const double t = -z;
  const double log_pdf = -0.5 * t * t - kLogSqrt2Pi;
  if (z > -40) {
    // h = phi (1 - t M), M the Mills ratio; the product inside one logarithm keeps the digits.
    const double mills = std::sqrt(std::numbers::pi / 2) * erfcx(t / std::numbers::sqrt2);
    const double log_product = std::log(t * mills);
    return {log_pdf + log1mexp(log_product), mills / -std::expm1(log_product)};
  }
  // Asymptotic series of the Mills ratio in v = 1/t^2; beyond 40 the difference 1 - t M has no
  // digits.
  const double v = 1 / (t * t);
  const double tail = v * (-3 + v * (15 + v * (-105 + v * (945 - v * 10395))));
  const double ratio = (1 + v * (-1 + v * (3 + v * (-15 + v * 105)))) /
                       (1 + v * (-3 + v * (15 + v * (-105 + v * 945))));
  return {log_pdf - 2 * std::log(t) + std::log1p(tail), t * ratio};
}

MomentScore log_expected_improvement(double mean, double deviation, double best) {
  const double z = (best - mean) / deviation;
  const LogH h = log_h(z);
  return {std::log(deviation) + h.value, -h.slope / deviation, (1 - z * h.slope) / deviation};
}

void LogExpectedImprovement::evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                                      Eigen::MatrixXd* gradients) const {
  evaluate_moments(model_, points, values, gradients, [this](double mean, double deviation) {
    return log_expected_improvement(mean, deviation, best_);
  });
}

}  // namespace asktell
