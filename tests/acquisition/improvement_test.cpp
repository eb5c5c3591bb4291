// Probability of improvement, augmented and noisy expected improvement, and BoTorch's smoothed form
// for batches: worked examples (mpmath, 40 digits; quadrature), gradients by differences.
#include <asktell/acquisition/improvement.hpp>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/noisy_expected_improvement.hpp>
#include <asktell/acquisition/q_log_expected_improvement.hpp>
#include <asktell/acquisition/truncated_normal.hpp>
#include <asktell/core/special_functions.hpp>

#include "acquisition_samples.hpp"

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::kW1Best;
using samples::row;
using samples::value_at;
using samples::w1;

TEST(TruncatedNormal, LogCdfMatchesHighPrecisionValues) {
  constexpr double kTable[][2] = {
      {2, -0.0230129093289634885},  {0, -0.693147180559945309},   {-1, -1.84102164500926351},
      {-5, -15.0649983939887257},   {-10, -53.2312851505124706},  {-25, -316.639408008020259},
      {-100, -5005.52420869420509}, {-1e4, -50000010.1292789152}, {-1e6, -500000000014.734449}};
  for (const auto& [z, value] : kTable) {
    EXPECT_NEAR(TruncatedNormal(z).log_cdf, value, 4e-15 * std::abs(value)) << z;
  }
}

TEST(TruncatedNormal, SlopesMatchDifferencesAndBranchesMeet) {
  for (double g : {-60.0, -21.0, -19.0, -5.0, -0.5, 0.3, 2.0, 6.0}) {
    const double h = 1e-3 * (1 + std::abs(g));
    const TruncatedNormal at(g), up(g + h), down(g - h), up2(g + 2 * h), down2(g - 2 * h);
    const auto slope = [&](double TruncatedNormal::*of) {
      return (8 * (up.*of - down.*of) - (up2.*of - down2.*of)) / (12 * h);
    };
    EXPECT_NEAR(at.ratio_slope(), slope(&TruncatedNormal::ratio), 1e-8) << g;
    EXPECT_NEAR(at.removed_slope(), slope(&TruncatedNormal::removed), 1e-8) << g;
    EXPECT_NEAR(at.entropy_slope(), slope(&TruncatedNormal::entropy), 1e-8) << g;
  }
  for (double g : {-1.0, -20.0}) {
    const TruncatedNormal left(std::nextafter(g, -100)), right(std::nextafter(g, 0));
    EXPECT_NEAR(left.left / right.left, 1, 1e-8) << g;
    EXPECT_NEAR(left.lift / right.lift, 1, 1e-11) << g;
  }
}

TEST(LogPi, PosteriorExampleIsReproduced) {
  const GpPosterior model = w1();
  const LogProbabilityOfImprovement acquisition(model, kW1Best);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.75}))), .49975324768401, 1e-12);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.42}))), 3.8545648315387e-6, 1e-16);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.95}))), .36160794886279, 1e-12);
  EXPECT_NEAR(value_at(acquisition, row({.30})), std::log(1.3757244594072e-80), 1e-9);
}

TEST(LogPi, GradientsMatchDifferencesAndAMarginLowersIt) {
  const GpPosterior model = samples::smooth2();
  const LogProbabilityOfImprovement near(model, -1.2), far(model, -40), margin(model, -1.2, 0.1);
  samples::expect_gradients(near, samples::probes(model));
  samples::expect_gradients(far, samples::probes(model));
  EXPECT_LT(value_at(margin, model.data().x.col(2)), value_at(near, model.data().x.col(2)));
}

TEST(LogEi, PlugInAndAugmentedFormsMatchTheExample) {
  const GpPosterior model = w1();
  const MatrixXd& x = model.data().x;
  EXPECT_NEAR(lowest_mean(model, x), -1.0917423478458, 1e-12);
  const LogExpectedImprovement plug_in(model, lowest_mean(model, x));
  EXPECT_NEAR(std::exp(value_at(plug_in, row({.75}))), .19424904851617, 1e-12);
  const LogAugmentedExpectedImprovement augmented(model, augmented_incumbent(model, x), .01);
  EXPECT_NEAR(std::exp(value_at(augmented, row({.75}))), .15438152249829, 1e-12);
}

TEST(LogAugmentedEi, GradientsMatchDifferencesAndNoNoiseIsEi) {
  const GpPosterior model = samples::smooth2();
  samples::expect_gradients(LogAugmentedExpectedImprovement(model, -1.2, 0.02),
                            samples::probes(model));
  samples::expect_gradients(LogAugmentedExpectedImprovement(model, -40, 0.02),
                            samples::probes(model));
  const VectorXd x = model.data().x.col(1).array() + 0.03;
  EXPECT_NEAR(value_at(LogAugmentedExpectedImprovement(model, -1, 0), x),
              value_at(LogExpectedImprovement(model, -1), x), 1e-14);
}

