// An exact Gaussian process at given hyper-parameters: a factor of the covariance of the data, and
// everything that is read off it (Rasmussen & Williams 2006, chapter 2). Values and points are in
// the units of the model.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include <asktell/surrogates/gp/data.hpp>
#include <asktell/surrogates/gp/prior.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// Leave-one-out predictions of the n values, from the one factorization (5.4.2).
struct LeaveOneOut {
  Eigen::VectorXd mean, variance;  // of the observation: noise is in the variance
  Eigen::VectorXd log_density;
};

class GpPosterior final : public Surrogate {
 public:
  // theta: as model_parameters() lists them. Throws OptionError when there are not as many.
  GpPosterior(KernelPtr kernel, GpData data, Eigen::VectorXd theta, GpMean mean = {});

  const GpData& data() const { return data_; }
  const Kernel& kernel() const { return *kernel_; }
  const KernelPtr& kernel_ptr() const { return kernel_; }
  const Eigen::VectorXd& theta() const { return theta_; }
  Eigen::Index size() const { return data_.size(); }
  Eigen::Index dimension() const { return data_.dimension(); }
  double mean() const { return mean_value_; }
  // From here on the mean stays what it is, whatever values come or go.
  void hold_mean() { mean_ = {.kind = GpMean::Kind::kFixed, .value = mean_value_}; }
  // Variances are kept above this share of the prior variance.
  static constexpr double kVarianceFloor = 1e-12;
  // Added to the whole diagonal because the covariance was not positive definite to rounding; 0 in
  // the normal case. Pivots that an append had to lift are counted instead.
  double jitter() const { return jitter_; }
  int lifted_pivots() const { return lifted_; }
  double log_marginal_likelihood() const;

  // Latent mean and variance at q points (d x q); optionally the gradients (d x q).
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;
  void predict_mean(const Eigen::MatrixXd& points, Eigen::VectorXd& mean) const;
  // Joint latent mean (q) and covariance (q x q).
  void joint(const Eigen::MatrixXd& points, Eigen::VectorXd& mean,
             Eigen::MatrixXd& covariance) const;
  // What not knowing the mean adds to the variance when it was found by least squares; q numbers.
  Eigen::VectorXd mean_variance(const Eigen::MatrixXd& points) const;
  LeaveOneOut leave_one_out() const;

  // Observations more: O(n^2) each, hyper-parameters as they are. given_noise and groups as in
  // GpData (empty: none, group 0).
  void append(const Eigen::MatrixXd& x, const Eigen::VectorXd& z,
              const Eigen::VectorXd& given_noise = {}, const std::vector<int>& groups = {});
  void remove(Eigen::Index index);            // O((n - index)^2)
  void set_values(const Eigen::VectorXd& z);  // O(n^2)

  // Parts of the system, for what is built on it: L of L L' = K + noise (n x n, lower),
  // (K + noise)^-1 (z - mean), and solves with L and L'.
  Eigen::Ref<const Eigen::MatrixXd> factor() const { return factor_.topLeftCorner(size(), size()); }
  const Eigen::VectorXd& weights() const { return alpha_; }
  double noise(Eigen::Index i) const { return data_.noise(i, log_noise()); }
  const double* log_noise() const { return theta_.data() + kernel_->parameter_count(); }
  void cross(const Eigen::MatrixXd& points, Eigen::MatrixXd& k) const;  // n x q

 private:
  void factorize();
  void solve_mean();
  void finish_mean();
  void reserve(Eigen::Index size);

  KernelPtr kernel_;
  GpData data_;
  Eigen::VectorXd theta_;
  GpMean mean_;
  Eigen::MatrixXd factor_;  // at least n x n, so that appends seldom move it
  Eigen::MatrixXd solved_;  // n x 2: L^-1 [z, 1]
  Eigen::VectorXd alpha_;
  double mean_value_ = 0;
  double precision_ = 0;  // 1' Sigma^-1 1: of the mean found by least squares
  double jitter_ = 0;
  int lifted_ = 0;
};

// A posterior with points more whose values are supposed: trials that are pending, or the outcomes
// of a look ahead. The posterior itself is not touched and must outlive the view.
class Fantasy final : public Surrogate {
 public:
  // points: d x p. values: p, or empty for the posterior mean (the mean stays, the variance
  // shrinks: the "kriging believer" of Ginsbourger et al. 2010).
  Fantasy(const GpPosterior& base, Eigen::MatrixXd points, const Eigen::VectorXd& values = {});
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;

 private:
  const GpPosterior& base_;
  Eigen::MatrixXd points_;   // d x p
  Eigen::MatrixXd border_;   // n x p: L^-1 K(X, P)
  Eigen::MatrixXd corner_;   // p x p: factor of K(P, P) + noise - border' border
  Eigen::VectorXd weights_;  // p: of k(P, x) - border' L^-1 k(X, x)
};

}  // namespace asktell
