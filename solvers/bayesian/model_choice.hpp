// Which model of the values to believe: several ways to look at them (output transform, kernel,
// prior, nugget) are fitted, and the one that predicts the better half of the data best, each value
// from all others, is taken. No single one is best everywhere: a smooth kernel without noise finds
// the last digits of a smooth function, a rough one with a fitted nugget looks through ripples.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <asktell/core/space.hpp>
#include <asktell/solvers/bayesian/observations.hpp>
#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/gp/refit_schedule.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>

namespace asktell {

struct ModelVariant {
  std::string name = {};
  TransformKind transform = TransformKind::kHalfRank;
  GpPreset preset = {};  // its form is the kernel's
};

// A fitted model, in its own units: points as model_points writes them, transformed values.
struct ChosenModel {
  GpPosterior posterior;
  OutputTransform transform;
  std::size_t variant = 0;
  double density = 0;  // mean leave-one-out log density of the better half, in raw units
};

class ModelChoice {
 public:
  ModelChoice(const Space& space, std::vector<ModelVariant> variants);  // at least one

  const std::vector<ModelVariant>& variants() const { return variants_; }

  // Fits what is due and chooses. memo: what the last ask left in next_memo; empty: cold.
  // Deterministic in its arguments.
  ChosenModel fit(const Observations& data, std::span<const double> memo,
                  std::vector<double>& next_memo) const;

 private:
  GpData model_data(const Observations& data, const OutputTransform& transform) const;
  double better_half_density(const GpPosterior& model, const OutputTransform& transform,
                             const Observations& data) const;

  Space space_;
  std::vector<ModelVariant> variants_;
  std::vector<KernelPtr> kernels_;  // one a variant; equal forms share one
};

}  // namespace asktell
