// Values that models of objectives must survive, each played in a study of two reals: the search
// must still get near the minimum of a parabola as far as the values allow it.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/core/study.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>
#include <asktell/tests/solvers/over_seeds.hpp>

namespace asktell::testing {

// The value told for trial number i of a true value; none: the trial fails.
using Spoiled = std::function<std::optional<double>(std::size_t i, double value)>;

// Lowest true value after `trials` evaluations; the minimum is 0 at (0.3, 0.6), values at the
// corners are about 1.
inline double lowest_of_parabola(const std::string& solver, const Assignment& given,
                                 std::size_t trials, const Spoiled& spoiled, std::uint64_t seed) {
  StudyOptions options;
  options.space = Space().real("x", 0, 1).real("y", 0, 1);
  options.solver = solver;
  options.options = given;
  options.seed = seed;
  Study study(options);
  double lowest = HUGE_VAL;
  for (std::size_t i = 0; i < trials; ++i) {
    const Trial trial = study.ask();
    const std::vector<double> x = trial.point().unit();
    const double value = (x[0] - 0.3) * (x[0] - 0.3) + (x[1] - 0.6) * (x[1] - 0.6);
    if (const auto told = spoiled(i, value)) {
      study.tell(trial, *told);
      lowest = std::min(lowest, value);
    } else {
      study.fail(trial, "no answer");
    }
  }
  return lowest;
}

// with_outlier: what is reached with one value of 1e30.
inline void expect_survives_strange_values(const std::string& solver, const Assignment& options,
                                           double with_outlier) {
  const auto below = [&](double bound, const Spoiled& spoiled) {
    return usually_below(bound, [&](std::uint64_t seed) {
      return lowest_of_parabola(solver, options, 40, spoiled, seed);
    });
  };
  EXPECT_TRUE(below(1e-4, [](std::size_t, double value) { return value; }));
  EXPECT_TRUE(below(1e-4, [](std::size_t, double value) { return 1e12 * value; }));
  EXPECT_TRUE(
      below(with_outlier, [](std::size_t i, double value) { return i == 1 ? 1e30 : value; }));
  EXPECT_TRUE(below(0.1, [](std::size_t i, double value) {
    return i % 2 == 1 ? std::nullopt : std::optional(value);
  }));  // failures that have no place mislead every model
  EXPECT_TRUE(below(0.05, [](std::size_t, double) { return 7.0; }));  // fills the space
}

// The same answers in another order lead to the same next batch.
inline void expect_order_of_answers_does_not_matter(const std::string& name) {
  Problem problem;
  problem.space = Space().real("x", 0, 1).integer("n", 0, 20);
  problem.seed = 11;
  const auto solver = make_solver(name, problem);
  std::string next[2];
  for (int backwards = 0; backwards < 2; ++backwards) {
    HandFed fed(problem);
    std::vector<std::int64_t> trials = fed.ask(*solver, 12);
    if (backwards == 1) std::reverse(trials.begin(), trials.end());
    for (std::int64_t trial : trials) {
      if (trial == 4) {
        fed.fail(trial);
      } else {
        fed.tell(trial, Values{{std::sin(3.0 * static_cast<double>(trial))}});
      }
    }
    next[backwards] = next_ask(*solver, fed, fed.history, 4);
  }
  EXPECT_EQ(next[0], next[1]);
}

}  // namespace asktell::testing
