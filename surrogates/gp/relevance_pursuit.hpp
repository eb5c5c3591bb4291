// Regression with corrupted observations: a few of the n values get an extra noise variance rho of
// their own, the sparse vector being found with the hyper-parameters (Ament et al. 2024, "Robust
// Gaussian processes via relevance pursuit"). The forward variant: from the ordinary fit, one
// observation after another receives the variance that maximizes the likelihood, which is closed
// form in its leave-one-out prediction, and how many is decided by the marginal likelihood with a
// prior on the support. The variances are about the observations only: predictions elsewhere are
// those of the latent function.
#pragma once

#include <vector>

#include <asktell/surrogates/gp/fit.hpp>

namespace asktell {

struct RelevancePursuitOptions {
  // The paper's default algorithm instead: from a variance for every observation down along fixed
  // shares of n, dropping the smallest, with a refit at each. Twice the cost (about five ordinary
  // fits) and about as good in our measurements.
  bool backward = false;
  // Pursuit begins when some |leave-one-out z-score| exceeds this; 0: always. Scores are divided by
  // their robust scale (1.4826 median |z|) where that is below 1: several outliers inflate the
  // fitted noise and would hide each other.
  double trigger = 4;
  double step = 0.05;  // share of n after which variances are polished and refits are due
  double cap = 0.2;    // share of n that may be suspect, at most
  // The number of suspects is exponential with mean max(1, mean_share n) a priori.
  double mean_share = 0.2;
  // All supports of one size are equally likely: their number C(n, size) divides the prior. Without
  // it (the paper's formula) a suspect costs 1 / mean nats only, which any |z| above 1.3 is worth
  // at n = 60: pursuit then goes on to the cap.
  bool count_supports = true;
  FitOptions fit = {};
};

// One support that was considered.
struct RelevancePursuitStep {
  Eigen::Index size = 0;     // observations with a variance of their own
  double likelihood = 0;     // log marginal likelihood, not divided by n
  double log_prior = 0;      // of the hyper-parameters
  double support_prior = 0;  // log prior of the support
  bool refitted = false;     // hyper-parameters are those of this support
  double criterion() const { return likelihood + log_prior + support_prior; }
};

// An observation that the rest of the data contradicts.
struct Suspect {
  Eigen::Index index = 0;
  double z_score = 0;   // (value - prediction without it) / its deviation, noise included
  double variance = 0;  // rho
};

struct RobustFit {
  Eigen::VectorXd theta;                   // as model_parameters() lists them
  Eigen::VectorXd rho;                     // n; mostly 0
  std::vector<Suspect> suspects;           // by descending |z_score|
  std::vector<RelevancePursuitStep> path;  // first: the ordinary fit
  bool triggered = false;
  int evaluations = 0;  // of the likelihood, all fits together
  int refits = 0;       // besides the ordinary fit
  FitReport ordinary;   // the fit without rho
};

// Fits `kernel` under `preset` and, if the leave-one-out scores ask for it, again with suspects.
// warm: last optimum, or empty. data.given_noise stays besides rho. Fewer than 1 / cap observations
// cannot have a suspect. Throws OptionError for a preset whose scale is profiled out (rho has no
// unit then) or for options out of range.
RobustFit fit_robust(const KernelPtr& kernel, const GpData& data, const GpPreset& preset,
                     const Eigen::VectorXd& warm = {}, const RelevancePursuitOptions& options = {});

// `data` with rho added to its given noise: what the posterior of a robust fit is built on, and
// what further members of an ensemble may be fitted to.
GpData with_extra_noise(const GpData& data, const Eigen::VectorXd& rho);

// The likelihood as a function of rho at fixed hyper-parameters: O(n^2) a change, by rank-one
// updates of the inverse. The mean, where it is fitted, follows.
class ExtraNoise {
 public:
  // theta: hyper-parameters; rho: n variances to begin with.
  ExtraNoise(const KernelPtr& kernel, const GpData& data, const Eigen::VectorXd& theta,
             const GpMean& mean, Eigen::VectorXd rho);

  const Eigen::VectorXd& rho() const { return rho_; }
  Eigen::Index support() const { return (rho_.array() > 0).count(); }
  double likelihood() const;
  // rho_i that maximizes the likelihood, the others (and the mean) held, for each i:
  // max(0, (z_i - mu_-i)^2 - s_-i^2), where the leave-one-out variance s_-i^2 leaves out rho_i.
  Eigen::VectorXd optimum() const;
  Eigen::VectorXd slopes() const;    // dlikelihood/drho_i
  Eigen::VectorXd z_scores() const;  // (z_i - mu_-i) / s_-i
  // What the likelihood would lose without rho_i (the mean held), infinite outside the support.
  Eigen::VectorXd gains() const;
  void set(Eigen::Index i, double rho);
  // Sets each positive rho_i to its optimum in turn until the likelihood gains less than
  // `tolerance`, at most `sweeps` times. What falls to 0 leaves the support.
  void polish(int sweeps = 10, double tolerance = 1e-3);
  // The same for the observations `which`, also those at 0.
  void polish(const std::vector<Eigen::Index>& which, int sweeps, double tolerance);

 private:
  void solve_mean();

  GpMean mean_;
  Eigen::VectorXd z_, rho_;
  Eigen::MatrixXd inverse_;                // n x n
  Eigen::VectorXd solved_z_, solved_one_;  // inverse times z and times 1
  Eigen::VectorXd alpha_;                  // inverse times (z - mean)
  double mean_value_ = 0, log_determinant_ = 0;
  double replicates_ = 0;  // what merged observations add to the likelihood
};

}  // namespace asktell
