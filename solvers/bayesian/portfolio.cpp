// A guarded portfolio of ways to propose ("arms"), one of them an ask, chosen by how often each
// lowered the incumbent lately: expected improvement of a global model, steps of a local search
// around the incumbent (local_step.hpp) and, where gradients are told, expected improvement by a
// model of values and gradients (gradient_search.hpp); local steps are then quasi-Newton's. A
// well-modelled function is best left to the global model, the last digits of a smooth basin to the
// local one, ripples to a model of values; which it is shows in what they find (a bandit of
// acquisitions: Hoffman et al. 2011, "Portfolio allocation for Bayesian optimization").
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/arms.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/gradient_search.hpp>
#include <asktell/solvers/bayesian/local_step.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/solvers/bayesian/next_acquisition.hpp>
#include <asktell/solvers/bayesian/outlook.hpp>
#include <asktell/solvers/bayesian/quasi_newton_step.hpp>

namespace asktell {
namespace {

using Eigen::Index;

constexpr double kConverged = 1e-9;  // half width of a local region with nothing left to find

struct PortfolioOptions {
  std::int64_t n_initial = 0;
  std::int64_t max_points = 1000;
  double least_share = 0.15;
  double local_width = 0.1;
};

Schema<PortfolioOptions> schema() {
  return Schema<PortfolioOptions>()
      .field("n_initial", &PortfolioOptions::n_initial,
             "trials of the initial design; 0: clamp(d + 1, 4, min(20, budget / 5))", 0, 1e6)
      .field("max_points", &PortfolioOptions::max_points,
             "points of the global model at most; beyond, the better half and the latest are kept",
             10, 5000)
      .field("least_share", &PortfolioOptions::least_share,
             "share of proposals that each usable arm gets at least", 0, 0.5)
      .field("local_width", &PortfolioOptions::local_width,
             "local steps begin when 2 d + 1 trials lie this close to the best, as a share of each "
             "range; 0: never",
             0, 1);
}

class PortfolioSolver final : public BayesianSolver {
 public:
  PortfolioSolver(const Problem& problem, PortfolioOptions options)
      : BayesianSolver({.design = design_size(problem, options.n_initial, "portfolio"),
                        .max_points = static_cast<std::size_t>(options.max_points),
                        .replicate = true}),
        options_(options),
        choice_(problem.space, global_variants(static_cast<Index>(problem.space.dimension()))) {}

  std::int64_t recommend(const History& history) override {
    return recommended(history, observations(history), choice_, read(history.memo()).models);
  }

  std::optional<Outlook> outlook(const History& history) override {
    return model_outlook(history, observations(history), choice_, read(history.memo()).models);
  }

 protected:
  void suggest(Ask& ask) override {
    State state = read(ask.history.memo());
    state.arms.settle(ask.history);
    const bool noisy = ask.noise == Noise::kSome;
    const bool gradients = ask.observations.gradient.cols() > 0;
    LocalRegion region;
    if (!gradients) region = local_region(ask.observations, ask.history.space(), ask.request.fixed);
    const bool converging =
        region.half_width > kConverged && region.half_width <= options_.local_width;
    const bool usable = (gradients || converging) && !noisy && options_.local_width > 0 &&
                        ask.request.candidates.empty();
    std::optional<Models> models;
    std::optional<GradientSearch> by_gradients;
    const std::vector<bool> able = {true, usable, GradientSearch::worth(ask.observations)};
    while (model_slots(ask) > 0) {
      const std::size_t before = ask.out.size();
      Arm arm = choose(ask, state, able);
      if (arm == kLocal && gradients) local(ask);
      if (arm == kLocal && !gradients) local(ask, region);
      if (arm == kGradients) global(ask, state, by_gradients);
      if (ask.out.size() == before) {
        arm = kGlobal;
        global(ask, state, models);
      }
      if (ask.out.size() == before) {
        if (!fall_back(ask, "random: no allowed point among the candidates")) return;
      } else {
        state.arms.propose(ask.request.ask + static_cast<std::int64_t>(before), arm,
                           ask.observations.y.minCoeff());
      }
      ask.out.back().memo = write(state);
    }
  }

 private:
  enum Arm : std::size_t { kGlobal, kLocal, kGradients, kArmCount };

  // Of the global arm in one ask: what was told, and the pending trials besides.
  struct Models {
    ChosenModel told;
    std::optional<GpPosterior> believed = {};  // nothing while none is pending
  };

  struct State {
    Arms arms{kArmCount};
    std::vector<double> models;     // memo of the choice of model
    std::vector<double> gradients;  // of the model of values and gradients
  };

