// zo.sgd step by step on hand-fed histories, and through a study on a vector in place.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>

#include <asktell/core/errors.hpp>
#include <asktell/core/study.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>

namespace asktell {
namespace {

using testing::HandFed;
using testing::make_solver;
using testing::next_ask;

Problem perturb_problem() {
  Problem problem;
  problem.oracle = Oracle::kPerturb;
  problem.seed = 17;
  return problem;
}

// Directions without random numbers: z_t,i = (-1)^popcount(t and i), t = 1, 2, ...
struct Walsh {
  std::map<std::uint64_t, int> step_of = {};  // by seed
  std::vector<double> x = {1, 1, 1, 1};

  void move(std::uint64_t seed, double scale) {
    const auto t =
        static_cast<unsigned>(step_of.try_emplace(seed, step_of.size() + 1).first->second);
    for (unsigned i = 0; i < 4; ++i) x[i] += (std::popcount(t & i) % 2 ? -scale : scale);
  }
  double loss() const {  // 1/2 sum a_i x_i^2, a = (1, 2, 3, 4)
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) sum += 0.5 * static_cast<double>(i + 1) * x[i] * x[i];
    return sum;
  }
  Losses measure(const Perturb& query) {
    for (const Move& move_ : query.moves) move(move_.seed, move_.scale);
    Losses losses;
    move(query.seed, query.scale);
    losses.plus = loss();
    move(query.seed, -2 * query.scale);
    losses.minus = loss();
    move(query.seed, query.scale);
    return losses;
  }
};

void expect_trace(const Assignment& options, const std::vector<double>& losses,
                  const std::vector<double>& final_x) {
  const Problem problem = perturb_problem();
  const auto solver = make_solver("zo.sgd", problem, options);
  HandFed fed(problem);
  Walsh walsh;
  for (std::size_t t = 0; t <= losses.size(); ++t) {
    const std::int64_t trial = fed.ask(*solver)[0];
    fed.tell(trial, walsh.measure(fed.query<Perturb>(trial)));
    if (t == 0) continue;
    EXPECT_NEAR(walsh.loss(), losses[t - 1], 1e-9) << "after step " << t;
  }
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(walsh.x[i], final_x[i], 1e-9);
}

TEST(ZoSgd, FollowsTheTraceWithoutRandomNumbers) {
  // Worked by hand on the quadratic, where central differences are exact: c = -2, -4, -1.6, 8.
  expect_trace({{"learning_rate", 0.1}}, {4.8, 4.0, 3.872, 0.672}, {0.96, 0.24, -0.16, -0.24});
}

TEST(ZoSgd, FollowsTheTraceOfSigns) {
  expect_trace({{"learning_rate", 0.1}, {"step", "sign"}}, {4.85, 4.5, 4.49, 3.6},
               {1.2, 0.8, 0.8, 0.8});
}

// All moves that recorded queries brought, by seed.
std::map<std::uint64_t, std::vector<double>> brought(const HandFed& fed) {
  std::map<std::uint64_t, std::vector<double>> moves;
  for (std::size_t trial = 0; trial < fed.history.size(); ++trial) {
    for (const Move& move : fed.query<Perturb>(static_cast<std::int64_t>(trial)).moves) {
      moves[move.seed].push_back(move.scale);
    }
  }
  return moves;
}

class ZoSgdMoves : public ::testing::Test {
 protected:
  // eta c = 0.5 * (plus - minus) / (2 * 0.25) = plus - minus
  const Assignment options = {{"learning_rate", 0.5}, {"perturbation", 0.25}};
  const Problem problem = perturb_problem();
  std::unique_ptr<Solver> solver = make_solver("zo.sgd", problem, options);
  HandFed fed{problem};