// Expected numbers: two-dimensional quadrature of the definition.
TEST(LogNei, MatchesQuadratureOnTheExample) {
  const GpPosterior model = w1();
  // .55 is lower than .90 in two samples of ten thousand: many are needed to see it.
  const NoisyImprovementOptions options{.samples = 1 << 17, .pruning = 0};
  const LogNoisyExpectedImprovement one(model, row({.90}), {}, options);
  EXPECT_NEAR(std::exp(value_at(one, row({.75}))), .19330499726503, 1e-6);
  const LogNoisyExpectedImprovement two(model, row({.55, .90}), {}, options);
  EXPECT_NEAR(std::exp(value_at(two, row({.75}))), .19330118182742, 1e-6);
  // A pending point counts like one of the baseline.
  const LogNoisyExpectedImprovement pending(model, row({.55}), row({.90}), options);
  EXPECT_NEAR(value_at(pending, row({.75})), value_at(two, row({.75})), 1e-12);
}

TEST(LogNei, DefaultSampleCountIsCloseEnough) {
  const GpPosterior model = w1();
  const LogNoisyExpectedImprovement acquisition(model, model.data().x);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.75}))), .19330118182742, 2e-4);
}

TEST(LogNei, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2(0.02);
  const MatrixXd pending = samples::uniform_points(2, 3, 5);
  const NoisyImprovementOptions options{.samples = 64, .seed = 3};
  const LogNoisyExpectedImprovement acquisition(model, model.data().x, pending, options);
  MatrixXd points = samples::probes(model);
  points.col(2) = pending.col(1).array() + 1e-2;
  samples::expect_gradients(acquisition, points);
  // Far below the incumbents: a model of values that are nowhere near as low as one datum.
  GpData data = model.data();
  data.z[4] = -30;
  const GpPosterior deep(model.kernel_ptr(), data, model.theta(), {.kind = GpMean::Kind::kFixed});
  const LogNoisyExpectedImprovement low(deep, data.x, {}, options);
  EXPECT_LT(value_at(low, points.col(0)), -450);  // z < -30
  samples::expect_gradients(low, points, 1e-5);
}

TEST(LogNei, WithoutNoiseItIsLogEi) {
  const GpPosterior model = w1(1e-12);
  const LogNoisyExpectedImprovement acquisition(model, model.data().x);
  const LogExpectedImprovement exact(model, kW1Best);
  for (double x : {.1, .42, .75, .95}) {
    EXPECT_NEAR(value_at(acquisition, row({x})), value_at(exact, row({x})), 1e-6) << x;
  }
}

TEST(LogNei, PruningDropsPointsThatCannotBeLowest) {
  const GpPosterior model = w1();
  // At .05 and .30 the model is tens of deviations worse than at .90.
  const MatrixXd kept = prune_baseline(model, model.data().x, 2048, 0);
  EXPECT_EQ(kept.cols(), 1);
  EXPECT_EQ(kept(0, 0), .90);
  const NoisyImprovementOptions all{.samples = 1024, .pruning = 0},
      pruned{.samples = 1024, .pruning = 2048};
  const LogNoisyExpectedImprovement of_all(model, model.data().x, {}, all);
  const LogNoisyExpectedImprovement of_few(model, model.data().x, {}, pruned);
  EXPECT_NEAR(value_at(of_all, row({.75})), value_at(of_few, row({.75})), 2e-4);
}

TEST(JointSamples, HaveTheMomentsOfThePosterior) {
  const GpPosterior model = samples::smooth2(0.05);
  const MatrixXd points = samples::uniform_points(2, 4, 9);
  const JointSamples drawn = joint_samples(model, points, 8192, 1);
  VectorXd mean;
  MatrixXd covariance;
  model.joint(points, mean, covariance);
  const MatrixXd centred = drawn.values.colwise() - mean;
  EXPECT_LT(centred.rowwise().mean().norm(), 1e-3);
  EXPECT_LT((centred * centred.transpose() / 8192 - covariance).norm(), 2e-3);
}

