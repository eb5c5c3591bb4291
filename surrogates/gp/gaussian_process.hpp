// A Gaussian process for data in their own units, without any study: inputs are scaled to the unit
// cube, values transformed and standardized, hyper-parameters fitted, and predictions come back in
// the units of the values (Rasmussen & Williams 2006, chapters 2 and 5).
//
//   asktell::GaussianProcess gp({.noise = "deterministic"});
//   gp.fit(x, y);                                       // x: d x n, one column a point; y: n
//   const asktell::Prediction at = gp.predict(points);  // mean and standard deviation, q each
//
// Shapes: d inputs, n observations, q points, m members (models that are averaged; 1 for "map").
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <asktell/core/options.hpp>
#include <asktell/surrogates/gp/kernels/kernel.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

struct GaussianProcessOptions {
  // "matern52", "matern32", "matern12", "rbf", "rational_quadratic", "periodic", "linear" or
  // "spherical_linear", with a length-scale (period, variance) for each input. "auto": the prior's.
  std::string kernel = "auto";
  KernelPtr kernel_tree = nullptr;  // instead: a kernel of your own on the unit cube
  std::string prior = "asktell";    // of hyper-parameters: a name of gp_preset_names()
  // "map": the likeliest hyper-parameters; "ensemble": three models of different priors, averaged
  // with equal weights; "map_saas", "saas": sparse axis-aligned, the latter by No-U-Turn sampling;
  // "nuts", "slice": samples of the hyper-parameters under `prior`. "auto": the ensemble up to 300
  // observations when neither kernel nor prior nor hyper-parameters are given, else "map".
  std::string inference = "auto";
  // Of values: a name of transform_names(). "auto": from 8 observations on a power transform or
  // none, by leave-one-out density when the fit is cold (beyond 300 by default_transform());
  // before, and when hyper-parameters or noise are given in units of the values, "standardize".
  std::string output_transform = "auto";
  // "inferred": one variance, fitted; "deterministic": the same with a floor near zero; "given":
  // only the variances passed to fit; "heteroscedastic": from replicates, smoothed over the inputs;
  // "robust": fitted, and values far off get variances of their own (relevance pursuit).
  std::string noise = "inferred";
  // "kumaraswamy": each input is bent by two fitted exponents; "none". "auto": bent by the ensemble
  // from three observations an input on.
  std::string input_warp = "auto";
  std::vector<std::int64_t> categorical = {};  // inputs that hold codes of categories
  std::int64_t tasks = 0;                      // above 0: the last input numbers the task, from 0
  bool fit_hyperparameters = true;             // false: the ones below are kept
  // In the units of inputs and values (of transformed values unless the transform is affine). Where
  // hyper-parameters are fitted: where the fit starts. Empty or NaN: from the prior.
  Eigen::VectorXd lengthscale = {};                                  // d, or 1 for all
  double outputscale = std::numeric_limits<double>::quiet_NaN();     // variance of the function
  double noise_variance = std::numeric_limits<double>::quiet_NaN();  // of a value
  double mean = std::numeric_limits<double>::quiet_NaN();            // fixed; NaN: by least squares
  Eigen::MatrixXd bounds = {};      // d x 2: what becomes the unit cube; empty: the box of the data
  std::int64_t exact_limit = 2000;  // observations; beyond, an approximation is chosen
  std::uint64_t seed = 0;           // of starts, samplers and sample()

  // All options but the matrices and the tree, for Python, the shell and the reference pages.
  static const Schema<GaussianProcessOptions>& schema();
};

// In the units of the values. Of the latent function: noise is not in the deviation.
struct Prediction {
  Eigen::VectorXd mean, deviation;  // q
};
struct JointPrediction {
  Eigen::VectorXd mean;        // q
  Eigen::MatrixXd covariance;  // q x q
};
struct PredictionGradient {
  Eigen::MatrixXd mean, deviation;  // d x q: derivatives by the inputs
};

// Each observation predicted from all others, at the fitted hyper-parameters; failed ones are left
// out of all vectors but `index`es.
struct LeaveOneOutReport {
  std::vector<Eigen::Index> index;  // of the observation in the data given to fit
  Eigen::VectorXd mean, deviation;  // in units of the values, noise included
  Eigen::VectorXd z;                // standardized errors in transformed units
  Eigen::VectorXd log_density;      // of the values, the transform's Jacobian included
};

// A value that the model calls corrupted (noise "robust").
struct SuspectedValue {
  Eigen::Index index;  // of the observation
  double z;            // standardized leave-one-out error before it was set apart
};

