// mo/: two objectives, most with constraints. Binh & Korn 1997 (BNH), Srinivas & Deb 1994 (SRN),
// Tanaka et al. 1995 (TNK), Osyczka & Kundu 1995 (OSY), Deb et al. 2002 (CONSTR), Jain & Deb 2014
// (C2-DTLZ2), Ma & Wang 2019 (MW7), Belakaria et al. 2019 and Daulton et al. 2020 (Branin-Currin).
// Hypervolumes: closed forms, or one-dimensional quadrature along fronts found by optimality
// conditions; two of Branin-Currin are of dense sets, so bounds from below.
#include <asktell/benchmarks/problems/classic/classic.hpp>
#include <asktell/benchmarks/problems/classic/currin.hpp>
#include <asktell/benchmarks/problems/multi_objective/suites.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = TestProblem::Point;

Values bnh(Point x) {
  return {.objectives = {4 * x[0] * x[0] + 4 * x[1] * x[1], square(x[0] - 5) + square(x[1] - 5)},
          .constraints = {square(x[0] - 5) + square(x[1]) - 25,
                          7.7 - square(x[0] - 8) - square(x[1] + 3)}};
}

Values srn(Point x) {
  return {.objectives = {2 + square(x[0] - 2) + square(x[1] - 1), 9 * x[0] - square(x[1] - 1)},
          .constraints = {square(x[0]) + square(x[1]) - 225, x[0] - 3 * x[1] + 10}};
}

Values tnk(Point x) {
  const double angle = std::atan2(x[0], x[1]);
  return {.objectives = {x[0], x[1]},
          .constraints = {1 + 0.1 * std::cos(16 * angle) - x[0] * x[0] - x[1] * x[1],
                          square(x[0] - 0.5) + square(x[1] - 0.5) - 0.5}};
}

Values constr(Point x) {
  return {.objectives = {x[0], (1 + x[1]) / x[0]},
          .constraints = {6 - x[1] - 9 * x[0], 1 + x[1] - 9 * x[0]}};
}

Values osy(Point x) {
  double squares = 0;
  for (double v : x) squares += v * v;
  return {.objectives = {-25 * square(x[0] - 2) - square(x[1] - 2) - square(x[2] - 1) -
                             square(x[3] - 4) - square(x[4] - 1),
                         squares},
          .constraints = {2 - x[0] - x[1], x[0] + x[1] - 6, x[1] - x[0] - 2, x[0] - 3 * x[1] - 2,
                          square(x[2] - 3) + x[3] - 4, 4 - square(x[4] - 3) - x[5]}};
}

Values mw7(Point x) {
  double g = 1;
  for (std::size_t i = 1; i < x.size(); ++i) g += 2 * square(x[i] + square(x[i - 1] - 0.5) - 1);
  const double f1 = g * x[0], f2 = g * std::sqrt(1 - x[0] * x[0]);
  const double wave = std::sin(4 * std::atan2(f2, f1));
  const double radius = f1 * f1 + f2 * f2;
  return {.objectives = {f1, f2},
          .constraints = {radius - square(1.2 + 0.4 * std::pow(wave, 16)),
                          square(1.15 - 0.2 * std::pow(wave, 8)) - radius}};
}

Values branin_currin(Point x) {
  static const Classic branin("branin");
  return {.objectives = {branin.at_unit(x), currin(x[0], x[1])}};
}

Values constrained_branin_currin(Point x) {
  Values values = branin_currin(x);
  values.constraints = {square(15 * x[0] - 7.5) + square(15 * x[1] - 7.5) - 50};
  return values;
}

// Balls about the front's corners and its middle.
Values c2_dtlz2(Point x, std::size_t m) {
  const double radius = m == 2 ? 0.2 : m == 3 ? 0.4 : 0.5;
  Values values{.objectives = dtlz2(x, m)};
  double squares = 0, middle = 0, corner = std::numeric_limits<double>::infinity();
  for (double f : values.objectives) {
    squares += f * f;
    middle += square(f - 1 / std::sqrt(static_cast<double>(m)));
  }
  for (double f : values.objectives) corner = std::min(corner, squares - f * f + square(f - 1));
  values.constraints = {std::min(corner, middle) - radius * radius};
  return values;
}