// mpmath, 40 digits.
TEST(FatFunctions, MatchHighPrecisionValues) {
  EXPECT_NEAR(fat_plus(-10, 1).value, .0010354979091178548, 1e-17);
  EXPECT_NEAR(fat_plus(-1, 1).value, .36326168751822285, 1e-15);
  EXPECT_NEAR(fat_plus(0, 1).value, .7931471805599453, 1e-15);
  EXPECT_NEAR(fat_plus(30, 1).value, 30.000110987791434, 1e-13);
  EXPECT_NEAR(log_fat_plus(-.01, 1e-6).value, -34.538776404910685, 1e-12);
  EXPECT_NEAR(log_fat_plus(0, 1e-6).value, -14.047257032835773, 1e-12);
  EXPECT_NEAR(log_fat_plus(.01, 1e-6).value, -4.605170185987991, 1e-13);
  EXPECT_NEAR(fat_max(VectorXd{{0, .005, .02}}, .01), .02389242272601277, 1e-15);
  EXPECT_NEAR(fat_max(VectorXd{{-1, -1}}, .01), -.9930685281944005, 1e-15);
  EXPECT_NEAR(fat_moid(-10).value, .005905959126658096, 1e-16);
  EXPECT_NEAR(fat_moid(-1).value, .19112964242498623, 1e-15);
  EXPECT_NEAR(fat_moid(1).value, .8088703575750138, 1e-15);
}

TEST(FatFunctions, SlopesMatchDifferences) {
  const double h = 1e-6;
  for (double x : {-3.0, -0.4, 0.2, 2.0}) {
    EXPECT_NEAR(fat_plus(x, .7).slope,
                (fat_plus(x + h, .7).value - fat_plus(x - h, .7).value) / (2 * h), 1e-8);
    EXPECT_NEAR(log_fat_plus(x, .7).slope,
                (log_fat_plus(x + h, .7).value - log_fat_plus(x - h, .7).value) / (2 * h), 1e-8);
    EXPECT_NEAR(fat_moid(x).slope, (fat_moid(x + h).value - fat_moid(x - h).value) / (2 * h), 1e-8);
  }
  const VectorXd x{{0, .3, .25}};
  VectorXd weights;
  fat_max(x, .1, &weights);
  for (Index i = 0; i < 3; ++i) {
    VectorXd up = x, down = x;
    up[i] += h;
    down[i] -= h;
    EXPECT_NEAR(weights[i], (fat_max(up, .1) - fat_max(down, .1)) / (2 * h), 1e-8) << i;
  }
}

// E[max(0, best - f1)] + E[max(0, min(best, f1) - f2)] by the trapezoidal rule over f1, the second
// closed given f1.
double exact_two_points(const GpPosterior& model, const MatrixXd& x, double best) {
  VectorXd mean;
  MatrixXd c;
  model.joint(x, mean, c);
  const double s1 = std::sqrt(c(0, 0)), slope = c(0, 1) / c(0, 0);
  const double s2 = std::sqrt(c(1, 1) - slope * c(0, 1));
  double total = std::exp(log_expected_improvement(mean[0], s1, best).value);
  const double step = 1e-3;
  for (double z = -9; z <= 9; z += step) {
    const double f1 = mean[0] + s1 * z, m2 = mean[1] + slope * s1 * z;
    const double gain = std::exp(log_expected_improvement(m2, s2, std::min(best, f1)).value);
    total += step * normal_pdf(z) * gain;
  }
  return total;
}

TEST(QLogEi, ExactValueOfTwoPointsMatchesTheExample) {
  const GpPosterior model = w1();
  EXPECT_NEAR(exact_two_points(model, row({.75, .42}), kW1Best), .19009396822321, 1e-7);
  EXPECT_NEAR(exact_two_points(model, row({.75, .95}), kW1Best), .24475166912574, 1e-7);
}

TEST(QLogEi, SamplingMatchesQuadrature) {
  const GpPosterior model = w1();
  const QLogImprovementOptions sharp{.samples = 1 << 14, .plus_width = 1e-8, .max_width = 1e-5};
  const QLogImprovementOptions standard{.samples = 1 << 14};
  for (double other : {.42, .95}) {
    const MatrixXd x = row({.75, other});
    const double exact = exact_two_points(model, x, kW1Best);
    EXPECT_NEAR(
        std::exp(value_at(QLogExpectedImprovement(model, 2, kW1Best, sharp), x.transpose())), exact,
        1e-4);
    // The widths of the smoothing cost a few parts in a thousand.
    EXPECT_NEAR(
        std::exp(value_at(QLogExpectedImprovement(model, 2, kW1Best, standard), x.transpose())),
        exact, 1e-3);
  }
}

TEST(QLogEi, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2();
  // Widths that differences can resolve.
  const QLogImprovementOptions wide{.samples = 64, .plus_width = 0.05, .max_width = 0.05};
  MatrixXd batches = samples::uniform_points(6, 20, 2);
  batches.col(0).head(2).setOnes();
  batches.col(1).tail(2) = model.data().x.col(3).array() + 4e-5;
  samples::expect_gradients(QLogExpectedImprovement(model, 3, -1, wide), batches, 1e-5, 1e-5);
  samples::expect_gradients(QLogExpectedImprovement(model, 3, -40, wide), batches, 1e-5, 1e-5);
}

}  // namespace
}  // namespace asktell