  std::uint64_t seed_of(std::int64_t trial) { return fed.query<Perturb>(trial).seed; }
};

TEST_F(ZoSgdMoves, EachAnswerIsBroughtOnceWhateverTheOrder) {
  const auto trials = fed.ask(*solver, 4);
  fed.tell(trials[2], Losses{3, 1});
  fed.ask(*solver);
  fed.tell(trials[0], Losses{5, 1});
  fed.tell(trials[3], Losses{1, 2});
  fed.ask(*solver, 2);
  fed.tell(trials[1], Losses{0, 8});
  fed.ask(*solver);
  fed.ask(*solver);
  const std::map<std::uint64_t, std::vector<double>> expected = {{seed_of(trials[0]), {-4.0}},
                                                                 {seed_of(trials[1]), {8.0}},
                                                                 {seed_of(trials[2]), {-2.0}},
                                                                 {seed_of(trials[3]), {1.0}}};
  EXPECT_EQ(brought(fed), expected);
}

TEST_F(ZoSgdMoves, FailuresAndEqualLossesMoveNothing) {
  const auto trials = fed.ask(*solver, 2);
  fed.fail(trials[0]);
  fed.tell(trials[1], Losses{2, 2});
  fed.ask(*solver);
  EXPECT_TRUE(brought(fed).empty());
}

TEST_F(ZoSgdMoves, OverflowMovesNothing) {
  const auto trial = fed.ask(*solver)[0];
  fed.tell(trial, Losses{1.7e308, -1.7e308});
  fed.ask(*solver);
  EXPECT_TRUE(brought(fed).empty());
}

TEST_F(ZoSgdMoves, AnAmendedAnswerBringsTheDifference) {
  const auto trial = fed.ask(*solver)[0];
  fed.tell(trial, Losses{3, 1});
  fed.ask(*solver);
  fed.amend(trial, Losses{8, 1});
  fed.ask(*solver);
  fed.amend(trial, Failure{"wrong data"});
  fed.ask(*solver);
  fed.ask(*solver);
  const std::map<std::uint64_t, std::vector<double>> expected = {{seed_of(trial), {-2, -5, 7}}};
  EXPECT_EQ(brought(fed), expected);
}

TEST_F(ZoSgdMoves, GroupsOfDirectionsAreMeasuredAtOneX) {
  solver = make_solver("zo.sgd", problem,
                       {{"learning_rate", 0.5}, {"perturbation", 0.25}, {"directions", 2}});
  for (int i = 0; i < 5; ++i) {
    const auto trial = fed.ask(*solver)[0];
    EXPECT_EQ(fed.query<Perturb>(trial).moves.size(), trial > 0 && trial % 2 == 0 ? 2u : 0u);
    fed.tell(trial, Losses{3, 1});
  }
  for (const auto& [seed, scales] : brought(fed)) {
    EXPECT_EQ(scales, std::vector<double>{-1.0}) << "half of -(3 - 1)";
  }
}

TEST_F(ZoSgdMoves, MaximizingMovesTheOtherWay) {
  Problem other = problem;
  other.objectives[0].direction = Direction::kMaximize;
  solver = make_solver("zo.sgd", other, options);
  const auto trial = fed.ask(*solver)[0];
  fed.tell(trial, Losses{3, 1});
  fed.ask(*solver);
  EXPECT_EQ(brought(fed).at(seed_of(trial)), std::vector<double>{2.0});
}

TEST_F(ZoSgdMoves, AFreshSolverAsksTheSame) {
  const auto trials = fed.ask(*solver, 3);
  fed.tell(trials[1], Losses{0.3, 0.1});
  fed.ask(*solver);
  fed.tell(trials[0], Losses{0.7, 0.1});
  fed.amend(trials[1], Losses{0.4, 0.1});
  const auto fresh = make_solver("zo.sgd", problem, options);
  EXPECT_EQ(next_ask(*fresh, fed, *fed.replayed()), next_ask(*solver, fed, fed.history));
}

TEST(ZoSgd, RefusesASpace) {
  Problem problem = perturb_problem();
  problem.space.real("x", 0, 1);
  EXPECT_THROW(make_solver("zo.sgd", problem), SolverError);
}

TEST(ZoSgd, LearnsAVectorInPlace) {
  // f = |x - 1|^2 / 2 from 0 in 20 dimensions. With the exact slope, E|e|^2 shrinks by
  // 1 - 2 eta + eta^2 (d + 2) = 0.96 a step at eta = 1/50: to 1e-5 of 10 within 400 steps.
  Study study({.seed = 3, .solver = "zo.sgd", .options = {{"learning_rate", 0.02}}});
  std::vector<double> x(20, 0.0);
  const auto loss = [&] {
    double sum = 0;
    for (double v : x) sum += 0.5 * (v - 1) * (v - 1);
    return sum;
  };
  Oracles oracles;
  oracles.perturb = [&](const Perturb& query) {
    return measure(std::span<double>(x), query, loss);
  };
  EXPECT_EQ(drive(study, oracles, 400), 400u);
  EXPECT_LT(loss(), 1e-2);
  EXPECT_EQ(study.recommend().number(), 399);
}

}  // namespace
}  // namespace asktell
