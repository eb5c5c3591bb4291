// Events into columns; see history.hpp.
#include <asktell/core/history.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <asktell/core/errors.hpp>
#include <asktell/core/random.hpp>

namespace asktell {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

std::size_t hash_of(std::span<const double> slots) {
  std::uint64_t hash = 0x9e3779b97f4a7c15u;
  for (double slot : slots) {
    // All NaN are one value here (inactive), and so are the two zeros.
    const double key = std::isnan(slot) ? kNothing : slot + 0.0;
    hash = spread_seed(hash ^ std::bit_cast<std::uint64_t>(key));
  }
  return hash;
}

History::Columns columns(const std::vector<double>& data, std::size_t rows, std::size_t count) {
  return {data.data(), static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(count)};
}

bool dominates(const History::Columns& objectives, std::int64_t a, std::int64_t b) {
  const auto difference = objectives.col(a).array() - objectives.col(b).array();
  return (difference <= 0).all() && (difference < 0).any();
}

}  // namespace

History::History(Problem problem) : problem_(std::move(problem)) {
  dimension_ = problem_.space.dimension();
}

History::Columns History::points() const {
  return columns(points_, dimension_, size());
}
History::Columns History::slots() const {
  return columns(slots_, problem_.space.slots(), size());
}
History::Columns History::objectives() const {
  return columns(objectives_, problem_.objectives.size(), size());
}
History::Columns History::constraints() const {
  return columns(constraints_, problem_.constraints.size(), size());
}

double History::noise_variance(std::size_t trial) const {
  const double told = noise_variances_[trial];
  return std::isnan(told) ? problem_.noise_variance : told;
}

double History::cost(std::size_t trial) const {
  const auto found = answers_.find(trial);
  if (found == answers_.end()) return kNothing;
  const auto* values = std::get_if<Values>(found->second.get());
  return values && values->cost ? *values->cost : kNothing;
}

std::vector<double> History::gradient(std::size_t trial) const {
  const auto found = answers_.find(trial);
  if (found == answers_.end()) return {};
  const auto* values = std::get_if<Values>(found->second.get());
  if (!values || values->gradient.empty()) return {};
  std::vector<double> out = values->gradient;  // by slots, in native units and the user's sign
  const double sign = problem_.objectives[0].direction == Direction::kMaximize ? -1 : 1;
  std::size_t slot = 0;
  for (const Parameter& parameter : space().parameters()) {
    for (std::size_t part = 0; part < parameter.slots(); ++part, ++slot) {
      double range = parameter.high - parameter.low;
      if (parameter.log) {
        range = slots()(static_cast<Eigen::Index>(slot), static_cast<Eigen::Index>(trial)) *
                std::log(parameter.high / parameter.low);
      }
      out[slot] *= sign * range;
    }
  }
  return out;
}

bool History::feasible(std::size_t trial) const {
  if (states_[trial] != TrialState::kTold) return false;
  const std::size_t count = problem_.constraints.size();
  const double* first = constraints_.data() + trial * count;
  return std::all_of(first, first + count, [](double value) { return value <= 0; });
}

std::vector<std::int64_t> History::pareto() const {
  std::vector<std::int64_t> front;
  const Columns values = objectives();
  for (std::int64_t trial : told_) {
    if (!feasible(trial) || problem_.oracle != Oracle::kEvaluate) continue;
    const bool beaten = std::any_of(front.begin(), front.end(), [&](std::int64_t other) {
      return dominates(values, other, trial);
    });
    if (beaten) continue;
    std::erase_if(front, [&](std::int64_t other) { return dominates(values, trial, other); });
    front.push_back(trial);
  }
  std::sort(front.begin(), front.end());
  return front;
}

bool History::contains(std::span<const double> slots) const {
  return by_slots_.contains(hash_of(slots));
}

std::span<const double> History::slots_of(std::size_t trial) const {
  const std::size_t count = problem_.space.slots();
  return {slots_.data() + trial * count, count};
}

Query History::query(std::size_t trial) const {
  const auto found = queries_.find(trial);
  if (found != queries_.end()) return found->second->query;
  const auto slots = slots_of(trial);
  return Evaluate{Point(problem_.space, {slots.begin(), slots.end()})};
}

std::shared_ptr<const Answer> History::answer(std::size_t trial) const {
  const auto found = answers_.find(trial);
  if (found != answers_.end()) return found->second;
  if (states_[trial] != TrialState::kTold) return nullptr;
  return std::make_shared<const Answer>(
      Values{.objectives = {problem_.objectives[0].sign() * objectives_[trial]}});
}

