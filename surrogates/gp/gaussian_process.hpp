// Exact Gaussian process with a Matern-5/2 kernel and one length-scale a coordinate (Rasmussen &
// Williams 2006, chapters 2 and 5), fitted by maximum a posteriori with analytic gradients. The
// constant mean is profiled out (generalized least squares). Points are columns (d x n) in the unit
// cube; values are standardized by the caller.
#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <vector>

#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// Priors are log-normal densities in natural space, all constants kept; optimization is over
// logarithms.
struct GpPrior {
  double lengthscale_mu = 0;  // of d dimensions: see for_dimension
  double lengthscale_sigma = 1.7320508075688772;
  double lengthscale_low = 0.025;  // shorter than this, no design of a few hundred points shows it
  double lengthscale_high = 1e3;   // longer, the coordinate is switched off
  bool free_outputscale = true;    // false: 1
  double outputscale_mu = 1, outputscale_sigma = 2;
  double outputscale_low = 0.049787068367863944, outputscale_high = 8103.083927575384;  // e^-3, e^9
  bool free_noise = true;  // false: noise_low
  double noise_mu = -6, noise_sigma = 1.5;
  double noise_low = 1e-6, noise_high = 10;

  // Length-scales that grow with sqrt(d): LogNormal(sqrt 2 + ln(d)/2, sqrt 3) (Hvarfner, Hellsten &
  // Nardi 2024, "Vanilla Bayesian optimization performs great in high dimensions", section 4).
  static GpPrior for_dimension(Eigen::Index dimension);
};

// Hyper-parameters by their logarithms: d length-scales, output scale, noise variance.
struct GpParameters {
  Eigen::VectorXd log_lengthscales;  // d
  double log_outputscale = 0;
  double log_noise = -4;
};

struct GpObjective {
  double value = 0;       // log marginal likelihood + log priors; -infinity when not factorizable
  double likelihood = 0;  // without the priors
  Eigen::VectorXd gradient;  // by (log lengthscales, log outputscale, log noise)
};

class GaussianProcess : public Surrogate {
 public:
  // x: d x n, z: n.
  GaussianProcess(Eigen::MatrixXd x, Eigen::VectorXd z, GpPrior prior);

  Eigen::Index dimension() const { return x_.rows(); }
  Eigen::Index size() const { return x_.cols(); }

  // Objective and gradient at any parameters; does not change the model.
  GpObjective objective(const GpParameters& parameters) const;

  // Starts: `warm` (may be empty), the prior's mode, and 0.5 sqrt(d); the best one or two are
  // optimized. A model with fewer than 3 points or equal values keeps the prior's mode.
  void fit(const GpParameters* warm);
  // Factorizes at these parameters, with growing jitter where needed (see jitter()).
  void condition(const GpParameters& parameters);
  // Adds pending points with their posterior mean as value: the mean stays, the variance shrinks.
  void believe(const Eigen::MatrixXd& points);

  const GpParameters& parameters() const { return parameters_; }
  double mean() const { return mean_; }
  double jitter() const { return jitter_; }  // added to the diagonal; 0 in the normal case

  // Latent mean and variance at q points (d x q); optionally the gradients (d x q).
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;

  // Log predictive density of each value given all others (Rasmussen & Williams 2006, 5.4.2).
  Eigen::VectorXd leave_one_out() const;

 private:
  Eigen::VectorXd pack(const GpParameters& parameters) const;
  GpParameters unpack(const Eigen::VectorXd& packed) const;
  GpParameters prior_mode() const;
  void bounds(Eigen::VectorXd& low, Eigen::VectorXd& high) const;
  void solve_mean();

  Eigen::MatrixXd x_;  // d x n
  Eigen::VectorXd z_;  // n
  GpPrior prior_;
  GpParameters parameters_;
  Eigen::MatrixXd scaled_;           // d x n, x / lengthscale
  Eigen::LLT<Eigen::MatrixXd> llt_;  // of K + noise
  Eigen::VectorXd alpha_;            // (K + noise)^-1 (z - mean)
  double mean_ = 0;
  double jitter_ = 0;
};

// Matern-5/2 of squared scaled distances (any shape), and g = dk / d(r^2).
void matern52(const Eigen::MatrixXd& squared_distances, Eigen::MatrixXd& kernel,
              Eigen::MatrixXd* slope);
// Squared distances of the columns of a (d x n) and b (d x m).
Eigen::MatrixXd squared_distances(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

}  // namespace asktell
