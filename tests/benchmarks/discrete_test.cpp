// Discrete problems against values worked out apart from this code: by exhaustive search, by
// enumeration of the states of a model, from the literature.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {
namespace {

double value(const TestProblem& problem, const std::vector<double>& x) {
  return problem.evaluate(x).objectives[0];
}

std::vector<double> bits(std::uint64_t word, std::size_t count) {
  std::vector<double> x;
  for (std::size_t i = 0; i < count; ++i) x.push_back(static_cast<double>((word >> i) & 1));
  return x;
}

// The least value over all points of a binary problem.
double exhaustive(const TestProblem& problem) {
  const std::size_t n = problem.space.slots();
  double least = INFINITY;
  for (std::uint64_t word = 0; word < std::uint64_t{1} << n; ++word)
    least = std::min(least, value(problem, bits(word, n)));
  return least;
}

// Changing one or two bits of the minimizer does not improve.
void expect_no_better_neighbour(const TestProblem& problem) {
  std::vector<double> x = problem.argmins[0];
  const double slack = 1e-12 * std::max(1., std::abs(problem.optimum));
  for (double& first : x) {
    for (double& second : x) {
      first = 1 - first;
      if (&first != &second) second = 1 - second;
      EXPECT_GE(value(problem, x), problem.optimum - slack);
      first = 1 - first;
      if (&first != &second) second = 1 - second;
    }
  }
}

TEST(DiscreteAckley, MatchesTheGridInOrder) {
  const TestProblem problem = make_problem("discrete/ackley", {{"shuffled", false}});
  ASSERT_EQ(problem.space.slots(), 20);
  EXPECT_NEAR(value(problem, std::vector<double>(20, 5)), 0, 1e-14);
  EXPECT_NEAR(value(problem, std::vector<double>(20, 6)), 16.936627793377, 1e-11);
  std::vector<double> x(20, 5);
  x[7] = 6;
  EXPECT_NEAR(value(problem, x), 5.332599301645, 1e-11);
}

TEST(DiscreteAckley, ShufflesTheLabelsOfEachParameterBySeed) {
  const TestProblem one = make_problem("discrete/ackley");
  const TestProblem two = make_problem("discrete/ackley", {{"seed", 2}});
  EXPECT_NE(one.argmins[0], two.argmins[0]);
  const std::vector<double>& argmin = one.argmins[0];
  EXPECT_NE(std::ranges::count(argmin, argmin[0]), 20);  // not the same label everywhere
  // All 11 values occur: those of one parameter, sorted, are those of any other.
  const auto values = [&](std::size_t i) {
    std::vector<double> found, x = argmin;
    for (int label = 0; label < 11; ++label) {
      x[i] = label;
      found.push_back(value(one, x));
    }
    std::ranges::sort(found);
    return found;
  };
  for (std::size_t i = 1; i < 20; ++i) {
    for (std::size_t k = 0; k < 11; ++k) EXPECT_NEAR(values(i)[k], values(0)[k], 1e-12);
  }
}

// Energies of Packebusch & Mertens (2016), table 1.
TEST(Labs, HasTheKnownLeastEnergies) {
  constexpr int kEnergies[] = {1,  2,  2,  7,  3,  8,  12, 13, 5,  10, 6,  19, 15, 24,
                               32, 25, 29, 26, 26, 39, 47, 36, 36, 45, 37, 50, 62, 59};
  int length = 3;
  for (int energy : kEnergies) {
    SCOPED_TRACE(length);
    const TestProblem problem = make_problem("discrete/labs", {{"length", length++}});
    EXPECT_EQ(problem.optimum, energy);
    for (const std::vector<double>& argmin : problem.argmins)
      EXPECT_EQ(value(problem, argmin), energy);
  }
}

TEST(Labs, NoSequenceOfSixteenHasLessEnergy) {
  const TestProblem problem = make_problem("discrete/labs", {{"length", 16}});
  EXPECT_EQ(exhaustive(problem), 24);
  // All signs equal: sum of k^2 for k < 16.
  EXPECT_EQ(value(problem, std::vector<double>(16, 1)), 15 * 16 * 31 / 6);
}

TEST(BinaryQuadratic, HasTheKnownOptimumAndMean) {
  const TestProblem problem = make_problem("discrete/binary-quadratic");
  EXPECT_NEAR(problem.optimum, -4.9107395427, 1e-9);
  EXPECT_EQ(problem.argmins[0], (std::vector<double>{0, 1, 1, 1, 0, 0, 0, 1, 1, 1}));
  EXPECT_NEAR(value(problem, std::vector<double>(10, 1)), 0.9945218349, 1e-9);
  double mean = 0;
  std::vector<double> values;
  for (std::uint64_t word = 0; word < 1024; ++word) {
    values.push_back(value(problem, bits(word, 10)));
    mean += values.back() / 1024;
  }
  std::ranges::sort(values);
  EXPECT_NEAR(mean, 0.4993457755, 1e-9);
  EXPECT_NEAR(values[1], -4.6540593041, 1e-9);
}

TEST(BinaryQuadratic, OptimaOfOtherSizesAreThoseOfAllPoints) {
  const TestProblem problem =
      make_problem("discrete/binary-quadratic", {{"dimension", 14}, {"decay", 3}, {"lambda", 0.7}});
  EXPECT_NEAR(problem.optimum, exhaustive(problem), 1e-12);
}

TEST(Contamination, PreventionEverywhereCostsItsPriceOnly) {
  // Without prevention hardly a scenario stays clean; with it everywhere, nearly all do.
  for (int seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    const TestProblem problem = make_problem("discrete/contamination", {{"seed", seed}});
    const double everywhere = value(problem, std::vector<double>(25, 1));
    EXPECT_GE(everywhere, 25);
    EXPECT_LT(everywhere, 26);
    const double nowhere = value(problem, std::vector<double>(25, 0));
    EXPECT_GT(nowhere, 22);
    EXPECT_LE(nowhere, 25);
    EXPECT_LT(problem.optimum, nowhere);
    expect_no_better_neighbour(problem);
  }
}

// Energies of the 2^16 states of a 4 x 4 grid; edges within rows first, then between rows.
std::vector<double> energies(const std::array<double, 24>& interactions) {
  std::vector<double> found;
  for (unsigned state = 0; state < 65536; ++state) {
    const auto spin = [&](unsigned row, unsigned column) {
      return (state >> (4 * row + column)) & 1 ? 1. : -1.;
    };
    double energy = 0;
    for (unsigned i = 0; i < 12; ++i) {
      energy += interactions[i] * spin(i / 3, i % 3) * spin(i / 3, i % 3 + 1);
      energy += interactions[12 + i] * spin(i / 4, i % 4) * spin(i / 4 + 1, i % 4);
    }
    found.push_back(energy);
  }
  return found;
}

double log_sum_exp(const std::vector<double>& values) {
  const double most = std::ranges::max(values);
  double sum = 0;
  for (double value : values) sum += std::exp(value - most);
  return most + std::log(sum);
}

TEST(Ising, CostIsTheDivergenceOverAllStatesAndThePriceOfTheEdges) {
  RandomStream stream(2, Purpose::kUser);
  std::array<double, 24> interactions{};
  for (double& interaction : interactions) {
    const double size = 0.05 + 4.95 * stream.uniform();
    interaction = stream.uniform() < 0.5 ? -size : size;
  }
  const std::vector<double> full = energies(interactions);
  const double full_log_sum = log_sum_exp(full);
  const TestProblem problem = make_problem("discrete/ising", {{"seed", 2}});
  for (std::uint64_t kept : {0x5bbbffULL, 0x0f1e2dULL, 0ULL, 0xffffffULL}) {
    std::array<double, 24> sparse = interactions;
    for (std::size_t e = 0; e < 24; ++e) sparse[e] *= static_cast<double>((kept >> e) & 1);
    const std::vector<double> other = energies(sparse);
    double divergence = log_sum_exp(other) - full_log_sum;
    for (std::size_t state = 0; state < full.size(); ++state)
      divergence += std::exp(full[state] - full_log_sum) * (full[state] - other[state]);
    EXPECT_NEAR(value(problem, bits(kept, 24)), divergence + 0.01 * std::popcount(kept), 1e-9);
  }
}

TEST(Ising, OptimumHasNoBetterNeighbour) {
  for (int seed = 1; seed <= 5; ++seed) {
    const TestProblem problem = make_problem("discrete/ising", {{"seed", seed}});
    expect_no_better_neighbour(problem);
    EXPECT_LT(problem.optimum, 0.24);  // all edges: no divergence, their price
  }
}

TEST(Maxsat, PlantedAssignmentMeetsAllClauses) {
  for (int variables : {28, 60, 200}) {
    const TestProblem problem = make_problem("discrete/maxsat", {{"variables", variables}});
    EXPECT_EQ(problem.optimum, 0);
    EXPECT_EQ(value(problem, problem.argmins[0]), 0);
    // A random assignment misses a clause of three with probability 1/8.
    RandomStream stream(3, Purpose::kUser);
    double mean = 0;
    for (int i = 0; i < 400; ++i) {
      std::vector<double> x;
      for (int j = 0; j < variables; ++j) x.push_back(static_cast<double>(stream.integer(2)));
      mean += value(problem, x) / 400;
    }
    EXPECT_NEAR(mean, 0.125, 0.03);
  }
}

// Over many draws, the covariance of the values at two points is tanh(beta) ^ distance.
TEST(KernelDraw, HasTheCovarianceOfADiffusionKernel) {
  constexpr int kDraws = 4000;
  const double likeness = std::tanh(0.3);
  std::array<double, 4> products{};
  for (int seed = 0; seed < kDraws; ++seed) {
    const TestProblem problem =
        make_problem("discrete/kernel-draw", {{"variables", 3}, {"seed", seed}});
    const double at = value(problem, {1, 0, 1});
    products[0] += at * at / kDraws;
    products[1] += at * value(problem, {1, 0, 0}) / kDraws;
    products[2] += at * value(problem, {0, 1, 1}) / kDraws;
    products[3] += at * value(problem, {0, 1, 0}) / kDraws;
  }
  for (std::size_t distance = 0; distance < 4; ++distance) {
    const double expected = std::pow(likeness, static_cast<double>(distance));
    EXPECT_NEAR(products[distance], expected, 4.5 * std::sqrt(2. / kDraws)) << distance;
  }
}

TEST(KernelDraw, OptimumIsThatOfAllPoints) {
  const TestProblem problem = make_problem("discrete/kernel-draw");
  ASSERT_EQ(problem.space.slots(), 12);
  EXPECT_EQ(problem.optimum, exhaustive(problem));
}

}  // namespace
}  // namespace asktell::benchmarks