  static State read(std::span<const double> memo) {
    State state;
    const std::size_t used = state.arms.read(memo);
    if (used == 0 || used == memo.size()) return {};
    const std::span rest = memo.subspan(used + 1);
    const double size = memo[used] > 0 ? memo[used] : 0;
    const std::span models =
        rest.first(static_cast<std::size_t>(std::min(size, static_cast<double>(rest.size()))));
    state.models.assign(models.begin(), models.end());
    state.gradients.assign(rest.begin() + std::ssize(models), rest.end());
    return state;
  }

  static std::vector<double> write(const State& state) {
    std::vector<double> memo;
    state.arms.write(memo);
    memo.push_back(static_cast<double>(state.models.size()));
    memo.insert(memo.end(), state.models.begin(), state.models.end());
    memo.insert(memo.end(), state.gradients.begin(), state.gradients.end());
    return memo;
  }

  Arm choose(const Ask& ask, const State& state, const std::vector<bool>& able) const {
    const std::vector<double> shares = state.arms.shares(able, options_.least_share);
    double left = ask.request.stream(Purpose::kChoice, ask.out.size()).uniform();
    for (std::size_t arm = 0; arm < kArmCount; ++arm) {
      left -= shares[arm];
      if (left < 0) return static_cast<Arm>(arm);
    }
    return kGlobal;
  }

  static void local(Ask& ask) {
    const Observations sound = ask.observations.subset(sound_columns(ask.observations));
    const auto step =
        quasi_newton_step(sound, ask.pending(), ask.history.space(), ask.request.fixed,
                          [&](const Point& point) { return ask.allowed(point); });
    if (!step) return;
    char note[64];
    std::snprintf(note, sizeof note, "local: predicted %.6g, quasi-Newton", step->predicted);
    ask.add(step->point, {.note = note});
  }

  static void local(Ask& ask, const LocalRegion& region) {
    const auto step = local_step(region, ask.pending(), ask.history.space(), ask.search(),
                                 ask.request.stream(Purpose::kCandidates, ask.out.size()));
    if (!step) return;
    char note[96];
    std::snprintf(note, sizeof note, "local: predicted %.6g, box %.1g", step->predicted,
                  2 * region.half_width);
    ask.add(step->point, {.note = note});
  }

  void global(Ask& ask, State& state, std::optional<Models>& models) const {
    if (!models) {
      std::vector<double> memo;
      models = Models{choice_.fit(ask.observations, ask.noise == Noise::kSome, state.models, memo,
                                  RandomStream(ask.slot_seed(), Purpose::kChoice))};
      state.models = std::move(memo);
    }
    const GpPosterior& told = models->told.posterior;
    if (ask.pending().cols() > 0) {
      if (!models->believed) models->believed = told;
      believe_pending(*models->believed, told.size(), ask);
    }
    const ToldAndBelieved both{told, models->believed ? *models->believed : told};
    const bool noisy = ask.noise == Noise::kSome;
    const Weights weights{.beliefs = guidance(ask)};
    const auto acquisition = next_acquisition(
        both, incumbent_value(ask.observations, ask.noise, told), noisy, ask.slot_seed(), weights);
    const auto maximum =
        maximize_acquisition(*acquisition, ask.history.space(), ask.search(),
                             ask.request.stream(Purpose::kCandidates, ask.out.size()));
    if (!maximum) return;
    char note[96];
    std::snprintf(note, sizeof note, "global: %s %.3g, model %s",
                  next_acquisition_name(both, noisy, {.beliefs = weights.any()}).c_str(),
                  maximum->value, choice_.variants()[models->told.variant].name.c_str());
    ask.add(maximum->point, {.note = note});
  }

  void global(Ask& ask, State& state, std::optional<GradientSearch>& search) const {
    if (!search) {
      std::vector<double> memo;
      search.emplace(ask, state.gradients, memo);
      state.gradients = std::move(memo);
    }
    const auto maximum = search->next(ask, {.beliefs = guidance(ask)});
    if (!maximum) return;
    char note[96];
    std::snprintf(note, sizeof note, "global: log_ei %.3g, %s", maximum->value,
                  search->name().c_str());
    ask.add(maximum->point, {.note = note});
  }

  PortfolioOptions options_;
  ModelChoice choice_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(portfolio) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  capabilities.beliefs = true;
  capabilities.gradients = true;
  registry.add<PortfolioSolver>(
      {.name = "portfolio",
       .summary = "Global Bayesian optimization and local model-based steps in turns, by how well "
                  "each does: what auto uses for most problems.",
       .reference = "Hoffman et al. 2011; Jones et al. 1998; Ament et al. 2023, section 4; Acerbi "
                    "& Ma 2017",
       .capabilities = capabilities},
      schema());
}
