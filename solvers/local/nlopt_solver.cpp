// Feeding NLopt from the history; see nlopt_solver.hpp. Asks that NLopt cannot answer (it waits for
// a pending trial, or values were fixed) are answered by a point near the best one known, with a
// radius that shrinks as evaluations grow.
#include <asktell/solvers/local/nlopt_solver.hpp>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace asktell {
namespace {

constexpr std::size_t kBarrenRuns = 5;  // in a row without a new point: NLopt has nothing to add
constexpr std::size_t kStartDraws = 20000;
// Values beyond this enter the models of Powell's methods squared; they are bent to a logarithm.
constexpr double kLargest = 1e50;
constexpr double kFallbackRadius = 0.1;  // of the unit cube, after no evaluation

double bent(double value) {
  const double size = std::abs(value);
  if (size <= kLargest) return value;
  return std::copysign(kLargest * (1 + std::log(size / kLargest)), value);
}

}  // namespace

NloptSolver::NloptSolver(const Problem&, NloptOptions options, NloptMethod method)
    : options_(std::move(options)), method_(method) {}

NloptSolver::~NloptSolver() {
  restart();
}

NloptSolver::Key NloptSolver::key_of(std::span<const double> slots) {
  Key key(slots.size() * sizeof(double), '\0');
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const double slot = slots[i] + 0.0;  // both zeros are one point
    std::memcpy(key.data() + i * sizeof(double), &slot, sizeof(double));
  }
  return key;
}

void NloptSolver::restart() {
  // After a fork the worker's thread is gone and cannot be joined: its bridge is left behind.
  if (bridge_ && process_ != getpid()) static_cast<void>(bridge_.release());
  bridge_.reset();
  trials_.clear();
  used_.clear();
  asked_in_run_.clear();
  indexed_ = seen_told_ = 0;
  run_ = 0;
  barren_runs_ = 0;
  finished_ = differences_ = false;
  note_.clear();
}

void NloptSolver::take_in(const History& history) {
  const bool forked = bridge_ && process_ != getpid();
  if (forked || history.revision() != revision_ || history.size() < indexed_) restart();
  revision_ = history.revision();
  const auto slots = history.slots();
  const auto key_at = [&](std::size_t trial) {
    const auto column = slots.col(static_cast<Eigen::Index>(trial));
    return key_of({column.data(), static_cast<std::size_t>(slots.rows())});
  };
  for (; indexed_ < history.size(); ++indexed_) {
    trials_[key_at(indexed_)].push_back(static_cast<std::int64_t>(indexed_));
  }
  // An answer that counts instead of the one NLopt was given: run again with the new one.
  bool stale = false;
  const auto told = history.told();
  for (; seen_told_ < told.size(); ++seen_told_) {
    const auto found = used_.find(key_at(static_cast<std::size_t>(told[seen_told_])));
    if (found == used_.end()) continue;
    stale |= found->second.state == Known::kFailed || told[seen_told_] < found->second.trial;
  }
  if (!stale) return;
  restart();
  take_in(history);
}

// The told trial with the lowest number, else a failed one, else a pending one: a rule that does
// not depend on the order in which answers arrived.
NloptSolver::Known NloptSolver::known(const History& history, const Key& key) const {
  Known out;
  const auto found = trials_.find(key);
  if (found == trials_.end()) return out;
  for (std::int64_t trial : found->second) {
    switch (history.state(static_cast<std::size_t>(trial))) {
      case TrialState::kTold:
        return {Known::kTold, trial};
      case TrialState::kFailed:
      case TrialState::kStopped:
        if (out.state != Known::kFailed) out = {Known::kFailed, trial};
        break;
      case TrialState::kPending:
        if (out.state == Known::kUnknown) out = {Known::kPending, trial};
        break;
      case TrialState::kLapsed:
        break;
    }
  }
  return out;
}

