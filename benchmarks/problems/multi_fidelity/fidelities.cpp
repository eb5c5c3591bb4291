// mf/: functions with a continuous fidelity (Wu, Toscano-Palmerin, Frazier, Wilson 2019, as in
// BoTorch), with levels (Chen et al. 2024, wing weight; Kandasamy et al. 2016, Hartmann-6),
// learning curves (Mallik et al. 2023), other sources of information (Lam, Allaire, Willcox 2015;
// Poloczek, Wang, Frazier 2017) and sources that mislead (Mikkola, Martinelli, Filstroff, Kaski
// 2023).
#include <asktell/benchmarks/problems/classic/classic.hpp>
#include <asktell/benchmarks/problems/classic/currin.hpp>
#include <asktell/benchmarks/problems/classic/hartmann.hpp>
#include <asktell/benchmarks/problems/multi_fidelity/suites.hpp>

#include <array>
#include <cmath>
#include <map>
#include <numbers>

namespace asktell::benchmarks {
namespace {

using classic::hartmann;
using classic::hartmann3_exponents;
using classic::hartmann6_exponents;
using classic::kHartmannDepths;
using std::numbers::pi;
using Point = TestProblem::Point;

double rosenbrock(Point x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  }
  return sum;
}

// --- continuous fidelities ---

double augmented_branin(Point x, double s) {
  const double b = 5.1 / (4 * pi * pi) - 0.1 * (1 - s);
  const double valley = x[1] - b * x[0] * x[0] + 5 / pi * x[0] - 6;
  return square(valley) + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

double augmented_hartmann(Point x, double s) {
  std::array<double, 4> depths = kHartmannDepths;
  depths[0] -= 0.1 * (1 - s);
  return hartmann(depths, hartmann6_exponents(x));
}

double augmented_rosenbrock(Point x, Point s) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * square(x[i + 1] - x[i] * x[i] + 0.1 * (1 - s[0])) +
           square(x[i] - 1 + 0.1 * square(1 - s[1]));
  }
  return sum;
}

// Two fidelities; nobody states a cost, so the one of BOCA at their mean.
FidelityProblem augmented_rosenbrock_problem(std::size_t d) {
  return {.variables = variables(d, -5, 10),
          .fidelities = {{0, 1}, {0, 1}},
          .value = augmented_rosenbrock,
          .cost = [](Point s) { return 0.05 + 0.95 * std::pow(0.5 * (s[0] + s[1]), 1.5); },
          .optimum = 0,
          .proven = true,
          .argmins = {std::vector<double>(d, 1.)}};
}

// --- levels ---

// x = (wing area, fuel weight, aspect ratio, sweep in degrees, dynamic pressure, taper, thickness,
// load factor, gross weight, paint weight).
double wing_weight(Point x, std::size_t level) {
  constexpr double kAreaPower[] = {0.9, 0.8, 0.758, 0.758};
  const double cosine = std::cos(x[3] * pi / 180);
  const double shared = 0.036 * std::pow(x[4], 0.006) * std::pow(x[5], 0.04) *
                        std::pow(x[2] / (cosine * cosine), 0.6) *
                        std::pow(100 * x[6] / cosine, -0.3) * std::pow(x[7] * x[8], 0.49) *
                        std::pow(x[1], 0.0035);
  const double paint[] = {0, x[9], x[9], x[0] * x[9]};
  return std::pow(x[0], kAreaPower[level]) * shared + paint[level];
}

double hartmann6_level(Point x, std::size_t level) {
  constexpr double kChange[] = {0.01, -0.01, -0.1, 0.1};
  std::array<double, 4> depths = kHartmannDepths;
  for (std::size_t i = 0; i < 4; ++i) {
    depths[i] += 0.1 * kChange[i] * static_cast<double>(3 - level);
  }
  return hartmann(depths, hartmann6_exponents(x));
}

// --- learning curves ---

struct CurveOptions {
  std::string quality = "good";
};

// How far the curves are off at the first step, and the noise there.
struct CurveShape {
  double bias, sigma;
};

const std::map<std::string, CurveShape> kCurves = {
    {"good", {2.5, 2}}, {"moderate", {3, 3}}, {"bad", {3.5, 4}}, {"terrible", {4, 5}}};

