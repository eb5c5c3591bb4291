// See formula.hpp.
#include <asktell/benchmarks/problems/formula.hpp>

#include <algorithm>
#include <memory>
#include <string_view>

namespace asktell::benchmarks {
namespace {

std::size_t nearest_level(const std::vector<double>& levels, double value) {
  const auto closer = [&](double a, double b) { return std::abs(a - value) < std::abs(b - value); };
  return static_cast<std::size_t>(std::min_element(levels.begin(), levels.end(), closer) -
                                  levels.begin());
}

Space space_of(const std::vector<Variable>& variables) {
  Space space;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Variable& each = variables[i];
    const std::string name = "x" + std::to_string(i);
    if (!each.levels.empty()) {
      space.ordinal(name, {each.levels.begin(), each.levels.end()});
    } else if (each.integer) {
      space.integer(name, static_cast<std::int64_t>(each.low),
                    static_cast<std::int64_t>(each.high));
    } else {
      space.real(name, each.low, each.high);
    }
  }
  return space;
}

std::vector<double> values_of(const std::vector<Variable>& variables, TestProblem::Point slots) {
  std::vector<double> values(slots.begin(), slots.end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::vector<double>& levels = variables[i].levels;
    if (!levels.empty()) values[i] = levels.at(static_cast<std::size_t>(values[i]));
  }
  return values;
}

std::vector<double> slots_of(const std::vector<Variable>& variables, std::vector<double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::vector<double>& levels = variables[i].levels;
    if (!levels.empty()) values[i] = static_cast<double>(nearest_level(levels, values[i]));
  }
  return values;
}

std::vector<double> centre(const std::vector<Variable>& variables) {
  std::vector<double> values;
  for (const Variable& each : variables) {
    values.push_back(each.levels.empty() ? 0.5 * (each.low + each.high) : each.levels.front());
  }
  return values;
}

std::vector<std::string> numbered(std::string_view letter, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) {
    names.push_back(std::string(letter) + std::to_string(i));
  }
  return names;
}

}  // namespace

std::vector<Variable> variables(std::size_t count, double low, double high) {
  return std::vector<Variable>(count, Variable{.low = low, .high = high});
}

TestProblem make_formula_problem(const FormulaProblem& row) {
  const Values shape = row.formula(centre(row.variables));
  TestProblem problem;
  problem.space = space_of(row.variables);
  if (shape.objectives.size() > 1) problem.objectives = numbered("f", shape.objectives.size());
  problem.constraints = numbered("g", shape.constraints.size() - row.equalities);
  for (std::string& name : numbered("h", row.equalities)) {
    problem.constraints.push_back(std::move(name));
  }
  problem.optimum = row.optimum;
  problem.proven = row.proven;
  for (const std::vector<double>& argmin : row.argmins) {
    problem.argmins.push_back(slots_of(row.variables, argmin));
  }
  problem.reference_point = row.reference_point;
  problem.hypervolume = row.hypervolume;
  const auto d = static_cast<std::int64_t>(row.variables.size());
  problem.budget = row.budget > 0 ? row.budget : 20 * d + 10;
  const bool levels = std::any_of(row.variables.begin(), row.variables.end(),
                                  [](const Variable& each) { return !each.levels.empty(); });
  if (levels) {
    problem.evaluate = [variables = row.variables, formula = row.formula](TestProblem::Point x) {
      return formula(values_of(variables, x));
    };
  } else {
    problem.evaluate = row.formula;
  }
  return problem;
}

void register_formula(ProblemRegistry& registry, FormulaProblem row) {
  ProblemInfo info{.name = row.name, .summary = row.summary, .reference = row.reference};
  const auto shared = std::make_shared<const FormulaProblem>(std::move(row));
  struct NoOptions {};
  registry.add(std::move(info), Schema<NoOptions>(),
               [shared](const NoOptions&) { return make_formula_problem(*shared); });
}

}  // namespace asktell::benchmarks
