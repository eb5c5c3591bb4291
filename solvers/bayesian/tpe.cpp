// Tree-structured Parzen estimator (Bergstra et al. 2011, section 4) by the rules of Optuna 5:
// multivariate kernels, one group for the parameters that are active together, running trials among
// the bad ones (Watanabe 2023, section 3). Trials are ranked: feasible values, then trials ended
// early (furthest first), then broken constraints, then failures. Failures and running trials are
// never among the good ones.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>
#include <map>
#include <numeric>
#include <tuple>

#include <asktell/acquisition/maximize/snap.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/parzen.hpp>
#include <asktell/solvers/design/feasible.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct TpeOptions {
  std::int64_t n_startup = 10;
  std::int64_t candidates = 24;
  bool group = true;
  bool constant_liar = true;
};

Schema<TpeOptions> schema() {
  return Schema<TpeOptions>()
      .field("n_startup", &TpeOptions::n_startup,
             "finished trials before the model; until then, random points", 2, 1e6)
      .field("candidates", &TpeOptions::candidates,
             "points drawn from the good trials' density, of which the best is asked", 1, 1e5)
      .field("group", &TpeOptions::group,
             "one density for all parameters that are active together; off: one for each parameter")
      .field("constant_liar", &TpeOptions::constant_liar,
             "count running trials as bad ones, so that a batch spreads");
}

// Good trials: a tenth, at most 25.
std::size_t good_trials(std::size_t finished) {
  return std::min<std::size_t>((finished + 9) / 10, 25);
}

// Rounds of candidates before a random point, where known constraints or visited points refuse
// them.
constexpr int kRounds = 16;

// Parameters that are active together.
struct Group {
  std::vector<std::size_t> coordinates = {};
  std::vector<ParzenAxis> axes = {};
  std::size_t slot = 0;  // of its first parameter: NaN where the group is inactive
};

// Conditions as one text: parameters with equal conditions are active together.
std::string condition_key(const Parameter& parameter) {
  std::vector<std::string> parts;
  for (const Condition& condition : parameter.when) {
    std::string part = condition.parent + "\n" + std::to_string(condition.low) + "\n" +
                       std::to_string(condition.high);
    for (const Value& value : condition.values) part += "\n" + to_json(value);
    parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end());
  return std::accumulate(
      parts.begin(), parts.end(), std::string(),
      [](std::string all, const std::string& part) { return all + part + "\f"; });
}

std::vector<Group> groups_of(const Space& space, bool together) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < space.parameters().size(); ++i) {
    const Parameter& parameter = space.parameters()[i];
    const auto [found, added] = together
                                    ? known.try_emplace(condition_key(parameter), groups.size())
                                    : known.try_emplace(parameter.name, groups.size());
    if (added) groups.push_back({.slot = space.slot_offset(i)});
    Group& group = groups[found->second];
    for (std::size_t part = 0; part < parameter.coordinates(); ++part) {
      group.coordinates.push_back(space.coordinate_offset(i) + part);
      group.axes.emplace_back(space, group.coordinates.back());
    }
  }
  return groups;
}

// A trial's coordinates and slots, kept elsewhere.
struct Observation {
  std::span<const double> unit;
  std::span<const double> slots;
};

struct Split {
  std::vector<Observation> below, above;
};

// Smaller is better: kind of outcome, furthest step (negated), value.
using Rank = std::tuple<int, double, double>;

