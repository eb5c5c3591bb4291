// Test problems that are formulas over a list of variables, as rows of tables: the constrained and
// the multi-objective suites. A constraint is met where it is <= 0; an equality h = 0 is given as
// |h| - 1e-4 <= 0, the rule of Liang et al. 2006 (CEC-2006), which best known values make use of.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {

struct Variable {
  double low = 0;
  double high = 1;
  bool integer = false;
  std::vector<double> levels = {};  // one of these instead, in rising order; its slot is an index
};

struct FormulaProblem {
  std::string name = {};
  std::string summary = {};
  std::string reference = {};
  std::vector<Variable> variables = {};
  // Takes values, those of levels too; how many objectives and constraints it gives is the same
  // everywhere.
  std::function<Values(TestProblem::Point x)> formula = {};
  std::size_t equalities = 0;  // so many of the constraints, the last ones
  double optimum = kUnknown;
  bool proven = false;
  std::vector<std::vector<double>> argmins = {};  // values
  std::vector<double> reference_point = {};
  double hypervolume = kUnknown;
  std::int64_t budget = 0;  // 0: 20 d + 10
};

// The parameters are x0, x1, ...; objectives f1, f2, ... ("value" when there is one), constraints
// g1, g2, ... and the equalities h1, h2, ...
TestProblem make_formula_problem(const FormulaProblem& row);
void register_formula(ProblemRegistry& registry, FormulaProblem row);  // without options

// The same box in each of `count` variables.
std::vector<Variable> variables(std::size_t count, double low, double high);

inline double square(double x) {
  return x * x;
}
inline double cube(double x) {
  return x * x * x;
}
inline double equal(double h) {
  return std::abs(h) - 1e-4;
}
inline Values constrained(double objective, std::vector<double> constraints) {
  return {.objectives = {objective}, .constraints = std::move(constraints)};
}

}  // namespace asktell::benchmarks
