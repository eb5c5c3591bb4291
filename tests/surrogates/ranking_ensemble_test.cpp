// Ranking-weighted ensembles: the loss by hand, weights on tasks whose relation is known.
#include <gtest/gtest.h>

#include <asktell/surrogates/transfer/ranking_ensemble.hpp>

#include "gp_samples.hpp"

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

GpPosterior task(Index count, double sign) {
  GpData data;
  data.x.resize(1, count);
  data.x.row(0).setLinSpaced(0, 1);
  data.z = sign * (6 * data.x.row(0).array()).sin().transpose();
  return GpPosterior(samples::scaled_matern(1), data, VectorXd{{std::log(.3), 0, std::log(1e-4)}},
                     samples::kZero);
}

TEST(RankingLoss, CountsOrderedPairs) {
  EXPECT_EQ(ranking_loss(VectorXd{{0, 1, 2, 1.5}}, VectorXd{{1, 3, 2, 5}}), 4);
  EXPECT_EQ(ranking_loss(VectorXd{{1, 2, 3}}, VectorXd{{-5, 0, 9}}), 0);
}

TEST(RankingWeights, PreferTheModelOfTheSameOrder) {
  const GpPosterior target = task(6, 1), same = task(25, 1), opposite = task(25, -1);
  const VectorXd weights = ranking_weights({&opposite, &same}, target);
  EXPECT_NEAR(weights.sum(), 1, 1e-12);
  EXPECT_EQ(weights[0], 0);
  EXPECT_GT(weights[1], 0.5);
  EXPECT_EQ(weights, ranking_weights({&opposite, &same}, target));
}

TEST(RankingWeights, TheGuardSilencesManyPoorModels) {
  const GpPosterior target = task(6, 1), opposite = task(25, -1);
  const std::vector<const GpPosterior*> poor(30, &opposite);
  EXPECT_EQ(ranking_weights(poor, target)[30], 1);
}

TEST(RankingWeights, AreEqualBeforeRanksSaySomething) {
  const GpPosterior target = task(2, 1), other = task(25, 1);
  EXPECT_EQ(ranking_weights({&other}, target), VectorXd::Constant(2, 0.5));
}

TEST(RankingEnsemble, MixesMomentsAndGradients) {
  const GpPosterior first = task(6, 1), second = task(25, 1), unused = task(4, -1);
  const RankingEnsemble ensemble({&first, &second, &unused}, VectorXd{{.25, .75, 0}});
  const MatrixXd x = MatrixXd::Constant(1, 1, .37);
  VectorXd mean, variance, m1, v1, m2, v2;
  MatrixXd dm, dv;
  ensemble.predict(x, mean, variance, &dm, &dv);
  first.predict(x, m1, v1);
  second.predict(x, m2, v2);
  EXPECT_NEAR(mean[0], .25 * m1[0] + .75 * m2[0], 1e-15);
  EXPECT_NEAR(variance[0], v1[0] / 16 + 9 * v2[0] / 16, 1e-15);
  const auto at = [&](const VectorXd& point, VectorXd& of) {
    VectorXd other;
    &of == &mean ? ensemble.predict(point, of, other) : ensemble.predict(point, other, of);
    return of[0];
  };
  EXPECT_NEAR(dm(0, 0),
              samples::central_differences([&](const VectorXd& p) { return at(p, mean); }, x)[0],
              1e-8);
  EXPECT_NEAR(
      dv(0, 0),
      samples::central_differences([&](const VectorXd& p) { return at(p, variance); }, x)[0], 1e-8);
}

}  // namespace
}  // namespace asktell