struct C2Options {
  std::int64_t objectives = 2;
  std::int64_t dimension = 0;
};

TestProblem make_c2_dtlz2(const C2Options& options) {
  const auto m = static_cast<std::size_t>(options.objectives);
  const std::size_t d =
      options.dimension == 0 ? m + 9 : static_cast<std::size_t>(options.dimension);
  if (d < m) {
    throw std::invalid_argument("mo/c2-dtlz2: the dimension is " + std::to_string(d) +
                                "; it is at least the number of objectives");
  }
  return make_formula_problem({.variables = variables(d, 0, 1),
                               .formula = [m](Point x) { return c2_dtlz2(x, m); },
                               .proven = true,
                               .reference_point = std::vector<double>(m, 1.1),
                               .hypervolume = m == 2 ? 0.382333594401155 : kUnknown});
}

std::vector<FormulaProblem> rows() {
  return {
      {.name = "bnh",
       .summary = "Two quadratics, two discs",
       .reference = "Binh, Korn 1997",
       .variables = {{0, 5}, {0, 3}},
       .formula = bnh,
       .proven = true,
       .reference_point = {140, 50},
       .hypervolume = 5285 + 1. / 3},
      {.name = "srn",
       .summary = "Quadratics of opposite curvature",
       .reference = "Srinivas, Deb 1994",
       .variables = variables(2, -20, 20),
       .formula = srn,
       .proven = true,
       .reference_point = {250, 50},
       .hypervolume = 42689.7058},
      {.name = "tnk",
       .summary = "The front is a wavy constraint's edge, in three pieces",
       .reference = "Tanaka, Watanabe, Furukawa, Tanino 1995",
       .variables = variables(2, 0, pi),
       .formula = tnk,
       .proven = true,
       .reference_point = {1.1, 1.1},
       .hypervolume = 0.43339463},
      {.name = "constr",
       .summary = "Part of the unconstrained front is cut off",
       .reference = "Deb, Pratap, Agarwal, Meyarivan 2002",
       .variables = {{0.1, 1}, {0, 5}},
       .formula = constr,
       .proven = true,
       .reference_point = {10, 10},
       .hypervolume = 85.43267049787414},
      {.name = "osy",
       .summary = "Front of five segments, each on other constraints",
       .reference = "Osyczka, Kundu 1995",
       .variables = {{0, 10}, {0, 10}, {1, 5}, {0, 6}, {1, 5}, {0, 10}},
       .formula = osy,
       .proven = true,
       .reference_point = {-75, 75},
       .hypervolume = 10108.4056},
      {.name = "mw7",
       .summary = "Convex front between two waves",
       .reference = "Ma, Wang 2019",
       .variables = variables(15, 0, 1),
       .formula = mw7,
       .proven = true,
       .reference_point = {1.2, 1.2},
       .hypervolume = 0.5044046},
      {.name = "branin-currin",
       .summary = "Branin's and Currin's functions in the unit square",
       .reference = "Belakaria, Deshwal, Doppa 2019; Daulton, Balandat, Bakshy 2020",
       .variables = variables(2, 0, 1),
       .formula = branin_currin,
       .reference_point = {18, 6},
       .hypervolume = 59.4061962},
      {.name = "constrained-branin-currin",
       .summary = "Branin's and Currin's functions in a disc",
       .reference = "Daulton, Balandat, Bakshy 2020",
       .variables = variables(2, 0, 1),
       .formula = constrained_branin_currin,
       .reference_point = {80, 12},
       .hypervolume = 609.2713960},
  };
}

}  // namespace

void register_constrained_fronts(ProblemRegistry& registry) {
  for (FormulaProblem& row : rows()) {
    row.name = "mo/" + row.name;
    register_formula(registry, std::move(row));
  }
  registry.add(
      {.name = "mo/c2-dtlz2",
       .summary = "Sphere of which only balls are feasible",
       .reference = "Jain, Deb 2014"},
      Schema<C2Options>()
          .field("objectives", &C2Options::objectives, "number of objectives", 2, 20)
          .field("dimension", &C2Options::dimension, "coordinates; 0: objectives + 9", 0, 10'000),
      make_c2_dtlz2);
}

}  // namespace asktell::benchmarks
