// See integrated_knowledge_gradient.hpp.
#include <asktell/acquisition/integrated_knowledge_gradient.hpp>

#include <cmath>

#include <asktell/acquisition/blocks.hpp>
#include <asktell/acquisition/linear_envelope.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd all_pairs(const MatrixXd& choices, const MatrixXd& w) {
  const Index m = choices.cols(), k = w.cols();
  MatrixXd out(choices.rows() + w.rows(), m * k);
  for (Index i = 0; i < m; ++i) {
    out.block(0, i * k, choices.rows(), k) = choices.col(i).replicate(1, k);
    out.block(choices.rows(), i * k, w.rows(), k) = w;
  }
  return out;
}

}  // namespace

IntegratedPosterior::IntegratedPosterior(const GpPosterior& model, const MatrixXd& choices,
                                         const Environment& environment)
    : IntegratedPosterior(model, {all_pairs(choices, environment.w), environment.p}) {}

IntegratedPosterior::IntegratedPosterior(const GpPosterior& model, ChoicePairs pairs)
    : choices_(pairs.points.cols() / pairs.p.size()),
      p_(std::move(pairs.p)),
      set_(model, std::move(pairs.points)) {
  VectorXd mean;
  model.predict_mean(set_.points(), mean);
  mean_ = integrate(mean);
}

MatrixXd IntegratedPosterior::integrate(const MatrixXd& of_pairs) const {
  MatrixXd out(choices_, of_pairs.cols());
  for (Index j = 0; j < of_pairs.cols(); ++j) {
    out.col(j) = of_pairs.col(j).reshaped(p_.size(), choices_).transpose() * p_;
  }
  return out;
}

MatrixXd IntegratedPosterior::spread(const MatrixXd& by_choices) const {
  MatrixXd out(choices_ * p_.size(), by_choices.cols());
  for (Index j = 0; j < by_choices.cols(); ++j) {
    out.col(j) = (p_ * by_choices.col(j).transpose()).reshaped();
  }
  return out;
}

MatrixXd IntegratedPosterior::covariance() const {
  PosteriorCovariance::Evaluation at(set_);
  MatrixXd half(choices_, set_.size());  // F with f at all pairs
  in_blocks(set_.points(), [&](Index begin, const MatrixXd& block) {
    at.evaluate(block, false);
    half.middleCols(begin, block.cols()) = integrate(at.covariance());
  });
  return integrate(half.transpose());
}

IntegratedKnowledgeGradient::IntegratedKnowledgeGradient(const GpPosterior& model,
                                                         const MatrixXd& choices,
                                                         const Environment& environment,
                                                         const MatrixXd& pending,
                                                         const KnowledgeGradientOptions& options)
    : IntegratedKnowledgeGradient(model, {all_pairs(choices, environment.w), environment.p},
                                  pending, options) {}

IntegratedKnowledgeGradient::IntegratedKnowledgeGradient(const GpPosterior& model,
                                                         ChoicePairs pairs, const MatrixXd& pending,
                                                         const KnowledgeGradientOptions& options)
    : fantasies_(model, pending, options.fantasies, options.seed),
      integrated_(fantasies_.model(), std::move(pairs)),
      noise_variance_(std::isnan(options.noise_variance) ? observation_noise(model)
                                                         : options.noise_variance) {
  const MatrixXd shifts = integrated_.integrate(fantasies_.shifts(integrated_.set().points()));
  intercepts_ = -(shifts.colwise() + integrated_.mean());
}

void IntegratedKnowledgeGradient::evaluate(const MatrixXd& points, VectorXd& values,
                                           MatrixXd* gradients) const {
  PosteriorCovariance::Evaluation at(integrated_.set());
  MatrixXd by_a;
  VectorXd b, by_b;
  const auto body = [&](const MatrixXd& block, Eigen::Ref<VectorXd> of_block, MatrixXd* slopes) {
    const Index q = block.cols();
    at.evaluate(block, slopes != nullptr);
    const MatrixXd c = integrated_.integrate(at.covariance());
    MatrixXd by_covariance(c.rows(), q);
    VectorXd by_variance(q);
    for (Index j = 0; j < q; ++j) {
      const double total = at.variance()[j] + noise_variance_, root = std::sqrt(total);
      b = c.col(j) / root;
      of_block[j] = log_mean_gain(intercepts_, b, slopes ? &by_a : nullptr, &by_b);
      if (!slopes) continue;
      by_covariance.col(j) = by_b / root;
      by_variance[j] = -by_b.dot(b) / (2 * total);
    }
    if (!slopes) return;
    at.add_gradient(VectorXd::Zero(q), by_variance, integrated_.spread(by_covariance), *slopes);
  };
  evaluate_in_blocks(points, values, gradients, body);
}

}  // namespace asktell
