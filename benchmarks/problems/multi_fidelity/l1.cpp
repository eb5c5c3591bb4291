// mf-l1/: the analytical benchmarks of Mainini et al. 2022 ("Analytical benchmark problems for
// multifidelity optimization methods"), after public implementations that agree. They leave the
// costs to the user: (0.05, 0.1, 0.5, 1) for four levels, (0.05, 0.2, 1) for three and (0.1, 1) for
// two here. Level 0 is the coarsest, so the paper's f1, the truth, is the last.
#include <asktell/benchmarks/problems/multi_fidelity/suites.hpp>

#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = TestProblem::Point;

const std::vector<double> kTwo = {0.1, 1};
const std::vector<double> kThree = {0.05, 0.2, 1};
const std::vector<double> kFour = {0.05, 0.1, 0.5, 1};

double forrester(double x) {
  return square(6 * x - 2) * std::sin(12 * x - 4);
}

double forrester_at(Point x, std::size_t level) {
  const double truth = forrester(x[0]);
  switch (level) {
    case 0:
      return 0.5 * truth + 10 * (x[0] - 0.5) - 5;
    case 1:
      return 0.75 * truth + 5 * (x[0] - 0.5) - 2;
    case 2:
      return square(5.5 * x[0] - 2.5) * std::sin(12 * x[0] - 4);
    default:
      return truth;
  }
}

double discontinuous_at(Point x, std::size_t level) {
  const bool left = x[0] <= 0.5;
  const double truth = forrester(x[0]) + (left ? 0 : 10);
  return level == 1 ? truth : 0.5 * truth + 10 * (x[0] - 0.5) - (left ? 5 : 7);
}

double rosenbrock_at(Point x, std::size_t level) {
  double truth = 0, middle = 0, sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += x[i];
    if (i + 1 == x.size()) break;
    const double bend = square(x[i + 1] - x[i] * x[i]);
    truth += 100 * bend + square(1 - x[i]);
    middle += 50 * bend + square(-2 - x[i]);
  }
  if (level == 2) return truth;
  return level == 1 ? middle - 0.5 * sum : (truth - 4 - 0.5 * sum) / (10 + 0.25 * sum);
}

