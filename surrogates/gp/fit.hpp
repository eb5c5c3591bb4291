// Maximum a posteriori hyper-parameters of an exact Gaussian process: a few deterministic starts,
// the best of them optimized in lockstep by bounded L-BFGS on the logarithms.
#pragma once

#include <span>
#include <vector>

#include <asktell/surrogates/gp/likelihood.hpp>
#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

struct FitOptions {
  int cold_rounds = 100;  // evaluations of a start at most, without a former optimum
  int warm_rounds = 20;   // with one: it is near
  double gradient_tolerance = 1e-4;
  double value_tolerance = 1e-9;  // relative
  int kept_starts = 2;            // of all starts, those of the highest objective
  int drawn_starts = 2;           // log-uniform, besides the prior's mode and half the diagonal
  std::uint64_t seed = 0;         // of the drawn starts
  FitCriterion criterion = FitCriterion::kMarginalLikelihood;
};

// One fitted member.
struct FitReport {
  Eigen::VectorXd theta;   // as model_parameters() lists them
  double objective = 0;    // log marginal likelihood + log priors, constants kept
  double likelihood = 0;   // without the priors
  int evaluations = 0;     // of this member, values and gradients
  int active_bounds = 0;   // entries of theta on their bound
  bool optimized = false;  // false: too few or equal values; theta is the priors' mode
  bool degraded = false;   // no start could be evaluated; theta is the priors' mode
};

// Fits `kernel` under each preset. warm: the last optimum of each member, or empty vectors (cold).
std::vector<FitReport> fit_members(const Kernel& kernel, const GpData& data,
                                   const std::vector<GpPreset>& members,
                                   std::span<const Eigen::VectorXd> warm = {},
                                   const FitOptions& options = {});

// The kernel of a preset over d coordinates: its form, a length-scale each, an output scale.
KernelPtr preset_kernel(const GpPreset& preset, Eigen::Index dimension);

// Equal-weight mixture of posteriors of the same data (members must outlive it): mean of means;
// variance within plus variance of the means. An average of several plausible fits predicts better
// than the likeliest of them when data are few (benchmarks/gp_models.cpp).
class GpMixture final : public Surrogate {
 public:
  explicit GpMixture(std::vector<GpPosterior> members) : members_(std::move(members)) {}
  const std::vector<GpPosterior>& members() const { return members_; }
  std::vector<GpPosterior>& members() { return members_; }
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;
  void joint(const Eigen::MatrixXd& points, Eigen::VectorXd& mean,
             Eigen::MatrixXd& covariance) const;

 private:
  std::vector<GpPosterior> members_;
};

}  // namespace asktell
