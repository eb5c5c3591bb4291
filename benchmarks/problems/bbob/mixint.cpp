// The 24 BBOB functions with four fifths of their coordinates discretized to 2, 4, 8 and 16 values:
// the suite bbob-mixint of COCO. Tušar, Brockhoff, Hansen (2019), "Mixed-integer benchmark problems
// for single- and bi-objective optimization", GECCO. COCO's problems of 80 and 160 coordinates have
// block-diagonal rotations and are not these.
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <asktell/benchmarks/problems/bbob/bbob.hpp>
#include <asktell/benchmarks/problems/families.hpp>

namespace asktell::benchmarks {
namespace {

constexpr std::array<int, 5> kValues = {2, 4, 8, 16, 0};  // of each fifth; 0: continuous

// Make the functions similarly hard at equal targets.
constexpr std::array<double, 24> kScales = {1,    1e-3, 1e-1, 1e-1, 1,  1e-2, 1,  1e-2,
                                            1e-2, 1e-3, 1e-2, 1e-4, .1, 1,    .1, 1,
                                            10,   1,    10,   1e-1, 1,  1,    10, 1e-1};

// One discretized coordinate: 0, ..., values - 1 are equidistant inside [-4, 4], then all are
// shifted such that the nearest one falls onto the optimum.
class Grid {
 public:
  Grid(int values, double optimum)
      : first_(-4 + 8. / (values + 1)), step_((4 - 8. / (values + 1) - first_) / (values - 1)) {
    argmin_ = std::clamp(std::floor((optimum - first_) / step_ + 0.5), 0., values - 1.);
    shift_ = optimum - (first_ + step_ * argmin_);
  }

  double argmin() const { return argmin_; }
  double operator()(double index) const { return first_ + step_ * index + shift_; }

 private:
  double first_, step_;
  double argmin_ = 0, shift_ = 0;
};

struct MixintOptions {
  std::int64_t dimension = 5;
  std::int64_t instance = 1;
};

TestProblem make_mixint(int function, const MixintOptions& options) {
  if (options.dimension % 5 != 0) {
    throw std::invalid_argument("problem \"bbob-mixint/f" + std::to_string(function) +
                                "\": dimension is " + std::to_string(options.dimension) +
                                "; it must be a multiple of 5, such as 5, 10, 20 or 40");
  }
  const Bbob bbob(function, static_cast<int>(options.dimension), options.instance);
  const double scale = kScales[static_cast<std::size_t>(function - 1)];
  const std::size_t fifth = static_cast<std::size_t>(options.dimension) / kValues.size();

  TestProblem problem;
  std::vector<Grid> grids;  // of the coordinates before the continuous ones
  std::vector<double> argmin = bbob.argmin();
  for (std::size_t i = 0; i < argmin.size(); ++i) {
    const std::string name = "x" + std::to_string(i);
    const int values = kValues[i / fifth];
    if (values == 0) {
      problem.space.real(name, bbob.lower(), bbob.upper());
      continue;
    }
    problem.space.integer(name, 0, values - 1);
    argmin[i] = grids.emplace_back(values, argmin[i]).argmin();
  }
  problem.optimum = scale * bbob.optimum();
  problem.argmins = {argmin};
  problem.budget = 30 * options.dimension;
  problem.evaluate = [bbob, scale, grids](TestProblem::Point x) {
    std::vector<double> inner(x.begin(), x.end());
    for (std::size_t i = 0; i < grids.size(); ++i) inner[i] = grids[i](inner[i]);
    return Values{.objectives = {scale * bbob(inner)}};
  };
  return problem;
}

}  // namespace

void register_bbob_mixint(ProblemRegistry& registry) {
  const auto schema =
      Schema<MixintOptions>()
          .field("dimension", &MixintOptions::dimension,
                 "coordinates, a multiple of 5; a fifth each has 2, 4, 8, 16 and infinitely many "
                 "values",
                 5, 45)
          .field("instance", &MixintOptions::instance, "shift and rotation", 1, 200'000);
  for (int function = 1; function <= static_cast<int>(kScales.size()); ++function) {
    registry.add(
        {.name = "bbob-mixint/f" + std::to_string(function),
         .summary = "Mixed-integer BBOB: " + std::string(Bbob(function, 5, 1).name()),
         .reference = "Tusar, Brockhoff, Hansen (2019), Mixed-integer benchmark problems for "
                      "single- and bi-objective optimization, GECCO"},
        schema,
        [function](const MixintOptions& options) { return make_mixint(function, options); });
  }
}

}  // namespace asktell::benchmarks
