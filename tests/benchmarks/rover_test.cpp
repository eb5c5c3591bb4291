// Rover trajectories against the original code, whose splines are SciPy's splprep, without its
// noise.
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {
namespace {

double reward(const char* name, const std::vector<double>& x) {
  return -make_problem(name).evaluate(x).objectives[0];
}

// (0.05 + 0.9 t, y(t)) at the given parameters.
std::vector<double> path(int points, const std::function<double(double)>& y, bool between) {
  std::vector<double> x;
  for (int i = 0; i < points; ++i) {
    const double t = between ? (i + 1.) / (points + 1.) : i / (points - 1.);
    x.push_back(0.05 + 0.9 * t);
    x.push_back(y(t));
  }
  return x;
}

// The generator of the C standard's example, from 1.
std::vector<double> scattered(int count) {
  std::vector<double> x;
  std::uint64_t state = 1;
  for (int i = 0; i < count; ++i) {
    state = (1103515245 * state + 12345) % 2147483648;
    x.push_back(-0.1 + 1.2 * static_cast<double>(state) / 2147483648);
  }
  return x;
}

double diagonal(double t) {
  return 0.05 + 0.9 * t;
}
double parabola(double t) {
  return 0.05 + 0.9 * t * t;
}
double level(double) {
  return 0.5;
}

TEST(Rover, ThirtyFreePointsCostWhatTheOriginalSays) {
  EXPECT_NEAR(reward("control/rover-60", path(30, diagonal, false)), -2.5041866412, 1e-9);
  EXPECT_NEAR(reward("control/rover-60", path(30, parabola, false)), -0.6424722145, 1e-9);
  EXPECT_NEAR(reward("control/rover-60", path(30, level, false)), -6.0630180180, 1e-9);
  EXPECT_NEAR(reward("control/rover-60", scattered(60)), -20.5051760105, 1e-9);
}

TEST(Rover, FiftyTiedPointsCostWhatTheOriginalSays) {
  EXPECT_NEAR(reward("control/rover-100", scattered(100)), -5.074911205203188, 1e-9);
  EXPECT_NEAR(reward("control/rover-100", path(50, parabola, true)), -0.4014415139049543, 1e-9);
  EXPECT_NEAR(reward("control/rover-100", path(50, level, true)), -5.919643337549658, 1e-9);
}

// 5 less the density 0.05 along the shortest way, and nothing else: 5 - 0.05 sqrt(2) 0.9.
TEST(Rover, BestKnownCurvesAreBelowTheCeilingAndGood) {
  for (const char* name : {"control/rover-60", "control/rover-100"}) {
    SCOPED_TRACE(name);
    const TestProblem problem = make_problem(name);
    EXPECT_FALSE(problem.proven);
    EXPECT_LT(-problem.optimum, 5 - 0.05 * std::sqrt(2.) * 0.9);
    EXPECT_GT(-problem.optimum, 3.39);  // an earlier search's
  }
}

TEST(Rover, CoincidentPointsAreAllowed) {
  const TestProblem problem = make_problem("control/rover-60");
  EXPECT_TRUE(std::isfinite(problem.evaluate(std::vector<double>(60, 0.5)).objectives[0]));
  std::vector<double> doubled;  // 28 points on a line, both ends twice
  for (double t : {0., 0.}) doubled.insert(doubled.end(), {diagonal(t), diagonal(t)});
  for (int i = 1; i < 27; ++i)
    doubled.insert(doubled.end(), {diagonal(i / 27.), diagonal(i / 27.)});
  for (double t : {1., 1.}) doubled.insert(doubled.end(), {diagonal(t), diagonal(t)});
  EXPECT_NEAR(-problem.evaluate(doubled).objectives[0], -2.5041866412, 1e-9);
}

TEST(Rover, NoiseMovesThePointsALittle) {
  const TestProblem noisy = make_problem("control/rover-60", {{"noise", true}});
  const std::vector<double> x = path(30, parabola, false);
  RandomStream noise(1, Purpose::kUser);
  double mean = 0;
  constexpr int kDraws = 200;
  for (int i = 0; i < kDraws; ++i) mean += noisy.observe(x, noise).objectives[0] / kDraws;
  EXPECT_NEAR(mean, noisy.evaluate(x).objectives[0], 0.02);
  EXPECT_NE(mean, noisy.evaluate(x).objectives[0]);
  EXPECT_FALSE(make_problem("control/rover-60").observe);
}

}  // namespace
}  // namespace asktell::benchmarks
