// See joint_samples.hpp.
#include <asktell/acquisition/joint_samples.hpp>

#include <cmath>

#include <asktell/acquisition/spread_points.hpp>
#include <asktell/core/dense.hpp>
#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kKnown = 1e-10;  // share of the prior variance that is rounding, not uncertainty
constexpr double kFarOff = 6;     // deviations: a point so much worse is never the lowest

// A Cholesky factor with a column for each point that is still uncertain given those before it:
// m x r, echelon. Rows of the others hold what the random ones say about them.
MatrixXd echelon_factor(const MatrixXd& covariance, const VectorXd& prior,
                        std::vector<Index>& random) {
  const Index m = covariance.rows();
  MatrixXd factor = MatrixXd::Zero(m, m);
  for (Index i = 0; i < m; ++i) {
    const auto r = static_cast<Index>(random.size());
    for (Index k = 0; k < r; ++k) {
      const Index at = random[static_cast<std::size_t>(k)];
      factor(i, k) =
          (covariance(i, at) - factor.row(i).head(k).dot(factor.row(at).head(k))) / factor(at, k);
    }
    const double pivot = covariance(i, i) - factor.row(i).head(r).squaredNorm();
    if (!(pivot > kKnown * prior[i])) continue;
    factor(i, r) = std::sqrt(pivot);
    random.push_back(i);
  }
  return factor.leftCols(static_cast<Index>(random.size()));
}

}  // namespace

MatrixXd base_normals(Index dimension, Index count, std::uint64_t seed) {
  return spread_points(dimension, count, seed).unaryExpr([](double u) {
    return normal_quantile(u);
  });
}

JointSamples joint_samples(const GpPosterior& model, const MatrixXd& points, Index count,
                           std::uint64_t seed) {
  JointSamples out;
  VectorXd mean, prior;
  MatrixXd covariance;
  model.joint(points, mean, covariance);
  model.kernel().diagonal(points, model.theta().data(), prior);
  const MatrixXd echelon = echelon_factor(covariance, prior, out.random);
  const auto r = static_cast<Index>(out.random.size());
  out.factor.resize(r, r);
  for (Index k = 0; k < r; ++k) {
    out.factor.row(k) = echelon.row(out.random[static_cast<std::size_t>(k)]);
  }
  out.normals = base_normals(r, count, seed);
  out.values = mean.replicate(1, count);
  if (r > 0) dense::multiply(false, false, 1, echelon, out.normals, 1, out.values);
  return out;
}

MatrixXd prune_baseline(const GpPosterior& model, const MatrixXd& points, Index count,
                        std::uint64_t seed) {
  VectorXd mean, variance;
  model.predict(points, mean, variance);
  Index lowest;
  mean.minCoeff(&lowest);
  std::vector<Index> near;
  for (Index i = 0; i < points.cols(); ++i) {
    const double spread = std::sqrt(variance[i]) + std::sqrt(variance[lowest]);
    if (mean[i] - mean[lowest] <= kFarOff * spread) near.push_back(i);
  }
  const MatrixXd candidates = points(Eigen::all, near);
  const JointSamples samples = joint_samples(model, candidates, count, seed);
  std::vector<bool> wins(near.size(), false);
  for (Index s = 0; s < count; ++s) {
    Index at;
    samples.values.col(s).minCoeff(&at);
    wins[static_cast<std::size_t>(at)] = true;
  }
  std::vector<Index> kept;
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (wins[i]) kept.push_back(static_cast<Index>(i));
  }
  return candidates(Eigen::all, kept);
}

}  // namespace asktell
