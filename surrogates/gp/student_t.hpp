// A Gaussian process whose scale is integrated out under Jeffreys' prior p(a) = 1/a: Student's t
// instead of a normal, in closed form (O'Hagan 1978; Shah, Wilson, Ghahramani 2014, "Student-t
// processes as alternatives to Gaussian processes", section 3). The scale multiplies the whole
// covariance, noise included; theta's output scale and noise count by their ratio only.
#pragma once

#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

class StudentTPosterior final : public Surrogate {
 public:
  // As GpPosterior. A mean found by least squares (kProfiled) is integrated out as well, under a
  // flat prior; throws OptionError for kNormal, which has no closed form.
  StudentTPosterior(KernelPtr kernel, GpData data, Eigen::VectorXd theta, GpMean mean = {});

  // Of the predictions: n, or n - 1 with the mean integrated out.
  double degrees_of_freedom() const { return degrees_; }
  // Log density of the data given theta, the scale (and mean) integrated out. As the priors of
  // these are improper it compares values of theta for the same data, not data.
  double log_marginal_likelihood() const;
  // Latent prediction at q points: location q, squared scale q.
  void predict_t(const Eigen::MatrixXd& points, Eigen::VectorXd& location,
                 Eigen::VectorXd& scale_squared) const;
  // Mean and variance of that: scale^2 times nu / (nu - 2), or, when nu <= 2 and it is infinite,
  // scale^2 itself.
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;
  // The Gaussian process at theta as it is.
  const GpPosterior& base() const { return base_; }

 private:
  // Of squares; with one value and the mean integrated out nothing is known about it, and it is 1.
  double scale_squared() const { return degrees_ > 0 ? square_ / degrees_ : 1; }
  // Adds what not knowing the mean adds to the variance, in units of the base, and its gradient.
  void add_mean_variance(const Eigen::MatrixXd& points, Eigen::VectorXd& variance,
                         Eigen::MatrixXd* gradient) const;

  GpPosterior base_;
  bool integrated_mean_;
  double degrees_;
  double square_;         // r' C^-1 r
  Eigen::VectorXd ones_;  // C^-1 1
  double precision_;      // 1' C^-1 1
};

// What to add to MarginalLikelihood with profile_scale and a fixed mean for n values to get
// log_marginal_likelihood(): a constant, so that both have the same optimum and the same gradient.
double student_t_constant(Eigen::Index n);

}  // namespace asktell
