// Everything that happened in a study, as columns for solvers: one column a trial, in order of
// trial numbers, growing at the end. Objectives are minimized here whatever the user's direction.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <asktell/core/event.hpp>
#include <asktell/core/problem.hpp>

namespace asktell {

class History {
 public:
  using Columns = Eigen::Map<const Eigen::MatrixXd>;

  explicit History(Problem problem);
  History(const History&) = delete;  // made by replaying events, never by copying
  History& operator=(const History&) = delete;
  void apply(const Event& event);  // the only way anything gets in

  const Problem& problem() const { return problem_; }
  const Space& space() const { return problem_.space; }
  std::size_t dimension() const { return dimension_; }
  std::size_t size() const { return states_.size(); }  // trials, whatever their state

  // One column a trial; NaN where a trial has no such number (another query, not told, failed).
  Columns points() const;                          // dimension x size, unit cube
  Columns slots() const;                           // slots x size, native values
  Columns objectives() const;                      // objectives x size, minimized
  Columns constraints() const;                     // told constraints x size, <= 0 feasible
  double noise_variance(std::size_t trial) const;  // as told, else the problem's; -1 unknown
  double cost(std::size_t trial) const;            // as told; NaN without
  // Of the first objective as minimized, by the unit cube, as told: a number for each slot; empty
  // without. For spaces of real parameters.
  std::vector<double> gradient(std::size_t trial) const;

  TrialState state(std::size_t trial) const { return states_[trial]; }
  Origin origin(std::size_t trial) const { return origins_[trial]; }
  bool feasible(std::size_t trial) const;  // told, with every constraint <= 0

  // Trial numbers in the order in which answers arrived; an amended answer keeps its place.
  std::span<const std::int64_t> told() const { return told_; }
  std::span<const std::int64_t> failed() const { return failed_; }
  std::span<const std::int64_t> pending() const { return pending_; }  // ascending
  std::int64_t best() const {
    return best_;
  }                                          // feasible, lowest first objective, earliest; -1 none
  std::vector<std::int64_t> pareto() const;  // feasible and not dominated, ascending
  bool contains(std::span<const double> slots) const;  // asked or told before; lapsed ones not

  Query query(std::size_t trial) const;
  std::shared_ptr<const Answer> answer(std::size_t trial) const;  // null unless told or failed
  AskRecord record(std::size_t trial) const;  // without the memo, which only the last ask keeps
  const std::string& solver(std::size_t trial) const { return *metas_[trial].solver; }
  const std::string& ask_note(std::size_t trial) const { return metas_[trial].note; }
  std::span<const std::pair<double, double>> reports(std::size_t trial) const;  // (step, minimized)

  std::span<const double> memo() const { return memo_; }  // of the last ask that left one
  // Grows when something already told changed (amended, space extended): caches start over.
  std::uint64_t revision() const { return revision_; }
  std::int64_t last_event() const { return last_event_; }

  // For the study and its reports; solvers have no use for these.
  std::int64_t spent() const { return spent_; }  // trials that count against the budget
  std::size_t distinct_points() const { return by_slots_.size(); }  // asked or told, lapsed not
  std::vector<std::int64_t> lapsed(double now) const;  // pending with a lease that ran out
  std::string owner(std::size_t trial) const;
  bool stopped() const { return stopped_; }
  const std::string& stop_reason() const { return stop_reason_; }
  const std::deque<std::shared_ptr<const AskRecord>>& queue() const { return queue_; }  // enqueued
  const Assignment& notes(std::size_t trial) const;
  std::pair<double, double> times(std::size_t trial) const { return times_[trial]; }  // asked, told

 private:
  // What is kept of an ask besides its point; words that repeat are shared.
  struct Meta {
    const std::string* solver;
    const std::string* version;
    const std::string* kernel;
    const std::string* owner;
    std::int64_t based_on;
    double lease_until;
    std::string note;
  };

  void add_trial(const Event& event);
  void settle(const Event& event);  // told, failed, amended
  void set_state(std::size_t trial, TrialState state);
  void write_answer(std::size_t trial, const Event& event);
  void clear_answer(std::size_t trial);
  void extend(const Event& event);
  void consider_best(std::int64_t trial);
  void resize_columns(std::size_t trials);
  void count_point(std::size_t trial, int change);
  std::span<const double> slots_of(std::size_t trial) const;
  bool has_point(std::size_t trial) const { return queries_.find(trial) == queries_.end(); }
  const std::string* shared(const std::string& word);

  Problem problem_;
  std::size_t dimension_ = 0;
  std::vector<double> points_, slots_, objectives_, constraints_, noise_variances_;
  std::vector<TrialState> states_;
  std::vector<Origin> origins_;
  std::vector<Meta> metas_;
  std::vector<std::pair<double, double>> times_;
  std::unordered_map<std::size_t, std::shared_ptr<const AskRecord>> queries_;  // not Evaluate
  std::unordered_map<std::size_t, std::shared_ptr<const Answer>> answers_;     // not a plain value
  std::vector<std::int64_t> told_, failed_, pending_;
  std::unordered_map<std::size_t, std::int64_t> by_slots_;  // hash of slots -> trials with them
  std::map<std::size_t, std::vector<std::pair<double, double>>> reports_;
  std::map<std::size_t, Assignment> notes_;
  std::set<std::string> words_;
  std::deque<std::shared_ptr<const AskRecord>> queue_;
  std::vector<double> memo_;
  std::int64_t best_ = -1;
  std::int64_t spent_ = 0;
  std::int64_t last_event_ = 0;
  std::uint64_t revision_ = 0;
  bool leases_ = false;
  bool stopped_ = false;
  std::string stop_reason_;
};

}  // namespace asktell
