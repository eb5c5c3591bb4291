// zo.rank_sgd: the estimator against its closed forms, the solver step by step, and convergence.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/core/random.hpp>
#include <asktell/core/study.hpp>
#include <asktell/solvers/zeroth_order/ranking.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>

namespace asktell {
namespace {

using testing::HandFed;
using testing::make_solver;
using testing::next_ask;

std::vector<std::size_t> first(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

TEST(RankingGradient, WeightsAndPairsOfTheOracle) {
  // Pairs and weights of the (m, k) oracle, counted by hand on its graph.
  struct Row {
    std::size_t m, k;
    double edges;
    std::vector<double> weights;
  };
  const std::vector<Row> rows = {{2, 1, 1, {1, -1}},
                                 {3, 1, 2, {2, -1, -1}},
                                 {3, 3, 3, {2, 0, -2}},
                                 {4, 2, 5, {3, 1, -2, -2}},
                                 {5, 2, 7, {4, 2, -2, -2, -2}},
                                 {5, 5, 10, {4, 2, 0, -2, -4}},
                                 {6, 3, 12, {5, 3, 1, -3, -3, -3}}};
  for (const Row& row : rows) {
    EXPECT_EQ(ranking_edges(row.m, row.k), row.edges);
    EXPECT_EQ(ranking_weights(row.m, first(row.k)), row.weights);
  }
  EXPECT_EQ(ranking_edges(15, 5), 60);
  const auto weights = ranking_weights(15, first(5));
  EXPECT_EQ(std::accumulate(weights.begin(), weights.end(), 0.0), 0);
}

TEST(RankingGradient, SmallExampleByHand) {
  // f = |x - (1, 2, 3)|^2 at 0, mu = 0.1: ranking e3, e2, e1, (-1, -1, 0).
  Eigen::MatrixXd directions(3, 4);
  directions << 1, 0, 0, -1, 0, 1, 0, -1, 0, 0, 1, 0;
  const std::vector<std::size_t> order = {2, 1, 0, 3};
  const auto with = [&](std::size_t k) {
    return ranking_gradient(directions, {order.data(), k}, 0.1);
  };
  EXPECT_LT((with(4) - Eigen::Vector3d(-10.0 / 3, -20.0 / 3, -5)).norm(), 1e-12);
  EXPECT_LT((with(2) - Eigen::Vector3d(0, -6, -6)).norm(), 1e-12);
  EXPECT_LT((with(1) - Eigen::Vector3d(0, 0, -10)).norm(), 1e-12);
}

TEST(RankingGradient, MeanOnALinearFunction) {
  // E g = c(m, k) / mu along the gradient; c from order statistics of the normal distribution by
  // quadrature: c(4,1) = 1.3725, c(4,2) = 1.2076, c(6,3) = 1.2329, c(m,m) = 2 / sqrt(pi).
  struct Row {
    std::size_t m, k;
    double c;
  };
  const int samples = 20000;
  for (const Row& row : {Row{4, 1, 1.372500497339}, Row{4, 2, 1.207582202369},
                         Row{6, 3, 1.232864037734}, Row{5, 5, 1.128379167096}}) {
    RandomStream stream(1, Purpose::kUser, row.m * 100 + row.k);
    double sum = 0;
    for (int sample = 0; sample < samples; ++sample) {
      Eigen::MatrixXd xi(1, static_cast<Eigen::Index>(row.m));
      for (double& v : xi.reshaped()) v = stream.normal();
      std::vector<std::size_t> order = first(row.m);
      std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return xi(0, static_cast<Eigen::Index>(a)) < xi(0, static_cast<Eigen::Index>(b));
      });
      order.resize(row.k);
      sum += ranking_gradient(xi, order, 1)(0);
    }
    // Standard deviation of one estimate is below 1: five standard errors.
    EXPECT_NEAR(sum / samples, row.c, 5 / std::sqrt(samples)) << row.m << " " << row.k;
  }
}

Problem compare_problem(std::size_t dimension) {
  Problem problem;
  problem.oracle = Oracle::kCompare;
  for (std::size_t i = 0; i < dimension; ++i) problem.space.real("x" + std::to_string(i), -2, 2);
  problem.seed = 8;
  return problem;
}

double sphere(const Point& point) {  // least at 0.7 in each coordinate
  double sum = 0;
  for (double v : point.vector()) sum += (v - 0.7) * (v - 0.7);
  return sum;
}

Ranking ranked(const Compare& query, double (*f)(const Point&) = sphere) {
  std::vector<std::size_t> order = first(query.points.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return f(query.points[a]) < f(query.points[b]);
  });
  order.resize(query.best);
  return {order};
}

