// Measures of risk over an environment, and their bounds under a model.
#include <gtest/gtest.h>

#include <limits>

#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/acquisition/risk_bound.hpp>
#include <asktell/acquisition/risk_measures.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/tests/acquisition/acquisition_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// BoTorch's measures (maximization: values turned) on s = (3, -1, 4, 1, 5, 9, 2, 6).
TEST(RiskMeasures, MatchTheExample) {
  const VectorXd costs{{-3, 1, -4, -1, -5, -9, -2, -6}};
  EXPECT_NEAR(conditional_value_at_risk(costs, .5), -1.8, 1e-15);
  EXPECT_NEAR(conditional_value_at_risk(costs, .7), -2.0 / 3, 1e-15);
  EXPECT_NEAR(conditional_value_at_risk(costs, .9), 1, 1e-15);
  EXPECT_EQ(value_at_risk(costs, .5), -4);
  EXPECT_EQ(value_at_risk(costs, .9), 1);
  VectorXd weights;
  const double mean_of_tail = conditional_value_at_risk(costs, .7, &weights);
  EXPECT_NEAR(weights.dot(costs), mean_of_tail, 1e-15);
  value_at_risk(costs, .5, &weights);
  EXPECT_EQ(weights.dot(costs), -4);
  EXPECT_THROW(value_at_risk(costs, 1), OptionError);
}

const RiskMeasure kTail{Risk::kConditionalValueAtRisk, 0.6};

// The first coordinate is the environment.
Environments five() {
  MatrixXd w(1, 5);
  w << .05, .3, .55, .7, .9;
  return {{0}, w};
}

TEST(Environments, StandInPlaceOfTheirCoordinates) {
  MatrixXd x(3, 2);
  x << .1, .2, std::numeric_limits<double>::quiet_NaN(), .4, .5, .6;
  MatrixXd w(2, 2);
  w << .7, .8, .9, 1;
  const MatrixXd pairs = Environments{{2, 1}, w}.pairs(x);
  ASSERT_EQ(pairs.cols(), 4);
  EXPECT_EQ(pairs.row(0), (MatrixXd(1, 4) << .1, .1, .2, .2).finished());
  EXPECT_TRUE(pairs.row(1).head(2).array().isNaN().all());  // inactive there
  EXPECT_EQ(pairs.row(1).tail(2), (MatrixXd(1, 2) << .9, 1).finished());
  EXPECT_EQ(pairs.row(2), (MatrixXd(1, 4) << .7, .8, .7, .8).finished());
}

// The bounds of f at the five points, measured by hand.
TEST(RiskBound, IsTheMeasureOfTheBounds) {
  const GpPosterior model = samples::smooth2(0.01);
  const Environments environments = five();
  const VectorXd x{{.123, .4}};
  VectorXd bounds;
  LowerConfidenceBound(model, 1.5).evaluate(environments.pairs(x), bounds);
  const VectorXd costs = -bounds;
  const auto at = [&](RiskMeasure measure) {
    return samples::value_at(RiskBound(model, environments, measure, 1.5), x);
  };
  EXPECT_NEAR(at({}), -costs.mean(), 1e-12);
  EXPECT_NEAR(at({Risk::kValueAtRisk, 0.5}), -value_at_risk(costs, 0.5), 1e-12);
  EXPECT_NEAR(at(kTail), -conditional_value_at_risk(costs, 0.6), 1e-12);
  EXPECT_NEAR(at({Risk::kConditionalValueAtRisk, 0.99}), -costs.maxCoeff(), 1e-12);
  EXPECT_EQ(at(kTail), samples::value_at(RiskBound(model, environments, kTail, 1.5),
                                         VectorXd{{.9, .4}}));  // its own w is not read
}

TEST(RiskBound, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2(0.01);
  const Environments environments = five();
  for (const RiskMeasure& measure : {RiskMeasure{}, kTail, RiskMeasure{Risk::kValueAtRisk, 0.5}}) {
    samples::expect_gradients(RiskBound(model, environments, measure, 1.5), samples::probes(model),
                              1e-5);
  }
}

// More points than are evaluated together.
TEST(RiskBound, ManyPointsAreTheSameAsOneByOne) {
  const GpPosterior model = samples::smooth2(0.01);
  const Environments environments{{0}, MatrixXd(VectorXd::LinSpaced(200, 0, 1).transpose())};
  const MatrixXd points = samples::uniform_points(2, 17, 3);
  const RiskBound bound(model, environments, kTail, 1);
  VectorXd together;
  bound.evaluate(points, together);
  for (Index j = 0; j < points.cols(); ++j) {
    EXPECT_NEAR(together[j], samples::value_at(bound, points.col(j)), 1e-12);
  }
}

}  // namespace
}  // namespace asktell
