// Parzen estimators against Optuna 5.0.0 (class _ParzenEstimator, default weights), whose numbers
// stand here.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include <asktell/solvers/bayesian/parzen.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::vector<ParzenAxis> axes_of(const Space& space) {
  std::vector<ParzenAxis> axes;
  for (std::size_t i = 0; i < space.dimension(); ++i) axes.emplace_back(space, i);
  return axes;
}

MatrixXd units(const Space& space, const std::vector<std::vector<double>>& slots) {
  MatrixXd out(static_cast<Index>(space.dimension()), static_cast<Index>(slots.size()));
  for (std::size_t j = 0; j < slots.size(); ++j) {
    space.to_unit(slots[j], {out.col(static_cast<Index>(j)).data(), space.dimension()});
  }
  return out;
}

TEST(Parzen, WeightsRampUpToTheLastTwentyFive) {
  EXPECT_EQ(parzen_weights(24), VectorXd::Ones(24));
  EXPECT_EQ(parzen_weights(25), VectorXd::Ones(25));
  const VectorXd weights = parzen_weights(30);  // numpy.linspace(1 / 30, 1, 5)
  const double expected[] = {1.0 / 30, 0.275, 0.51666666666666667, 0.75833333333333333, 1};
  for (Index i = 0; i < 5; ++i) EXPECT_NEAR(weights[i], expected[i], 1e-15);
  EXPECT_EQ(weights.tail(25), VectorXd::Ones(25));
  EXPECT_EQ(parzen_weights(26)[0], 1.0 / 26);
}

class ParzenLine : public testing::Test {
 protected:
  const Space space = Space().real("x", 0, 10);
  const ParzenEstimator below{axes_of(space), units(space, {{2.5}})};
  const ParzenEstimator above{axes_of(space),
                              units(space, {{1}, {2}, {4}, {6}, {7}, {9}, {9.5}, {3}, {5}})};
};

TEST_F(ParzenLine, BandwidthsAreTheLargerDistanceToANeighbour) {
  EXPECT_NEAR(10 * below.bandwidths(0)[0], 7.5, 1e-14);
  const double expected[] = {1, 1, 1, 1, 2, 2, 10.0 / 11, 1, 1, 10};
  for (Index i = 0; i < 10; ++i) EXPECT_NEAR(10 * above.bandwidths(0)[i], expected[i], 1e-14);
}

TEST_F(ParzenLine, RatioOfDensities) {
  const MatrixXd at = units(space, {{2.5}, {3}, {8}});
  const VectorXd ratio = below.log_density(at) - above.log_density(at);
  EXPECT_NEAR(ratio[0], -0.05962042532677447, 1e-12);
  EXPECT_NEAR(ratio[1], -0.06580257759843944, 1e-12);
  EXPECT_NEAR(ratio[2], 0.20031716668838806, 1e-12);
}

// 60 observations of six kinds of coordinates; the six lowest values are the good ones.
struct Mixed {
  Space space;
  std::vector<std::vector<double>> below, above;

  Mixed() {
    ParameterOptions log, quarter;
    log.log = true;
    quarter.step = 0.25;
    space.real("x", -5, 10).real("r", 1e-3, 10, log).integer("k", 0, 100);
    space.integer("m", 1, 1021, log).categorical("c", {"a", "b", "c", "d"});
    space.real("s", 0, 20, quarter);
    for (int i = 1; i <= 60; ++i) {
      const double x = -5 + 15 * fraction(i * 0.6180339887498949);
      const double r = std::exp(std::log(1e-3) + std::log(1e4) * fraction(i * 0.7548776662466927));
      const std::vector<double> slots = {x,
                                         r,
                                         i * 37 % 101 + 0.0,
                                         1 + i * 577 % 1021 + 0.0,
                                         (i * 7 + i / 3) % 4 + 0.0,
                                         0.25 * (i * 29 % 81)};
      const bool good = (i % 8 == 1 && i < 40) || i == 59;  // by the reference's own objective
      (good ? below : above).push_back(slots);
    }
  }
  static double fraction(double v) { return v - std::floor(v); }
};

const std::vector<std::vector<double>> kMixedPoints = {
    {0.5, 0.5, 40, 3, 0, 5.0},      {-5, 1e-3, 0, 1, 3, 0.0},        {10, 10, 100, 1021, 1, 20.0},
    {1.25, 2.0, 77, 200, 2, 10.25}, {9.9, 0.004, 3, 1000, 3, 19.75}, {-4.2, 0.9, 41, 2, 0, 0.25}};

TEST(Parzen, RatioOnMixedSpace) {
  const Mixed mixed;
  ASSERT_EQ(mixed.below.size(), 6u);
  const ParzenEstimator below(axes_of(mixed.space), units(mixed.space, mixed.below));
  const ParzenEstimator above(axes_of(mixed.space), units(mixed.space, mixed.above));
  const MatrixXd at = units(mixed.space, kMixedPoints);
  const VectorXd ratio = below.log_density(at) - above.log_density(at);
  const double expected[] = {1.7890451356719765, 1.7620000295789424, 1.7643570940618645,
                             2.4302396575405893, 1.7699170604768142, 1.762003042865107};
  for (Index j = 0; j < at.cols(); ++j) EXPECT_NEAR(ratio[j], expected[j], 1e-9) << j;
}

