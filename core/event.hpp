// The journal's alphabet. A study is its events; everything else is computed from them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <asktell/core/query.hpp>

namespace asktell {

// Stored by value: append, never renumber.
enum class EventKind : std::uint8_t {
  kCreated = 0,   // text: the study's configuration as JSON
  kExtended = 1,  // text: the extended space as JSON
  kAsked = 2,     // ask
  kReported = 3,  // step, value
  kTold = 4,      // answer (never a Failure)
  kFailed = 5,    // answer (a Failure)
  kAmended = 6,   // answer that replaces the recorded one
  kEnqueued = 7,  // ask->query: a point to be asked next, trial = -1
  kLapsed = 8,    // the lease of the trial ran out; its budget is free again
  kStopped = 9,   // trial >= 0: the trial was stopped early; trial = -1: the study; text: reason
  kNoted = 10,    // text: a JSON object of the user's notes on the trial
  kBudget = 11,   // step: the study's new n_trials
  kAdopted = 12,  // text: the process that evaluates the pending trial from now on
};

enum class Origin : std::uint8_t {
  kDesign = 0,     // initial or space-filling design
  kModel = 1,      // the solver's own rule
  kFallback = 2,   // the rule could not answer; the note says why
  kEnqueued = 3,   // asked for by the user
  kReplicate = 4,  // a deliberate repetition of an evaluated point
  kOutside = 5,    // told without being asked
};

enum class TrialState : std::uint8_t {
  kPending = 0,
  kTold = 1,
  kFailed = 2,
  kLapsed = 3,   // counts as never asked, until its answer arrives after all
  kStopped = 4,  // ended early on purpose; its reports remain
};

std::string_view name_of(Origin origin);
std::string_view name_of(TrialState state);

// What is recorded of an ask: a fact, never regenerated.
struct AskRecord {
  Query query = {};
  Origin origin = Origin::kModel;
  std::string solver = {};        // who proposed
  std::string version = {};       // of the library
  std::string kernel = {};        // arithmetic used: "baseline", "avx2", "avx512"
  std::int64_t based_on = 0;      // last event the proposal knew
  std::vector<double> memo = {};  // numbers the next ask starts from
  std::string note = {};          // why, for people: "fallback: ...", "log_ei 0.31"
  std::string owner = {};         // process that asked: "host:pid:start"
  double lease_until = 0;         // seconds since the epoch; 0: never lapses
};

struct Event {
  std::int64_t id = 0;  // position in the journal, from 1
  EventKind kind = EventKind::kCreated;
  std::int64_t trial = -1;
  double time = 0;  // seconds since the epoch; for people, never read by solvers
  double step = 0;
  double value = 0;
  std::string text = {};
  std::shared_ptr<const AskRecord> ask = {};
  std::shared_ptr<const Answer> answer = {};  // null in kTold and kAmended: one objective, `value`
};

}  // namespace asktell
