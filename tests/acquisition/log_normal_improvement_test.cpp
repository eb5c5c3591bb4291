// Expected improvement of a value whose logarithm is modelled, against mpmath 1.3 (800 digits).
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/acquisition/log_normal_improvement.hpp>
#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

struct Case {
  double mean, deviation, best, value;
};

const Case kCases[] = {
    {-1, 0.5, -1.2, -3.6097983883586243},  {0, 1, 0, -1.4337142903236976},
    {-2, 0.1, -2.05, -6.0250703124901229}, {-1, 1e-5, -1.0000001, -13.444432054063437},
    {-1, 0.2, -5, -213.53715399560621},    {-1, 1e-3, -1.05, -1266.7019581233106},
    {-3, 2, 1, 0.90523012328253643},       {-60, 1e-5, -61, -5000000096.4577149},
    {-5, 0.01, -4, -4.4587042453733089},   {0, 3, -30, -84.710833013323173}};

TEST(LogNormalImprovement, MatchesHighPrecision) {
  for (const Case& c : kCases) {
    const double value = log_normal_expected_improvement(c.mean, c.deviation, c.best).value;
    // v = (best - mean) / deviation has few digits where the deviation is small.
    const double v = (c.best - c.mean) / c.deviation;
    const double rounding = 4e-16 * std::abs(c.mean) / c.deviation * (1 + std::abs(v));
    EXPECT_NEAR(value, c.value, 1e-13 * (1 + std::abs(c.value)) + rounding)
        << c.mean << " " << c.deviation << " " << c.best;
  }
}

TEST(LogNormalImprovement, TheTwoBranchesMeet) {
  // Around the switch the two formulas agree: no jump in value or slope.
  for (double v : {-8.0, -2.0, -0.5, 1.0, 3.0}) {
    double before = 0;
    for (double s = 0.005; s < 1.5; s *= 1.01) {
      const MomentScore at = log_normal_expected_improvement(-v * s, s, 0);
      if (before != 0) {
        EXPECT_LT(std::abs(at.value - before), 0.05) << v << " " << s;
      }
      before = at.value;
    }
  }
}

TEST(LogNormalImprovement, GradientsMatchDifferences) {
  for (const Case& c : kCases) {
    const MomentScore at = log_normal_expected_improvement(c.mean, c.deviation, c.best);
    const double step = 1e-5 * c.deviation;
    const auto value = [&](double mean, double deviation) {
      return log_normal_expected_improvement(mean, deviation, c.best).value;
    };
    const double by_mean =
        (value(c.mean + step, c.deviation) - value(c.mean - step, c.deviation)) / (2 * step);
    const double by_deviation =
        (value(c.mean, c.deviation + step) - value(c.mean, c.deviation - step)) / (2 * step);
    EXPECT_NEAR(at.by_mean, by_mean, 1e-4 * std::abs(by_mean));
    EXPECT_NEAR(at.by_deviation, by_deviation, 1e-4 * std::abs(by_deviation) + 1e-6);
  }
}

TEST(LogNormalImprovement, ImprovesWithTheDeviationAndNeverBreaks) {
  for (double mean = -80; mean <= 0; mean += 2.5) {
    double before = -HUGE_VAL;
    for (double deviation : {1e-5, 1e-3, 0.1, 1.0, 5.0, 40.0}) {
      const double value = log_normal_expected_improvement(mean, deviation, -70).value;
      EXPECT_TRUE(std::isfinite(value));
      EXPECT_GE(value, before - 1e-9);
      if (mean >= -70) before = value;
    }
  }
}

TEST(LogNormalInterval, MatchesHighPrecision) {
  const struct {
    double a, b, value;
  } cases[] = {{-1, 1, -0.38171514630212607},   {0.3, 0.5, -2.6097757044333901},
               {5, 6, -15.068446096529453},     {-30, -29.5, -439.42947495001869},
               {40, 41, -804.60844201375379},   {2, 2 + 0x1p-26, -20.940765242664412},
               {-3, 4, -0.0013825245202196513}, {10, 10 + 0x1p-20, -64.781886912771523}};
  for (const auto& c : cases) {
    EXPECT_NEAR(log_normal_interval(c.a, c.b), c.value, 1e-9 * std::abs(c.value)) << c.a;
    EXPECT_EQ(log_normal_interval(-c.b, -c.a), log_normal_interval(c.a, c.b));
  }
}

}  // namespace
}  // namespace asktell
