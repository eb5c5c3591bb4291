// See hybrid_knowledge_gradient.hpp.
#include <asktell/acquisition/hybrid_knowledge_gradient.hpp>

#include <cmath>

#include <asktell/acquisition/blocks.hpp>
#include <asktell/acquisition/linear_envelope.hpp>
#include <asktell/core/lbfgsb.hpp>
#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const LbfgsbOptions kInner{.rounds = 60, .gradient_tolerance = 1e-8, .value_tolerance = 1e-13};

VectorXd midpoint_quantiles(Index n) {
  VectorXd z(n);
  for (Index j = 0; j < n; ++j) {
    z[j] = normal_quantile((static_cast<double>(j) + 0.5) / static_cast<double>(n));
  }
  return z;
}

// Minimizer of the posterior mean in the unit cube, from the candidate where it is lowest.
VectorXd lowest_mean_point(const GpPosterior& model, const MatrixXd& candidates,
                           const VectorXd& means) {
  Index best;
  means.minCoeff(&best);
  VectorXd mean, variance;
  MatrixXd slopes;
  const BatchedFunction of_mean = [&](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                                      Eigen::Ref<VectorXd> values, Eigen::Ref<MatrixXd> gradients) {
    model.predict(x, mean, variance, &slopes);
    values = mean;
    gradients = slopes;
  };
  const Index d = candidates.rows();
  return minimize_lockstep(of_mean, candidates.col(best), VectorXd::Zero(d), VectorXd::Ones(d),
                           kInner)
      .x;
}

}  // namespace

HybridKnowledgeGradient::HybridKnowledgeGradient(const GpPosterior& model,
                                                 const MatrixXd& candidates,
                                                 const MatrixXd& pending,
                                                 const KnowledgeGradientOptions& options,
                                                 Index quantiles)
    : fantasies_(model, pending, options.fantasies, options.seed),
      candidates_(fantasies_.model(), candidates),
      noise_variance_(std::isnan(options.noise_variance) ? observation_noise(model)
                                                         : options.noise_variance),
      z_(midpoint_quantiles(quantiles)) {
  fantasies_.model().predict_mean(candidates, candidate_means_);
  MatrixXd fixed(model.dimension(), model.size() + 1);
  fixed.leftCols(model.size()) = model.data().x;
  fixed.col(model.size()) = lowest_mean_point(fantasies_.model(), candidates, candidate_means_);
  fixed_ = std::make_unique<PosteriorCovariance>(fantasies_.model(), fixed);
  VectorXd mean;
  fantasies_.model().predict_mean(fixed, mean);
  intercepts_ = -(fantasies_.shifts(fixed).colwise() + mean);
}

// For each point and quantile the candidate where mean - z c / root is lowest.
MatrixXd HybridKnowledgeGradient::first_choices(const MatrixXd& points,
                                                const VectorXd& roots) const {
  const Index n = quantiles();
  MatrixXd out(points.rows(), n * points.cols());
  PosteriorCovariance::Evaluation at(candidates_);
  in_blocks(points, [&](Index begin, const MatrixXd& block) {
    at.evaluate(block, false);
    for (Index j = 0; j < block.cols(); ++j) {
      const VectorXd slopes = at.covariance().col(j) / roots[begin + j];
      for (Index k = 0; k < n; ++k) {
        Index best;
        (candidate_means_ - z_[k] * slopes).minCoeff(&best);
        out.col((begin + j) * n + k) = candidates_.points().col(best);
      }
    }
  });
  return out;
}

MatrixXd HybridKnowledgeGradient::with_choices(const MatrixXd& points) const {
  const GpPosterior& model = fantasies_.model();
  const Index d = points.rows(), n = quantiles();
  VectorXd mean, variance;
  model.predict(points, mean, variance);
  const VectorXd roots = (variance.array() + noise_variance_).sqrt();
  const PosteriorCovariance set(model, points);
  PosteriorCovariance::Evaluation at(set);
  const BatchedFunction of_choices = [&](const Eigen::Ref<const MatrixXd>& x,
                                         std::span<const Index> which, Eigen::Ref<VectorXd> values,
                                         Eigen::Ref<MatrixXd> gradients) {
    in_blocks(x, [&](Index begin, const MatrixXd& block) {
      const Index m = block.cols();
      at.evaluate(block, true);
      MatrixXd by_covariance = MatrixXd::Zero(points.cols(), m), gradient = MatrixXd::Zero(d, m);
      for (Index j = 0; j < m; ++j) {
        const Index start = which[static_cast<std::size_t>(begin + j)], point = start / n;
        const double slope = -z_[start % n] / roots[point];
        values[begin + j] = at.mean()[j] + slope * at.covariance()(point, j);
        by_covariance(point, j) = slope;
      }
      at.add_gradient(VectorXd::Ones(m), VectorXd::Zero(m), by_covariance, gradient);
      gradients.middleCols(begin, m) = gradient;
    });
  };
  const MatrixXd choices = minimize_lockstep(of_choices, first_choices(points, roots),
                                             VectorXd::Zero(d), VectorXd::Ones(d), kInner)
                               .x;
  MatrixXd out((n + 1) * d, points.cols());
  out.topRows(d) = points;
  out.bottomRows(n * d) = choices.reshaped(n * d, points.cols());
  return out;
}

