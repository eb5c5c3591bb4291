// What output transforms are made of: power transforms, quadrature, robust scores; and the choice
// among transforms.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <asktell/core/random.hpp>
#include <asktell/surrogates/transforms/choose.hpp>
#include <asktell/surrogates/transforms/gauss_hermite.hpp>
#include <asktell/surrogates/transforms/power.hpp>
#include <asktell/surrogates/transforms/robust.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using Kind = TransformKind;

VectorXd normal_draws(std::uint64_t seed, Index n) {
  RandomStream stream(seed, Purpose::kDesign, 0);
  VectorXd y(n);
  for (double& value : y) value = stream.normal();
  return y;
}

TEST(GaussHermite, MomentsAreThoseOfANormal) {
  const GaussHermite rule = gauss_hermite(20);
  double factorial = 1;  // (k - 1)!!
  for (int k = 0; k < 40; k += 2) {
    if (k > 0) factorial *= k - 1;
    const double moment = (rule.weights.array() * rule.nodes.array().pow(k)).sum();
    EXPECT_NEAR(moment / factorial, 1, 1e-12) << k;
  }
}

TEST(GaussHermite, EndsMatchTables) {
  // Abramowitz & Stegun 1964, table 25.10, n = 20: x = 5.38748 08900 11, w = 2.22939 36455 34e-13.
  const GaussHermite rule = gauss_hermite(20);
  EXPECT_NEAR(rule.nodes[19], std::sqrt(2.0) * 5.3874808900112, 1e-12);
  EXPECT_NEAR(rule.weights[19] / (2.229393645534e-13 / std::sqrt(M_PI)), 1, 1e-11);
  EXPECT_EQ(gauss_hermite(1).nodes[0], 0);
  EXPECT_EQ(gauss_hermite(1).weights[0], 1);
}

TEST(Power, LimitsAreLogarithms) {
  EXPECT_NEAR(power_value(PowerFamily::kBoxCox, 0, 3), std::log(3), 1e-15);
  EXPECT_NEAR(power_value(PowerFamily::kBoxCox, 1e-12, 3), std::log(3), 1e-11);
  EXPECT_NEAR(power_value(PowerFamily::kYeoJohnson, 0, 3), std::log(4), 1e-15);
  EXPECT_NEAR(power_value(PowerFamily::kYeoJohnson, 2, -3), -std::log(4), 1e-15);
  EXPECT_NEAR(power_value(PowerFamily::kYeoJohnson, 1, -3), -3, 1e-15);
  EXPECT_NEAR(power_value(PowerFamily::kYeoJohnson, .5, -3), -(std::pow(4, 1.5) - 1) / 1.5, 1e-14);
}

TEST(Power, InverseAndSlopeFitTheTransform) {
  for (PowerFamily family : {PowerFamily::kBoxCox, PowerFamily::kYeoJohnson}) {
    for (double lambda : {-5.0, -1.0, 0.0, .3, 1.0, 2.0, 3.7, 5.0}) {
      for (double y : {-2.0, -.3, .2, .6, 1.0, 4.0}) {
        if (family == PowerFamily::kBoxCox && y < 0) continue;
        const double value = power_value(family, lambda, y);
        EXPECT_NEAR(power_inverse(family, lambda, value), y, 1e-10) << lambda << " " << y;
        const double h = 1e-6 * std::abs(y);
        const double slope =
            (power_value(family, lambda, y + h) - power_value(family, lambda, y - h)) / (2 * h);
        EXPECT_NEAR(power_log_slope(family, lambda, y), std::log(slope), 1e-6);
      }
    }
  }
}

TEST(Power, BeyondTheRangeTheInverseIsTheEnd) {
  // Box-Cox with lambda = -1: z = 1 - 1/y < 1.
  EXPECT_GT(power_inverse(PowerFamily::kBoxCox, -1, 5), 1e15);
  EXPECT_TRUE(std::isfinite(power_inverse(PowerFamily::kBoxCox, -.001, 1e9)));
  EXPECT_LT(power_inverse(PowerFamily::kBoxCox, 1, -5), 1e-15);
  EXPECT_GT(power_inverse(PowerFamily::kBoxCox, 1, -5), 0);
  // Yeo-Johnson with lambda = 3: z > -1.
  EXPECT_LT(power_inverse(PowerFamily::kYeoJohnson, 3, -5), -1e15);
}

TEST(Power, LambdaIsTheMostLikely) {
  const VectorXd y = normal_draws(1, 50).array().exp() - .5;
  const PowerFit fit = fit_power(PowerFamily::kYeoJohnson, y);
  const auto likelihood = [&](double lambda) {
    VectorXd z(y.size());
    double sum = 0;
    for (Index i = 0; i < y.size(); ++i) {
      z[i] = power_value(PowerFamily::kYeoJohnson, lambda, y[i]);
      sum += power_log_slope(PowerFamily::kYeoJohnson, lambda, y[i]);
    }
    return -25 * std::log((z.array() - z.mean()).square().mean()) + sum;
  };
  EXPECT_NEAR(fit.log_likelihood, likelihood(fit.lambda), 1e-10);
  for (double lambda = -5; lambda <= 5; lambda += .1) {
    EXPECT_LE(likelihood(lambda), fit.log_likelihood);
  }
}

TEST(Power, LambdaOfHugeValuesIsFoundWithoutOverflow) {
  // 1 + y = y: both families are the same map; the powers of most lambdas overflow.
  for (double scale : {1e60, 1e200, 1e290}) {
    const VectorXd y = scale * normal_draws(8, 40).array().exp();
    const PowerFit johnson = fit_power(PowerFamily::kYeoJohnson, y);
    const PowerFit box_cox = fit_power(PowerFamily::kBoxCox, y);
    EXPECT_FALSE(johnson.on_bound);
    EXPECT_NEAR(johnson.lambda, box_cox.lambda, 1e-6);
    EXPECT_NEAR(johnson.log_likelihood, box_cox.log_likelihood, 1e-8);
  }
}

