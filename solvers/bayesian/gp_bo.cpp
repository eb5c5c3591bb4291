// Bayesian optimization with a Gaussian process and log expected improvement (Ament et al. 2023,
// section 4): the model is the best of several by leave-one-out density (model_choice.hpp), pending
// trials are believed at their posterior mean (Ginsbourger et al. 2010, section 3).
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct GpBoOptions {
  std::int64_t n_initial = 0;      // 0: clamp(d + 1, 4, min(20, budget / 5))
  std::int64_t max_points = 1000;  // an exact fit of more costs seconds
  std::string models = "";
  std::int64_t candidates = 512;  // times ceil(sqrt(d))
};

Schema<GpBoOptions> schema() {
  return Schema<GpBoOptions>()
      .field("n_initial", &GpBoOptions::n_initial,
             "trials of the initial design; 0: clamp(d + 1, 4, min(20, budget / 5))", 0, 1e6)
      .field("max_points", &GpBoOptions::max_points,
             "points of the model at most; beyond, the better half and the latest are kept", 10,
             5000)
      .field("models", &GpBoOptions::models, "variants")
      .field("candidates", &GpBoOptions::candidates,
             "Sobol candidates of the acquisition, times ceil(sqrt(d))", 16, 4096);
}

std::vector<ModelVariant> variants(const Problem& problem, const std::string& names) {
  const auto d = static_cast<Index>(problem.space.dimension());
  const GpPreset fitted = gp_preset("regret", d);
  GpPreset exact = fitted;
  exact.noise = {.prior = {}, .start = 1e-6, .fixed = true};
  std::vector<ModelVariant> out;
  const auto add = [&](char c) {
    if (c == 'a') out.push_back({"half-rank", TransformKind::kHalfRank, fitted});
    if (c == 'b') out.push_back({"half-rank-exact", TransformKind::kHalfRank, exact});
    GpPreset wide = gp_preset("none", d);
    wide.lengthscale = {Prior{}, 0.01, 1000, 0.5 * std::sqrt(double(d))};
    wide.outputscale = {Prior{}, 1e-4, 1e10, 1};
    wide.noise = {.prior = {}, .start = 1e-10, .fixed = true};
    wide.form = kernels::Form::kRbf;
    if (c == 'c') out.push_back({"rbf-raw", TransformKind::kStandardize, wide});
    if (c == 'd') out.push_back({"rbf-half", TransformKind::kHalfRank, wide});
    wide.form = kernels::Form::kMatern52;
    if (c == 'e') out.push_back({"matern-raw", TransformKind::kStandardize, wide});
    GpPreset mid = exact;
    mid.form = kernels::Form::kRbf;
    mid.noise.start = 1e-10;
    mid.outputscale.high = 1e10;
    if (c == 'f') out.push_back({"rbf-prior", TransformKind::kHalfRank, mid});
    if (c == 'g') out.push_back({"rbf-prior-raw", TransformKind::kStandardize, mid});
    mid.form = kernels::Form::kMatern52;
    if (c == 'h') out.push_back({"matern-prior-raw", TransformKind::kStandardize, mid});
    if (c == 'i') out.push_back({"vizier", TransformKind::kVizier, fitted});
    if (c == 'j') out.push_back({"vizier-exact", TransformKind::kVizier, exact});
    if (c == 'k') out.push_back({"raw", TransformKind::kStandardize, fitted});
  };
  for (char c : names.empty() ? std::string(problem.noise_variance == 0 ? "ab" : "a") : names)
    add(c);
  return out;
}

class GpBoSolver final : public BayesianSolver {
 public:
  GpBoSolver(const Problem& problem, GpBoOptions options)
      : BayesianSolver({.design = design_size(problem, options.n_initial, "gp_bo"),
                        .max_points = static_cast<std::size_t>(options.max_points)}),
        options_(options),
        choice_(problem.space, variants(problem, options.models)) {}

  // Lowest posterior mean among the trials told.
  std::int64_t recommend(const History& history) override {
    const Observations data = collect_observations(history, settings().max_points);
    if (data.size() < 3 || history.problem().noise_variance == 0) return history.best();
    std::vector<double> memo;
    const ChosenModel model = choice_.fit(data, history.memo(), memo);
    VectorXd mean;
    model.posterior.predict_mean(model.posterior.data().x, mean);
    std::int64_t best = -1;
    double lowest = HUGE_VAL;
    for (Index i = 0; i < data.size(); ++i) {
      const std::int64_t trial = data.trials[static_cast<std::size_t>(i)];
      if (history.feasible(static_cast<std::size_t>(trial)) && mean[i] < lowest) {
        lowest = mean[i];
        best = trial;
      }
    }
    return best < 0 ? history.best() : best;
  }

 protected:
  void suggest(Ask& ask) override {
    const Space& space = ask.history.space();
    std::vector<double> memo;
    ChosenModel model = choice_.fit(ask.observations, ask.history.memo(), memo);
    const double best = incumbent_value(ask, model.posterior);
    MaximizeRequest search;
    search.incumbents = ask.observations.incumbents();
    search.fixed = ask.request.fixed;
    search.allowed = [&](const Point& point) { return ask.allowed(point); };
    believe(model.posterior, model_points(space, ask.pending()));
    while (ask.missing() > 0 &&
           ask.history.pending().size() + ask.out.size() < settings().max_pending) {
      const std::size_t i = ask.out.size();
      search.seed = spread_seed(ask.request.seed + static_cast<std::uint64_t>(ask.request.ask) + i);
      const LogExpectedImprovement acquisition(model.posterior, best);
      const auto maximum = maximize_acquisition(
          acquisition, space, search, ask.request.stream(Purpose::kCandidates, i),
          {.sobol_blocks = static_cast<int>(options_.candidates)});
      if (!maximum) {
        if (!fall_back(ask, "random: no allowed point among the candidates of the acquisition")) {
          return;
        }
        continue;
      }
      char note[80];
      std::snprintf(note, sizeof note, "log_ei %.3g, %s%s", maximum->value,
                    choice_.variants()[model.variant].name.c_str(),
                    model.posterior.jitter() > 0 ? ", jitter" : "");
      const std::vector<double> unit = maximum->point.unit();
      ask.add(maximum->point, {.memo = memo, .note = note});
      if (ask.missing() == 0) return;
      believe(model.posterior,
              model_points(space, VectorXd::Map(unit.data(), static_cast<Index>(unit.size()))));
    }
  }

 private:
  // Adds points with their posterior mean as value: the mean stays, the variance shrinks.
  static void believe(GpPosterior& model, const MatrixXd& points) {
    if (points.cols() == 0) return;
    VectorXd mean;
    model.predict_mean(points, mean);
    model.append(points, mean,
                 VectorXd::Zero(model.data().given_noise.size() > 0 ? points.cols() : 0));
  }

  // Without noise the lowest value told; with it, the lowest posterior mean at the points told.
  static double incumbent_value(const Ask& ask, const GpPosterior& model) {
    VectorXd mean;
    model.predict_mean(model.data().x, mean);
    return ask.history.problem().noise_variance > 0 ? mean.minCoeff()
                                                    : mean[ask.observations.best()];
  }

  GpBoOptions options_;
  ModelChoice choice_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(gp_bo) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  registry.add<GpBoSolver>(
      {.name = "gp_bo",
       .summary = "Bayesian optimization with a Gaussian process and log expected improvement: the "
                  "fewest evaluations when each takes seconds or more, up to about 60 dimensions.",
       .reference =
           "Hvarfner et al. 2024; Ament et al. 2023, section 4; Song et al. 2024, section 3.2",
       .capabilities = capabilities},
      schema());
}
