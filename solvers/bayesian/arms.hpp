// Which of several ways to propose is used next: a bandit on how often each lowered the incumbent
// lately. All that it knows is in the memo.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <asktell/core/history.hpp>

namespace asktell {

class Arms {
 public:
  explicit Arms(std::size_t count) : wins_(count, 1.0), tries_(count, 1.0) {}

  // A proposal of an arm; `incumbent`: the lowest value when it was made.
  void propose(std::int64_t trial, std::size_t arm, double incumbent);
  // Takes in what was answered since: an answer below the incumbent of its time is a win.
  void settle(const History& history);

  // Share of wins, older proposals discounted; 1 at first.
  double rate(std::size_t arm) const { return wins_[arm] / tries_[arm]; }
  // The share of proposals each usable arm gets: in proportion to the rates, at least `least`.
  std::vector<double> shares(const std::vector<bool>& usable, double least) const;

  void write(std::vector<double>& memo) const;     // appends
  std::size_t read(std::span<const double> memo);  // numbers taken; 0: not of so many arms

 private:
  struct Open {
    std::int64_t trial;
    std::size_t arm;
    double incumbent;
  };
  std::vector<double> wins_, tries_;
  std::vector<Open> open_;  // answers awaited, by trial
};

}  // namespace asktell