// What the model is and everything that did not go the normal way.
struct GaussianProcessDiagnostics {
  std::string model;      // "exact", or the approximation
  std::string reason;     // why that one
  std::string inference;  // as it was resolved
  std::string transform;
  Eigen::Index observations = 0, failed = 0, merged = 0;  // merged: into an equal point
  int members = 0;
  int evaluations = 0;    // of the likelihood, in the last fit
  int active_bounds = 0;  // hyper-parameters on their bound
  double jitter = 0;      // largest, relative to the model's variance
  int lifted_pivots = 0;  // of appended points
  double rhat = 1;        // largest split R-hat of the samplers; 1 without
  double effective_samples = 0;
  std::vector<SuspectedValue> suspects = {};
  // One sentence for each fallback taken since the last fit; empty in the normal case.
  std::vector<std::string> fallbacks = {};
};

// One model of those that are averaged, in the units described in GaussianProcessOptions.
struct Hyperparameters {
  std::vector<std::string> names;  // of theta
  Eigen::VectorXd theta;           // logarithms (numbers themselves for factors of either sign)
  Eigen::VectorXd lengthscale;     // d; empty for kernels without
  double outputscale = 1, noise_variance = 0;
  double mean = std::numeric_limits<double>::quiet_NaN();  // NaN for approximations
  // Of the values in their own units, NaN for approximations; and what the fit maximized (of
  // transformed values, priors included), NaN where nothing was.
  double log_likelihood = std::numeric_limits<double>::quiet_NaN();
  double log_posterior = std::numeric_limits<double>::quiet_NaN();
};

class GpPosterior;
struct GpData;
struct RawData;  // private to gaussian_process*.cpp

class GaussianProcess {
 public:
  // Throws OptionError naming the option for values that cannot be.
  explicit GaussianProcess(GaussianProcessOptions options = {});
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  // x: d x n; y: n, NaN or infinite for evaluations that failed; noise_variance: n, or empty.
  // Forgets what was fitted before. Throws PointError for inputs that are not finite or shapes that
  // do not fit.
  void fit(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
           const Eigen::VectorXd& noise_variance = {});
  // The observations as further ones, hyper-parameters and transform as they are: O(n^2) each.
  void append(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
              const Eigen::VectorXd& noise_variance = {});
  // append, and a fit from the last optimum when it is due: always up to 200 observations; then
  // when they grew by 5 % or the last ten were predicted badly. Returns whether it was fitted.
  bool update(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
              const Eigen::VectorXd& noise_variance = {});
  void remove(Eigen::Index index);           // of an observation; later ones move up
  void amend(Eigen::Index index, double y);  // another value of an observation; NaN: it failed

  bool fitted() const;
  Eigen::Index dimension() const;     // d, the task's column included
  Eigen::Index observations() const;  // failed ones included
  const GaussianProcessOptions& options() const;

  Prediction predict(const Eigen::MatrixXd& points) const;
  JointPrediction predict_joint(const Eigen::MatrixXd& points) const;
  PredictionGradient predict_gradient(const Eigen::MatrixXd& points) const;
  // Functions drawn from the posterior at the points, count columns: q x count.
  Eigen::MatrixXd sample(const Eigen::MatrixXd& points, Eigen::Index count,
                         std::uint64_t seed = 0) const;
  // The variance of a new observation at each point, in units of the values (transformed units
  // unless the transform is affine): q.
  Eigen::VectorXd noise_variance(const Eigen::MatrixXd& points) const;
  // Log predictive density of an observation y[j] at each point, noise included: the score of a
  // model on data that it has not seen. NaN for transforms by rank, which have no density.
  Eigen::VectorXd log_density(const Eigen::MatrixXd& points, const Eigen::VectorXd& y) const;
  LeaveOneOutReport leave_one_out() const;

  // Log marginal likelihood of the values in their own units at theta (empty: the fitted one of the
  // likeliest member), and its gradient by theta.
  double log_marginal_likelihood(const Eigen::VectorXd& theta = {},
                                 Eigen::VectorXd* gradient = nullptr) const;
  std::vector<Hyperparameters> hyperparameters() const;  // m
  GaussianProcessDiagnostics diagnostics() const;

  // The model in its own units, for acquisition functions: points in the unit cube, transformed
  // values; with `pending` (d x p, own units of the inputs) believed at their posterior mean.
  // Valid until the next change of this object.
  const Surrogate& model() const;
  std::unique_ptr<Surrogate> model_with(const Eigen::MatrixXd& pending) const;
  Eigen::MatrixXd to_unit(const Eigen::MatrixXd& points) const;
  // The models that are averaged, each alone; the same as exact posteriors, which know covariances
  // (throws ModelError for an approximation); the data and a value (of one task) in model units.
  // Valid likewise.
  std::vector<const Surrogate*> members() const;
  std::vector<const GpPosterior*> posteriors() const;
  const GpData& model_data() const;
  double to_model(double y, std::size_t task = 0) const;

 private:
  struct State;
  void refit(RawData data);
  std::unique_ptr<State> state_;
};

}  // namespace asktell
