// Upper confidence bounds with pure exploration while answers are awaited: the default algorithm of
// Google Vizier (Song et al. 2024, "The Vizier Gaussian process bandit algorithm"; constants from
// google/vizier, designers/gp_ucb_pe.py at commit b065186). It differs in how the acquisition is
// maximized: candidates and L-BFGS with analytic gradients instead of 75,000 evaluations of a
// firefly search, within the box of one trusted point (the most promising) while the trust region
// lasts; and in one restart from the last fit's hyper-parameters instead of five cold ones.
#include <asktell/solvers/bayesian/gp_ucb_pe.hpp>

#include <cmath>
#include <cstdio>
#include <optional>

#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/acquisition/pure_exploration.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/solvers/bayesian/preset_model.hpp>
#include <asktell/solvers/bayesian/trust_region.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {

double ucb_probability(bool news, bool noisy) {
  return !news ? 0.25 : noisy ? 0.3 : 0.9;
}

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSignalToNoise = 0.7;  // of variances; below, noise counts as high
constexpr double kNoNoise = 1e-10;      // of pending trials then: each point is explored once

struct GpUcbPeOptions {
  std::int64_t n_initial = 1;
  std::int64_t max_points = 1000;  // an exact fit of more costs seconds
  std::int64_t candidates = 512;
  double coefficient = 1.8;
  bool trust_region = true;
};

Schema<GpUcbPeOptions> schema() {
  return Schema<GpUcbPeOptions>()
      .field("n_initial", &GpUcbPeOptions::n_initial,
             "trials before the model is asked: the middle of the space, then Sobol points", 1, 1e6)
      .field("max_points", &GpUcbPeOptions::max_points,
             "points of the model at most; beyond, the better half and the latest are kept", 10,
             5000)
      .field("candidates", &GpUcbPeOptions::candidates,
             "Sobol candidates of the acquisition, times ceil(sqrt(d))", 16, 4096)
      .field("coefficient", &GpUcbPeOptions::coefficient,
             "of the deviation in the optimistic bound", 0, 100)
      .field("trust_region", &GpUcbPeOptions::trust_region,
             "stay near evaluated points while there are few of them");
}

double signal_variance(const GpPosterior& model) {
  const auto& parameters = model.kernel().parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].role == HyperRole::kOutputscale) {
      return std::exp(model.theta()[static_cast<Index>(i)]);
    }
  }
  return 1;
}

class GpUcbPeSolver final : public BayesianSolver {
 public:
  GpUcbPeSolver(const Problem& problem, GpUcbPeOptions options)
      : BayesianSolver({.design = options.n_initial > 1
                                      ? design_size(problem, options.n_initial, "gp_ucb_pe")
                                      : 1,
                        .least_values = 1,
                        .max_points = static_cast<std::size_t>(options.max_points)}),
        options_(options),
        model_(problem.space, space_kernel(problem.space),
               gp_preset("vizier", static_cast<Index>(problem.space.dimension())),
               TransformKind::kVizier) {}

  std::int64_t recommend(const History& history) override {
    return model_.recommend(history, observations(history), model_memo(history));
  }

 protected:
  void suggest(Ask& ask) override {
    const auto answers =
        static_cast<double>(ask.history.told().size() + ask.history.failed().size());
    bool news =
        ask.pending().cols() == 0 || ask.history.memo().empty() || answers > ask.history.memo()[0];
    std::vector<double> memo;
    const GpPosterior told = model_.fit(ask.observations, model_memo(ask.history), memo);
    memo.insert(memo.begin(), answers);
    const bool noisy = signal_variance(told) < kSignalToNoise * noise_variance(told);
    GpPosterior all = noisy ? without_noise(told) : told;
    const TrustRegion region = trust_region(ask);
    while (model_slots(ask) > 0) {
      believe_pending(all, told.size(), ask);
      const PendingAware models{told, noise_variance(told),
                                all.size() == told.size() && !noisy ? told : all,
                                noise_variance(all)};
      if (!add_best(ask, models, all.data().x, region, {news, noisy}, memo) &&
          !fall_back(ask, "random: no allowed point among the candidates of the acquisition")) {
        return;
      }
      news = false;
    }
  }