TEST(RobustScore, IsThatOfTheLargestValue) {
  // Median 3, absolute deviations 2 1 0 1 97: median 1.
  EXPECT_NEAR(largest_robust_score(VectorXd{{1, 2, 3, 4, 100}}), 97 / 1.4826, 1e-12);
  // More than half are equal: mean absolute deviation 2.
  EXPECT_NEAR(largest_robust_score(VectorXd{{1, 1, 1, 1, 11}}), 10 / (1.2533 * 2), 1e-12);
  EXPECT_EQ(largest_robust_score(VectorXd::Constant(4, 7)), 0);
  EXPECT_EQ(largest_robust_score(VectorXd()), 0);
  EXPECT_NEAR(largest_robust_score(VectorXd{{1e300, 2e300, 3e300, 4e300, 1e302}}), 97 / 1.4826,
              1e-10);
}

TEST(DefaultTransform, TakesHeboFromEightValuesOn) {
  VectorXd y = normal_draws(2, 8);
  EXPECT_EQ(default_transform(y.head(7)), Kind::kStandardize);
  EXPECT_EQ(default_transform(y), Kind::kRobustPower);
  y[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(default_transform(y), Kind::kStandardize);
}

TEST(DefaultTransform, TakesRanksForAnErrorButNotForASkewedTail) {
  VectorXd y = normal_draws(3, 30);
  const VectorXd skewed = (2 * y).array().exp();
  ASSERT_GT(largest_robust_score(skewed), 6);
  EXPECT_EQ(default_transform(skewed), Kind::kRobustPower);
  y[0] = 1e9;
  EXPECT_EQ(default_transform(y), Kind::kHalfRank);
  EXPECT_EQ(default_transform(y, {.raw_score = 1e12}), Kind::kRobustPower);
  EXPECT_EQ(default_transform(y, {.transformed_score = 1e12}), Kind::kRobustPower);
  EXPECT_EQ(default_transform(-y), Kind::kRobustPower);  // the good side is left alone
  EXPECT_EQ(default_transform(VectorXd{{1, 2, 3, 4, 1e5}}), Kind::kHalfRank);
}

// Stands for a model: independent standard normal values.
double normal_density(const VectorXd& z) {
  return -.5 * z.squaredNorm() - .5 * static_cast<double>(z.size()) * std::log(2 * M_PI);
}

TEST(ChooseTransform, ComparesDensitiesOfRawValues) {
  const VectorXd skewed = normal_draws(4, 40).array().exp();
  const TransformChoice choice = choose_transform(skewed, Kind::kStandardize, normal_density);
  EXPECT_EQ(choice.kind, Kind::kRobustPower);
  EXPECT_EQ(choice.transform.applied(), Kind::kYeoJohnson);
  ASSERT_EQ(choice.scores.size(), 2u);
  EXPECT_GT(choice.scores[0].log_density, choice.scores[1].log_density + 10);
  // The score of the linear map: the normal density of raw values, in closed form.
  const OutputTransform plain(Kind::kStandardize, skewed);
  const double wanted = normal_density(plain.apply(skewed)) - 40 * std::log(plain.deviation());
  EXPECT_NEAR(choice.scores[1].log_density, wanted, 1e-10);
}

TEST(ChooseTransform, StaysUnlessTheGainIsTwoNats) {
  const VectorXd y = normal_draws(5, 30);
  const OutputTransform power(Kind::kRobustPower, y);
  const OutputTransform plain(Kind::kStandardize, y);
  const double jacobians = power.log_jacobian(y) - plain.log_jacobian(y);
  const auto choice = [&](std::optional<Kind> current, double gain) {  // of kRobustPower
    const auto evaluate = [&](const VectorXd& z) {
      return z == power.apply(y) ? gain - jacobians : 0.0;
    };
    return choose_transform(y, current, evaluate).kind;
  };
  EXPECT_EQ(choice(Kind::kStandardize, 1.9), Kind::kStandardize);
  EXPECT_EQ(choice(Kind::kStandardize, 2.1), Kind::kRobustPower);
  for (std::optional<Kind> current :
       {std::optional<Kind>(Kind::kRobustPower), std::optional<Kind>()}) {
    EXPECT_EQ(choice(current, -1.9), Kind::kRobustPower);
    EXPECT_EQ(choice(current, -2.1), Kind::kStandardize);
  }
}

TEST(ChooseTransform, AModelThatCannotBeFittedLoses) {
  const VectorXd y = normal_draws(6, 30);
  const VectorXd plain = OutputTransform(Kind::kStandardize, y).apply(y);
  const auto evaluate = [&](const VectorXd& z) { return z == plain ? -1e3 : std::nan(""); };
  EXPECT_EQ(choose_transform(y, Kind::kRobustPower, evaluate).kind, Kind::kStandardize);
}

TEST(ChooseTransform, RanksNeedNoModel) {
  VectorXd y = normal_draws(7, 30);
  y.head(8).array() += 1e7;  // more than a power can bend
  const auto evaluate = [](const VectorXd&) -> double {
    ADD_FAILURE();
    return 0;
  };
  EXPECT_EQ(choose_transform(y, {}, evaluate).kind, Kind::kHalfRank);
  EXPECT_EQ(choose_transform(y.head(3), {}, evaluate).kind, Kind::kStandardize);
}

}  // namespace
}  // namespace asktell
