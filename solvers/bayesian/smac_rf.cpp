// SMAC's facade for hyper-parameters (Hutter et al. 2011; Lindauer et al. 2022, section 3.2): a
// random forest on the logarithm of scaled costs, expected improvement of the cost itself, local
// search in the one-exchange neighbourhood, every fifth point at random. Other than SMAC3 2.4, the
// forest is fitted anew at each ask (it takes milliseconds; there: after eight trials), pending
// trials are believed to be as bad as the worst (constant liar), and a second forest learns where
// trials fail.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <optional>

#include <asktell/acquisition/log_normal_improvement.hpp>
#include <asktell/acquisition/maximize/one_exchange.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/log_cost.hpp>
#include <asktell/surrogates/forest/random_forest.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct SmacRfOptions {
  std::int64_t n_initial = 0;
  double random_share = 0.2;
  std::int64_t trees = 10;
  bool best_splits = false;
  std::int64_t challengers = 10000;
  std::int64_t local_searches = 10;
};

Schema<SmacRfOptions> schema() {
  return Schema<SmacRfOptions>()
      .field("n_initial", &SmacRfOptions::n_initial,
             "trials of the initial Sobol design; 0: 10 d, at most a quarter of the budget", 0, 1e6)
      .field("random_share", &SmacRfOptions::random_share,
             "share of random points among those after the design", 0, 1)
      .field("trees", &SmacRfOptions::trees, "trees of the forest", 1, 1000)
      .field("best_splits", &SmacRfOptions::best_splits,
             "split at the best threshold of each coordinate; off: at a random one")
      .field("challengers", &SmacRfOptions::challengers,
             "random points whose expected improvement is looked at", 1, 1e6)
      .field("local_searches", &SmacRfOptions::local_searches,
             "local searches from the best challengers, and as many from the best trials", 0, 1000);
}

// 10 d, at most a quarter of the budget; of an unlimited one, of max(100, 20 d).
std::size_t sobol_design(const Problem& problem, std::int64_t given) {
  if (given > 0) return design_size(problem, given, "smac_rf");
  const auto d = static_cast<double>(problem.space.dimension());
  const double budget =
      problem.n_trials > 0 ? static_cast<double>(problem.n_trials) : std::max(100.0, 20 * d);
  return static_cast<std::size_t>(std::max(2.0, std::min(10 * d, budget / 4)));
}

// What a forest learns from: d x n points, n values.
struct Data {
  MatrixXd x;
  VectorXd z;
};

// Mapped costs of the trials told; pending points come last and count as the worst.
Data told_costs(const Observations& observations, const MatrixXd& pending) {
  std::vector<Index> told;
  for (Index i = 0; i < observations.size(); ++i) {
    if (!observations.failed[static_cast<std::size_t>(i)]) told.push_back(i);
  }
  const auto n = static_cast<Index>(told.size());
  Data data{MatrixXd(observations.x.rows(), n + pending.cols()),
            VectorXd::Constant(n + pending.cols(), kWorstLogCost)};
  data.x.leftCols(n) = observations.x(Eigen::all, told);
  data.x.rightCols(pending.cols()) = pending;
  data.z.head(n) = log_costs(observations.y(told));
  return data;
}

// 1 for each trial told, 0 for each that failed.
Data successes(const Observations& observations) {
  Data data{observations.x, VectorXd::Ones(observations.size())};
  for (Index i = 0; i < observations.size(); ++i) {
    if (observations.failed[static_cast<std::size_t>(i)]) data.z[i] = 0;
  }
  return data;
}

// Expected improvement times the chance that the trial succeeds, as logarithms.
class PossibleImprovement final : public Acquisition {
 public:
  PossibleImprovement(const Acquisition& improvement, const RandomForest& success)
      : improvement_(improvement), success_(success) {}
  void evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const override {
    VectorXd chance, variance;
    success_.predict(points, chance, variance);
    improvement_.evaluate(points, values, gradients);
    values.array() += chance.array().max(kLeastChance).log();
  }

 private:
  static constexpr double kLeastChance = 0.01;  // a few failures prove nothing
  const Acquisition& improvement_;
  const RandomForest& success_;
};

// Leaves of a few trials: half of them failed by chance is half a chance.
constexpr ForestOptions kSuccessForest{.min_split = 6, .min_leaf = 3};

// The columns with the lowest means.
MatrixXd best_by_model(const MatrixXd& x, const VectorXd& mean, std::size_t count) {
  std::vector<Index> order(static_cast<std::size_t>(mean.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return mean[a] < mean[b]; });
  order.resize(std::min(order.size(), count));
  return x(Eigen::all, order);
}

class SmacRfSolver final : public BayesianSolver {
 public:
  SmacRfSolver(const Problem& problem, SmacRfOptions options)
      : BayesianSolver({.design = sobol_design(problem, options.n_initial),
                        .centre = false,
                        .max_points = SIZE_MAX,
                        .scattered_failures = true}),
        options_(options) {}

