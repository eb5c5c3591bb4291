// Prior densities of hyper-parameters, and the sets of them that well-known libraries use.
//
// A density is that of the number itself (a length-scale, not its logarithm), all constants kept,
// and it is maximized as such: no Jacobian enters although fits move the logarithm. With the
// Jacobian the maximum would be another one; BoTorch and GPyTorch follow the same convention.
#pragma once

#include <Eigen/Core>
#include <string>
#include <string_view>
#include <vector>

#include <asktell/surrogates/gp/kernels/kernels.hpp>

namespace asktell {

struct Prior {
  enum class Kind {
    kFlat,
    kLogNormal,   // (mean, standard deviation) of the logarithm
    kGamma,       // (shape, rate)
    kHalfCauchy,  // (scale)
    kNormal,      // (mean, standard deviation)
    kLogSquare,   // -a (log x - b)^2, not normalized (Vizier's regularizer)
    kOptuna,      // -a (q + 1/q), q = 1/x^2, not normalized (Optuna's on inverse squares)
    kSaas,        // x = l with b / l^2 ~ HalfCauchy(a): the sparse axis-aligned prior given tau = b
  };
  Kind kind = Kind::kFlat;
  double a = 0, b = 1;

  static Prior log_normal(double mu, double sigma) { return {Kind::kLogNormal, mu, sigma}; }
  static Prior gamma(double shape, double rate) { return {Kind::kGamma, shape, rate}; }
  static Prior half_cauchy(double scale) { return {Kind::kHalfCauchy, scale, 0}; }
  static Prior normal(double mean, double sigma) { return {Kind::kNormal, mean, sigma}; }

  double log_density(double x) const;
  // Derivative of log_density by log x; by x for kNormal, which is for parameters of either sign.
  double slope(double x) const;
};

// A hyper-parameter's prior, the box it is kept in and where fits start.
struct HyperPrior {
  Prior prior;
  double low = 0, high = 0;  // both 0: the kernel's own
  double start = 0;          // 0: the kernel's own
  bool fixed = false;        // at start
};

// How the constant mean is found: by generalized least squares under a flat or a normal prior
// (which costs no optimization: it is the maximizer for any hyper-parameters), or given.
struct GpMean {
  enum class Kind { kProfiled, kNormal, kFixed };
  Kind kind = Kind::kProfiled;
  double value = 0;      // kFixed
  double deviation = 1;  // kNormal: N(0, deviation^2)
};

// A model's choices besides the data: kernel form and priors by role.
struct GpPreset {
  std::string name = {};
  kernels::Form form = kernels::Form::kMatern52;
  HyperPrior lengthscale, outputscale, noise;
  HyperPrior shape{Prior::log_normal(0, 1)};
  HyperPrior variance{Prior::log_normal(-1, 1.5)};
  HyperPrior period{Prior::log_normal(0, 0.7)};
  HyperPrior angle{Prior{}};
  HyperPrior warp{Prior::log_normal(0, 0.31622776601683794)};  // BoTorch: log c ~ N(0, 0.1)
  HyperPrior factor{Prior::normal(0, 1)};
  HyperPrior task{Prior::log_normal(-2, 1)};
  HyperPrior mix{Prior::normal(0, 1.5)};
  GpMean mean = {};
  // The output scale is not searched for but takes the value that maximizes the likelihood given
  // the others; noise is then relative to it while fitting.
  bool profile_scale = false;

  const HyperPrior& of(HyperRole role) const;
};

// "asktell" (ours), "botorch", "botorch_legacy", "hvarfner" (botorch with Matern-5/2 kernel),
// "vizier", "hebo",
// "optuna", "regret" (wide priors and a free scale: what gp_bo uses), "map_saas", "none" (maximum
// likelihood), "profiled" (maximum likelihood with the scale profiled out). `dimension` scales the
// length-scales' priors; `noise_free`: the problem is declared deterministic. Throws OptionError
// for another name.
GpPreset gp_preset(std::string_view name, Eigen::Index dimension, bool noise_free = false);
std::vector<std::string> gp_preset_names();

// The presets of the equal-weight ensemble: length-scales that run off where data do not speak,
// short ones, and some between (benchmarks/gp_models.cpp).
std::vector<GpPreset> gp_ensemble(Eigen::Index dimension, bool noise_free = false);

}  // namespace asktell
