// Output transforms against 50-digit arithmetic, scikit-learn and google-vizier, and at the ends of
// the range of doubles.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/core/random.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>
#include <asktell/surrogates/transforms/power.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using Kind = TransformKind;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

const Kind kKinds[] = {Kind::kStandardize, Kind::kLog,   Kind::kBilog,       Kind::kYeoJohnson,
                       Kind::kBoxCox,      Kind::kHebo,  Kind::kRobustPower, Kind::kHalfRank,
                       Kind::kVizier,      Kind::kCopula};

bool needs_positive(Kind kind) {
  return kind == Kind::kLog || kind == Kind::kBoxCox;
}

// The values of the oracles, of either sign.
VectorXd mixed() {
  return VectorXd{{.12, 3.4, -1.5, .7, 25, -.2, 1.9, 8.8}};
}

void expect_near(const VectorXd& actual, const VectorXd& wanted, double tolerance) {
  ASSERT_EQ(actual.size(), wanted.size());
  for (Index i = 0; i < wanted.size(); ++i) EXPECT_NEAR(actual[i], wanted[i], tolerance) << i;
}

// Skewed values: exp of normal draws, shifted below 0 unless positive.
VectorXd draws(std::uint64_t seed, Index n, double shift) {
  RandomStream stream(seed, Purpose::kDesign, 0);
  VectorXd y(n);
  for (double& value : y) value = std::exp(1.5 * stream.normal()) - shift;
  return y;
}

VectorXd draws_for(Kind kind, std::uint64_t seed, Index n) {
  return draws(seed, n, needs_positive(kind) ? 0 : 1);
}

std::vector<Index> order(const VectorXd& values) {
  std::vector<Index> out(static_cast<std::size_t>(values.size()));
  std::iota(out.begin(), out.end(), Index{0});
  std::stable_sort(out.begin(), out.end(), [&](Index a, Index b) { return values[a] < values[b]; });
  return out;
}

TEST(OutputTransform, BilogMatchesTheOracle) {
  const OutputTransform transform(Kind::kBilog, mixed());
  const VectorXd g = (transform.apply(mixed()).array() * transform.deviation()) + transform.mean();
  expect_near(g,
              VectorXd{{.1133286853, 1.4816045409, -.9162907319, .5306282511, 3.258096538,
                        -.1823215568, 1.064710737, 2.2823823857}},
              1e-10);
}

TEST(OutputTransform, YeoJohnsonMatchesScikitLearn) {
  const OutputTransform transform(Kind::kYeoJohnson, mixed());
  EXPECT_NEAR(transform.lambda(), .160043888, 3e-8);  // a maximum, to the root of rounding
  expect_near(transform.apply(mixed()),
              VectorXd{{-.466380194, .362544121, -1.799109806, -.232521735, 1.748627155,
                        -.642522078, .090497545, .938864991}},
              3e-8);
  const double jacobian = transform.log_jacobian(mixed()) + 8 * std::log(transform.deviation());
  EXPECT_NEAR(jacobian, -6.4106616741, 1e-7);
  EXPECT_NEAR(fit_power(PowerFamily::kYeoJohnson, mixed()).log_likelihood, -11.457100217533, 1e-11);
}

TEST(OutputTransform, HeboMatchesScikitLearn) {
  const OutputTransform transform(Kind::kHebo, mixed());
  EXPECT_EQ(transform.applied(), Kind::kYeoJohnson);
  EXPECT_EQ(transform.fallback(), "");
  EXPECT_NEAR(transform.unit(), 8.199148964984, 1e-12);
  EXPECT_NEAR(transform.lambda(), -1.39721225, 2e-8);
  expect_near(transform.apply(mixed()),
              VectorXd{{-.614537595, .408180054, -1.560284428, -.367124549, 1.740392593,
                        -.769583632, .038798314, 1.124159243}},
              1e-8);
}

