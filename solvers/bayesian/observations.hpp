// What a model of the objective learns from: the trials that were told or failed, as columns, in an
// order that does not depend on the order of the answers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <Eigen/Core>

#include <asktell/core/solver.hpp>

namespace asktell {

struct Observations {
  Eigen::MatrixXd x;                 // d x n, unit cube
  Eigen::VectorXd y;                 // n, to be minimized; a failed trial has the worst value told
  Eigen::VectorXd noise;             // n, variance as told or the problem's; -1 unknown
  std::vector<std::int64_t> trials;  // n, ascending
  std::vector<bool> failed;          // n
  // d x n, by the unit cube, a column of NaN where none was told; 0 columns where none was at all,
  // or the space does not fill the cube (steps, conditions, parameters that are not real).
  Eigen::MatrixXd gradient = {};
  Eigen::Index total = 0;  // before a limit left some out: what refits are due by

  Eigen::Index size() const { return y.size(); }
  Eigen::Index best() const;                   // column of the lowest value; -1 when empty
  std::vector<Eigen::Index> by_value() const;  // columns, lowest value first, ties by trial
  Eigen::MatrixXd incumbents(double share = 0.05) const;  // the best columns of x, at least one
  Observations subset(std::span<const Eigen::Index> columns) const;
  Observations without_failures() const;
};

// Failures count as the worst value seen: that keeps a model away from them. Answers of infinite
// noise say nothing and are left out. Beyond max_points: the better half and the latest. Empty
// while no value was told.
Observations collect_observations(const History& history, std::size_t max_points);

// Whether evaluating a point again gives another value: as the problem says; where it does not say,
// as trials at equal points show.
enum class Noise { kNone, kSome, kUnknown };
Noise noise_of(const Problem& problem, const Observations& observations);

// Whether failures say where not to look: each trial's five nearest neighbours predict whether it
// failed better than the share of failures does (log density). Where they do not, a model is better
// off without failures; should it then go where trials fail, they gather there and count again.
bool failures_cluster(const Observations& data);
Observations without_scattered_failures(const Observations& data);  // none, or all that there are

// Columns told whose value is not far above the others: what a model can take as it is.
std::vector<Eigen::Index> sound_columns(const Observations& data);

// Points of pending trials and of what this ask proposed so far: d x p.
Eigen::MatrixXd pending_points(const History& history, std::span<const Proposal> proposed = {});

}  // namespace asktell
