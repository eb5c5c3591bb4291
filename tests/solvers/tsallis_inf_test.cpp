// bandit.tsallis_inf: weights against 40-digit values, the published updates on a forced trace, and
// the solver with delays, failures and held coordinates.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/core/random.hpp>
#include <asktell/core/study.hpp>
#include <asktell/solvers/bandit/tsallis.hpp>
#include <asktell/solvers/note_numbers.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>

namespace asktell {
namespace {

using testing::HandFed;
using testing::make_solver;
using testing::next_ask;

void expect_near(const std::vector<double>& values, const std::vector<double>& expected,
                 double relative) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], expected[i], relative * std::abs(expected[i])) << i;
  }
}

TEST(TsallisWeights, SixCasesAtFortyDigits) {
  // Root of sum 4 / (eta (L - x))^2 = 1 by 40-digit arithmetic.
  const auto w = [](std::vector<double> losses, double eta) {
    return tsallis_weights(losses, eta);
  };
  expect_near(w({0, 1, 2}, 1), {0.5348143359815031, 0.2867616282653611, 0.1784240357531358}, 1e-14);
  expect_near(w({0, 0, 0, 0}, 2), {0.25, 0.25, 0.25, 0.25}, 1e-15);
  expect_near(w({0, 0.5, 1, 3, 10}, 2),
              {0.4978782737306125, 0.2720535598659124, 0.1711458235008827, 0.05125086607120538,
               0.00767147683138703},
              1e-14);
  expect_near(w({12.5, 10, 40, 11}, 2.0 / 3),
              {0.1933002421539335, 0.4814800958703004, 0.007639417174013317, 0.3175802448017528},
              1e-14);
  expect_near(w({0, 1e6}, 0.5), {0.9999999999840001, 1.599987200076799e-11}, 1e-13);
  expect_near(w({3, 7}, 0.2), {0.6349077887915501, 0.3650922112084499}, 1e-14);
}

TEST(TsallisWeights, Invariants) {
  RandomStream stream(4, Purpose::kUser);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> losses(2 + stream.integer(30));
    for (double& loss : losses) loss = std::exp(3 * stream.normal());
    const double eta = std::exp(stream.normal());
    const auto weights = tsallis_weights(losses, eta);
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-12);
    std::vector<double> shifted = losses;
    std::vector<double> scaled = losses;
    for (double& loss : shifted) loss += 7;
    for (double& loss : scaled) loss *= 4;
    expect_near(tsallis_weights(shifted, eta), weights, 1e-11);
    expect_near(tsallis_weights(scaled, eta / 4), weights, 1e-12);
    for (std::size_t i = 1; i < losses.size(); ++i) {
      EXPECT_EQ(losses[i]<losses[0], weights[i]> weights[0]);
    }
  }
}

TEST(TsallisWeights, ExtremeLossesStayFinite) {
  for (double weight : tsallis_weights(std::vector<double>{0, 1e300, 5}, 1e-3)) {
    EXPECT_TRUE(weight >= 0 && weight <= 1);
  }
  EXPECT_EQ(tsallis_weights(std::vector<double>{42}, 2), std::vector<double>{1});
}

// Arms 0, 2, 1, 2, 2 with losses 0.8, 0.3, 0.6, 0.2, 0.5, taken as told: Zimmert and Seldin 2021,
// both estimators, computed by two independent programs.
const std::vector<std::size_t> kArms = {0, 2, 1, 2, 2};
const std::vector<double> kLosses = {0.8, 0.3, 0.6, 0.2, 0.5};

Problem arms_problem(std::int64_t arms) {
  Problem problem;
  problem.space.integer("arm", 0, arms - 1);
  problem.seed = 3;
  return problem;
}

// Chance of each arm in the next ask, from the notes of many draws.
std::vector<double> chances(Solver& solver, const HandFed& fed, std::size_t arms) {
  std::vector<double> chances(arms, 0.0);
  for (const Proposal& proposal : solver.propose(fed.history, fed.request(2000))) {
    const auto arm = static_cast<std::size_t>(std::get<Evaluate>(proposal.query).point.slots()[0]);
    chances[arm] = number_after(proposal.note, "p = ").value();
  }
  return chances;
}

// Asks with changing seeds until the wanted arm is drawn, and records that ask.
std::int64_t ask_arm(Solver& solver, HandFed& fed, std::size_t arm) {
  Request request = fed.request();
  for (request.seed = 0; request.seed < 100000; ++request.seed) {
    const auto proposals = solver.propose(fed.history, request);
    const auto drawn = std::get<Evaluate>(proposals[0].query).point.slots()[0];
    if (drawn == static_cast<double>(arm)) return fed.record(proposals)[0];
  }
  ADD_FAILURE() << "arm " << arm << " was never drawn";
  return -1;
}

