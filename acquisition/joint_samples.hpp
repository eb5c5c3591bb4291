// Joint samples of latent values at several points from fixed quasi-random normals, so that what is
// built on them is a smooth function that does not change between calls.
#pragma once

#include <cstdint>
#include <vector>

#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

// Standard normals, dimension x count: quantiles of spread_points.
Eigen::MatrixXd base_normals(Eigen::Index dimension, Eigen::Index count, std::uint64_t seed);

struct JointSamples {
  // Points, r of m, whose values are random given those before them; the others' are known to
  // rounding, as at data without noise.
  std::vector<Eigen::Index> random;
  Eigen::MatrixXd factor;   // r x r, lower: of the covariance of the random ones
  Eigen::MatrixXd normals;  // r x count
  Eigen::MatrixXd values;   // m x count
};
// points: d x m.
JointSamples joint_samples(const GpPosterior& model, const Eigen::MatrixXd& points,
                           Eigen::Index count, std::uint64_t seed);

// The columns of `points` that have the lowest latent value in at least one of `count` joint
// samples: no other can be an incumbent (as BoTorch prunes baselines).
Eigen::MatrixXd prune_baseline(const GpPosterior& model, const Eigen::MatrixXd& points,
                               Eigen::Index count, std::uint64_t seed);

}  // namespace asktell
