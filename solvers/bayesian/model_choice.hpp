// Which model of the values to believe: several ways to look at them (output transform, kernel,
// prior, nugget) are fitted, and judged by how well they predict the better half of the data, each
// value from all others. No single one is best everywhere: a smooth kernel without noise finds the
// last digits of a smooth function, a rough one with a fitted nugget looks through ripples.
#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/gp/gradient_data.hpp>
#include <asktell/surrogates/gp/refit_schedule.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>

namespace asktell {

struct ModelVariant {
  std::string name = {};
  TransformKind transform = TransformKind::kHalfRank;
  GpPreset preset = {};  // its form is the kernel's
  bool exact = false;    // takes answers for exact: left out where they are noisy
  FitOptions fit = {};
  // Hyper-parameters that bend to the data unrestrained by priors: the sum of log densities, which
  // they flatter, is reduced by one each, as Akaike's criterion does.
  double unrestrained = 0;
  bool additive = false;  // the kernel is a sum over coordinates
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

  // Fits what is due and takes the model of the highest density; given a stream to draw with, and
  // more than five dimensions, each with its chance exp(density), the evidence of one value. There
  // the density errs, and a single model would have its mistake in every proposal; in fewer
  // dimensions it does not, and draws cost regret (docs/performance.md). memo: what the last ask
  // left in next_memo; empty: cold. Deterministic in its arguments.
  ChosenModel fit(const Observations& data, bool noisy, std::span<const double> memo,
                  std::vector<double>& next_memo, std::optional<RandomStream> draw = {}) const;

 private:
  Observations fitting_part(const Observations& data, const OutputTransform& transform,
                            std::size_t variant, const Eigen::VectorXd& theta) const;
  GpData model_data(const Observations& data, const OutputTransform& transform) const;
  double better_half_density(const GpPosterior& model, const OutputTransform& transform,
                             const Observations& data) const;

  Space space_;
  std::vector<ModelVariant> variants_;
  std::vector<KernelPtr> kernels_;  // one a variant; equal forms share one
};

// The variants of gp_bo: values above the median squeezed to ranks or not, nuggets fitted or held
// near zero, a smooth kernel by plain likelihood.
std::vector<ModelVariant> model_variants(Eigen::Index dimension);
// Of those, the ones of values as told but for scale and origin: of any other transform the mean is
// not the transform of the mean.
std::vector<ModelVariant> affine_variants(Eigen::Index dimension);
// All, and in 6 to 20 dimensions a smooth function without interactions beside them: with few
// trials for each dimension it sees what each coordinate does where the others see noise.
std::vector<ModelVariant> global_variants(Eigen::Index dimension);

// Adds points with their posterior mean as value: the mean stays, the variance shrinks.
void believe(GpPosterior& model, const Eigen::MatrixXd& points);
// At least `lowest`.
void believe(GradientGp& model, const Eigen::MatrixXd& points, double lowest = -HUGE_VAL);
// The same with the pending trials and the proposals of the ask, but those already in the model.
// told: observations it was made from.
void believe_pending(GpPosterior& model, Eigen::Index told, const Ask& ask);

// The model's value at the lowest told; with noise, the lowest of its means at the points told.
// data: what the model was made from.
double incumbent_value(const Observations& data, Noise noise, const GpPosterior& model);

// The trial of the lowest posterior mean among the feasible ones told, so that noise cannot win.
std::int64_t lowest_mean_trial(const History& history, const Observations& data,
                               const GpPosterior& model);

// The same by the model of choice; the best told when values repeat. The memo is the solver's last,
// as its model wrote it.
std::int64_t recommended(const History& history, const Observations& data,
                         const ModelChoice& choice, std::span<const double> memo);

}  // namespace asktell
