// Noise whose variance depends on the point, learned from replicates in steps (not jointly with the
// mean, which is fragile): the empirical log variances at points observed more than once, smoothed
// by a small Gaussian process whose noise is the known sampling error of a log variance (Bartlett &
// Kendall 1946, "The statistical analysis of variance-heterogeneity and the logarithmic
// transformation"). With nu = r - 1 degrees of freedom, log s^2 of r normal values has mean
// log sigma^2 + digamma(nu / 2) - log(nu / 2) and variance trigamma(nu / 2), about 2 / nu.
#pragma once

#include <optional>

#include <asktell/surrogates/gp/fit.hpp>

namespace asktell {

struct HeteroscedasticOptions {
  int least_points = 4;          // replicated points; with fewer the noise is held constant
  double variance_floor = 1e-6;  // in the squared units of the (standardized) values
  FitOptions fit = {};
};

class HeteroscedasticNoise {
 public:
  // Whether the variance was learned as a function of the point. If not (too few replicated
  // points), predict() is the pooled variance everywhere and apply() changes nothing.
  bool varies() const { return model_.has_value(); }
  Eigen::Index replicated_points() const { return points_.cols(); }
  const Eigen::MatrixXd& points() const { return points_; }  // d x m, the replicated ones
  // m empirical log variances there, freed of their bias, and their sampling variances.
  const Eigen::VectorXd& log_variances() const { return log_variances_; }
  const Eigen::VectorXd& sampling_variances() const { return sampling_variances_; }
  // Variance of all replicates about the means of their points; the floor without replicates.
  double pooled() const { return pooled_; }
  const FitReport& report() const { return report_; }  // of the fit to the log variances

  // Noise variance of one observation at q points (d x q): the median of its log-normal posterior.
  Eigen::VectorXd predict(const Eigen::MatrixXd& points) const;
  // Mean and variance of the log of it.
  void predict_log(const Eigen::MatrixXd& points, Eigen::VectorXd& mean,
                   Eigen::VectorXd& variance) const;
  // Gives each observation of `data` (merged ones by their count) its predicted variance, in place
  // of the fitted one. Returns varies().
  bool apply(GpData& data) const;

 private:
  friend HeteroscedasticNoise fit_noise(const Eigen::MatrixXd&, const Eigen::VectorXd&,
                                        const HeteroscedasticOptions&);
  Eigen::MatrixXd points_;
  Eigen::VectorXd log_variances_, sampling_variances_;
  double pooled_ = 0, floor_ = 0;
  FitReport report_;
  std::optional<GpPosterior> model_;  // of log variances
};

// x: d x n with exact duplicates as replicates; z: n values, standardized.
HeteroscedasticNoise fit_noise(const Eigen::MatrixXd& x, const Eigen::VectorXd& z,
                               const HeteroscedasticOptions& options = {});

}  // namespace asktell
