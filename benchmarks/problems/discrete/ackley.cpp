// Ackley's function on a grid of 11 values a coordinate whose labels are shuffled, so that their
// order says nothing. As in Dreczkowski, Grosnit, Bou Ammar (2023), "Framework and benchmarks for
// combinatorial and mixed-variable Bayesian optimization", which has 20 coordinates.
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include <asktell/benchmarks/problems/discrete/discrete.hpp>

namespace asktell::benchmarks::discrete {
namespace {

constexpr int kValues = 11;
constexpr int kCentre = 5;  // the index of zero

struct AckleyOptions {
  std::int64_t dimension = 20;
  bool shuffled = true;
  std::int64_t seed = 1;
};

double ackley(const std::vector<double>& x) {
  double squares = 0, cosines = 0;
  for (double v : x) {
    squares += v * v;
    cosines += std::cos(2 * std::numbers::pi * v);
  }
  const auto d = static_cast<double>(x.size());
  return -20 * std::exp(-0.2 * std::sqrt(squares / d)) - std::exp(cosines / d) + 20 +
         std::numbers::e;
}

// grid[i][c]: index on the grid of label c of coordinate i.
std::vector<std::vector<int>> labels(const AckleyOptions& options) {
  RandomStream stream(static_cast<std::uint64_t>(options.seed), Purpose::kUser);
  std::vector<std::vector<int>> grid(static_cast<std::size_t>(options.dimension));
  for (std::vector<int>& row : grid) {
    row.resize(kValues);
    std::iota(row.begin(), row.end(), 0);
    if (!options.shuffled) continue;
    for (std::size_t i = row.size() - 1; i > 0; --i) std::swap(row[i], row[stream.integer(i + 1)]);
  }
  return grid;
}

TestProblem make(const AckleyOptions& options) {
  TestProblem problem;
  std::vector<Value> names;
  for (int label = 0; label < kValues; ++label) names.emplace_back("c" + std::to_string(label));
  const auto grid = labels(options);
  std::vector<double> argmin;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    problem.space.categorical("x" + std::to_string(i), names);
    const auto centre = std::find(grid[i].begin(), grid[i].end(), kCentre);
    argmin.push_back(static_cast<double>(centre - grid[i].begin()));
  }
  problem.optimum = ackley(std::vector<double>(grid.size(), 0));
  problem.argmins = {argmin};
  problem.budget = 10 * options.dimension;
  problem.evaluate = [grid](TestProblem::Point x) {
    constexpr double kStep = 2 * 32.768 / (kValues - 1);
    std::vector<double> inner;
    for (std::size_t i = 0; i < grid.size(); ++i)
      inner.push_back(kStep * (grid[i][static_cast<std::size_t>(x[i])] - kCentre));
    return Values{.objectives = {ackley(inner)}};
  };
  return problem;
}

}  // namespace

void register_ackley(ProblemRegistry& registry) {
  registry.add(
      {.name = "discrete/ackley",
       .summary = "Ackley's function on 11 unordered categories a coordinate",
       .reference = "Dreczkowski, Grosnit, Bou Ammar (2023), Framework and benchmarks for "
                    "combinatorial and mixed-variable Bayesian optimization"},
      Schema<AckleyOptions>()
          .field("dimension", &AckleyOptions::dimension, "categorical parameters", 1, 1000)
          .field("shuffled", &AckleyOptions::shuffled, "shuffle the labels of each parameter")
          .field("seed", &AckleyOptions::seed, "of the shuffles", 0, 1e9),
      make);
}

}  // namespace asktell::benchmarks::discrete
