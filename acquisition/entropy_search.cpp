// See entropy_search.hpp.
#include <asktell/acquisition/entropy_search.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/acquisition/blocks.hpp>
#include <asktell/acquisition/moments.hpp>
#include <asktell/acquisition/truncated_normal.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSmallestShare = 1e-8;  // of the prior variance, at a sampled minimizer

// log of the variance of an observation whose latent value, N(mean, variance), is known to be above
// `minimum`: that of the truncated normal plus noise.
struct LogTruncatedVariance {
  double value, by_mean, by_variance;
};
LogTruncatedVariance log_truncated_variance(double mean, double variance, double minimum,
                                            double noise) {
  const double deviation = std::sqrt(variance);
  const TruncatedNormal z((mean - minimum) / deviation);
  const double total = variance * z.left + noise;
  const double by_argument = -variance * z.removed_slope() / total;
  return {std::log(total), by_argument / deviation,
          z.left / total - by_argument * z.argument / (2 * variance)};
}

}  // namespace

void MaxValueEntropySearch::evaluate(const MatrixXd& points, VectorXd& values,
                                     MatrixXd* gradients) const {
  evaluate_moments(model_, points, values, gradients, [this](double mean, double deviation) {
    MomentScore sum{0, 0, 0};
    for (const double minimum : minima_) {
      const TruncatedNormal z((mean - minimum) / deviation);
      sum.value += z.entropy;
      sum.by_mean += z.entropy_slope() / deviation;
      sum.by_deviation -= z.entropy_slope() * z.argument / deviation;
    }
    const double share = 1 / static_cast<double>(minima_.size());
    return MomentScore{share * sum.value, share * sum.by_mean, share * sum.by_deviation};
  });
}

void Gibbon::evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const {
  const double half_share = 0.5 / static_cast<double>(minima_.size());
  // With pending points, their variance takes the place of the unconditioned one: the batch term
  // (log of the ratio of the two) and the first term share it.
  const double first = with_pending_ ? 0 : 1;
  evaluate_moments(model_, points, values, gradients, [&](double mean, double deviation) {
    const double variance = deviation * deviation, total = variance + noise_variance_;
    MomentScore sum{0.5 * first * std::log(total), 0, first * deviation / total};
    for (const double minimum : minima_) {
      const auto left = log_truncated_variance(mean, variance, minimum, noise_variance_);
      sum.value -= half_share * left.value;
      sum.by_mean -= half_share * left.by_mean;
      sum.by_deviation -= half_share * left.by_variance * 2 * deviation;
    }
    return sum;
  });
  if (!with_pending_) return;
  VectorXd log_variances;
  MatrixXd slopes;
  evaluate_moments(*with_pending_, points, log_variances, gradients ? &slopes : nullptr,
                   [&](double, double deviation) {
                     const double total = deviation * deviation + noise_variance_;
                     return MomentScore{0.5 * std::log(total), 0, deviation / total};
                   });
  values += log_variances;
  if (gradients) *gradients += slopes;
}

JointEntropySearch::JointEntropySearch(const GpPosterior& model, const OptimumSamples& optima,
                                       double noise_variance)
    : set_(model, optima.points),
      minima_(optima.values),
      noise_variance_(std::isnan(noise_variance) ? observation_noise(model) : noise_variance) {
  VectorXd mean, variance, prior;
  model.predict(optima.points, mean, variance);
  model.kernel().diagonal(optima.points, model.theta().data(), prior);
  inverse_ = variance.cwiseMax(kSmallestShare * prior).cwiseInverse();
  pull_ = (optima.values - mean).cwiseProduct(inverse_);
}

void JointEntropySearch::evaluate(const MatrixXd& points, VectorXd& values,
                                  MatrixXd* gradients) const {
  PosteriorCovariance::Evaluation at(set_);
  evaluate_in_blocks(points, values, gradients,
                     [&](const MatrixXd& some, Eigen::Ref<VectorXd> of_some, MatrixXd* slopes) {
                       evaluate_block(at, some, of_some, slopes);
                     });
}

void JointEntropySearch::evaluate_block(PosteriorCovariance::Evaluation& at, const MatrixXd& block,
                                        Eigen::Ref<VectorXd> values, MatrixXd* gradients) const {
  at.evaluate(block, gradients != nullptr);
  const Index q = block.cols(), count = minima_.size();
  const double half_share = 0.5 / static_cast<double>(count);
  VectorXd by_mean = VectorXd::Zero(q), by_variance = VectorXd::Zero(q);
  MatrixXd by_covariance(count, q);
  for (Index j = 0; j < q; ++j) {
    const double total = at.variance()[j] + noise_variance_;
    const double floor = GpPosterior::kVarianceFloor * at.prior()[j];
    values[j] = 0.5 * std::log(total);
    by_variance[j] = 0.5 / total;
    for (Index s = 0; s < count; ++s) {
      const double c = at.covariance()(s, j), kept = at.variance()[j] - c * c * inverse_[s];
      auto left = log_truncated_variance(at.mean()[j] + c * pull_[s], std::max(kept, floor),
                                         minima_[s], noise_variance_);
      if (!(kept > floor)) left.by_variance = 0;
      values[j] -= half_share * left.value;
      by_mean[j] -= half_share * left.by_mean;
      by_variance[j] -= half_share * left.by_variance;
      by_covariance(s, j) =
          -half_share * (left.by_mean * pull_[s] - 2 * left.by_variance * c * inverse_[s]);
    }
  }
  if (gradients) at.add_gradient(by_mean, by_variance, by_covariance, *gradients);
}

}  // namespace asktell
