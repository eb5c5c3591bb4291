// See q_log_expected_improvement.hpp.
#include <asktell/acquisition/q_log_expected_improvement.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/acquisition/joint_samples.hpp>
#include <asktell/acquisition/log_mean_exp.hpp>
#include <asktell/core/dense.hpp>
#include <asktell/surrogates/gp/posterior_covariance.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kTail = 0.1;  // height of the fat tail of fat_plus at 0

// softplus(u) + 0.1 / (1 + u^2).
Smooth fat_softplus(double u) {
  const double plus = u > 0 ? u + std::log1p(std::exp(-u)) : std::log1p(std::exp(u));
  const double tail = kTail / (1 + u * u);
  const double sigmoid = u > 0 ? 1 / (1 + std::exp(-u)) : std::exp(u) / (1 + std::exp(u));
  return {plus + tail, sigmoid - 2 * u * tail / (1 + u * u)};
}

// Derivative by a covariance given that by its factor l (Murray 2016, "Differentiation of the
// Cholesky decomposition", equation 9): symmetric, all entries counted.
MatrixXd pull_through_cholesky(const MatrixXd& l, const MatrixXd& by_factor) {
  MatrixXd p = (l.transpose() * by_factor).triangularView<Eigen::Lower>();
  p.diagonal() *= 0.5;
  dense::solve_lower_transposed(l, p);
  MatrixXd turned = p.transpose();
  dense::solve_lower_transposed(l, turned);
  return 0.5 * (turned + turned.transpose());
}

// Of the covariance of the points of one batch, with jitter where some are equal.
MatrixXd joint_factor(const PosteriorCovariance::Evaluation& at) {
  for (double jitter = 0;; jitter = std::max(1e-10, 10 * jitter)) {
    MatrixXd factor = at.covariance();
    factor.diagonal() = at.variance() + jitter * at.prior();
    if (dense::cholesky(factor) >= 0) continue;
    factor.triangularView<Eigen::StrictlyUpper>().setZero();
    return factor;
  }
}

}  // namespace

Smooth fat_plus(double x, double tau) {
  const Smooth at = fat_softplus(x / tau);
  return {tau * at.value, at.slope};
}

Smooth log_fat_plus(double x, double tau) {
  const Smooth at = fat_softplus(x / tau);
  return {std::log(tau) + std::log(at.value), at.slope / (at.value * tau)};
}

double fat_max(const Eigen::Ref<const VectorXd>& x, double tau, VectorXd* weights) {
  Index top;
  const double largest = x.maxCoeff(&top);
  const Eigen::ArrayXd u = (largest - x.array()) / tau;
  const Eigen::ArrayXd p = 2 / (2 + 2 * u + u.square());
  const double sum = p.sum();
  if (weights) {
    *weights = (1 + u) * p.square() / sum;  // -dp/du = (1 + u) p^2
    (*weights)[top] += 1 - weights->sum();  // the largest moves all u
  }
  return largest + tau * std::log(sum);
}

Smooth fat_moid(double x) {
  const double m = std::sqrt(1.0 / 3), shifted = x < 0 ? x - m : x + m;
  const double tail = 2.0 / 3 / (1 + shifted * shifted);
  const double slope = 2 * std::abs(shifted) * tail / (1 + shifted * shifted);
  return {x < 0 ? tail : 1 - tail, slope};
}

QLogExpectedImprovement::QLogExpectedImprovement(const GpPosterior& model, Index q, double best,
                                                 const QLogImprovementOptions& options)
    : model_(model),
      best_(best),
      options_(options),
      normals_(base_normals(q, options.samples, options.seed)) {}

void QLogExpectedImprovement::evaluate(const MatrixXd& batches, VectorXd& values,
                                       MatrixXd* gradients) const {
  const Index d = model_.dimension(), q = normals_.rows(), count = normals_.cols();
  values.resize(batches.cols());
  if (gradients) gradients->resize(batches.rows(), batches.cols());
  MatrixXd by_values(q, count);
  VectorXd logs(q), weights, slopes(q), terms(count), shares;
  for (Index b = 0; b < batches.cols(); ++b) {
    const MatrixXd points = batches.col(b).reshaped(d, q);
    const PosteriorCovariance set(model_, points);
    PosteriorCovariance::Evaluation at(set);
    at.evaluate(points, gradients != nullptr);
    const MatrixXd factor = joint_factor(at);
    const MatrixXd sampled = (factor * normals_).colwise() + at.mean();
    for (Index s = 0; s < count; ++s) {
      for (Index i = 0; i < q; ++i) {
        const Smooth one = log_fat_plus(best_ - sampled(i, s), options_.plus_width);
        logs[i] = one.value;
        slopes[i] = -one.slope;
      }
      terms[s] = fat_max(logs, options_.max_width, &weights);
      by_values.col(s) = weights.cwiseProduct(slopes);
    }
    values[b] = log_mean_exp(terms, &shares);
    if (!gradients) continue;
    by_values = by_values * shares.asDiagonal();
    MatrixXd by_covariance = pull_through_cholesky(factor, by_values * normals_.transpose());
    const VectorXd by_variance = by_covariance.diagonal();
    by_covariance.diagonal().setZero();
    MatrixXd gradient = MatrixXd::Zero(d, q);
    at.add_gradient(by_values.rowwise().sum(), by_variance, 2 * by_covariance, gradient);
    gradients->col(b) = gradient.reshaped();
  }
}

}  // namespace asktell
