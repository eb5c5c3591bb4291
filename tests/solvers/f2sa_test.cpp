// bilevel.f2sa on the scalar problem T1: F = (x-1)^2/2 + (y-3)^2/2, f = (y-2x)^2/2, solved by
// x* = 1.4, y* = 2.8; the penalty 1/s moves it to x_s = (7+s)/(5+s), y_s = (3s+2x)/(1+s).
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/core/study.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>

namespace asktell {
namespace {

using testing::HandFed;
using testing::make_solver;
using testing::next_ask;

Problem t1() {
  Problem problem;
  problem.oracle = Oracle::kConsult;
  problem.space.real("x", -10, 10);
  problem.lower_space.real("y", -10, 10);
  problem.seed = 5;
  return problem;
}

Consulted gradients(const Consult& query, double sign = 1) {
  const double x = query.x[0];
  const double y = query.y[0];
  const bool upper = query.function == "upper";
  Consulted answer;
  if (query.wants & kWantGradX) answer.grad_x = {upper ? sign * (x - 1) : -2 * (y - 2 * x)};
  if (query.wants & kWantGradY) answer.grad_y = {upper ? sign * (y - 3) : y - 2 * x};
  return answer;
}

struct At {
  double x, y, z;
};

class F2sa : public ::testing::Test {
 protected:
  void start(const Assignment& options) {
    options_ = options;
    solver = make_solver("bilevel.f2sa", problem, options);
    group = fed.ask(*solver);
  }
  void tell(std::int64_t trial) { fed.tell(trial, gradients(fed.query<Consult>(trial))); }
  void tell_all() {
    for (std::int64_t trial : group) tell(trial);
  }
  void ask() { group = fed.ask(*solver); }
  At now() { return {query(1).x[0], query(1).y[0], query(0).y[0]}; }
  Consult query(std::size_t slot) { return fed.query<Consult>(group[slot]); }
  void outer_steps(int steps, int inner) {
    for (int i = 0; i < steps * (inner + 1); ++i) {
      tell_all();
      ask();
    }
  }
  void expect_now(double x, double y, double z, double tolerance) {
    EXPECT_NEAR(now().x, x, tolerance);
    EXPECT_NEAR(now().y, y, tolerance);
    EXPECT_NEAR(now().z, z, tolerance);
  }