double steps_missing(Point s) {
  return 1 - std::log(s[0]) / std::log(100.);
}

FidelityProblem learning_curve(const CurveShape& shape) {
  FidelityProblem row{.variables = variables(3, 0, 1), .fidelities = {{1, 100, true}}};
  row.optimum = Classic("hartmann3").optimum();
  row.proven = true;
  row.argmins = Classic("hartmann3").argmins();
  row.cost = [](Point s) { return 0.05 + 0.95 * square(s[0] / 100); };
  row.value = [shape](Point x, Point s) {
    std::array<double, 4> depths = kHartmannDepths;
    for (double& depth : depths) depth -= shape.bias * steps_missing(s);
    return hartmann(depths, hartmann3_exponents(x));
  };
  row.noise = [shape](Point s, RandomStream& stream) {
    return std::abs(stream.normal()) * shape.sigma * steps_missing(s);
  };
  return row;
}

// --- other sources ---

struct MisoOptions {
  std::int64_t variant = 1;
};

// The second source adds a wave; variances of the noise of both.
FidelityProblem miso_rosenbrock(std::int64_t variant) {
  const bool first = variant == 1;
  FidelityProblem row{
      .variables = variables(2, -2, 2), .optimum = 0, .proven = true, .argmins = {{1, 1}}};
  set_levels(row, {first ? 1. / 1000 : 1. / 50, 1},
             [height = first ? 0.1 : 2.](Point x, std::size_t level) {
               const double wave = std::sin(10 * x[0] + 5 * x[1]);
               return rosenbrock(x) + (level == 1 ? 0 : height * wave);
             });
  row.noise = [truth = first ? 1e-3 : 1.](Point s, RandomStream& stream) {
    return std::sqrt(s[0] == 1 ? truth : 1e-6) * stream.normal();
  };
  return row;
}

// Scaled to [0, 1] by the range that Mikkola et al. use, and negated: 1 is to be found there.
double misleading_currin(Point x, std::size_t level) {
  constexpr double kLeast = 1.1804, kMost = 13.7987;
  const double share = (currin(x[0], x[1]) - kLeast) / (kMost - kLeast);
  return level == 1 ? -share : share - 1;  // (most - value) / range, negated
}

double misleading_hartmann6(Point x, std::size_t level) {
  constexpr double kDeepest = 3.322367993160791, kHighest = 5 * 90036.;
  if (level == 1) return hartmann(kHartmannDepths, hartmann6_exponents(x)) / kDeepest;
  return -rosenbrock(x) / kHighest;
}

double misleading_rosenbrock(Point x, std::size_t level) {
  constexpr double kHighest = 90036;
  const double share = rosenbrock(x) / kHighest;
  return level == 1 ? share : share * (1 + 0.8 * std::sin(x[0] + x[1]));
}

// --- registration ---

struct Named {
  std::string name, summary, reference;
  FidelityProblem row;
};

Named with_levels(std::string name, std::string summary, std::string reference, FidelityProblem row,
                  std::vector<double> costs, double (*value)(Point x, std::size_t level)) {
  set_levels(row, std::move(costs), value);
  return {std::move(name), std::move(summary), std::move(reference), std::move(row)};
}

Named with_continuous(std::string name, std::string summary, FidelityProblem row,
                      double (*value)(Point x, double s)) {
  set_continuous(row, value);
  return {std::move(name), std::move(summary), "Wu et al. 2019; BoTorch", std::move(row)};
}