 private:
  struct Situation {
    bool news, noisy;
  };

  static std::span<const double> model_memo(const History& history) {
    return history.memo().empty() ? history.memo() : history.memo().subspan(1);
  }

  static GpPosterior without_noise(const GpPosterior& told) {
    VectorXd theta = told.theta();
    theta[theta.size() - 1] = std::log(kNoNoise);
    return GpPosterior(told.kernel_ptr(), told.data(), theta, gp_preset("vizier", 1).mean);
  }

  TrustRegion trust_region(const Ask& ask) const {
    const MatrixXd pending = ask.pending();
    MatrixXd points(pending.rows(), ask.observations.size() + pending.cols());
    points << ask.observations.x, pending;
    const double radius = options_.trust_region
                              ? trust_radius(points.cols(), parameter_count(ask.history.space()))
                              : 1.0;
    return TrustRegion(ask.history.space(), std::move(points), radius, ask.request.fixed);
  }

  // known: points told and pending, as the model takes them.
  bool add_best(Ask& ask, const PendingAware& models, const MatrixXd& known,
                const TrustRegion& region, Situation now, const std::vector<double>& memo) const {
    const std::size_t i = ask.out.size();
    const bool bound =
        ask.request.stream(Purpose::kChoice, i).uniform() < ucb_probability(now.news, now.noisy);
    const auto acquisition = bound_or_exploration(models, known, options_.coefficient, bound);
    const std::optional<Maximum> best = maximum(ask, *acquisition, region);
    if (!best) return false;
    char note[64];
    std::snprintf(note, sizeof note, "%s %.3g%s", bound ? "ucb" : "pe", best->value,
                  now.noisy ? ", high noise" : "");
    ask.add(best->point, {.memo = memo, .note = note});
    return true;
  }

  // Over the trust region, or over the whole space where it leaves nothing.
  std::optional<Maximum> maximum(const Ask& ask, const Acquisition& acquisition,
                                 const TrustRegion& region) const {
    const Space& space = ask.history.space();
    const MaximizeOptions options{.sobol_blocks = static_cast<int>(options_.candidates)};
    RandomStream stream = ask.request.stream(Purpose::kCandidates, ask.out.size());
    const MaximizeRequest search = ask.search();
    if (!region.limits() || !search.candidates.empty()) {
      return maximize_acquisition(acquisition, space, search, stream, options);
    }
    MaximizeRequest limited = search;
    MatrixXd draws = region.draw(options_.candidates, stream);
    for (auto draw : draws.colwise()) put_fixed(search.fixed, {draw.data(), space.dimension()});
    VectorXd values;
    acquisition.evaluate(model_points(space, draws), values);
    Index highest;
    values.maxCoeff(&highest);
    std::tie(limited.low, limited.high) = region.box(highest);
    limited.extra = draws.col(highest);
    limited.allowed = [&](const Point& point) {
      return ask.allowed(point) && region.contains(point.unit());
    };
    const auto inside = maximize_acquisition(acquisition, space, limited, stream, options);
    return inside ? inside : maximize_acquisition(acquisition, space, search, stream, options);
  }

  GpUcbPeOptions options_;
  PresetModel model_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(gp_ucb_pe) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  registry.add<asktell::GpUcbPeSolver>(
      {.name = "gp_ucb_pe",
       .summary = "Upper confidence bounds and pure exploration, as in Google Vizier: batches and "
                  "many pending trials, failures, outliers.",
       .reference = "Song et al. 2024; Contal et al. 2013",
       .capabilities = capabilities},
      asktell::schema());
}