TEST(Parzen, RatioOfEachKindAlone) {
  const double expected[6][6] = {{0.7126496657905945, -1.5351826523718106, -2.013428249134086,
                                  1.427081278210076, -2.1759025140447243, -2.031203993367476},
                                 {0.1304564928213452, -1.8900804678731, 0.5129766009511623,
                                  1.7789310117696602, -1.7513065517813935, 0.3556969655206943},
                                 {0.05977919409388921, 0.7674102879075333, -1.9616433899243502,
                                  -1.1118089139806493, 0.11311384435700589, -0.05902217104500718},
                                 {1.7689306416179083, 1.7620837458543126, -1.0545667761680608,
                                  0.3198411680125117, -1.1180708030966686, 1.7635092769618659},
                                 {-0.12040469444182889, 0.608931748264806, -0.5119491873146238,
                                  -0.06857809054608377, 0.608931748264806, -0.12040469444182889},
                                 {0.2716072135751748, 0.8130304167220901, 0.2013212116622034,
                                  -0.6923840109636004, -0.0705843588726065, 0.2581083214575317}};
  const Mixed mixed;
  for (Index i = 0; i < 6; ++i) {
    const std::vector<ParzenAxis> axis = {ParzenAxis(mixed.space, static_cast<std::size_t>(i))};
    const ParzenEstimator below(axis, units(mixed.space, mixed.below).row(i));
    const ParzenEstimator above(axis, units(mixed.space, mixed.above).row(i));
    const MatrixXd at = units(mixed.space, kMixedPoints).row(i);
    const VectorXd ratio = below.log_density(at) - above.log_density(at);
    for (Index j = 0; j < at.cols(); ++j) {
      EXPECT_NEAR(ratio[j], expected[i][j], 1e-9) << "coordinate " << i << ", point " << j;
    }
  }
}

TEST(Parzen, MassesOfCellsSumToOne) {
  ParameterOptions log;
  log.log = true;
  const Space space = Space().integer("m", 1, 40, log);
  const ParzenEstimator estimator(axes_of(space), units(space, {{3}, {5}, {40}}));
  std::vector<std::vector<double>> all;
  for (int m = 1; m <= 40; ++m) all.push_back({static_cast<double>(m)});
  EXPECT_NEAR(estimator.log_density(units(space, all)).array().exp().sum(), 1, 1e-12);
}

TEST(Parzen, WithoutObservationsItIsThePrior) {
  const Space space = Space().categorical("c", {"a", "b", "c"}).integer("k", 1, 5);
  const ParzenEstimator estimator(axes_of(space), MatrixXd(2, 0));
  std::vector<std::vector<double>> all;
  for (int c = 0; c < 3; ++c) all.push_back({static_cast<double>(c), 3});
  const VectorXd density = estimator.log_density(units(space, all)).array().exp();
  // A third of what a standard normal truncated to its middle [-1/2, 1/2] has in [-0.1, 0.1].
  const double middle = std::erf(0.1 / std::sqrt(2)) / std::erf(0.5 / std::sqrt(2));
  for (Index j = 0; j < 3; ++j) EXPECT_NEAR(density[j], middle / 3, 1e-14);
}

TEST(Parzen, SamplesHaveTheDensityTheyAreSaidToHave) {
  const Space space = Space().categorical("c", {"a", "b", "c"}).integer("k", 1, 4);
  const ParzenEstimator estimator(axes_of(space), units(space, {{0, 1}, {0, 2}, {2, 4}}));
  RandomStream stream(5, Purpose::kCandidates);
  const Index draws = 40000;
  const MatrixXd sample = estimator.sample(draws, stream);
  std::vector<std::vector<double>> all;
  for (int c = 0; c < 3; ++c) {
    for (int k = 1; k <= 4; ++k) all.push_back({static_cast<double>(c), static_cast<double>(k)});
  }
  const MatrixXd cells = units(space, all);
  const VectorXd density = estimator.log_density(cells).array().exp();
  EXPECT_NEAR(density.sum(), 1, 1e-12);
  for (Index cell = 0; cell < cells.cols(); ++cell) {
    double count = 0;
    for (Index j = 0; j < draws; ++j) count += sample.col(j) == cells.col(cell);
    const double p = density[cell];
    const double error = std::sqrt(p * (1 - p) / static_cast<double>(draws));
    EXPECT_NEAR(count / static_cast<double>(draws), p, 4 * error) << "cell " << cell;
  }
}

TEST(Parzen, ContinuousSamplesFollowTheMixture) {
  // Bandwidths 1/4, 1/4 and 1; scipy 1.17.1, stats.truncnorm(a, b, loc, scale).mean().
  const Space space = Space().real("x", 0, 1);
  const ParzenEstimator estimator(axes_of(space), units(space, {{0.1}, {0.3}}));
  RandomStream stream(6, Purpose::kCandidates);
  const MatrixXd sample = estimator.sample(40000, stream);
  EXPECT_NEAR(sample.mean(), 0.3643488891511098, 4 * 0.3 / 200);
  EXPECT_GE(sample.minCoeff(), 0);
  EXPECT_LE(sample.maxCoeff(), 1);
}

}  // namespace
}  // namespace asktell
