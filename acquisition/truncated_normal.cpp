// See truncated_normal.hpp.
#include <asktell/acquisition/truncated_normal.hpp>

#include <cmath>
#include <numbers>

#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

constexpr double kTail = 20;  // from here on 1 - r (g + r) has no digits, and its series has all

// Asymptotic series of 1 - r (g + r) in v = 1/g^2.
double variance_left(double v) {
  constexpr double kTerms[] = {1, -6, 50, -518, 6354, -89782, 1435330, -25625910, 505785122};
  double sum = 0;
  for (int i = 8; i >= 0; --i) sum = kTerms[i] + v * sum;
  return v * sum;
}

}  // namespace

TruncatedNormal::TruncatedNormal(double g) : argument(g) {
  if (g > -1) {
    const double cdf = normal_cdf(g);
    log_cdf = std::log(cdf);
    ratio = normal_pdf(g) / cdf;
    lift = g + ratio;
    removed = ratio * lift;
    left = 1 - removed;
    entropy = 0.5 * g * ratio - log_cdf;
    return;
  }
  static const double kLogSqrt2Pi = 0.5 * std::log(2 * std::numbers::pi);
  const double t = -g;
  const double mills = std::sqrt(std::numbers::pi / 2) * erfcx(t / std::numbers::sqrt2);
  const double log_mills = std::log(mills);
  log_cdf = -0.5 * t * t - kLogSqrt2Pi + log_mills;
  ratio = 1 / mills;
  left = t > kTail ? variance_left(1 / (t * t)) : 0;
  // r - t = (1 - t M) / M by the difference of logarithms; in the tail, (1 - left) / r.
  lift = t > kTail ? (1 - left) * mills : -std::expm1(std::log(t * mills)) / mills;
  removed = ratio * lift;
  if (t <= kTail) left = 1 - removed;
  // The halves of g^2 / 2 cancel on paper: g r / 2 = -t (t + lift) / 2.
  entropy = kLogSqrt2Pi - log_mills - 0.5 * t * lift;
}

}  // namespace asktell
