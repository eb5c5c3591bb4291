// The solvers of one acquisition each: that they find the minimum of a smooth function, what they
// recommend under noise, and the mean over an environment whose minimizer is known.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>
#include <string>

#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/core/study.hpp>
#include <asktell/solvers/bayesian/knowledge_gradient_search.hpp>
#include <asktell/tests/acquisition/acquisition_samples.hpp>
#include <asktell/tests/solvers/robust_asks.hpp>

namespace asktell {
namespace {

// Branin-Hoo on its usual box: three minima of .397887 (Dixon & Szego 1978).
double branin(double x, double y) {
  constexpr double kPi = std::numbers::pi;
  const double a = y - 5.1 / (4 * kPi * kPi) * x * x + 5 / kPi * x - 6;
  return a * a + 10 * (1 - 1 / (8 * kPi)) * std::cos(x) + 10;
}

// Two equal valleys; an evaluation in the right half costs twenty times as much.
TEST(GpBo, LooksWhereEvaluationsAreCheap) {
  const auto dear_trials = [](double exponent, std::uint64_t seed) {
    Study study({.space = Space().real("x", 0, 1).real("y", 0, 1),
                 .seed = seed,
                 .solver = "gp_bo",
                 .options = {{"cost_exponent", exponent}},
                 .noise = 0.0,
                 .n_trials = 25});
    int dear = 0;
    while (const Trial trial = study.ask()) {
      const double x = trial["x"].number(), y = trial["y"].number() - 0.4;
      const bool right = x > 0.5;
      dear += right;
      const double valley = std::min(std::abs(x - 0.2), std::abs(x - 0.8));
      study.tell(trial, Values{.objectives = {valley * valley + y * y}, .cost = right ? 20 : 1});
    }
    EXPECT_LT(study.best().value(), 1e-2);
    const bool said = study.trial(20).note().find("by cost") != std::string::npos;
    EXPECT_EQ(said, exponent > 0);
    return dear;
  };
  int by_cost = 0, regardless = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    by_cost += dear_trials(1.0, seed);
    regardless += dear_trials(0.0, seed);
  }
  EXPECT_LT(by_cost, regardless);  // seven times ten seeds: by 1.13 to 1.58
}

class OneAcquisition : public ::testing::TestWithParam<const char*> {};

TEST_P(OneAcquisition, FindsAMinimumOfBraninInThirtyEvaluations) {
  const auto regret = [](std::uint64_t seed) {
    Study study({.space = Space().real("x", -5, 10).real("y", 0, 15),
                 .seed = seed,
                 .solver = GetParam(),
                 .noise = 0.0,
                 .n_trials = 30});
    for (int i = 0; i < 30; ++i) {
      const Trial trial = study.ask();
      study.tell(trial, branin(trial["x"].number(), trial["y"].number()));
    }
    return study.best().value() - 0.397887;
  };
  EXPECT_TRUE(testing::usually_below(1e-2, regret));
}

TEST_P(OneAcquisition, StandsRoughAnswers) {
  testing::expect_robust_asks({GetParam()});
}

TEST_P(OneAcquisition, BatchesSpread) {
  const auto near_another = [](std::uint64_t seed) {
    Study study({.space = Space().real("x", -5, 10).real("y", 0, 15),
                 .seed = seed,
                 .solver = GetParam(),
                 .noise = 0.0});
    for (const Trial& trial : study.ask(8)) {
      study.tell(trial, branin(trial["x"].number(), trial["y"].number()));
    }
    std::set<std::pair<int, int>> squares;  // of side 1
    for (const Trial& trial : study.ask(6)) {
      squares.emplace(std::floor(trial["x"].number()), std::floor(trial["y"].number()));
    }
    return 6 - static_cast<double>(squares.size());
  };
  EXPECT_TRUE(testing::usually_below(3.5, near_another));
}

INSTANTIATE_TEST_SUITE_P(Solvers, OneAcquisition,
                         ::testing::Values("gp_bo", "kg", "mes", "jes", "thompson"),
                         [](const auto& info) { return std::string(info.param); });

// The maximum over the continuum, by an 8001-point grid: .178446 at .78121.
TEST(Kg, FirstSuggestionOfTheExampleIsTheExactMaximizer) {
  const GpPosterior model = samples::w1();
  Eigen::MatrixXd choices(1, 101);
  choices.row(0).setLinSpaced(0, 1);
  MaximizeRequest request;
  request.allowed = [](const Point&) { return true; };
  const auto found =
      maximize_knowledge_gradient(model, choices, Eigen::MatrixXd(1, 0), Space().real("x", 0, 1),
                                  request, RandomStream(1, Purpose::kCandidates));
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->point["x"].number(), 0.78121, 0.015);
  EXPECT_LT(std::exp(found->value), 0.178446);
  EXPECT_GT(std::exp(found->value), 0.174);
}

