// See embedding.hpp.
#include <asktell/surrogates/gp/kernels/embedding.hpp>

#include <cmath>
#include <numbers>

namespace asktell::kernels {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

constexpr double kCentre = 0.5;  // of the unit cube: small numbers keep the digits of differences
constexpr double kMissing = 0.5;
constexpr double kWarpEnd = 1e-7;  // keeps the warp's slope finite at 0 and 1

HyperParameter lengthscale(const std::string& index) {
  return {"lengthscale" + index, HyperRole::kLengthscale, 0.005, 1e3, 0.5};
}

}  // namespace

Warped kumaraswamy(double x, double c0, double c1) {
  const double u = x * (1 - 2 * kWarpEnd) + kWarpEnd;
  const double log_u = std::log(u);
  const double power = std::exp(c1 * log_u);                  // u^c1
  const double log_rest = std::log(-std::expm1(c1 * log_u));  // log(1 - u^c1)
  const double rest = std::exp(c0 * log_rest);                // (1 - u^c1)^c0
  const double slope = c0 * c1 * std::exp((c0 - 1) * log_rest);
  return {.value = -std::expm1(c0 * log_rest),
          .by_x = slope * power / u * (1 - 2 * kWarpEnd),
          .by_log_c0 = -rest * c0 * log_rest,
          .by_log_c1 = slope * power * log_u};
}

Index Embedding::add_parameter(HyperParameter parameter) {
  parameters_.push_back(std::move(parameter));
  return static_cast<Index>(parameters_.size()) - 1;
}

Embedding::Embedding(const StationaryOptions& options) {
  const std::size_t count = options.columns.size();
  std::vector<Index> scales(count);
  for (std::size_t i = 0; i < count; ++i) {
    const bool own = options.ard || i == 0;
    scales[i] =
        own ? add_parameter(lengthscale(options.ard ? "[" + std::to_string(i) + "]" : "")) : 0;
  }
  double means = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Metric metric = options.metrics.empty() ? Metric::kDifference : options.metrics[i];
    const std::string index = "[" + std::to_string(i) + "]";
    if (metric == Metric::kHamming || metric == Metric::kHammingMean ||
        metric == Metric::kActivity) {
      categories_.push_back({options.columns[i], metric, scales[i]});
      means += metric == Metric::kHammingMean;
      continue;
    }
    Numeric numeric{options.columns[i], metric, rows_, scales[i]};
    rows_ += metric == Metric::kDifference ? 1 : 2;
    if (metric == Metric::kPeriodic) {
      numeric.extra = add_parameter({"period" + index, HyperRole::kPeriod, 0.05, 20, 1});
    } else if (metric == Metric::kArc) {
      numeric.extra = add_parameter({"angle" + index, HyperRole::kAngle, 0.1, 0.9, 0.5});
    } else if (options.warp) {
      numeric.warp = add_parameter({"warp_outer" + index, HyperRole::kWarp, 0.05, 20, 1});
      add_parameter({"warp_inner" + index, HyperRole::kWarp, 0.05, 20, 1});
    }
    numerics_.push_back(numeric);
  }
  if (means > 0) mean_share_ = 2 / means;
}

// Angle per unit of the coordinate.
double Embedding::frequency(const Numeric& numeric, const double* theta) const {
  const double extra = std::exp(theta[numeric.extra]);
  return numeric.metric == Metric::kPeriodic ? 2 * std::numbers::pi / extra
                                             : std::numbers::pi * extra;
}

void Embedding::apply(const MatrixXd& x, const double* theta, MatrixXd& u) const {
  u.resize(rows_, x.cols());
  for (const Numeric& numeric : numerics_) {
    const double inverse = std::exp(-theta[numeric.lengthscale]);
    if (numeric.metric == Metric::kDifference) {
      const double c0 = numeric.warp < 0 ? 1 : std::exp(theta[numeric.warp]);
      const double c1 = numeric.warp < 0 ? 1 : std::exp(theta[numeric.warp + 1]);
      for (Index j = 0; j < x.cols(); ++j) {
        double value = x(numeric.column, j);
        if (std::isnan(value)) value = kMissing;
        if (numeric.warp >= 0) value = kumaraswamy(value, c0, c1).value;
        u(numeric.row, j) = (value - kCentre) * inverse;
      }
      continue;
    }
    const double speed = frequency(numeric, theta);
    for (Index j = 0; j < x.cols(); ++j) {
      const double value = x(numeric.column, j);
      const bool missing = std::isnan(value);
      u(numeric.row, j) = missing ? 0 : inverse * std::cos(speed * value);
      u(numeric.row + 1, j) = missing ? 0 : inverse * std::sin(speed * value);
    }
  }
}