void expect_trace(const std::string& estimator, const std::vector<std::vector<double>>& weights) {
  const Problem problem = arms_problem(3);
  const auto solver =
      make_solver("bandit.tsallis_inf", problem, {{"estimator", estimator}, {"scaling", "none"}});
  HandFed fed(problem);
  for (std::size_t t = 0; t < kArms.size(); ++t) {
    if (!weights[t].empty()) expect_near(chances(*solver, fed, 3), weights[t], 1e-11);
    const std::int64_t trial = ask_arm(*solver, fed, kArms[t]);
    fed.tell(trial, Values{.objectives = {kLosses[t]}});
  }
  expect_near(chances(*solver, fed, 3), weights[5], 1e-11);
}

TEST(TsallisInf, ForcedTraceOfImportanceWeights) {
  const double third = 1.0 / 3;
  expect_trace("importance_weighted", {{third, third, third},
                                       {0.09848455404160, 0.45075772297920, 0.45075772297920},
                                       {0.13249958131419, 0.53940737448555, 0.32809304420026},
                                       {},
                                       {},
                                       {0.25782609017934, 0.47976865740989, 0.26240525241077}});
}

TEST(TsallisInf, ForcedTraceOfReducedVariance) {
  const double third = 1.0 / 3;
  expect_trace("reduced_variance", {{third, third, third},
                                    {0.04269681189735, 0.47865159405133, 0.47865159405133},
                                    {},
                                    {},
                                    {},
                                    {0.16399935650052, 0.65212453126708, 0.18387611223240}});
}

TEST(TsallisEstimates, ScalesApplyToTheWholePast) {
  // Losses 12, 10, 14 of arms 0, 1, 0 drawn with 1/2: least 10, mean 12, range 4.
  const auto told = [](TsallisScaling scaling, double offset, double factor) {
    TsallisEstimates estimates(2, scaling);
    estimates.observe(0, 0.5, false, offset + factor * 12);
    estimates.observe(1, 0.5, false, offset + factor * 10);
    estimates.observe(0, 0.5, false, offset + factor * 14);
    return estimates.losses({});
  };
  expect_near(told(TsallisScaling::kMean, 0, 1), {(4 + 8) / 2.0, 0}, 1e-12);
  expect_near(told(TsallisScaling::kRange, 0, 1), {(4 + 8) / 4.0, 0}, 1e-12);
  expect_near(told(TsallisScaling::kNone, 0, 1), {52, 20}, 1e-12);
  expect_near(told(TsallisScaling::kMean, -1e6, 1000), {6, 0}, 1e-9);
}

TEST(TsallisEstimates, FailuresAreATenthWorseThanTheWorst) {
  TsallisEstimates estimates(2, TsallisScaling::kRange);
  estimates.observe_failure(1, 0.5, false);
  expect_near(estimates.losses({}), {0, 2}, 1e-12);  // nothing told: a loss of 1
  estimates.observe(0, 0.5, false, 3);
  estimates.observe(0, 0.5, false, 7);
  expect_near(estimates.losses({}), {2, 2.2}, 1e-12);  // (7 - 3) / 4 and 1.1, over 1/2
}

TEST(TsallisInf, LearnsTheBestArmDespiteDelays) {
  // Bernoulli losses, means 0.7 and once 0.2, answers up to ten asks late. Uniform play would take
  // a fifth; the regret bound of the paper leaves well over half.
  const Problem problem = arms_problem(5);
  const auto solver = make_solver("bandit.tsallis_inf", problem);
  HandFed fed(problem);
  RandomStream coin(9, Purpose::kUser);
  int best = 0;
  const int rounds = 2000;
  for (int round = 0; round < rounds; ++round) {
    const std::int64_t trial = fed.ask(*solver)[0];
    best += fed.query<Evaluate>(trial).point.slots()[0] == 3;
    const std::int64_t late = trial - 10 + static_cast<std::int64_t>(round % 2);
    for (std::int64_t told : {late, late - 1}) {
      if (told < 0 || fed.history.state(static_cast<std::size_t>(told)) != TrialState::kPending) {
        continue;
      }
      const double mean = fed.query<Evaluate>(told).point.slots()[0] == 3 ? 0.2 : 0.7;
      fed.tell(told, Values{.objectives = {coin.uniform() < mean ? 1.0 : 0.0}});
    }
  }
  EXPECT_GT(best, rounds * 7 / 10);
  const std::int64_t choice = solver->recommend(fed.history);
  EXPECT_EQ(fed.query<Evaluate>(choice).point.slots()[0], 3);
}

