// See knowledge_gradient.hpp.
#include <asktell/acquisition/knowledge_gradient.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/acquisition/blocks.hpp>
#include <asktell/acquisition/linear_envelope.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// log(exp(log_gain) + exceeds), exceeds >= 0, and the share of the first in it.
struct Total {
  double log_value, share;
};
Total add_excess(double log_gain, double exceeds) {
  if (exceeds == 0) return {log_gain, 1};
  const double second = std::log(exceeds), top = std::max(log_gain, second);
  const double total = top + std::log(std::exp(log_gain - top) + std::exp(second - top));
  return {total, std::exp(log_gain - total)};
}

// Of counting gains from the best choice without the candidate, which is the last line: the mean
// over scenarios of how far the candidate's intercept exceeds the others. by_last: S derivatives.
double mean_excess(const MatrixXd& a, VectorXd& by_last) {
  const Index last = a.rows() - 1;
  const double share = 1 / static_cast<double>(a.cols());
  by_last.setZero(a.cols());
  double sum = 0;
  for (Index s = 0; s < a.cols(); ++s) {
    const double exceeds = a(last, s) - a.col(s).head(last).maxCoeff();
    if (!(exceeds > 0)) continue;
    sum += share * exceeds;
    by_last[s] = share;
  }
  return sum;
}

}  // namespace

DiscreteKnowledgeGradient::DiscreteKnowledgeGradient(const GpPosterior& model, MatrixXd choices,
                                                     const MatrixXd& pending,
                                                     const KnowledgeGradientOptions& options,
                                                     Candidate candidate)
    : fantasies_(model, pending, options.fantasies, options.seed),
      choices_(fantasies_.model(), std::move(choices)),
      noise_variance_(std::isnan(options.noise_variance) ? observation_noise(model)
                                                         : options.noise_variance),
      candidate_(candidate) {
  VectorXd mean;
  fantasies_.model().predict_mean(choices_.points(), mean);
  intercepts_ = -(fantasies_.shifts(choices_.points()).colwise() + mean);
}

// Buffers of one call.
struct DiscreteKnowledgeGradient::Block {
  explicit Block(const DiscreteKnowledgeGradient& of)
      : at(of.choices_), at_pending(of.fantasies_.set()) {}
  PosteriorCovariance::Evaluation at, at_pending;
  MatrixXd a, by_a;
  VectorXd b, by_b, by_last;
};

void DiscreteKnowledgeGradient::evaluate(const MatrixXd& points, VectorXd& values,
                                         MatrixXd* gradients) const {
  Block block(*this);
  evaluate_in_blocks(points, values, gradients,
                     [&](const MatrixXd& some, Eigen::Ref<VectorXd> of_some, MatrixXd* slopes) {
                       evaluate_block(block, some, of_some, slopes);
                     });
}

void DiscreteKnowledgeGradient::evaluate_block(Block& block, const MatrixXd& points,
                                               Eigen::Ref<VectorXd> values,
                                               MatrixXd* gradients) const {
  const Index q = points.cols(), m = choices_.size(), count = fantasies_.count();
  const bool with_candidate = candidate_ != Candidate::kApart, slopes = gradients != nullptr;
  const bool shifted = with_candidate && !fantasies_.empty();
  auto& at = block.at;
  at.evaluate(points, slopes);
  MatrixXd shifts = MatrixXd::Zero(count, q);
  if (shifted) {
    block.at_pending.evaluate(points, slopes);
    shifts = fantasies_.weights().transpose() * block.at_pending.covariance();
  }
  MatrixXd by_covariance(m, q), by_shift = MatrixXd::Zero(count, q);
  VectorXd by_mean = VectorXd::Zero(q), by_variance(q);
  block.a.resize(m + (with_candidate ? 1 : 0), count);
  block.a.topRows(m) = intercepts_;
  block.b.resize(block.a.rows());
  for (Index j = 0; j < q; ++j) {
    const double total = at.variance()[j] + noise_variance_, root = std::sqrt(total);
    block.b.head(m) = at.covariance().col(j) / root;
    if (with_candidate) {
      block.a.row(m) = -(shifts.col(j).array() + at.mean()[j]).transpose();
      block.b[m] = at.variance()[j] / root;
    }
    values[j] = log_mean_gain(block.a, block.b, slopes ? &block.by_a : nullptr, &block.by_b);
    Total sum{values[j], 1};
    if (candidate_ == Candidate::kExtra) {
      sum = add_excess(values[j], mean_excess(block.a, block.by_last));
      values[j] = sum.log_value;
    }
    if (!slopes) continue;
    block.by_b *= sum.share;
    by_covariance.col(j) = block.by_b.head(m) / root;
    by_variance[j] = -block.by_b.dot(block.b) / (2 * total);
    if (!with_candidate) continue;
    by_variance[j] += block.by_b[m] / root;
    VectorXd by_last = sum.share * block.by_a.row(m).transpose();
    if (sum.share < 1) by_last += std::exp(-sum.log_value) * block.by_last;
    by_shift.col(j) = -by_last;
    by_mean[j] = -by_last.sum();
  }
  if (!slopes) return;
  at.add_gradient(by_mean, by_variance, by_covariance, *gradients);
  if (!shifted) return;
  const VectorXd none = VectorXd::Zero(q);
  block.at_pending.add_gradient(none, none, fantasies_.weights() * by_shift, *gradients);
}

}  // namespace asktell
