// Tuning the relaxation parameter omega of linear solvers: one system, a sequence of systems whose
// shift is known (omega as a function of it), and a simulation of heat whose conductivity changes
// (omega as a function of it). Khodak, Chow, Balcan, Talwalkar (2024), "Learning to relax", ICLR.
// Costs are iterations, which do not depend on the machine but for rare ties of rounding.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include <asktell/benchmarks/problems/families.hpp>
#include <asktell/benchmarks/problems/linear_solvers/solvers.hpp>

namespace asktell::benchmarks {
namespace {

using linear_solvers::Stencil;
using linear_solvers::VectorXd;
using std::numbers::pi;

constexpr double kLowest = 1, kHighest = 1.95;  // omega

struct SystemOptions {
  std::int64_t side = 10;
  double shift = 0;
  std::string right_side = "ones";
};

VectorXd right_side(const std::string& name, Eigen::Index n) {
  VectorXd b = VectorXd::Ones(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    if (name == "ramp") b[k] = static_cast<double>(k + 1) / static_cast<double>(n);
    if (name == "alternating") b[k] = k % 2 == 0 ? 1 : -1;
  }
  return b;
}

// Counts are steps of omega: the least on a grid, then on a finer one about it.
void set_best_known(TestProblem& problem) {
  constexpr int kSteps = 95;
  double low = kLowest, high = kHighest, best_omega = kLowest;
  for (int level = 0; level < 2; ++level) {
    const double step = (high - low) / kSteps;
    for (int i = 0; i <= kSteps; ++i) {
      const double omega = std::min(low + i * step, kHighest);
      const double value = problem.evaluate({&omega, 1}).objectives[0];
      if (value >= problem.optimum) continue;
      problem.optimum = value;
      best_omega = omega;
    }
    low = std::max(best_omega - step, kLowest);
    high = std::min(best_omega + step, kHighest);
  }
  problem.argmins = {{best_omega}};
  problem.proven = false;
}

TestProblem make_system(bool conjugate, const SystemOptions& options) {
  const Stencil a = {options.side, 4 + options.shift, -1};
  const double least_eigenvalue =
      a.diagonal - 4 * std::cos(pi / static_cast<double>(options.side + 1));
  if (least_eigenvalue <= 0) {
    throw std::invalid_argument("linear-solvers: shift is " + std::to_string(options.shift) +
                                "; the matrix of side " + std::to_string(options.side) +
                                " is positive definite above " +
                                std::to_string(options.shift - least_eigenvalue));
  }
  TestProblem problem;
  problem.space.real("omega", kLowest, kHighest);
  problem.budget = 30;
  problem.evaluate =
      [a, conjugate,
       b = right_side(options.right_side, options.side * options.side)](TestProblem::Point x) {
        VectorXd solution = VectorXd::Zero(b.size());
        const int count = conjugate ? linear_solvers::ssor_pcg(a, b, x[0], solution)
                                    : linear_solvers::sor_sweeps(a, b, x[0]);
        return Values{.objectives = {static_cast<double>(count)}};
      };
  problem.optimum = linear_solvers::kMostIterations;
  set_best_known(problem);
  return problem;
}

// omega at equidistant knots of a context in [0, 1], linear between them.
double omega_at(TestProblem::Point knots, double context) {
  const double position = std::clamp(context, 0., 1.) * static_cast<double>(knots.size() - 1);
  const auto left = std::min(static_cast<std::size_t>(position), knots.size() - 1);
  const std::size_t right = std::min(left + 1, knots.size() - 1);
  const double share = position - static_cast<double>(left);
  return (1 - share) * knots[left] + share * knots[right];
}

Space omegas(std::int64_t knots) {
  Space space;
  for (std::int64_t i = 0; i < knots; ++i)
    space.real("omega" + std::to_string(i), kLowest, kHighest);
  return space;
}

// --- shifted systems ---

struct ShiftedOptions {
  std::int64_t knots = 4;
  std::int64_t systems = 100;
  std::string variance = "high";
};

struct ShiftedSystem {
  double context;  // of the shift in [-0.15, 0.45]
  Stencil a;
  VectorXd b;
};

// Gamma of half-integer shape.
double gamma(double shape, RandomStream& stream) {
  double sum = 0;
  for (; shape >= 1; shape -= 1) sum -= std::log(stream.uniform());
  if (shape > 0) sum += 0.5 * std::pow(stream.normal(), 2);
  return sum;
}

std::vector<ShiftedSystem> shifted_systems(const ShiftedOptions& options) {
  constexpr Eigen::Index kSide = 10;
  const bool high = options.variance == "high";
  RandomStream stream(high ? 1 : 2, Purpose::kUser);
  std::vector<ShiftedSystem> systems;
  for (std::int64_t t = 0; t < options.systems; ++t) {
    const double first = gamma(high ? 0.5 : 2, stream);
    const double context = first / (first + gamma(high ? 1.5 : 6, stream));
    VectorXd b(kSide * kSide);
    do {
      for (double& value : b) value = stream.normal();
    } while (b.norm() > kSide);
    systems.push_back({context, {kSide, 4 - 0.15 + 0.6 * context, -1}, b});
  }
  return systems;
}

// The best of 4000 evaluations of CMA-ES with the default options, for both variances.
const std::vector<double> kBestHigh = {1.853154, 1.485654, 1.426636, 1.296671};
const std::vector<double> kBestLow = {1.795794, 1.50672, 1.426239, 1.306611};

TestProblem make_shifted(const ShiftedOptions& options) {
  TestProblem problem;
  problem.space = omegas(options.knots);
  problem.budget = 30 * options.knots;
  problem.evaluate = [systems = shifted_systems(options)](TestProblem::Point x) {
    double sweeps = 0;
    for (const auto& [context, a, b] : systems)
      sweeps += linear_solvers::sor_sweeps(a, b, omega_at(x, context));
    return Values{.objectives = {sweeps / static_cast<double>(systems.size())}};
  };
  const ShiftedOptions defaults;
  if (options.knots == defaults.knots && options.systems == defaults.systems) {
    problem.argmins = {options.variance == "high" ? kBestHigh : kBestLow};
    problem.optimum = problem.evaluate(problem.argmins[0]).objectives[0];
    problem.proven = false;
  }
  return problem;
}

// --- heat ---

struct HeatOptions {
  std::int64_t knots = 4;
  std::int64_t steps = 1000;
  std::int64_t intervals = 25;
};

double bump(double dx, double dy, double radius) {
  const double share = (dx * dx + dy * dy) / (radius * radius);
  return share < 1 ? std::exp(1 - 1 / (1 - share)) : 0;
}

double conductivity(double t) {
  const double wave = std::sin(2 * pi * t);
  return std::max(0.1 * wave, -10 * wave);
}

// Crank-Nicolson steps of u_t = kappa(t) Laplace(u) + f on the unit square; the
// context of omega is the logarithm of kappa at the start of the step, scaled to [0, 1].
class Heat {
 public:
  explicit Heat(const HeatOptions& options)
      : steps_(options.steps),
        side_(options.intervals - 1),
        width_(1. / static_cast<double>(options.intervals)) {}

