// See suites.hpp.
#include <asktell/benchmarks/problems/families.hpp>
#include <asktell/benchmarks/problems/multi_fidelity/suites.hpp>

#include <cmath>

namespace asktell::benchmarks {
namespace {

using Point = TestProblem::Point;

void add_parameters(Space& space, const FidelityProblem& row) {
  for (std::size_t i = 0; i < row.variables.size(); ++i) {
    space.real("x" + std::to_string(i), row.variables[i].low, row.variables[i].high);
  }
  for (std::size_t i = 0; i < row.fidelities.size(); ++i) {
    const std::string number = row.fidelities.size() == 1 ? "" : std::to_string(i);
    const Variable& each = row.fidelities[i];
    const ParameterOptions role{.role = Role::kFidelity};
    if (each.integer) {
      space.integer("fidelity" + number, static_cast<std::int64_t>(each.low),
                    static_cast<std::int64_t>(each.high), role);
    } else {
      space.real("fidelity" + number, each.low, each.high, role);
    }
  }
}

}  // namespace

TestProblem make_fidelity_problem(const FidelityProblem& row) {
  TestProblem problem;
  add_parameters(problem.space, row);
  for (const Variable& each : row.fidelities) problem.target.push_back(each.high);
  problem.optimum = row.optimum;
  problem.proven = row.proven;
  for (std::vector<double> argmin : row.argmins) {
    argmin.insert(argmin.end(), problem.target.begin(), problem.target.end());
    problem.argmins.push_back(std::move(argmin));
  }
  const std::size_t d = row.variables.size();
  problem.budget = 20 * static_cast<std::int64_t>(d) + 10;
  problem.evaluate = [value = row.value, cost = row.cost, d](Point x) {
    const Point s = x.subspan(d);
    return Values{.objectives = {value(x.first(d), s)}, .cost = cost(s)};
  };
  if (row.noise) {
    problem.observe = [evaluate = problem.evaluate, noise = row.noise, d](Point x,
                                                                          RandomStream& stream) {
      Values values = evaluate(x);
      values.objectives[0] += noise(x.subspan(d), stream);
      return values;
    };
  }
  return problem;
}

void set_levels(FidelityProblem& row, std::vector<double> costs,
                std::function<double(Point x, std::size_t level)> value) {
  row.fidelities = {{.low = 0, .high = static_cast<double>(costs.size() - 1), .integer = true}};
  row.cost = [costs = std::move(costs)](Point s) {
    return costs.at(static_cast<std::size_t>(s[0]));
  };
  row.value = [value = std::move(value)](Point x, Point s) {
    return value(x, static_cast<std::size_t>(s[0]));
  };
}

void set_continuous(FidelityProblem& row, std::function<double(Point x, double s)> value) {
  row.fidelities = {{.low = 0, .high = 1}};
  row.cost = [](Point s) { return 0.05 + 0.95 * std::pow(s[0], 1.5); };
  row.value = [value = std::move(value)](Point x, Point s) { return value(x, s[0]); };
}

void register_multi_fidelity(ProblemRegistry& registry) {
  register_l1(registry);
  register_mf2(registry);
  register_fidelities(registry);
}

}  // namespace asktell::benchmarks
