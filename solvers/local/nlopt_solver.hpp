// An NLopt method as a solver. NLopt runs on a worker (CallbackBridge) and is answered from the
// history, by point: what it wants to know and the history knows is answered at once, what the
// history does not know is asked. A fresh instance is thus brought up to date by running NLopt from
// the start against the recorded answers, and proposes what the unbroken one would.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <asktell/core/solver.hpp>
#include <asktell/solvers/design/feasible.hpp>
#include <asktell/solvers/local/nlopt_run.hpp>

namespace asktell {

struct NloptOptions {
  std::string start = "middle";  // the box is the user's guess, its middle the best single one
  double initial_step = 0.1;     // of the unit cube: Powell's advice of a tenth of the range
  double tolerance = 1e-6;       // of the unit cube: a millionth of the range, then elsewhere
  std::int64_t population = 0;   // 0: NLopt's own, 10(d+1) for CRS2, 20(d+1) for ISRES
  double difference = 1e-6;  // balances error of order h with noise of 1e-12 relative in the values
};

class NloptSolver final : public Solver {
 public:
  NloptSolver(const Problem& problem, NloptOptions options, NloptMethod method);
  ~NloptSolver() override;

  std::vector<Proposal> propose(const History& history, const Request& request) override;

 private:
  using Key = std::string;  // bytes of a point's slots

  // What the history says about a point.
  struct Known {
    enum State { kUnknown, kPending, kFailed, kTold } state = kUnknown;
    std::int64_t trial = -1;
  };

  static Key key_of(std::span<const double> slots);
  void restart();  // forgets everything that was computed
  void take_in(const History& history);
  Known known(const History& history, const Key& key) const;

  // Runs NLopt until it wants something unknown; fills missing_, waits_ and note_.
  void advance(const History& history);
  void start_run(const History& history);
  void end_run(std::string outcome);
  bool resolve(const History& history, const CallbackBridge::Request& request);
  Known look_up(const History& history, std::span<const double> unit);
  bool add_differences(const History& history, const std::vector<double>& center,
                       const CallbackBridge::Reply& reply, std::vector<double>& gradient);
  static std::vector<double> told_gradient(const History& history, std::int64_t trial);
  CallbackBridge::Reply reply_of(const History& history, const Known& known);
  std::optional<CallbackBridge::Reply> failure_reply();
  std::vector<double> first_start(const History& history) const;
  std::vector<double> random_start(const Space& space, std::uint64_t seed) const;
  std::optional<Draw> fall_back(const History& history, const Visited& visited,
                                const Request& request, std::size_t offset);

  NloptOptions options_;
  NloptMethod method_;
  FeasibleSampler sampler_;

  // Of the history: trials by point, and what NLopt was told from it.
  std::unordered_map<Key, std::vector<std::int64_t>> trials_;
  std::unordered_map<Key, Known> used_;
  std::size_t indexed_ = 0, seen_told_ = 0;
  std::uint64_t revision_ = 0;

  // Of the run.
  std::unique_ptr<CallbackBridge> bridge_;
  pid_t process_ = 0;  // the worker does not survive a fork
  std::uint64_t run_ = 0;
  std::unordered_set<Key> asked_in_run_;
  bool new_in_run_ = false, differences_ = false, finished_ = false;
  std::size_t repeated_ = 0, barren_runs_ = 0, answered_in_run_ = 0;
  double best_in_run_ = 0, worst_in_run_ = 0;

  // Of the current state.
  std::vector<Point> missing_;  // what NLopt waits for and nobody was asked
  std::int64_t waits_ = -1;     // pending trial that NLopt waits for
  std::string note_;            // why the run started, or why NLopt has nothing to say
};

}  // namespace asktell