void Embedding::hyper_gradient(const MatrixXd& x, const double* theta, const MatrixXd& u,
                               const MatrixXd& g, double factor, double* gradient) const {
  for (const Numeric& numeric : numerics_) {
    const Index row = numeric.row;
    double by_scale = 0;
    if (numeric.metric == Metric::kDifference) {
      by_scale = g.row(row).dot(u.row(row));
      gradient[numeric.lengthscale] -= factor * by_scale;
      if (numeric.warp < 0) continue;
      const double inverse = std::exp(-theta[numeric.lengthscale]);
      const double c0 = std::exp(theta[numeric.warp]), c1 = std::exp(theta[numeric.warp + 1]);
      for (Index j = 0; j < x.cols(); ++j) {
        if (std::isnan(x(numeric.column, j))) continue;
        const Warped warped = kumaraswamy(x(numeric.column, j), c0, c1);
        gradient[numeric.warp] += factor * g(row, j) * inverse * warped.by_log_c0;
        gradient[numeric.warp + 1] += factor * g(row, j) * inverse * warped.by_log_c1;
      }
      continue;
    }
    const double speed = frequency(numeric, theta);
    double by_speed = 0;  // dL / dlog speed
    for (Index j = 0; j < x.cols(); ++j) {
      if (std::isnan(x(numeric.column, j))) continue;
      by_scale += g(row, j) * u(row, j) + g(row + 1, j) * u(row + 1, j);
      const double phase = speed * x(numeric.column, j);
      by_speed += phase * (g(row + 1, j) * u(row, j) - g(row, j) * u(row + 1, j));
    }
    gradient[numeric.lengthscale] -= factor * by_scale;
    gradient[numeric.extra] += (numeric.metric == Metric::kPeriodic ? -factor : factor) * by_speed;
  }
}

void Embedding::input_gradient(const MatrixXd& x, const double* theta, const MatrixXd& g,
                               double factor, MatrixXd& out) const {
  for (const Numeric& numeric : numerics_) {
    const double inverse = factor * std::exp(-theta[numeric.lengthscale]);
    const double speed = numeric.metric == Metric::kDifference ? 0 : frequency(numeric, theta);
    const double c0 = numeric.warp < 0 ? 1 : std::exp(theta[numeric.warp]);
    const double c1 = numeric.warp < 0 ? 1 : std::exp(theta[numeric.warp + 1]);
    for (Index j = 0; j < x.cols(); ++j) {
      const double value = x(numeric.column, j);
      if (std::isnan(value)) continue;
      if (numeric.metric != Metric::kDifference) {
        out(numeric.column, j) += inverse * speed *
                                  (g(numeric.row + 1, j) * std::cos(speed * value) -
                                   g(numeric.row, j) * std::sin(speed * value));
      } else {
        const double slope = numeric.warp < 0 ? 1 : kumaraswamy(value, c0, c1).by_x;
        out(numeric.column, j) += inverse * slope * g(numeric.row, j);
      }
    }
  }
}

double Embedding::mismatch(const Category& category, const double* theta) const {
  const double log_l = theta[category.lengthscale];
  return category.metric == Metric::kHammingMean ? mean_share_ * std::exp(-log_l)
                                                 : std::exp(-2 * log_l);
}

bool Embedding::differ(Metric metric, double x, double z) {
  if (metric == Metric::kActivity || std::isnan(x) || std::isnan(z)) {
    return std::isnan(x) != std::isnan(z);
  }
  return x != z;
}

void Embedding::add_mismatches(const MatrixXd& a, const MatrixXd& b, const double* theta,
                               MatrixXd& r2) const {
  for (const Category& category : categories_) {
    const double weight = mismatch(category, theta);
    for (Index j = 0; j < b.cols(); ++j) {
      const double z = b(category.column, j);
      for (Index i = 0; i < a.cols(); ++i) {
        if (differ(category.metric, a(category.column, i), z)) r2(i, j) += weight;
      }
    }
  }
}

void Embedding::add_mismatches_lower(const MatrixXd& x, const double* theta, MatrixXd& r2) const {
  for (const Category& category : categories_) {
    const double weight = mismatch(category, theta);
    for (Index j = 0; j < x.cols(); ++j) {
      const double z = x(category.column, j);
      for (Index i = j + 1; i < x.cols(); ++i) {
        if (differ(category.metric, x(category.column, i), z)) r2(i, j) += weight;
      }
    }
  }
}

void Embedding::mismatch_gradient(const MatrixXd& x, const double* theta, const MatrixXd& w,
                                  const MatrixXd& slope, double factor, double* gradient) const {
  for (const Category& category : categories_) {
    double sum = 0;
    for (Index j = 0; j < x.cols(); ++j) {
      const double z = x(category.column, j);
      for (Index i = j + 1; i < x.cols(); ++i) {
        if (differ(category.metric, x(category.column, i), z)) sum += w(i, j) * slope(i, j);
      }
    }
    const double power = category.metric == Metric::kHammingMean ? -1 : -2;
    gradient[category.lengthscale] += 2 * factor * power * mismatch(category, theta) * sum;
  }
}

}  // namespace asktell::kernels
