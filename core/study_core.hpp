// The engine behind Study and Trial (private). Everything that changes a study goes through
// transact(): take in what others did, append events to storage, commit, and only then apply them
// to the history.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <asktell/core/history.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/storage.hpp>
#include <asktell/core/study.hpp>

namespace asktell {

// What the `created` event records, and what reopening compares.
struct StudyConfig {
  Problem problem = {};
  std::string solver = {};
  Assignment options = {};
  double lease = 0;
};

std::string to_json(const StudyConfig& config);
StudyConfig config_from_json(std::string_view json);
// Of a new study: checks names and directions, draws a seed; of an existing one see reconcile.
StudyConfig config_from_options(const StudyOptions& options);
// Throws StudyError "study.changed" showing how `wanted` differs from what the file holds.
void reconcile(const StudyConfig& stored, const Space& current, const StudyOptions& wanted,
               const std::string& path);

class StudyCore : public std::enable_shared_from_this<StudyCore> {
 public:
  explicit StudyCore(StudyOptions options);
  ~StudyCore();
  StudyCore(const StudyCore&) = delete;
  StudyCore& operator=(const StudyCore&) = delete;

  std::vector<Trial> ask(std::size_t count, const AskOptions& options);
  std::vector<Trial> ask_from(std::span<const Assignment> candidates, std::size_t count,
                              const AskOptions& options);
  void answer(std::int64_t trial, Answer answer, bool amend);
  std::int64_t tell_point(const Assignment& point, Answer answer);
  void enqueue(const Assignment& point);
  void extend(const Space& space);
  void set_budget(std::int64_t n_trials);
  void stop(std::string_view reason);
  void stop_trial(std::int64_t trial, std::string_view reason);
  void report(std::int64_t trial, double step, double value);
  void note(std::int64_t trial, std::string_view name, const Value& value);
  bool should_stop(std::int64_t trial);
  std::vector<Trial> adopt();
  std::int64_t recommend();
  std::optional<Outlook> outlook();
  bool exhausted();
  std::string description();
  void copy_to(const std::string& path);

  // Reads under the lock, after taking in what other processes did.
  template <typename Body>
  auto read(Body body) {
    const std::lock_guard lock(mutex_);
    sync();
    return body(static_cast<const History&>(*live_));
  }
  Trial handle(std::int64_t number, const History& history);

  const StudyConfig& config() const { return config_; }
  const std::string& file() const { return file_; }

 private:
  // What an ask is for.
  struct Wanted {
    std::size_t count;
    const AskOptions& options;
    std::span<const Point> candidates = {};  // empty: the whole space

    // Trials of the queue that are asked first; a list has nothing to do with it.
    std::size_t queued(const History& history, std::size_t allowed) const {
      return candidates.empty() ? std::min(allowed, history.queue().size()) : 0;
    }
  };
  struct Plan {
    std::vector<Proposal> proposals;
    std::int64_t based_on = 0;
    std::size_t trials = 0;  // how many there were when it was made
  };

  void open_or_create(const StudyOptions& options);
  void transact(const std::function<void()>& body);  // storage lock, sync, body, commit, apply
  void sync();                                       // takes in events of other processes
  void stage(Event event);                           // inside transact
  void take_in(const Event& event);
  void make_solver();
  void lapse_leases();
  void require_trial(std::int64_t trial) const;

  // Asking; see ask() for the protocol.
  std::size_t room(const History& history, std::size_t count) const;
  bool space_visited(const History& history);
  std::vector<Trial> ask(const Wanted& wanted);
  Plan plan(const History& history, const Wanted& wanted);
  void bring_up_view();  // solver_ and view_ as of live_; both locks held
  void stage_asks(const Plan& plan, const Wanted& wanted, std::vector<std::int64_t>& numbers);
  std::vector<Trial> handles(const std::vector<std::int64_t>& numbers);
  void pin(Proposal& proposal, const AskOptions& options, const std::vector<double>& fixed,
           const Request& request, std::size_t offset) const;
  std::vector<double> fixed_coordinates(const AskOptions& options) const;
  void require_choice_from_list(const AskOptions& options) const;
  Origin honest_origin(const Proposal& proposal, const std::vector<const Point*>& earlier) const;

  StudyConfig config_;
  std::string file_;
  std::function<double()> clock_;
  std::string owner_;
  std::mutex mutex_;         // live_, staged_, storage_, unseen_
  std::mutex solver_mutex_;  // solver_, view_; taken before mutex_
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<History> live_;
  std::vector<Event> staged_;
  // Solvers that take their time read a history of their own, brought up to date before each ask.
  std::unique_ptr<History> view_;
  std::vector<Event> unseen_;
  std::unique_ptr<Solver> solver_;
  Capabilities capabilities_;
  std::optional<std::size_t> cardinality_;  // of the space; unset: not counted yet
  bool pending_extension_ = false;          // the solver must be made anew
};

// Which answers fit which query; NaN and infinities become failures. Throws StudyError.
Answer checked_answer(const Query& query, Answer answer, const Problem& problem);

// A plain value goes into Event::value, everything else into Event::answer.
void set_answer(Event& event, Answer answer);

// A whole point from some of its values: the rest is at its default, or in the middle.
Point completed(const Space& space, const Assignment& values);

bool file_has_study(const std::string& path);  // exists and is not empty

// An event of this kind and nothing else.
inline Event event_of(EventKind kind, std::int64_t trial = -1) {
  Event event;
  event.kind = kind;
  event.trial = trial;
  return event;
}

}  // namespace asktell
