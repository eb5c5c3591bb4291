// See log_normal_improvement.hpp.
//
// With v = (best - mean) / s and R = Phi / phi, the expected improvement is
//   e^best Phi(v) - e^(mean + s^2/2) Phi(v - s) = e^best phi(v) (R(v) - R(v - s)).
// Where the difference cancels, it is the integral of R' = h / phi over [v - s, v], h(z) = phi(z) +
// z Phi(z), whose terms are all positive.
#include <asktell/acquisition/log_normal_improvement.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

// Gauss-Legendre nodes and weights on [0, 1] (Abramowitz and Stegun 1964, table 25.4, n = 8).
constexpr std::array<double, 4> kNodes = {0.1834346424956498, 0.5255324099163290,
                                          0.7966664774136267, 0.9602898564975363};
constexpr std::array<double, 4> kWeights = {0.3626837833783620, 0.3137066458778873,
                                            0.2223810344533745, 0.1012285362903763};
const double kLogSqrt2Pi = 0.5 * std::log(2 * std::numbers::pi);
constexpr double kCancels = -0.1;  // log of the ratio of the two terms beyond which they cancel

// log of phi(v) times the integral of h / phi over [v - s, v].
double log_integral(double v, double s) {
  std::array<double, 2 * kNodes.size()> terms{};
  for (std::size_t i = 0; i < kNodes.size(); ++i) {
    for (double sign : {-1.0, 1.0}) {
      const double z = v - s * 0.5 * (1 + sign * kNodes[i]);
      terms[2 * i + (sign > 0)] =
          log_h(z).value + 0.5 * (z - v) * (z + v) + std::log(0.5 * kWeights[i]);
    }
  }
  const double top = *std::max_element(terms.begin(), terms.end());
  double sum = 0;
  for (double term : terms) sum += std::exp(term - top);
  return top + std::log(sum * s);
}

// log R(v - s) - log R(v).
double log_ratio(double v, double s) {
  if (v < -1)
    return std::log(erfcx((s - v) / std::numbers::sqrt2) / erfcx(-v / std::numbers::sqrt2));
  return log_normal_cdf(v - s) - log_normal_cdf(v) - s * (v - 0.5 * s);
}

}  // namespace

LogImprovement log_normal_expected_improvement(double mean, double deviation, double best) {
  const double v = (best - mean) / deviation;
  const double ratio = log_ratio(v, deviation);
  const double log_won = log_normal_cdf(v);
  LogImprovement out{};
  const double share = ratio < kCancels ? log_won + log1mexp(ratio) : log_integral(v, deviation);
  out.value = best + share;
  // EI' in the mean is minus the second term; in the deviation, e^best phi(v) minus s times it.
  const double lost = std::exp(log_won + ratio - share);
  out.by_mean = -lost;
  out.by_deviation = std::exp(-0.5 * v * v - kLogSqrt2Pi - share) - deviation * lost;
  return out;
}

void LogNormalExpectedImprovement::evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                                            Eigen::MatrixXd* gradients) const {
  Eigen::VectorXd mean, variance;
  Eigen::MatrixXd mean_gradient, variance_gradient;
  model_.predict(points, mean, variance, gradients ? &mean_gradient : nullptr,
                 gradients ? &variance_gradient : nullptr);
  values.resize(points.cols());
  if (gradients) gradients->resize(points.rows(), points.cols());
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    const double deviation = std::sqrt(variance[j]);
    const LogImprovement at = log_normal_expected_improvement(mean[j], deviation, best_);
    values[j] = at.value;
    if (!gradients) continue;
    gradients->col(j) = at.by_mean * mean_gradient.col(j) +
                        at.by_deviation / (2 * deviation) * variance_gradient.col(j);
  }
}

}  // namespace asktell
