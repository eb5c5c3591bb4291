// Log marginal likelihood of an exact Gaussian process with log priors, and its gradient by all
// hyper-parameters (Rasmussen & Williams 2006, section 5.4): one Cholesky factorization, one
// inverse and one pass back through the kernel. After the first call of one size nothing is
// allocated.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <span>
#include <vector>

#include <asktell/surrogates/gp/data.hpp>
#include <asktell/surrogates/gp/prior.hpp>

namespace asktell {

enum class FitCriterion {
  kMarginalLikelihood,
  kLeaveOneOut,  // sum of log predictive densities of each value given the others (5.4.2), the mean
                 // held
};

// Theta of a model: the kernel's parameters, then a log noise variance for each noise group.
std::vector<HyperParameter> model_parameters(const Kernel& kernel, const GpData& data);

// Box, prior and start of each entry of theta.
struct HyperBox {
  HyperBox(const std::vector<HyperParameter>& parameters, const GpPreset& preset);
  // gradient: added to.
  double log_prior(const Eigen::Ref<const Eigen::VectorXd>& theta, double* gradient) const;

  Eigen::VectorXd low, high, start;  // of theta
  std::vector<Prior> priors;
  std::vector<bool> logarithmic;
};

// What the values merged into means (GpData::replicates) add to the log likelihood of the means;
// gradient, by the log noise variances: added to, or null.
double replicate_terms(const GpData& data, const double* log_noise, double* gradient);

class MarginalLikelihood {
 public:
  // Kernel and data must outlive the object. With profile_scale the whole covariance, noise
  // included, is multiplied by the scale that maximizes the likelihood: see scale().
  MarginalLikelihood(const Kernel& kernel, const GpData& data, const GpMean& mean,
                     FitCriterion criterion = FitCriterion::kMarginalLikelihood,
                     bool profile_scale = false);

  Eigen::Index parameters() const { return kernel_.parameter_count() + data_.groups(); }

  // Without priors. -infinity where the covariance cannot be factorized. gradient: parameters()
  // numbers, set, or null.
  double evaluate(const Eigen::Ref<const Eigen::VectorXd>& theta, double* gradient);

  double mean() const { return mean_value_; }  // at the last theta
  double scale() const { return scale_; }      // likewise; 1 unless profiled
  int evaluations() const { return evaluations_; }

 private:
  void solve_mean(const GpMean& mean);
  void leave_one_out_weights(double& value);
  void add_noise(const double* log_noise);

  const Kernel& kernel_;
  const GpData& data_;
  const GpMean mean_;
  const FitCriterion criterion_;
  const bool profile_scale_;
  std::unique_ptr<KernelEvaluation> evaluation_;
  // n x n, lower triangles: covariance, then its factor; inverse, then weights.
  Eigen::MatrixXd sigma_, inverse_;
  Eigen::MatrixXd weights_;  // n x n, for the leave-one-out criterion only
  Eigen::MatrixXd solved_;   // n x 2: L^-1 [z, 1]
  Eigen::VectorXd alpha_, residual_;
  Eigen::VectorXd noise_;  // fitted variance of each group
  double mean_value_ = 0;
  double scale_ = 1;
  int evaluations_ = 0;
};

}  // namespace asktell