std::vector<Named> without_options() {
  const Classic branin("branin"), hartmann6("hartmann6");
  const FidelityProblem of_hartmann6{.variables = variables(6, 0, 1),
                                     .optimum = hartmann6.optimum(),
                                     .proven = true,
                                     .argmins = hartmann6.argmins()};
  FidelityProblem negated = of_hartmann6;
  negated.optimum = hartmann6.optimum() / 3.322367993160791;
  const std::string mikkola = "Mikkola, Martinelli, Filstroff, Kaski 2023";
  return {
      with_continuous("augmented-branin", "Branin's function with a bend that is off",
                      {.variables = {{-5, 10}, {0, 15}},
                       .optimum = branin.optimum(),
                       .proven = true,
                       .argmins = branin.argmins()},
                      augmented_branin),
      with_continuous("augmented-hartmann", "Hartmann-6 with its first well too shallow",
                      of_hartmann6, augmented_hartmann),
      with_levels("wing-weight", "Weight of a light aircraft's wing, by four formulas",
                  "Chen et al. 2024; BoTorch",
                  {.variables = {{150, 200},
                                 {220, 300},
                                 {6, 10},
                                 {-10, 10},
                                 {16, 45},
                                 {0.5, 1},
                                 {0.08, 0.18},
                                 {2.5, 6},
                                 {1700, 2500},
                                 {0.025, 0.08}},
                   .optimum = 123.25367170092,
                   .argmins = {{150, 220, 6, 0, 16, 0.5, 0.18, 2.5, 1700, 0.025}}},
                  {0.001, 0.01, 0.1, 1}, wing_weight),
      with_levels("hartmann6", "Hartmann-6 with all wells off, four levels",
                  "Kandasamy, Dasarathy, Oliva, Schneider, Poczos 2016", of_hartmann6,
                  {0.001, 0.01, 0.1, 1}, hartmann6_level),
      with_levels("misleading-currin", "Currin's function and, as the cheap source, its opposite",
                  mikkola,
                  {.variables = variables(2, 0, 1),
                   .optimum = -(13.7987220447 - 1.1804) / (13.7987 - 1.1804),
                   .argmins = {{0.216666663, 0}}},
                  {0.2, 1}, misleading_currin),
      with_levels("misleading-hartmann6",
                  "Hartmann-6 and, as the cheap source, a function that has nothing to do with it",
                  mikkola, negated, {0.2, 1}, misleading_hartmann6),
      with_levels(
          "misleading-rosenbrock", "Rosenbrock's valley and, as the cheap source, one with waves",
          mikkola,
          {.variables = variables(2, -5, 5), .optimum = 0, .proven = true, .argmins = {{1, 1}}},
          {0.2, 1}, misleading_rosenbrock),
  };
}

struct DimensionOption {
  std::int64_t dimension = 2;
};

void register_with_options(ProblemRegistry& registry) {
  registry.add({.name = "mf/augmented-rosenbrock",
                .summary = "Rosenbrock's valley with two fidelities",
                .reference = "Wu et al. 2019; BoTorch"},
               Schema<DimensionOption>().field("dimension", &DimensionOption::dimension,
                                               "design variables", 2, 1000),
               [](const DimensionOption& options) {
                 return make_fidelity_problem(
                     augmented_rosenbrock_problem(static_cast<std::size_t>(options.dimension)));
               });
  registry.add({.name = "mf/learning-curve",
                .summary = "Hartmann-3 as learning curves of 100 steps",
                .reference = "Mallik et al. 2023, mf-prior-bench"},
               Schema<CurveOptions>().field("quality", &CurveOptions::quality,
                                            "how well short curves tell the long ones",
                                            {"good", "moderate", "bad", "terrible"}),
               [](const CurveOptions& options) {
                 return make_fidelity_problem(learning_curve(kCurves.at(options.quality)));
               });
  registry.add({.name = "mf/miso-rosenbrock",
                .summary = "Rosenbrock's valley and a second source with waves, both with noise",
                .reference = "Lam, Allaire, Willcox 2015; Poloczek, Wang, Frazier 2017"},
               Schema<MisoOptions>().field("variant", &MisoOptions::variant,
                                           "1: small waves, a thousandth of the cost; 2: large "
                                           "waves and noise, a fiftieth",
                                           1, 2),
               [](const MisoOptions& options) {
                 return make_fidelity_problem(miso_rosenbrock(options.variant));
               });
}

}  // namespace

void register_fidelities(ProblemRegistry& registry) {
  struct NoOptions {};
  for (const Named& each : without_options()) {
    registry.add({.name = "mf/" + each.name, .summary = each.summary, .reference = each.reference},
                 Schema<NoOptions>(),
                 [row = each.row](const NoOptions&) { return make_fidelity_problem(row); });
  }
  register_with_options(registry);
}

}  // namespace asktell::benchmarks
