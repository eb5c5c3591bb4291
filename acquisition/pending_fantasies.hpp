// Pending points for acquisitions that look ahead: their values are drawn S times from the model.
// All draws share the covariance (that of the model given the points), only means differ (Snoek et
// al. 2012, "Practical Bayesian optimization of machine learning algorithms", section 3.2).
#pragma once

#include <memory>

#include <asktell/surrogates/gp/posterior_covariance.hpp>

namespace asktell {

class PendingFantasies {
 public:
  // pending: d x p. With p = 0 there is one fantasy, the model itself. The model must outlive this.
  PendingFantasies(const GpPosterior& model, const Eigen::MatrixXd& pending, Eigen::Index count,
                   std::uint64_t seed);

  // The model given the pending points at their means.
  const GpPosterior& model() const { return given_ ? *given_ : base_; }
  bool empty() const { return set_.size() == 0; }
  Eigen::Index count() const { return weights_.cols(); }
  // The pending points under the model without them; the mean of fantasy s at x is that of model()
  // plus c(P, x)' weights().col(s).
  const PosteriorCovariance& set() const { return set_; }
  const Eigen::MatrixXd& weights() const { return weights_; }  // p x S
  // q x S at the q columns of points.
  Eigen::MatrixXd shifts(const Eigen::MatrixXd& points) const;

 private:
  const GpPosterior& base_;
  std::unique_ptr<const GpPosterior> given_;
  PosteriorCovariance set_;
  Eigen::MatrixXd weights_;
};

}  // namespace asktell
