// Opening, transactions and everything but asking and answering; see study_core.hpp.
#include <asktell/core/study_core.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <unordered_set>

#include <asktell/core/errors.hpp>
#include <asktell/core/version.hpp>

namespace asktell {
namespace {

double system_clock() {
  using Seconds = std::chrono::duration<double>;
  return Seconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Studies open in this process: a pending trial whose study object is gone may be adopted, although
// its process lives.
class OpenStudies {
 public:
  static OpenStudies& global() {
    static OpenStudies studies;
    return studies;
  }
  std::string enter() {
    const std::lock_guard lock(mutex_);
    const std::string owner = this_process() + "#" + std::to_string(next_++);
    open_.insert(owner);
    return owner;
  }
  void leave(const std::string& owner) {
    const std::lock_guard lock(mutex_);
    open_.erase(owner);
  }
  bool alive(const std::string& owner) {
    if (owner.empty()) return true;  // detached: only a lease frees it
    const std::lock_guard lock(mutex_);
    const std::string process = owner.substr(0, owner.find('#'));
    if (process == this_process()) return open_.contains(owner);
    return owner_alive(process);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> open_;
  std::size_t next_ = 0;
};

}  // namespace

StudyCore::StudyCore(StudyOptions options)
    : file_(options.file),
      clock_(options.clock ? options.clock : system_clock),
      owner_(OpenStudies::global().enter()) {
  try {
    open_or_create(options);
  } catch (...) {
    OpenStudies::global().leave(owner_);
    throw;
  }
}

StudyCore::~StudyCore() {
  OpenStudies::global().leave(owner_);
}

void StudyCore::open_or_create(const StudyOptions& options) {
  std::optional<StudyConfig> fresh;  // checked before a file is made
  const bool may_create = !options.space.empty() || options.oracle || options.solver != "auto";
  if (file_.empty()) {
    fresh = config_from_options(options);
    Registry::global().make(fresh->solver, fresh->problem, fresh->options);
    storage_ = make_memory_storage();
  } else {
    if (may_create) {
      StudyOptions checked = options;
      if (!file_has_study(file_)) {
        fresh = config_from_options(options);
        Registry::global().make(fresh->solver, fresh->problem, fresh->options);
      }
    } else if (!file_has_study(file_)) {
      throw StorageError("storage.no-study",
                         "there is no study in \"" + file_ + "\" yet; give a space to create one");
    }
    storage_ = FileStorage::open(file_, options.durability);
  }
  storage_->exclusively([&] {
    std::vector<Event> events = storage_->read_after(0);
    if (events.empty()) {
      if (!fresh) fresh = config_from_options(options);
      Event created = event_of(EventKind::kCreated);
      created.text = to_json(*fresh);
      created.time = clock_();
      created.id = storage_->append(created);
      events.push_back(std::move(created));
    }
    config_ = config_from_json(events.front().text);
    config_.problem.space = config_.problem.space.with_predicates_of(options.space);
    live_ = std::make_unique<History>(config_.problem);
    for (const Event& event : events) live_->apply(event);
  });
  if (!fresh) reconcile(config_, live_->space(), options, file_);
  make_solver();
  if (options.n_trials > 0 && options.n_trials != live_->problem().n_trials) {
    set_budget(options.n_trials);
  }
}

void StudyCore::make_solver() {
  solver_ = Registry::global().make(config_.solver, live_->problem(), config_.options);
  capabilities_ = Registry::global().at(config_.solver).capabilities;
  cardinality_.reset();
  view_.reset();
  unseen_.clear();
}

void StudyCore::take_in(const Event& event) {
  live_->apply(event);
  if (view_) unseen_.push_back(event);
  if (event.kind == EventKind::kExtended) pending_extension_ = true;
}

void StudyCore::sync() {
  for (const Event& event : storage_->read_after(live_->last_event())) take_in(event);
}

void StudyCore::stage(Event event) {
  event.time = clock_();
  event.id = storage_->append(event);
  staged_.push_back(std::move(event));
}

void StudyCore::transact(const std::function<void()>& body) {
  staged_.clear();
  storage_->exclusively([&] {
    sync();
    body();
  });
  for (const Event& event : staged_) take_in(event);
  staged_.clear();
}

void StudyCore::require_trial(std::int64_t trial) const {
  const auto count = static_cast<std::int64_t>(live_->size());
  if (trial >= 0 && trial < count) return;
  throw StudyError("study.unknown-trial",
                   "there is no trial " + std::to_string(trial) + "; the study has " +
                       (count == 0 ? "none yet" : "trials 0 to " + std::to_string(count - 1)) +
                       " (tell_point records a point that was never asked)");
}

void StudyCore::answer(std::int64_t trial, Answer given, bool amend) {
  const std::lock_guard lock(mutex_);
  transact([&] {
    require_trial(trial);
    const auto index = static_cast<std::size_t>(trial);
    const TrialState state = live_->state(index);
    const bool settled = state == TrialState::kTold || state == TrialState::kFailed;
    if (!amend && (settled || state == TrialState::kStopped)) {
      const auto stored = live_->answer(index);
      throw ToldTwiceError("trial " + std::to_string(trial) + " was told already (" +
                               (stored ? to_json(*stored) : std::string("stopped early")) +
                               "); use amend to replace its answer",
                           stored ? to_json(*stored) : "{\"stopped\": true}");
    }
    if (amend && !settled && state != TrialState::kStopped) {
      throw StudyError("study.not-told", "trial " + std::to_string(trial) + " is " +
                                             std::string(name_of(state)) +
                                             " and has no answer to amend; tell it first");
    }
    Answer answer = checked_answer(live_->query(index), std::move(given), live_->problem());
    const bool failed = std::holds_alternative<Failure>(answer);
    Event event = event_of(amend    ? EventKind::kAmended
                           : failed ? EventKind::kFailed
                                    : EventKind::kTold,
                           trial);
    set_answer(event, std::move(answer));
    stage(std::move(event));
  });
}

std::int64_t StudyCore::tell_point(const Assignment& values, Answer given) {
  const std::lock_guard lock(mutex_);
  std::int64_t number = -1;
  transact([&] {
    const Point point = live_->space().point(values);
    Answer answer = checked_answer(Evaluate{point}, std::move(given), live_->problem());
    number = static_cast<std::int64_t>(live_->size());
    AskRecord record;
    record.query = Evaluate{point};
    record.origin = Origin::kOutside;
    record.version = library_version();
    record.kernel = kernel_name();
    record.based_on = live_->last_event();
    record.owner = owner_;
    Event asked = event_of(EventKind::kAsked, number);
    asked.ask = std::make_shared<const AskRecord>(std::move(record));
    stage(std::move(asked));
    Event told = event_of(
        std::holds_alternative<Failure>(answer) ? EventKind::kFailed : EventKind::kTold, number);
    set_answer(told, std::move(answer));
    stage(std::move(told));
  });
  return number;
}

void StudyCore::enqueue(const Assignment& values) {
  const std::lock_guard lock(mutex_);
  transact([&] {
    AskRecord record;
    record.query = Evaluate{completed(live_->space(), values)};
    record.origin = Origin::kEnqueued;
    record.owner = owner_;
    Event event = event_of(EventKind::kEnqueued);
    event.ask = std::make_shared<const AskRecord>(std::move(record));
    stage(std::move(event));
  });
}

void StudyCore::extend(const Space& space) {
  const std::scoped_lock lock(solver_mutex_, mutex_);
  transact([&] {
    space.check_extends(live_->space());
    space.check_feasible();
    Problem extended = live_->problem();
    extended.space = space;
    Registry::global().make(config_.solver, extended,
                            config_.options);  // refuses what it cannot take
    Event event = event_of(EventKind::kExtended);
    event.text = space.to_json();
    stage(std::move(event));
  });
}

void StudyCore::set_budget(std::int64_t n_trials) {
  if (n_trials < 0) {
    throw OptionError("option.range", "n_trials is " + std::to_string(n_trials) +
                                          "; it must be 0 (unlimited) or positive");
  }
  const std::lock_guard lock(mutex_);
  transact([&] {
    Event event = event_of(EventKind::kBudget);
    event.step = static_cast<double>(n_trials);
    stage(std::move(event));
  });
}

void StudyCore::stop(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  transact([&] {
    if (live_->stopped()) return;
    Event event = event_of(EventKind::kStopped);
    event.text = reason;
    stage(std::move(event));
  });
}

void StudyCore::stop_trial(std::int64_t trial, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  transact([&] {
    require_trial(trial);
    if (live_->state(static_cast<std::size_t>(trial)) != TrialState::kPending) {
      throw StudyError("study.not-pending",
                       "trial " + std::to_string(trial) + " is " +
                           std::string(name_of(live_->state(static_cast<std::size_t>(trial)))) +
                           "; only a pending trial can be stopped");
    }
    Event event = event_of(EventKind::kStopped, trial);
    event.text = reason;
    stage(std::move(event));
  });
}

void StudyCore::report(std::int64_t trial, double step, double value) {
  if (!std::isfinite(step) || !std::isfinite(value)) return;  // nothing a scheduler could compare
  const std::lock_guard lock(mutex_);
  transact([&] {
    require_trial(trial);
    Event event = event_of(EventKind::kReported, trial);
    event.step = step;
    event.value = value;
    stage(std::move(event));
  });
}

void StudyCore::note(std::int64_t trial, std::string_view name, const Value& value) {
  const std::lock_guard lock(mutex_);
  transact([&] {
    require_trial(trial);
    Event event = event_of(EventKind::kNoted, trial);
    event.text = to_json(Assignment{{std::string(name), value}});
    stage(std::move(event));
  });
}

bool StudyCore::should_stop(std::int64_t trial) {
  // Median rule (Golovin et al. 2017, "Google Vizier", section 3.2.1): worse at its last step than
  // the median of at least five other trials at the same step.
  constexpr std::size_t kOthers = 5;
  return read([&](const History& history) {
    require_trial(trial);
    const auto mine = history.reports(static_cast<std::size_t>(trial));
    if (mine.empty()) return false;
    const auto [step, value] = mine.back();
    std::vector<double> others;
    for (std::size_t other = 0; other < history.size(); ++other) {
      if (static_cast<std::int64_t>(other) == trial) continue;
      const TrialState state = history.state(other);
      if (state != TrialState::kTold && state != TrialState::kStopped) continue;
      for (const auto& [other_step, other_value] : history.reports(other)) {
        if (other_step == step) others.push_back(other_value);
      }
    }
    if (others.size() < kOthers) return false;
    const auto middle = others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2);
    std::nth_element(others.begin(), middle, others.end());
    return value > *middle;
  });
}

void StudyCore::lapse_leases() {
  for (std::int64_t trial : live_->lapsed(clock_())) stage(event_of(EventKind::kLapsed, trial));
}

std::vector<Trial> StudyCore::adopt() {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> orphans;
  transact([&] {
    for (std::int64_t trial : live_->pending()) {
      if (OpenStudies::global().alive(live_->owner(static_cast<std::size_t>(trial)))) continue;
      orphans.push_back(trial);
      Event event = event_of(EventKind::kAdopted, trial);
      event.text = owner_;
      stage(std::move(event));
    }
  });
  std::vector<Trial> out;
  for (std::int64_t trial : orphans) out.push_back(handle(trial, *live_));
  return out;
}

void StudyCore::copy_to(const std::string& path) {
  if (file_has_study(path)) {
    throw StorageError("storage.exists", "there is a study in \"" + path +
                                             "\" already; choose another path or remove it first");
  }
  const std::lock_guard lock(mutex_);
  const std::vector<Event> events = storage_->read_after(0);
  const auto copy = FileStorage::open(path);
  copy->exclusively([&] {
    for (const Event& event : events) copy->append(event);
  });
}

Trial StudyCore::handle(std::int64_t number, const History& history) {
  Trial trial;
  const auto index = static_cast<std::size_t>(number);
  trial.number_ = number;
  trial.origin_ = history.origin(index);
  trial.record_ = std::make_shared<const AskRecord>(history.record(index));
  trial.study_ = weak_from_this();
  return trial;
}

}  // namespace asktell
