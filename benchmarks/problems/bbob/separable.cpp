// BBOB f1 to f5, the separable functions. Hansen et al. (2009), sections 1 to 5.
#include <cmath>
#include <numbers>

#include <asktell/benchmarks/problems/bbob/parts.hpp>

namespace asktell::benchmarks::bbob {
namespace {

double rastrigin_sum(const VectorXd& z) {
  const double d = static_cast<double>(z.size());
  return 10 * (d - (2 * std::numbers::pi * z.array()).cos().sum()) + z.squaredNorm();
}

}  // namespace

Landscape sphere(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  return {argmin, [argmin](const VectorXd& x) { return (x - argmin).squaredNorm(); }};
}

Landscape separable_ellipsoid(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const VectorXd scales = powers(1e6, ramp(d));
  return {argmin, [=](const VectorXd& x) {
            return oscillate(VectorXd(x - argmin)).array().square().matrix().dot(scales);
          }};
}

Landscape separable_rastrigin(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const VectorXd scales = powers(std::sqrt(10.), ramp(d));
  return {argmin, [=](const VectorXd& x) {
            const VectorXd z = asymmetrize(oscillate(VectorXd(x - argmin)), 0.2);
            return rastrigin_sum(scales.cwiseProduct(z));
          }};
}

Landscape bueche_rastrigin(std::int64_t seed, Index d) {
  VectorXd argmin = draw_argmin(seed, d);
  for (Index i = 0; i < d; i += 2) argmin[i] = std::abs(argmin[i]);
  const VectorXd scales = powers(std::sqrt(10.), ramp(d));
  return {argmin,
          [=](const VectorXd& x) {
            VectorXd z = oscillate(VectorXd(x - argmin));
            for (Index i = 0; i < z.size(); i += 2) {
              if (z[i] > 0) z[i] *= 10;
            }
            return rastrigin_sum(scales.cwiseProduct(z));
          },
          100};
}

Landscape linear_slope(std::int64_t seed, Index d) {
  const VectorXd argmin = 5 * draw_argmin(seed, d).cwiseSign();
  const VectorXd slopes = -argmin.cwiseSign().cwiseProduct(powers(10, ramp(d)));
  return {argmin, [=](const VectorXd& x) {
            double value = 5 * slopes.lpNorm<1>();
            for (Index i = 0; i < x.size(); ++i) {
              value += slopes[i] * (x[i] * argmin[i] > 25 ? argmin[i] : x[i]);
            }
            return value;
          }};
}

}  // namespace asktell::benchmarks::bbob