TEST(OutputTransform, BoxCoxMatchesTheOracle) {
  const VectorXd y = mixed().cwiseAbs();
  const PowerFit fit = fit_power(PowerFamily::kBoxCox, y);
  EXPECT_NEAR(fit.lambda, -.0065002745, 1e-8);
  EXPECT_NEAR(fit.log_likelihood, -7.763171681757, 1e-11);
  const OutputTransform transform(Kind::kBoxCox, y);
  EXPECT_NEAR(transform.lambda(), -.0065002745, 1e-8);
  // Its z is the textbook's standardized, though it works on y over the geometric mean.
  VectorXd g = y.unaryExpr(
      [&](double value) { return (std::pow(value, transform.lambda()) - 1) / transform.lambda(); });
  g.array() -= g.mean();
  g /= std::sqrt(g.squaredNorm() / 8);
  expect_near(transform.apply(y), g, 1e-11);
  EXPECT_EQ(OutputTransform(Kind::kHebo, y).apply(y), transform.apply(y));
}

TEST(OutputTransform, HalfRankMatchesTheReference) {
  // google-vizier's half-rank warp of y = (-100, -5, 1, 2, 2.5, 3, 7), which maximizes: signs
  // turned.
  const VectorXd y{{100, 5, -1, -2, -2.5, -3, -7}};
  const VectorXd wanted{{1.753544633567, 0.027970459495, -1.06213154669, -2, -2.5, -3, -7}};
  const OutputTransform transform(Kind::kHalfRank, y);
  const VectorXd z = transform.apply(y);
  const VectorXd g = (z.array() * transform.deviation() + transform.mean()) * transform.unit();
  expect_near(g, wanted, 1e-10);
  EXPECT_NEAR(z.mean(), 0, 1e-14);
  EXPECT_NEAR(z.squaredNorm() / 6, 1, 1e-14);
}

TEST(OutputTransform, VizierMatchesTheReference) {
  // google-vizier's pipeline on the negative of y, which it maximizes.
  const VectorXd y{{-1, 3, kNan, -2.5, 0, 100, -2}};
  const OutputTransform transform(Kind::kVizier, y);
  const VectorXd z = transform.apply(y);
  expect_near(z,
              -VectorXd{{.450164222, .092706012, -1.6294492701, .8705507299, .249872693,
                         -.1294492701, .7223161408}},
              1e-9);
  const VectorXd before_shift = z.array() + transform.mean();
  EXPECT_NEAR(before_shift[0], -.0796134921, 1e-10);
  EXPECT_NEAR(before_shift[1], .2778447179, 1e-10);
  EXPECT_NEAR(before_shift[5], .5, 1e-10);
  EXPECT_NEAR(before_shift[6], -.3517654109, 1e-10);
  EXPECT_EQ(z[2], transform.failed_value());
}

TEST(OutputTransform, CopulaIsTheQuantileOfClippedRanks) {
  EXPECT_NEAR(copula_clip(8), .058159306286, 1e-12);
  EXPECT_EQ(copula_clip(2), .1);
  const OutputTransform transform(Kind::kCopula, VectorXd{{3, 1, 4, 1, 500}});
  // Ranks from 0: 2, 1/2, 3, 1/2, 4 of 4; normal quantiles of .5, .125, .75 and 1 - clip (scipy).
  const double end = 1.4441331119;  // of 1 - 0.0743507678
  const VectorXd z = transform.apply(VectorXd{{3, 1, 4, 1, 500, 1e9, -7, 3.5}});
  expect_near(z,
              VectorXd{{0, -1.1503493804, .6744897502, -1.1503493804, end, end, -1.1503493804,
                        .6744897502 / 2}},
              1e-7);
}

TEST(OutputTransform, StandardizeTakesTheSampleDeviation) {
  const OutputTransform transform(Kind::kStandardize, VectorXd{{1, 2, 6}});
  EXPECT_NEAR(transform.mean(), 3, 1e-15);
  EXPECT_NEAR(transform.deviation(), std::sqrt(7), 1e-15);
  EXPECT_NEAR(transform.apply(6), 3 / std::sqrt(7), 1e-15);
}

