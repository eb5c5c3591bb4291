// See special_functions.hpp.
#include <asktell/core/special_functions.hpp>

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

namespace asktell {
namespace {

const double kLogSqrt2Pi = 0.5 * std::log(2 * std::numbers::pi);

}  // namespace

double erfcx(double x) {
  if (x < 5) return std::exp(x * x) * std::erfc(x);
  // Laplace's continued fraction, bottom up; 40 levels give full accuracy from x = 5 on, and the
  // number that is needed falls with x^2.
  double fraction = x;
  for (int level = x < 10 ? 40 : x < 40 ? 10 : 6; level >= 1; --level)
    fraction = x + 0.5 * level / fraction;
  return 1 / (std::sqrt(std::numbers::pi) * fraction);
}

double log1mexp(double x) {
  return x > -std::numbers::ln2 ? std::log(-std::expm1(x)) : std::log1p(-std::exp(x));
}

double normal_pdf(double z) {
  return std::exp(-0.5 * z * z - kLogSqrt2Pi);
}
double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}
double normal_quantile(double p) {
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p);
}

double log_normal_cdf(double z) {
  if (z > -1) return std::log(normal_cdf(z));
  return -0.5 * z * z + std::log(0.5 * erfcx(-z / std::numbers::sqrt2));
}

double log_normal_interval(double a, double b) {
  if (a > 0) return log_normal_interval(-b, -a);
  // The midpoint rule, where the difference of two probabilities would have no digits left.
  const double middle = 0.5 * (a + b);
  if ((b - a) * std::max(1.0, std::abs(middle)) < 1e-4) {
    return std::log(b - a) - 0.5 * middle * middle - kLogSqrt2Pi;
  }
  if (b > 0) return std::log1p(-normal_cdf(a) - normal_cdf(-b));
  const double top = log_normal_cdf(b);
  return top + log1mexp(log_normal_cdf(a) - top);
}

double log_lognormal(double x, double mu, double sigma) {
  const double u = (std::log(x) - mu) / sigma;
  return -0.5 * u * u - std::log(x * sigma) - kLogSqrt2Pi;
}

double log_lognormal_slope(double x, double mu, double sigma) {
  return -1 - (std::log(x) - mu) / (sigma * sigma);
}

}  // namespace asktell