TEST(Kg, RecommendsByTheMeanUnderNoise) {
  Study study({.space = Space().real("x", -2, 2).real("y", -2, 2),
               .seed = 4,
               .solver = "kg",
               .noise = 1.0,
               .n_trials = 40});
  const auto bowl = [](const Point& point) {
    return std::pow(point["x"].number() - 0.5, 2) + std::pow(point["y"].number() + 0.5, 2);
  };
  RandomStream noise(9, Purpose::kUser);
  for (int i = 0; i < 40; ++i) {
    const Trial trial = study.ask();
    study.tell(trial, bowl(trial.point()) + noise.normal());
  }
  EXPECT_LT(bowl(study.recommend().point()), 0.5);  // the deviation of one answer is 1
}

// f = (x - w)^2 + sin(2 pi w) x, w uniform on [0, 1]: F(x) = x^2 - x + 1/3, minimizer 1/2, though
// f(., w) alone has minimizers w - sin(2 pi w) / 2 from -.28 to 1.28.
TEST(Bqo, FindsTheMinimizerOfTheMean) {
  for (const char* environment : {"", "w"}) {
    const auto away = [&](std::uint64_t seed) {
      Study study({.space = Space().real("x", -1, 2).real("w", 0, 1),
                   .seed = seed,
                   .solver = "bqo",
                   .options = {{"environment", environment}},
                   .noise = 0.0,
                   .n_trials = 30});
      for (int i = 0; i < 30; ++i) {
        const Trial trial = study.ask();
        const double x = trial["x"].number(), w = trial["w"].number();
        study.tell(trial, (x - w) * (x - w) + std::sin(2 * std::numbers::pi * w) * x);
      }
      return std::abs(study.recommend().point()["x"].number() - 0.5);
    };
    EXPECT_TRUE(testing::usually_below(0.05, away)) << environment;
  }
}

// The environment need not come last, nor be continuous: F(x) = (x - 1)^2 + (x + 1)^2 + (x - .9)^2,
// minimizer .3.
TEST(Bqo, AveragesOverCategories) {
  const auto away = [](std::uint64_t seed) {
    Study study({.space = Space().categorical("w", {"a", "b", "c"}).real("x", -3, 3),
                 .seed = seed,
                 .solver = "bqo",
                 .options = {{"environment", "w"}},
                 .noise = 0.0,
                 .n_trials = 25});
    for (int i = 0; i < 25; ++i) {
      const Trial trial = study.ask();
      const std::string w = trial["w"].text();
      const double at = w == "a" ? 1 : w == "b" ? -1 : 0.9;
      study.tell(trial, std::pow(trial["x"].number() - at, 2));
    }
    return std::abs(study.recommend().point()["x"].number() - 0.3);
  };
  EXPECT_TRUE(testing::usually_below(0.01, away));
}

// f = (x - .5)^2 + 2 (w - .5)(x - .2), w uniform on [0, 1]. The mean is lowest at .5. Of the worst
// quarter of w, w - .5 is .375 or -.375 in mean, so that its mean is (x - .5)^2 + .75 |x - .2|,
// lowest at .2; the quantile adds .5 |x - .2| instead, lowest at .25.
TEST(Bqo, MinimizesTheBadEnd) {
  const auto found = [](const char* risk, std::uint64_t seed) {
    Study study({.space = Space().real("x", 0, 1).real("w", 0, 1),
                 .seed = seed,
                 .solver = "bqo",
                 .options = {{"risk", risk}, {"environments", 64}},
                 .noise = 0.0,
                 .n_trials = 20});
    for (const Trial& trial : study.ask(4)) {  // a batch first, of one environment each
      const double x = trial["x"].number(), w = trial["w"].number();
      study.tell(trial, (x - 0.5) * (x - 0.5) + 2 * (w - 0.5) * (x - 0.2));
    }
    while (const Trial trial = study.ask()) {
      const double x = trial["x"].number(), w = trial["w"].number();
      study.tell(trial, (x - 0.5) * (x - 0.5) + 2 * (w - 0.5) * (x - 0.2));
    }
    EXPECT_FALSE(study.outlook());  // of f, not of what is minimized
    return study.recommend().point()["x"].number();
  };
  const auto away = [&](const char* risk, double x) {
    return testing::usually_below(
        0.02, [&](std::uint64_t seed) { return std::abs(found(risk, seed) - x); });
  };
  EXPECT_TRUE(away("mean", 0.5));
  EXPECT_TRUE(away("conditional_value_at_risk", 0.2));
  EXPECT_TRUE(away("value_at_risk", 0.25));
}

TEST(Bqo, WrongEnvironmentsAreRefused) {
  const auto refused = [](const char* environment) {
    try {
      Study study({.space = Space().real("x", 0, 1).real("w", 0, 1),
                   .solver = "bqo",
                   .options = {{"environment", environment}}});
    } catch (const OptionError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(refused("v").find("\"v\""), std::string::npos);
  EXPECT_NE(refused("x, w").find("at least one"), std::string::npos);
  EXPECT_EQ(refused("x"), "");
}

}  // namespace
}  // namespace asktell
