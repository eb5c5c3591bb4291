// Acquisitions that ask where an observation tells most about the minimum, in nats: max-value
// entropy search (Wang & Jegelka 2017), its bound for noisy values and batches, GIBBON (Moss et al.
// 2021, "GIBBON: general-purpose information-based Bayesian optimisation"), and joint entropy
// search (Hvarfner et al. 2022, "Joint entropy search for maximally-informed Bayesian
// optimization"; Tu et al. 2022, whose lower bound this is). None is in logarithms; all are >= 0 up
// to sampling.
#pragma once

#include <limits>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/acquisition/optimum_samples.hpp>
#include <asktell/surrogates/gp/posterior_covariance.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// Mean over the minima y of the entropy that f(x) loses when it is known to lie above y.
class MaxValueEntropySearch final : public Acquisition {
 public:
  // minima: samples of the lowest latent value (sample_minima, or values of sample_optima).
  MaxValueEntropySearch(const Surrogate& model, Eigen::VectorXd minima)
      : model_(model), minima_(std::move(minima)) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Surrogate& model_;
  Eigen::VectorXd minima_;
};

// A lower bound of the information that a noisy observation gives about the minimum's value; with
// pending points, of what it gives besides theirs.
class Gibbon final : public Acquisition {
 public:
  // noise_variance: of an observation. with_pending: the same model with pending points believed
  // (Fantasy), or null.
  Gibbon(const Surrogate& model, Eigen::VectorXd minima, double noise_variance,
         const Surrogate* with_pending = nullptr)
      : model_(model),
        minima_(std::move(minima)),
        noise_variance_(noise_variance),
        with_pending_(with_pending) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Surrogate& model_;
  Eigen::VectorXd minima_;
  double noise_variance_;
  const Surrogate* with_pending_;
};

// The information about place and value of the minimum together: the model is conditioned on each
// sampled pair, then truncated at its value.
class JointEntropySearch final : public Acquisition {
 public:
  // noise_variance: NaN stands for the model's.
  JointEntropySearch(const GpPosterior& model, const OptimumSamples& optima,
                     double noise_variance = std::numeric_limits<double>::quiet_NaN());
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  void evaluate_block(PosteriorCovariance::Evaluation& at, const Eigen::MatrixXd& block,
                      Eigen::Ref<Eigen::VectorXd> values, Eigen::MatrixXd* gradients) const;

  PosteriorCovariance set_;  // at the S sampled places
  Eigen::VectorXd minima_;   // S
  Eigen::VectorXd pull_;     // S: (value - mean) / variance there
  Eigen::VectorXd inverse_;  // S: 1 / variance there
  double noise_variance_;
};

}  // namespace asktell
