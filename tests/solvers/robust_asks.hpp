// What every model-based solver must stand: constant values, scaled values, an outlier, answers in
// another order, half of the trials failed.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <asktell/core/study.hpp>
#include <asktell/tests/solvers/over_seeds.hpp>

namespace asktell::testing {

struct Asker {
  std::string solver;
  Assignment options = {};
};

inline StudyOptions bowl_study(const Asker& asker, std::uint64_t seed = 3) {
  return {.space = Space().real("x", -5, 5).real("y", -5, 5).categorical("c", {"p", "q", "r"}),
          .seed = seed,
          .solver = asker.solver,
          .options = asker.options,
          .noise = 0.0};
}

inline double bowl(const Trial& trial) {
  const double x = trial["x"].number() - 1;
  const double y = trial["y"].number() + 2;
  return x * x + y * y + (trial["c"].text() == "q" ? 0 : 3);
}

// Points in the order asked, one at a time, values changed by `change` of (trial, value); NaN fails
// the trial.
template <typename Change>
std::vector<Point> asks(const Asker& solver, int trials, const Change& change,
                        std::uint64_t seed = 3) {
  Study study(bowl_study(solver, seed));
  std::vector<Point> out;
  for (int i = 0; i < trials; ++i) {
    const Trial trial = study.ask();
    out.push_back(trial.point());
    const double value = change(i, bowl(trial));
    if (std::isnan(value)) {
      study.tell(trial, Failure{"it crashed"});
    } else {
      study.tell(trial, value);
    }
  }
  return out;
}

inline double best_bowl(const std::vector<Point>& points) {
  double best = HUGE_VAL;
  for (const Point& point : points) {
    const double x = point["x"].number() - 1;
    const double y = point["y"].number() + 2;
    best = std::min(best, x * x + y * y + (point["c"].text() == "q" ? 0 : 3));
  }
  return best;
}

// The proposals after one batch of answers told in a given order.
inline std::vector<Point> after_answers(const Asker& solver, bool reversed) {
  Study study(bowl_study(solver));
  std::vector<Trial> batch = study.ask(30);
  if (reversed) std::reverse(batch.begin(), batch.end());
  for (const Trial& trial : batch) study.tell(trial, bowl(trial));
  std::vector<Point> out;
  for (const Trial& trial : study.ask(3)) out.push_back(trial.point());
  return out;
}

// Whether the values as told lead to less than 0.5. Of 60 random points the lowest is 1.1 in
// median: 20 are of the right category, and 20 pi r^2 / 100 = log 2.
template <typename Change>
::testing::AssertionResult goes_down(const Asker& solver, int trials, const Change& change) {
  return usually_below(
      0.5, [&](std::uint64_t seed) { return best_bowl(asks(solver, trials, change, seed)); });
}

inline void expect_robust_asks(const Asker& solver) {
  constexpr int kTrials = 60;
  const auto as_it_is = [](int, double value) { return value; };
  const auto plain = asks(solver, kTrials, as_it_is);
  EXPECT_TRUE(goes_down(solver, kTrials, as_it_is)) << "it does not optimize at all";
  EXPECT_EQ(asks(solver, kTrials, [](int, double value) { return std::ldexp(value, 40); }), plain)
      << "a power of two as unit changes nothing";
  EXPECT_TRUE(goes_down(solver, kTrials, [](int, double value) { return 1e12 * value; }));
  EXPECT_TRUE(goes_down(solver, kTrials, [](int i, double value) { return i == 1 ? 1e30 : value; }))
      << "one outlier";
  EXPECT_TRUE(goes_down(solver, 2 * kTrials, [](int i, double value) {
    return i % 2 ? std::nan("") : value;
  })) << "half of the trials failed";
  const auto flat = asks(solver, kTrials, [](int, double) { return 3.25; });
  for (std::size_t i = 0; i < flat.size(); ++i) {
    EXPECT_EQ(std::count(flat.begin(), flat.end(), flat[i]), 1) << "a flat function, trial " << i;
  }
  EXPECT_EQ(after_answers(solver, true), after_answers(solver, false)) << "order of answers";
}

}  // namespace asktell::testing