TEST(TsallisInf, FailingArmsAreLeft) {
  const Problem problem = arms_problem(3);
  const auto solver = make_solver("bandit.tsallis_inf", problem);
  HandFed fed(problem);
  int failing = 0;
  for (int round = 0; round < 400; ++round) {
    const std::int64_t trial = fed.ask(*solver)[0];
    const bool fails = fed.query<Evaluate>(trial).point.slots()[0] != 1;
    failing += fails && round >= 200;
    if (fails) {
      fed.fail(trial);
    } else {
      fed.tell(trial, Values{.objectives = {5.0 + 0.1 * (round % 7)}});
    }
  }
  EXPECT_LT(failing, 40);  // of 200; uniform play: 133
}

TEST(TsallisInf, ToldFromOutsideCountsForTheScaleOnly) {
  const Problem problem = arms_problem(2);
  const auto solver = make_solver("bandit.tsallis_inf", problem);
  HandFed fed(problem);
  Proposal outside;
  outside.query = Evaluate{problem.space.point({{"arm", 1}})};
  outside.origin = Origin::kOutside;
  fed.tell(fed.record({outside})[0], Values{.objectives = {-100.0}});
  expect_near(chances(*solver, fed, 2), {0.5, 0.5}, 1e-15);
  EXPECT_EQ(solver->recommend(fed.history), 0);
}

TEST(TsallisInf, HeldCoordinatesRestrictTheArms) {
  Problem problem;
  problem.space.categorical("task", {"a", "b"}).integer("n", 1, 4);
  const auto solver = make_solver("bandit.tsallis_inf", problem);
  HandFed fed(problem);
  Request request = fed.request(50);
  request.fixed = problem.space.partial_unit({{"task", "b"}});
  for (const Proposal& proposal : solver->propose(fed.history, request)) {
    EXPECT_EQ(std::get<Evaluate>(proposal.query).point["task"].text(), "b");
    EXPECT_TRUE(proposal.note.starts_with("p = 0.25"));
  }
}

TEST(TsallisInf, AFreshSolverAsksTheSame) {
  for (const char* estimator : {"reduced_variance", "importance_weighted"}) {
    const Problem problem = arms_problem(6);
    const Assignment options = {{"estimator", estimator}};
    const auto solver = make_solver("bandit.tsallis_inf", problem, options);
    HandFed fed(problem);
    for (int round = 0; round < 40; ++round) {
      const auto trials = fed.ask(*solver, 3);
      fed.tell(trials[2], Values{.objectives = {std::sin(round)}});
      if (round % 3 == 0) fed.fail(trials[0]);
      if (round % 10 == 9) fed.amend(trials[2], Values{.objectives = {std::cos(round)}});
      const auto fresh = make_solver("bandit.tsallis_inf", problem, options);
      ASSERT_EQ(next_ask(*fresh, fed, *fed.replayed(), 2), next_ask(*solver, fed, fed.history, 2));
    }
  }
}

TEST(TsallisInf, GoesOnWithMoreArms) {
  const Problem problem = arms_problem(3);
  auto solver = make_solver("bandit.tsallis_inf", problem);
  HandFed fed(problem);
  for (int round = 0; round < 100; ++round) {
    const std::int64_t trial = fed.ask(*solver)[0];
    fed.tell(trial, Values{.objectives = {fed.query<Evaluate>(trial).point.slots()[0]}});
  }
  const std::vector<double> before = chances(*solver, fed, 3);
  Problem extended = arms_problem(5);
  fed.extend(extended.space);
  solver = make_solver("bandit.tsallis_inf", extended);
  const std::vector<double> after = chances(*solver, fed, 5);
  EXPECT_GT(after[3], 0);
  EXPECT_EQ(before[0] > before[2], after[0] > after[2]);  // what was learnt stays
  fed.ask(*solver);
  const auto fresh = make_solver("bandit.tsallis_inf", extended);
  EXPECT_EQ(next_ask(*fresh, fed, *fed.replayed()), next_ask(*solver, fed, fed.history));
}

TEST(TsallisInf, HugeAndTinyLossesAreSurvived) {
  for (double size : {1e300, 1e-300}) {
    const Problem problem = arms_problem(4);
    const auto solver = make_solver("bandit.tsallis_inf", problem);
    HandFed fed(problem);
    for (int round = 0; round < 60; ++round) {
      const std::int64_t trial = fed.ask(*solver)[0];
      const auto probability =
          number_after(fed.history.record(static_cast<std::size_t>(trial)).note, "p = ");
      ASSERT_TRUE(probability && *probability > 0 && *probability <= 1);
      fed.tell(trial, Values{.objectives = {size * (round % 5 - 2)}});
    }
    EXPECT_GE(solver->recommend(fed.history), 0);
  }
}

TEST(TsallisInf, RefusesTooManyArms) {
  StudyOptions options{.space = Space().integer("n", 0, 1000000), .solver = "bandit.tsallis_inf"};
  EXPECT_THROW(Study study(options), SolverError);
}

}  // namespace
}  // namespace asktell
