// gp_ucb_pe: its acquisitions against numbers computed with mpmath (50 digits), its rules against
// the tables of Vizier's source, and what it does with strange values.
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/acquisition/pure_exploration.hpp>
#include <asktell/solvers/bayesian/gp_ucb_pe.hpp>
#include <asktell/solvers/bayesian/trust_region.hpp>
#include <asktell/surrogates/gp/posterior.hpp>
#include <asktell/tests/solvers/robust_values.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Matern-5/2, length-scale .25, noise .01, mean 0, four values; .42 and .75 are pending.
struct Example {
  explicit Example(double pending_noise = 0.01)
      : told(model(0.01)), all(model(pending_noise)), noise(pending_noise) {
    MatrixXd pending(1, 2);
    pending << .42, .75;
    VectorXd mean;
    all.predict_mean(pending, mean);
    all.append(pending, mean);
  }

  static GpPosterior model(double noise) {
    GpData data;
    data.x = Eigen::RowVectorXd{{.05, .30, .55, .90}};
    data.z = VectorXd{{-.20, .80, -.60, -1.10}};
    return GpPosterior(kernels::scaled(kernels::matern52(1)), data,
                       VectorXd{{std::log(0.25), 0, std::log(noise)}},
                       {.kind = GpMean::Kind::kFixed});
  }

  PendingAware models() const { return {told, 0.01, all, noise}; }

  GpPosterior told, all;
  double noise;
};

VectorXd values_at(const Acquisition& acquisition, const VectorXd& x) {
  VectorXd values;
  acquisition.evaluate(x.transpose(), values);
  return values;
}

const VectorXd kPoints{{.6, .85, .97, .2}};