TEST(OutputTransform, OfOneValueOrEqualValuesIsZeroThere) {
  for (Kind kind : kKinds) {
    for (const VectorXd& y : {VectorXd{{4.5}}, VectorXd{{4.5, 4.5, 4.5}}}) {
      const OutputTransform transform(kind, y);
      EXPECT_EQ(transform.apply(y).norm(), 0) << transform_name(kind);
      EXPECT_NEAR(transform.inverse(0), 4.5, 1e-14) << transform_name(kind);
      EXPECT_GE(transform.apply(5), 0) << transform_name(kind);
    }
  }
  EXPECT_NEAR(OutputTransform(Kind::kStandardize, VectorXd{{4.5}}).apply(6.5), 2 / 4.5, 1e-15);
  const double next = std::nextafter(4.5, 5);
  const VectorXd rounding{{4.5, next, 4.5}};
  EXPECT_EQ(OutputTransform(Kind::kStandardize, rounding).apply(rounding).norm(), 0);
}

TEST(OutputTransform, OfNoValuesIsTheIdentity) {
  EXPECT_EQ(OutputTransform().apply(2.5), 2.5);
  EXPECT_EQ(OutputTransform(Kind::kHebo, VectorXd()).inverse(2.5), 2.5);
}

TEST(OutputTransform, InverseUndoesApply) {
  for (Kind kind : kKinds) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const VectorXd y = draws_for(kind, seed, 30);
      const OutputTransform transform(kind, y);
      const VectorXd back = transform.inverse(transform.apply(y));
      for (Index i = 0; i < y.size(); ++i) {
        if (kind == Kind::kCopula && std::abs(transform.apply(y[i])) >= 1.77) continue;  // clipped
        EXPECT_NEAR(back[i], y[i], 1e-9 * (1 + std::abs(y[i]))) << transform_name(kind);
      }
    }
  }
}

TEST(OutputTransform, NeverTurnsTwoValuesRound) {
  for (Kind kind : kKinds) {
    const OutputTransform transform(kind, draws_for(kind, 7, 25));
    double last = -kInfinity;
    for (double y = needs_positive(kind) ? 1e-3 : -5.0; y < 200; y += .0173) {  // known and beyond
      const double z = transform.apply(y);
      if (kind == Kind::kCopula) {
        EXPECT_GE(z, last) << transform_name(kind) << y;
      } else {
        EXPECT_GT(z, last) << transform_name(kind) << y;
      }
      last = z;
    }
  }
}

TEST(OutputTransform, NewValuesOfRankKindsRoundTrip) {
  for (Kind kind : {Kind::kHalfRank, Kind::kVizier}) {
    const OutputTransform transform(kind, draws(3, 20, 1));
    for (double y : {-30.0, -1.1, -.5, .3, 2.2, 1000.0}) {
      EXPECT_NEAR(transform.inverse(transform.apply(y)), y, 1e-10 * (1 + std::abs(y)));
    }
  }
}

TEST(OutputTransform, SlopeMatchesDifferences) {
  for (Kind kind : kKinds) {
    const VectorXd y = draws_for(kind, 11, 20);
    const OutputTransform transform(kind, y);
    double sum = 0;
    for (double value : y) {
      const double h = 1e-5 * std::max(.1, std::abs(value));
      const double wanted = (transform.apply(value + h) - transform.apply(value - h)) / (2 * h);
      sum += std::log(wanted);
      if (!transform.smooth()) continue;
      EXPECT_NEAR(transform.slope(value), wanted, 1e-6 * wanted);
    }
    if (transform.smooth()) {
      EXPECT_NEAR(transform.log_jacobian(y), sum, 1e-6) << transform_name(kind);
    } else {
      EXPECT_TRUE(std::isnan(transform.log_jacobian(y))) << transform_name(kind);
    }
  }
}

TEST(OutputTransform, FailuresGetTheWorstValue) {
  const VectorXd y{{3, kNan, 1, kInfinity, 7, -kInfinity, 2, 9, 4}};
  const VectorXd known{{3, 1, 7, 2, 9, 4}};
  for (Kind kind : kKinds) {
    const OutputTransform transform(kind, y);
    const VectorXd z = transform.apply(y);
    EXPECT_TRUE(z.allFinite());
    for (Index i : {1, 3, 5}) EXPECT_EQ(z[i], transform.failed_value());
    if (kind == Kind::kVizier) {
      EXPECT_NEAR(transform.failed_value(), z.head(8)[7] + 1.5, 1e-14);
    } else {
      EXPECT_EQ(transform.failed_value(), z[7]);
      EXPECT_EQ(transform.apply(4), OutputTransform(kind, known).apply(4));
    }
  }
}

