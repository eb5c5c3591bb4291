// Iteration counts of the linear solvers against those of an independent implementation of the
// reference code (Khodak et al. 2024), which two programs agreed on.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/benchmarks/problems/linear_solvers/solvers.hpp>
#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {
namespace {

double count(const TestProblem& problem, double omega) {
  return problem.evaluate({&omega, 1}).objectives[0];
}

// Counts at omega = 1, 1.05, ..., 1.95 for a grid of side 10.
struct Row {
  double shift;
  const char* right_side;
  std::vector<double> sweeps;
};
const Row kSweeps[] = {
    {0, "ones", {223, 201, 181, 162, 145, 130, 115, 101, 88,  75,
                 62,  46,  43,  48,  58,  70,  89,  122, 187, 383}},
    {0.2, "ones", {103, 93, 83, 74, 66, 58, 50, 43,  34,  29,
                   32,  36, 44, 47, 57, 70, 91, 120, 185, 382}},
    {-0.1, "ones", {572, 517, 467, 421, 379, 340, 304, 270, 238, 209,
                    181, 154, 127, 100, 61,  71,  91,  123, 188, 384}},
    {0, "ramp", {222, 200, 180, 162, 145, 129, 115, 101, 88,  75,
                 62,  46,  43,  49,  58,  70,  89,  122, 188, 382}},
    {0, "alternating", {158, 144, 130, 118, 107, 96, 86, 77,  67,  58,
                        49,  38,  41,  45,  55,  66, 86, 115, 178, 362}},
};

TEST(LinearSolvers, CountsSweepsAsTheReference) {
  for (const Row& row : kSweeps) {
    SCOPED_TRACE(testing::Message() << row.right_side << " shift " << row.shift);
    const TestProblem problem = make_problem(
        "linear-solvers/sor", {{"shift", row.shift}, {"right_side", std::string(row.right_side)}});
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(count(problem, 1 + 0.05 * i), row.sweeps[static_cast<std::size_t>(i)]) << i;
  }
}

TEST(LinearSolvers, CountsSweepsOfSmallGridsAsTheReference) {
  const double omegas[] = {1, 1.1, 1.2, 1.3, 1.5, 1.95};
  const double three[] = {28, 20, 13, 17, 28, 364}, four[] = {45, 35, 25, 17, 29, 360};
  const TestProblem of_three = make_problem("linear-solvers/sor", {{"side", 3}});
  const TestProblem of_four = make_problem("linear-solvers/sor", {{"side", 4}});
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(count(of_three, omegas[i]), three[i]);
    EXPECT_EQ(count(of_four, omegas[i]), four[i]);
  }
}

TEST(LinearSolvers, TheBestRelaxationIsThatOfYoung) {
  // omega* = 2 / (1 + sin(pi / 11)) needs 41 sweeps; counts fall a little further beside it.
  const TestProblem problem = make_problem("linear-solvers/sor");
  EXPECT_EQ(count(problem, 1.560387921274774), 41);
  EXPECT_LE(problem.optimum, 41);
  EXPECT_NEAR(problem.argmins[0][0], 1.5604, 0.05);
  EXPECT_FALSE(problem.proven);
}

TEST(LinearSolvers, CountsPreconditionedIterationsAsTheReference) {
  const double omegas[] = {2 * std::sqrt(2.) - 2, 1, 1.2, 1.4, 1.5, 1.6, 1.75, 1.9, 1.95};
  const double plain[] = {15, 13, 12, 13, 13, 13, 15, 16, 17};
  const double shifted[] = {11, 10, 9, 9, 10, 11, 13, 14, 15};
  const TestProblem of_plain = make_problem("linear-solvers/ssor-pcg");
  const TestProblem of_shifted = make_problem("linear-solvers/ssor-pcg", {{"shift", 0.5}});
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(count(of_plain, omegas[i]), plain[i]) << omegas[i];
    EXPECT_EQ(count(of_shifted, omegas[i]), shifted[i]) << omegas[i];
  }
  EXPECT_EQ(count(of_plain, 0), 15);  // without a preconditioner
}

TEST(LinearSolvers, SolveTheSystem) {
  using linear_solvers::VectorXd;
  const linear_solvers::Stencil a = {10, 4, -1};
  const VectorXd b = VectorXd::Ones(100);
  VectorXd x = VectorXd::Zero(100);
  linear_solvers::ssor_pcg(a, b, 1.5, x);
  EXPECT_NEAR(x[0], 1.3424237586, 1e-7);
  EXPECT_NEAR(x[44], 8.73292136, 1e-6);
  EXPECT_LT((a * x - b).norm(), 1e-7);
  EXPECT_EQ(linear_solvers::ssor_pcg(a, b, 1.5, x), 0);  // nothing is left to do
}

// Totals over 5000 steps; the order of sums may move them by a tenth of a percent.
TEST(LinearSolvers, HeatEquationTakesTheIterationsOfTheReference) {
  const TestProblem problem = make_problem("linear-solvers/heat", {{"knots", 1}, {"steps", 5000}});
  EXPECT_NEAR(count(problem, 1), 32800, 32.8);
  EXPECT_NEAR(count(problem, 1.95), 63050, 63.05);
  EXPECT_NEAR(count(problem, 0), 85422, 85.4);  // without a preconditioner
}

TEST(LinearSolvers, OmegaIsLinearBetweenItsKnots) {
  const TestProblem one = make_problem("linear-solvers/sor-shifted", {{"knots", 1}});
  const TestProblem three = make_problem("linear-solvers/sor-shifted", {{"knots", 3}});
  const std::vector<double> constant(3, 1.4);
  EXPECT_EQ(three.evaluate(constant).objectives[0], count(one, 1.4));
  const TestProblem two = make_problem("linear-solvers/sor-shifted", {{"knots", 2}});
  EXPECT_EQ(three.evaluate(std::vector<double>{1.7, 1.5, 1.3}).objectives[0],
            two.evaluate(std::vector<double>{1.7, 1.3}).objectives[0]);
}

// Young's formula at each shift cannot be reached by four knots, but nearly.
TEST(LinearSolvers, FallingOmegaBeatsTheBestConstant) {
  for (const char* variance : {"high", "low"}) {
    SCOPED_TRACE(variance);
    const TestProblem one = make_problem("linear-solvers/sor-shifted",
                                         {{"knots", 1}, {"variance", std::string(variance)}});
    const TestProblem four =
        make_problem("linear-solvers/sor-shifted", {{"variance", std::string(variance)}});
    double best = 1e9;
    for (int i = 0; i < 20; ++i) best = std::min(best, count(one, 1 + 0.05 * i));
    std::vector<double> young;
    for (int i = 0; i < 4; ++i) {
      const double beta = 4 * std::cos(std::acos(-1.) / 11) / (4 - 0.15 + 0.2 * i);
      young.push_back(2 / (1 + std::sqrt(1 - beta * beta)));
    }
    EXPECT_LT(four.evaluate(young).objectives[0], best);
    EXPECT_LE(four.optimum, four.evaluate(young).objectives[0]);
  }
}

}  // namespace
}  // namespace asktell::benchmarks
