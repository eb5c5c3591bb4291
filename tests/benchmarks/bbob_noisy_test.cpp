// The noisy BBOB functions: values without noise against cma 4.5.0, and the three noise models in
// distribution against their definitions (Finck et al. 2009, section 0.3).
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {
namespace {

const std::vector<double> kPoint = {0.5, -1.5, 2, -2.5, 3};
constexpr int kDraws = 20'000;

TestProblem noisy(int function) {
  return make_problem("bbob-noisy/f" + std::to_string(function));
}

double excess(const TestProblem& problem) {
  return problem.evaluate(kPoint).objectives[0] - problem.optimum;
}

// Sorted: by how much observations at kPoint exceed the optimum.
std::vector<double> observed_excesses(const TestProblem& problem) {
  RandomStream noise(7, Purpose::kUser);
  std::vector<double> values;
  for (int i = 0; i < kDraws; ++i)
    values.push_back(problem.observe(kPoint, noise).objectives[0] - problem.optimum);
  std::ranges::sort(values);
  return values;
}

// Kolmogorov-Smirnov: the distance of an empirical distribution to `cumulative` is below the
// quantile of order 1 - 1e-5.
void expect_distributed(const std::vector<double>& sorted,
                        const std::function<double(double)>& cumulative) {
  const auto n = static_cast<double>(sorted.size());
  double distance = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double share = cumulative(sorted[i]);
    distance = std::max({distance, std::abs(share - static_cast<double>(i) / n),
                         std::abs(share - static_cast<double>(i + 1) / n)});
  }
  EXPECT_LT(distance, 2.47 / std::sqrt(n));
}

bool is_severe(int function) {
  return function > 106;
}

double normal_cumulative(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double cauchy_cumulative(double z) {
  return 0.5 + std::atan(z) / std::numbers::pi;
}

TEST(BbobNoisy, MatchesTheReferenceWithoutNoise) {
  struct Row {
    int first;  // of a triple with one base function
    double optimum, at_point;
  };
  constexpr Row kRows[] = {
      {101, 79.48, 138.9435757},   {104, 149.15, 18687.51643}, {107, 79.48, 138.9435757},
      {110, 149.15, 18687.51643},  {113, 92.94, 684.6694027},  {116, -54.94, 95688.01398},
      {119, -52.35, -36.98620892}, {122, -16.94, 8.000786659}, {125, -102.55, -100.5298339},
      {128, 40.78, 92.19560243},
  };
  for (const Row& row : kRows) {
    for (int k = 0; k < 3; ++k) {
      SCOPED_TRACE(row.first + k);
      const TestProblem problem = noisy(row.first + k);
      EXPECT_DOUBLE_EQ(problem.optimum, row.optimum);
      EXPECT_NEAR(problem.evaluate(kPoint).objectives[0], row.at_point,
                  1e-9 * std::max(1., std::abs(row.at_point)));
    }
  }
}

TEST(BbobNoisy, GaussianNoiseMultipliesByALogNormal) {
  for (int function : {101, 104, 107, 125}) {
    SCOPED_TRACE(function);
    const double beta = is_severe(function) ? 1 : 0.01;
    const TestProblem problem = noisy(function);
    expect_distributed(observed_excesses(problem), [&](double value) {
      return normal_cumulative(std::log((value - 1.01e-8) / excess(problem)) / beta);
    });
  }
}

// log(value / excess) = -beta E + alpha L U with E exponential, U uniform, L = log(1e9 / excess).
TEST(BbobNoisy, UniformNoiseShrinksAndStretches) {
  for (int function : {102, 105, 108, 117}) {
    SCOPED_TRACE(function);
    const double beta = is_severe(function) ? 1 : 0.01;
    const TestProblem problem = noisy(function);
    const double g = excess(problem);
    const double stretch = beta * (0.49 + 1. / 5) * std::log(1e9 / g);
    expect_distributed(observed_excesses(problem), [&](double value) {
      const double x = std::log((value - 1.01e-8) / g);
      if (x <= 0) return beta / stretch * (std::exp(x / beta) - std::exp((x - stretch) / beta));
      const double below = std::min(x, stretch);
      return (below + beta * (1 - std::exp((below - stretch) / beta))) / stretch;
    });
  }
}

TEST(BbobNoisy, CauchyNoiseShiftsByAThousandAndSometimesScatters) {
  for (int function : {103, 106, 109, 130}) {
    SCOPED_TRACE(function);
    const double alpha = is_severe(function) ? 1 : 0.01;
    const double share = is_severe(function) ? 0.2 : 0.05;
    const TestProblem problem = noisy(function);
    std::vector<double> scattered;
    for (double value : observed_excesses(problem)) {
      const double shift = (value - excess(problem) - 1.01e-8) / alpha;
      // Rounding of the large excess of f106 leaves 1e-9 and less.
      if (std::abs(shift - 1000) > 1e-7) scattered.push_back(shift - 1000);
    }
    const double deviation = std::sqrt(share * (1 - share) / kDraws);
    EXPECT_NEAR(static_cast<double>(scattered.size()) / kDraws, share, 4.5 * deviation);
    expect_distributed(scattered, [](double z) { return z < -1000 ? 0 : cauchy_cumulative(z); });
  }
}

TEST(BbobNoisy, HasNoNoiseAtTheOptimum) {
  RandomStream noise(1, Purpose::kUser);
  for (int function = 101; function <= 130; ++function) {
    SCOPED_TRACE(function);
    const TestProblem problem = noisy(function);
    const double value = problem.observe(problem.argmins[0], noise).objectives[0];
    EXPECT_NEAR(value, problem.optimum, 1e-8);
  }
}

TEST(BbobNoisy, AddsOnePenaltyOutsideOfTheBoxWithoutNoise) {
  std::vector<double> outside = kPoint;
  outside[1] = -7;
  for (int function : {101, 113, 122, 128}) {
    SCOPED_TRACE(function);
    const TestProblem problem = noisy(function);
    RandomStream noise(3, Purpose::kUser);
    double least = 1e300;
    for (int i = 0; i < 2000; ++i)
      least = std::min(least, problem.observe(outside, noise).objectives[0]);
    EXPECT_GT(least, problem.optimum + 400);  // 100 (7 - 5)^2
  }
}

}  // namespace
}  // namespace asktell::benchmarks
