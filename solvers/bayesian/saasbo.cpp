// Bayesian optimization with the sparse axis-aligned subspace prior (Eriksson & Jankowiak 2021,
// "High-dimensional Bayesian optimization with sparse axis-aligned subspaces", section 4, SAASBO):
// most parameters do nothing until data say otherwise. Expected improvement is averaged over
// models: by default the likeliest ones under four degrees of sparsity (BoTorch 0.18.1,
// map_saas.py), which take a hundredth of the time of the No-U-Turn sampler of the paper
// (inference = "nuts").
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/log_mean_exp.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/fit_memory.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/surrogates/gp/refit_schedule.hpp>
#include <asktell/surrogates/gp/saas.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kColdRounds = 60;  // of a fit: hundreds of length-scales, few observations
constexpr double kNoiseFloor = 1e-6, kNoiseStart = 1e-3;

struct SaasboOptions {
  std::int64_t n_initial = 0;
  std::int64_t max_points = 300;
  std::string inference = "map";
  std::int64_t candidates = 512;
};

Schema<SaasboOptions> schema() {
  return Schema<SaasboOptions>()
      .field("n_initial", &SaasboOptions::n_initial,
             "trials of the initial design; 0: clamp(d + 1, 4, min(20, budget / 5))", 0, 1e6)
      .field("max_points", &SaasboOptions::max_points,
             "points of the models at most; beyond, the better half and the latest are kept", 10,
             2000)
      .field("inference", &SaasboOptions::inference,
             "\"map\": the likeliest models under four degrees of sparsity; \"nuts\": draws of the "
             "No-U-Turn sampler, minutes an ask",
             {"map", "nuts"})
      .field("candidates", &SaasboOptions::candidates,
             "Sobol candidates of the acquisition, times ceil(sqrt(d))", 16, 4096);
}

// Logarithm of the mean of expected improvements under several models, each below an incumbent of
// its own.
class MeanImprovement final : public Acquisition {
 public:
  MeanImprovement(const std::vector<GpPosterior>& models, const std::vector<double>& incumbents) {
    for (std::size_t m = 0; m < models.size(); ++m) {
      parts_.emplace_back(models[m], incumbents[m]);
    }
  }

  void evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const override {
    const auto count = static_cast<Index>(parts_.size());
    MatrixXd each(count, points.cols());
    std::vector<MatrixXd> slopes(parts_.size());
    for (Index m = 0; m < count; ++m) {
      const auto at = static_cast<std::size_t>(m);
      parts_[at].evaluate(points, values, gradients ? &slopes[at] : nullptr);
      each.row(m) = values;
    }
    VectorXd shares(count);
    if (gradients) gradients->setZero(points.rows(), points.cols());
    for (Index j = 0; j < points.cols(); ++j) {
      values[j] = log_mean_exp(each.col(j), &shares);
      for (Index m = 0; gradients && m < count; ++m) {
        gradients->col(j) += shares[m] * slopes[static_cast<std::size_t>(m)].col(j);
      }
    }
  }

 private:
  std::vector<LogExpectedImprovement> parts_;
};

class SaasboSolver final : public BayesianSolver {
 public:
  SaasboSolver(const Problem& problem, const SaasboOptions& options)
      : BayesianSolver({.design = design_size(problem, options.n_initial, "saasbo"),
                        .least_values = 3,
                        .max_points = static_cast<std::size_t>(options.max_points)}),
        options_(options),
        nuts_(options.inference == "nuts"),
        presets_(map_saas_ensemble(static_cast<Index>(problem.space.dimension()))) {
    for (GpPreset& preset : presets_) {  // BoTorch's floor of 1e-4 hides the last digits
      preset.noise.low = kNoiseFloor;
      preset.noise.start = kNoiseStart;
    }
    kernel_ = nuts_ ? saas_kernel(kernels::stationary(space_metrics(problem.space)))
                    : space_kernel(problem.space);
  }