  double iterations(TestProblem::Point knots) const {
    VectorXd u = bumps(0.5, 0.5, 0.25);
    double total = 0;
    for (std::int64_t step = 0; step < steps_; ++step) {
      const double t = kStep * static_cast<double>(step), middle = t + kStep / 2;
      const Stencil before = implicit(-conductivity(t)), after = implicit(conductivity(middle));
      const double angle = 16 * pi * middle;
      const VectorXd heating =
          32 * bumps(0.5 + 0.25 * std::cos(angle), 0.5 + 0.25 * std::sin(angle), 0.125);
      const VectorXd b = before * u + kStep * heating;
      total += linear_solvers::ssor_pcg(after, b, omega_at(knots, context(t)), u);
    }
    return total;
  }

 private:
  static constexpr double kStep = 1e-3;

  static double context(double t) {
    constexpr double kOffset = 0.02, kMost = 10;
    return std::log(conductivity(t) / kOffset + 1) / std::log(kMost / kOffset + 1);
  }

  // I - kappa kStep / 2 times the five-point Laplacian.
  Stencil implicit(double kappa) const {
    const double weight = 0.5 * kappa * kStep / (width_ * width_);
    return {side_, 1 + 4 * weight, -weight};
  }

  VectorXd bumps(double x, double y, double radius) const {
    VectorXd values(side_ * side_);
    for (Eigen::Index i = 0; i < side_; ++i) {
      for (Eigen::Index j = 0; j < side_; ++j)
        values[i * side_ + j] = bump(width_ * static_cast<double>(j + 1) - x,
                                     width_ * static_cast<double>(i + 1) - y, radius);
    }
    return values;
  }

  std::int64_t steps_;
  Eigen::Index side_;
  double width_;
};

TestProblem make_heat(const HeatOptions& options) {
  TestProblem problem;
  problem.space = omegas(options.knots);
  problem.budget = 30 * options.knots;
  problem.evaluate = [heat = Heat(options)](TestProblem::Point x) {
    return Values{.objectives = {heat.iterations(x)}};
  };
  return problem;
}

}  // namespace

void register_linear_solvers(ProblemRegistry& registry) {
  const std::string reference =
      "Khodak, Chow, Balcan, Talwalkar (2024), Learning to relax: setting solver parameters across "
      "a sequence of linear system instances, ICLR";
  const auto system =
      Schema<SystemOptions>()
          .field("side", &SystemOptions::side, "inner points of a side of the grid", 2, 200)
          .field("shift", &SystemOptions::shift, "added to the diagonal", -4, 100)
          .field("right_side", &SystemOptions::right_side, "of the system",
                 {"ones", "ramp", "alternating"});
  registry.add({.name = "linear-solvers/sor",
                .summary = "Sweeps of successive over-relaxation as a function of omega",
                .reference = reference},
               system, [](const SystemOptions& options) { return make_system(false, options); });
  registry.add({.name = "linear-solvers/ssor-pcg",
                .summary = "Iterations of conjugate gradients preconditioned by symmetric SOR",
                .reference = reference},
               system, [](const SystemOptions& options) { return make_system(true, options); });
  registry.add(
      {.name = "linear-solvers/sor-shifted",
       .summary = "Mean sweeps over systems with known shifts, omega a function of them",
       .reference = reference},
      Schema<ShiftedOptions>()
          .field("knots", &ShiftedOptions::knots, "of omega as a function of the shift", 1, 20)
          .field("systems", &ShiftedOptions::systems, "solved an evaluation", 1, 100'000)
          .field("variance", &ShiftedOptions::variance, "of the shifts", {"high", "low"}),
      make_shifted);
  registry.add(
      {.name = "linear-solvers/heat",
       .summary = "Iterations of a heat simulation, omega a function of the conductivity",
       .reference = reference},
      Schema<HeatOptions>()
          .field("knots", &HeatOptions::knots, "of omega as a function of the conductivity", 1, 20)
          .field("steps", &HeatOptions::steps, "of time, 1000 a period", 1, 1'000'000)
          .field("intervals", &HeatOptions::intervals, "of a side of the grid", 3, 400),
      make_heat);
}

}  // namespace asktell::benchmarks
