// BBOB f15 to f19, multi-modal functions with adequate global structure. Hansen et al. (2009),
// sections 15 to 19.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <asktell/benchmarks/problems/bbob/parts.hpp>

namespace asktell::benchmarks::bbob {
namespace {

// Sum over k < 12 of 2^-k cos(2 pi 3^k (z + 1/2)).
double weierstrass_term(double z) {
  double sum = 0;
  double a = 1;
  double b = 2 * std::numbers::pi;
  for (int k = 0; k < 12; ++k, a *= 0.5, b *= 3) sum += a * std::cos(b * (z + 0.5));
  return sum;
}

Landscape schaffers(std::int64_t seed, Index d, double condition) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd r = rotation(seed + kSecondRotation, d);
  const MatrixXd linear = powers(std::sqrt(condition), ramp(d)).asDiagonal() * rotation(seed, d);
  return {argmin,
          [=](const VectorXd& x) {
            const VectorXd z = linear * asymmetrize(r * (x - argmin), 0.5);
            const Index n = z.size() - 1;
            double sum = 0;
            for (Index i = 0; i < n; ++i) {
              const double s = z[i] * z[i] + z[i + 1] * z[i + 1];
              const double wave = std::sin(50 * std::pow(s, 0.1));
              sum += std::pow(s, 0.25) * (wave * wave + 1);
            }
            const double mean = sum / static_cast<double>(n);
            return mean * mean;
          },
          10};
}

Landscape griewank_rosenbrock(std::int64_t seed, Index d, double height) {
  const double scale = std::max(1., std::sqrt(static_cast<double>(d)) / 8);
  const MatrixXd linear = scale * rotation(seed, d);
  const VectorXd argmin = linear.transpose() * VectorXd::Constant(d, 0.5) / (scale * scale);
  return {argmin, [=](const VectorXd& x) {
            const VectorXd z = (linear * x).array() + 0.5;
            const Index n = z.size() - 1;
            const auto head = z.head(n).array();
            const Eigen::ArrayXd s =
                100 * (head.square() - z.tail(n).array()).square() + (1 - head).square();
            return height + height * (s / 4000 - s.cos()).sum() / static_cast<double>(n);
          }};
}

}  // namespace

Landscape rastrigin(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd r = rotation(seed + kSecondRotation, d);
  const MatrixXd linear = r * powers(std::sqrt(10.), ramp(d)).asDiagonal() * rotation(seed, d);
  return {argmin, [=](const VectorXd& x) {
            const VectorXd z = linear * asymmetrize(oscillate(VectorXd(r * (x - argmin))), 0.2);
            const double waves = (2 * std::numbers::pi * z.array()).cos().sum();
            return 10 * (static_cast<double>(z.size()) - waves) + z.squaredNorm();
          }};
}

Landscape weierstrass(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd r = rotation(seed + kSecondRotation, d);
  const MatrixXd linear = r * powers(0.1, ramp(d)).asDiagonal() * rotation(seed, d);
  const double least = weierstrass_term(0);
  return {argmin,
          [=](const VectorXd& x) {
            const VectorXd z = linear * oscillate(VectorXd(r * (x - argmin)));
            return 10 * std::pow(z.unaryExpr(&weierstrass_term).mean() - least, 3);
          },
          10 / static_cast<double>(d)};
}

Landscape schaffers_f7(std::int64_t seed, Index d) {
  return schaffers(seed, d, 10);
}

Landscape ill_conditioned_schaffers_f7(std::int64_t seed, Index d) {
  return schaffers(seed, d, 1000);
}

Landscape griewank_rosenbrock(std::int64_t seed, Index d) {
  return griewank_rosenbrock(seed, d, 10);
}

Landscape low_griewank_rosenbrock(std::int64_t seed, Index d) {
  return griewank_rosenbrock(seed, d, 1);
}

}  // namespace asktell::benchmarks::bbob
