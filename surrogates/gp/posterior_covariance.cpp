// See posterior_covariance.hpp.
#include <asktell/surrogates/gp/posterior_covariance.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/core/dense.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

PosteriorCovariance::PosteriorCovariance(const GpPosterior& model, MatrixXd points)
    : model_(model), points_(std::move(points)) {
  if (points_.cols() == 0) points_.resize(model.dimension(), 0);
  border_.resize(model.size(), points_.cols());
  if (points_.cols() == 0) return;
  model.cross(points_, border_);
  dense::solve_lower(model.factor(), border_);
}

PosteriorCovariance::Evaluation::Evaluation(const PosteriorCovariance& set)
    : set_(set),
      on_data_(set.model_.kernel().evaluation()),
      on_set_(set.model_.kernel().evaluation()) {}

void PosteriorCovariance::Evaluation::evaluate(const MatrixXd& points, bool slopes) {
  const GpPosterior& model = set_.model_;
  const double* theta = model.theta().data();
  const Index q = points.cols(), p = set_.size();
  points_ = points;  // looked at again for gradients, when a caller's temporary is gone
  on_data_->cross(model.data().x, points_, theta, slopes, solved_);
  mean_.resize(q);
  dense::column_dots(solved_, model.weights(), mean_);
  mean_.array() += model.mean();
  dense::solve_lower(model.factor(), solved_);  // L^-1 k(X, x)
  model.kernel().diagonal(points_, theta, prior_);
  variance_.resize(q);
  dense::column_squares(solved_, variance_);
  floored_.assign(static_cast<std::size_t>(q), false);
  for (Index j = 0; j < q; ++j) {
    const double left = prior_[j] - variance_[j], floor = GpPosterior::kVarianceFloor * prior_[j];
    floored_[static_cast<std::size_t>(j)] = !(left > floor);
    variance_[j] = std::max(left, floor);
  }
  covariance_.resize(p, q);
  if (p == 0) return;
  on_set_->cross(set_.points_, points_, theta, slopes, covariance_);
  dense::multiply(true, false, -1, set_.border_, solved_, 1, covariance_);
}

void PosteriorCovariance::Evaluation::add_gradient(const VectorXd& by_mean,
                                                   const VectorXd& by_variance,
                                                   const MatrixXd& by_covariance, MatrixXd& out) {
  const GpPosterior& model = set_.model_;
  VectorXd by_free = by_variance;  // the floor does not move
  for (Index j = 0; j < by_free.size(); ++j) {
    if (floored_[static_cast<std::size_t>(j)]) by_free[j] = 0;
  }
  // -L'^-1 (2 v by_variance + L^-1 k(X, B) by_covariance) + alpha by_mean are the weights of
  // k(X, x).
  weights_.resize(solved_.rows(), solved_.cols());
  weights_.noalias() = solved_ * (-2 * by_free).asDiagonal();
  if (set_.size() > 0) {
    dense::multiply(false, false, -1, set_.border_, by_covariance, 1, weights_);
    on_set_->input_gradient(by_covariance, 1, out);
  }
  dense::solve_lower_transposed(model.factor(), weights_);
  weights_.noalias() += model.weights() * by_mean.transpose();
  on_data_->input_gradient(weights_, 1, out);
  model.kernel().diagonal_gradient(points_, model.theta().data(), by_free, out);
}

double observation_noise(const GpPosterior& model) {
  return model.data().fitted_noise ? std::exp(model.log_noise()[0]) : 0;
}

GpPosterior conditioned(const GpPosterior& model, const MatrixXd& points, const VectorXd& values) {
  GpPosterior out = model;
  if (points.cols() == 0) return out;
  VectorXd z = values;
  if (z.size() == 0) model.predict_mean(points, z);
  out.hold_mean();
  out.append(points, z);
  return out;
}

}  // namespace asktell
