// Vecchia's likelihood against independent numbers (50-digit arithmetic on D1), the exact one and
// central differences.
#include <gtest/gtest.h>

#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/large/select.hpp>
#include <asktell/surrogates/gp/large/vecchia.hpp>
#include <asktell/tests/surrogates/large_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using samples::central_differences;
using samples::d1;
using samples::kZero;

const VectorXd kD1Theta{{std::log(.25), 0, std::log(.05)}};

double d1_value(const std::vector<Index>& order, Index neighbours) {
  const KernelPtr kernel = samples::scaled_matern(1);
  return VecchiaLikelihood(*kernel, d1(), order, kD1Theta, neighbours, kZero)
      .evaluate(kD1Theta, nullptr);
}

TEST(Vecchia, MatchesTabulatedLikelihoodsOnD1) {
  const std::vector<Index> given{0, 1, 2, 3, 4};
  EXPECT_NEAR(d1_value(given, 1), -6.9248254252277, 1e-12);
  EXPECT_NEAR(d1_value(given, 2), -7.1285300221953, 1e-12);
  EXPECT_NEAR(d1_value(given, 3), -6.9964491677782, 1e-12);
  EXPECT_NEAR(d1_value(given, 4), -6.9653423498446, 1e-12);
}

TEST(Vecchia, MatchesTheTabulatedReordering) {
  EXPECT_NEAR(d1_value({2, 0, 4, 1, 3}, 2), -7.2889645958276, 1e-12);
}

TEST(Vecchia, AllPredecessorsAreTheExactLikelihoodInAnyOrder) {
  const GpData data = samples::observations(30, 3, 3);
  const KernelPtr kernel = samples::scaled_matern(3);
  const VectorXd theta{{-.5, -.2, -.7, .2, -3}};
  for (const GpMean mean : {GpMean(), kZero, GpMean{.kind = GpMean::Kind::kNormal}}) {
    MarginalLikelihood exact(*kernel, data, mean);
    VectorXd expected(5), gradient(5);
    const double value = exact.evaluate(theta, expected.data());
    VecchiaLikelihood vecchia(*kernel, data, maximin_order(*kernel, theta, data.x, 30), theta, 29,
                              mean);
    EXPECT_NEAR(vecchia.evaluate(theta, gradient.data()), value, 1e-10);
    EXPECT_NEAR(vecchia.mean(), exact.mean(), 1e-12);
    EXPECT_LT((gradient - expected).norm(), 1e-9 * expected.norm());
  }
}

TEST(Vecchia, GradientMatchesDifferences) {
  GpData data = samples::observations(150, 3, 4);
  data.given_noise = VectorXd::LinSpaced(data.size(), .01, .05);
  for (Index i = 0; i < data.size(); ++i) data.noise_group.push_back(static_cast<int>(i % 2));
  data.replicates = {{3, .2, 1.4}, {}};
  const KernelPtr kernel = kernels::sum({samples::scaled_matern(3), kernels::linear({0, 2})});
  const VectorXd theta{{-.5, -.2, -.7, .2, -.5, -.3, -3, -2}};
  for (const GpMean mean : {GpMean(), GpMean{.kind = GpMean::Kind::kNormal, .deviation = .3}}) {
    VecchiaLikelihood vecchia(*kernel, data, maximin_order(*kernel, theta, data.x, 150), theta, 10,
                              mean);
    VectorXd gradient(theta.size());
    vecchia.evaluate(theta, gradient.data());
    const VectorXd expected = central_differences(
        [&](const VectorXd& at) { return vecchia.evaluate(at, nullptr); }, theta);
    EXPECT_LT((gradient - expected).cwiseAbs().maxCoeff(), 1e-6 * expected.norm());
  }
}

TEST(Vecchia, DoesNotDependOnThreads) {
  const GpData data = samples::observations(300, 2, 5);
  const KernelPtr kernel = samples::scaled_matern(2);
  const VectorXd theta{{-.5, -.2, .2, -3}};
  const int before = threads();
  std::vector<VectorXd> gradients;
  for (int count : {1, 3}) {
    set_threads(count);
    VecchiaLikelihood vecchia(*kernel, data, maximin_order(*kernel, theta, data.x, 300), theta);
    gradients.emplace_back(theta.size());
    vecchia.evaluate(theta, gradients.back().data());
  }
  set_threads(before);
  EXPECT_EQ(gradients[0], gradients[1]);
}

TEST(Vecchia, DuplicatesAndNoNeighboursSurvive) {
  GpData data = samples::observations(20, 2, 6);
  data.x.rightCols(10) = data.x.leftCols(10);
  const KernelPtr kernel = samples::scaled_matern(2);
  const VectorXd theta{{-.5, -.2, .2, -6}};
  const std::vector<Index> order = maximin_order(*kernel, theta, data.x, 20);
  VectorXd gradient(4);
  EXPECT_TRUE(std::isfinite(
      VecchiaLikelihood(*kernel, data, order, theta, 5).evaluate(theta, gradient.data())));
  EXPECT_TRUE(gradient.allFinite());
  // Without neighbours: independent values.
  const double variance = std::exp(.2) + std::exp(-6);
  const double independent =
      -.5 * data.z.squaredNorm() / variance - 10 * std::log(2 * std::numbers::pi * variance);
  EXPECT_NEAR(VecchiaLikelihood(*kernel, data, order, theta, 0, kZero).evaluate(theta, nullptr),
              independent, 1e-10);
}

}  // namespace
}  // namespace asktell
