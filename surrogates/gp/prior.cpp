// See prior.hpp. Constants: the releases named beside each preset.
#include <asktell/surrogates/gp/prior.hpp>

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include <asktell/core/errors.hpp>
#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using std::numbers::sqrt2;

const double kSqrt3 = std::sqrt(3.0);

double half_diagonal(double share, Index dimension) {
  return std::log(share * std::sqrt(static_cast<double>(dimension)));
}

HyperPrior fixed_at(double value) {
  return {.prior = Prior{}, .low = value, .high = value, .start = value, .fixed = true};
}

// The mode of a log-normal density.
double mode(double mu, double sigma) {
  return std::exp(mu - sigma * sigma);
}

HyperPrior dimension_scaled(Index d) {
  const double mu = sqrt2 + 0.5 * std::log(static_cast<double>(d));
  return {Prior::log_normal(mu, kSqrt3), 0.025, 1e3, mode(mu, kSqrt3)};
}

HyperPrior fitted_noise(bool noise_free) {
  if (noise_free) return {Prior::log_normal(-8, 2), 1e-8, 1, mode(-8, 2)};
  return {Prior::log_normal(-4, 1), 1e-4, 10, mode(-4, 1)};
}

// Centre at `share` of the cube's diagonal, as space-filling designs of Branin ... Hartmann-6 in 50
// dimensions predict best (benchmarks/gp_models.cpp).
GpPreset asktell_like(double share, double sigma, Index d, bool noise_free) {
  const double mu = half_diagonal(share, d);
  return {.name = "asktell",
          .lengthscale = {Prior::log_normal(mu, sigma), 0.025, 1e3, mode(mu, sigma)},
          .outputscale = {Prior::log_normal(0, 1), 1e-2, 1e2, 1},
          .noise = fitted_noise(noise_free)};
}

GpPreset ours(Index d, bool noise_free) {
  return d <= 20 ? asktell_like(0.35, 0.75, d, noise_free) : asktell_like(0.5, 1, d, noise_free);
}

// BoTorch 0.12 to 0.18, SingleTaskGP (Hvarfner et al. 2024).
GpPreset botorch(Index d, bool) {
  return {.form = kernels::Form::kRbf,
          .lengthscale = dimension_scaled(d),
          .outputscale = fixed_at(1),
          .noise = {Prior::log_normal(-4, 1), 1e-4, 1e3, mode(-4, 1)}};
}

GpPreset hvarfner(Index d, bool noise_free) {
  GpPreset preset = botorch(d, noise_free);
  preset.form = kernels::Form::kMatern52;
  preset.noise = fitted_noise(noise_free);
  return preset;
}

// BoTorch before 0.12: Gamma(3, 6), Gamma(2, 0.15), Gamma(1.1, 0.05), starting at modes.
GpPreset legacy(Index, bool) {
  return {.lengthscale = {Prior::gamma(3, 6), 0.005, 1e3, 1.0 / 3},
          .outputscale = {Prior::gamma(2, 0.15), 1e-3, 1e3, 2},
          .noise = {Prior::gamma(1.1, 0.05), 1e-4, 1e2, 2}};
}

// google-vizier 0.1.24, tuned_gp_models.cpp: penalties 0.01 log(x / c)^2 on squared length-scales,
// amplitude and noise; zero mean.
GpPreset vizier(Index, bool) {
  const auto penalty = [](double centre) {
    return Prior{Prior::Kind::kLogSquare, 0.01, std::log(centre)};
  };
  // 0.01 log(l^2 / 0.5)^2 = 0.04 log(l / sqrt(0.5))^2.
  return {.lengthscale = {Prior{Prior::Kind::kLogSquare, 0.04, 0.5 * std::log(0.5)}, 0.1, 10,
                          std::sqrt(0.5)},
          .outputscale = {penalty(0.039), 1e-3, 10, 0.039},
          .noise = {penalty(0.0039), 1e-10, 1, 0.0039},
          .mean = {.kind = GpMean::Kind::kFixed}};
}

// HEBO 0.3.6, model "gp".
GpPreset hebo(Index, bool) {
  return {.form = kernels::Form::kMatern32,
          .lengthscale = {Prior{}, 0.02, 1e3, 0.3},
          .outputscale = {Prior::gamma(0.5, 0.5), 1e-4, 1e3, 1},
          .noise = {Prior::log_normal(std::log(0.01), 0.5), 8e-4, 10, 1e-2}};
}

// Optuna 5.0.0, _gp/prior.py.
GpPreset optuna(Index, bool) {
  return {.lengthscale = {Prior{Prior::Kind::kOptuna, 0.1, 0}, 1e-2, 1e2, 1},
          .outputscale = {Prior::gamma(2, 1), 1e-4, 1e3, 1},
          .noise = {Prior::gamma(1.1, 30), 1e-6, 10, 1},
          .mean = {.kind = GpMean::Kind::kFixed}};
}

GpPreset regret(Index d, bool) {
  return {.lengthscale = dimension_scaled(d),
          .outputscale = {Prior::log_normal(1, 2), std::exp(-3.0), std::exp(9.0), 1},
          .noise = {Prior::log_normal(-6, 1.5), 1e-6, 10, mode(-6, 1.5)}};
}