// The error of a resolution of 2500, 5000 or 10000 (none).
double rastrigin_at(Point x, std::size_t level) {
  constexpr double kResolution[] = {2500, 5000, 10'000};
  const double a = 1 - 1e-4 * kResolution[level];
  std::vector<double> z(x.begin(), x.end());
  for (double& v : z) v -= 0.1;
  if (z.size() > 1) {  // implementations rotate different pairs where d > 2: the last two here
    double &u = z[z.size() - 2], &v = z[z.size() - 1];
    const double c = std::cos(0.2), s = std::sin(0.2);
    const double turned = c * u - s * v;
    v = s * u + c * v;
    u = turned;
  }
  double f = 0;
  for (double v : z) {
    f += v * v + 1 - std::cos(10 * pi * v) +
         a * square(std::cos(10 * pi * a * v + 0.5 * pi * a + pi));
  }
  return f;
}

double alos_truth(Point x) {
  const double u = x[0] - 0.9;
  const bool line = x.size() == 1;
  double f =
      std::sin((line ? 30 : 21) * square(u * u)) * std::cos(2 * u) + (line ? u : x[0] - 0.7) / 2;
  double product = x[0];
  for (std::size_t i = 1; i < x.size(); ++i) {
    product *= x[i];
    const auto n = static_cast<double>(i + 1);
    f += n * std::pow(x[i], n) * std::sin(product);
  }
  return f;
}

double alos_at(Point x, std::size_t level) {
  const double truth = alos_truth(x);
  if (level == 1) return truth;
  if (x.size() == 1) return (truth - 1 + x[0]) / (1 + 0.25 * x[0]);
  double sum = 0, scale = 5 + 0.25 * x[0] + 0.5 * x[1];
  for (double v : x) sum += v;
  for (std::size_t i = 2; i < x.size(); ++i) scale -= 0.25 * static_cast<double>(i + 1) * x[i];
  return (truth - 2 + sum) / scale;
}

using State = std::array<double, 4>;  // places of both masses, speeds of both

State moved(const State& from, double time, const State& speed) {
  State to = from;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += time * speed[i];
  return to;
}

// Two masses between walls on three springs, the first and last of equal stiffness: where the first
// mass is after 6 seconds, by `steps` steps of Runge and Kutta. x = (k1, k2) or (m1, m2, k1, k2).
double springs(Point x, int steps) {
  const bool masses = x.size() == 4;
  const double m1 = masses ? x[0] : 1, m2 = masses ? x[1] : 1;
  const double k1 = x[x.size() - 2], k2 = x[x.size() - 1];
  const auto speed = [&](const State& s) {
    return State{s[2], s[3], (-(k1 + k2) * s[0] + k2 * s[1]) / m1,
                 (k2 * s[0] - (k1 + k2) * s[1]) / m2};
  };
  const double dt = 6. / steps;
  State s = {1, 0, 0, 0};
  for (int i = 0; i < steps; ++i) {
    const State a = speed(s);
    const State b = speed(moved(s, dt / 2, a));
    const State c = speed(moved(s, dt / 2, b));
    const State d = speed(moved(s, dt, c));
    for (std::size_t j = 0; j < s.size(); ++j) s[j] += dt / 6 * (a[j] + 2 * b[j] + 2 * c[j] + d[j]);
  }
  return s[0];
}

double springs_at(Point x, std::size_t level) {
  return springs(x, level == 1 ? 600 : 10);
}

double paciorek_at(Point x, std::size_t level) {
  double product = 1;
  for (double v : x) product *= v;
  const double truth = std::sin(1 / product);
  return level == 1 ? truth : truth - 9 * square(0.5) * std::cos(1 / product);
}

double paciorek_noise(Point s, RandomStream& stream) {
  return (s[0] == 1 ? 0.0125 : 0.075) * stream.normal();
}

struct DimensionOption {
  std::int64_t dimension = 0;
};

FidelityProblem forrester_problem(std::size_t) {
  FidelityProblem row{.variables = variables(1, 0, 1),
                      .optimum = -6.020740055767083,
                      .argmins = {{0.757248756868}}};
  set_levels(row, kFour, forrester_at);
  return row;
}

FidelityProblem discontinuous_problem(std::size_t) {
  FidelityProblem row{
      .variables = variables(1, 0, 1), .optimum = -0.986325406321, .argmins = {{0.142589189}}};
  set_levels(row, kTwo, discontinuous_at);
  return row;
}

FidelityProblem rosenbrock_problem(std::size_t d) {
  FidelityProblem row{.variables = variables(d, -2, 2),
                      .optimum = 0,
                      .proven = true,
                      .argmins = {std::vector<double>(d, 1.)}};
  set_levels(row, kThree, rosenbrock_at);
  return row;
}

FidelityProblem rastrigin_problem(std::size_t d) {
  FidelityProblem row{.variables = variables(d, -0.1, 0.2),
                      .optimum = 0,
                      .proven = true,
                      .argmins = {std::vector<double>(d, 0.1)}};
  set_levels(row, kThree, rastrigin_at);
  return row;
}

FidelityProblem alos_problem(std::size_t d) {
  FidelityProblem row{.variables = variables(d, 0, 1),
                      .optimum = d == 1 ? -0.624998900718 : -0.562712305829,
                      .argmins = {std::vector<double>(d, 0.)}};
  if (d == 1) row.argmins = {{0.275501827}};
  set_levels(row, kTwo, alos_at);
  return row;
}

FidelityProblem springs_problem(std::size_t d) {
  if (d != 2 && d != 4) {
    throw std::invalid_argument("mf-l1/springs: the dimension is " + std::to_string(d) +
                                "; it is 2 (stiffnesses) or 4 (masses too)");
  }
  // Exact motion: -1 at equal masses of 1 and these stiffnesses, and nothing less was found.
  std::vector<double> argmin = {pi * pi / 4, 2 * pi * pi / 9};
  if (d == 4) argmin.insert(argmin.begin(), {1, 1});
  FidelityProblem row{.variables = variables(d, 1, 4), .optimum = -1, .argmins = {argmin}};
  set_levels(row, kTwo, springs_at);
  return row;
}

FidelityProblem paciorek_problem(std::size_t d) {
  FidelityProblem row{.variables = variables(d, 0.3, 1), .noise = paciorek_noise};
  row.optimum = -1;
  row.proven = true;
  for (const double product : {2 / (3 * pi), 2 / (7 * pi)}) {
    const double each = std::pow(product, 1 / static_cast<double>(d));
    if (each >= 0.3) row.argmins.push_back(std::vector<double>(d, each));
  }
  set_levels(row, kTwo, paciorek_at);
  return row;
}

struct L1 {
  const char* name;
  const char* summary;
  std::size_t own, least, most;  // dimensions
  FidelityProblem (*make)(std::size_t dimension);
};

constexpr L1 kAll[] = {
    {"forrester", "Four levels, the coarsest with its optimum in another basin", 1, 1, 1,
     forrester_problem},
    {"discontinuous-forrester", "Two levels that jump in the middle", 1, 1, 1,
     discontinuous_problem},
    {"rosenbrock", "Three levels of a curved valley", 2, 2, 1000, rosenbrock_problem},
    {"rastrigin", "Shifted and rotated, with the errors of two resolutions", 2, 1, 1000,
     rastrigin_problem},
    {"alos", "Two levels of a wave that quickens", 1, 1, 3, alos_problem},
    {"springs", "Two masses on springs, by large and small steps of time", 2, 2, 4,
     springs_problem},
    {"paciorek", "Two levels with noise", 2, 2, 1000, paciorek_problem},
};

}  // namespace

void register_l1(ProblemRegistry& registry) {
  for (const L1& each : kAll) {
    Schema<DimensionOption> schema;
    if (each.least < each.most)
      schema.field("dimension", &DimensionOption::dimension,
                   "design variables, " + std::to_string(each.least) + " to " +
                       std::to_string(each.most) + "; 0: " + std::to_string(each.own),
                   0, static_cast<double>(each.most));
    registry.add({.name = "mf-l1/" + std::string(each.name),
                  .summary = each.summary,
                  .reference = "Mainini et al. 2022, arXiv:2204.07867"},
                 schema, [each](const DimensionOption& options) {
                   const auto d = options.dimension == 0
                                      ? each.own
                                      : static_cast<std::size_t>(options.dimension);
                   if (d < each.least) {
                     throw std::invalid_argument("mf-l1/" + std::string(each.name) +
                                                 ": the dimension is " + std::to_string(d) +
                                                 "; at least " + std::to_string(each.least));
                   }
                   return make_fidelity_problem(each.make(d));
                 });
  }
}

}  // namespace asktell::benchmarks
