// Batches and wrappers: GPyOpt's penalty (numbers recomputed with SciPy), Vizier's exploration by
// its formula, priors and costs by theirs.
#include <asktell/acquisition/batch.hpp>

#include <limits>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/weighted.hpp>
#include <asktell/core/errors.hpp>

#include "acquisition_samples.hpp"

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::row;
using samples::value_at;

class Nothing final : public Acquisition {
 public:
  void evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const override {
    values.setZero(points.cols());
    if (gradients) gradients->setZero(points.rows(), points.cols());
  }
};

class Constant final : public Surrogate {
 public:
  Constant(double mean, double deviation) : mean_(mean), deviation_(deviation) {}
  void predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance, MatrixXd* dm,
               MatrixXd* dv) const override {
    mean.setConstant(points.cols(), mean_);
    variance.setConstant(points.cols(), deviation_ * deviation_);
    if (dm) dm->setZero(points.rows(), points.cols());
    if (dv) dv->setZero(points.rows(), points.cols());
  }

 private:
  double mean_, deviation_;
};

TEST(LocalPenalization, MatchesItsSource) {
  // Maximizing: L = 3, M = 1.1, mean .4, deviation .3.
  const Constant model(-.4, .3);
  const Nothing nothing;
  const LocalPenalization acquisition(nothing, model, row({.5}), -1.1, 3);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.55}))), .03337650758481723, 1e-15);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.4}))), .09121121972586785, 1e-15);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.7}))), .36944134018176367, 1e-14);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.9}))), .9522096477271853, 1e-14);
}

TEST(LocalPenalization, InactiveCoordinatesDifferByOneHalf) {
  const Constant model(-.4, .3);
  const Nothing nothing;
  const double nan = std::nan("");
  const LocalPenalization from_inactive(nothing, model, Eigen::Vector2d(.5, nan), -1.1, 3);
  const LocalPenalization in_one(nothing, model, row({.5}), -1.1, 3);
  EXPECT_EQ(value_at(from_inactive, Eigen::Vector2d(.4, nan)), value_at(in_one, row({.4})));
  EXPECT_EQ(value_at(from_inactive, Eigen::Vector2d(.5, .8)), value_at(in_one, row({1.0})));
  VectorXd values;
  MatrixXd gradients;
  from_inactive.evaluate(Eigen::Vector2d(.4, .8), values, &gradients);
  EXPECT_LT(gradients(0, 0), 0);
  EXPECT_EQ(gradients(1, 0), 0);
}

TEST(LocalPenalization, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2();
  const LogExpectedImprovement improvement(model, -1.2);
  const LocalPenalization acquisition(improvement, model, samples::uniform_points(2, 3, 5), -1.2,
                                      4);
  samples::expect_gradients(acquisition, samples::probes(model), 1e-5, 2e-5);
}

TEST(LipschitzConstant, IsTheSteepestSlopeOfTheMean) {
  const GpPosterior model = samples::w1();
  MatrixXd grid(1, 20001), slopes;
  grid.row(0).setLinSpaced(0, 1);
  VectorXd mean, variance;
  model.predict(grid, mean, variance, &slopes);
  EXPECT_NEAR(lipschitz_constant(model, model.data().x), slopes.cwiseAbs().maxCoeff(), 1e-5);
  EXPECT_EQ(lipschitz_constant(Constant(0, 1), row({.5})), 10);
}

TEST(Liar, TellsLowestMeanOrHighest) {
  const VectorXd values{{3, -1, 4}};
  EXPECT_EQ(lie(Liar::kLowest, values), -1);
  EXPECT_EQ(lie(Liar::kMean, values), 2);
  EXPECT_EQ(lie(Liar::kHighest, values), 4);
}

// A normal around .3 in each coordinate; nothing beyond .9 in the first.
double bump(const VectorXd& x, VectorXd* gradient) {
  const VectorXd off = (x.array() - .3) / .1;
  if (gradient) *gradient = -off / .1;
  return x[0] > .9 ? -std::numeric_limits<double>::infinity() : -0.5 * off.squaredNorm();
}

TEST(PriorGuided, AddsTheDecayedPriorWithItsGradient) {
  const GpPosterior model = samples::smooth2();
  const LogExpectedImprovement improvement(model, -1.2);
  const PriorGuided acquisition(improvement, bump, 5, 2, 2);
  const VectorXd x{{.35, .2}};
  EXPECT_NEAR(value_at(acquisition, x),
              value_at(improvement, x) + 2.5 * std::log(std::exp(-.5 * 1.25) + 1e-12), 1e-12);
  const VectorXd excluded{{.95, .2}};
  EXPECT_NEAR(value_at(acquisition, excluded),
              value_at(improvement, excluded) + 2.5 * std::log(1e-12), 1e-10);
  samples::expect_gradients(acquisition, samples::probes(model), 1e-5, 2e-5);
  // Forgotten as iterations go on.
  EXPECT_NEAR(value_at(PriorGuided(improvement, bump, 5, 1e9, 2), x), value_at(improvement, x),
              1e-6);
}

TEST(PriorGuided, RefusesAPriorWithoutMass) {
  const LogPrior none = [](const VectorXd&, VectorXd*) {
    return -std::numeric_limits<double>::infinity();
  };
  const LogPrior broken = [](const VectorXd&, VectorXd*) {
    return std::numeric_limits<double>::quiet_NaN();
  };
  EXPECT_THROW(PriorGuided(Nothing(), none, 5, 1, 2), OptionError);
  EXPECT_THROW(PriorGuided(Nothing(), broken, 5, 1, 2), OptionError);
}

TEST(LogAbove, IsTheLogarithmOfWhatIsAbove) {
  const GpPosterior model = samples::smooth2();
  const LowerConfidenceBound bound(model);
  const LogAbove acquisition(bound, -3);
  const VectorXd x{{.35, .2}};
  EXPECT_NEAR(value_at(acquisition, x), std::log(value_at(bound, x) + 3), 1e-13);
  samples::expect_gradients(acquisition, samples::probes(model));
  EXPECT_NEAR(value_at(LogAbove(bound, 100), x), std::log(1e-12), 1e-12);
}

TEST(CostWeighted, DividesByTheExpectedCostWithItsGradient) {
  const GpPosterior model = samples::smooth2(), costs = samples::smooth2(0.05);
  const LogExpectedImprovement improvement(model, -1.2);
  const CostWeighted acquisition(improvement, costs, 0.7, 1.5);
  const VectorXd x{{.35, .2}};
  VectorXd mean, variance;
  costs.predict(x, mean, variance);
  const double expected_cost = std::exp(1.5 * mean[0] + 0.5 * 2.25 * variance[0]);
  EXPECT_NEAR(value_at(acquisition, x), value_at(improvement, x) - .7 * std::log(expected_cost),
              1e-12);
  samples::expect_gradients(acquisition, samples::probes(model), 1e-5);
}

TEST(CostWeighted, CoolingAndLogarithms) {
  EXPECT_EQ(cost_cooling(100, 20, 20), 1);
  EXPECT_EQ(cost_cooling(100, 60, 20), 0.5);
  EXPECT_EQ(cost_cooling(100, 120, 20), 0);
  EXPECT_EQ(cost_cooling(10, 5, 20), 0);
  EXPECT_EQ(log_cost(1), 0);
  EXPECT_EQ(log_cost(0), std::log(1e-6));
  EXPECT_THROW(log_cost(std::nan("")), PointError);
}

}  // namespace
}  // namespace asktell
