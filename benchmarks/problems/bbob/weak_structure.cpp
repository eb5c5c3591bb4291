// BBOB f20 to f24, multi-modal functions with weak global structure. Hansen et al. (2009), sections
// 20 to 24.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <asktell/benchmarks/problems/bbob/parts.hpp>

namespace asktell::benchmarks::bbob {
namespace {

// f21, f22: the highest of many Gaussian peaks under one rotation.
struct Peaks {
  MatrixXd rotation;  // d x d
  MatrixXd centres;   // d x peaks, rotated
  MatrixXd scales;    // d x peaks, the diagonals of the inverse covariances
  VectorXd heights;   // peaks; the first is the global optimum's, 10

  double excess(const VectorXd& x) const {
    const VectorXd z = rotation * x;
    const double factor = -0.5 / static_cast<double>(z.size());
    double highest = 0;
    for (Index i = 0; i < heights.size(); ++i) {
      const double distance = (z - centres.col(i)).array().square().matrix().dot(scales.col(i));
      highest = std::max(highest, heights[i] * std::exp(factor * distance));
    }
    const double gap = oscillate(10 - highest);
    return gap * gap;
  }
};

Landscape gallagher(std::int64_t seed, Index d, Index count, double first_condition,
                    double spread) {
  Peaks peaks;
  peaks.rotation = rotation(seed, d);
  // Each peak's centre is a block of d draws.
  MatrixXd centres =
      spread * (10 * uniforms(d * count, seed).array() - 5).matrix().reshaped(d, count);
  centres.col(0) *= 0.8;  // the optimum, not too close to the boundary
  peaks.centres = peaks.rotation * centres;
  peaks.heights = VectorXd(count);
  peaks.heights << 10, VectorXd::LinSpaced(count - 1, 1.1, 9.1);

  const std::vector<Index> conditions = order(uniforms(count - 1, seed));
  const double last = static_cast<double>(d - 1);
  peaks.scales.resize(d, count);
  for (Index i = 0; i < count; ++i) {
    double condition = first_condition;
    if (i > 0) {
      const double rank = static_cast<double>(conditions[static_cast<std::size_t>(i - 1)]);
      condition = std::pow(1000, rank / static_cast<double>(count - 2));
    }
    const std::vector<Index> axes = order(uniforms(d, seed + 1000 * i));
    for (Index j = 0; j < d; ++j) {
      const double rank = static_cast<double>(axes[static_cast<std::size_t>(j)]);
      peaks.scales(j, i) = std::pow(condition, rank / last - 0.5);
    }
  }
  return {centres.col(0), [peaks](const VectorXd& x) { return peaks.excess(x); }, 1};
}

// f23: sum over k = 1..32 of the distance of 2^k z to the next integer, in units of 2^k.
double roughness(double z) {
  double sum = 0;
  double power = 2;
  for (int k = 1; k <= 32; ++k, power *= 2)
    sum += std::abs(power * z - std::round(power * z)) / power;
  return sum;
}

}  // namespace

Landscape schwefel(std::int64_t seed, Index d) {
  constexpr double kTwiceArgmin = 4.2096874637;
  const VectorXd signs = (uniforms(d, seed).array() - 0.5).sign();
  const VectorXd scales = powers(std::sqrt(10.), ramp(d));
  return {0.5 * kTwiceArgmin * signs, [=](const VectorXd& x) {
            VectorXd z = 2 * signs.cwiseProduct(x);
            const Index n = z.size() - 1;
            const VectorXd neighbours = 0.25 * (z.head(n).array() - kTwiceArgmin);
            z.tail(n) += neighbours;
            z = 100 * (scales.array() * (z.array() - kTwiceArgmin) + kTwiceArgmin);
            const double penalty = 0.01 * (z.array().abs() - 500).max(0).square().sum();
            const double mean = (z.array() * z.array().abs().sqrt().sin()).mean();
            return 0.01 * (418.9828872724339 - mean) + penalty;
          }};
}

Landscape gallagher_101(std::int64_t seed, Index d) {
  return gallagher(seed, d, 101, std::sqrt(1000.), 1);
}

Landscape gallagher_21(std::int64_t seed, Index d) {
  return gallagher(seed, d, 21, 1000, 0.98);
}

Landscape katsuura(std::int64_t seed, Index d) {
  const VectorXd argmin = draw_argmin(seed, d);
  const MatrixXd linear =
      rotation(seed + kSecondRotation, d) * powers(10, ramp(d)).asDiagonal() * rotation(seed, d);
  return {argmin,
          [=](const VectorXd& x) {
            const VectorXd z = linear * (x - argmin);
            const double n = static_cast<double>(z.size());
            double product = 1;
            for (Index i = 0; i < z.size(); ++i) {
              product *=
                  std::pow(1 + static_cast<double>(i + 1) * roughness(z[i]), 10 / std::pow(n, 1.2));
            }
            return 10 / (n * n) * (product - 1);
          },
          1};
}

Landscape lunacek_bi_rastrigin(std::int64_t seed, Index d) {
  constexpr double kFirst = 2.5;  // mu_0, centre of the better funnel; the other's depth is 1
  const VectorXd signs = normals(d, seed).cwiseSign();
  const double n = static_cast<double>(d);
  const double width = 1 - 0.5 / (std::sqrt(n + 20) - 4.1);
  const double second = -std::sqrt((kFirst * kFirst - 1) / width);
  const MatrixXd linear =
      rotation(seed + kSecondRotation, d) * powers(10, ramp(d)).asDiagonal() * rotation(seed, d);
  return {0.5 * kFirst * signs,
          [=](const VectorXd& x) {
            const Eigen::ArrayXd z = 2 * signs.cwiseProduct(x).array();
            const double funnels =
                std::min((z - kFirst).square().sum(), n + width * (z - second).square().sum());
            const VectorXd rotated = linear * (z - kFirst).matrix();
            const double waves = (2 * std::numbers::pi * rotated.array()).cos().sum();
            return funnels + 10 * (n - waves);
          },
          1e4};
}

}  // namespace asktell::benchmarks::bbob
