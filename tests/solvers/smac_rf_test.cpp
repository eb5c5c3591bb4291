// smac_rf: the map of costs, the schedule of design, model and random points, and robustness.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include <asktell/core/study.hpp>
#include <asktell/solvers/bayesian/log_cost.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>
#include <asktell/tests/solvers/over_seeds.hpp>
#include <asktell/tests/solvers/robust_asks.hpp>

namespace asktell {
namespace {

using Eigen::VectorXd;
using testing::HandFed;
using testing::make_solver;

TEST(LogCosts, FollowTheFormula) {
  // By hand: numpy.percentile([1, 2, 4, 8, 16], 5) = 1.2, c = 2 - 1.2 = 0.8.
  VectorXd y(5);
  y << 4, 1, 16, 2, 8;
  const VectorXd z = log_costs(y);
  for (Eigen::Index i = 0; i < 5; ++i) EXPECT_NEAR(z[i], std::log((y[i] - 0.8) / 15.2), 1e-9);
}

TEST(LogCosts, UnitsAndOriginDoNotMatter) {
  const VectorXd y = VectorXd::LinSpaced(40, 1, 9).array().square();
  const VectorXd z = log_costs(y);
  EXPECT_LT((log_costs(1e12 * y) - z).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_LT((log_costs(y.array() - 1000) - z).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_TRUE(log_costs(1e306 * y).allFinite());
}

TEST(LogCosts, AllScalesAtOnce) {
  VectorXd y(20);
  for (int i = 0; i < 20; ++i) y[i] = std::ldexp(1.0, i * 397 % 1900 - 950);
  EXPECT_TRUE(log_costs(y).allFinite());
}

TEST(LogCosts, ConstantTiedAndMissingValues) {
  EXPECT_EQ(log_costs(VectorXd::Constant(7, 3.0)), VectorXd::Zero(7));
  VectorXd y = VectorXd::Constant(50, 1.0);  // the percentile is the minimum
  y[3] = 2;
  EXPECT_NEAR(log_costs(y)[0], std::log(1e-10), 1e-6);
  y[4] = std::nan("");
  EXPECT_EQ(log_costs(y)[4], kWorstLogCost);
  EXPECT_EQ(log_costs(y)[3], kWorstLogCost);
}

TEST(LogCosts, AnOutlierLeavesTheOthersApart) {
  VectorXd y(5);
  y << 1, 2, 3, 4, 1e30;
  const VectorXd z = log_costs(y);
  EXPECT_GT(z[1] - z[0], 1);
  EXPECT_GT(z[3] - z[2], 0.2);
}

std::map<std::string, int> notes(std::int64_t budget, int trials, const Assignment& options = {}) {
  Study study({.space = Space().real("x", 0, 1).real("y", 0, 1),
               .seed = 5,
               .solver = "smac_rf",
               .options = options,
               .n_trials = budget});
  std::map<std::string, int> counts;
  for (int i = 0; i < trials; ++i) {
    const Trial trial = study.ask();
    const std::string note = trial.note();
    ++counts[note.substr(0, note.find(' '))];
    study.tell(trial, std::pow(trial["x"].number() - 0.3, 2) + trial["y"].number());
  }
  return counts;
}

TEST(SmacRf, TheDesignIsAQuarterOfTheBudgetAtMost) {
  EXPECT_EQ(notes(40, 40, {{"challengers", 50}})[""], 10);
  EXPECT_EQ(notes(200, 60, {{"challengers", 50}})[""], 20) << "10 d";
  EXPECT_EQ(notes(200, 20, {{"n_initial", 6}})[""], 6);
}

TEST(SmacRf, AFifthOfThePointsIsRandom) {
  // 120 draws of probability 1/5: 24 +- 4 standard deviations of 4.4.
  const auto counts = notes(0, 140, {{"challengers", 50}});
  EXPECT_NEAR(counts.at("random"), 24, 18);
  EXPECT_EQ(counts.at("") + counts.at("random") + counts.at("log_ei"), 140);
  EXPECT_EQ(notes(40, 40, {{"random_share", 0}, {"challengers", 50}}).count("random"), 0u);
}

TEST(SmacRf, NoPointTwice) {
  // 30 points, all of them asked once, then nothing is left.
  Study study({.space = Space().categorical("c", {"a", "b", "c", "d", "e", "f"}).integer("k", 1, 5),
               .seed = 1,
               .solver = "smac_rf",
               .options = {{"n_initial", 5}}});
  std::set<std::string> seen;
  for (int i = 0; i < 30; ++i) {
    const Trial trial = study.ask();
    ASSERT_TRUE(seen.insert(trial.point().to_json()).second);
    study.tell(trial, trial["k"].number());
  }
  EXPECT_TRUE(study.exhausted());
}

TEST(SmacRf, BatchesSpread) {
  Problem problem;
  problem.space.real("x", 0, 1).real("y", 0, 1);
  HandFed fed(problem);
  const auto solver = make_solver("smac_rf", problem, {{"n_initial", 20}, {"random_share", 0}});
  for (int i = 0; i < 20; ++i) {
    const auto number = fed.ask(*solver)[0];
    const auto unit = fed.query<Evaluate>(number).point.unit();
    fed.tell(number, Values{{std::pow(unit[0] - 0.4, 2) + std::pow(unit[1] - 0.7, 2)}});
  }
  const auto proposals = solver->propose(fed.history, fed.request(6));
  ASSERT_EQ(proposals.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto a = std::get<Evaluate>(proposals[i].query).point.unit();
    for (std::size_t j = 0; j < i; ++j) {
      const auto b = std::get<Evaluate>(proposals[j].query).point.unit();
      EXPECT_GT(std::hypot(a[0] - b[0], a[1] - b[1]), 1e-3) << i << " and " << j;
    }
  }
}

TEST(SmacRf, FindsGoodCategories) {
  // Every fifth of 40 categories lowers the value; the others differ by their names only.
  std::vector<Value> names;
  for (int i = 0; i < 40; ++i) names.push_back("name" + std::to_string(i));
  const auto good_ones = [&](std::uint64_t seed) {
    Study study({.space = Space().categorical("c", names).real("x", 0, 1),
                 .seed = seed,
                 .solver = "smac_rf",
                 .options = {{"challengers", 1000}},
                 .n_trials = 100});
    double good = 0;
    for (int i = 0; i < 100; ++i) {
      const Trial trial = study.ask();
      const std::string name = trial["c"].text();
      const bool is_good = name.back() == '3' || name.back() == '8';
      good += i >= 50 && is_good;
      study.tell(trial, (is_good ? 0 : 1) + std::abs(trial["x"].number() - 0.6));
    }
    EXPECT_LT(study.best().value(), 0.15);
    return good;
  };
  EXPECT_GT(testing::median_over_seeds(good_ones, 3), 25);  // of 50; at random, 10
}

TEST(SmacRf, UnderNoiseItRecommendsByTheModel) {
  Study study({.space = Space().real("x", 0, 1),
               .seed = 3,
               .solver = "smac_rf",
               .options = {{"challengers", 500}},
               .noise = 1.0,
               .n_trials = 60});
  RandomStream noise(9, Purpose::kUser);
  for (int i = 0; i < 60; ++i) {
    const Trial trial = study.ask();
    study.tell(trial, 4 * std::abs(trial["x"].number() - 0.4) + noise.normal());
  }
  EXPECT_NEAR(study.recommend()["x"].number(), 0.4, 0.25);
}

TEST(SmacRf, Robustness) {
  testing::expect_robust_asks({"smac_rf", {{"challengers", 500}, {"n_initial", 15}}});
}

}  // namespace
}  // namespace asktell
