// The instance generator and the transformations of the BBOB functions, Hansen et al. (2009),
// section 0.2, and the COCO reference code for the generator.
#include <asktell/benchmarks/problems/bbob/parts.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <numeric>
#include <vector>

namespace asktell::benchmarks::bbob {
namespace {

constexpr std::int64_t kModulus = 2147483647;  // 2^31 - 1

// s <- 16807 s mod kModulus by Schrage's method.
std::int64_t advance(std::int64_t s) {
  const std::int64_t k = s / 127773;
  s = 16807 * (s - k * 127773) - 2836 * k;
  return s < 0 ? s + kModulus : s;
}

}  // namespace

VectorXd uniforms(Index count, std::int64_t seed) {
  std::int64_t state = std::max<std::int64_t>(std::abs(seed), 1);
  std::array<std::int64_t, 32> table{};
  for (int i = 39; i >= 0; --i) {
    state = advance(state);
    if (i < 32) table[static_cast<std::size_t>(i)] = state;
  }
  std::int64_t drawn = table[0];
  VectorXd values(count);
  for (Index i = 0; i < count; ++i) {
    state = advance(state);
    const auto slot = static_cast<std::size_t>(drawn / 67108865);
    drawn = table[slot];
    table[slot] = state;
    values[i] = drawn == 0 ? 1e-99 : static_cast<double>(drawn) / static_cast<double>(kModulus);
  }
  return values;
}

VectorXd normals(Index count, std::int64_t seed) {
  const VectorXd u = uniforms(2 * count, seed);
  VectorXd values(count);
  for (Index i = 0; i < count; ++i) {
    const double g = std::sqrt(-2 * std::log(u[i])) * std::cos(2 * std::numbers::pi * u[count + i]);
    values[i] = g == 0 ? 1e-99 : g;
  }
  return values;
}

VectorXd draw_argmin(std::int64_t seed, Index d) {
  return uniforms(d, seed).unaryExpr([](double u) {
    const double x = 8 * std::floor(1e4 * u) / 1e4 - 4;
    return x == 0 ? -1e-5 : x;
  });
}

double draw_optimum(std::int64_t seed) {
  const double ratio = normals(1, seed)[0] / normals(1, seed + 1)[0];
  return std::clamp(std::floor(1e4 * ratio + 0.5) / 100, -1000., 1000.);
}

MatrixXd rotation(std::int64_t seed, Index d) {
  // Gram-Schmidt on consecutive blocks of d draws; they become the columns of the transpose.
  const VectorXd draws = normals(d * d, seed);
  MatrixXd b = draws.reshaped(d, d);
  for (Index i = 0; i < d; ++i) {
    for (Index j = 0; j < i; ++j) b.col(i) -= b.col(i).dot(b.col(j)) * b.col(j);
    b.col(i).normalize();
  }
  // x B for a row x, with rows of B in the columns of b, is b x for a column.
  return b;
}

VectorXd ramp(Index d) {
  return VectorXd::LinSpaced(d, 0, static_cast<double>(d - 1)) / (d - 1.);
}

VectorXd powers(double condition, const VectorXd& exponents) {
  return exponents.unaryExpr([condition](double e) { return std::pow(condition, e); });
}

std::vector<Index> order(const VectorXd& values) {
  std::vector<Index> indices(static_cast<std::size_t>(values.size()));
  std::iota(indices.begin(), indices.end(), Index{0});
  std::ranges::sort(indices, {}, [&](Index i) { return values[i]; });
  return indices;
}

double oscillate(double x) {
  if (x == 0) return 0;
  const double log_x = 10 * std::log(std::abs(x));
  const double waves = x > 0 ? std::sin(log_x) + std::sin(0.79 * log_x)
                             : std::sin(0.55 * log_x) + std::sin(0.31 * log_x);
  return std::copysign(std::exp(0.1 * (log_x + 0.49 * waves)), x);
}

VectorXd oscillate(VectorXd x) {
  for (double& value : x) value = oscillate(value);
  return x;
}

VectorXd asymmetrize(VectorXd x, double beta) {
  const double last = static_cast<double>(x.size() - 1);
  for (Index i = 0; i < x.size(); ++i) {
    if (x[i] > 0) x[i] = std::pow(x[i], 1 + beta * (i / last) * std::sqrt(x[i]));
  }
  return x;
}

double outside(const VectorXd& x) {
  return (x.array().abs() - 5).max(0).square().sum();
}

}  // namespace asktell::benchmarks::bbob
