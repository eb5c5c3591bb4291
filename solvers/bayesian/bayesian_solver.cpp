// See bayesian_solver.hpp.
#include <asktell/solvers/bayesian/bayesian_solver.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <asktell/acquisition/maximize/snap.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/core/sobol.hpp>

namespace asktell {
namespace {

constexpr std::int64_t kFewestForReplicate = 60;  // trials in the budget

}  // namespace

std::size_t design_size(const Problem& problem, std::int64_t given, std::string_view solver) {
  const std::int64_t budget = problem.n_trials;
  if (given > 0) {
    if (budget > 0 && given >= budget) {
      throw OptionError("option.value", "solver \"" + std::string(solver) + "\": n_initial is " +
                                            std::to_string(given) + " of " +
                                            std::to_string(budget) +
                                            " trials; leave some for the model, or 0 for its own "
                                            "choice");
    }
    return static_cast<std::size_t>(given);
  }
  const double share = budget > 0 ? static_cast<double>(budget) / 5 : 20;
  const double most = std::max(4.0, std::min(20.0, share));
  const auto d = static_cast<double>(problem.space.dimension());
  return static_cast<std::size_t>(std::clamp(d + 1, 4.0, most));
}

bool Ask::allowed(const Point& point) const {
  if (!history.space().satisfies_constraints(point.slots())) return false;
  if (noise == Noise::kSome) return !visited.contains(point.slots());
  const bool proposed = std::any_of(out.begin(), out.end(), [&](const Proposal& other) {
    return std::get<Evaluate>(other.query).point == point;
  });
  return !proposed && !history.contains(point.slots());
}

std::uint64_t Ask::slot_seed() const {
  return spread_seed(request.seed + static_cast<std::uint64_t>(request.ask) + out.size());
}

MaximizeRequest Ask::search() const {
  MaximizeRequest search;
  search.incumbents = observations.incumbents();
  search.fixed = request.fixed;
  search.candidates = request.candidates;
  search.seed = slot_seed();
  search.allowed = [this](const Point& point) { return allowed(point); };
  return search;
}

void Ask::add(Point point, Proposal proposal) {
  visited.add(point);
  proposal.query = Evaluate{std::move(point)};
  out.push_back(std::move(proposal));
}

std::vector<Proposal> BayesianSolver::propose(const History& history, const Request& request) {
  std::vector<Proposal> out;
  Visited visited(history, request);
  const Observations seen = observations(history);
  Ask ask{history, seen, request, noise_of(history.problem(), seen), visited, out};
  const std::size_t pending = history.pending().size();
  std::size_t number = history.told().size() + history.failed().size() + pending;
  std::string note;
  while (ask.missing() > 0) {
    if (number >= settings_.design) {
      if (static_cast<std::size_t>(seen.size()) < settings_.least_values) {
        note = "too few values for a model";
      } else if (pending + out.size() >= settings_.max_pending) {
        note = crowded();
      } else {
        break;
      }
    }
    if (!design(ask, number++, note)) return out;
  }
  if (ask.missing() > 0 && settings_.replicate) replicate(ask);
  if (ask.missing() > 0) suggest(ask);
  while (ask.missing() > 0 && pending + out.size() >= settings_.max_pending) {
    if (!design(ask, number++, crowded())) break;
  }
  return out;
}

Observations BayesianSolver::observations(const History& history) const {
  Observations all = collect_observations(history, settings_.max_points);
  return settings_.scattered_failures ? all : without_scattered_failures(all);
}

std::optional<Guidance> BayesianSolver::guidance(const Ask& ask) const {
  Belief belief(ask.history.space());
  if (belief.empty()) return {};
  const Problem& problem = ask.history.problem();
  const double budget = problem.n_trials > 0
                            ? static_cast<double>(problem.n_trials)
                            : std::max(100.0, 20 * static_cast<double>(problem.space.dimension()));
  const double asked =
      static_cast<double>(ask.history.spent()) + static_cast<double>(ask.out.size());
  const double iterations = asked + 1 - static_cast<double>(settings_.design);
  const double decay = budget / 10;
  return Guidance{std::move(belief), decay, std::max(decay, iterations)};
}

std::string BayesianSolver::crowded() const {
  return "space-filling: " + std::to_string(settings_.max_pending) + " trials or more are pending";
}

void BayesianSolver::replicate(Ask& ask) const {
  const Problem& problem = ask.history.problem();
  const bool enough = problem.n_trials == 0 || problem.n_trials >= kFewestForReplicate;
  if (!enough || is_finite(problem.space)) return;
  if (!ask.request.fixed.empty() || !ask.request.candidates.empty()) return;
  if (ask.noise != Noise::kUnknown) return;
  const std::int64_t best = ask.history.best();
  if (best < 0) return;
  const auto slots = ask.history.slots().col(best);
  for (std::int64_t trial : ask.history.pending()) {
    const auto other = ask.history.slots().col(trial);
    if (std::equal(slots.begin(), slots.end(), other.begin())) return;
  }
  Point point = problem.space.point_from_slots({slots.begin(), slots.end()});
  ask.add(std::move(point), {.origin = Origin::kReplicate,
                             .memo = {ask.history.memo().begin(), ask.history.memo().end()},
                             .note = "replicate: shows whether answers are noisy"});
}

// Of the allowed candidates the one farthest from all points so far; of the first, if the design
// begins in the middle, the nearest to it.
bool BayesianSolver::design_from_list(Ask& ask, std::size_t number) const {
  const Space& space = ask.history.space();
  const Eigen::MatrixXd x = unit_columns(space, ask.request.candidates);
  Eigen::MatrixXd known(x.rows(), ask.history.points().cols() + ask.pending().cols());
  known << ask.history.points(), ask.pending();
  Eigen::VectorXd distance = Eigen::VectorXd::Constant(x.cols(), HUGE_VAL);
  for (Eigen::Index i = 0; i < known.cols(); ++i) {
    const auto squared = (x.colwise() - known.col(i)).colwise().squaredNorm();
    distance = distance.cwiseMin(squared.transpose());
  }
  if (settings_.centre && number == 0) distance = -(x.array() - 0.5).matrix().colwise().norm();
  std::vector<Eigen::Index> order(ask.request.candidates.size());
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return distance[a] > distance[b]; });
  for (const Eigen::Index j : order) {
    const Point& point = ask.request.candidates[static_cast<std::size_t>(j)];
    if (!ask.allowed(point)) continue;
    ask.add(point, {.origin = Origin::kDesign});
    return true;
  }
  return false;
}

