// The weighted Lasso against its optimality conditions and closed forms, and the problems on it.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/benchmarks/problems/problem.hpp>
#include <asktell/benchmarks/problems/regression/weighted_lasso.hpp>
#include <asktell/core/random.hpp>

namespace asktell::benchmarks {
namespace {

using Eigen::Index;
using regression::correlated_data;
using regression::CrossValidation;
using regression::Data;
using regression::MatrixXd;
using regression::VectorXd;
using regression::weighted_lasso;

VectorXd alternating(int features, int support) {
  VectorXd coefficients = VectorXd::Zero(features);
  for (int i = 0; i < support; ++i) coefficients[i * (features / support)] = i % 2 == 0 ? 1 : -1;
  return coefficients;
}

VectorXd random_penalties(Index count, double largest) {
  RandomStream stream(3, Purpose::kUser);
  VectorXd penalties(count);
  for (double& each : penalties) each = largest * std::pow(100., stream.uniform() - 1);
  return penalties;
}

TEST(WeightedLasso, MeetsTheOptimalityConditions) {
  const Data data = correlated_data(40, alternating(100, 5), 0.6, 3, 7);
  const double largest = data.largest_penalty();
  const VectorXd penalties = random_penalties(100, largest);
  const VectorXd w = weighted_lasso(data, penalties, 1e-10);
  const VectorXd slopes = data.x.transpose() * (data.y - data.x * w) / 40;
  int active = 0;
  for (Index j = 0; j < w.size(); ++j) {
    if (w[j] == 0) {
      EXPECT_LE(std::abs(slopes[j]), penalties[j] + 1e-8 * largest) << j;
    } else {
      ++active;
      EXPECT_NEAR(slopes[j], std::copysign(penalties[j], w[j]), 1e-8 * largest) << j;
    }
  }
  EXPECT_GT(active, 5);
  EXPECT_LE(active, 40);  // no more than rows, for a design in general position
}

// x'x / rows = 4 I: w_j = sign(c_j) max(|c_j| - p_j, 0) / 4 with c = x'y / rows.
TEST(WeightedLasso, IsASoftThresholdForAnOrthogonalDesign) {
  MatrixXd x(4, 3);  // twice columns of a Hadamard matrix
  x << 2, 2, 2, 2, -2, 2, 2, 2, -2, 2, -2, -2;
  const Data data = {x, (VectorXd(4) << 3, -1, 2, 4).finished()};
  // c = (4, 1, -2).
  const VectorXd w = weighted_lasso(data, (VectorXd(3) << 1, 2, 0.5).finished());
  EXPECT_NEAR(w[0], 3. / 4, 1e-12);
  EXPECT_EQ(w[1], 0);
  EXPECT_NEAR(w[2], -1.5 / 4, 1e-12);
}

TEST(WeightedLasso, IsZeroFromTheLargestPenaltyOn) {
  const Data data = correlated_data(30, alternating(20, 4), 0.6, 10, 1);
  const double largest = data.largest_penalty();
  const auto nonzero = [&](double penalty) {
    return (weighted_lasso(data, VectorXd::Constant(20, penalty)).array() != 0).count();
  };
  EXPECT_EQ(nonzero(1.001 * largest), 0);
  EXPECT_EQ(nonzero(0.999 * largest), 1);
}

TEST(CorrelatedData, HasTheStatedMoments) {
  const VectorXd coefficients = alternating(6, 2);
  const Data data = correlated_data(20'000, coefficients, 0.6, 10, 2);
  const MatrixXd second = data.x.transpose() * data.x / 20'000;
  for (Index i = 0; i < 6; ++i) {
    for (Index j = 0; j < 6; ++j)
      EXPECT_NEAR(second(i, j), std::pow(0.6, std::abs(i - j)), 0.05);  // 3.5 standard errors
  }
  const VectorXd signal = data.x * coefficients;
  EXPECT_NEAR(signal.norm() / (data.y - signal).norm(), 10, 1e-9);
}

// Four rows in three folds of 2, 1 and 1; a penalty of 0 on one feature fits y = w x by x'y / x'x.
TEST(CrossValidation, IsTheMeanOfTheFoldsOfLeastSquares) {
  const Data data = {(MatrixXd(4, 1) << 1, 2, 3, -1).finished(),
                     (VectorXd(4) << 2, 3, 7, 0).finished()};
  const auto squared = [](double x) { return x * x; };
  const double first = 21. / 10, second = 8. / 6, third = 29. / 14;
  const double expected = ((squared(2 - first) + squared(3 - 2 * first)) / 2 +
                           squared(7 - 3 * second) + squared(0 + third)) /
                          3;
  EXPECT_NEAR(CrossValidation(data, 3).error(VectorXd::Zero(1)), expected, 1e-9);
}

double constant(const TestProblem& problem, double x) {
  return problem.evaluate(std::vector<double>(problem.space.slots(), x)).objectives[0];
}

struct Case {
  const char* name;
  int features, rows, support;
};

class Lasso : public testing::TestWithParam<Case> {};

// Nothing is fitted there: the mean over the folds of y^2.
TEST_P(Lasso, PenaltiesBeyondTheLargestLeaveTheVariance) {
  const auto& [name, features, rows, support] = GetParam();
  const Data data = correlated_data(rows, alternating(features, support), 0.6, 10, 1);
  double expected = 0;
  for (int fold = 0, begin = 0; fold < 5; ++fold) {
    const int count = rows / 5 + (fold < rows % 5 ? 1 : 0);
    expected += data.y.segment(begin, count).squaredNorm() / count / 5;
    begin += count;
  }
  EXPECT_NEAR(constant(make_problem(name), 3), expected, 1e-12 * expected);
}

TEST_P(Lasso, KnowingTheSupportBeatsAnyEqualPenalties) {
  const auto& [name, features, rows, support] = GetParam();
  const TestProblem problem = make_problem(name);
  ASSERT_EQ(problem.space.slots(), static_cast<std::size_t>(features));
  double plain = constant(problem, 1);
  for (double x = -1; x < 1; x += 0.2) plain = std::min(plain, constant(problem, x));
  std::vector<double> oracle(static_cast<std::size_t>(features), 1);
  for (int i = 0; i < support; ++i) oracle[static_cast<std::size_t>(i * (features / support))] = -1;
  const double known = problem.evaluate(oracle).objectives[0];
  EXPECT_LT(known, plain);
  EXPECT_FALSE(problem.proven);
  EXPECT_LT(problem.optimum, known);
}

TEST_P(Lasso, DoesNotDependOnWhatWasAskedBefore) {
  const TestProblem problem = make_problem(GetParam().name);
  const double first = constant(problem, -0.3);
  constant(problem, 0.4);
  EXPECT_EQ(constant(problem, -0.3), first);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Lasso,
                         testing::Values(Case{"lasso/simple", 60, 25, 3},
                                         Case{"lasso/medium", 100, 42, 5},
                                         Case{"lasso/high", 300, 127, 15},
                                         Case{"lasso/hard", 1000, 425, 50}),
                         [](const auto& info) { return std::string(info.param.name).substr(6); });

}  // namespace
}  // namespace asktell::benchmarks