TEST(GpUcbPe, BoundTakesTheMeanOfTheDataAndTheDeviationOfAll) {
  const Example example;
  const VectorXd with = values_at(OptimisticBound(example.models(), 1.8), kPoints);
  const VectorXd expected{
      {1.1402981827450221, 1.4398627529563382, 1.5337448956565393, -0.034835291201182439}};
  EXPECT_LT((with - expected).cwiseAbs().maxCoeff(), 1e-12);
  const PendingAware nothing_pending{example.told, 0.01, example.told, 0.01};
  const VectorXd without = values_at(OptimisticBound(nothing_pending, 1.8), kPoints);
  const VectorXd larger{
      {1.2543468914869536, 1.6024478858762809, 1.6098268921063993, 0.0082778918427770205}};
  EXPECT_LT((without - larger).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(GpUcbPe, ExplorationPaysForWhatIsNotPromising) {
  const Example example;
  // The pending point .75 may reach lower than every point that was told.
  const double level = promising_level(example.models(), example.all.data().x, 1.8);
  EXPECT_NEAR(level, -1.0997050518656061, 1e-12);
  EXPECT_NEAR(promising_level(example.models(), example.told.data().x, 1.8), -1.0917423478457925,
              1e-12);
  const VectorXd values = values_at(PureExploration(example.models(), level), kPoints);
  const VectorXd expected{
      {-1.4935610594291779, 0.17189150995313294, 0.31656714533843511, -14.682531920508515}};
  EXPECT_LT((values - expected).cwiseAbs().maxCoeff(), 1e-11);
}

TEST(GpUcbPe, PendingPointsOfANoisyModelAreExploredOnce) {
  const Example example(1e-10);
  const VectorXd values =
      values_at(PureExploration(example.models(), -1.0997050518656061), kPoints);
  const VectorXd expected{
      {-1.5630877914495088, 0.11479824300890466, 0.27249309916751525, -14.726421587109399}};
  EXPECT_LT((values - expected).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(GpUcbPe, GradientsMatchCentralDifferences) {
  const Example example;
  const OptimisticBound bound(example.models(), 1.8);
  const PureExploration exploration(example.models(), -1.0997050518656061);
  const VectorXd points{{.01, .2, .3001, .42005, .6, .7, .85, .97}};
  for (const Acquisition* acquisition :
       {static_cast<const Acquisition*>(&bound), static_cast<const Acquisition*>(&exploration)}) {
    VectorXd values;
    MatrixXd gradients;
    acquisition->evaluate(points.transpose(), values, &gradients);
    const double step = 1e-6;
    const VectorXd above = values_at(*acquisition, points.array() + step);
    const VectorXd below = values_at(*acquisition, points.array() - step);
    for (Index i = 0; i < points.size(); ++i) {
      const double difference = (above[i] - below[i]) / (2 * step);
      EXPECT_NEAR(gradients(0, i), difference, 2e-6 * std::max(1.0, std::abs(difference)))
          << points[i];
    }
  }
}

// google/vizier, acquisitions.py, class TrustRegion.
TEST(GpUcbPe, TrustRegionGrowsWithTheNumberOfPoints) {
  EXPECT_DOUBLE_EQ(trust_radius(1, 2), 0.22);
  EXPECT_DOUBLE_EQ(trust_radius(10, 2), 0.4);
  EXPECT_DOUBLE_EQ(trust_radius(20, 5), 0.4);
  const Space space = Space().real("a", 0, 1).real("b", 0, 1).categorical("c", {"u", "v", "w"});
  MatrixXd points(3, 2);
  points << .1, .8, .1, .9, .5, .5;
  const TrustRegion region(space, points, 0.2, {});
  EXPECT_TRUE(region.limits());
  EXPECT_TRUE(region.contains({.3, .25, .1}));
  EXPECT_FALSE(region.contains({.31, .25, .1}));
  EXPECT_TRUE(region.contains({.95, .7, .9}));
  RandomStream stream(1, Purpose::kCandidates);
  const MatrixXd draws = region.draw(40, stream);
  for (Index j = 0; j < draws.cols(); ++j) {
    EXPECT_TRUE(region.contains({draws(0, j), draws(1, j), draws(2, j)}));
  }
  EXPECT_FALSE(TrustRegion(space, points, trust_radius(31, 5), {}).limits());
  const double nan = std::nan("");
  EXPECT_TRUE(TrustRegion(space, points, 0.2, {nan, 0.5, nan}).contains({.3, .5, .1}));
}

// google/vizier, gp_ucb_pe.py, class UCBPEConfig.
TEST(GpUcbPe, ChoosesByNewsAndNoise) {
  EXPECT_DOUBLE_EQ(ucb_probability(true, false), 0.9);
  EXPECT_DOUBLE_EQ(ucb_probability(true, true), 0.3);
  EXPECT_DOUBLE_EQ(ucb_probability(false, false), 0.25);
  EXPECT_DOUBLE_EQ(ucb_probability(false, true), 0.25);
}

bool bounded(const History& history, std::int64_t trial) {
  return history.record(static_cast<std::size_t>(trial)).note.rfind("ucb", 0) == 0;
}

TEST(GpUcbPe, ExploresMoreOftenWhileAnswersAreAwaited) {
  int first = 0, later = 0, second_ask = 0;
  constexpr int kSeeds = 60;
  for (int seed = 0; seed < kSeeds; ++seed) {
    Problem problem;
    problem.space = Space().real("x", 0, 1);
    problem.seed = static_cast<std::uint64_t>(seed);
    const auto solver = testing::make_solver("gp_ucb_pe", problem, {{"candidates", 16}});
    testing::HandFed fed(problem);
    for (double value : {2.0, 1.0, 3.0, 1.5}) fed.tell(fed.ask(*solver)[0], Values{{value}});
    const auto batch = fed.ask(*solver, 5);
    first += bounded(fed.history, batch[0]);
    for (std::size_t i = 1; i < 5; ++i) later += bounded(fed.history, batch[i]);
    fed.tell(batch[1], Values{{2.5}});
    fed.ask(*solver);
    second_ask += bounded(fed.history, fed.ask(*solver)[0]);  // nothing came since the last ask
  }
  // Four standard deviations of binomial counts.
  EXPECT_NEAR(first, 0.9 * kSeeds, 4 * std::sqrt(kSeeds * 0.9 * 0.1));
  EXPECT_NEAR(later, 0.25 * 4 * kSeeds, 4 * std::sqrt(4 * kSeeds * 0.25 * 0.75));
  EXPECT_NEAR(second_ask, 0.25 * kSeeds, 4 * std::sqrt(kSeeds * 0.25 * 0.75));
}

TEST(GpUcbPe, StartsInTheMiddleAndStaysNear) {
  Problem problem;
  problem.space = Space().real("x", -1, 3).integer("n", 0, 100).real("y", 1, 100);
  const auto solver = testing::make_solver("gp_ucb_pe", problem);
  testing::HandFed fed(problem);
  fed.tell(fed.ask(*solver)[0], Values{{1.0}});
  const auto points = fed.history.points();
  EXPECT_DOUBLE_EQ(points(0, 0), 0.5);
  fed.ask(*solver);
  const double reach =
      (fed.history.points().col(1) - fed.history.points().col(0)).cwiseAbs().maxCoeff();
  EXPECT_LE(reach, trust_radius(1, 3) + 1e-9);
  EXPECT_GT(reach, 0.9 * trust_radius(1, 3));  // one value: the farthest point is the least known
}

TEST(GpUcbPe, SurvivesStrangeValues) {
  testing::expect_survives_strange_values("gp_ucb_pe", {}, 1e-4);
}

TEST(GpUcbPe, OrderOfAnswersDoesNotMatter) {
  testing::expect_order_of_answers_does_not_matter("gp_ucb_pe");
}

}  // namespace
}  // namespace asktell
