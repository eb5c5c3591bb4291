// BBOB f6 to f9, functions of low or moderate conditioning. Hansen et al. (2009), sections 6 to 9.
#include <algorithm>
#include <cmath>

#include <asktell/benchmarks/problems/bbob/parts.hpp>

namespace asktell::benchmarks::bbob {
namespace {

double rosenbrock_sum(const VectorXd& z) {
  const Index n = z.size() - 1;
  const auto head = z.head(n).array();
  return 100 * (head.square() - z.tail(n).array()).square().sum() + (head - 1).square().sum();
}

double rosenbrock_scale(Index d) {
  return std::max(1., std::sqrt(static_cast<double>(d)) / 8);
}

double round_half_up(double x) {
  return std::floor(x + 0.5);
}

}  // namespace

Landscape attractive_sector(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd linear = rotation(seed + kSecondRotation, d) *
                          powers(std::sqrt(10.), ramp(d)).asDiagonal() * rotation(seed, d);
  return {argmin, [=](const VectorXd& x) {
            VectorXd z = linear * (x - argmin);
            for (Index i = 0; i < z.size(); ++i) {
              if (z[i] * argmin[i] > 0) z[i] *= 100;
            }
            return std::pow(oscillate(z.squaredNorm()), 0.9);
          }};
}

Landscape step_ellipsoid(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd before = powers(std::sqrt(10.), ramp(d)).asDiagonal() * rotation(seed, d);
  const MatrixXd after = rotation(seed + kSecondRotation, d);
  const VectorXd scales = powers(100, ramp(d));
  return {argmin,
          [=](const VectorXd& x) {
            VectorXd z = before * (x - argmin);
            const double first = std::abs(z[0]);
            for (double& value : z) {
              value = std::abs(value) > 0.5 ? round_half_up(value) : round_half_up(10 * value) / 10;
            }
            z = after * z;
            const double steps = z.array().square().matrix().dot(scales);
            return 0.1 * std::max(1e-4 * first, steps);
          },
          1};
}

Landscape rosenbrock(std::int64_t seed, Index d) {
  const VectorXd argmin = 0.75 * draw_argmin(seed, d);
  const double scale = rosenbrock_scale(d);
  return {argmin, [=](const VectorXd& x) {
            return rosenbrock_sum((scale * (x - argmin).array() + 1).matrix());
          }};
}

Landscape rotated_rosenbrock(std::int64_t seed, Index d) {
  const double scale = rosenbrock_scale(d);
  const MatrixXd linear = scale * rotation(seed, d);
  const VectorXd argmin = linear.transpose() * VectorXd::Constant(d, 0.5) / (scale * scale);
  return {argmin,
          [=](const VectorXd& x) { return rosenbrock_sum(((linear * x).array() + 0.5).matrix()); }};
}

}  // namespace asktell::benchmarks::bbob
