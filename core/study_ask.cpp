// How a study asks. Slow solvers propose outside every lock on a history of their own; the ask is
// claimed at commit. When other asks were committed meanwhile, the acquisition is repeated with the
// new pending trials (the fit is the solver's cache), the last time inside the lock.
#include <algorithm>
#include <cmath>
#include <limits>

#include <asktell/core/errors.hpp>
#include <asktell/core/study_core.hpp>
#include <asktell/core/version.hpp>

namespace asktell {
namespace {

constexpr int kAttempts = 3;  // outside the lock, before the last one inside
constexpr std::size_t kPinDraws =
    1000;  // random points tried when fixing breaks a known constraint
constexpr std::size_t kCountLimit = 100000;  // larger finite spaces are never exhausted

// Reals are exact as given; from_unit has rounded them.
void restore_exact(const Space& space, const Assignment& given, std::vector<double>& slots) {
  for (const auto& [name, value] : given) {
    const std::size_t parameter = *space.find(name);
    const Kind kind = space.parameters()[parameter].kind;
    if (kind != Kind::kReal && kind != Kind::kInteger && kind != Kind::kSimplex) continue;
    const std::size_t offset = space.slot_offset(parameter);
    if (std::isnan(slots[offset])) {
      throw PointError("point.inactive",
                       "parameter \"" + name + "\" is inactive under these values; leave it out");
    }
    const std::vector<double> exact = value.list();
    std::copy(exact.begin(), exact.end(), slots.begin() + static_cast<std::ptrdiff_t>(offset));
  }
}

Point with_fixed(const Space& space, std::vector<double> unit, const std::vector<double>& fixed,
                 const Assignment& given) {
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (!std::isnan(fixed[i])) unit[i] = fixed[i];
  }
  std::vector<double> slots(space.slots());
  space.from_unit(unit, slots);
  restore_exact(space, given, slots);
  return space.point_from_slots(std::move(slots));
}

}  // namespace

Point completed(const Space& space, const Assignment& values) {
  Assignment given = values;
  for (const Parameter& parameter : space.parameters()) {
    if (given.contains(parameter.name) || parameter.default_value.absent()) continue;
    if (parameter.when.empty()) given[parameter.name] = parameter.default_value;
  }
  return with_fixed(space, std::vector<double>(space.dimension(), 0.5), space.partial_unit(given),
                    given);
}

std::size_t StudyCore::room(const History& history, std::size_t count) const {
  if (history.stopped()) return 0;
  const std::int64_t budget = history.problem().n_trials;
  if (budget == 0) return count;
  const std::int64_t left = std::max<std::int64_t>(0, budget - history.spent());
  return std::min(count, static_cast<std::size_t>(left));
}

bool StudyCore::space_visited(const History& history) {
  const Space& space = history.space();
  if (capabilities_.repeats || history.problem().noise_variance > 0 || space.empty()) return false;
  if (history.problem().oracle != Oracle::kEvaluate) return false;
  if (!cardinality_) {
    const auto points = space.enumerate(kCountLimit);
    cardinality_ = points ? points->size() : std::numeric_limits<std::size_t>::max();
  }
  return history.distinct_points() >= *cardinality_;
}

std::vector<double> StudyCore::fixed_coordinates(const AskOptions& options) const {
  const Space& space = live_->space();
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.role != Role::kContext || options.context.contains(parameter.name)) continue;
    throw StudyError("study.context-missing",
                     "parameter \"" + parameter.name +
                         "\" is context: what it is now must come with each ask, as context = {" +
                         parameter.name + ": value}");
  }
  Assignment given = options.fixed;
  given.insert(options.context.begin(), options.context.end());
  if (given.empty()) return {};
  return space.partial_unit(given);
}

void StudyCore::pin(Proposal& proposal, const AskOptions& options, const std::vector<double>& fixed,
                    const Request& request, std::size_t offset) const {
  auto* evaluate = std::get_if<Evaluate>(&proposal.query);
  if (!evaluate || fixed.empty()) return;
  const Space& space = live_->space();
  Assignment given = options.fixed;
  given.insert(options.context.begin(), options.context.end());
  evaluate->point = with_fixed(space, evaluate->point.unit(), fixed, given);
  if (space.satisfies_constraints(evaluate->point.slots())) return;
  RandomStream stream = request.stream(Purpose::kFallback, offset);
  std::vector<double> unit(space.dimension());
  for (std::size_t draw = 0; draw < kPinDraws; ++draw) {
    stream.fill_uniform(unit);
    evaluate->point = with_fixed(space, unit, fixed, given);
    if (!space.satisfies_constraints(evaluate->point.slots())) continue;
    proposal.origin = Origin::kFallback;
    proposal.note = "random: the proposal broke a known constraint once values were fixed";
    return;
  }
  throw StudyError("study.fixed-infeasible",
                   "no point with these fixed values satisfies the known constraints (" +
                       std::to_string(kPinDraws) + " tried); fix other values");
}