TEST(OutputTransform, AllFailedGivesEqualValues) {
  const VectorXd y{{kNan, kInfinity, kNan}};
  for (Kind kind : kKinds) {
    const VectorXd z = OutputTransform(kind, y).apply(y);
    EXPECT_TRUE((z.array() == (kind == Kind::kVizier ? 1 : 0)).all()) << transform_name(kind);
  }
}

TEST(OutputTransform, VizierKeepsEqualValuesApartFromFailures) {
  const VectorXd y{{2, kNan, 2}};
  const VectorXd z = OutputTransform(Kind::kVizier, y).apply(y);
  EXPECT_NEAR(z[1] - z[0], 1, 1e-15);
  EXPECT_NEAR(z[0] * .625 + z[1] * .375, 0, 1e-15);  // 2.5 of 4 succeed
}

TEST(OutputTransform, ScaleAndOffsetKeepTheOrder) {
  for (Kind kind : kKinds) {
    const VectorXd y = draws_for(kind, 5, 40);
    const auto wanted = order(OutputTransform(kind, y).apply(y));
    for (const VectorXd& moved :
         {VectorXd(1e12 * y), VectorXd(1e-12 * y), VectorXd(y.array() + 1e9)}) {
      const VectorXd z = OutputTransform(kind, moved).apply(moved);
      EXPECT_TRUE(z.allFinite());
      EXPECT_EQ(order(z), wanted) << transform_name(kind);
    }
  }
}

TEST(OutputTransform, ScaleDoesNotMatterWhereNoUnitIsMeant) {
  for (Kind kind : {Kind::kStandardize, Kind::kLog, Kind::kBoxCox, Kind::kHebo, Kind::kRobustPower,
                    Kind::kHalfRank, Kind::kVizier, Kind::kCopula}) {
    const VectorXd y = draws_for(kind, 9, 20);
    const VectorXd z = OutputTransform(kind, y).apply(y);
    for (double factor : {1e-250, 1e-12, 3.0, 1e12, 1e250}) {
      const VectorXd scaled = factor * y;
      expect_near(OutputTransform(kind, scaled).apply(scaled), z, 1e-6);
    }
  }
}

TEST(OutputTransform, ExtremeValuesStayFinite) {
  for (Kind kind : kKinds) {
    for (VectorXd y : {VectorXd{{1e-300, 1, 1e300}}, VectorXd{{1e-300, 2e-300, 5e-300, 4e-300}},
                       VectorXd{{-1e300, -1, 0, 1e300, 1.7e308, -1.7e308}}, VectorXd{{1e300, 2}},
                       VectorXd{{0, 0, 0, 1e-310}}, VectorXd{{1, 1e300, 1e300, 1e300, 1e300}}}) {
      if (needs_positive(kind)) y = y.cwiseAbs().cwiseMax(1e-300);
      const OutputTransform transform(kind, y);
      const VectorXd z = transform.apply(y);
      EXPECT_TRUE(z.allFinite()) << transform_name(kind) << ": " << y.transpose();
      for (Index i = 0; i < y.size(); ++i) {
        for (Index j = 0; j < y.size(); ++j) {
          if (!(y[i] < y[j])) continue;
          EXPECT_LE(z[i], z[j]) << transform_name(kind) << ": " << y.transpose();
        }
      }
      for (double beyond : {-1e3, -1.0, 0.0, 1.0, 1e3}) {
        EXPECT_TRUE(std::isfinite(transform.inverse(beyond))) << transform_name(kind);
      }
      for (double beyond : {-1.7e308, 0.0, 1.7e308}) {
        EXPECT_TRUE(std::isfinite(transform.apply(beyond))) << transform_name(kind);
      }
    }
  }
  EXPECT_NEAR(OutputTransform(Kind::kStandardize, VectorXd{{-1e300, 0, 1e300}}).apply(1e300), 1,
              1e-12);
}

