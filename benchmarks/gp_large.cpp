// Gaussian processes of thousands of points: what each model costs and how well it predicts.
//
//   bench_gp_large [points = 10000] [functions = all] [models = all] [threads = 2]
//
// Hartmann-6, Rosenbrock-10 and Ackley-10 at uniform points, values standardized, noise of variance
// 0.01 added; "subset" is an exact model of 1000 points drawn at random. RMSE is that of the mean
// against 1000 values without noise; NLPD the mean negative log density of 1000 noisy values under
// the fitted noise. Seconds are of the clock, then of all processors. Each model runs in a process
// of its own: MB is the most that it ever held.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <string>
#include <vector>

#include <asktell/core/random.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/large/fit_large.hpp>

namespace {

using asktell::GpData;
using asktell::LargeModel;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNoise = 0.01;  // variance
constexpr Index kTests = 1000;

double seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec);
}

// Of [0, 1]^6 (Dixon & Szego 1978).
double hartmann6(const VectorXd& x) {
  static const double a[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                                 {0.05, 10, 17, 0.1, 8, 14},
                                 {3, 3.5, 1.7, 10, 17, 8},
                                 {17, 8, 0.05, 10, 0.1, 14}};
  static const double p[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                 {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                 {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                 {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  static const double c[4] = {1, 1.2, 3, 3.2};
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    double square = 0;
    for (int j = 0; j < 6; ++j) square += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
    sum -= c[i] * std::exp(-square);
  }
  return sum;
}

// The cube is [-2.048, 2.048]^d.
double rosenbrock(const VectorXd& unit) {
  const VectorXd x = 4.096 * unit.array() - 2.048;
  double sum = 0;
  for (Index i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  }
  return sum;
}

// The cube is [-5, 5]^d.
double ackley(const VectorXd& unit) {
  const Eigen::ArrayXd x = 10 * unit.array() - 5;
  return -20 * std::exp(-0.2 * std::sqrt(x.square().mean())) -
         std::exp((2 * std::numbers::pi * x).cos().mean()) + 20 + std::numbers::e;
}

struct Function {
  const char* name;
  Index dimension;
  double (*value)(const VectorXd&);
};
constexpr Function kFunctions[] = {
    {"hartmann6", 6, hartmann6}, {"rosenbrock10", 10, rosenbrock}, {"ackley10", 10, ackley}};

struct Problem {
  GpData data;
  MatrixXd points;        // of the tests
  VectorXd truth, noisy;  // there
};

Problem make_problem(const Function& function, Index n) {
  asktell::RandomStream stream(11, asktell::Purpose::kUser);
  Problem out;
  MatrixXd x(function.dimension, n + kTests);
  VectorXd z(n + kTests);
  for (Index j = 0; j < x.cols(); ++j) {
    for (Index i = 0; i < x.rows(); ++i) x(i, j) = stream.uniform();
    z[j] = function.value(x.col(j));
  }
  z.array() -= z.mean();
  z /= std::sqrt(z.squaredNorm() / static_cast<double>(z.size()));
  out.truth = z.tail(kTests);
  for (double& value : z) value += std::sqrt(kNoise) * stream.normal();
  out.data.x = x.leftCols(n);
  out.data.z = z.head(n);
  out.points = x.rightCols(kTests);
  out.noisy = z.tail(kTests);
  return out;
}

// Fits, predicts and prints one line; "subset" is the exact model of 1000 points.
void measure(const Function& function, const std::string& model, Index n) {
  const Problem problem = make_problem(function, n);
  asktell::LargeOptions options;
  GpData data = problem.data;
  if (model == "subset") {
    std::vector<Index> kept;
    for (Index i = 0; i < std::min<Index>(n, 1000); ++i) kept.push_back(i);
    data = subset(data, kept);
    options.model = LargeModel::kExact;
  } else {
    options.model = asktell::large_model(model);
  }
  const asktell::GpPreset preset = asktell::gp_preset("asktell", function.dimension);
  const double begin = seconds(), begin_cpu = processor_seconds();
  const asktell::LargeFit fit = asktell::fit_large(
      asktell::preset_kernel(preset, function.dimension), data, preset, {}, options);
  const double fitted = seconds(), fitted_cpu = processor_seconds();
  VectorXd mean, variance;
  fit.model->predict(problem.points, mean, variance);
  const double predicted = seconds(), predicted_cpu = processor_seconds();
  const auto& report = fit.report;
  const double noise = std::exp(report.theta[report.theta.size() - 1]);
  const double rmse = std::sqrt((mean - problem.truth).squaredNorm() / kTests);
  const Eigen::ArrayXd total = variance.array() + noise;
  const double nlpd =
      0.5 * ((2 * std::numbers::pi * total).log() + (mean - problem.noisy).array().square() / total)
                .mean();
  const std::string_view used = name(report.model);
  std::printf(
      "%-12s %-12s %-12.*s %6ld %6ld %4ld %6d %6d %7.2f %7.2f %7.2f %7.2f %7.4f %8.4f %8.1e",
      function.name, model.c_str(), static_cast<int>(used.size()), used.data(),
      static_cast<long>(report.points), static_cast<long>(report.fitted_on),
      static_cast<long>(report.support), report.subset_evaluations, report.refinements,
      fitted - begin, fitted_cpu - begin_cpu, predicted - fitted, predicted_cpu - fitted_cpu, rmse,
      nlpd, noise);
  std::fflush(stdout);
}

// measure() in a child, then its peak of memory.
void measure_apart(const Function& function, const std::string& model, Index n) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    measure(function, model, n);
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  std::printf(" %5.0f%s\n", static_cast<double>(usage.ru_maxrss) * 1024 / 1e6,
              status == 0 ? "" : "  (failed)");
}

bool listed(const std::string& list, const std::string& item) {
  return list == "all" || ("," + list + ",").find("," + item + ",") != std::string::npos;
}

}  // namespace

int main(int argc, char** argv) {
  const Index n = argc > 1 ? std::atol(argv[1]) : 10000;
  const std::string functions = argc > 2 ? argv[2] : "all", models = argc > 3 ? argv[3] : "all";
  asktell::set_threads(argc > 4 ? std::atoi(argv[4]) : 2);
  std::printf("%-12s %-12s %-12s %6s %6s %4s %6s %6s %7s %7s %7s %7s %7s %8s %8s %5s\n", "function",
              "asked for", "model", "points", "fit on", "m", "subset", "refine", "fit s", "cpu",
              "1000 s", "cpu", "RMSE", "NLPD", "noise", "MB");
  for (const Function& function : kFunctions) {
    if (!listed(functions, function.name)) continue;
    for (const char* model :
         {"automatic", "subset", "subset-exact", "variational", "fitc", "local", "vecchia"}) {
      if (listed(models, model)) measure_apart(function, model, n);
    }
  }
  return 0;
}