StudyCore::Plan StudyCore::plan(const History& history, const Wanted& wanted) {
  Plan plan{.proposals = {}, .based_on = history.last_event(), .trials = history.size()};
  const std::size_t allowed = room(history, wanted.count);
  const std::size_t queued = wanted.queued(history, allowed);
  if (allowed == queued || space_visited(history)) return plan;
  Request request;
  request.ask = static_cast<std::int64_t>(history.size() + queued);
  request.count = allowed - queued;
  request.seed = history.problem().seed;
  request.candidates = wanted.candidates;
  if (wanted.candidates.empty()) request.fixed = fixed_coordinates(wanted.options);
  plan.proposals = solver_->propose(history, request);
  if (history.problem().oracle != Oracle::kConsult && plan.proposals.size() > request.count) {
    plan.proposals.resize(request.count);
  }
  for (std::size_t i = 0; i < plan.proposals.size(); ++i) {
    pin(plan.proposals[i], wanted.options, request.fixed, request, i);
  }
  return plan;
}

void StudyCore::bring_up_view() {
  if (std::exchange(pending_extension_, false)) make_solver();
  if (!view_) {
    view_ = std::make_unique<History>(config_.problem);
    for (const Event& event : storage_->read_after(0)) view_->apply(event);
    unseen_.clear();
  }
  for (const Event& event : unseen_) view_->apply(event);
  unseen_.clear();
}

std::vector<Trial> StudyCore::ask(std::size_t count, const AskOptions& options) {
  return ask({count, options});
}

void StudyCore::require_choice_from_list(const AskOptions& options) const {
  if (config_.problem.oracle != Oracle::kEvaluate) {
    throw StudyError("study.wrong-query",
                     "ask_from chooses points to evaluate; this study asks \"" +
                         std::string(name_of(config_.problem.oracle)) + "\" queries, with ask");
  }
  if (!options.fixed.empty()) {
    throw StudyError("study.fixed-candidates",
                     "ask_from takes no fixed values (\"" + options.fixed.begin()->first +
                         "\"); leave out the candidates that have others");
  }
  if (capabilities_.candidates) return;
  std::string able;
  for (const std::string& name : Registry::global().names()) {
    const SolverInfo& info = Registry::global().at(name);
    if (!info.capabilities.candidates) continue;
    if (!Registry::mismatch(info, config_.problem).empty()) continue;
    able += (able.empty() ? "" : ", ") + name;
  }
  throw SolverError("solver.capability", "solver \"" + config_.solver +
                                             "\" cannot choose from a list of points; make the "
                                             "study with one of: " +
                                             able);
}

std::vector<Trial> StudyCore::ask_from(std::span<const Assignment> candidates, std::size_t count,
                                       const AskOptions& options) {
  require_choice_from_list(options);
  if (candidates.empty()) {
    throw StudyError("study.no-candidates",
                     "ask_from got no candidates; give at least one, or ask over the whole space "
                     "with ask");
  }
  const Space space = read([&](const History& history) {
    fixed_coordinates(options);  // context is there
    return history.space();
  });
  std::vector<Point> points;
  points.reserve(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    Assignment all = options.context;
    all.insert(candidates[i].begin(), candidates[i].end());
    try {
      points.push_back(space.point(all));
    } catch (const PointError& error) {
      throw PointError(error.id(), "candidate " + std::to_string(i) + ": " + error.what());
    }
  }
  return count == 0 ? std::vector<Trial>() : ask({count, options, points});
}