Rank rank_of(const History& history, std::int64_t number) {
  const auto trial = static_cast<std::size_t>(number);
  if (history.state(trial) == TrialState::kFailed) return {3, 0, 0};
  if (history.state(trial) == TrialState::kStopped) {
    const auto reports = history.reports(trial);
    if (reports.empty()) return {1, 1, 0};
    const auto last =
        std::max_element(reports.begin(), reports.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
    return {1, -last->first, last->second};
  }
  if (history.feasible(trial)) return {0, 0, history.objectives()(0, number)};
  return {2, 0, history.constraints().col(number).cwiseMax(0).sum()};
}

class TpeSolver final : public Solver {
 public:
  TpeSolver(const Problem&, TpeOptions options) : options_(options) {}

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    std::vector<Proposal> out;
    Visited visited(history, request);
    const std::vector<std::int64_t> finished = finished_trials(history);
    const bool model =
        finished.size() >= static_cast<std::size_t>(options_.n_startup) &&
        std::any_of(finished.begin(), finished.end(), [&](std::int64_t trial) {
          return history.state(static_cast<std::size_t>(trial)) != TrialState::kFailed;
        });
    Split split;
    if (model) split = split_trials(history, finished);
    const std::vector<Group> groups = groups_of(history.space(), options_.group);
    std::deque<std::pair<std::vector<double>, std::vector<double>>> chosen;  // of this ask
    while (out.size() < request.count) {
      auto proposal = model ? model_based(history, split, groups, visited, request, out.size())
                            : random(history, visited, request, out.size());
      if (!proposal) break;
      const Point& point = std::get<Evaluate>(proposal->query).point;
      visited.add(point);
      if (options_.constant_liar) {
        chosen.emplace_back(point.unit(), point.vector());
        split.above.push_back({chosen.back().first, chosen.back().second});
      }
      out.push_back(std::move(*proposal));
    }
    return out;
  }

 private:
  // Numbers in order; answers under infinite noise say nothing.
  static std::vector<std::int64_t> finished_trials(const History& history) {
    std::vector<std::int64_t> out;
    for (std::size_t trial = 0; trial < history.size(); ++trial) {
      const TrialState state = history.state(trial);
      if (state == TrialState::kPending || state == TrialState::kLapsed) continue;
      if (std::isinf(history.noise_variance(trial))) continue;
      out.push_back(static_cast<std::int64_t>(trial));
    }
    return out;
  }

  Split split_trials(const History& history, const std::vector<std::int64_t>& finished) const {
    std::vector<std::pair<Rank, std::int64_t>> ranked;
    std::size_t failed = 0;
    for (std::int64_t trial : finished) {
      ranked.emplace_back(rank_of(history, trial), trial);
      failed += history.state(static_cast<std::size_t>(trial)) == TrialState::kFailed;
    }
    std::sort(ranked.begin(), ranked.end());
    const auto good = static_cast<std::ptrdiff_t>(
        std::min(good_trials(finished.size()), finished.size() - failed));
    std::vector<std::int64_t> below, above;
    const auto number = [](const auto& entry) { return entry.second; };
    std::transform(ranked.begin(), ranked.begin() + good, std::back_inserter(below), number);
    std::transform(ranked.begin() + good, ranked.end(), std::back_inserter(above), number);
    if (options_.constant_liar) {
      above.insert(above.end(), history.pending().begin(), history.pending().end());
    }
    return {observations(history, std::move(below)), observations(history, std::move(above))};
  }

  // Oldest first.
  static std::vector<Observation> observations(const History& history,
                                               std::vector<std::int64_t> trials) {
    std::sort(trials.begin(), trials.end());
    std::vector<Observation> out;
    for (std::int64_t trial : trials) {
      out.push_back({{history.points().col(trial).data(), history.dimension()},
                     {history.slots().col(trial).data(), history.space().slots()}});
    }
    return out;
  }

  static ParzenEstimator estimator(const Group& group,
                                   const std::vector<Observation>& observations) {
    std::vector<const double*> active;
    for (const Observation& one : observations) {
      if (!std::isnan(one.slots[group.slot])) active.push_back(one.unit.data());
    }
    MatrixXd x(static_cast<Index>(group.axes.size()), static_cast<Index>(active.size()));
    for (Index j = 0; j < x.cols(); ++j) {
      for (Index i = 0; i < x.rows(); ++i) {
        x(i, j) =
            active[static_cast<std::size_t>(j)][group.coordinates[static_cast<std::size_t>(i)]];
      }
    }
    return {group.axes, x};
  }

  std::optional<Proposal> random(const History& history, const Visited& visited,
                                 const Request& request, std::size_t offset) {
    RandomStream stream = request.stream(Purpose::kDesign, offset);
    auto draw = sampler_.draw(history, visited, request, stream);
    if (!draw) return std::nullopt;
    return Proposal{.query = Evaluate{std::move(draw->point)},
                    .origin = draw->origin,
                    .note = std::move(draw->note)};
  }

  std::optional<Proposal> model_based(const History& history, const Split& split,
                                      const std::vector<Group>& groups, const Visited& visited,
                                      const Request& request, std::size_t offset) {
    RandomStream stream = request.stream(Purpose::kCandidates, offset);
    std::vector<std::pair<ParzenEstimator, ParzenEstimator>> densities;
    densities.reserve(groups.size());
    for (const Group& group : groups) {
      densities.emplace_back(estimator(group, split.below), estimator(group, split.above));
    }
    if (!request.candidates.empty()) {
      return best_listed(history.space(), groups, densities, visited, request.candidates);
    }
    for (int round = 0; round < kRounds; ++round) {
      auto proposal = best_candidate(history, groups, densities, visited, request, stream);
      if (proposal) return proposal;
    }
    RandomStream fallback = request.stream(Purpose::kFallback, offset);
    auto draw = sampler_.draw(history, visited, request, fallback);
    if (!draw) return std::nullopt;
    return Proposal{.query = Evaluate{std::move(draw->point)},
                    .origin = draw->origin == Origin::kReplicate ? draw->origin : Origin::kFallback,
                    .note = "random: no candidate was allowed"};
  }

  // Candidates of each group and their scores log l - log g. The best of each group together is the
  // choice; where it is not allowed, whole candidates follow by their score.
  std::optional<Proposal> best_candidate(
      const History& history, const std::vector<Group>& groups,
      const std::vector<std::pair<ParzenEstimator, ParzenEstimator>>& densities,
      const Visited& visited, const Request& request, RandomStream& stream) const {
    const Space& space = history.space();
    const auto count = static_cast<Index>(options_.candidates);
    MatrixXd candidates(static_cast<Index>(space.dimension()), count + 1);
    MatrixXd scores(static_cast<Index>(groups.size()), count + 1);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      MatrixXd x = densities[g].first.sample(count, stream);
      put_group_fixed(groups[g], request.fixed, x);
      const auto row = static_cast<Index>(g);
      const VectorXd score = densities[g].first.log_density(x) - densities[g].second.log_density(x);
      Index best = 0;
      scores(row, 0) = score.maxCoeff(&best);
      scores.row(row).tail(count) = score.transpose();
      for (Index i = 0; i < x.rows(); ++i) {
        const auto at = static_cast<Index>(groups[g].coordinates[static_cast<std::size_t>(i)]);
        candidates(at, 0) = x(i, best);
        candidates.row(at).tail(count) = x.row(i);
      }
    }
    std::vector<std::pair<double, Point>> ordered;
    for (Index j = 0; j <= count; ++j) {
      Point point = space.point_from_unit({candidates.col(j).data(), space.dimension()});
      double score = 0;
      for (std::size_t g = 0; g < groups.size(); ++g) {
        if (!std::isnan(point.slots()[groups[g].slot])) score += scores(static_cast<Index>(g), j);
      }
      if (j == 0 && allowed(space, point, visited)) return proposal(std::move(point), score);
      if (j > 0) ordered.emplace_back(score, std::move(point));
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& [score, point] : ordered) {
      if (allowed(space, point, visited)) return proposal(std::move(point), score);
    }
    return std::nullopt;
  }

  // Of a list, the point of the highest score.
  static std::optional<Proposal> best_listed(
      const Space& space, const std::vector<Group>& groups,
      const std::vector<std::pair<ParzenEstimator, ParzenEstimator>>& densities,
      const Visited& visited, std::span<const Point> candidates) {
    const MatrixXd x = unit_columns(space, candidates);
    VectorXd scores = VectorXd::Zero(x.cols());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const std::vector<Index> rows(groups[g].coordinates.begin(), groups[g].coordinates.end());
      const MatrixXd part = x(rows, Eigen::all);
      const VectorXd score =
          densities[g].first.log_density(part) - densities[g].second.log_density(part);
      for (Index j = 0; j < x.cols(); ++j) {
        const double first = candidates[static_cast<std::size_t>(j)].slots()[groups[g].slot];
        if (!std::isnan(first)) scores[j] += score[j];
      }
    }
    std::optional<Index> best;
    for (Index j = 0; j < x.cols(); ++j) {
      if (best && !(scores[j] > scores[*best])) continue;
      if (allowed(space, candidates[static_cast<std::size_t>(j)], visited)) best = j;
    }
    if (!best) return std::nullopt;
    return proposal(candidates[static_cast<std::size_t>(*best)], scores[*best]);
  }

  static bool allowed(const Space& space, const Point& point, const Visited& visited) {
    return space.satisfies_constraints(point.slots()) && !visited.contains(point.slots());
  }

  static void put_group_fixed(const Group& group, const std::vector<double>& fixed, MatrixXd& x) {
    if (fixed.empty()) return;
    for (std::size_t i = 0; i < group.axes.size(); ++i) {
      const double held = fixed[group.coordinates[i]];
      if (!std::isnan(held)) x.row(static_cast<Index>(i)).setConstant(group.axes[i].snapped(held));
    }
  }

  static Proposal proposal(Point point, double score) {
    char note[48];
    std::snprintf(note, sizeof note, "log l - log g %.3g", score);
    return {.query = Evaluate{std::move(point)}, .note = note};
  }

  TpeOptions options_;
  FeasibleSampler sampler_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(tpe) {
  asktell::Capabilities capabilities;
  capabilities.told_constraints = true;
  capabilities.candidates = true;
  registry.add<TpeSolver>(
      {.name = "tpe",
       .summary = "Tree-structured Parzen estimator: cheap, robust search of large mixed and "
                  "conditional spaces, hundreds of parameters included.",
       .reference = "Bergstra et al. 2011, section 4; Watanabe 2023, section 3",
       .capabilities = capabilities},
      schema());
}
