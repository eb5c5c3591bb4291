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

// A weighed acquisition and the one it weighs.
template <typename Weighed>
class Owning final : public Acquisition {
 public:
  template <typename... Arguments>
  explicit Owning(std::unique_ptr<Acquisition> base, Arguments&&... arguments)
      : base_(std::move(base)), weighed_(*base_, std::forward<Arguments>(arguments)...) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients) const override {
    weighed_.evaluate(points, values, gradients);
  }

 private:
  std::unique_ptr<Acquisition> base_;
  Weighed weighed_;
};

std::unique_ptr<Acquisition> plain_acquisition(ToldAndBelieved models, double incumbent, bool noisy,
                                               std::uint64_t seed, bool weighed) {
  const GpPosterior& told = models.told;
  const Eigen::MatrixXd& known = models.believed.data().x;
  if (noisy) {
    return std::make_unique<LogNoisyExpectedImprovement>(
        told, told.data().x, known.rightCols(models.pending()),
        NoisyImprovementOptions{.samples = kSamples, .pruning = kPruning, .seed = seed});
  }
  if (models.pending() == 0 || weighed) {
    return std::make_unique<LogExpectedImprovement>(models.believed, incumbent);
  }
  const bool bound = RandomStream(seed, Purpose::kFit).uniform() < kOptimism;
  return bound_or_exploration({told, 0, models.believed, 0}, known, kVizierDeviations, bound);
}

}  // namespace

std::unique_ptr<Acquisition> weighed(std::unique_ptr<Acquisition> acquisition,
                                     const Weights& weights, Eigen::Index dimension) {
  if (weights.beliefs) {
    const auto log_density = [belief = weights.beliefs->belief](const Eigen::VectorXd& x,
                                                                Eigen::VectorXd* gradient) {
      return belief.log_density(x, gradient);
    };
    acquisition = std::make_unique<Owning<PriorGuided>>(std::move(acquisition), log_density,
                                                        weights.beliefs->decay,
                                                        weights.beliefs->iterations, dimension);
  }
  if (weights.cost) {
    acquisition = std::make_unique<Owning<CostWeighted>>(
        std::move(acquisition), weights.cost->log_cost, weights.cost_exponent, weights.cost->scale);
  }
  return acquisition;
}

std::unique_ptr<Acquisition> next_acquisition(ToldAndBelieved models, double incumbent, bool noisy,
                                              std::uint64_t seed, const Weights& weights) {
  return weighed(plain_acquisition(models, incumbent, noisy, seed, weights.any()), weights,
                 models.told.data().x.rows());
}

std::string next_acquisition_name(ToldAndBelieved models, bool noisy, Weighed by) {
  const bool improvement = models.pending() == 0 || by.beliefs || by.cost;
  const std::string name = noisy ? "log_nei" : improvement ? "log_ei" : "beside pending trials";
  return name + (by.beliefs ? " and beliefs" : "") + (by.cost ? " by cost" : "");
}

}  // namespace asktell
