// A study: one black-box problem, its trials, and the solver that chooses them.
//
//   asktell::Study study({.space = asktell::Space().real("x", -5, 10), .file = "study.db", .seed =
//   7}); while (study.told() < 40) {
//     asktell::Trial trial = study.ask();
//     study.tell(trial, simulate(trial["x"]));
//   }
//   std::cout << study.best();
//
// Life of a trial: asked (pending) -> told | failed | stopped; a pending trial whose lease lapses
// frees its place in the budget, and its late answer still counts, once. All methods may be called
// from any number of threads, and from any number of processes on one file.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <asktell/core/event.hpp>
#include <asktell/core/outlook.hpp>
#include <asktell/core/problem.hpp>
#include <asktell/core/storage.hpp>

namespace asktell {

class StudyCore;
class History;

struct StudyOptions {
  Space space = {};                           // of a new study; may be empty when `file` holds one
  std::string file = {};                      // SQLite journal, created when missing; "": in memory
  std::optional<std::uint64_t> seed = {};     // drawn from the system and recorded when unset
  std::string solver = "auto";                // a name from the registry
  Assignment options = {};                    // of the solver, by its schema
  std::string direction = "minimize";         // or "maximize": of a single objective
  std::vector<Objective> objectives = {};     // several, with names; overrides direction
  std::vector<std::string> constraints = {};  // names of told constraints, <= 0 feasible
  std::optional<double> noise = {};           // variance; 0: deterministic; unset: unknown
  std::int64_t n_trials = 0;                  // budget shared by all processes; 0: unlimited
  std::optional<Oracle> oracle = {};          // unset: the solver's first
  Space lower_space = {};                     // y of Consult problems
  double lease = 0;                           // seconds until a pending trial lapses; 0: never
  Durability durability = Durability::kProcess;
  std::function<double()> clock = {};  // seconds since the epoch; for leases only
};

// Where the study left off, why, and how often something gave way.
struct Diagnostics {
  std::string solver = {};
  std::string description = {};  // the solver's own line
  std::int64_t asked = 0, told = 0, failed = 0, pending = 0, lapsed = 0, stopped = 0;
  std::int64_t fallbacks = 0;   // asks with origin fallback
  std::int64_t duplicates = 0;  // asks with origin replicate
};

// One trial: a read-only mapping of parameters, plus a handle to its study.
class Trial {
 public:
  Trial() = default;
  explicit operator bool() const { return number_ >= 0; }  // false: nothing to evaluate (exhausted)

  std::int64_t number() const { return number_; }
  const Query& query() const;                     // StudyError "study.empty-trial" when empty
  const Point& point() const;                     // of an Evaluate
  Value operator[](std::string_view name) const;  // parameter of an Evaluate
  std::vector<double> vector() const;             // native values, the space's order
  Origin origin() const { return origin_; }
  TrialState state() const;                      // now, not when the trial was copied
  std::shared_ptr<const Answer> answer() const;  // null while pending
  double value() const;                          // first objective, user's sign; NaN without
  std::uint64_t seed() const;                    // for the objective's own randomness
  std::string note() const;                      // the solver's: why this point, or why a fallback
  Assignment notes() const;                      // the user's

  void report(double step, double value) const;   // intermediate value, user's sign
  bool should_stop() const;                       // median rule over reports at the same step
  void stop(std::string_view reason = "") const;  // ends it early; its reports remain
  void note(std::string_view name, Value value) const;

 private:
  friend class StudyCore;
  std::int64_t number_ = -1;
  Origin origin_ = Origin::kModel;
  std::shared_ptr<const AskRecord> record_;
  std::weak_ptr<StudyCore> study_;
};

std::ostream& operator<<(std::ostream& out,
                         const Trial& trial);  // "trial 31: 0.3979 at x = 3.1416"

struct AskOptions {
  Assignment fixed = {};    // parameters held at a value
  Assignment context = {};  // values of the parameters whose role is context; required for those
  // Evaluated by someone else (a person, another program): never adopted, only its lease frees it.
  bool detached = false;
};

class Study {
 public:
  // Opens `file` when it exists (space, solver and seed may then be omitted, and must agree when
  // given), else creates the study. Throws SpaceError, OptionError, SolverError, StorageError.
  explicit Study(StudyOptions options);

