// tpe: which trials are good, groups of conditional parameters, the liar, and robustness.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include <asktell/core/study.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>
#include <asktell/tests/solvers/over_seeds.hpp>
#include <asktell/tests/solvers/robust_asks.hpp>

namespace asktell {
namespace {

using testing::HandFed;
using testing::make_solver;

// Tells `solver` the points; NaN is a failure.
void feed(HandFed& fed, const std::vector<std::pair<double, double>>& points) {
  for (const auto& [x, value] : points) {
    const auto number =
        fed.record({{.query = Evaluate{fed.history.space().point({{"x", x}})}}}).front();
    if (std::isnan(value)) {
      fed.fail(number);
    } else {
      fed.tell(number, Values{{value}});
    }
  }
}

double asked(HandFed& fed, Solver& solver) {
  const auto proposals = solver.propose(fed.history, fed.request());
  return std::get<Evaluate>(proposals.at(0).query).point["x"].number();
}

// Mean of many first proposals under different seeds.
double mean_ask(const std::vector<std::pair<double, double>>& points, double* spread = nullptr) {
  double sum = 0, squares = 0;
  constexpr int kSeeds = 60;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Problem problem;
    problem.space.real("x", 0, 1);
    problem.seed = seed;
    HandFed fed(problem);
    feed(fed, points);
    const auto solver = make_solver("tpe", problem);
    const double x = asked(fed, *solver);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kSeeds;
  if (spread) *spread = std::sqrt(squares / kSeeds - mean * mean);
  return mean;
}

std::vector<std::pair<double, double>> line(double minimum) {
  std::vector<std::pair<double, double>> out;
  for (int i = 0; i < 40; ++i) {
    const double x = (i * 17 % 40 + 0.5) / 40;
    out.emplace_back(x, std::abs(x - minimum));
  }
  return out;
}

TEST(Tpe, AsksNearTheGoodTrials) {
  double spread = 0;
  EXPECT_NEAR(mean_ask(line(0.25), &spread), 0.25, 0.1);
  EXPECT_LT(spread, 0.15);
  EXPECT_NEAR(mean_ask(line(0.8)), 0.8, 0.1);
}

TEST(Tpe, FailuresAreBadTrials) {
  // All points right of 0.7 fail; values fall towards them.
  std::vector<std::pair<double, double>> points = line(0.65);
  for (auto& [x, value] : points) {
    if (x > 0.7) value = std::nan("");
  }
  EXPECT_NEAR(mean_ask(points), 0.65, 0.1);
}

TEST(Tpe, RandomUntilTenTrialsAreFinished) {
  Problem problem;
  problem.space.real("x", 0, 1);
  HandFed fed(problem);
  const auto solver = make_solver("tpe", problem);
  for (int i = 0; i < 12; ++i) {
    const auto number = fed.ask(*solver)[0];
    EXPECT_EQ(fed.history.origin(static_cast<std::size_t>(number)),
              i < 10 ? Origin::kDesign : Origin::kModel);
    fed.tell(number, Values{{1.0 * i}});
  }
}

TEST(Tpe, PendingTrialsPushAway) {
  // Among the bad ones, a running trial lowers the ratio where it is.
  const auto nearest = [](const Assignment& options) {
    Problem problem;
    problem.space.real("x", 0, 1);
    HandFed fed(problem);
    feed(fed, line(0.5));
    const auto solver = make_solver("tpe", problem, options);
    std::vector<double> batch;
    for (const Proposal& proposal : solver->propose(fed.history, fed.request(20))) {
      batch.push_back(std::get<Evaluate>(proposal.query).point["x"].number());
    }
    std::sort(batch.begin(), batch.end());
    return batch.back() - batch.front();
  };
  EXPECT_GT(nearest({}), 1.5 * nearest({{"constant_liar", false}}));
}

TEST(Tpe, LearnsConditionalParametersFromTrialsThatHaveThem) {
  // y is best near 0.9 when "b" is chosen, and "b" is better than "a".
  const auto chosen_of = [](std::uint64_t seed) {
    Study study(
        {.space =
             [] {
               ParameterOptions when;
               when.when = {{.parent = "c", .values = {"b"}}};
               return Space().categorical("c", {"a", "b"}).real("y", 0, 1, when).real("x", 0, 1);
             }(),
         .seed = seed,
         .solver = "tpe"});
    const auto value = [](const Point& point) {
      const bool b = point.has("y");
      const double x = point["x"].number();
      return (x - 0.3) * (x - 0.3) + (b ? std::pow(point["y"].number() - 0.9, 2) : 0.5);
    };
    for (int i = 0; i < 80; ++i) {
      const Trial trial = study.ask();
      study.tell(trial, value(trial.point()));
    }
    EXPECT_LT(study.best().value(), 0.01);
    double chosen = 0;
    for (const Trial& trial : study.trials()) {
      if (trial.number() >= 60) chosen += trial.point().has("y");
    }
    return chosen;
  };
  EXPECT_GT(testing::median_over_seeds(chosen_of), 13);  // of 20; at random, 10
}

TEST(Tpe, BrokenConstraintsAreBadTrials) {
  // The unconstrained minimum at 0.9 is infeasible, the best feasible point is at 0.5.
  Study study(
      {.space = Space().real("x", 0, 1), .seed = 4, .solver = "tpe", .constraints = {"limit"}});
  int infeasible = 0;
  for (int i = 0; i < 60; ++i) {
    const Trial trial = study.ask();
    const double x = trial["x"].number();
    Values values{{std::abs(x - 0.9)}};
    values.constraints = {x - 0.5};
    if (i >= 40) infeasible += x > 0.5;
    study.tell(trial, values);
  }
  EXPECT_GT(study.best()["x"].number(), 0.46);
  EXPECT_LE(study.best()["x"].number(), 0.5);
  EXPECT_LE(infeasible, 12);
}

TEST(Tpe, FixedCoordinatesAreKept) {
  Problem problem;
  problem.space.real("x", 0, 1).integer("k", 1, 5);
  HandFed fed(problem);
  const auto solver = make_solver("tpe", problem);
  for (int i = 0; i < 15; ++i) {
    const auto number = fed.ask(*solver)[0];
    fed.tell(number, Values{{std::sin(i)}});
  }
  Request request = fed.request(5);
  request.fixed = problem.space.partial_unit({{"k", 4}});
  for (const Proposal& proposal : solver->propose(fed.history, request)) {
    EXPECT_EQ(std::get<Evaluate>(proposal.query).point["k"].number(), 4);
  }
}

TEST(Tpe, AThousandBooleans) {
  Problem problem;
  for (int i = 0; i < 1000; ++i) problem.space.boolean("b" + std::to_string(i));
  HandFed fed(problem);
  const auto solver = make_solver("tpe", problem);
  for (int i = 0; i < 30; ++i) {
    const auto number = fed.ask(*solver)[0];
    const auto slots = fed.query<Evaluate>(number).point.vector();
    fed.tell(number, Values{{-std::accumulate(slots.begin(), slots.end(), 0.0)}});
  }
  // Random points have 500 +- 16 members; three good ones out of thirty tilt the draw.
  const auto slots = fed.query<Evaluate>(29).point.vector();
  EXPECT_GT(std::accumulate(slots.begin(), slots.end(), 0.0), 500);
}

TEST(Tpe, Robustness) {
  testing::expect_robust_asks({"tpe"});
}

}  // namespace
}  // namespace asktell
