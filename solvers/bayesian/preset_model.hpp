// One Gaussian process fitted to the observations of a study: one output transform, one kernel, one
// set of priors, as a published method has them. Hyper-parameters start from the last fit's, and
// now and then from the priors again.
#pragma once

#include <span>
#include <vector>

#include <asktell/core/space.hpp>
#include <asktell/solvers/bayesian/observations.hpp>
#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>

namespace asktell {

class PresetModel {
 public:
  // kernel: of points as model_points writes them; the preset's form is not looked at.
  PresetModel(const Space& space, KernelPtr kernel, GpPreset preset, TransformKind transform);

  // Points as model_points writes them, transformed values; noise is fitted, told variances are not
  // used. memo: what the last ask left in next_memo; empty: cold. Deterministic in its arguments.
  GpPosterior fit(const Observations& data, std::span<const double> memo,
                  std::vector<double>& next_memo) const;

  // The trial of the lowest posterior mean; the best one told where values repeat or are too few.
  std::int64_t recommend(const History& history, const Observations& data,
                         std::span<const double> memo) const;

 private:
  Space space_;
  KernelPtr kernel_;
  GpPreset preset_;
  TransformKind transform_;
};

// Parameters as Vizier and HEBO count them: each number of a vector is one, whatever else takes
// several coordinates is one.
Eigen::Index parameter_count(const Space& space);

// Variance of the observations that the posterior was fitted with.
double noise_variance(const GpPosterior& model);

}  // namespace asktell