  // Empty trial when exhausted or stopped. Throws StudyError "study.group" for Consult problems.
  Trial ask(const AskOptions& options = {});
  // At most n (fewer when the budget or the space ends); for Consult the whole group, whatever n.
  std::vector<Trial> ask(std::size_t n, const AskOptions& options = {});
  // The best of the given points, at most n: where only these can be evaluated (samples in stock,
  // recorded runs, another program's proposals). Each names its active parameters but those of
  // context. Points evaluated before are passed over unless the study was given noise above 0;
  // fewer than n when no other is left; queued points wait. Throws PointError for a point outside
  // of the space, StudyError "study.no-candidates", SolverError "solver.capability" of a solver
  // that cannot choose from a list.
  std::vector<Trial> ask_from(std::span<const Assignment> candidates, std::size_t n = 1,
                              const AskOptions& options = {});

  void tell(const Trial& trial, double value);   // a NaN or infinity is recorded as a failure
  void tell(const Trial& trial, Answer answer);  // ToldTwiceError, StudyError "study.wrong-answer"
  void tell(std::int64_t trial, Answer answer);  // StudyError "study.unknown-trial"
  void fail(const Trial& trial, std::string_view reason);
  void fail(std::int64_t trial, std::string_view reason);
  std::int64_t tell_point(const Assignment& point, Answer answer);  // past data; outside the budget
  void enqueue(const Assignment& point);          // asked next; free parameters: default or middle
  void amend(std::int64_t trial, Answer answer);  // replaces a recorded answer
  void extend(const Space& space);                // wider bounds, more choices, more parameters
  void set_budget(std::int64_t n_trials);
  void stop(std::string_view reason = "");
  // Columns named as the parameters, and the objective's name ("value"); returns rows told.
  std::size_t import_csv(const std::string& path);

  Trial best() const;       // best feasible told; empty when none
  Trial recommend() const;  // what to use in the end: the solver's word, noise considered
  // What the solver expects of going on: a reason to stop, and how far from the optimum the best
  // may be. Nothing for solvers without a model.
  std::optional<Outlook> outlook() const;
  std::vector<Trial> pareto() const;
  Trial trial(std::int64_t number) const;  // StudyError "study.unknown-trial"
  std::vector<Trial> trials() const;
  std::vector<Trial> pending() const;
  // Pending trials whose owner is gone, now owned by this process: to be evaluated again.
  std::vector<Trial> adopt();
  std::size_t size() const;             // trials of any state
  std::size_t told() const;             // with an answer, failures not counted
  std::size_t finished_trials() const;  // told, failed or stopped, within the budget
  bool exhausted() const;  // nothing may be asked any more: budget spent or space visited
  bool stopped() const;
  std::string stop_reason() const;
  Problem problem() const;  // with the space as extended
  Space space() const;
  std::uint64_t seed() const;
  std::string solver() const;
  const std::string& file() const;
  Diagnostics diagnostics() const;
  void refresh() const;                         // takes in what other processes did
  void copy_to(const std::string& path) const;  // the whole journal into a new file
  // Runs `body` on the history, which stays as it is meanwhile. For solvers, plots and tests.
  void inspect(const std::function<void(const History&)>& body) const;

 private:
  std::shared_ptr<StudyCore> core_;
};

// Callbacks that answer queries; a problem needs those of its oracle only. An exception becomes a
// Failure.
struct Oracles {
  std::function<Values(const Trial&)> evaluate;
  std::function<Ranking(const Compare&)> compare;
  std::function<Losses(const Perturb&)> perturb;
  std::function<Consulted(const Consult&)> consult;
};

// Asks and tells until the study is exhausted or `n_trials` more were told. Returns the number
// told.
std::size_t drive(Study& study, const Oracles& oracles, std::size_t n_trials = SIZE_MAX);

// x += scale * z(seed), in place and without further memory; the vector half of Perturb.
void apply(std::span<float> x, const Move& move);
void apply(std::span<double> x, const Move& move);
// Makes the query's moves, measures `loss` at both sides and comes back; three passes over x.
Losses measure(std::span<float> x, const Perturb& query, const std::function<double()>& loss);
Losses measure(std::span<double> x, const Perturb& query, const std::function<double()>& loss);

}  // namespace asktell
