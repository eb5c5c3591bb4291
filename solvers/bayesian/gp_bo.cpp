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
#include <asktell/solvers/bayesian/outlook.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct GpBoOptions {
  std::int64_t n_initial = 0;      // 0: clamp(d + 1, 4, min(20, budget / 5))
  std::int64_t max_points = 1000;  // an exact fit of more costs seconds
  std::int64_t candidates = 512;   // times ceil(sqrt(d))
};

Schema<GpBoOptions> schema() {
  return Schema<GpBoOptions>()
      .field("n_initial", &GpBoOptions::n_initial,
             "trials of the initial design; 0: clamp(d + 1, 4, min(20, budget / 5))", 0, 1e6)
      .field("max_points", &GpBoOptions::max_points,
             "points of the model at most; beyond, the better half and the latest are kept", 10,
             5000)
      .field("candidates", &GpBoOptions::candidates,
             "Sobol candidates of the acquisition, times ceil(sqrt(d))", 16, 4096);
}

class GpBoSolver final : public BayesianSolver {
 public:
  GpBoSolver(const Problem& problem, GpBoOptions options)
      : BayesianSolver({.design = design_size(problem, options.n_initial, "gp_bo"),
                        .max_points = static_cast<std::size_t>(options.max_points),
                        .replicate = true}),
        options_(options),
        choice_(problem.space, model_variants(static_cast<Index>(problem.space.dimension()))) {}

  std::int64_t recommend(const History& history) override {
    return recommended(history, choice_, history.memo(), settings().max_points);
  }

  std::optional<Outlook> outlook(const History& history) override {
    return choice_outlook(history, choice_, history.memo(), settings().max_points);
  }

 protected:
  void suggest(Ask& ask) override {
    const Space& space = ask.history.space();
    const bool noisy = ask.noise == Noise::kSome;
    std::vector<double> memo;
    ChosenModel model = choice_.fit(ask.observations, noisy, ask.history.memo(), memo);
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