class RankSgd : public ::testing::Test {
 protected:
  std::int64_t ask() { return fed.ask(*solver)[0]; }
  Compare query(std::int64_t trial) { return fed.query<Compare>(trial); }
  void tell(std::int64_t trial) { fed.tell(trial, ranked(query(trial))); }
  bool is_line(std::int64_t trial) {
    return fed.history.record(static_cast<std::size_t>(trial)).note.starts_with("line");
  }
  Point recommended() {
    const std::int64_t trial = solver->recommend(fed.history);
    const auto answer = fed.history.answer(static_cast<std::size_t>(trial));
    return query(trial).points[std::get<Ranking>(*answer).order[0]];
  }

  Problem problem = compare_problem(3);
  HandFed fed{problem};
  Assignment options = {{"samples", 6}, {"best", 3}, {"line", 7}};
  std::unique_ptr<Solver> solver = make_solver("zo.rank_sgd", problem, options);
};

TEST_F(RankSgd, AlternatesGradientAndLine) {
  for (int i = 0; i < 10; ++i) {
    const std::int64_t trial = ask();
    EXPECT_EQ(is_line(trial), i % 2 == 1);
    EXPECT_EQ(query(trial).points.size(), i % 2 == 1 ? 7u : 6u);
    EXPECT_EQ(query(trial).best, i % 2 == 1 ? 1u : 3u);
    tell(trial);
  }
}

TEST_F(RankSgd, LineHoldsTheIterateAndNeverGetsWorse) {
  Point before = problem.space.point_from_unit(std::vector<double>{0.5, 0.5, 0.5});
  for (int i = 0; i < 30; ++i) {
    tell(ask());
    const std::int64_t line = ask();
    const Compare asked = query(line);
    EXPECT_EQ(std::count(asked.points.begin(), asked.points.end(), before), 1);
    tell(line);
    EXPECT_LE(sphere(recommended()), sphere(before));
    before = recommended();
  }
}

TEST_F(RankSgd, StayingAveragesAndShortensTheStep) {
  tell(ask());
  const std::int64_t line = ask();
  const Point center = problem.space.point_from_unit(std::vector<double>{0.5, 0.5, 0.5});
  const Compare asked = query(line);
  const auto stays = std::find(asked.points.begin(), asked.points.end(), center);
  fed.tell(line, Ranking{{static_cast<std::size_t>(stays - asked.points.begin())}});
  tell(ask());
  const std::int64_t second = ask();
  const std::string note = fed.history.record(static_cast<std::size_t>(second)).note;
  EXPECT_EQ(note, "line from trial -1 along 2 gradients, step 0.25");
}

TEST_F(RankSgd, PendingLinesDoNotBlock) {
  tell(ask());
  const std::int64_t line = ask();
  ASSERT_TRUE(is_line(line));
  const std::int64_t more = ask();
  EXPECT_FALSE(is_line(more));
  tell(more);
  tell(line);  // x moved: what was learnt at the old x is dropped
  const std::int64_t next = ask();
  EXPECT_FALSE(is_line(next));
  EXPECT_EQ(fed.history.record(static_cast<std::size_t>(next)).note.substr(0, 19),
            "gradient at trial " + std::to_string(line));
}