AskRecord History::record(std::size_t trial) const {
  const Meta& meta = metas_[trial];
  return {.query = query(trial),
          .origin = origins_[trial],
          .solver = *meta.solver,
          .version = *meta.version,
          .kernel = *meta.kernel,
          .based_on = meta.based_on,
          .note = meta.note,
          .owner = *meta.owner,
          .lease_until = meta.lease_until};
}

std::span<const std::pair<double, double>> History::reports(std::size_t trial) const {
  const auto found = reports_.find(trial);
  if (found == reports_.end()) return {};
  return found->second;
}

const Assignment& History::notes(std::size_t trial) const {
  static const Assignment kNone;
  const auto found = notes_.find(trial);
  return found == notes_.end() ? kNone : found->second;
}

std::vector<std::int64_t> History::lapsed(double now) const {
  std::vector<std::int64_t> out;
  if (!leases_) return out;
  std::copy_if(pending_.begin(), pending_.end(), std::back_inserter(out), [&](std::int64_t trial) {
    return metas_[trial].lease_until > 0 && metas_[trial].lease_until <= now;
  });
  return out;
}

std::string History::owner(std::size_t trial) const {
  return *metas_[trial].owner;
}

const std::string* History::shared(const std::string& word) {
  return &*words_.insert(word).first;
}

void History::apply(const Event& event) {
  last_event_ = event.id;
  const auto trial = static_cast<std::size_t>(event.trial);
  switch (event.kind) {
    case EventKind::kCreated:
      break;
    case EventKind::kExtended:
      extend(event);
      break;
    case EventKind::kAsked:
      add_trial(event);
      break;
    case EventKind::kReported:
      reports_[trial].emplace_back(event.step, problem_.objectives[0].sign() * event.value);
      break;
    case EventKind::kTold:
    case EventKind::kFailed:
    case EventKind::kAmended:
      settle(event);
      break;
    case EventKind::kEnqueued:
      queue_.push_back(event.ask);
      break;
    case EventKind::kLapsed:
      set_state(trial, TrialState::kLapsed);
      break;
    case EventKind::kStopped:
      if (event.trial >= 0) {
        set_state(trial, TrialState::kStopped);
        times_[trial].second = event.time;
        metas_[trial].note += (metas_[trial].note.empty() ? "" : "; ") + event.text;
      } else {
        stopped_ = true;
        stop_reason_ = event.text;
      }
      break;
    case EventKind::kNoted:
      for (auto& [name, value] : assignment_from_json(event.text)) notes_[trial][name] = value;
      break;
    case EventKind::kBudget:
      problem_.n_trials = static_cast<std::int64_t>(event.step);
      break;
    case EventKind::kAdopted:
      metas_[trial].owner = shared(event.text);
      break;
  }
}

void History::resize_columns(std::size_t trials) {
  points_.resize(trials * dimension_, kNothing);
  slots_.resize(trials * problem_.space.slots(), kNothing);
  objectives_.resize(trials * problem_.objectives.size(), kNothing);
  constraints_.resize(trials * problem_.constraints.size(), kNothing);
  noise_variances_.resize(trials, kNothing);
  times_.resize(trials, {kNothing, kNothing});
}

void History::count_point(std::size_t trial, int change) {
  if (!has_point(trial)) return;
  const std::size_t key = hash_of(slots_of(trial));
  if ((by_slots_[key] += change) <= 0) by_slots_.erase(key);
}

void History::add_trial(const Event& event) {
  const std::size_t trial = size();
  if (event.trial != static_cast<std::int64_t>(trial)) {
    throw StorageError("storage.torn", "the journal asks trial " + std::to_string(event.trial) +
                                           " where trial " + std::to_string(trial) +
                                           " must follow; restore the file from a copy");
  }
  const AskRecord& ask = *event.ask;
  states_.push_back(TrialState::kPending);
  origins_.push_back(ask.origin);
  metas_.push_back({shared(ask.solver), shared(ask.version), shared(ask.kernel), shared(ask.owner),
                    ask.based_on, ask.lease_until, ask.note});
  resize_columns(trial + 1);
  times_[trial].first = event.time;
  pending_.push_back(event.trial);
  if (ask.origin != Origin::kOutside) ++spent_;
  if (ask.origin == Origin::kEnqueued && !queue_.empty()) queue_.pop_front();
  if (!ask.memo.empty()) memo_ = ask.memo;
  leases_ |= ask.lease_until > 0;
  if (const auto* evaluate = std::get_if<Evaluate>(&ask.query)) {
    const auto slots = evaluate->point.slots();
    std::copy(slots.begin(), slots.end(), slots_.begin() + trial * problem_.space.slots());
    problem_.space.to_unit(slots_of(trial), {points_.data() + trial * dimension_, dimension_});
    count_point(trial, 1);
  } else {
    queries_.emplace(trial, event.ask);
  }
}