// Eriksson & Jankowiak 2021 by maximum a posteriori at tau = 0.1 (BoTorch 0.18.1, map_saas.py).
GpPreset map_saas(Index, bool) {
  return {.lengthscale = {Prior{Prior::Kind::kSaas, 1, 0.1}, 1e-2, 1e3, 1},
          .outputscale = {Prior::gamma(2, 0.15), 1e-2, 1e4, 10},
          .noise = {Prior::gamma(0.9, 10), 1e-4, 1, 1e-2},
          .mean = {.kind = GpMean::Kind::kNormal, .deviation = 1}};
}

GpPreset none(Index, bool noise_free) {
  return {.lengthscale = {Prior{}, 0.025, 100, 0.5},
          .outputscale = {Prior{}, 1e-4, 1e4, 1},
          .noise = {Prior{}, noise_free ? 1e-8 : 1e-6, 10, 1e-2}};
}

GpPreset profiled(Index d, bool noise_free) {
  GpPreset preset = none(d, noise_free);
  preset.outputscale = fixed_at(1);
  preset.profile_scale = true;
  return preset;
}

struct Named {
  const char* name;
  GpPreset (*make)(Index, bool);
};
constexpr Named kPresets[] = {
    {"asktell", ours},      {"botorch", botorch},  {"botorch_legacy", legacy},
    {"hvarfner", hvarfner}, {"vizier", vizier},    {"hebo", hebo},
    {"optuna", optuna},     {"regret", regret},    {"map_saas", map_saas},
    {"none", none},         {"profiled", profiled}};

}  // namespace

double Prior::log_density(double x) const {
  switch (kind) {
    case Kind::kFlat:
      return 0;
    case Kind::kLogNormal:
      return log_lognormal(x, a, b);
    case Kind::kGamma:
      return a * std::log(b) - boost::math::lgamma(a) + (a - 1) * std::log(x) - b * x;
    case Kind::kHalfCauchy:
      return std::log(2 / (std::numbers::pi * a)) - std::log1p((x / a) * (x / a));
    case Kind::kNormal:
      return -0.5 * (x - a) * (x - a) / (b * b) - std::log(b) -
             0.5 * std::log(2 * std::numbers::pi);
    case Kind::kLogSquare:
      return -a * (std::log(x) - b) * (std::log(x) - b);
    case Kind::kOptuna:
      return -a * (1 / (x * x) + x * x);
    case Kind::kSaas: {
      const double ratio = b / (x * x * a);
      return std::log(2 / (std::numbers::pi * a)) - std::log1p(ratio * ratio);
    }
  }
  return 0;
}

double Prior::slope(double x) const {
  switch (kind) {
    case Kind::kFlat:
      return 0;
    case Kind::kLogNormal:
      return log_lognormal_slope(x, a, b);
    case Kind::kGamma:
      return (a - 1) - b * x;
    case Kind::kHalfCauchy: {
      const double square = (x / a) * (x / a);
      return -2 * square / (1 + square);
    }
    case Kind::kNormal:
      return -(x - a) / (b * b);
    case Kind::kLogSquare:
      return -2 * a * (std::log(x) - b);
    case Kind::kOptuna:
      return -2 * a * (x * x - 1 / (x * x));
    case Kind::kSaas: {
      const double ratio = b / (x * x * a);
      return 4 * ratio * ratio / (1 + ratio * ratio);
    }
  }
  return 0;
}

const HyperPrior& GpPreset::of(HyperRole role) const {
  switch (role) {
    case HyperRole::kLengthscale:
      return lengthscale;
    case HyperRole::kOutputscale:
      return outputscale;
    case HyperRole::kVariance:
      return variance;
    case HyperRole::kShape:
      return shape;
    case HyperRole::kPeriod:
      return period;
    case HyperRole::kAngle:
      return angle;
    case HyperRole::kWarp:
      return warp;
    case HyperRole::kFactor:
      return factor;
    case HyperRole::kTask:
      return task;
    case HyperRole::kMix:
      return mix;
    case HyperRole::kNoise:
      return noise;
  }
  return noise;
}

GpPreset gp_preset(std::string_view name, Index dimension, bool noise_free) {
  std::string names;
  for (const Named& known : kPresets) {
    if (known.name == name) {
      GpPreset preset = known.make(std::max<Index>(1, dimension), noise_free);
      preset.name = known.name;
      return preset;
    }
    names += std::string(names.empty() ? "\"" : ", \"") + known.name + "\"";
  }
  throw OptionError("option.value",
                    "prior is \"" + std::string(name) + "\"; it must be one of " + names);
}

std::vector<std::string> gp_preset_names() {
  std::vector<std::string> names;
  for (const Named& known : kPresets) names.emplace_back(known.name);
  return names;
}

std::vector<GpPreset> gp_ensemble(Index dimension, bool noise_free) {
  return {gp_preset("hvarfner", dimension, noise_free), gp_preset("botorch_legacy", dimension),
          asktell_like(0.25, 0.75, std::max<Index>(1, dimension), noise_free)};
}

}  // namespace asktell