// One column of evaluate: in, x's own moments; out, the value and its derivatives.
struct HybridKnowledgeGradient::Column {
  const PosteriorCovariance::Evaluation& at_fixed;
  bool slopes;
  Index index = 0;
  double value = 0;
  VectorXd by_fixed = {};    // by c(fixed, x)
  double by_variance = 0;    // of x
  VectorXd by_x = {};        // the rest of the gradient by x
  MatrixXd by_choices = {};  // d x n
};

void HybridKnowledgeGradient::evaluate_column(Column& column, const MatrixXd& points) const {
  const GpPosterior& model = fantasies_.model();
  const Index d = points.rows(), n = quantiles(), m = fixed_->size(), count = fantasies_.count();
  const MatrixXd x = points.leftCols(1), choices = points.rightCols(n);
  const PosteriorCovariance set_of_x(model, x), set_of_choices(model, choices);
  PosteriorCovariance::Evaluation from_x(set_of_x), from_choices(set_of_choices),
      from_pending(fantasies_.set());
  from_x.evaluate(choices, column.slopes);
  from_choices.evaluate(x, column.slopes);
  MatrixXd a(m + n, count), by_a;
  a.topRows(m) = intercepts_;
  a.bottomRows(n) = -from_x.mean().replicate(1, count);
  if (!fantasies_.empty()) {
    from_pending.evaluate(choices, column.slopes);
    a.bottomRows(n) -= from_pending.covariance().transpose() * fantasies_.weights();
  }
  const double total = column.at_fixed.variance()[column.index] + noise_variance_;
  const double root = std::sqrt(total);
  VectorXd b(m + n), by_b;
  b.head(m) = column.at_fixed.covariance().col(column.index) / root;
  b.tail(n) = from_choices.covariance() / root;
  column.value = log_mean_gain(a, b, column.slopes ? &by_a : nullptr, &by_b);
  if (!column.slopes) return;
  column.by_fixed = by_b.head(m) / root;
  column.by_variance = -by_b.dot(b) / (2 * total);
  const VectorXd one_zero = VectorXd::Zero(1), zero = VectorXd::Zero(n);
  const VectorXd by_slopes = by_b.tail(n) / root;
  MatrixXd by_x = MatrixXd::Zero(d, 1);
  from_choices.add_gradient(one_zero, one_zero, by_slopes, by_x);
  column.by_x = by_x;
  column.by_choices.setZero(d, n);
  from_x.add_gradient(-by_a.bottomRows(n).rowwise().sum(), zero, by_slopes.transpose(),
                      column.by_choices);
  if (fantasies_.empty()) return;
  from_pending.add_gradient(zero, zero, -fantasies_.weights() * by_a.bottomRows(n).transpose(),
                            column.by_choices);
}

void HybridKnowledgeGradient::evaluate(const MatrixXd& columns, VectorXd& values,
                                       MatrixXd* gradients) const {
  const Index d = fixed_->points().rows(), n = quantiles();
  values.resize(columns.cols());
  if (gradients) gradients->resize(columns.rows(), columns.cols());
  PosteriorCovariance::Evaluation at(*fixed_);
  in_blocks(columns, [&](Index begin, const MatrixXd& block) {
    const Index q = block.cols();
    at.evaluate(block.topRows(d), gradients != nullptr);
    MatrixXd by_covariance(fixed_->size(), q), by_x(d, q);
    VectorXd by_variance(q);
    Column column{.at_fixed = at, .slopes = gradients != nullptr};
    for (Index j = 0; j < q; ++j) {
      column.index = j;
      evaluate_column(column, block.col(j).reshaped(d, n + 1));
      values[begin + j] = column.value;
      if (!gradients) continue;
      by_covariance.col(j) = column.by_fixed;
      by_variance[j] = column.by_variance;
      by_x.col(j) = column.by_x;
      gradients->col(begin + j).tail(n * d) = column.by_choices.reshaped();
    }
    if (!gradients) return;
    at.add_gradient(VectorXd::Zero(q), by_variance, by_covariance, by_x);
    gradients->block(0, begin, d, q) = by_x;
  });
}

VectorXd HybridKnowledgeGradient::values(const MatrixXd& points) const {
  VectorXd out;
  evaluate(with_choices(points), out);
  return out;
}

HybridKnowledgeGradient::Maximum HybridKnowledgeGradient::maximize(const MatrixXd& starts,
                                                                   const std::vector<Index>& held,
                                                                   int rounds) const {
  const MatrixXd columns = with_choices(starts);
  MatrixXd low = MatrixXd::Zero(columns.rows(), columns.cols()), high = low.array() + 1;
  for (const Index i : held) low.row(i) = high.row(i) = columns.row(i);
  VectorXd values;
  MatrixXd slopes;
  const BatchedFunction negative = [&](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                                       Eigen::Ref<VectorXd> f, Eigen::Ref<MatrixXd> gradients) {
    evaluate(x, values, &slopes);
    f = -values;
    gradients = -slopes;
  };
  const MatrixXd found = minimize_lockstep(negative, columns, low, high, {.rounds = rounds}).x;
  const MatrixXd points = found.topRows(starts.rows());
  const VectorXd worth = this->values(points);
  Index best;
  const double value = worth.maxCoeff(&best);
  return {points.col(best), value};
}

}  // namespace asktell
