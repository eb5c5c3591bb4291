// The suites of multi-fidelity problems, one file each, and what they share: the fidelities are
// parameters of Role::kFidelity after the design variables, and the upper end of each is the truth.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <asktell/benchmarks/problems/formula.hpp>

namespace asktell::benchmarks {

void register_l1(ProblemRegistry& registry);          // mf-l1/
void register_mf2(ProblemRegistry& registry);         // mf2/
void register_fidelities(ProblemRegistry& registry);  // mf/: everything else

struct FidelityProblem {
  using Point = TestProblem::Point;

  std::vector<Variable> variables = {};   // of the design
  std::vector<Variable> fidelities = {};  // "fidelity", or "fidelity0", "fidelity1", ...
  std::function<double(Point x, Point s)> value = {};
  std::function<double(Point s)> cost = {};  // 1 at the truth
  // A draw of what is added to the value; empty without noise.
  std::function<double(Point s, RandomStream& stream)> noise = {};
  double optimum = kUnknown;
  bool proven = false;
  std::vector<std::vector<double>> argmins = {};  // designs
};

TestProblem make_fidelity_problem(const FidelityProblem& row);

// A fidelity of levels 0, 1, ... of these costs, the last of which is 1.
void set_levels(FidelityProblem& row, std::vector<double> costs,
                std::function<double(TestProblem::Point x, std::size_t level)> value);
// A fidelity in [0, 1] with the cost 0.05 + 0.95 s^1.5 of Kandasamy et al. 2017 (BOCA).
void set_continuous(FidelityProblem& row,
                    std::function<double(TestProblem::Point x, double s)> value);

}  // namespace asktell::benchmarks
