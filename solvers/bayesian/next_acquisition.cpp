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

// An acquisition and the beliefs that weigh it.
class Guided final : public Acquisition {
 public:
  Guided(std::unique_ptr<Acquisition> base, const Guidance& guidance, Eigen::Index dimension)
      : base_(std::move(base)),
        guided_(
            *base_,
            [belief = guidance.belief](const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
              return belief.log_density(x, gradient);
            },
            guidance.decay, guidance.iterations, dimension) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients) const override {
    guided_.evaluate(points, values, gradients);
  }

 private:
  std::unique_ptr<Acquisition> base_;
  PriorGuided guided_;
};

std::unique_ptr<Acquisition> plain_acquisition(ToldAndBelieved models, double incumbent, bool noisy,
                                               std::uint64_t seed, bool guided) {
  const GpPosterior& told = models.told;
  const Eigen::MatrixXd& known = models.believed.data().x;
  if (noisy) {
    return std::make_unique<LogNoisyExpectedImprovement>(
        told, told.data().x, known.rightCols(models.pending()),
        NoisyImprovementOptions{.samples = kSamples, .pruning = kPruning, .seed = seed});
  }
  if (models.pending() == 0 || guided) {
    return std::make_unique<LogExpectedImprovement>(models.believed, incumbent);
  }
  const bool bound = RandomStream(seed, Purpose::kFit).uniform() < kOptimism;
  return bound_or_exploration({told, 0, models.believed, 0}, known, kVizierDeviations, bound);
}

}  // namespace

std::unique_ptr<Acquisition> next_acquisition(ToldAndBelieved models, double incumbent, bool noisy,
                                              std::uint64_t seed,
                                              const std::optional<Guidance>& guidance) {
  auto plain = plain_acquisition(models, incumbent, noisy, seed, guidance.has_value());
  if (!guidance) return plain;
  return std::make_unique<Guided>(std::move(plain), *guidance, models.told.data().x.rows());
}

std::string next_acquisition_name(ToldAndBelieved models, bool noisy, bool guided) {
  const bool improvement = models.pending() == 0 || guided;
  const std::string name = noisy ? "log_nei" : improvement ? "log_ei" : "beside pending trials";
  return guided ? name + " and beliefs" : name;
}

}  // namespace asktell
