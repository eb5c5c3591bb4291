// Noise learned from replicates: the sampling theory of log variances, recovery of a known noise
// function, and what happens without enough replicates.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/heteroscedastic.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double true_log_variance(double x) {
  return -4 + 3 * std::sin(4 * x);
}

struct Sample {
  MatrixXd x;
  VectorXd z;
};

// `points` equally spaced places, `replicates` observations at each.
Sample sample(Index points, Index replicates, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  Sample out{MatrixXd(1, points * replicates), VectorXd(points * replicates)};
  for (Index i = 0; i < out.z.size(); ++i) {
    const double x = (static_cast<double>(i % points) + 0.5) / static_cast<double>(points);
    out.x(0, i) = x;
    out.z[i] = std::cos(6 * x) + std::exp(0.5 * true_log_variance(x)) * stream.normal();
  }
  return out;
}

TEST(HeteroscedasticNoise, EmpiricalLogVariancesAreUnbiasedWithTheStatedError) {
  // 3 replicates: digamma(1) = -Euler's constant, trigamma(1) = pi^2 / 6.
  double sum = 0, square = 0;
  Index count = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Sample data = sample(20, 3, seed);
    HeteroscedasticOptions options;
    options.least_points = 100;  // no smoothing
    const HeteroscedasticNoise noise = fit_noise(data.x, data.z, options);
    ASSERT_EQ(noise.replicated_points(), 20);
    for (Index i = 0; i < 20; ++i) {
      const double error = noise.log_variances()[i] - true_log_variance(noise.points()(0, i));
      EXPECT_NEAR(noise.sampling_variances()[i], std::pow(std::numbers::pi, 2) / 6, 1e-12);
      sum += error;
      square += error * error;
      ++count;
    }
  }
  // 4000 values of deviation 1.28: standard error of the mean 0.020.
  EXPECT_NEAR(sum / static_cast<double>(count), 0, 0.08);
  // Kurtosis of log chi^2_2 is 5.4: standard error of the variance 1.64 sqrt(4.4 / 4000) = 0.055.
  EXPECT_NEAR(square / static_cast<double>(count), 1.645, 0.22);
}

TEST(HeteroscedasticNoise, RecoversAKnownNoiseFunction) {
  double calibration = 0, worst = 0, raw = 0, smoothed = 0;
  const int repetitions = 20;
  for (std::uint64_t seed = 0; seed < repetitions; ++seed) {
    const Sample data = sample(15, 21, seed);
    const HeteroscedasticNoise noise = fit_noise(data.x, data.z);
    ASSERT_TRUE(noise.varies());
    const MatrixXd between = Eigen::RowVectorXd::LinSpaced(41, 0.05, 0.95);
    VectorXd mean, variance;
    noise.predict_log(between, mean, variance);
    for (Index i = 0; i < 41; ++i) {
      const double error = mean[i] - true_log_variance(between(0, i));
      worst = std::max(worst, std::abs(error));
      calibration += error * error / variance[i] / (41.0 * repetitions);
    }
    noise.predict_log(noise.points(), mean, variance);
    for (Index i = 0; i < 15; ++i) {
      const double truth = true_log_variance(noise.points()(0, i));
      raw += std::pow(noise.log_variances()[i] - truth, 2);
      smoothed += std::pow(mean[i] - truth, 2);
    }
  }
  // A log variance of 20 degrees of freedom has deviation 0.32; four of them bound every error.
  EXPECT_LT(worst, 4 * 0.324);
  EXPECT_LT(smoothed, 0.7 * raw);
  EXPECT_GT(calibration, 0.3);
  EXPECT_LT(calibration, 2);
}

TEST(HeteroscedasticNoise, PredictsTheMedianAndGivesItToTheData) {
  const Sample raw = sample(10, 6, 1);
  const HeteroscedasticNoise noise = fit_noise(raw.x, raw.z);
  GpData data;
  data.x = raw.x;
  data.z = raw.z;
  std::vector<Index> member;
  GpData merged = merge_replicates(data, member);
  ASSERT_TRUE(noise.apply(merged));
  ASSERT_TRUE(noise.apply(data));
  EXPECT_EQ(merged.groups(), 0);
  VectorXd mean, variance;
  noise.predict_log(merged.x, mean, variance);
  for (Index i = 0; i < 10; ++i) {
    EXPECT_NEAR(merged.given_noise[i], std::exp(mean[i]) / 6, 1e-15);
  }
  // Six observations or their mean with a sixth of the variance: one posterior.
  const KernelPtr kernel = kernels::scaled(kernels::matern52(1));
  const VectorXd theta{{std::log(.3), 0}};
  const MatrixXd at = Eigen::RowVectorXd{{.21, .77}};
  VectorXd mean_merged, variance_merged;
  const GpMean zero{.kind = GpMean::Kind::kFixed};
  GpPosterior(kernel, data, theta, zero).predict(at, mean, variance);
  GpPosterior(kernel, merged, theta, zero).predict(at, mean_merged, variance_merged);
  EXPECT_LT((mean - mean_merged).norm(), 1e-9);
  EXPECT_LT((variance - variance_merged).norm(), 1e-9);
}

