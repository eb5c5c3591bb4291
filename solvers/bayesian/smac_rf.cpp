// SMAC's facade for hyper-parameters (Hutter et al. 2011; Lindauer et al. 2022, section 3.2): a
// random forest on the logarithm of scaled costs, expected improvement of the cost itself, local
// search in the one-exchange neighbourhood, every fifth point at random. Other than SMAC3 2.4, the
// forest is fitted anew at each ask (it takes milliseconds; there: after eight trials), pending
// trials are believed to be as bad as the worst (constant liar), and failures too.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <asktell/acquisition/log_normal_improvement.hpp>
#include <asktell/acquisition/maximize/one_exchange.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/solvers/bayesian/log_cost.hpp>
#include <asktell/solvers/design/feasible.hpp>
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

// As in gp_bo: with more pending trials their believed values say more than the data do.
constexpr std::size_t kMostPending = 64;

// What the forest learns from: d x n points, n mapped costs.
struct Data {
  MatrixXd x;
  VectorXd z;
  std::vector<std::int64_t> trials;  // finished ones, in order; the first columns of x
};

class SmacRfSolver final : public Solver {
 public:
  SmacRfSolver(const Problem& problem, SmacRfOptions options) : options_(options) {
    const double d = static_cast<double>(problem.space.dimension());
    const double budget =
        problem.n_trials > 0 ? static_cast<double>(problem.n_trials) : std::max(100.0, 20 * d);
    n_initial_ = options.n_initial > 0
                     ? static_cast<std::size_t>(options.n_initial)
                     : static_cast<std::size_t>(std::max(2.0, std::min(10 * d, budget / 4)));
  }

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    std::vector<Proposal> out;
    Visited visited(history);
    std::vector<Point> chosen;
    Data data = collect(history);
    std::size_t asked = history.told().size() + history.failed().size() + history.pending().size();
    while (out.size() < request.count) {
      std::optional<Proposal> next;
      if (asked < n_initial_) {
        next = design(history, visited, request, out.size(), asked);
      } else if (data.trials.size() < 2) {
        next = random(history, visited, request, out.size(), "too few values for a model");
      } else if (history.pending().size() + out.size() >= kMostPending) {
        next = random(history, visited, request, out.size(),
                      "space-filling: 64 trials or more are pending");
      } else if (request.stream(Purpose::kChoice, out.size()).uniform() < options_.random_share) {
        next = random(history, visited, request, out.size(), "random interleaving");
      } else {
        next = model_based(history, data, visited, chosen, request, out.size());
      }
      if (!next) break;
      ++asked;
      const Point& point = std::get<Evaluate>(next->query).point;
      visited.add(point);
      chosen.push_back(point);
      if (out.size() + 1 < request.count && data.trials.size() >= 2) believe(data, point.unit());
      out.push_back(std::move(*next));
    }
    return out;
  }

  // Under noise the told trial with the lowest mean of the forest.
  std::int64_t recommend(const History& history) override {
    const Data data = collect(history);
    if (data.trials.size() < 3 || !repeats_inform(history.problem())) return history.best();
    const RandomForest forest = fitted(history, data, history.problem().seed);
    VectorXd mean, variance;
    forest.predict(data.x, mean, variance);
    std::int64_t best = -1;
    double lowest = HUGE_VAL;
    for (std::size_t i = 0; i < data.trials.size(); ++i) {
      const double here = mean[static_cast<Index>(i)];
      if (!history.feasible(static_cast<std::size_t>(data.trials[i])) || here >= lowest) continue;
      lowest = here;
      best = data.trials[i];
    }
    return best < 0 ? history.best() : best;
  }

 private:
  // Told values and failures in the order of trial numbers, then what is pending.
  static Data collect(const History& history) {
    const auto objectives = history.objectives();
    Data data;
    std::vector<double> values;
    for (std::int64_t trial : history.told()) {
      if (std::isinf(history.noise_variance(static_cast<std::size_t>(trial)))) continue;
      data.trials.push_back(trial);
    }
    if (data.trials.empty()) return data;
    data.trials.insert(data.trials.end(), history.failed().begin(), history.failed().end());
    std::sort(data.trials.begin(), data.trials.end());
    for (std::int64_t trial : data.trials) values.push_back(objectives(0, trial));
    std::vector<std::int64_t> columns = data.trials;
    columns.insert(columns.end(), history.pending().begin(), history.pending().end());
    values.resize(columns.size(), std::nan(""));
    data.z =
        log_costs(Eigen::Map<const VectorXd>(values.data(), static_cast<Index>(values.size())));
    data.x.resize(static_cast<Index>(history.dimension()), data.z.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      data.x.col(static_cast<Index>(i)) = history.points().col(columns[i]);
    }
    return data;
  }

  static void believe(Data& data, const std::vector<double>& unit) {
    const Index n = data.x.cols();
    data.x.conservativeResize(Eigen::NoChange, n + 1);
    data.x.col(n) = Eigen::Map<const VectorXd>(unit.data(), data.x.rows());
    data.z.conservativeResize(n + 1);
    data.z[n] = kWorstLogCost;
  }

  RandomForest fitted(const History& history, const Data& data, std::uint64_t seed) const {
    ForestOptions options;
    options.trees = static_cast<int>(options_.trees);
    options.best_splits = options_.best_splits;
    options.log_values = true;
    return {data.x, data.z, history.space().coordinates(), options, seed};
  }

  std::optional<Proposal> random(const History& history, const Visited& visited,
                                 const Request& request, std::size_t offset,
                                 const std::string& reason) {
    RandomStream stream = request.stream(Purpose::kDesign, offset);
    auto draw = sampler_.draw(history, visited, request.fixed, stream);
    if (!draw) return std::nullopt;
    return Proposal{.query = Evaluate{std::move(draw->point)},
                    .origin = draw->origin,
                    .note = draw->note.empty() ? reason : std::move(draw->note)};
  }

  std::optional<Proposal> design(const History& history, const Visited& visited,
                                 const Request& request, std::size_t offset, std::size_t number) {
    const Space& space = history.space();
    if (space.dimension() <= SobolPoints::kMaxDimension) {
      std::vector<double> unit(space.dimension());
      SobolPoints(space.dimension(), request.seed).point(number, unit);
      put_fixed(request.fixed, unit);
      Point point = space.point_from_unit(unit);
      if (space.satisfies_constraints(point.slots()) && !visited.contains(point.slots())) {
        return Proposal{.query = Evaluate{std::move(point)}, .origin = Origin::kDesign};
      }
    }
    return random(history, visited, request, offset, "");
  }

  std::optional<Proposal> model_based(const History& history, const Data& data,
                                      const Visited& visited, const std::vector<Point>& chosen,
                                      const Request& request, std::size_t offset) {
    const Space& space = history.space();
    const RandomForest forest =
        fitted(history, data,
               spread_seed(request.seed + static_cast<std::uint64_t>(request.ask) + offset));
    VectorXd mean, variance;
    const auto finished = static_cast<Index>(data.trials.size());
    forest.predict(data.x.leftCols(finished), mean, variance);
    const LogNormalExpectedImprovement acquisition(forest, mean.minCoeff());
    MaximizeRequest search;
    search.fixed = request.fixed;
    search.incumbents = best_by_model(data, mean);
    search.allowed = [&](const Point& point) { return space.satisfies_constraints(point.slots()); };
    OneExchangeOptions options;
    options.random_points = static_cast<int>(options_.challengers);
    options.random_starts = static_cast<int>(options_.local_searches);
    const bool repeats = repeats_inform(history.problem());
    for (const Found& found : one_exchange_search(
             acquisition, space, search, request.stream(Purpose::kCandidates, offset), options)) {
      Point point = space.point_from_unit({found.unit.data(), space.dimension()});
      const bool known =
          !repeats && (history.contains(point.slots()) ||
                       std::find(chosen.begin(), chosen.end(), point) != chosen.end());
      if (known || visited.contains(point.slots()) || !search.allowed(point)) continue;
      char note[48];
      std::snprintf(note, sizeof note, "log_ei %.3g", found.value);
      return Proposal{.query = Evaluate{std::move(point)}, .note = note};
    }
    auto proposal = random(history, visited, request, offset, "random: no new candidate");
    if (proposal && proposal->origin != Origin::kReplicate) proposal->origin = Origin::kFallback;
    return proposal;
  }

  MatrixXd best_by_model(const Data& data, const VectorXd& mean) const {
    std::vector<Index> order(static_cast<std::size_t>(mean.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return mean[a] < mean[b]; });
    order.resize(std::min(order.size(), static_cast<std::size_t>(options_.local_searches)));
    MatrixXd out(data.x.rows(), static_cast<Index>(order.size()));
    for (std::size_t j = 0; j < order.size(); ++j) {
      out.col(static_cast<Index>(j)) = data.x.col(order[j]);
    }
    return out;
  }

  SmacRfOptions options_;
  std::size_t n_initial_;
  FeasibleSampler sampler_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(smac_rf) {
  registry.add<SmacRfSolver>(
      {.name = "smac_rf",
       .summary = "Bayesian optimization with a random forest: mixed and conditional spaces with "
                  "many categories, functions with jumps.",
       .reference = "Hutter et al. 2011, section 4; Lindauer et al. 2022, section 3.2"},
      schema());
}
