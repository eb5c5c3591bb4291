// mf2/: pairs of a fine and a coarse function as collected by van Rijn & Schmitt 2020 ("MF2: a
// collection of multi-fidelity benchmark functions in Python"): Dong et al. 2015 (Branin), Xiong,
// Qian, Wu 2013 (Currin, Park, borehole), Park et al. 2011 (Hartmann-6), Toal 2015 (Hartmann-3,
// Trid, of adjustable correlation). The coarse one costs a tenth.
#include <asktell/benchmarks/problems/classic/classic.hpp>
#include <asktell/benchmarks/problems/classic/currin.hpp>
#include <asktell/benchmarks/problems/classic/hartmann.hpp>
#include <asktell/benchmarks/problems/multi_fidelity/suites.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace asktell::benchmarks {
namespace {

using classic::hartmann;
using classic::hartmann3_exponents;
using classic::hartmann6_exponents;
using classic::kHartmannDepths;
using std::numbers::e;
using std::numbers::pi;
using Point = TestProblem::Point;

double branin(double a, double b) {
  static const Classic kBranin("branin");
  const double x[] = {a, b};
  return kBranin(x);
}

double branin_at(Point x, std::size_t level) {
  if (level == 1) return branin(x[0], x[1]) - 22.5 * x[1];
  return branin(0.7 * x[0], 0.7 * x[1]) - 15.75 * x[1] + 20 * square(0.9 + x[0]) - 50;
}

// To be made large, so negated.
double currin_at(Point x, std::size_t level) {
  if (level == 1) return -currin(x[0], x[1]);
  const double above = x[1] + 0.05, below = std::max(0., x[1] - 0.05);
  return -0.25 * (currin(x[0] + 0.05, above) + currin(x[0] + 0.05, below) +
                  currin(x[0] - 0.05, above) + currin(x[0] - 0.05, below));
}

constexpr double kParkLeast = 1e-8;  // of x1, which the formula divides by

double park_a_at(Point x, std::size_t level) {
  const double x1 = std::max(x[0], kParkLeast);
  const double fine = x1 / 2 * (std::sqrt(1 + (x[1] + x[2] * x[2]) * x[3] / (x1 * x1)) - 1) +
                      (x1 + 3 * x[3]) * std::exp(1 + std::sin(x[2]));
  if (level == 1) return fine;
  return (1 + std::sin(x1) / 10) * fine - 2 * x1 + x[1] * x[1] + x[2] * x[2] + 0.5;
}

double park_b_at(Point x, std::size_t level) {
  const double fine = 2. / 3 * std::exp(x[0] + x[1]) - x[3] * std::sin(x[2]) + x[2];
  return level == 1 ? fine : 1.2 * fine - 1;
}

// x = (rw, r, Tu, Hu, Tl, Hl, L, Kw).
double borehole_at(Point x, std::size_t level) {
  const double a = level == 1 ? 2 * pi : 5, b = level == 1 ? 1 : 1.5;
  const double radii = std::log(x[1] / x[0]);
  return a * x[2] * (x[3] - x[5]) /
         (radii * (b + 2 * x[6] * x[2] / (radii * x[0] * x[0] * x[7]) + x[2] / x[4]));
}

double hartmann6_at(Point x, std::size_t level) {
  const std::array<double, 4> q = hartmann6_exponents(x);
  if (level == 1) return -(2.58 - hartmann(kHartmannDepths, q)) / 1.94;
  constexpr double kDepths[] = {0.5, 0.5, 2, 4};
  double sum = 2.58;
  for (std::size_t i = 0; i < 4; ++i) {
    // exp(-q), linear about q = 4 before it is raised to the ninth power.
    const double root = std::exp(-4. / 9) * (1 + (4 - q[i]) / 9);
    sum += kDepths[i] * cube(cube(root));
  }
  return -sum / 1.94;
}

double trid_at(Point x, std::size_t level, double a) {
  const double centre = level == 1 ? 1 : a, weight = level == 1 ? 1 : a - 0.65;
  double f = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    f += square(x[i] - centre);
    if (i > 0) f -= weight * x[i] * x[i - 1];
  }
  return f;
}

