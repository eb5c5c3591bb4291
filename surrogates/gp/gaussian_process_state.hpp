// What a GaussianProcess holds (private to gaussian_process*.cpp): the data as they were given, the
// maps between their units and the model's, and the fitted members.
#pragma once

#include <optional>

#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/gp/gaussian_process.hpp>
#include <asktell/surrogates/gp/heteroscedastic.hpp>
#include <asktell/surrogates/gp/refit_schedule.hpp>
#include <asktell/surrogates/sampling/nuts.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>

namespace asktell {

// The box that becomes the unit cube: u = (x - low) / width, row by row. Codes of categories and
// tasks stay as they are (low 0, width 1).
struct InputBox {
  Eigen::VectorXd low, width;  // d

  Eigen::MatrixXd to_unit(const Eigen::MatrixXd& x) const;
  bool operator==(const InputBox& other) const { return low == other.low && width == other.width; }
};

// Observations as they were given, failed ones included.
struct RawData {
  Eigen::MatrixXd x;      // d x n
  Eigen::VectorXd y;      // n; not finite: failed
  Eigen::VectorXd noise;  // n variances, or empty

  Eigen::Index size() const { return x.cols(); }
  void append(const RawData& more);
  void remove(Eigen::Index index);
};

// The map between a value and its z, one for each task: OutputTransform, and the range in which
// predictions are kept.
struct ValueMap {
  OutputTransform transform;
  double low = -HUGE_VAL, high = HUGE_VAL;

  // The transform fitted to y. Predictions stay within ten times the range of the data on either
  // side of them: where a power transform's range ends, its inverse is infinite, and no moment of a
  // normal z would exist.
  ValueMap(TransformKind kind, const Eigen::VectorXd& y);
  double to_raw(double z) const { return std::clamp(transform.inverse(z), low, high); }
  bool affine() const { return transform.applied() == TransformKind::kStandardize; }
  double scale() const { return transform.unit() * transform.deviation(); }  // of z, when affine
};

// Normal moments of every member at q points, in model units.
struct MemberMoments {
  Eigen::MatrixXd mean, variance;  // q x m
};

struct GaussianProcess::State final : public Surrogate {
  explicit State(GaussianProcessOptions options);

  // --- data (gaussian_process_data.cpp) and fits (gaussian_process_fit.cpp) ---
  // Throws for data that cannot be used; d: inputs expected, or -1.
  void check(const RawData& data, Eigen::Index d) const;
  // From `raw`; before: the state to start from, or null for a cold fit.
  void fit(const State* before);
  void append(const RawData& more);
  void remove(Eigen::Index index);
  void amend(Eigen::Index index, double y);

  // --- units ---
  Eigen::Index inputs() const { return raw.x.rows() - (options.tasks > 0 ? 1 : 0); }
  std::size_t task_of(const Eigen::MatrixXd& x, Eigen::Index j) const;
  const ValueMap& map_at(const Eigen::MatrixXd& x, Eigen::Index j) const {
    return maps[task_of(x, j)];
  }
  bool affine() const { return maps.size() == 1 && maps[0].affine(); }
  Eigen::VectorXd to_model(const RawData& data) const;  // z of each observation
  Eigen::VectorXd noise_to_model(const RawData& data) const;
  // Added to a member's theta it gives the theta in units of inputs and values.
  Eigen::VectorXd theta_shift() const;
  double log_jacobian() const;  // of the values that did not fail

  // --- reading (gaussian_process_predict.cpp) ---
  void check_points(const Eigen::MatrixXd& points) const;  // throws
  // The mixture of the members, in model units.
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;
  void require_exact(const char* what) const;  // throws for an approximation
  std::size_t likeliest() const;
  std::vector<const Surrogate*> views() const;
  MemberMoments moments(const Eigen::MatrixXd& unit_points) const;
  // Coefficients of raw_moments.hpp for one member's mean and deviation at `points`, of values
  // divided by `unit`.
  Eigen::MatrixXd expand(const Eigen::MatrixXd& points, const Eigen::VectorXd& mean,
                         const Eigen::VectorXd& deviation) const;
  // Of y given the members' moments of z (q x m), noise included: the mixture's density of y
  // itself.
  Eigen::VectorXd log_densities(const Eigen::MatrixXd& points, const Eigen::VectorXd& y,
                                const Eigen::MatrixXd& mean, const Eigen::MatrixXd& variance) const;
  // Variance of a new observation at each point under each member, in model units: q x m.
  Eigen::MatrixXd noise_at(const Eigen::MatrixXd& points) const;

  GaussianProcessOptions options;
  RawData raw;
  InputBox box;
  std::vector<ValueMap> maps;  // one, or one a task
  double unit = 0;             // largest |y|: squares of values are taken in it
  KernelPtr kernel;
  GpData data;                    // of the model, equal points merged
  std::vector<Eigen::Index> row;  // of each observation, in data
  std::vector<GpPreset> presets;  // of the members
  std::vector<Eigen::VectorXd> thetas;
  std::vector<double> log_posteriors;  // of the members, constants kept
  std::vector<GpPosterior> members;
  std::vector<NutsState> chains;  // where samplers stopped
  std::optional<HeteroscedasticNoise> varying_noise;
  std::unique_ptr<Surrogate> approximation;  // instead of members, beyond exact_limit
  GaussianProcessDiagnostics report;
  Eigen::Index fitted_at = 0, cold_at = 0;  // observations at the last fit, and the last cold one
  std::vector<double> errors;               // one-step-ahead, since the last fit

 private:
  void scale_inputs();
  void map_values(const State* before);
  TransformKind transform_for(const Eigen::VectorXd& y, const State* before) const;
  bool given_in_raw_units() const;
  void resolve_inference();
  bool warped() const;
  void build_kernel();
  void build_presets();
  bool default_model() const;
  void collect();
  void learn_noise();

  bool starts_from(const State* before) const;
  std::vector<Eigen::VectorXd> starts(const State* before) const;  // of the members; empty: cold
  Eigen::VectorXd given_theta(Eigen::VectorXd theta) const;
  // Each leaves thetas and log_posteriors.
  void find_thetas(const State* before);
  void optimize(const State* before);
  void sample_thetas(const State* before);
  void fit_robustly(const State* before);
  void fit_approximation(const State* before);  // leaves the model, too
  void factorize();                             // members at the thetas that are there
  bool alone(Eigen::Index index) const;         // not merged with others
  void rebuild();                               // data and members, at the thetas that are there
  void note(std::string fallback);
};

}  // namespace asktell