  std::int64_t recommend(const History& history) override {
    const Observations data = observations(history);
    if (data.size() < 3 || noise_of(history.problem(), data) != Noise::kSome) {
      return history.best();
    }
    std::vector<double> memo;
    const std::vector<GpPosterior> models = fit(history.space(), data, history.memo(), 0, memo);
    return lowest_mean_trial(history, data, models[models.size() / 2]);
  }

 protected:
  void suggest(Ask& ask) override {
    const Space& space = ask.history.space();
    std::vector<double> memo;
    std::vector<GpPosterior> models =
        fit(space, ask.observations, ask.history.memo(), ask.slot_seed(), memo);
    std::vector<double> incumbents;
    for (const GpPosterior& model : models) {
      incumbents.push_back(incumbent_value(ask.observations, ask.noise, model));
    }
    while (model_slots(ask) > 0) {
      for (GpPosterior& model : models) believe_pending(model, ask.observations.size(), ask);
      const auto maximum =
          maximize_acquisition(MeanImprovement(models, incumbents), space, ask.search(),
                               ask.request.stream(Purpose::kCandidates, ask.out.size()),
                               {.sobol_blocks = static_cast<int>(options_.candidates)});
      if (!maximum) {
        if (!fall_back(ask, "random: no allowed point among the candidates of the acquisition")) {
          return;
        }
        continue;
      }
      char note[60];
      std::snprintf(note, sizeof note, "log_ei %.3g, %zu models", maximum->value, models.size());
      ask.add(maximum->point, {.memo = memo, .note = note});
    }
  }

 private:
  std::vector<GpPosterior> fit(const Space& space, const Observations& data,
                               std::span<const double> memo, std::uint64_t seed,
                               std::vector<double>& next_memo) const {
    const OutputTransform transform(TransformKind::kHalfRank, data.y);
    GpData learned;
    learned.x = model_points(space, data.x);
    learned.z = transform.apply(data.y);
    FitMemory memory = FitMemory::read(memo, kernel_->parameter_count() + 1);
    const RefitSchedule schedule;
    if (memory.thetas.empty() || schedule.due(data.total, memory.fitted, {})) {
      const bool cold = memory.thetas.empty() || schedule.cold(data.total, memory.cold);
      if (cold) memory.thetas.clear();
      memory.thetas = nuts_ ? draws(learned, seed) : optima(learned, memory.thetas);
      memory.fitted = data.total;
      if (cold) memory.cold = data.total;
    }
    next_memo = memory.write();
    const GpMean mean = nuts_ ? GpMean{.kind = GpMean::Kind::kFixed} : presets_.front().mean;
    std::vector<GpPosterior> models;
    for (const VectorXd& theta : memory.thetas) models.emplace_back(kernel_, learned, theta, mean);
    return models;
  }

  std::vector<VectorXd> optima(const GpData& data, const std::vector<VectorXd>& warm) const {
    std::vector<VectorXd> thetas;
    for (const FitReport& report : fit_members(*kernel_, data, presets_, warm,
                                               {.cold_rounds = kColdRounds, .kept_starts = 1})) {
      thetas.push_back(report.theta);
    }
    return thetas;
  }

  // Of a sampler that cannot start (equal values), the priors' start.
  std::vector<VectorXd> draws(const GpData& data, std::uint64_t seed) const {
    HyperSamples samples = sample_saas(*kernel_, data, {}, {.seed = seed});
    if (!samples.failed) return std::move(samples.thetas);
    const HyperBox box(model_parameters(*kernel_, data), presets_.front());
    return {box.start};
  }

  SaasboOptions options_;
  bool nuts_;
  std::vector<GpPreset> presets_;  // of the models under "map"
  KernelPtr kernel_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(saasbo) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  registry.add<asktell::SaasboSolver>(
      {.name = "saasbo",
       .summary =
           "Bayesian optimization that believes few parameters matter: for 30 to 500 of them "
           "and up to some 100 evaluations.",
       .reference = "Eriksson & Jankowiak 2021, section 4",
       .capabilities = capabilities},
      asktell::schema());
}
