// Values with some of their partial derivatives as observations of a Gaussian process (Solak et al.
// 2003, "Derivative observations in Gaussian process models of dynamic systems"; Eriksson et al.
// 2018, "Scaling Gaussian process regression with derivatives"), and what a process says about its
// gradient. Points are columns (d x n) in the unit cube, values and derivatives those of the model.
//
// Only affine transforms of values go with derivatives (see model_gradient): through any other the
// derivative of the transformed value would depend on the noise of the value.
#pragma once

#include <Eigen/Core>

#include <asktell/surrogates/gp/fit.hpp>

namespace asktell {

struct GradientData {
  Eigen::MatrixXd x;         // d x n
  Eigen::VectorXd z;         // n
  Eigen::MatrixXd gradient;  // d x n, dz/dx; NaN: not observed

  Eigen::Index size() const { return x.cols(); }
  Eigen::Index dimension() const { return x.rows(); }
  Eigen::Index partials() const;  // observed ones
  Eigen::Index rows() const { return size() + partials(); }
};

// dz/du of z = (y - c) / deviation, x = low + range u, from dy/dx (d x n).
Eigen::MatrixXd model_gradient(const Eigen::MatrixXd& gradient, const Eigen::VectorXd& range,
                               double deviation);

// All values, and the gradients of the m points of lowest value only, m as large as the rows
// allow: the factor of a covariance costs rows^3. dropped: partial derivatives left out.
GradientData within_rows(GradientData data, Eigen::Index rows, Eigen::Index& dropped);

// The observations as columns for kernels::derivative: first the values, then the partial
// derivatives by the first coordinate, and so on; noise groups 0 and 1. unit: see
// kernels::DerivativeOptions.
GpData stacked(const GradientData& data, const Eigen::VectorXd& unit);

// The gradient of a process at one point.
struct GradientPosterior {
  Eigen::VectorXd mean;        // d
  Eigen::MatrixXd covariance;  // d x d
};

// What values alone say about the gradient at x (d). Its mean is the gradient of the posterior
// mean. Coordinates by category have mean and variance 0. Throws OptionError for a process without
// a derivative.
GradientPosterior gradient_posterior(const GpPosterior& model, const Eigen::VectorXd& x);

struct GradientModel {
  kernels::Form form = kernels::Form::kMatern52;  // not Matern 1/2
  Eigen::VectorXd unit = {};                      // of partial derivatives; empty: 1
  // The mean of the values: kFixed, or unknown and integrated out: N(0, deviation^2) times the
  // output scale (kNormal), a deviation of 10 for kProfiled.
  GpMean mean = {};
};

// The model of a preset: its form and mean, units the priors' length-scales.
GradientModel gradient_model(const GradientData& data, const GpPreset& preset);

// The posterior given values and partial derivatives. theta: length-scales, shape of the rational
// quadratic, output scale (logarithms all); log noise variance of values; log noise variance of
// unit_i dz/dx_i where any was observed.
class GradientGp final : public Surrogate {
 public:
  GradientGp(const GradientData& data, GradientModel model, Eigen::VectorXd theta);
  // Noise variances are lifted to their floors (see fit_gradient_gp); lifted() says of how many
  // observations.
  static GradientGp with_noise_floors(const GradientData& data, GradientModel model,
                                      Eigen::VectorXd theta);

  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;
  void joint(const Eigen::MatrixXd& points, Eigen::VectorXd& mean,
             Eigen::MatrixXd& covariance) const;
  GradientPosterior gradient(const Eigen::VectorXd& x) const;
  // Observations more, O(rows^2) each, hyper-parameters as they are. Partial derivatives need a
  // noise variance in theta: OptionError when none was observed before.
  void append(const GradientData& more);
  double log_marginal_likelihood() const { return posterior_.log_marginal_likelihood(); }

  // Of the stacked observations, a coordinate more than the points have.
  const GpPosterior& posterior() const { return posterior_; }
  const GradientModel& model() const { return model_; }
  Eigen::Index dimension() const { return posterior_.dimension() - 1; }
  Eigen::Index lifted() const;

 private:
  GradientGp(GradientModel model, KernelPtr kernel, GpData data, Eigen::VectorXd theta);

  GradientModel model_;
  double mean_;  // taken off the values
  GpPosterior posterior_;
};

struct GradientFit {
  FitReport report;
  GradientGp posterior;
  Eigen::Index dropped = 0;  // partial derivatives beyond the rows allowed
};

// Maximum a posteriori hyper-parameters under a preset, as fit_members finds them: one member, warm
// or cold; its model is gradient_model's. Noise variances stay above 1e-6 (values) and 1e-5
// (partial derivatives) of the process's own; below, derivatives make the covariance singular to
// rounding.
GradientFit fit_gradient_gp(const GradientData& data, const GpPreset& preset,
                            const Eigen::VectorXd& warm = {}, const FitOptions& options = {},
                            Eigen::Index rows = 2000);

}  // namespace asktell
