// The 55 bi-objective BBOB functions: all pairs of ten of the noiseless ones, each with two
// instances whose optima differ. Brockhoff, Auger, Hansen, Tušar (2022), "Using well-understood
// single-objective functions in multiobjective black-box optimization test suites", Evolutionary
// Computation 30(2); the instances are those of COCO's suite bbob-biobj.
#include <array>
#include <string>
#include <vector>

#include <asktell/benchmarks/problems/bbob/bbob.hpp>
#include <asktell/benchmarks/problems/families.hpp>

namespace asktell::benchmarks {
namespace {

constexpr std::array<int, 10> kFunctions = {1, 2, 6, 8, 13, 14, 15, 17, 20, 21};

// Instances of the two functions. The rule is 2k + 1 and 2k + 2; COCO deviates from it where the
// optima of two instances nearly coincide, and for its first two instances.
constexpr std::array<std::array<int, 2>, 15> kInstances = {{{2, 4},
                                                            {3, 5},
                                                            {7, 8},
                                                            {9, 10},
                                                            {11, 12},
                                                            {13, 14},
                                                            {15, 16},
                                                            {17, 18},
                                                            {19, 21},
                                                            {21, 22},
                                                            {23, 24},
                                                            {25, 26},
                                                            {27, 28},
                                                            {29, 30},
                                                            {31, 34}}};

struct BiobjOptions {
  std::int64_t dimension = 5;
  std::int64_t instance = 1;
  bool normalized = true;
};

TestProblem make_biobj(int first, int second, const BiobjOptions& options) {
  const auto d = static_cast<int>(options.dimension);
  const auto& instances = kInstances[static_cast<std::size_t>(options.instance - 1)];
  const Bbob f(first, d, instances[0]), g(second, d, instances[1]);
  const std::array<double, 2> ideal = {f.optimum(), g.optimum()};
  const std::array<double, 2> nadir = {f(g.argmin()), g(f.argmin())};
  const std::array<double, 2> range = {nadir[0] - ideal[0], nadir[1] - ideal[1]};

  TestProblem problem;
  problem.space = box(d, -100, 100);
  problem.objectives = {"f" + std::to_string(first), "f" + std::to_string(second)};
  problem.reference_point = {nadir[0], nadir[1]};
  if (options.normalized) problem.reference_point = {1, 1};
  if (first == 1 && second == 1) {
    // Two spheres: the front is (t^2, (1 - t)^2) in normalized objectives.
    problem.hypervolume = 5. / 6 * (options.normalized ? 1 : range[0] * range[1]);
  }
  problem.budget = 50 * options.dimension;
  problem.evaluate = [=, normalized = options.normalized](TestProblem::Point x) {
    double a = f(x), b = g(x);
    if (normalized) {
      a = (a - ideal[0]) / range[0];
      b = (b - ideal[1]) / range[1];
    }
    return Values{.objectives = {a, b}};
  };
  return problem;
}

}  // namespace

void register_bbob_biobj(ProblemRegistry& registry) {
  const auto schema =
      Schema<BiobjOptions>()
          .field("dimension", &BiobjOptions::dimension, "coordinates, each in [-100, 100]", 2,
                 10'000)
          .field("instance", &BiobjOptions::instance, "pair of shifts and rotations", 1, 15)
          .field("normalized", &BiobjOptions::normalized,
                 "scale the objectives so that the ideal point is (0, 0) and the nadir (1, 1)");
  int number = 1;
  for (std::size_t i = 0; i < kFunctions.size(); ++i) {
    for (std::size_t j = i; j < kFunctions.size(); ++j) {
      const int first = kFunctions[i], second = kFunctions[j];
      registry.add({.name = "bbob-biobj/f" + std::to_string(number++),
                    .summary = "Bi-objective BBOB: " + std::string(Bbob(first, 2).name()) + " / " +
                               std::string(Bbob(second, 2).name()),
                    .reference = "Brockhoff, Auger, Hansen, Tusar (2022), Using well-understood "
                                 "single-objective functions in multiobjective black-box "
                                 "optimization test suites, Evolutionary Computation 30(2)"},
                   schema, [first, second](const BiobjOptions& options) {
                     return make_biobj(first, second, options);
                   });
    }
  }
}

}  // namespace asktell::benchmarks
