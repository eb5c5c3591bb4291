// See noisy_expected_improvement.hpp.
#include <asktell/acquisition/noisy_expected_improvement.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/acquisition/blocks.hpp>
#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/log_mean_exp.hpp>
#include <asktell/core/dense.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

LogNoisyExpectedImprovement::LogNoisyExpectedImprovement(const GpPosterior& model,
                                                         const MatrixXd& baseline,
                                                         const MatrixXd& pending,
                                                         const NoisyImprovementOptions& options) {
  MatrixXd kept = baseline;
  if (options.pruning > 0) kept = prune_baseline(model, baseline, options.pruning, options.seed);
  baseline_.resize(model.dimension(), kept.cols() + pending.cols());
  baseline_.leftCols(kept.cols()) = kept;
  if (pending.cols() > 0) baseline_.rightCols(pending.cols()) = pending;
  const JointSamples samples = joint_samples(model, baseline_, options.samples, options.seed);
  incumbents_ = samples.values.colwise().minCoeff();
  random_.emplace(model, baseline_(Eigen::all, samples.random));
  factor_ = samples.factor;
  weights_ = samples.normals;  // C^-1 (F - mean) = L'^-1 normals
  if (factor_.rows() > 0) dense::solve_lower_transposed(factor_, weights_);
}

void LogNoisyExpectedImprovement::evaluate(const MatrixXd& points, VectorXd& values,
                                           MatrixXd* gradients) const {
  PosteriorCovariance::Evaluation at(*random_);
  evaluate_in_blocks(points, values, gradients,
                     [&](const MatrixXd& some, Eigen::Ref<VectorXd> of_some, MatrixXd* slopes) {
                       evaluate_block(at, some, of_some, slopes);
                     });
}

void LogNoisyExpectedImprovement::evaluate_block(PosteriorCovariance::Evaluation& at,
                                                 const MatrixXd& block, Eigen::Ref<VectorXd> values,
                                                 MatrixXd* gradients) const {
  const Index q = block.cols(), r = factor_.rows(), count = incumbents_.size();
  at.evaluate(block, gradients != nullptr);
  MatrixXd solved = at.covariance(), means = at.mean().transpose().replicate(count, 1);
  VectorXd explained = VectorXd::Zero(q);
  if (r > 0) {
    dense::multiply(true, false, 1, weights_, at.covariance(), 1, means);
    dense::solve_lower(factor_, solved);
    dense::column_squares(solved, explained);
  }
  VectorXd terms(count), shares, by_mean = VectorXd::Zero(q), by_variance = VectorXd::Zero(q);
  MatrixXd by_means(count, q), by_deviations(count, 1);
  for (Index j = 0; j < q; ++j) {
    const double floor = GpPosterior::kVarianceFloor * at.prior()[j];
    const double left = at.variance()[j] - explained[j];
    const double deviation = std::sqrt(std::max(left, floor));
    for (Index s = 0; s < count; ++s) {
      const MomentScore score = log_expected_improvement(means(s, j), deviation, incumbents_[s]);
      terms[s] = score.value;
      by_means(s, j) = score.by_mean;
      by_deviations(s, 0) = score.by_deviation;
    }
    values[j] = log_mean_exp(terms, &shares);
    by_means.col(j).array() *= shares.array();
    by_mean[j] = by_means.col(j).sum();
    if (left > floor) by_variance[j] = shares.dot(by_deviations.col(0)) / (2 * deviation);
  }
  if (!gradients) return;
  MatrixXd by_covariance(r, q);
  if (r > 0) {
    dense::solve_lower_transposed(factor_, solved);
    by_covariance = solved * (-2 * by_variance).asDiagonal();
    dense::multiply(false, false, 1, weights_, by_means, 1, by_covariance);
  }
  at.add_gradient(by_mean, by_variance, by_covariance, *gradients);
}

}  // namespace asktell
