// Expected numbers: closed forms of the log-normal distribution and of linear maps.
#include <gtest/gtest.h>

#include <asktell/surrogates/transforms/raw_moments.hpp>

#include "gp_samples.hpp"

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const VectorXd kMean{{0.3, -0.8, 0.1}};
const VectorXd kDeviation{{0.5, 0.2, 0.9}};

MatrixXd correlation() {
  MatrixXd r(3, 3);
  r << 1, 0.6, -0.3, 0.6, 1, 0.2, -0.3, 0.2, 1;
  return r;
}

TEST(RawMoments, LinearMapsScaleTheMoments) {
  const MatrixXd a =
      hermite_coefficients([](Index, double z) { return 3 - 2 * z; }, kMean, kDeviation);
  EXPECT_LT((a.col(0) - (3 - 2 * kMean.array()).matrix()).norm(), 1e-13);
  const MatrixXd expected =
      4 * kDeviation.asDiagonal() * correlation() * kDeviation.asDiagonal().toDenseMatrix();
  EXPECT_LT((hermite_covariance(a, correlation()) - expected).norm(), 1e-12);
  EXPECT_LT((hermite_variance(a) - expected.diagonal()).norm(), 1e-12);
}

TEST(RawMoments, ExponentialsHaveLogNormalMoments) {
  const MatrixXd a =
      hermite_coefficients([](Index, double z) { return std::exp(z); }, kMean, kDeviation);
  const MatrixXd r = correlation();
  const MatrixXd covariance = hermite_covariance(a, r);
  for (Index i = 0; i < 3; ++i) {
    const double mean_i = std::exp(kMean[i] + kDeviation[i] * kDeviation[i] / 2);
    EXPECT_NEAR(a(i, 0), mean_i, 1e-12 * mean_i);
    for (Index j = 0; j < 3; ++j) {
      const double mean_j = std::exp(kMean[j] + kDeviation[j] * kDeviation[j] / 2);
      const double expected = mean_i * mean_j * std::expm1(r(i, j) * kDeviation[i] * kDeviation[j]);
      EXPECT_NEAR(covariance(i, j), expected, 1e-10);
    }
  }
}

TEST(RawMoments, SlopesMatchDifferences) {
  const auto moments = [](const VectorXd& at) {
    return hermite_coefficients([](Index, double z) { return std::sinh(z); }, at.head(1),
                                at.tail(1));
  };
  for (const double deviation : {0.7, 0.05}) {
    const VectorXd at{{0.4, deviation}};
    const MomentSlopes slopes = hermite_slopes(moments(at), deviation);
    const VectorXd mean =
        samples::central_differences([&](const VectorXd& x) { return moments(x)(0, 0); }, at);
    const VectorXd variance = samples::central_differences(
        [&](const VectorXd& x) { return hermite_variance(moments(x))[0]; }, at);
    EXPECT_NEAR(slopes.mean_by_mean, mean[0], 1e-8);
    EXPECT_NEAR(slopes.mean_by_deviation, mean[1], 1e-8);
    EXPECT_NEAR(slopes.variance_by_mean, variance[0], 1e-8);
    EXPECT_NEAR(slopes.variance_by_deviation, variance[1], 1e-8);
  }
}

}  // namespace
}  // namespace asktell
