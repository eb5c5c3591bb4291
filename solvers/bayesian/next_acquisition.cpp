// See next_acquisition.hpp.
#include <asktell/solvers/bayesian/next_acquisition.hpp>

#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/noisy_expected_improvement.hpp>
#include <asktell/acquisition/pure_exploration.hpp>
#include <asktell/core/random.hpp>

namespace asktell {
namespace {

constexpr double kOptimism = 0.25;                     // share of bounds beside pending trials
constexpr Eigen::Index kSamples = 64, kPruning = 256;  // of the values under noise

}  // namespace

std::unique_ptr<Acquisition> next_acquisition(ToldAndBelieved models, double incumbent, bool noisy,
                                              std::uint64_t seed) {
  const GpPosterior& told = models.told;
  const Eigen::MatrixXd& known = models.believed.data().x;
  if (noisy) {
    return std::make_unique<LogNoisyExpectedImprovement>(
        told, told.data().x, known.rightCols(models.pending()),
        NoisyImprovementOptions{.samples = kSamples, .pruning = kPruning, .seed = seed});
  }
  if (models.pending() == 0) return std::make_unique<LogExpectedImprovement>(told, incumbent);
  const bool bound = RandomStream(seed, Purpose::kFit).uniform() < kOptimism;
  return bound_or_exploration({told, 0, models.believed, 0}, known, kVizierDeviations, bound);
}

std::string next_acquisition_name(ToldAndBelieved models, bool noisy) {
  return noisy ? "log_nei" : models.pending() == 0 ? "log_ei" : "beside pending trials";
}

}  // namespace asktell
