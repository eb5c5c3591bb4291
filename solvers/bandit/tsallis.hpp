// Tsallis-INF with alpha = 1/2 (Zimmert, Seldin 2021, "Tsallis-INF: an optimal algorithm for
// stochastic and adversarial bandits", sections 3.1 and 3.3): the distribution over K arms and the
// running loss estimates, as plain functions of numbers.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace asktell {

// w_i = 4 / (eta (L_i - x))^2 with x < min L such that sum w = 1; losses: K estimates, all finite.
std::vector<double> tsallis_weights(std::span<const double> losses, double eta);

enum class TsallisEstimator { kImportanceWeighted, kReducedVariance };
enum class TsallisScaling { kMean, kRange, kNone };

// eta_t of round t = 1, 2, ...
double tsallis_rate(TsallisEstimator estimator, double round);

// Sums from which the loss estimates follow under whatever scale the losses turn out to have.
class TsallisEstimates {
 public:
  TsallisEstimates(std::size_t arms, TsallisScaling scaling) : sums_(arms), scaling_(scaling) {}

  // A loss of an arm that was played with this probability; `baseline`: the reduced-variance
  // estimator had set 1/2 for it.
  void observe(std::size_t arm, double probability, bool baseline, double loss);
  void observe_failure(std::size_t arm, double probability, bool baseline);  // a worst loss
  void see(double loss);  // for the scale alone: a loss of an arm that was not drawn
  std::size_t rounds() const { return rounds_; }
  // K estimates; baselines: what the reduced-variance estimator has set for each arm, in halves of
  // the scale; empty without.
  std::vector<double> losses(std::span<const double> baselines) const;

 private:
  struct Sums {
    double loss = 0;      // sum of (loss - first_) / p
    double weight = 0;    // sum of 1 / p of told ones
    double failures = 0;  // sum of 1 / p of failed ones
    // Sums of 1 / p of those with a baseline; apart, so that rounding does not depend on how told
    // and failed ones follow each other.
    double baseline = 0;
    double failed_baseline = 0;
  };

  std::vector<Sums> sums_;
  TsallisScaling scaling_;
  std::size_t rounds_ = 0;
  std::size_t seen_ = 0;
  double first_ = 0;  // origin: the first loss, so that large offsets cost no digits
  double low_ = 0, high_ = 0, mean_ = 0;  // of all seen
};

}  // namespace asktell
