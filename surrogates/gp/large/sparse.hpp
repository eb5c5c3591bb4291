// Gaussian processes through m inducing points Z, for n in the thousands: the covariance of the
// data is replaced by Q = K(X, Z) K(Z, Z)^-1 K(Z, X) plus a diagonal. O(n m^2) time and O(n m)
// memory for an evaluation, all in products of matrices over blocks of points.
//
//   variational  log N(z; m, Q + noise) - sum_i (k_ii - Q_ii) / (2 noise_i), a lower bound of the
//                log marginal likelihood (Titsias 2009, "Variational learning of inducing variables
//                in sparse Gaussian processes")
//   fitc         log N(z; m, Q + diag(K - Q) + noise) (Snelson & Ghahramani 2006, "Sparse Gaussian
//                processes using pseudo-inputs"); tends to explain noise by the diagonal
//
// With Z = X both are the exact model. Z is held while hyper-parameters move.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include <asktell/core/workspace_pool.hpp>
#include <asktell/surrogates/gp/likelihood.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

enum class SparseKind { kVariational, kFitc };

// The bound or likelihood, and its gradient by all hyper-parameters.
class SparseLikelihood {
 public:
  // z: d x m inducing points. jitter: added to the diagonal of K(Z, Z), relative to it. kernel and
  // data must outlive the object. Noise variances below 1e-10 count as that.
  SparseLikelihood(const Kernel& kernel, const GpData& data, Eigen::MatrixXd z, SparseKind kind,
                   GpMean mean = {}, double jitter = 1e-8);
  ~SparseLikelihood();

  Eigen::Index parameters() const { return kernel_.parameter_count() + data_.groups(); }

  // Without priors. theta: as model_parameters() lists it. -infinity where K(Z, Z) cannot be
  // factorized. gradient: parameters() numbers, set, or null.
  double evaluate(const Eigen::VectorXd& theta, double* gradient);

  // Of the last evaluation, with D the diagonal beside Q: the mean; L of L L' = K(Z, Z); R of R R'
  // = I + L^-1 K(Z, X) D^-1 K(X, Z) L'^-1; u of the posterior mean, m + k(x, Z) u.
  double mean() const { return mean_value_; }
  const Eigen::MatrixXd& factor() const { return factor_; }
  const Eigen::MatrixXd& inner_factor() const { return inner_factor_; }
  const Eigen::VectorXd& weights() const { return weights_; }

 private:
  struct Workspace;

  template <typename Body>
  void for_blocks(const Body& body);
  void project(const Eigen::VectorXd& theta);
  void solve_mean();
  double value() const;
  void inducing_gradient(double* gradient);
  void cross_gradient(const Eigen::VectorXd& theta, double* gradient);

  const Kernel& kernel_;
  const GpData& data_;
  const Eigen::MatrixXd z_;
  const SparseKind kind_;
  const GpMean mean_;
  const double jitter_;
  const Eigen::Index block_;  // data points a piece of work

  std::unique_ptr<KernelEvaluation> on_inducing_;
  std::unique_ptr<WorkspacePool<Workspace>> pool_;
  Eigen::MatrixXd a_;         // m x n: L^-1 K(Z, X) D^-1/2
  Eigen::VectorXd noise_;     // n
  Eigen::VectorXd unseen_;    // n: k_ii - Q_ii
  Eigen::VectorXd diagonal_;  // n: of D
  Eigen::VectorXd alpha_;     // n: (Q + D)^-1 (z - mean)
  Eigen::VectorXd beta_;      // m: L^-1 K(Z, X) alpha
  Eigen::VectorXd slope_;     // n: derivative of the value by unseen_
  Eigen::MatrixXd factor_, inner_, inner_factor_, inner_inverse_;  // m x m: L, RR', R, (RR')^-1
  Eigen::VectorXd weights_;                                        // m
  Eigen::MatrixXd block_gradients_;  // parameters x blocks: summed in order
  double mean_value_ = 0;
  double square_ = 0;  // (z - mean)' alpha
};

// The posterior of either kind at given hyper-parameters. O(m^2) for a point.
class SparseGp final : public Surrogate {
 public:
  SparseGp(KernelPtr kernel, const GpData& data, Eigen::MatrixXd z, SparseKind kind,
           Eigen::VectorXd theta, GpMean mean = {}, double jitter = 1e-8);

  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;

  const Eigen::MatrixXd& inducing() const { return z_; }
  const Eigen::VectorXd& theta() const { return theta_; }
  double mean() const { return mean_value_; }
  double value() const { return value_; }  // of the bound or likelihood, without priors
  // Relative to the diagonal of K(Z, Z); more than asked for when that could not be factorized.
  double jitter() const { return jitter_; }

 private:
  void predict_block(const Eigen::MatrixXd& points, Eigen::Ref<Eigen::VectorXd> mean,
                     Eigen::Ref<Eigen::VectorXd> variance, Eigen::MatrixXd* mean_gradient,
                     Eigen::MatrixXd* variance_gradient) const;

  KernelPtr kernel_;
  Eigen::MatrixXd z_;  // d x m
  Eigen::VectorXd theta_;
  Eigen::MatrixXd factor_, inner_factor_;  // m x m
  Eigen::VectorXd weights_;                // m
  double mean_value_ = 0, value_ = 0, jitter_ = 0;
};

}  // namespace asktell