struct Pair {
  const char* name;
  const char* summary;
  std::vector<Variable> variables;
  double (*at)(Point x, std::size_t level);
  double optimum;
  std::vector<double> argmin;
};

std::vector<Pair> pairs() {
  const std::vector<double> hartmann6 = Classic("hartmann6").argmins()[0];
  return {
      {"branin",
       "Tilted Branin function; the coarse one is squeezed and has its optimum elsewhere",
       {{-5, 10}, {0, 15}},
       branin_at,
       -333.916034352,
       {-3.786088646, 15}},
      {"currin",
       "Currin's exponential function, negated; the coarse one is a mean of four neighbours",
       variables(2, 0, 1),
       currin_at,
       -13.7987220447,
       {0.216666663, 0}},
      {"park-a",
       "Park's first function",
       variables(4, 0, 1),
       park_a_at,
       e * kParkLeast,
       {0, 0, 0, 0}},
      {"park-b",
       "Park's second function; the coarse one ranks all points alike",
       variables(4, 0, 1),
       park_b_at,
       2. / 3,
       {0, 0, 0, 0}},
      {"borehole",
       "Flow of water through a borehole",
       {{0.05, 0.15},
        {100, 50000},
        {63070, 115600},
        {990, 1110},
        {63.1, 116},
        {700, 820},
        {1120, 1680},
        {9855, 12045}},
       borehole_at,
       7.81967632876,
       {0.05, 50000, 63070, 990, 63.1, 820, 1680, 9855}},
      {"hartmann6",
       "Hartmann's six-dimensional function, rescaled; the coarse one has its optimum elsewhere",
       variables(6, 0.1, 1), hartmann6_at, -(2.58 - Classic("hartmann6").optimum()) / 1.94,
       hartmann6},
  };
}

struct AdjustableOption {
  double a = 0.5;
};

FidelityProblem adjustable_hartmann3(double a) {
  FidelityProblem row{.variables = variables(3, 0, 1),
                      .optimum = Classic("hartmann3").optimum(),
                      .proven = true,
                      .argmins = Classic("hartmann3").argmins()};
  set_levels(row, {0.1, 1}, [scale = 0.75 * (a + 1)](Point x, std::size_t level) {
    return hartmann(kHartmannDepths, hartmann3_exponents(x, level == 1 ? 1 : scale));
  });
  return row;
}

// The formula of Toal 2015; the package's program weights the cross terms of the coarse function by
// their numbers.
FidelityProblem adjustable_trid10(double a) {
  FidelityProblem row{.variables = variables(10, -100, 100),
                      .optimum = -210,
                      .proven = true,
                      .argmins = {{10, 18, 24, 28, 30, 30, 28, 24, 18, 10}}};
  set_levels(row, {0.1, 1}, [a](Point x, std::size_t level) { return trid_at(x, level, a); });
  return row;
}

}  // namespace

void register_mf2(ProblemRegistry& registry) {
  const char* const source = "van Rijn, Schmitt 2020, JOSS 5(52)";
  struct NoOptions {};
  for (const Pair& pair : pairs()) {
    FidelityProblem row{
        .variables = pair.variables, .optimum = pair.optimum, .argmins = {pair.argmin}};
    set_levels(row, {0.1, 1}, pair.at);
    registry.add(
        {.name = "mf2/" + std::string(pair.name), .summary = pair.summary, .reference = source},
        Schema<NoOptions>(), [row](const NoOptions&) { return make_fidelity_problem(row); });
  }
  const auto schema = Schema<AdjustableOption>().field(
      "a", &AdjustableOption::a, "how the coarse function correlates with the fine one", 0, 1);
  registry.add({.name = "mf2/hartmann3",
                .summary = "Hartmann's three-dimensional function; alike where a = 1/3",
                .reference = source},
               schema, [](const AdjustableOption& options) {
                 return make_fidelity_problem(adjustable_hartmann3(options.a));
               });
  registry.add({.name = "mf2/trid10", .summary = "Trid in ten dimensions", .reference = source},
               schema, [](const AdjustableOption& options) {
                 return make_fidelity_problem(adjustable_trid10(options.a));
               });
}

}  // namespace asktell::benchmarks
