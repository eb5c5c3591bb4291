// NLopt turned inside out: the same points as a direct call, replay, workers that end, failures,
// constraints, gradients.
#include <gtest/gtest.h>
#include <nlopt.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/study.hpp>
#include <asktell/solvers/local/callback_bridge.hpp>

namespace asktell {
namespace {

double rosenbrock(double x, double y) {
  return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);
}

Space unit_square() {
  return Space().real("x", 0, 1).real("y", 0, 1);
}

std::vector<std::string> methods() {
  std::vector<std::string> out;
  for (const std::string& name : Registry::global().names()) {
    if (name.rfind("nlopt.", 0) == 0) out.push_back(name);
  }
  return out;
}

// Points that nlopt_optimize itself evaluates, on the same function in the same cube.
struct Direct {
  std::vector<std::vector<double>> points;
  static double call(unsigned, const double* x, double*, void* data) {
    static_cast<Direct*>(data)->points.push_back({x[0], x[1]});
    return rosenbrock(x[0], x[1]);
  }
};

void expect_sequence_of_direct_call(const char* name, nlopt_algorithm algorithm) {
  constexpr int kEvaluations = 60;  // fewer where the method converges earlier
  Direct direct;
  nlopt_opt opt = nlopt_create(algorithm, 2);
  nlopt_set_lower_bounds1(opt, 0);
  nlopt_set_upper_bounds1(opt, 1);
  nlopt_set_initial_step1(opt, 0.1);
  nlopt_set_xtol_abs1(opt, 1e-6);
  nlopt_set_min_objective(opt, Direct::call, &direct);
  nlopt_set_maxeval(opt, kEvaluations);
  double x[2] = {0.5, 0.5}, value = 0;
  nlopt_optimize(opt, x, &value);
  nlopt_destroy(opt);

  Study study({.space = unit_square(), .seed = 1, .solver = name});
  const int count = static_cast<int>(direct.points.size());
  ASSERT_GT(count, 20);
  for (int i = 0, asked = 0; i < count; ++i) {
    bool seen = false;  // a point that NLopt asks twice is answered from the history
    for (int j = 0; j < i; ++j) seen |= direct.points[j] == direct.points[i];
    if (seen) continue;
    const Trial trial = study.ask();
    ASSERT_EQ(trial.number(), asked++);
    EXPECT_EQ(trial.vector(), direct.points[i]) << name << " evaluation " << i;
    study.tell(trial, rosenbrock(trial["x"], trial["y"]));
  }
}

TEST(Nlopt, AsksThePointsOfADirectCall) {
  expect_sequence_of_direct_call("nlopt.neldermead", NLOPT_LN_NELDERMEAD);
  expect_sequence_of_direct_call("nlopt.cobyla", NLOPT_LN_COBYLA);
  expect_sequence_of_direct_call("nlopt.bobyqa", NLOPT_LN_BOBYQA);
  expect_sequence_of_direct_call("nlopt.sbplx", NLOPT_LN_SBPLX);
}

TEST(Nlopt, EveryMethodFindsTheMiddleOfABowl) {
  // Minimum 0 at (0.3, 0.6) by construction. A random search of 300 points reaches about
  // 1 / (300 pi) = 1e-3 on average; every method must beat that.
  for (const std::string& name : methods()) {
    Study study({.space = unit_square(), .seed = 5, .solver = name});
    for (int i = 0; i < 300; ++i) {
      const Trial trial = study.ask();
      const double x = trial["x"], y = trial["y"];
      study.tell(trial, (x - 0.3) * (x - 0.3) + 2 * (y - 0.6) * (y - 0.6));
    }
    EXPECT_LT(study.best().value(), 3e-3) << name;
  }
}

TEST(Nlopt, ReplayGivesTheSameNextAsk) {
  for (const std::string& name : methods()) {
    Study study({.space = unit_square(), .seed = 3, .solver = name});
    for (int i = 0; i < 40; ++i) {
      const Trial trial = study.ask();
      if (i % 7 == 3) {
        study.fail(trial, "every seventh fails");
      } else {
        study.tell(trial, rosenbrock(trial["x"], trial["y"]));
      }
    }
    std::vector<Proposal> fresh;
    study.inspect([&](const History& history) {
      const auto solver = Registry::global().make(name, history.problem(), {});
      fresh = solver->propose(
          history, {.ask = static_cast<std::int64_t>(history.size()), .count = 1, .seed = 3});
    });
    ASSERT_EQ(fresh.size(), 1u);
    EXPECT_EQ(study.ask().point(), std::get<Evaluate>(fresh[0].query).point) << name;
  }
}

TEST(Nlopt, PendingPointIsWaitedForAndOthersFallBackNearTheBest) {
  Study study({.space = unit_square(), .seed = 3, .solver = "nlopt.cobyla"});
  const std::vector<Trial> batch = study.ask(3);
  ASSERT_EQ(batch.size(), 3u);
  EXPECT_EQ(batch[0].origin(), Origin::kModel);
  EXPECT_EQ(batch[1].origin(), Origin::kFallback);
  EXPECT_NE(batch[1].note().find("waits for trial 0"), std::string::npos) << batch[1].note();
  study.tell(batch[2], 1.0);
  EXPECT_EQ(study.ask().origin(), Origin::kFallback);
  study.tell(batch[0], 2.0);
  EXPECT_EQ(study.ask().origin(), Origin::kModel);
}

TEST(Nlopt, ConvergedRunStartsElsewhere) {
  Study study({.space = unit_square(), .seed = 3, .solver = "nlopt.bobyqa"});
  bool restarted = false;
  for (int i = 0; i < 200 && !restarted; ++i) {
    const Trial trial = study.ask();
    const double x = trial["x"], y = trial["y"];
    restarted = trial.note().find("run 1 of nlopt.bobyqa") != std::string::npos;
    study.tell(trial, (x - 0.3) * (x - 0.3) + (y - 0.6) * (y - 0.6));
  }
  EXPECT_TRUE(restarted);
}

TEST(Nlopt, StartsAtTheBestPointToldBefore) {
  Study study({.space = unit_square(), .seed = 3, .solver = "nlopt.neldermead"});
  study.tell_point({{"x", 0.9}, {"y", 0.1}}, Values{{5.0}});
  study.tell_point({{"x", 0.2}, {"y", 0.7}}, Values{{1.0}});
  // The start itself is known, so the first ask is the simplex's second vertex: one initial step
  // (0.1) from the start in the first coordinate.
  const Trial trial = study.ask();
  EXPECT_NEAR(std::abs(double(trial["x"]) - 0.2), 0.1, 1e-12);
  EXPECT_DOUBLE_EQ(trial["y"], 0.7);
}

TEST(Nlopt, AmendedAnswerChangesThePath) {
  const auto next = [](double amended) {
    Study study({.space = unit_square(), .seed = 3, .solver = "nlopt.neldermead"});
    for (int i = 0; i < 6; ++i) {
      const Trial trial = study.ask();
      study.tell(trial, rosenbrock(trial["x"], trial["y"]));
    }
    study.amend(1, Values{{amended}});
    std::vector<double> point = study.ask().vector();
    std::vector<Proposal> fresh;
    study.inspect([&](const History& history) {
      // Without the ask that follows the amendment, a fresh instance proposes the same point: it
      // is pending now, and is what the fresh one waits for.
      const auto solver = Registry::global().make("nlopt.neldermead", history.problem(), {});
      fresh = solver->propose(history, {.ask = 7, .count = 1, .seed = 3});
    });
    EXPECT_EQ(fresh.at(0).origin, Origin::kFallback);
    return point;
  };
  EXPECT_NE(next(1e3), next(-1e3));
}

TEST(Nlopt, CobylaMeetsAToldConstraint) {
  // min x + y with x^2 + y^2 >= 1/2 in the unit square (told as 1/2 - x^2 - y^2 <= 0): on the arc
  // x + y is least at its ends, 1/sqrt(2) at (1/sqrt(2), 0) or (0, 1/sqrt(2)).
  for (const char* name : {"nlopt.cobyla", "nlopt.slsqp", "nlopt.auglag_bobyqa"}) {
    Study study({.space = unit_square(), .seed = 3, .solver = name, .constraints = {"arc"}});
    for (int i = 0; i < 250; ++i) {
      const Trial trial = study.ask();
      const double x = trial["x"], y = trial["y"];
      study.tell(trial, Values{.objectives = {x + y}, .constraints = {0.5 - x * x - y * y}});
    }
    EXPECT_NEAR(study.best().value(), std::sqrt(0.5), 1e-2) << name;
  }
}

TEST(Nlopt, ToldGradientsReplaceDifferences) {
  // f = (log10 x)^2 + (y - 2)^2 on x in [1e-3, 1e3] (logarithmic), y in [-5, 5]: minimum 0 at
  // (1, 2). df/dx = 2 log10(x) / (x ln 10), df/dy = 2 (y - 2). With exact gradients of a quadratic
  // SLSQP needs few points; with differences each costs 1 + d.
  ParameterOptions log;
  log.log = true;
  const Space space = Space().real("x", 1e-3, 1e3, log).real("y", -5, 5);
  Study study({.space = space, .seed = 3, .solver = "nlopt.slsqp", .direction = "maximize"});
  study.enqueue({{"x", 30.0}, {"y", -1.0}});
  for (int i = 0; i < 12; ++i) {
    const Trial trial = study.ask();
    const double x = trial["x"], y = trial["y"], l = std::log10(x);
    study.tell(trial, Values{.objectives = {-(l * l) - (y - 2) * (y - 2)},
                             .gradient = {-2 * l / (x * std::log(10.0)), -2 * (y - 2)}});
  }
  EXPECT_NEAR(study.best().value(), 0.0, 1e-6);
}

TEST(Nlopt, DifferencesAreAskedTogether) {
  Study study({.space = unit_square(), .seed = 3, .solver = "nlopt.slsqp"});
  study.tell(study.ask(), 1.0);  // the middle, told without a gradient
  const std::vector<Trial> batch = study.ask(2);
  ASSERT_EQ(batch.size(), 2u);
  // Options default: difference 1e-6 of the range.
  EXPECT_NEAR(double(batch[0]["x"]), 0.5 + 1e-6, 1e-12);
  EXPECT_NEAR(double(batch[1]["y"]), 0.5 + 1e-6, 1e-12);
  EXPECT_EQ(batch[1].origin(), Origin::kModel);
}

TEST(Nlopt, KnownConstraintsAreNeverBroken) {
  for (const char* name : {"nlopt.neldermead", "nlopt.sbplx", "nlopt.crs2_lm", "nlopt.isres"}) {
    Space space = unit_square();
    space.constraint("x + y <= 0.7");
    Study study({.space = space, .seed = 3, .solver = name});
    for (int i = 0; i < 150; ++i) {
      const Trial trial = study.ask();
      const double x = trial["x"], y = trial["y"];
      ASSERT_LE(x + y, 0.7) << name;
      study.tell(trial, (x - 1) * (x - 1) + (y - 1) * (y - 1));
    }
    // The nearest feasible point to (1, 1) is (0.35, 0.35): 2 * 0.65^2 = 0.845.
    EXPECT_LT(study.best().value(), 0.9) << name;
  }
}

TEST(Nlopt, TwoStudiesInterleavedAreAsTwoAlone) {
  const auto alone = [](const char* name) {
    std::vector<std::vector<double>> points;
    Study study({.space = unit_square(), .seed = 9, .solver = name});
    for (int i = 0; i < 30; ++i) {
      const Trial trial = study.ask();
      points.push_back(trial.vector());
      study.tell(trial, rosenbrock(trial["x"], trial["y"]));
    }
    return points;
  };
  const auto first = alone("nlopt.crs2_lm");
  const auto second = alone("nlopt.esch");
  Study a({.space = unit_square(), .seed = 9, .solver = "nlopt.crs2_lm"});
  Study b({.space = unit_square(), .seed = 9, .solver = "nlopt.esch"});
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Trial from_a = a.ask(), from_b = b.ask();
    EXPECT_EQ(from_a.vector(), first[i]);
    EXPECT_EQ(from_b.vector(), second[i]);
    b.tell(from_b, rosenbrock(from_b["x"], from_b["y"]));
    a.tell(from_a, rosenbrock(from_a["x"], from_a["y"]));
  }
}

