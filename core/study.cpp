// The public face of StudyCore; see study.hpp.
#include <asktell/core/study.hpp>

#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/core/study_core.hpp>

namespace asktell {
namespace {

std::int64_t number_of(const Trial& trial) {
  if (trial) return trial.number();
  throw StudyError("study.empty-trial",
                   "an empty trial cannot be told: the study was exhausted when it was asked; test "
                   "the trial before using it");
}

Trial handle_or_empty(const std::shared_ptr<StudyCore>& core, std::int64_t number) {
  if (number < 0) return {};
  return core->read([&](const History& history) { return core->handle(number, history); });
}

}  // namespace

Study::Study(StudyOptions options) : core_(std::make_shared<StudyCore>(std::move(options))) {}

Trial Study::ask(const AskOptions& options) {
  if (problem().oracle == Oracle::kConsult) {
    throw StudyError(
        "study.group",
        "a study of \"consult\" queries asks for groups; use ask(1), which returns the "
        "whole group, or drive(study, oracles)");
  }
  std::vector<Trial> trials = core_->ask(1, options);
  return trials.empty() ? Trial() : std::move(trials.front());
}

std::vector<Trial> Study::ask(std::size_t n, const AskOptions& options) {
  return n == 0 ? std::vector<Trial>() : core_->ask(n, options);
}

std::vector<Trial> Study::ask_from(std::span<const Assignment> candidates, std::size_t n,
                                   const AskOptions& options) {
  return core_->ask_from(candidates, n, options);
}

void Study::tell(const Trial& trial, double value) {
  core_->answer(number_of(trial), Values{.objectives = {value}}, false);
}
void Study::tell(const Trial& trial, Answer answer) {
  core_->answer(number_of(trial), std::move(answer), false);
}
void Study::tell(std::int64_t trial, Answer answer) {
  core_->answer(trial, std::move(answer), false);
}
void Study::fail(const Trial& trial, std::string_view reason) {
  fail(number_of(trial), reason);
}
void Study::fail(std::int64_t trial, std::string_view reason) {
  core_->answer(trial, Failure{std::string(reason)}, false);
}
std::int64_t Study::tell_point(const Assignment& point, Answer answer) {
  return core_->tell_point(point, std::move(answer));
}
void Study::enqueue(const Assignment& point) {
  core_->enqueue(point);
}
void Study::amend(std::int64_t trial, Answer answer) {
  core_->answer(trial, std::move(answer), true);
}
void Study::extend(const Space& space) {
  core_->extend(space);
}
void Study::set_budget(std::int64_t n_trials) {
  core_->set_budget(n_trials);
}
void Study::stop(std::string_view reason) {
  core_->stop(reason);
}

Trial Study::best() const {
  return handle_or_empty(core_, core_->read([](const History& h) { return h.best(); }));
}
std::optional<Outlook> Study::outlook() const {
  return core_->outlook();
}

Trial Study::recommend() const {
  return handle_or_empty(core_, core_->recommend());
}

std::vector<Trial> Study::pareto() const {
  return core_->read([&](const History& history) {
    std::vector<Trial> out;
    for (std::int64_t trial : history.pareto()) out.push_back(core_->handle(trial, history));
    return out;
  });
}

Trial Study::trial(std::int64_t number) const {
  return core_->read([&](const History& history) {
    const auto count = static_cast<std::int64_t>(history.size());
    if (number >= 0 && number < count) return core_->handle(number, history);
    throw StudyError("study.unknown-trial", "there is no trial " + std::to_string(number) +
                                                "; the study has " + std::to_string(count));
  });
}

std::vector<Trial> Study::trials() const {
  return core_->read([&](const History& history) {
    std::vector<Trial> out;
    for (std::size_t i = 0; i < history.size(); ++i) {
      out.push_back(core_->handle(static_cast<std::int64_t>(i), history));
    }
    return out;
  });
}

std::vector<Trial> Study::pending() const {
  return core_->read([&](const History& history) {
    std::vector<Trial> out;
    for (std::int64_t trial : history.pending()) out.push_back(core_->handle(trial, history));
    return out;
  });
}

std::vector<Trial> Study::adopt() {
  return core_->adopt();
}

std::size_t Study::size() const {
  return core_->read([](const History& history) { return history.size(); });
}
std::size_t Study::told() const {
  return core_->read([](const History& history) { return history.told().size(); });
}
std::size_t Study::finished_trials() const {
  return core_->read([](const History& history) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < history.size(); ++i) {
      const TrialState state = history.state(i);
      const bool open = state == TrialState::kPending || state == TrialState::kLapsed;
      count += !open && history.origin(i) != Origin::kOutside;
    }
    return count;
  });
}
bool Study::exhausted() const {
  return core_->exhausted();
}
bool Study::stopped() const {
  return core_->read([](const History& history) { return history.stopped(); });
}
std::string Study::stop_reason() const {
  return core_->read([](const History& history) { return history.stop_reason(); });
}
Problem Study::problem() const {
  return core_->read([](const History& history) { return history.problem(); });
}
Space Study::space() const {
  return core_->read([](const History& history) { return history.space(); });
}
std::uint64_t Study::seed() const {
  return core_->config().problem.seed;
}
std::string Study::solver() const {
  return core_->config().solver;
}
const std::string& Study::file() const {
  return core_->file();
}

Diagnostics Study::diagnostics() const {
  Diagnostics out = core_->read([](const History& history) {
    Diagnostics counts;
    for (std::size_t i = 0; i < history.size(); ++i) {
      counts.asked += history.origin(i) != Origin::kOutside;
      counts.told += history.state(i) == TrialState::kTold;
      counts.failed += history.state(i) == TrialState::kFailed;
      counts.pending += history.state(i) == TrialState::kPending;
      counts.lapsed += history.state(i) == TrialState::kLapsed;
      counts.stopped += history.state(i) == TrialState::kStopped;
      counts.fallbacks += history.origin(i) == Origin::kFallback;
      counts.duplicates += history.origin(i) == Origin::kReplicate;
    }
    return counts;
  });
  out.solver = solver();
  out.description = core_->description();
  return out;
}

void Study::refresh() const {
  core_->read([](const History&) { return 0; });
}
void Study::copy_to(const std::string& path) const {
  core_->copy_to(path);
}
void Study::inspect(const std::function<void(const History&)>& body) const {
  core_->read([&](const History& history) {
    body(history);
    return 0;
  });
}

}  // namespace asktell
