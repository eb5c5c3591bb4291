// See tsallis.hpp.
#include <asktell/solvers/bandit/tsallis.hpp>

#include <algorithm>
#include <cmath>

namespace asktell {
namespace {

constexpr int kNewtonSteps = 100;        // 5 to 10 suffice; the bound only stops rounding cycles
constexpr double kLargest = 1e280;       // larger losses count as this: sums over p stay finite
constexpr double kWorseThanWorst = 0.1;  // a failure costs this part of the range above the maximum

double limited(double loss) {
  return std::clamp(loss, -kLargest, kLargest);
}

}  // namespace

std::vector<double> tsallis_weights(std::span<const double> losses, double eta) {
  const double least = *std::min_element(losses.begin(), losses.end());
  // Relative to the least loss. The root lies in [-2 sqrt(K) / eta, -2 / eta], and from the right
  // end Newton's method falls to it without ever crossing the pole at 0.
  double x = -2 / eta;
  for (int step = 0; step < kNewtonSteps; ++step) {
    double sum = 0;
    double slope = 0;  // of sum, divided by eta
    for (double loss : losses) {
      const double root = 2 / (eta * (loss - least - x));
      sum += root * root;
      slope += root * root * root;
    }
    const double change = (sum - 1) / (eta * slope);
    x -= change;
    if (std::abs(change) <= 1e-14 * std::abs(x)) break;
  }
  std::vector<double> weights(losses.size());
  double total = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const double root = 2 / (eta * (losses[i] - least - x));
    weights[i] = root * root;
    total += weights[i];
  }
  for (double& weight : weights) weight /= total;
  return weights;
}

double tsallis_rate(TsallisEstimator estimator, double round) {
  return (estimator == TsallisEstimator::kReducedVariance ? 4 : 2) / std::sqrt(round);
}

void TsallisEstimates::see(double loss) {
  loss = limited(loss);
  if (seen_ == 0) {
    first_ = low_ = high_ = loss;
  }
  ++seen_;
  low_ = std::min(low_, loss);
  high_ = std::max(high_, loss);
  mean_ += (loss - first_ - mean_) / static_cast<double>(seen_);
}

void TsallisEstimates::observe(std::size_t arm, double probability, bool baseline, double loss) {
  see(loss);
  Sums& sums = sums_[arm];
  sums.loss += (limited(loss) - first_) / probability;
  sums.weight += 1 / probability;
  if (baseline) sums.baseline += 1 / probability;
  ++rounds_;
}

void TsallisEstimates::observe_failure(std::size_t arm, double probability, bool baseline) {
  sums_[arm].failures += 1 / probability;
  if (baseline) sums_[arm].failed_baseline += 1 / probability;
  ++rounds_;
}

std::vector<double> TsallisEstimates::losses(std::span<const double> baselines) const {
  // All relative to first_. Scale and offset apply to the whole past at every round.
  const bool raw = scaling_ == TsallisScaling::kNone;
  const double offset = raw ? -first_ : low_ - first_;
  const double range = high_ - low_;
  double scale = 1;
  double worst = 1;  // before anything was told, and for losses known to lie in [0, 1]
  if (!raw && seen_ > 0) {
    scale = scaling_ == TsallisScaling::kRange ? range : mean_ + first_ - low_;
    scale = std::max(scale, 1e-9 * std::max(std::abs(low_), std::abs(high_)));
    if (!(scale > 0)) scale = 1;
    worst = range > 0 ? (1 + kWorseThanWorst) * range / scale : 1;
  }
  std::vector<double> out(sums_.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Sums& sums = sums_[i];
    out[i] = (sums.loss - offset * sums.weight) / scale + worst * sums.failures;
    if (!baselines.empty()) out[i] += 0.5 * (baselines[i] - (sums.baseline + sums.failed_baseline));
  }
  return out;
}

}  // namespace asktell
