// See suites.hpp. Hartmann's wells: Dixon & Szego 1978.
#include <asktell/benchmarks/problems/families.hpp>
#include <asktell/benchmarks/problems/multi_fidelity/suites.hpp>

#include <cmath>

namespace asktell::benchmarks {
namespace {

using Point = TestProblem::Point;

template <std::size_t d>
using Wells = std::array<std::array<double, d>, 4>;

template <std::size_t d>
std::array<double, 4> exponents(const Wells<d>& a, const Wells<d>& p, Point x, double scale) {
  std::array<double, 4> q{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < d; ++j) q[i] += a[i][j] * square(x[j] - scale * 1e-4 * p[i][j]);
  }
  return q;
}

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

std::array<double, 4> hartmann3_exponents(Point x, double scale) {
  static constexpr Wells<3> kA = {{{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}}};
  static constexpr Wells<3> kP = {
      {{3689, 1170, 2673}, {4699, 4387, 7470}, {1091, 8732, 5547}, {381, 5743, 8828}}};
  return exponents(kA, kP, x, scale);
}

std::array<double, 4> hartmann6_exponents(Point x) {
  static constexpr Wells<6> kA = {{{10, 3, 17, 3.5, 1.7, 8},
                                   {0.05, 10, 17, 0.1, 8, 14},
                                   {3, 3.5, 1.7, 10, 17, 8},
                                   {17, 8, 0.05, 10, 0.1, 14}}};
  static constexpr Wells<6> kP = {{{1312, 1696, 5569, 124, 8283, 5886},
                                   {2329, 4135, 8307, 3736, 1004, 9991},
                                   {2348, 1451, 3522, 2883, 3047, 6650},
                                   {4047, 8828, 8732, 5743, 1091, 381}}};
  return exponents(kA, kP, x, 1);
}

double hartmann(const std::array<double, 4>& depths, const std::array<double, 4>& exponents) {
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) sum -= depths[i] * std::exp(-exponents[i]);
  return sum;
}

void register_multi_fidelity(ProblemRegistry& registry) {
  register_l1(registry);
  register_mf2(registry);
  register_fidelities(registry);
}

}  // namespace asktell::benchmarks
