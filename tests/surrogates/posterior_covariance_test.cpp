// Posterior covariances of a set with other points, against GpPosterior::joint and central
// differences.
#include <gtest/gtest.h>

#include <asktell/core/random.hpp>
#include <asktell/surrogates/gp/posterior_covariance.hpp>

#include "gp_samples.hpp"

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

GpPosterior d2_model() {
  return GpPosterior(samples::scaled_matern(2), samples::d2(),
                     VectorXd{{std::log(.4), std::log(.7), std::log(1.3), std::log(1e-3)}});
}

MatrixXd uniform_points(Index d, Index count, std::uint64_t seed) {
  MatrixXd out(d, count);
  RandomStream(seed, Purpose::kUser)
      .fill_uniform({out.data(), static_cast<std::size_t>(d * count)});
  return out;
}

TEST(PosteriorCovariance, AgreesWithTheJointPosterior) {
  const GpPosterior model = d2_model();
  const MatrixXd set = uniform_points(2, 4, 1), points = uniform_points(2, 7, 2);
  const PosteriorCovariance covariance(model, set);
  PosteriorCovariance::Evaluation at(covariance);
  at.evaluate(points, false);
  MatrixXd both(2, 11), joint;
  both << set, points;
  VectorXd mean;
  model.joint(both, mean, joint);
  EXPECT_LT((at.mean() - mean.tail(7)).norm(), 1e-13);
  EXPECT_LT((at.variance() - joint.diagonal().tail(7)).norm(), 1e-13);
  EXPECT_LT((at.covariance() - joint.topRightCorner(4, 7)).norm(), 1e-13);
}

TEST(PosteriorCovariance, GradientsMatchCentralDifferences) {
  const GpPosterior model = d2_model();
  const PosteriorCovariance covariance(model, uniform_points(2, 3, 3));
  MatrixXd points = uniform_points(2, 20, 4);
  points.col(0) << 0, 1;                                                 // a corner
  points.col(1) = model.data().x.col(2) + Eigen::Vector2d(1e-4, -5e-5);  // beside a datum
  points.col(2) = covariance.points().col(1);
  const MatrixXd by_covariance = MatrixXd::Random(3, 20);
  const VectorXd by_mean = VectorXd::Random(20), by_variance = VectorXd::Random(20);
  PosteriorCovariance::Evaluation at(covariance), moved(covariance);
  at.evaluate(points, true);
  MatrixXd gradient = MatrixXd::Zero(2, 20);
  at.add_gradient(by_mean, by_variance, by_covariance, gradient);
  for (Index j = 0; j < 20; ++j) {
    const auto weighted = [&](const VectorXd& x) {
      moved.evaluate(x, false);
      return by_mean[j] * moved.mean()[0] + by_variance[j] * moved.variance()[0] +
             by_covariance.col(j).dot(moved.covariance().col(0));
    };
    const VectorXd expected = samples::central_differences(weighted, points.col(j));
    EXPECT_LT((gradient.col(j) - expected).norm(), 1e-8) << j;
  }
}

TEST(PosteriorCovariance, ConditioningAtTheMeanShrinksTheVarianceOnly) {
  const GpPosterior model = d2_model();
  const MatrixXd points = uniform_points(2, 3, 5), others = uniform_points(2, 6, 6);
  const GpPosterior given = conditioned(model, points);
  const Fantasy fantasy(model, points);
  VectorXd mean, variance, expected_mean, expected_variance, before;
  given.predict(others, mean, variance);
  fantasy.predict(others, expected_mean, expected_variance);
  model.predict_mean(others, before);
  EXPECT_LT((mean - before).norm(), 1e-12);
  EXPECT_LT((mean - expected_mean).norm(), 1e-12);
  EXPECT_LT((variance - expected_variance).norm(), 1e-12);
}

}  // namespace
}  // namespace asktell