std::vector<Trial> StudyCore::ask(const Wanted& wanted) {
  std::vector<std::int64_t> numbers;
  const std::unique_lock solver_lock(solver_mutex_);
  std::unique_lock lock(mutex_);
  if (!live_->lapsed(clock_()).empty()) transact([&] { lapse_leases(); });
  fixed_coordinates(wanted.options);  // bad input is refused before anything is computed
  for (int attempt = 0; !capabilities_.instant && attempt < kAttempts; ++attempt) {
    sync();
    bring_up_view();
    lock.unlock();
    const Plan made = plan(*view_, wanted);
    lock.lock();
    bool current = false;
    transact([&] {
      current = live_->size() == made.trials && !pending_extension_;
      if (current) stage_asks(made, wanted, numbers);
    });
    if (current) return handles(numbers);
  }
  transact([&] {
    if (capabilities_.instant) {
      if (std::exchange(pending_extension_, false)) make_solver();
      stage_asks(plan(*live_, wanted), wanted, numbers);
    } else {
      bring_up_view();
      stage_asks(plan(*view_, wanted), wanted, numbers);
    }
  });
  return handles(numbers);
}

std::vector<Trial> StudyCore::handles(const std::vector<std::int64_t>& numbers) {
  std::vector<Trial> out;
  out.reserve(numbers.size());
  for (std::int64_t number : numbers) out.push_back(handle(number, *live_));
  return out;
}

Origin StudyCore::honest_origin(const Proposal& proposal,
                                const std::vector<const Point*>& earlier) const {
  const auto* evaluate = std::get_if<Evaluate>(&proposal.query);
  const bool own = proposal.origin == Origin::kModel || proposal.origin == Origin::kDesign;
  if (!evaluate || !own || capabilities_.repeats) return proposal.origin;
  const bool repeated = live_->contains(evaluate->point.slots()) ||
                        std::any_of(earlier.begin(), earlier.end(),
                                    [&](const Point* other) { return *other == evaluate->point; });
  return repeated ? Origin::kReplicate : proposal.origin;
}

void StudyCore::stage_asks(const Plan& plan, const Wanted& wanted,
                           std::vector<std::int64_t>& numbers) {
  const std::size_t allowed = room(*live_, wanted.count);
  const std::size_t queued = wanted.queued(*live_, allowed);
  std::vector<const Point*> earlier;
  const auto stage_one = [&](AskRecord record) {
    record.version = library_version();
    record.kernel = kernel_name();
    record.based_on = plan.based_on;
    record.owner = wanted.options.detached ? "" : owner_;
    record.lease_until = config_.lease > 0 ? clock_() + config_.lease : 0;
    const auto number = static_cast<std::int64_t>(live_->size() + numbers.size());
    Event event = event_of(EventKind::kAsked, number);
    event.ask = std::make_shared<const AskRecord>(std::move(record));
    stage(std::move(event));
    numbers.push_back(number);
  };
  for (std::size_t i = 0; i < queued; ++i) stage_one(*live_->queue()[i]);
  const bool group = live_->problem().oracle == Oracle::kConsult;
  for (const Proposal& proposal : plan.proposals) {
    if (!group && numbers.size() >= allowed) break;
    AskRecord record;
    record.query = proposal.query;
    record.origin = honest_origin(proposal, earlier);
    record.solver = config_.solver;
    record.memo = proposal.memo;
    record.note = proposal.note;
    stage_one(std::move(record));
    if (const auto* evaluate = std::get_if<Evaluate>(&proposal.query)) {
      earlier.push_back(&evaluate->point);
    }
  }
}

std::int64_t StudyCore::recommend() {
  const std::unique_lock solver_lock(solver_mutex_);
  std::unique_lock lock(mutex_);
  sync();
  if (capabilities_.instant) return solver_->recommend(*live_);
  bring_up_view();
  lock.unlock();
  return solver_->recommend(*view_);
}

std::optional<Outlook> StudyCore::outlook() {
  const std::unique_lock solver_lock(solver_mutex_);
  std::unique_lock lock(mutex_);
  sync();
  if (capabilities_.instant) return solver_->outlook(*live_);
  bring_up_view();
  lock.unlock();
  return solver_->outlook(*view_);
}

bool StudyCore::exhausted() {
  const std::lock_guard solver_lock(solver_mutex_);
  const std::lock_guard lock(mutex_);
  sync();
  if (live_->stopped() || room(*live_, 1) == 0) return true;
  return live_->queue().empty() && space_visited(*live_);
}

std::string StudyCore::description() {
  const std::lock_guard solver_lock(solver_mutex_);
  return solver_->description();
}

}  // namespace asktell