TEST_F(RankSgd, FailuresAreAskedDifferently) {
  const std::int64_t one = ask();
  fed.fail(one);
  const std::int64_t two = ask();
  EXPECT_FALSE(is_line(two));
  EXPECT_NE(to_json(Query(query(one))), to_json(Query(query(two))));
  tell(two);
  const std::int64_t line = ask();
  fed.fail(line);
  EXPECT_FALSE(is_line(ask()));
}

TEST_F(RankSgd, AFreshSolverAsksTheSame) {
  for (int i = 0; i < 12; ++i) {
    const auto trials = fed.ask(*solver, 2);
    if (i % 5 == 4) {
      fed.fail(trials[0]);
    } else {
      tell(trials[0]);
    }
    if (i % 3 == 0) tell(trials[1]);
    if (i == 7) fed.amend(trials[0], ranked(query(trials[0])));
    const auto fresh = make_solver("zo.rank_sgd", problem, options);
    ASSERT_EQ(next_ask(*fresh, fed, *fed.replayed(), 2), next_ask(*solver, fed, fed.history, 2));
  }
}

TEST_F(RankSgd, HeldCoordinatesStay) {
  Request request = fed.request();
  request.fixed = {std::nan(""), 0.25, std::nan("")};
  for (int i = 0; i < 6; ++i) {
    request.ask = static_cast<std::int64_t>(fed.history.size());
    const auto trial = fed.record(solver->propose(fed.history, request))[0];
    for (const Point& point : query(trial).points) EXPECT_EQ(point.vector()[1], -1.0);
    tell(trial);
  }
}

TEST_F(RankSgd, GoesOnInAnExtendedSpace) {
  for (int i = 0; i < 9; ++i) tell(ask());
  const Point before = recommended();
  Space wider;
  for (int i = 0; i < 3; ++i) wider.real("x" + std::to_string(i), -4, 2);
  wider.real("y", 0, 1, {.default_value = 0.25});
  fed.extend(wider);
  Problem extended = problem;
  extended.space = wider;
  solver = make_solver("zo.rank_sgd", extended, options);
  const std::int64_t line = ask();  // the pending gradient of before counts
  ASSERT_TRUE(is_line(line));
  const Compare asked = query(line);
  const Point same = Point(wider, wider.adopt(before.space(), before.slots()));
  EXPECT_EQ(std::count(asked.points.begin(), asked.points.end(), same), 1);
  const auto fresh = make_solver("zo.rank_sgd", extended, options);
  EXPECT_EQ(next_ask(*fresh, fed, *fed.replayed()), next_ask(*solver, fed, fed.history));
}

double solve(Study& study, std::size_t queries, double (*f)(const Point&)) {
  Oracles oracles;
  oracles.compare = [&](const Compare& query) { return ranked(query, f); };
  drive(study, oracles, queries);
  const Trial trial = study.recommend();
  const auto& points = std::get<Compare>(trial.query()).points;
  return f(points[std::get<Ranking>(*trial.answer()).order[0]]);
}

TEST(RankSgdStudy, ConvergesOnASphere) {
  const Problem problem = compare_problem(5);
  for (std::uint64_t seed : {1, 2, 3}) {
    Study study({.space = problem.space, .seed = seed, .solver = "zo.rank_sgd"});
    EXPECT_LT(solve(study, 200, sphere), 1e-4) << seed;  // 5 * 0.49 at the start
  }
}

TEST(RankSgdStudy, ReachesACornerOfTheBox) {
  Study study({.space = compare_problem(4).space, .seed = 2, .solver = "zo.rank_sgd"});
  const auto sum = [](const Point& point) {
    const auto v = point.vector();
    return std::accumulate(v.begin(), v.end(), 0.0);
  };
  EXPECT_NEAR(solve(study, 100, sum), -8, 1e-3);
}

TEST(RankSgdStudy, RefusesIntegers) {
  StudyOptions options{.space = Space().integer("n", 0, 9), .solver = "zo.rank_sgd"};
  EXPECT_THROW(Study study(options), SolverError);
}

}  // namespace
}  // namespace asktell
