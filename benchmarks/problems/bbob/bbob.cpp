// The table of the 24 BBOB functions and the class that makes an instance of one.
#include <asktell/benchmarks/problems/bbob/bbob.hpp>

#include <array>
#include <stdexcept>
#include <string>

#include <asktell/benchmarks/problems/bbob/parts.hpp>
#include <asktell/benchmarks/problems/families.hpp>

namespace asktell::benchmarks {
namespace {

struct Entry {
  std::string_view name;
  int seed;  // the function's number, but for two that share another's random numbers
  bbob::Builder build;
};

constexpr std::array<Entry, 24> kFunctions = {{
    {"sphere", 1, bbob::sphere},
    {"separable ellipsoid", 2, bbob::separable_ellipsoid},
    {"separable rastrigin", 3, bbob::separable_rastrigin},
    {"bueche-rastrigin", 3, bbob::bueche_rastrigin},
    {"linear slope", 5, bbob::linear_slope},
    {"attractive sector", 6, bbob::attractive_sector},
    {"step ellipsoid", 7, bbob::step_ellipsoid},
    {"rosenbrock", 8, bbob::rosenbrock},
    {"rotated rosenbrock", 9, bbob::rotated_rosenbrock},
    {"ellipsoid", 10, bbob::ellipsoid},
    {"discus", 11, bbob::discus},
    {"bent cigar", 12, bbob::bent_cigar},
    {"sharp ridge", 13, bbob::sharp_ridge},
    {"different powers", 14, bbob::different_powers},
    {"rastrigin", 15, bbob::rastrigin},
    {"weierstrass", 16, bbob::weierstrass},
    {"schaffers f7", 17, bbob::schaffers_f7},
    {"ill-conditioned schaffers f7", 17, bbob::ill_conditioned_schaffers_f7},
    {"griewank-rosenbrock", 19, bbob::griewank_rosenbrock},
    {"schwefel", 20, bbob::schwefel},
    {"gallagher 101 peaks", 21, bbob::gallagher_101},
    {"gallagher 21 peaks", 22, bbob::gallagher_21},
    {"katsuura", 23, bbob::katsuura},
    {"lunacek bi-rastrigin", 24, bbob::lunacek_bi_rastrigin},
}};

void check(bool valid, const std::string& what, std::int64_t value, const std::string& range) {
  if (valid) return;
  throw std::invalid_argument("bbob " + what + " " + std::to_string(value) + ": must be " + range);
}

}  // namespace

struct Bbob::Excess {
  bbob::Landscape landscape;
};

Bbob::Bbob(int function, int dimension, std::int64_t instance)
    : function_(function), dimension_(dimension), instance_(instance) {
  check(function >= 1 && function <= 24, "function", function, "from 1 to 24");
  check(dimension >= 2, "dimension", dimension, "at least 2");
  // Beyond it the seeds leave the range of the generator (2^31 - 1).
  check(instance >= 1 && instance <= 200'000, "instance", instance, "from 1 to 200000");
  const Entry& entry = kFunctions[static_cast<std::size_t>(function - 1)];
  name_ = entry.name;
  const std::int64_t seed = entry.seed + 10'000 * instance;
  optimum_ = bbob::draw_optimum(seed);
  excess_ = std::make_shared<const Excess>(Excess{entry.build(seed, dimension)});
  const Eigen::VectorXd& argmin = excess_->landscape.argmin;
  argmin_.assign(argmin.begin(), argmin.end());
}

double Bbob::operator()(std::span<const double> x) const {
  if (x.size() != argmin_.size()) {
    throw std::invalid_argument("bbob f" + std::to_string(function_) + ": the point has " +
                                std::to_string(x.size()) + " coordinates; expected " +
                                std::to_string(dimension_));
  }
  const Eigen::VectorXd point = Eigen::Map<const Eigen::VectorXd>(x.data(), dimension_);
  const bbob::Landscape& landscape = excess_->landscape;
  return optimum_ + landscape.excess(point) + landscape.penalty * bbob::outside(point);
}

namespace {

struct BbobOptions {
  std::int64_t dimension = 5;
  std::int64_t instance = 1;
};

TestProblem make_bbob(int function, const BbobOptions& options) {
  const Bbob bbob(function, static_cast<int>(options.dimension), options.instance);
  TestProblem problem;
  problem.space = box(bbob.dimension(), bbob.lower(), bbob.upper());
  problem.optimum = bbob.optimum();
  problem.argmins = {bbob.argmin()};
  problem.budget = 30 * options.dimension;
  problem.evaluate = [bbob](TestProblem::Point x) { return Values{.objectives = {bbob(x)}}; };
  return problem;
}

}  // namespace

void register_bbob(ProblemRegistry& registry) {
  const auto schema =
      Schema<BbobOptions>()
          .field("dimension", &BbobOptions::dimension, "coordinates, each in [-5, 5]", 2, 10'000)
          .field("instance", &BbobOptions::instance, "shift and rotation", 1, 200'000);
  for (int function = 1; function <= static_cast<int>(kFunctions.size()); ++function) {
    const std::string name = "bbob/f" + std::to_string(function);
    const std::string summary(kFunctions[static_cast<std::size_t>(function - 1)].name);
    registry.add({.name = name,
                  .summary = "Noiseless BBOB: " + summary,
                  .reference = "Hansen, Finck, Ros, Auger (2009), INRIA RR-6829"},
                 schema,
                 [function](const BbobOptions& options) { return make_bbob(function, options); });
  }
}

}  // namespace asktell::benchmarks
