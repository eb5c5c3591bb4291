// Log expected improvement against values of 50 digits (mpmath), and the maximizer on a known
// posterior.
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/core/lbfgsb.hpp>
#include <asktell/core/special_functions.hpp>
#include <asktell/surrogates/gp/posterior.hpp>

#include "acquisition_samples.hpp"

namespace asktell {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

TEST(LogEi, MatchesHighPrecisionValues) {
  // z, log h(z), d log h / dz (mpmath, 50 digits).
  constexpr double kTable[][3] = {{2, 0.697383545788228312, 0.4865593187852839},
                                  {0, -0.918938533204672742, 1.2533141373155003},
                                  {-1, -2.48512102571264134, 1.904271233329692},
                                  {-5, -16.7443011626609901, 5.361816241288089},
                                  {-10, -55.5531220361223559, 10.19438303341255},
                                  {-25, -319.861463581495954, 25.07962023426653},
                                  {-38.6, -753.207451853980688, 38.65170963319151},
                                  {-100, -5010.12957880024979, 100.0199940041959},
                                  {-1e3, -500014.734452091158, 1000.001999994},
                                  {-1e4, -50000019.3396193072, 10000.00019999999},
                                  {-1e6, -500000000028.54996, 1000000.000002}};
  for (const auto& [z, value, slope] : kTable) {
    EXPECT_NEAR(log_h(z).value, value, 2e-15 * std::abs(value) + 1e-15) << z;
    EXPECT_NEAR(log_h(z).slope, slope, 2e-12 * slope) << z;
  }
}

TEST(LogEi, IsContinuousWhereTheBranchesMeet) {
  for (double z : {-1.0, -40.0}) {
    EXPECT_NEAR(log_h(std::nextafter(z, 0.0)).value, log_h(z).value, 1e-11);
    EXPECT_NEAR(log_h(std::nextafter(z, 0.0)).slope / log_h(z).slope, 1, 1e-11);
  }
}

TEST(LogEi, ClosedFormOfOnePoint) {
  // Maximizing: mean .3, deviation .7, best .5 (mpmath); signs turned.
  EXPECT_NEAR(log_expected_improvement(-0.3, 0.7, -0.5).value, -1.657677790396676, 1e-14);
}

TEST(SpecialFunctions, ErfcxMatchesHighPrecisionValues) {
  constexpr double kTable[][2] = {{0.5, 0.61569034419292587}, {2, 0.25539567631050574},
                                  {5, 0.11070463773306863},   {10, 0.056140992743822586},
                                  {50, 0.011281536265323773}, {1e4, 5.6418958072680841e-5}};
  for (const auto& [x, value] : kTable) EXPECT_NEAR(erfcx(x), value, 1e-15 * value * 10);
}

TEST(LogEi, PosteriorExampleIsReproduced) {
  const GpPosterior model = samples::w1();
  const LogExpectedImprovement acquisition(model, -1.1);
  MatrixXd x(1, 4);
  x << 0.75, 0.42, 0.95, 0.30;
  VectorXd values;
  MatrixXd gradients;
  acquisition.evaluate(x, values, &gradients);
  EXPECT_NEAR(values[0], -1.6602379736661, 1e-11);
  EXPECT_NEAR(values[1], -15.234196356361, 1e-9);
  EXPECT_NEAR(values[2], -2.7476126890745, 1e-11);
  EXPECT_NEAR(values[3], -189.14863801679, 1e-8);
  EXPECT_NEAR(gradients(0, 0), 0.67916863651361, 1e-9);
  EXPECT_NEAR(gradients(0, 1), 126.42768282739, 1e-6);
  EXPECT_NEAR(gradients(0, 2), 13.239334920637, 1e-9);
  EXPECT_NEAR(gradients(0, 3), 128.23494449254, 1e-6);
}

TEST(LogEi, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2();
  samples::expect_gradients(LogExpectedImprovement(model, -1.2), samples::probes(model));
  // z < -30 everywhere.
  samples::expect_gradients(LogExpectedImprovement(model, -40), samples::probes(model));
}

TEST(Maximize, FindsTheHighestOfThreeMaxima) {
  const GpPosterior model = samples::w1();
  const LogExpectedImprovement acquisition(model, -1.1);
  MaximizeRequest request;
  request.incumbents = MatrixXd::Constant(1, 1, 0.9);
  request.seed = 4;
  request.allowed = [](const Point&) { return true; };
  const auto maximum = maximize_acquisition(acquisition, Space().real("x", 0, 1), request,
                                            RandomStream(1, Purpose::kCandidates));
  ASSERT_TRUE(maximum);
  EXPECT_NEAR(maximum->point["x"].number(), 0.7570350, 1e-6);
  EXPECT_NEAR(maximum->value, -1.6578519458, 1e-9);
}

TEST(Lbfgsb, SolvesRosenbrockFromEveryStartAndStopsOnBounds) {
  const BatchedFunction rosenbrock = [](const Eigen::Ref<const MatrixXd>& x,
                                        std::span<const Eigen::Index>, Eigen::Ref<VectorXd> values,
                                        Eigen::Ref<MatrixXd> gradients) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const double a = x(0, j), b = x(1, j);
      values[j] = 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a);
      gradients.col(j) << -400 * a * (b - a * a) - 2 * (1 - a), 200 * (b - a * a);
    }
  };
  MatrixXd starts(2, 3);
  starts << -1.2, 0, 1.9, 1, 0, -1.5;
  const LbfgsbOptions options{.rounds = 300, .gradient_tolerance = 1e-9, .value_tolerance = 0};
  const VectorXd low = VectorXd::Constant(2, -2), high = VectorXd::Constant(2, 2);
  const auto free = minimize_lockstep(rosenbrock, starts, low, high, options);
  EXPECT_LT(free.values.maxCoeff(), 1e-12);
  // With x <= 0.5 the minimum is at (0.5, 0.25): value 0.25.
  const auto bounded = minimize_lockstep(rosenbrock, starts, low, VectorXd{{0.5, 2.0}}, options);
  for (Eigen::Index j = 0; j < 3; ++j) {
    EXPECT_NEAR(bounded.x(0, j), 0.5, 1e-12);
    EXPECT_NEAR(bounded.x(1, j), 0.25, 1e-6);
  }
  // A start alone and among others goes the same way.
  const auto alone = minimize_lockstep(rosenbrock, starts.col(1), low, high, options);
  EXPECT_EQ(alone.x.col(0), free.x.col(1));
}

}  // namespace
}  // namespace asktell
