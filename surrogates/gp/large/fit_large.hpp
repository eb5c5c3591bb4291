// Which model to use for n observations, and fitting it. Hyper-parameters of everything but the
// exact model start from an exact fit of a subset, the best values and points spread around them.
//
//   exact         all points, hyper-parameters included: O(n^3) an evaluation
//   subset-exact  hyper-parameters of the subset, then one factor of all points
//   variational   sparse.hpp, the bound refined over all points
//   fitc          sparse.hpp, likewise
//   local         local.hpp, hyper-parameters of the subset
//   vecchia       vecchia.hpp over all points with the noise of the subset; local predictions
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/gp/large/sparse.hpp>

namespace asktell {

enum class LargeModel { kAutomatic, kExact, kSubsetExact, kVariational, kFitc, kLocal, kVecchia };

// "exact", "subset-exact", ...: a model's name, and back; throws OptionError for another name.
std::string_view name(LargeModel model);
LargeModel large_model(std::string_view name);

struct LargeOptions {
  LargeModel model = LargeModel::kAutomatic;
  LargeModel beyond = LargeModel::kLocal;  // automatic: when no exact model is affordable
  Eigen::Index exact_limit = 2000;         // points fitted exactly
  double memory = 1e9;                     // bytes that a model may take
  double seconds = 5;                      // that one factorization may take, at kFlops a second
  static constexpr double kFlops = 1e10;   // one core without wide vectors
  Eigen::Index subset = 1000;              // points for the hyper-parameters
  double best_share = 0.2;                 // of them, those of the lowest values
  Eigen::Index coarse = 300;               // points of a first fit, where the second begins
  Eigen::Index inducing = 300;             // points at most
  Eigen::VectorXd quality = {};            // n weights of inducing points (select_by_variance)
  Eigen::Index neighbours = 200;           // of a query of a local model
  Eigen::Index anchors = 100;              // points evenly from all, in every local model
  Eigen::Index predecessors = 30;          // of Vecchia's likelihood
  int rounds = 2;                          // refinements, each after a new choice of points
  int evaluations = 15;                    // of a refinement at most
  std::uint64_t seed = 0;                  // of drawn starts
};

struct LargeChoice {
  LargeModel model;
  std::string reason;
};

// A model for n points; options.model where it is not automatic. Never looks at a clock: the same
// on every machine.
LargeChoice choose_model(Eigen::Index n, const LargeOptions& options = {});

// Bytes that a model of n points takes while it is made, the subset's fit included.
double model_bytes(LargeModel model, Eigen::Index n, const LargeOptions& options = {});

struct LargeReport {
  LargeModel model;
  std::string reason;          // why this model
  Eigen::VectorXd theta;       // as model_parameters() lists it
  Eigen::Index points = 0;     // that the model rests on
  Eigen::Index fitted_on = 0;  // points behind the hyper-parameters
  Eigen::Index support = 0;    // inducing points, or neighbours and anchors; 0: none
  int subset_evaluations = 0;  // of the subset's likelihood, or of the exact one
  int refinements = 0;         // evaluations over all points
  double objective = 0;        // bound or likelihood plus priors at theta; of different models: not
                               // comparable
  double jitter = 0;           // as the model's own jitter()
  double bytes = 0;            // model_bytes()
  bool degraded = false;       // hyper-parameters are the priors' mode or the subset's only
};

struct LargeFit {
  std::unique_ptr<Surrogate> model;
  LargeReport report;
};

// Fits and builds. data: merged (merge_replicates) where observations repeat. warm: the last theta,
// or empty. Throws OptionError for numbers of points below 1.
LargeFit fit_large(KernelPtr kernel, const GpData& data, const GpPreset& preset,
                   const Eigen::VectorXd& warm = {}, const LargeOptions& options = {});

}  // namespace asktell
