// engineering/: the closed-form problems among the fifteen of Yu, Picard, Ahmed 2024 ("Fast and
// accurate Bayesian optimization with pre-trained transformers for constrained engineering
// problems"), as coded there but minimized; and constrained toys of other papers: Gramacy et al.
// 2016 ("Modeling an augmented Lagrangian for blackbox constrained optimization"), Letham et al.
// 2019 (Hartmann in a ball). Best known values: many starts of SLSQP and differential evolution.
#include <asktell/benchmarks/problems/classic/classic.hpp>
#include <asktell/benchmarks/problems/constrained/suites.hpp>
#include <asktell/benchmarks/problems/families.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = TestProblem::Point;

constexpr const char* kSeed = "Yu, Picard, Ahmed 2024, arXiv:2404.04495, as coded there";
constexpr std::int64_t kBudget = 120;  // 20 initial points and 100 iterations, as reported there

Values jlh1(Point x) {
  return constrained(square(x[0] - 0.5) + square(x[1] - 0.5), {x[0] + x[1] - 0.75});
}

double gardner(Point x) {
  return std::cos(2 * x[0]) * std::cos(x[1]) + std::sin(x[0]);
}

Values jlh2(Point x) {
  return constrained(gardner(x), {square(x[0] + 5) / 4 + square(x[1]) / 100 - 2.5});
}

Values gkxwc1(Point x) {
  return constrained(gardner(x), {std::cos(x[0] + x[1]) - 0.5});
}

Values gkxwc2(Point x) {
  return constrained(std::sin(x[0]) + x[1], {std::sin(x[0]) * std::sin(x[1]) + 0.95});
}

Values ackley_in_ball(const Classic& ackley, Point x) {
  double sum = 0, squares = 0;
  for (double v : x) {
    sum += v;
    squares += v * v;
  }
  return constrained(ackley(x), {sum, std::sqrt(squares) - 5});
}

Values gramacy(Point x) {
  const double waves = std::sin(2 * pi * (x[0] * x[0] - 2 * x[1]));
  return constrained(x[0] + x[1],
                     {1.5 - x[0] - 2 * x[1] - 0.5 * waves, x[0] * x[0] + x[1] * x[1] - 1.5});
}

Values hartmann6_in_ball(Point x) {
  static const Classic hartmann6("hartmann6");
  double squares = 0;
  for (double v : x) squares += v * v;
  return constrained(hartmann6(x), {std::sqrt(squares) - 1});
}

const std::vector<double> kKeane18 = {
    3.160325576057632,  3.122177028029191,   3.084676372256694,   3.0472770938335496,
    3.00943675585029,   2.970543949050361,   2.9298155156510175,  0.5137438933790485,
    0.5053967023816469, 0.49776455990731444, 0.490722045510374,   0.48417580464719306,
    0.4780541814305479, 0.47230080815227776, 0.46687042776124366, 0.4617260699396477,
    0.4568371037961516, 0.45217780284173453};

// Best known values of Keane's bump, by dimension.
double keane_optimum(std::int64_t dimension) {
  constexpr std::pair<std::int64_t, double> kKnown[] = {
      {2, -0.364979745871},  {5, -0.634448686949},  {10, -0.747310361526}, {15, -0.782444960453},
      {18, -0.797113875812}, {20, -0.803619104126}, {30, -0.819934519666}, {50, -0.83078784014}};
  const auto* found = std::find_if(std::begin(kKnown), std::end(kKnown),
                                   [&](const auto& each) { return each.first == dimension; });
  return found == std::end(kKnown) ? kUnknown : found->second;
}

struct DimensionOption {
  std::int64_t dimension = 0;
};

