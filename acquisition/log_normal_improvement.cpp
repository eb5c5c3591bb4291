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

// Gauss-Legendre on [0, 1] with three nodes: the integrand hardly changes where it is used.
constexpr std::array<double, 3> kNodes = {0.1127016653792583, 0.5, 0.8872983346207417};
constexpr std::array<double, 3> kWeights = {5.0 / 18, 8.0 / 18, 5.0 / 18};
const double kLogSqrt2Pi = 0.5 * std::log(2 * std::numbers::pi);
constexpr double kCancels = -1e-3;  // log of the ratio of the two terms beyond which they cancel

// log of phi(v) times the integral of h / phi over [v - s, v].
double log_integral(double v, double s) {
  std::array<double, kNodes.size()> terms{};
  for (std::size_t i = 0; i < kNodes.size(); ++i) {
    const double z = v - s * kNodes[i];
    terms[i] = log_h(z).value + 0.5 * (z - v) * (z + v);
  }
  const double top = *std::max_element(terms.begin(), terms.end());
  double sum = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) sum += kWeights[i] * std::exp(terms[i] - top);
  return top + std::log(sum * s);
}

struct Logs {
  double won;    // log Phi(v)
  double ratio;  // log R(v - s) - log R(v)
};

Logs logs_of(double v, double s) {
  if (v > -1) {
    const double won = log_normal_cdf(v);
    return {won, log_normal_cdf(v - s) - won - s * (v - 0.5 * s)};
  }
  const double mills = erfcx(-v / std::numbers::sqrt2);
  return {-0.5 * v * v + std::log(0.5 * mills),
          std::log(erfcx((s - v) / std::numbers::sqrt2) / mills)};
}

// log EI - best.
double log_share(const Logs& logs, double v, double s) {
  return logs.ratio < kCancels ? logs.won + log1mexp(logs.ratio) : log_integral(v, s);
}

}  // namespace

MomentScore log_normal_expected_improvement(double mean, double deviation, double best) {
  const double v = (best - mean) / deviation;
  const Logs logs = logs_of(v, deviation);
  const double share = log_share(logs, v, deviation);
  // EI' in the mean is minus the second term; in the deviation, e^best phi(v) minus s times it.
  const double lost = std::exp(logs.won + logs.ratio - share);
  return {best + share, -lost, std::exp(-0.5 * v * v - kLogSqrt2Pi - share) - deviation * lost};
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
    if (!gradients) {
      const double v = (best_ - mean[j]) / deviation;
      values[j] = best_ + log_share(logs_of(v, deviation), v, deviation);
      continue;
    }
    const MomentScore at = log_normal_expected_improvement(mean[j], deviation, best_);
    values[j] = at.value;
    gradients->col(j) = at.by_mean * mean_gradient.col(j) +
                        at.by_deviation / (2 * deviation) * variance_gradient.col(j);
  }
}

}  // namespace asktell
