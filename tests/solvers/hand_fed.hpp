// A history fed by hand, for tests that watch a solver step by step without a study: asks are
// recorded as a study records them, answers come in whatever order the test wants.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <asktell/core/registry.hpp>

namespace asktell::testing {

class HandFed {
 public:
  explicit HandFed(const Problem& problem) : history(problem), created_(problem) {}

  // Numbers of the trials that the solver proposed.
  std::vector<std::int64_t> ask(Solver& solver, std::size_t count = 1) {
    return record(solver.propose(history, request(count)));
  }

  Request request(std::size_t count = 1) const {
    Request wanted;
    wanted.ask = static_cast<std::int64_t>(history.size());
    wanted.count = count;
    wanted.seed = created_.seed;
    return wanted;
  }

  std::vector<std::int64_t> record(const std::vector<Proposal>& proposals) {
    std::vector<std::int64_t> numbers;
    for (const Proposal& proposal : proposals) {
      AskRecord ask;
      ask.query = proposal.query;
      ask.origin = proposal.origin;
      ask.memo = proposal.memo;
      ask.note = proposal.note;
      Event event = next(EventKind::kAsked, static_cast<std::int64_t>(history.size()));
      event.ask = std::make_shared<const AskRecord>(std::move(ask));
      numbers.push_back(event.trial);
      feed(event);
    }
    return numbers;
  }

  void tell(std::int64_t trial, const Answer& answer) { settle(EventKind::kTold, trial, answer); }
  void fail(std::int64_t trial) { settle(EventKind::kFailed, trial, Failure{"no answer"}); }
  void amend(std::int64_t trial, const Answer& answer) {
    settle(EventKind::kAmended, trial, answer);
  }

  void extend(const Space& space) {
    Event event = next(EventKind::kExtended, -1);
    event.text = space.to_json();
    feed(event);
  }

  template <typename Kind>
  Kind query(std::int64_t trial) const {
    return std::get<Kind>(history.query(static_cast<std::size_t>(trial)));
  }

  // A second history of the same events, as after reopening.
  std::unique_ptr<History> replayed() const {
    auto copy = std::make_unique<History>(created_);
    for (const Event& event : events_) copy->apply(event);
    return copy;
  }

  History history;

 private:
  Event next(EventKind kind, std::int64_t trial) {
    Event event;
    event.id = static_cast<std::int64_t>(events_.size()) + 1;
    event.kind = kind;
    event.trial = trial;
    return event;
  }
  void settle(EventKind kind, std::int64_t trial, const Answer& answer) {
    Event event = next(kind, trial);
    event.answer = std::make_shared<const Answer>(answer);
    if (const auto* values = std::get_if<Values>(&answer)) event.value = values->objectives[0];
    feed(event);
  }
  void feed(const Event& event) {
    events_.push_back(event);
    history.apply(event);
  }

  Problem created_;
  std::vector<Event> events_;
};

inline std::unique_ptr<Solver> make_solver(const std::string& name, const Problem& problem,
                                           const Assignment& options = {}) {
  return Registry::global().make(name, problem, options);
}

// One text for what a solver would ask next.
inline std::string next_ask(Solver& solver, const HandFed& fed, const History& history,
                            std::size_t count = 1) {
  std::string text;
  for (const Proposal& proposal : solver.propose(history, fed.request(count))) {
    text += to_json(proposal.query) + proposal.note;
    for (double number : proposal.memo) text += " " + to_json(Value(number));
    text += "\n";
  }
  return text;
}

// What a solver asks next after batches whose answers came in order, or backwards. value: of a
// Point.
template <typename Value>
std::string next_after_batches(const std::string& name, const Problem& problem,
                               const Assignment& options, int rounds, std::size_t batch,
                               bool backwards, const Value& value) {
  HandFed fed(problem);
  const auto solver = make_solver(name, problem, options);
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::int64_t> trials = fed.ask(*solver, batch);
    if (backwards) std::reverse(trials.begin(), trials.end());
    for (std::int64_t trial : trials) {
      fed.tell(trial, Values{{value(fed.query<Evaluate>(trial).point)}});
    }
  }
  return next_ask(*make_solver(name, problem, options), fed, fed.history, batch);
}

// One vector parameter x in [0, 1]^d.
inline Space unit_cube(std::size_t d) {
  ParameterOptions many;
  many.size = d;
  return Space().real("x", 0, 1, many);
}

}  // namespace asktell::testing