void register_keane(ProblemRegistry& registry) {
  const auto schema = Schema<DimensionOption>().field(
      "dimension", &DimensionOption::dimension,
      "coordinates; 0: 18; the best known value is known for 2, 5, 10, 15, 18, 20, 30, 50", 0,
      10'000);
  registry.add(
      {.name = "engineering/keane-bump",
       .summary = "Keane's bumpy function with the product constraint active",
       .reference = kSeed},
      schema, [](const DimensionOption& options) {
        const std::int64_t d = options.dimension == 0 ? 18 : options.dimension;
        std::vector<std::vector<double>> argmins;
        if (d == 18) argmins.push_back(kKeane18);
        return make_formula_problem({.variables = variables(static_cast<std::size_t>(d), 0, 10),
                                     .formula = keane_bump,
                                     .optimum = keane_optimum(d),
                                     .argmins = std::move(argmins),
                                     .budget = kBudget});
      });
}

void register_ackley(ProblemRegistry& registry) {
  const auto schema =
      Schema<DimensionOption>().field("dimension", &DimensionOption::dimension,
                                      "coordinates; 0: 2 (reported: 2, 6, 10)", 0, 10'000);
  registry.add(
      {.name = "engineering/ackley",
       .summary = "Ackley's function below a plane and in a ball, the plane through the "
                  "optimum",
       .reference = kSeed},
      schema, [](const DimensionOption& options) {
        const auto d = static_cast<std::size_t>(options.dimension == 0 ? 2 : options.dimension);
        return make_formula_problem({.variables = variables(d, -5, 10),
                                     .formula = [ackley = Classic("ackley", static_cast<int>(d))](
                                                    Point x) { return ackley_in_ball(ackley, x); },
                                     .optimum = 0,
                                     .proven = true,
                                     .argmins = {std::vector<double>(d, 0.0)},
                                     .budget = kBudget});
      });
}

}  // namespace

Values keane_bump(Point x) {
  double fourth = 0, product_of_squares = 1, weighted = 0, product = 1, sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double c = square(std::cos(x[i]));
    fourth += c * c;
    product_of_squares *= c;
    weighted += static_cast<double>(i + 1) * x[i] * x[i];
    product *= x[i];
    sum += x[i];
  }
  // The ratio has no value at the origin, which is infeasible.
  const double ratio =
      weighted > 0 ? std::abs((fourth - 2 * product_of_squares) / std::sqrt(weighted)) : 0;
  return constrained(-ratio, {0.75 - product, sum - 7.5 * static_cast<double>(x.size())});
}

void register_engineering_functions(ProblemRegistry& registry) {
  const double arcsine = std::asin(0.95);
  const FormulaProblem rows[] = {
      {.name = "engineering/jlh1",
       .summary = "Sphere cut by a line",
       .reference = kSeed,
       .variables = variables(2, 0, 1),
       .formula = jlh1,
       .optimum = 0.03125,
       .proven = true,
       .argmins = {{0.375, 0.375}},
       .budget = kBudget},
      {.name = "engineering/jlh2",
       .summary = "Gardner's waves in an ellipse",
       .reference = kSeed,
       .variables = {{-5, 0}, {-5, 5}},
       .formula = jlh2,
       .optimum = -1.82543961703,
       .argmins = {{-1.8377223398316206, 0}},
       .budget = kBudget},
      {.name = "engineering/gkxwc1",
       .summary = "Gardner's waves between parallel bands",
       .reference = "Gardner et al. 2014, first simulation, as coded in " + std::string(kSeed),
       .variables = variables(2, 0, 6),
       .formula = gkxwc1,
       .optimum = -2,
       .proven = true,
       .argmins = {{1.5 * pi, 0}},
       .budget = kBudget},
      {.name = "engineering/gkxwc2",
       .summary = "A sine plus a line where feasible regions are small",
       .reference = "Gardner et al. 2014, second simulation, as coded in " + std::string(kSeed),
       .variables = variables(2, 0, 6),
       .formula = gkxwc2,
       .optimum = arcsine - 1,
       .proven = true,
       .argmins = {{1.5 * pi, arcsine}},
       .budget = kBudget},
      {.name = "constrained/gramacy",
       .summary = "Linear objective, one wavy and one round constraint",
       .reference = "Gramacy et al. 2016",
       .variables = variables(2, 0, 1),
       .formula = gramacy,
       .optimum = 0.599788052,
       .argmins = {{0.19512268339206693, 0.4046653686092562}}},
      {.name = "constrained/hartmann6",
       .summary = "Hartmann's six-dimensional function in the unit ball, which holds its optimum",
       .reference = "Letham et al. 2019",
       .variables = variables(6, 0, 1),
       .formula = hartmann6_in_ball,
       .optimum = Classic("hartmann6").optimum(),
       .proven = true,
       .argmins = Classic("hartmann6").argmins()},
  };
  for (const FormulaProblem& row : rows) register_formula(registry, row);
  register_ackley(registry);
  register_keane(registry);
}

void register_constrained(ProblemRegistry& registry) {
  register_engineering_functions(registry);
  register_engineering_designs(registry);
  register_cec2006(registry);
}

}  // namespace asktell::benchmarks