void History::set_state(std::size_t trial, TrialState state) {
  const TrialState before = states_[trial];
  if (before == state) return;
  states_[trial] = state;
  if (before == TrialState::kPending) {
    pending_.erase(
        std::lower_bound(pending_.begin(), pending_.end(), static_cast<std::int64_t>(trial)));
  }
  if (state == TrialState::kLapsed) {
    --spent_;
    count_point(trial, -1);
  }
  if (before == TrialState::kLapsed) {
    ++spent_;
    count_point(trial, 1);
  }
}

void History::settle(const Event& event) {
  const auto trial = static_cast<std::size_t>(event.trial);
  const bool failed = event.answer && std::holds_alternative<Failure>(*event.answer);
  const TrialState before = states_[trial];
  const TrialState after = failed ? TrialState::kFailed : TrialState::kTold;
  if (event.kind == EventKind::kAmended) {
    ++revision_;
    if (before != after) std::erase(before == TrialState::kTold ? told_ : failed_, event.trial);
  }
  if (before != after) (failed ? failed_ : told_).push_back(event.trial);
  set_state(trial, after);
  clear_answer(trial);
  write_answer(trial, event);
  times_[trial].second = event.time;
  if (event.kind == EventKind::kAmended) {
    best_ = -1;
    for (std::int64_t other : told_) consider_best(other);
  } else if (!failed) {
    consider_best(event.trial);
  }
}

void History::clear_answer(std::size_t trial) {
  answers_.erase(trial);
  const std::size_t objectives = problem_.objectives.size();
  const std::size_t constraints = problem_.constraints.size();
  std::fill_n(objectives_.begin() + trial * objectives, objectives, kNothing);
  std::fill_n(constraints_.begin() + trial * constraints, constraints, kNothing);
  noise_variances_[trial] = kNothing;
}

void History::write_answer(std::size_t trial, const Event& event) {
  if (!event.answer) {
    objectives_[trial] = problem_.objectives[0].sign() * event.value;
    return;
  }
  answers_[trial] = event.answer;
  const auto* values = std::get_if<Values>(event.answer.get());
  if (!values) return;
  const std::size_t count = problem_.objectives.size();
  for (std::size_t i = 0; i < count; ++i) {
    objectives_[trial * count + i] = problem_.objectives[i].sign() * values->objectives[i];
  }
  std::copy(values->constraints.begin(), values->constraints.end(),
            constraints_.begin() + trial * problem_.constraints.size());
  noise_variances_[trial] = values->noise_variance.value_or(kNothing);
}

void History::consider_best(std::int64_t trial) {
  if (!feasible(trial) || problem_.oracle != Oracle::kEvaluate) return;
  const std::size_t count = problem_.objectives.size();
  const double value = objectives_[trial * count];
  if (best_ < 0) {
    best_ = trial;
    return;
  }
  const double incumbent = objectives_[best_ * count];
  if (value < incumbent || (value == incumbent && trial < best_)) best_ = trial;
}

void History::extend(const Event& event) {
  const Space older = problem_.space;
  const std::vector<double> old_slots = std::move(slots_);
  const std::size_t old_count = older.slots();
  problem_.space = Space::from_json(event.text).with_predicates_of(older);
  dimension_ = problem_.space.dimension();
  slots_.clear();
  points_.clear();
  by_slots_.clear();
  resize_columns(size());
  for (std::size_t trial = 0; trial < size(); ++trial) {
    if (!has_point(trial)) continue;
    const auto slots =
        problem_.space.adopt(older, {old_slots.data() + trial * old_count, old_count});
    std::copy(slots.begin(), slots.end(), slots_.begin() + trial * problem_.space.slots());
    problem_.space.to_unit(slots, {points_.data() + trial * dimension_, dimension_});
    if (states_[trial] != TrialState::kLapsed) count_point(trial, 1);
  }
  for (auto& queued : queue_) {
    AskRecord record = *queued;
    const auto slots = problem_.space.adopt(older, std::get<Evaluate>(record.query).point.slots());
    record.query = Evaluate{Point(problem_.space, slots)};
    queued = std::make_shared<const AskRecord>(std::move(record));
  }
  ++revision_;
}

}  // namespace asktell
