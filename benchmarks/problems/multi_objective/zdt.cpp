// zdt/: Zitzler, Deb, Thiele 2000 ("Comparison of multiobjective evolutionary algorithms: empirical
// results"). The fronts are at g = 1 (g = 10 for the bit strings of ZDT5) and the volume below a
// reference point is in closed form but for the ends of ZDT3's and ZDT6's pieces.
#include <asktell/benchmarks/problems/families.hpp>
#include <asktell/benchmarks/problems/multi_objective/suites.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = TestProblem::Point;

double mean_of_rest(Point x) {
  double sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i) sum += x[i];
  return sum / static_cast<double>(x.size() - 1);
}

double linear_g(Point x) {
  return 1 + 9 * mean_of_rest(x);
}

double rastrigin_g(Point x) {
  double g = 1;
  for (std::size_t i = 1; i < x.size(); ++i) {
    g += 10 + x[i] * x[i] - 10 * std::cos(4 * pi * x[i]);
  }
  return g;
}

Values convex(double f1, double g) {
  return {.objectives = {f1, g * (1 - std::sqrt(f1 / g))}};
}

Values concave(double f1, double g) {
  return {.objectives = {f1, g * (1 - square(f1 / g))}};
}

Values zdt1(Point x) {
  return convex(x[0], linear_g(x));
}
Values zdt2(Point x) {
  return concave(x[0], linear_g(x));
}
Values zdt3(Point x) {
  const double g = linear_g(x), share = x[0] / g;
  return {.objectives = {x[0], g * (1 - std::sqrt(share) - share * std::sin(10 * pi * x[0]))}};
}
Values zdt4(Point x) {
  return convex(x[0], rastrigin_g(x));
}
Values zdt6(Point x) {
  const double f1 = 1 - std::exp(-4 * x[0]) * square(cube(std::sin(6 * pi * x[0])));
  return concave(f1, 1 + 9 * std::pow(mean_of_rest(x), 0.25));
}

// Hypervolumes below (r, r), r >= 1.
double zdt1_hypervolume(double r) {
  return r * r - 1. / 3;
}
double zdt2_hypervolume(double r) {
  return r * r - 2. / 3;
}
double zdt3_hypervolume(double r) {
  constexpr double kLeast = -0.77336901232664045;  // of f2, at f1 = 0.8518328654364
  constexpr double kBelow = -0.72894300490228438;  // from quadrature over the five pieces
  return r * r - kLeast * r + kBelow;
}
double zdt6_hypervolume(double r) {
  constexpr double kLeast = 0.28077531881537;  // of f1, at x1 = 0.0814577968799836
  return (r - 1) * (1 - kLeast) + (1 - cube(kLeast)) / 3 + r * (r - 1);
}

struct Zdt {
  const char* name;
  const char* summary;
  std::size_t dimension;
  double low, high;  // of all but the first coordinate, which is in [0, 1]
  Values (*formula)(Point x);
  double (*hypervolume)(double r);
};

constexpr Zdt kAll[] = {
    {"zdt1", "Convex front", 30, 0, 1, zdt1, zdt1_hypervolume},
    {"zdt2", "Concave front", 30, 0, 1, zdt2, zdt2_hypervolume},
    {"zdt3", "Front of five pieces", 30, 0, 1, zdt3, zdt3_hypervolume},
    {"zdt4", "Convex front behind 21^9 local ones", 10, -5, 5, zdt4, zdt1_hypervolume},
    {"zdt6", "Concave front with few points on one side", 10, 0, 1, zdt6, zdt6_hypervolume},
};

struct ZdtOptions {
  std::int64_t dimension = 0;
  double reference = 11;
};

TestProblem make_zdt(const Zdt& which, const ZdtOptions& options) {
  const std::size_t d =
      options.dimension == 0 ? which.dimension : static_cast<std::size_t>(options.dimension);
  if (d < 2) {
    throw std::invalid_argument("zdt: the dimension is " + std::to_string(d) + "; at least 2");
  }
  FormulaProblem row{.variables = variables(d, which.low, which.high),
                     .formula = which.formula,
                     .proven = true,
                     .reference_point = {options.reference, options.reference},
                     .hypervolume = which.hypervolume(options.reference)};
  row.variables[0] = {0, 1};
  return make_formula_problem(row);
}

// Eleven strings of bits, the first of 30, the others of 5.
Values zdt5(Point bits) {
  constexpr std::size_t kFirst = 30, kLength = 5;
  double f1 = 1, g = 0;
  for (std::size_t i = 0; i < kFirst; ++i) f1 += bits[i];
  for (std::size_t start = kFirst; start < bits.size(); start += kLength) {
    double ones = 0;
    for (std::size_t i = 0; i < kLength; ++i) ones += bits[start + i];
    g += ones < static_cast<double>(kLength) ? 2 + ones : 1;
  }
  return {.objectives = {f1, g / f1}};
}

struct NoOptions {};

TestProblem make_zdt5(const NoOptions&) {
  TestProblem problem;
  for (int i = 0; i < 80; ++i) problem.space.boolean("b" + std::to_string(i));
  problem.objectives = {"f1", "f2"};
  // A tenth of the front's box beyond its worst corner (31, 10); the front is 10 / f1, f1 = 1
  // ... 31.
  problem.reference_point = {34, 10 + 0.1 * (10 - 10. / 31)};
  problem.hypervolume = 0;
  for (int f1 = 1; f1 <= 31; ++f1) {
    const double width = f1 < 31 ? 1 : problem.reference_point[0] - 31;
    problem.hypervolume += width * (problem.reference_point[1] - 10. / f1);
  }
  problem.budget = 20 * 80 + 10;
  problem.evaluate = zdt5;
  return problem;
}

}  // namespace

void register_zdt(ProblemRegistry& registry) {
  const char* const source = "Zitzler, Deb, Thiele 2000";
  const auto schema =
      Schema<ZdtOptions>()
          .field("dimension", &ZdtOptions::dimension, "coordinates; 0: the suite's own", 0, 10'000)
          .field("reference", &ZdtOptions::reference, "both entries of the reference point", 1,
                 1e6);
  for (const Zdt& which : kAll) {
    registry.add(
        {.name = "zdt/" + std::string(which.name), .summary = which.summary, .reference = source},
        schema, [which](const ZdtOptions& options) { return make_zdt(which, options); });
  }
  registry.add({.name = "zdt/zdt5", .summary = "Deceptive strings of bits", .reference = source},
               Schema<NoOptions>(), make_zdt5);
}

void register_multi_objective(ProblemRegistry& registry) {
  register_zdt(registry);
  register_dtlz(registry);
  register_wfg(registry);
  register_re(registry);
  register_constrained_fronts(registry);
}

}  // namespace asktell::benchmarks