bool BayesianSolver::design(Ask& ask, std::size_t number, const std::string& note) {
  if (!ask.request.candidates.empty()) {
    return number < settings_.design ? design_from_list(ask, number)
                                     : fall_back(ask, note, Origin::kDesign);
  }
  const Space& space = ask.history.space();
  std::vector<double> unit(space.dimension(), 0.5);
  const bool sobol = space.dimension() <= SobolPoints::kMaxDimension;
  const bool middle = settings_.centre && number == 0;
  if (!middle && sobol) {
    SobolPoints(space.dimension(), ask.request.seed)
        .point(settings_.centre ? number - 1 : number, unit);
  }
  Belief(space).shape(unit);
  put_fixed(ask.request.fixed, unit);
  Point point = space.point_from_unit(unit);
  Proposal proposal{.origin = Origin::kDesign, .note = note};
  if (!(middle || sobol) || !ask.allowed(point)) {
    RandomStream stream = ask.request.stream(Purpose::kDesign, ask.out.size());
    auto draw = sampler_.draw(ask.history, ask.visited, ask.request, stream);
    if (!draw) return false;
    point = std::move(draw->point);
    if (note.empty()) proposal.note = std::move(draw->note);
  }
  ask.add(std::move(point), std::move(proposal));
  return true;
}

bool BayesianSolver::fall_back(Ask& ask, const std::string& reason, Origin origin) {
  RandomStream stream = ask.request.stream(Purpose::kFallback, ask.out.size());
  auto draw = sampler_.draw(ask.history, ask.visited, ask.request, stream);
  if (!draw) return false;
  ask.add(std::move(draw->point), {.origin = origin, .note = reason});
  return true;
}

}  // namespace asktell
