// BBOB f10 to f14, unimodal functions of high conditioning. Hansen et al. (2009), sections 10 to
// 14.
#include <cmath>

#include <asktell/benchmarks/problems/bbob/parts.hpp>

namespace asktell::benchmarks::bbob {

namespace {

Landscape ellipsoid(std::int64_t seed, Index d, double condition) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd r = rotation(seed + kSecondRotation, d);
  const VectorXd scales = powers(condition, ramp(d));
  return {argmin, [=](const VectorXd& x) {
            return oscillate(VectorXd(r * (x - argmin))).array().square().matrix().dot(scales);
          }};
}

}  // namespace

Landscape ellipsoid(std::int64_t seed, Index d) {
  return ellipsoid(seed, d, 1e6);
}

Landscape mild_ellipsoid(std::int64_t seed, Index d) {
  return ellipsoid(seed, d, 1e4);
}

Landscape discus(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd r = rotation(seed + kSecondRotation, d);
  return {argmin, [=](const VectorXd& x) {
            const VectorXd z = oscillate(VectorXd(r * (x - argmin)));
            return 1e6 * z[0] * z[0] + z.tail(z.size() - 1).squaredNorm();
          }};
}

Landscape bent_cigar(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed + 1'000'000, d);
  const MatrixXd r = rotation(seed + kSecondRotation, d);
  return {argmin, [=](const VectorXd& x) {
            const VectorXd z = r * asymmetrize(r * (x - argmin), 0.5);
            return z[0] * z[0] + 1e6 * z.tail(z.size() - 1).squaredNorm();
          }};
}

Landscape sharp_ridge(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd linear = rotation(seed + kSecondRotation, d) *
                          powers(std::sqrt(10.), ramp(d)).asDiagonal() * rotation(seed, d);
  return {argmin, [=](const VectorXd& x) {
            const VectorXd z = linear * (x - argmin);
            return z[0] * z[0] + 100 * z.tail(z.size() - 1).norm();
          }};
}

Landscape different_powers(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd r = rotation(seed + kSecondRotation, d);
  const VectorXd exponents = (2 + 4 * ramp(d).array()).matrix();
  return {argmin, [=](const VectorXd& x) {
            const VectorXd z = r * (x - argmin);
            return std::sqrt(z.array().abs().pow(exponents.array()).sum());
          }};
}

}  // namespace asktell::benchmarks::bbob
