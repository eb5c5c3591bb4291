// Both families are phi(u) = (exp(lambda u) - 1) / lambda of a logarithm: u = log y for Box-Cox;
// for Yeo-Johnson u = log(1 + |y|), with 2 - lambda and a turned sign below 0.
#include <asktell/surrogates/transforms/power.hpp>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kLargestLambda = 5;
constexpr double kBoundDistance = 1e-4;   // Brent's method ends near a bound, not on it
constexpr double kLargestExponent = 700;  // exp of it is finite
constexpr double kFitExponent = 300;      // its square as well
constexpr double kHuge = std::numeric_limits<double>::max();
constexpr double kTiny = std::numeric_limits<double>::min();

double phi(double u, double lambda) {
  if (lambda == 0) return u;
  return std::expm1(std::min(lambda * u, kLargestExponent)) / lambda;
}

double phi_inverse(double value, double lambda) {
  if (lambda == 0) return value;
  const double inside = std::numeric_limits<double>::epsilon() - 1;
  return std::log1p(std::max(lambda * value, inside)) / lambda;
}

// log(sum (v - mean)^2 / n), whatever the magnitude of v.
double log_variance(const VectorXd& v) {
  const double largest = v.cwiseAbs().maxCoeff();
  const Eigen::ArrayXd scaled = v.array() / largest;
  return 2 * std::log(largest) + std::log((scaled - scaled.mean()).square().mean());
}

// The interval of lambdas with |exponents| below kFitExponent for all logarithms u.
struct Range {
  double low = -kLargestLambda;
  double high = kLargestLambda;
};

Range box_cox_range(const VectorXd& u) {
  const double limit = std::min(kLargestLambda, kFitExponent / u.cwiseAbs().maxCoeff());
  return {-limit, limit};
}

Range yeo_johnson_range(const VectorXd& y) {
  Range range;
  if (y.maxCoeff() > 0) range.high = std::min(range.high, kFitExponent / std::log1p(y.maxCoeff()));
  if (y.minCoeff() < 0) {
    range.low = std::max(range.low, 2 - kFitExponent / std::log1p(-y.minCoeff()));
  }
  return range;
}

template <typename NegativeLikelihood>
PowerFit search(const NegativeLikelihood& objective, Range range) {
  if (!(range.low < range.high)) return {.log_likelihood = -kHuge, .on_bound = true};
  const auto safe = [&](double lambda) {
    const double value = objective(lambda);
    return std::isfinite(value) ? value : kHuge;
  };
  const int bits = std::numeric_limits<double>::digits / 2;
  std::uintmax_t evaluations = 200;
  const auto [lambda, value] =
      boost::math::tools::brent_find_minima(safe, range.low, range.high, bits, evaluations);
  const double margin = std::min(lambda - range.low, range.high - lambda);
  return {lambda, -value, !(margin > kBoundDistance)};
}

}  // namespace

double power_value(PowerFamily family, double lambda, double y) {
  if (family == PowerFamily::kBoxCox) return phi(std::log(std::max(y, kTiny)), lambda);
  return y >= 0 ? phi(std::log1p(y), lambda) : -phi(std::log1p(-y), 2 - lambda);
}

double power_inverse(PowerFamily family, double lambda, double value) {
  if (family == PowerFamily::kBoxCox) {
    return std::min(std::exp(phi_inverse(value, lambda)), kHuge);
  }
  if (value >= 0) return std::min(std::expm1(phi_inverse(value, lambda)), kHuge);
  return std::max(-std::expm1(phi_inverse(-value, 2 - lambda)), -kHuge);
}

double power_log_slope(PowerFamily family, double lambda, double y) {
  if (family == PowerFamily::kBoxCox) return (lambda - 1) * std::log(std::max(y, kTiny));
  return (lambda - 1) * (y >= 0 ? std::log1p(y) : -std::log1p(-y));
}

bool power_range_is_finite(PowerFamily family, double lambda) {
  return family == PowerFamily::kBoxCox ? lambda != 0 : lambda < 0 || lambda > 2;
}

PowerFit fit_power(PowerFamily family, const VectorXd& y) {
  const double half = 0.5 * static_cast<double>(y.size());
  VectorXd transformed(y.size());
  if (family == PowerFamily::kBoxCox) {
    // Of y over its geometric mean: the same lambda, but no overflow, and the sum of log slopes
    // does not depend on lambda any more.
    VectorXd u = y.array().log();
    const double center = u.mean();
    u.array() -= center;
    const auto objective = [&](double lambda) {
      for (Index i = 0; i < u.size(); ++i) transformed[i] = phi(u[i], lambda);
      return half * log_variance(transformed) + 2 * half * center;
    };
    return search(objective, box_cox_range(u));
  }
  double slope = 0;  // sum of log slopes over lambda - 1
  for (double value : y) slope += value >= 0 ? std::log1p(value) : -std::log1p(-value);
  const auto objective = [&](double lambda) {
    for (Index i = 0; i < y.size(); ++i) transformed[i] = power_value(family, lambda, y[i]);
    return half * log_variance(transformed) - (lambda - 1) * slope;
  };
  return search(objective, yeo_johnson_range(y));
}

}  // namespace asktell