TEST(OutputTransform, PowerTransformsThatDoNotFitFallBack) {
  // Far from 0 all power transforms are straight: lambda runs to its bound against the skew.
  const VectorXd far{{1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4, 1e6 + 50}};
  const OutputTransform power(Kind::kBoxCox, far);
  EXPECT_EQ(power.kind(), Kind::kBoxCox);
  EXPECT_EQ(power.applied(), Kind::kStandardize);
  EXPECT_EQ(power.fallback(), "lambda on its bound");
  EXPECT_EQ(power.apply(far), OutputTransform(Kind::kStandardize, far).apply(far));
  for (const VectorXd& y : {VectorXd{{1, 5}}, VectorXd{{1, 5, 5, 1, 1}}}) {
    EXPECT_EQ(OutputTransform(Kind::kHebo, y).fallback(), "fewer than 3 different values");
  }
}

TEST(OutputTransform, PowerTransformFlatAtTheBestValueFallsBack) {
  // Crowded at the bad end: lambda > 1, and the slope y^(lambda - 1) vanishes near 0.
  VectorXd y = VectorXd::LinSpaced(400, 0.01, 1).array().pow(1.0 / 4);
  y[0] = 1e-5;
  const PowerFit fit = fit_power(PowerFamily::kBoxCox, y);
  ASSERT_GT(fit.lambda, 1.5);
  ASSERT_FALSE(fit.on_bound);
  EXPECT_EQ(OutputTransform(Kind::kHebo, y).fallback(), "flat at the best value");
}

TEST(OutputTransform, ValuesThatNeedASignAreRefused) {
  try {
    OutputTransform(Kind::kLog, VectorXd{{2, -3}});
    FAIL();
  } catch (const OptionError& error) {
    EXPECT_NE(std::string(error.what()).find("\"log\""), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("-3"), std::string::npos);
  }
  EXPECT_THROW(OutputTransform(Kind::kBoxCox, VectorXd{{2, 0}}), OptionError);
  EXPECT_NO_THROW(OutputTransform(Kind::kLog, VectorXd{{2, kNan}}));
}

TEST(OutputTransform, RangesEndWhereAPowerSaysSo) {
  const OutputTransform bounded(Kind::kHebo, mixed());  // lambda = -1.4: z ends somewhere above
  EXPECT_TRUE(bounded.range_is_finite());
  EXPECT_GT(bounded.inverse(1e6), 1e8);  // just inside the end
  EXPECT_FALSE(OutputTransform(Kind::kYeoJohnson, mixed()).range_is_finite());  // lambda = 0.16
}

TEST(OutputTransform, NamesGoBothWays) {
  EXPECT_EQ(transform_names().size(), std::size(kKinds));
  for (Kind kind : kKinds) EXPECT_EQ(transform_kind(transform_name(kind)), kind);
  try {
    transform_kind("sqrt");
    FAIL();
  } catch (const OptionError& error) {
    for (const std::string& name : transform_names()) {
      EXPECT_NE(std::string(error.what()).find("\"" + name + "\""), std::string::npos);
    }
  }
}

TEST(OutputTransform, RobustPowerIsYeoJohnsonInUnitsOfTheValues) {
  const VectorXd y = mixed();  // median 1.3, median absolute deviation 1.8: by hand
  const OutputTransform transform(Kind::kRobustPower, y);
  EXPECT_EQ(transform.applied(), Kind::kYeoJohnson);
  EXPECT_NEAR(transform.centre(), 1.3, 1e-15);
  EXPECT_NEAR(transform.unit(), 1.4826 * 1.8, 1e-14);
  const VectorXd scaled = (y.array() - 1.3) / (1.4826 * 1.8);
  EXPECT_LT((OutputTransform(Kind::kYeoJohnson, scaled).apply(scaled) - transform.apply(y)).norm(),
            1e-7);
  // Neither a shift nor a factor changes it.
  EXPECT_LT(
      (OutputTransform(Kind::kRobustPower, 1e5 * y).apply(1e5 * y) - transform.apply(y)).norm(),
      1e-7);
  const VectorXd shifted = y.array() + 1000;
  EXPECT_LT(
      (OutputTransform(Kind::kRobustPower, shifted).apply(shifted) - transform.apply(y)).norm(),
      1e-7);
}

}  // namespace
}  // namespace asktell