  Problem problem = t1();
  HandFed fed{problem};
  Assignment options_;
  std::unique_ptr<Solver> solver;
  std::vector<std::int64_t> group;
};

TEST_F(F2sa, FollowsTheTraceWithOneInnerStep) {
  // Kwon et al. 2023, algorithm 1, by hand: T = 1, alpha = 0.1, gamma = 0.5, delta = 0.5.
  start({{"step", 0.1},
         {"lower_step", 0.5},
         {"inner_steps", 1},
         {"schedule", "linear"},
         {"lambda_growth", 0.5}});
  expect_now(0, 0, 0, 0);
  outer_steps(1, 1);
  expect_now(0.16, 0.3, 0, 1e-12);
  outer_steps(1, 1);
  expect_now(0.3679, 0.573, 0.16, 1e-12);
  outer_steps(1, 1);
  expect_now(0.591254, 0.84826, 0.4479, 1e-12);
}

TEST_F(F2sa, FollowsTheTraceWithTheLargestStableStep) {
  // alpha = gamma / (2 lambda); computed by two independent programs.
  start({{"lower_step", 0.5}, {"schedule", "linear"}});
  outer_steps(1, 5);
  expect_now(0.9765625, 1.453125, 0, 1e-12);
  outer_steps(1, 5);
  expect_now(1.25694884201, 2.44125980501, 1.89208984375, 1e-10);
  outer_steps(1, 5);
  expect_now(1.31886954286, 2.74426290542, 2.49446618902, 1e-10);
  outer_steps(3997, 5);
  EXPECT_NEAR(now().x, 1.39804402186, 1e-10);
}

TEST_F(F2sa, DeterministicScheduleTracksThePenaltyOptimum) {
  // After k = 500 steps lambda = 501^(1/3) = 7.94; the iterate lags x_s at s = 1 / lambda a little.
  start({{"lower_step", 0.5}});
  outer_steps(500, 5);
  const double s = 1 / std::cbrt(501);
  const double expected = (7 + s) / (5 + s);
  EXPECT_NEAR(now().x, expected, 1e-3);
  EXPECT_NEAR(now().y, (3 * s + 2 * expected) / (1 + s), 1e-3);
  EXPECT_NEAR(now().z, 2 * expected, 1e-3);
}

TEST_F(F2sa, AsksGroupsOfThreeWithOneSeed) {
  start({{"inner_steps", 2}});
  std::vector<std::uint64_t> seeds;
  for (int step = 0; step < 6; ++step) {
    ASSERT_EQ(group.size(), 3u);
    EXPECT_EQ(query(0).function, "lower");
    EXPECT_EQ(query(1).function, "upper");
    EXPECT_EQ(query(2).function, "lower");
    for (std::size_t slot = 0; slot < 3; ++slot) {
      EXPECT_EQ(query(slot).wants, step % 3 == 2 ? kWantGradX : kWantGradY);
      EXPECT_EQ(query(slot).seed, query(0).seed);
    }
    for (std::uint64_t seed : seeds) EXPECT_NE(seed, query(0).seed);
    seeds.push_back(query(0).seed);
    tell_all();
    ask();
  }
}

TEST_F(F2sa, OrderOfAnswersDoesNotMatter) {
  start({});
  tell_all();
  const std::string expected = next_ask(*solver, fed, fed.history);
  HandFed other(problem);
  const auto fresh = make_solver("bilevel.f2sa", problem, {});
  const auto trials = other.ask(*fresh);
  for (std::size_t slot : {2, 0, 1}) {
    other.tell(trials[slot], gradients(other.query<Consult>(trials[slot])));
  }
  EXPECT_EQ(next_ask(*fresh, other, other.history), expected);
}

TEST_F(F2sa, RepeatsWhatIsUnansweredAndTakesTheFirstAnswer) {
  start({});
  tell_all();
  ask();
  const auto first = group;
  tell(first[1]);
  ask();
  ASSERT_EQ(group.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(to_json(fed.history.query(static_cast<std::size_t>(group[i]))),
              to_json(fed.history.query(static_cast<std::size_t>(first[2 * i]))));
    EXPECT_EQ(fed.history.origin(static_cast<std::size_t>(group[i])), Origin::kReplicate);
  }
  tell(group[0]);  // the repetition of slot 0
  tell(first[2]);  // and slot 2 itself
  ask();
  EXPECT_EQ(group.size(), 3u);
  // As though nothing had been repeated: the trace without a repetition, two inner steps in.
  HandFed straight(problem);
  const auto fresh = make_solver("bilevel.f2sa", problem, {});
  for (int step = 0; step < 2; ++step) {
    for (std::int64_t trial : straight.ask(*fresh)) {
      straight.tell(trial, gradients(straight.query<Consult>(trial)));
    }
  }
  const auto expected = straight.ask(*fresh);
  EXPECT_EQ(query(1).y, straight.query<Consult>(expected[1]).y);
  EXPECT_EQ(query(0).y, straight.query<Consult>(expected[0]).y);
}

TEST_F(F2sa, AFailureHalvesTheStepAndChangesTheSeed) {
  start({{"lower_step", 0.5}});
  outer_steps(1, 5);  // x from 0 to 0.9765625
  const At reached = now();
  const std::uint64_t seed = query(0).seed;
  fed.fail(group[1]);
  ask();
  EXPECT_DOUBLE_EQ(now().x, reached.x / 2);
  EXPECT_DOUBLE_EQ(now().y, reached.y);  // the step of x left y alone
  EXPECT_NE(query(0).seed, seed);
  EXPECT_EQ(fed.history.origin(static_cast<std::size_t>(group[0])), Origin::kFallback);
  fed.fail(group[0]);
  ask();
  EXPECT_DOUBLE_EQ(now().x, reached.x / 4);
  tell_all();
  ask();
  EXPECT_EQ(now().x, reached.x / 4);  // the loop goes on from there
  EXPECT_EQ(query(0).wants, kWantGradY);
}

TEST_F(F2sa, FailuresAloneNeverBlock) {
  start({});
  for (int i = 0; i < 30; ++i) {
    ASSERT_EQ(group.size(), 3u);
    EXPECT_EQ(now().x, 0);
    for (std::int64_t trial : group) fed.fail(trial);
    ask();
  }
}

TEST_F(F2sa, AThousandPendingRepeatOneGroup) {
  start({});
  for (int i = 0; i < 333; ++i) ask();
  EXPECT_EQ(fed.history.pending().size(), 3u * 334u);
  tell_all();
  ask();
  EXPECT_EQ(group.size(), 3u);
  EXPECT_NE(now().y, 0);
}

TEST(F2saBoxes, StaysInsideAndReachesTheWalls) {
  Problem problem;
  problem.oracle = Oracle::kConsult;
  problem.space.real("x", -1, 0.5);
  problem.lower_space.real("y", -0.5, 0.5);
  const auto solver = make_solver("bilevel.f2sa", problem, {{"lower_step", 0.5}});
  HandFed fed(problem);
  for (int step = 0; step < 240; ++step) {
    for (std::int64_t trial : fed.ask(*solver)) {
      const auto query = fed.query<Consult>(trial);
      ASSERT_TRUE(query.x[0] >= -1 && query.x[0] <= 0.5 && std::abs(query.y[0]) <= 0.5);
      fed.tell(trial, gradients(query));
    }
  }
  // F_y = y - 3 and f_y = y - 2x push y and z up to their wall; then F_x = x - 1 < 0 does so to x.
  const auto trials = fed.ask(*solver);
  EXPECT_EQ(fed.query<Consult>(trials[1]).x[0], 0.5);
  EXPECT_EQ(fed.query<Consult>(trials[1]).y[0], 0.5);
  EXPECT_EQ(fed.query<Consult>(trials[0]).y[0], 0.5);
}

TEST_F(F2sa, MaximizingIsMinimizingTheNegative) {
  start({});
  Problem negative = problem;
  negative.objectives[0].direction = Direction::kMaximize;
  const auto other = make_solver("bilevel.f2sa", negative, {});
  HandFed mirrored(negative);
  auto trials = mirrored.ask(*other);
  for (int step = 0; step < 20; ++step) {
    for (std::int64_t trial : trials) {
      mirrored.tell(trial, gradients(mirrored.query<Consult>(trial), -1));
    }
    tell_all();
    ask();
    trials = mirrored.ask(*other);
    EXPECT_EQ(mirrored.query<Consult>(trials[1]).x, query(1).x);
    EXPECT_EQ(mirrored.query<Consult>(trials[1]).y, query(1).y);
  }
}

TEST_F(F2sa, WiderBoundsKeepTheIterate) {
  start({});
  outer_steps(3, 5);
  const At reached = now();
  fed.extend(Space().real("x", -20, 10));
  tell_all();
  ask();
  EXPECT_EQ(now().x, reached.x);
  EXPECT_NE(now().y, reached.y);
}

TEST_F(F2sa, AFreshSolverAsksTheSame) {
  start({});
  for (int step = 0; step < 15; ++step) {
    if (step % 4 == 3) {
      fed.fail(group.front());
    } else {
      tell_all();
    }
    const auto fresh = make_solver("bilevel.f2sa", problem, options_);
    ASSERT_EQ(next_ask(*fresh, fed, *fed.replayed()), next_ask(*solver, fed, fed.history)) << step;
    ask();
  }
}

TEST(F2saStudy, SolvesThroughDriveAndRecommendsTheIterate) {
  Study study({.space = Space().real("x", -10, 10),
               .seed = 1,
               .solver = "bilevel.f2sa",
               .options = {{"lower_step", 0.5}, {"lambda", 5}},
               .lower_space = Space().real("y", -10, 10)});
  Oracles oracles;
  oracles.consult = [](const Consult& query) { return gradients(query); };
  drive(study, oracles, 18 * 1000);
  const Trial trial = study.recommend();
  const auto& found = std::get<Consult>(trial.query());
  EXPECT_EQ(found.function, "upper");
  EXPECT_NEAR(found.x[0], 1.4, 0.01);  // lambda ends at 50: the penalty optimum is 1.3984
  EXPECT_NEAR(found.y[0], 2.8, 0.02);
}

TEST(F2saStudy, RefusesALowerSpaceThatIsNotReal) {
  StudyOptions options{.space = Space().real("x", 0, 1),
                       .solver = "bilevel.f2sa",
                       .lower_space = Space().integer("n", 0, 3)};
  EXPECT_THROW(Study study(options), SolverError);
}

}  // namespace
}  // namespace asktell