TEST(CallbackBridge, EndsBodiesThatWereNeverFinished) {
  int ended = 0;
  for (int round = 0; round < 1000; ++round) {
    CallbackBridge bridge([&](const CallbackBridge::Call& call) {
      while (call({.point = {1.0}})) {
      }
      ++ended;  // the destructor joins: no two threads at a time
      return std::string("stopped");
    });
    for (int i = 0; i < round % 3; ++i) {
      ASSERT_NE(bridge.next(), nullptr);
      if (i == 0) bridge.answer({});
    }
  }
  EXPECT_EQ(ended, 666);  // bodies of rounds 1 and 2 modulo 3 had been started
}

TEST(CallbackBridge, RepeatsTheRequestUntilItIsAnswered) {
  CallbackBridge bridge([](const CallbackBridge::Call& call) {
    const auto* reply = call({.point = {2.0}});
    return reply ? "got " + std::to_string(static_cast<int>(reply->value)) : std::string("stopped");
  });
  EXPECT_EQ(bridge.next()->point[0], 2.0);
  EXPECT_EQ(bridge.next()->point[0], 2.0);
  bridge.answer({.value = 7});
  EXPECT_EQ(bridge.next(), nullptr);
  EXPECT_EQ(bridge.next(), nullptr);
  EXPECT_EQ(bridge.outcome(), "got 7");
}

}  // namespace
}  // namespace asktell