std::vector<double> NloptSolver::random_start(const Space& space, std::uint64_t seed) const {
  RandomStream stream(seed, Purpose::kFit, run_);
  std::vector<double> unit(space.dimension()), slots(space.slots());
  for (std::size_t i = 0; i < kStartDraws; ++i) {
    stream.fill_uniform(unit);
    space.from_unit(unit, slots);
    if (space.satisfies_constraints(slots)) break;
  }
  return unit;
}

// The best of the points told before the solver was first asked, else a point enqueued before that,
// else as the option says.
std::vector<double> NloptSolver::first_start(const History& history) const {
  std::int64_t chosen = -1;
  const auto objectives = history.objectives();
  for (std::size_t i = 0; i < history.size(); ++i) {
    const Origin origin = history.origin(i);
    if (origin != Origin::kOutside && origin != Origin::kEnqueued) break;
    const auto column = static_cast<Eigen::Index>(i);
    const bool told = origin == Origin::kOutside && history.state(i) == TrialState::kTold;
    if (chosen < 0 && (told || origin == Origin::kEnqueued)) chosen = column;
    const bool chosen_told =
        chosen >= 0 && history.origin(static_cast<std::size_t>(chosen)) == Origin::kOutside;
    if (told && (!chosen_told || objectives(0, column) < objectives(0, chosen))) chosen = column;
  }
  const Space& space = history.space();
  std::vector<double> unit(space.dimension(), 0.5), slots(space.slots());
  if (chosen >= 0) {
    const auto column = history.points().col(chosen);
    unit.assign(column.data(), column.data() + column.size());
  } else if (options_.start == "random") {
    return random_start(space, history.problem().seed);
  }
  space.from_unit(unit, slots);
  if (space.satisfies_constraints(slots)) return unit;
  return random_start(space, history.problem().seed);
}

void NloptSolver::start_run(const History& history) {
  const Space& space = history.space();
  const std::uint64_t seed = history.problem().seed;
  NloptSetup setup;
  setup.method = method_;
  setup.start = run_ == 0 ? first_start(history) : random_start(space, seed);
  setup.initial_step = options_.initial_step;
  setup.tolerance = options_.tolerance;
  setup.constraints = history.problem().constraints.size();
  setup.population = static_cast<std::size_t>(options_.population);
  setup.seed = RandomStream(seed, Purpose::kChoice, run_).bits();
  asked_in_run_.clear();
  new_in_run_ = false;
  repeated_ = answered_in_run_ = 0;
  bridge_ = std::make_unique<CallbackBridge>(nlopt_body(std::move(setup)));
  process_ = getpid();
}

// By value: the outcome lies in the run, which ends here.
void NloptSolver::end_run(std::string outcome) {  // NOLINT(performance-unnecessary-value-param)
  bridge_.reset();
  note_ = "run " + std::to_string(run_ + 1) + " of " + method_.name + " " + outcome;
  barren_runs_ = new_in_run_ ? 0 : barren_runs_ + 1;
  finished_ = barren_runs_ >= kBarrenRuns;
  if (finished_) note_ += "; it has no new point to offer";
  ++run_;
}

NloptSolver::Known NloptSolver::look_up(const History& history, std::span<const double> unit) {
  Point point = history.space().point_from_unit(unit);
  const Key key = key_of(point.slots());
  const Known found = known(history, key);
  if (found.state == Known::kUnknown) {
    if (std::find(missing_.begin(), missing_.end(), point) == missing_.end()) {
      missing_.push_back(std::move(point));
    }
  } else if (found.state == Known::kPending) {
    if (waits_ < 0) waits_ = found.trial;
  } else {
    new_in_run_ |= used_.emplace(key, found).second;
  }
  return found;
}

CallbackBridge::Reply NloptSolver::reply_of(const History& history, const Known& known) {
  CallbackBridge::Reply reply;
  reply.value = bent(history.objectives()(0, known.trial));
  const auto constraints = history.constraints();
  for (Eigen::Index i = 0; i < constraints.rows(); ++i) {
    reply.constraints.push_back(bent(constraints(i, known.trial)));
  }
  return reply;
}