TEST(HeteroscedasticNoise, ImprovesPredictiveDensityOverConstantNoise) {
  double gain = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Sample raw = sample(12, 8, seed), test = sample(60, 5, seed + 100);
    GpData constant, varying;
    constant.x = raw.x;
    constant.z = raw.z;
    varying = constant;
    const HeteroscedasticNoise noise = fit_noise(raw.x, raw.z);
    ASSERT_TRUE(noise.apply(varying));
    const GpPreset preset = gp_preset("asktell", 1);
    const KernelPtr kernel = preset_kernel(preset, 1);
    const auto density = [&](const GpData& data, bool varies) {
      const FitReport fit = fit_members(*kernel, data, {preset})[0];
      const GpPosterior model(kernel, data, fit.theta, preset.mean);
      VectorXd mean, variance;
      model.predict(test.x, mean, variance);
      if (varies) {
        variance += noise.predict(test.x);
      } else {
        variance.array() += std::exp(model.log_noise()[0]);
      }
      const Eigen::ArrayXd error = (test.z - mean).array();
      return -0.5 * (variance.array().log() + error.square() / variance.array()).mean();
    };
    gain += density(varying, true) - density(constant, false);
  }
  EXPECT_GT(gain / 5, 0.3);
}

TEST(HeteroscedasticNoise, FewReplicatedPointsMeanConstantNoise) {
  const Sample raw = sample(3, 5, 2);
  const HeteroscedasticNoise noise = fit_noise(raw.x, raw.z);
  EXPECT_FALSE(noise.varies());
  double squares = 0;
  for (Index p = 0; p < 3; ++p) {
    const VectorXd values = raw.z(Eigen::seqN(p, 5, 3));
    squares += (values.array() - values.mean()).square().sum();
  }
  EXPECT_NEAR(noise.pooled(), squares / 12, 1e-14);
  EXPECT_NEAR(noise.predict(Eigen::RowVectorXd{{.1, .9}})[1], squares / 12, 1e-14);
  GpData data;
  data.x = raw.x;
  data.z = raw.z;
  EXPECT_FALSE(noise.apply(data));
  EXPECT_TRUE(data.fitted_noise);
  EXPECT_EQ(data.given_noise.size(), 0);
}

TEST(HeteroscedasticNoise, WithoutReplicatesTheFloorIsAllThatIsKnown) {
  const Sample raw = sample(9, 1, 3);
  const HeteroscedasticNoise noise = fit_noise(raw.x, raw.z);
  EXPECT_FALSE(noise.varies());
  EXPECT_EQ(noise.replicated_points(), 0);
  EXPECT_EQ(noise.pooled(), 1e-6);
  const HeteroscedasticNoise none = fit_noise(MatrixXd(2, 0), VectorXd(0));
  EXPECT_NEAR(none.predict(MatrixXd::Zero(2, 1))[0], 1e-6, 1e-18);
}

TEST(HeteroscedasticNoise, EqualReplicatesStayAtTheFloorOfVariance) {
  Sample raw = sample(6, 4, 4);
  raw.z.setConstant(.5);
  const HeteroscedasticNoise noise = fit_noise(raw.x, raw.z);
  ASSERT_TRUE(noise.varies());
  const VectorXd variance = noise.predict(Eigen::RowVectorXd{{.05, .5, .95}});
  EXPECT_GE(variance.minCoeff(), 1e-6 * (1 - 1e-12));
  EXPECT_LT(variance.maxCoeff(), 3e-6);
}

TEST(HeteroscedasticNoise, RejectsOptionsOutOfRange) {
  HeteroscedasticOptions options;
  options.least_points = 1;
  EXPECT_THROW(fit_noise(MatrixXd(1, 0), VectorXd(0), options), OptionError);
  options = {};
  options.variance_floor = 0;
  EXPECT_THROW(fit_noise(MatrixXd(1, 0), VectorXd(0), options), OptionError);
}

}  // namespace
}  // namespace asktell
