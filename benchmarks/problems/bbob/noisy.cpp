// The 30 noisy BBOB functions f101 to f130: ten noiseless functions under Gaussian, uniform and
// Cauchy noise each, which grows with the distance to the optimum. Finck, Hansen, Ros, Auger
// (2009), "Real-parameter black-box optimization benchmarking: noisy functions definitions", INRIA
// RR-6869. `evaluate` gives the value without noise.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include <asktell/benchmarks/problems/bbob/parts.hpp>
#include <asktell/benchmarks/problems/families.hpp>

namespace asktell::benchmarks {
namespace {

using Eigen::VectorXd;

struct Base {
  std::string_view name;
  int seed;  // the number of the noiseless function
  bbob::Builder build;
  bool severe;
};

constexpr std::array<Base, 10> kBases = {{
    {"sphere", 1, bbob::sphere, false},
    {"rosenbrock", 8, bbob::rosenbrock, false},
    {"sphere", 1, bbob::sphere, true},
    {"rosenbrock", 8, bbob::rosenbrock, true},
    {"step ellipsoid", 7, bbob::step_ellipsoid, true},
    {"ellipsoid", 10, bbob::mild_ellipsoid, true},
    {"different powers", 14, bbob::different_powers, true},
    {"schaffers f7", 17, bbob::schaffers_f7, true},
    {"griewank-rosenbrock", 19, bbob::low_griewank_rosenbrock, true},
    {"gallagher 101 peaks", 21, bbob::gallagher_101, true},
}};

// What a noise model makes of an excess over the optimum.
struct NoiseModel {
  enum Kind { kGauss, kUniform, kCauchy };
  Kind kind;
  bool severe;
  double dimension;

  double operator()(double excess, RandomStream& noise) const {
    constexpr double kTolerance = 1e-8;  // below it the functions are noise-free
    if (excess < kTolerance) return excess;
    const double noisy = kind == kGauss     ? gauss(excess, noise)
                         : kind == kUniform ? uniform(excess, noise)
                                            : cauchy(excess, noise);
    return noisy + 1.01 * kTolerance;
  }

 private:
  double gauss(double excess, RandomStream& noise) const {
    return excess * std::exp((severe ? 1 : 0.01) * noise.normal());
  }

  double uniform(double excess, RandomStream& noise) const {
    const double alpha = (severe ? 1 : 0.01) * (0.49 + 1 / dimension);
    const double beta = severe ? 1 : 0.01;
    const double shrunk = excess * std::pow(noise.uniform(), beta);
    return shrunk * std::max(1., std::pow(1e9 / (excess + 1e-99), alpha * noise.uniform()));
  }

  double cauchy(double excess, RandomStream& noise) const {
    const double alpha = severe ? 1 : 0.01;
    double shift = 1000;
    if (noise.uniform() < (severe ? 0.2 : 0.05)) {
      const double numerator = noise.normal();
      shift += numerator / (std::abs(noise.normal()) + 1e-199);
    }
    return excess + alpha * std::max(0., shift);
  }
};

constexpr std::array<std::string_view, 3> kNoiseNames = {"Gaussian", "uniform", "Cauchy"};

struct NoisyOptions {
  std::int64_t dimension = 5;
  std::int64_t instance = 1;
};

TestProblem make_noisy(const Base& base, NoiseModel::Kind kind, const NoisyOptions& options) {
  constexpr double kPenalty = 100;  // of all noisy functions, in place of the noiseless one's
  const std::int64_t seed = base.seed + 10'000 * options.instance;
  const double optimum = bbob::draw_optimum(seed);
  const auto landscape =
      std::make_shared<const bbob::Landscape>(base.build(seed, options.dimension));
  const NoiseModel model = {kind, base.severe, static_cast<double>(options.dimension)};

  TestProblem problem;
  problem.space = box(static_cast<int>(options.dimension), -5, 5);
  problem.optimum = optimum;
  problem.argmins = {{landscape->argmin.begin(), landscape->argmin.end()}};
  problem.budget = 30 * options.dimension;
  const auto vector = [](TestProblem::Point x) -> VectorXd {
    return Eigen::Map<const VectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
  };
  problem.evaluate = [=](TestProblem::Point x) {
    const VectorXd point = vector(x);
    return Values{
        .objectives = {optimum + landscape->excess(point) + kPenalty * bbob::outside(point)}};
  };
  problem.observe = [=](TestProblem::Point x, RandomStream& noise) {
    const VectorXd point = vector(x);
    return Values{.objectives = {optimum + model(landscape->excess(point), noise) +
                                 kPenalty * bbob::outside(point)}};
  };
  return problem;
}

}  // namespace

void register_bbob_noisy(ProblemRegistry& registry) {
  const auto schema =
      Schema<NoisyOptions>()
          .field("dimension", &NoisyOptions::dimension, "coordinates, each in [-5, 5]", 2, 10'000)
          .field("instance", &NoisyOptions::instance, "shift and rotation", 1, 200'000);
  int function = 101;
  for (const Base& base : kBases) {
    for (const auto kind : {NoiseModel::kGauss, NoiseModel::kUniform, NoiseModel::kCauchy}) {
      registry.add({.name = "bbob-noisy/f" + std::to_string(function++),
                    .summary = "Noisy BBOB: " + std::string(base.name) + ", " +
                               (base.severe ? "severe " : "moderate ") +
                               std::string(kNoiseNames[kind]) + " noise",
                    .reference = "Finck, Hansen, Ros, Auger (2009), INRIA RR-6869"},
                   schema, [&base, kind](const NoisyOptions& options) {
                     return make_noisy(base, kind, options);
                   });
    }
  }
}

}  // namespace asktell::benchmarks