// What NLopt is told of a failure; nothing when the run had better start elsewhere.
std::optional<CallbackBridge::Reply> NloptSolver::failure_reply() {
  CallbackBridge::Reply reply;
  if (method_.on_failure == OnFailure::kInfinity) {
    reply.value = std::numeric_limits<double>::infinity();
  } else if (answered_in_run_ > 0) {
    const double spread = worst_in_run_ - best_in_run_;
    reply.value = worst_in_run_ + (spread > 0 ? spread : std::max(1.0, std::abs(worst_in_run_)));
  } else if (method_.local) {
    return {};
  } else {
    reply.value = kLargest;
  }
  return reply;
}

// Beyond what NLopt can take, scaled as the value is.
std::vector<double> NloptSolver::told_gradient(const History& history, std::int64_t trial) {
  std::vector<double> out = history.gradient(static_cast<std::size_t>(trial));
  const double value = std::abs(history.objectives()(0, trial));
  if (value > kLargest) {
    for (double& partial : out) partial *= kLargest / value;
  }
  return out;
}

// Forward differences of the objective and of each constraint, (1 + constraints) rows of the
// dimension; the neighbours are asked together. A neighbour that failed contributes a zero. False
// while any is unknown.
bool NloptSolver::add_differences(const History& history, const std::vector<double>& center,
                                  const CallbackBridge::Reply& reply,
                                  std::vector<double>& gradient) {
  const std::size_t dimension = center.size();
  const std::size_t rows = 1 + history.problem().constraints.size();
  gradient.assign(rows * dimension, 0.0);
  bool complete = true;
  for (std::size_t i = 0; i < dimension; ++i) {
    std::vector<double> neighbour = center;
    const double step =
        center[i] + options_.difference <= 1 ? options_.difference : -options_.difference;
    neighbour[i] += step;
    const Known found = look_up(history, neighbour);
    complete &= found.state == Known::kFailed || found.state == Known::kTold;
    if (found.state != Known::kTold) continue;
    const CallbackBridge::Reply other = reply_of(history, found);
    gradient[i] = (other.value - reply.value) / step;
    for (std::size_t row = 1; row < rows; ++row) {
      gradient[row * dimension + i] =
          (other.constraints[row - 1] - reply.constraints[row - 1]) / step;
    }
  }
  return complete;
}

// Answers NLopt from the history, or returns false with missing_ and waits_ filled.
bool NloptSolver::resolve(const History& history, const CallbackBridge::Request& request) {
  const Space& space = history.space();
  const std::size_t constraints = history.problem().constraints.size();
  const Point point = space.point_from_unit(request.point);
  if (!asked_in_run_.insert(key_of(point.slots())).second) ++repeated_;
  Known found{Known::kFailed, -1};
  if (space.satisfies_constraints(point.slots())) {
    found = look_up(history, request.point);
  } else {
    ++repeated_;  // never evaluated; the worst value there is
  }
  std::optional<CallbackBridge::Reply> reply;
  if (found.state == Known::kTold) {
    reply = reply_of(history, found);
    if (request.gradient && constraints == 0) {
      reply->gradient = told_gradient(history, found.trial);
      differences_ = reply->gradient.empty();
    }
    if (request.gradient && reply->gradient.empty()) {
      if (!add_differences(history, request.point, *reply, reply->gradient)) return false;
    }
    const double value = reply->value;
    worst_in_run_ = answered_in_run_ == 0 ? value : std::max(worst_in_run_, value);
    best_in_run_ = answered_in_run_ == 0 ? value : std::min(best_in_run_, value);
    ++answered_in_run_;
  } else if (found.state == Known::kFailed) {
    reply = failure_reply();
    if (!reply) {
      end_run("began at a point that failed");
      return true;
    }
    reply->constraints.assign(constraints, 1.0);
    if (request.gradient) reply->gradient.assign((1 + constraints) * request.point.size(), 0.0);
  } else {
    // When the last answer came without a gradient, this one will: ask the neighbours as well.
    CallbackBridge::Reply unknown;
    unknown.constraints.assign(constraints, 0.0);
    std::vector<double> ignored;
    if (request.gradient && (differences_ || constraints > 0)) {
      add_differences(history, request.point, unknown, ignored);
    }
    return false;
  }
  bridge_->answer(std::move(*reply));
  return true;
}

