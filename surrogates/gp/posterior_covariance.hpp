// Latent posterior covariance c(B, x) between a fixed set B of points and any others, beside mean
// and variance there, with derivatives by x: what acquisitions that look ahead, integrate over
// unknown values or know several points at once are made of. L^-1 k(X, B) is solved once for B, so
// that a block of q points costs one solve of q columns and one product.
//
// Derivatives go backwards: weights of the outputs come in, one gradient a point goes out.
#pragma once

#include <memory>

#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

class PosteriorCovariance {
 public:
  // points: d x p, p may be 0. The model must outlive the object and not change.
  PosteriorCovariance(const GpPosterior& model, Eigen::MatrixXd points);

  const GpPosterior& model() const { return model_; }
  const Eigen::MatrixXd& points() const { return points_; }
  Eigen::Index size() const { return points_.cols(); }

  // One evaluation with its buffers, as KernelEvaluation; not for several threads at once.
  class Evaluation {
   public:
    explicit Evaluation(const PosteriorCovariance& set);
    // points: d x q, meant to be few hundreds. With slopes, add_gradient may follow.
    void evaluate(const Eigen::MatrixXd& points, bool slopes);
    const Eigen::VectorXd& mean() const { return mean_; }              // q
    const Eigen::VectorXd& variance() const { return variance_; }      // q, floored above 0
    const Eigen::VectorXd& prior() const { return prior_; }            // q, k(x, x)
    const Eigen::MatrixXd& covariance() const { return covariance_; }  // p x q
    // out.col(j) += by_mean[j] dmean_j + by_variance[j] dvariance_j
    //             + sum_i by_covariance(i, j) dc(b_i, x_j), each by x_j (b_i stands still).
    void add_gradient(const Eigen::VectorXd& by_mean, const Eigen::VectorXd& by_variance,
                      const Eigen::MatrixXd& by_covariance, Eigen::MatrixXd& out);

   private:
    const PosteriorCovariance& set_;
    std::unique_ptr<KernelEvaluation> on_data_, on_set_;
    Eigen::MatrixXd points_, solved_, covariance_, weights_;
    Eigen::VectorXd mean_, variance_, prior_;
    std::vector<bool> floored_;
  };

 private:
  const GpPosterior& model_;
  Eigen::MatrixXd points_;  // d x p
  Eigen::MatrixXd border_;  // n x p: L^-1 k(X, B)
};

// Variance of the noise of a new observation, as Fantasy supposes it: that of the first group.
double observation_noise(const GpPosterior& model);

// The posterior given `values` at `points` (d x p) besides: a copy whose mean function's constant
// stays what it is, so that values at the posterior mean (the default) leave the mean as it is.
GpPosterior conditioned(const GpPosterior& model, const Eigen::MatrixXd& points,
                        const Eigen::VectorXd& values = {});

}  // namespace asktell