  // Under noise the told trial with the lowest mean of the forest.
  std::int64_t recommend(const History& history) override {
    const Observations data = observations(history);
    if (data.size() < 3 || !repeats_inform(history.problem())) return history.best();
    const RandomForest forest =
        fitted(history, told_costs(data, MatrixXd(data.x.rows(), 0)), history.problem().seed);
    VectorXd mean, variance;
    forest.predict(data.x, mean, variance);
    std::int64_t best = -1;
    double lowest = HUGE_VAL;
    for (std::size_t i = 0; i < data.trials.size(); ++i) {
      const double here = mean[static_cast<Index>(i)];
      if (data.failed[i] || here >= lowest) continue;
      lowest = here;
      best = data.trials[i];
    }
    return best < 0 ? history.best() : best;
  }

 protected:
  void suggest(Ask& ask) override {
    while (model_slots(ask) > 0) {
      const std::size_t offset = ask.out.size();
      const double u = ask.request.stream(Purpose::kChoice, offset).uniform();
      bool found = false;
      if (u < options_.random_share) {
        found = interleave(ask);
      } else {
        found = model_based(ask) || fall_back(ask, "random: no new candidate");
      }
      if (!found) return;
    }
  }

 private:
  RandomForest fitted(const History& history, const Data& data, std::uint64_t seed) const {
    ForestOptions options;
    options.trees = static_cast<int>(options_.trees);
    options.best_splits = options_.best_splits;
    options.log_values = true;
    return {data.x, data.z, history.space().coordinates(), options, seed};
  }

  bool interleave(Ask& ask) {
    RandomStream stream = ask.request.stream(Purpose::kDesign, ask.out.size());
    auto draw = sampler_.draw(ask.history, ask.visited, ask.request, stream);
    if (!draw) return false;
    ask.add(std::move(draw->point), {.origin = draw->origin, .note = "random interleaving"});
    return true;
  }

  bool model_based(Ask& ask) const {
    const History& history = ask.history;
    const Space& space = history.space();
    const std::size_t offset = ask.out.size();
    const std::uint64_t seed = ask.slot_seed();
    const RandomForest forest = fitted(history, told_costs(ask.observations, ask.pending()), seed);
    VectorXd mean, variance;
    forest.predict(ask.observations.x, mean, variance);
    const LogNormalExpectedImprovement improvement(forest, mean.minCoeff());
    std::optional<RandomForest> success;
    std::optional<PossibleImprovement> possible;
    const auto& failed = ask.observations.failed;
    if (std::find(failed.begin(), failed.end(), true) != failed.end()) {
      const Data data = successes(ask.observations);
      success.emplace(data.x, data.z, space.coordinates(), kSuccessForest, spread_seed(seed));
      possible.emplace(improvement, *success);
    }
    const Acquisition& acquisition = possible ? static_cast<const Acquisition&>(*possible)
                                              : static_cast<const Acquisition&>(improvement);
    if (!ask.request.candidates.empty()) return best_listed(ask, acquisition);
    MaximizeRequest search;
    search.fixed = ask.request.fixed;
    search.incumbents =
        best_by_model(ask.observations.x, mean, static_cast<std::size_t>(options_.local_searches));
    search.allowed = [&](const Point& point) { return space.satisfies_constraints(point.slots()); };
    OneExchangeOptions options;
    options.random_points = static_cast<int>(options_.challengers);
    options.random_starts = static_cast<int>(options_.local_searches);
    for (const Found& found :
         one_exchange_search(acquisition, space, search,
                             ask.request.stream(Purpose::kCandidates, offset), options)) {
      Point point = space.point_from_unit({found.unit.data(), space.dimension()});
      if (!ask.allowed(point)) continue;
      add(ask, std::move(point), found.value);
      return true;
    }
    return false;
  }

  static bool best_listed(Ask& ask, const Acquisition& acquisition) {
    const auto best = maximize_acquisition(acquisition, ask.history.space(), ask.search(),
                                           ask.request.stream(Purpose::kCandidates, ask.out.size()),
                                           {.gradients = false});
    if (best) add(ask, best->point, best->value);
    return best.has_value();
  }

  static void add(Ask& ask, Point point, double log_improvement) {
    char note[48];
    std::snprintf(note, sizeof note, "log_ei %.3g", log_improvement);
    ask.add(std::move(point), {.note = note});
  }

  SmacRfOptions options_;
  FeasibleSampler sampler_;  // of the random points in between
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(smac_rf) {
  asktell::Capabilities capabilities;
  capabilities.candidates = true;
  registry.add<SmacRfSolver>(
      {.name = "smac_rf",
       .summary = "Bayesian optimization with a random forest: mixed and conditional spaces with "
                  "many categories, functions with jumps.",
       .reference = "Hutter et al. 2011, section 4; Lindauer et al. 2022, section 3.2",
       .capabilities = capabilities},
      schema());
}