void NloptSolver::advance(const History& history) {
  const std::size_t limit = 1000 + 100 * history.dimension();
  while (!finished_) {
    missing_.clear();
    waits_ = -1;
    if (!bridge_) start_run(history);
    const CallbackBridge::Request* request = bridge_->next();
    if (!request) {
      end_run(bridge_->outcome());
    } else if (repeated_ > limit) {
      end_run("asked for " + std::to_string(repeated_) + " known or infeasible points");
    } else if (!resolve(history, *request)) {
      return;
    }
  }
  missing_.clear();
  waits_ = -1;
}

std::optional<Draw> NloptSolver::fall_back(const History& history, const Visited& visited,
                                           const Request& request, std::size_t offset) {
  constexpr int kTries = 100;
  const Space& space = history.space();
  RandomStream stream = request.stream(Purpose::kFallback, offset);
  const std::int64_t best = history.best();
  if (best >= 0) {
    const auto center = history.points().col(best);
    const auto evaluations = static_cast<double>(history.told().size());
    const double radius =
        kFallbackRadius / std::sqrt(1 + evaluations / static_cast<double>(space.dimension()));
    std::vector<double> unit(space.dimension());
    for (int i = 0; i < kTries; ++i) {
      for (std::size_t k = 0; k < unit.size(); ++k) {
        unit[k] = reflected(center[static_cast<Eigen::Index>(k)] + radius * stream.normal());
      }
      put_fixed(request.fixed, unit);
      Point point = space.point_from_unit(unit);
      if (!space.satisfies_constraints(point.slots()) || visited.contains(point.slots())) continue;
      return Draw{std::move(point), Origin::kFallback, "a random point near the best one"};
    }
  }
  auto draw = sampler_.draw(history, visited, request, stream);
  if (!draw) return draw;
  if (draw->origin == Origin::kDesign) draw->origin = Origin::kFallback;
  if (draw->note.empty()) draw->note = "a random point";
  return draw;
}

std::vector<Proposal> NloptSolver::propose(const History& history, const Request& request) {
  take_in(history);
  advance(history);
  std::vector<Proposal> out;
  Visited visited(history, request);
  const bool fixed = std::any_of(request.fixed.begin(), request.fixed.end(),
                                 [](double value) { return !std::isnan(value); });
  if (!fixed) {
    for (const Point& point : missing_) {
      if (out.size() == request.count) return out;
      visited.add(point);
      out.push_back({.query = Evaluate{point},
                     .origin = Origin::kModel,
                     .note = asked_in_run_.size() == 1 ? note_ : std::string()});
    }
  }
  std::string reason = finished_ ? note_ : std::string(method_.name) + " waits for ";
  if (!finished_) {
    const std::int64_t next = request.ask;  // the first proposal of this batch
    reason += "trial " + std::to_string(waits_ >= 0 ? waits_ : next);
    if (fixed) reason = std::string(method_.name) + " cannot hold values fixed";
  }
  while (out.size() < request.count) {
    auto draw = fall_back(history, visited, request, out.size());
    if (!draw) break;
    visited.add(draw->point);
    out.push_back({.query = Evaluate{std::move(draw->point)},
                   .origin = draw->origin,
                   .note = reason + ": " + draw->note});
  }
  return out;
}

}  // namespace asktell
