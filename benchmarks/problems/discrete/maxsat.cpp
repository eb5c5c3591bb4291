// Weighted random 3-SAT with a planted assignment that satisfies all clauses; the objective is the
// weight of the unsatisfied clauses over the weight of all, so that the optimum is 0. The problem
// of Oh, Tomczak, Gavves, Welling (2019), "Combinatorial Bayesian optimization using the graph
// Cartesian product", on instances of our own.
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include <asktell/benchmarks/problems/discrete/discrete.hpp>

namespace asktell::benchmarks::discrete {
namespace {

struct Clause {
  std::array<std::size_t, 3> variables = {};
  std::array<bool, 3> wanted = {};  // met when one variable is as wanted
  double weight = 0;

  bool met(TestProblem::Point x) const {
    for (std::size_t i = 0; i < 3; ++i) {
      if ((x[variables[i]] > 0.5) == wanted[i]) return true;
    }
    return false;
  }
};

struct MaxsatOptions {
  std::int64_t variables = 28;
  double ratio = 4.26;
  std::int64_t seed = 1;
};

Clause random_clause(std::uint64_t variables, RandomStream& stream) {
  Clause clause;
  for (std::size_t i = 0; i < 3; ++i) {
    std::size_t drawn = 0;
    do {
      drawn = stream.integer(variables);
    } while ((i > 0 && drawn == clause.variables[0]) || (i > 1 && drawn == clause.variables[1]));
    clause.variables[i] = drawn;
    clause.wanted[i] = stream.integer(2) == 1;
  }
  clause.weight = -std::log(stream.uniform());
  return clause;
}

TestProblem make(const MaxsatOptions& options) {
  const auto n = static_cast<std::size_t>(options.variables);
  RandomStream stream(static_cast<std::uint64_t>(options.seed), Purpose::kUser);
  std::vector<double> planted(n);
  for (double& value : planted) value = static_cast<double>(stream.integer(2));

  std::vector<Clause> clauses;
  double total = 0;
  while (static_cast<double>(clauses.size()) < options.ratio * static_cast<double>(n)) {
    const Clause clause = random_clause(n, stream);
    if (!clause.met(planted)) continue;
    total += clause.weight;
    clauses.push_back(clause);
  }

  TestProblem problem;
  problem.space = booleans(static_cast<int>(n));
  problem.optimum = 0;
  problem.argmins = {planted};
  problem.budget = 10 * options.variables;
  problem.evaluate = [clauses, total](TestProblem::Point x) {
    double unmet = 0;
    for (const Clause& clause : clauses) unmet += clause.met(x) ? 0 : clause.weight;
    return Values{.objectives = {unmet / total}};
  };
  return problem;
}

}  // namespace

void register_maxsat(ProblemRegistry& registry) {
  registry.add({.name = "discrete/maxsat",
                .summary = "Weight of the unsatisfied clauses of a random 3-SAT formula",
                .reference = "Oh, Tomczak, Gavves, Welling (2019), Combinatorial Bayesian "
                             "optimization using the graph Cartesian product"},
               Schema<MaxsatOptions>()
                   .field("variables", &MaxsatOptions::variables, "bits", 3, 10'000)
                   .field("ratio", &MaxsatOptions::ratio, "clauses a variable", 0.5, 100)
                   .field("seed", &MaxsatOptions::seed, "of the formula", 0, 1e9),
               make);
}

}  // namespace asktell::benchmarks::discrete
