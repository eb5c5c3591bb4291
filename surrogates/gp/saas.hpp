// The sparse axis-aligned subspace prior (Eriksson & Jankowiak 2021, "High-dimensional Bayesian
// optimization with sparse axis-aligned subspaces"): inverse squared length-scales tau lambda_i
// with half-Cauchy tau and lambda_i, so that most coordinates do nothing until data say otherwise.
// By the No-U-Turn sampler, or as a few optima given tau.
#pragma once

#include <asktell/surrogates/gp/hyper_samples.hpp>

namespace asktell {

// Priors as in BoTorch 0.18.1 (fully_bayesian.py). Of outputscale and noise, what exceeds `low` has
// the prior; `high` is not used; `fixed` keeps `start`.
struct SaasOptions {
  double tau_scale = 0.1;     // tau ~ HalfCauchy(tau_scale): less is sparser
  double lambda_scale = 1;    // lambda_i likewise
  double mean_deviation = 1;  // of the normal prior of the constant mean
  HyperPrior outputscale{Prior::gamma(2, 0.15), 0, 0, 1};
  HyperPrior noise{Prior::gamma(0.9, 10), 1e-4, 0, 1e-2};
};

// outputscale * stationary + a constant: the latter is the mean with its normal prior, integrated
// out exactly. Models of it have mean {GpMean::Kind::kFixed}.
KernelPtr saas_kernel(KernelPtr stationary);

// Coordinates u = log(tau, lambda_1, ..., output scales, noise variances above `low`). The kernel's
// hyper-parameters are length-scales, output scales and constants (which stand for the mean), as
// saas_kernel has them; throws OptionError for another. Arguments must outlive the object.
std::unique_ptr<HyperPosterior> saas_posterior(const Kernel& kernel, const GpData& data,
                                               const SaasOptions& saas);

// Draws of it. Convergence is judged by the shortest `watched` length-scales of the options (8
// instead of 0): those of coordinates that do nothing wander over decades, and matter as little.
HyperSamples sample_saas(const Kernel& kernel, const GpData& data, const SaasOptions& saas = {},
                         const HyperSamplesOptions& options = {},
                         std::span<const NutsState> warm = {});

// Quantiles (k - 1/2) / count of HalfCauchy(scale), k = 1, ..., count: what stands for draws of tau
// below, so that fits are deterministic.
std::vector<double> saas_taus(int count = 4, double scale = 0.1);

// Priors "map_saas", one for each tau: the optima under them (fit_members), mixed with equal
// weights, cost a hundredth of the sampler.
std::vector<GpPreset> map_saas_ensemble(Eigen::Index dimension, int count = 4);

// One model instead: a sum of Matern-5/2 kernels, with an output scale each and a tau each.
KernelPtr additive_saas_kernel(Eigen::Index dimension, int count = 4);
// Its optimum; `kernel` is one of additive_saas_kernel. Of options: rounds, tolerances.
FitReport fit_additive_saas(const Kernel& kernel, const GpData& data,
                            const FitOptions& options = {});

}  // namespace asktell
