// Posteriors of hyper-parameters against quadrature in one dimension (50-digit arithmetic), finite
// differences.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <limits>
#include <numbers>

#include <asktell/core/errors.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/saas.hpp>
#include <asktell/surrogates/sampling/diagnostics.hpp>
#include <asktell/surrogates/sampling/laplace.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::central_differences;
using samples::d1;
using samples::kZero;
using samples::point;
using samples::scaled_matern;
using samples::standardized_d3;

HyperPrior fixed_at(double value) {
  return {Prior{}, value, value, value, true};
}

// The length-scale alone is unknown: LogNormal(sqrt 2, sqrt 3), cut at 0.025.
GpPreset lengthscale_alone() {
  return {.lengthscale = {Prior::log_normal(std::numbers::sqrt2, std::sqrt(3.)), 0.025, 1e6, 0.2},
          .outputscale = fixed_at(1),
          .noise = fixed_at(0.05),
          .mean = kZero};
}

// The mean of dependent draws is within four of its own standard errors.
void expect_mean(const VectorXd& values, double expected) {
  const double size = effective_sample_size(values);
  const double deviation = std::sqrt((values.array() - values.mean()).square().mean());
  EXPECT_GT(size, 100);
  EXPECT_NEAR(values.mean(), expected, 4 * deviation / std::sqrt(size));
}

struct Moments {
  double log_l, deviation, mean, variance;  // of log l; of the mixture at 0.5
};
void expect_moments(const std::vector<VectorXd>& thetas, const GpMixture& mixture,
                    const Moments& expected) {
  const auto count = static_cast<Index>(thetas.size());
  VectorXd log_l(count), means(count), squares(count), mean, variance;
  for (Index i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    log_l[i] = thetas[at][0];
    mixture.members()[at].predict(point({.5}), mean, variance);
    means[i] = mean[0];
    squares[i] = variance[0] + std::pow(mean[0] - expected.mean, 2);
  }
  expect_mean(log_l, expected.log_l);
  if (expected.deviation > 0) {
    expect_mean((log_l.array() - expected.log_l).square(), std::pow(expected.deviation, 2));
  }
  expect_mean(means, expected.mean);
  expect_mean(squares, expected.variance);
  mixture.predict(point({.5}), mean, variance);
  EXPECT_NEAR(mean[0], means.mean(), 1e-12);
}

// Two runs of one posterior.
void expect_same_means(const std::vector<VectorXd>& one, const std::vector<VectorXd>& two) {
  for (Index i = 0; i < one[0].size(); ++i) {
    VectorXd a(static_cast<Index>(one.size())), b(static_cast<Index>(two.size()));
    for (Index j = 0; j < a.size(); ++j) a[j] = one[static_cast<std::size_t>(j)][i];
    for (Index j = 0; j < b.size(); ++j) b[j] = two[static_cast<std::size_t>(j)][i];
    const double variance = (a.array() - a.mean()).square().mean();
    EXPECT_NEAR(
        a.mean(), b.mean(),
        4 * std::sqrt(variance / effective_sample_size(a) + variance / effective_sample_size(b)));
  }
}

TEST(HyperSamples, AgreeWithQuadratureInOneDimension) {
  const Moments expected{-2.0962745812, .6029101851, .305346146835, .326978979853};
  const KernelPtr kernel = scaled_matern(1);
  for (const auto sampler :
       {HyperSamplesOptions::Sampler::kNuts, HyperSamplesOptions::Sampler::kSlice}) {
    const HyperSamples out = sample_hyperparameters(
        *kernel, d1(), lengthscale_alone(),
        {.sampler = sampler, .cold = {500, 4000}, .cold_sweeps = {50, 4000}, .kept = 4000});
    EXPECT_TRUE(out.converged);
    EXPECT_LT(out.largest_r_hat, 1.01);
    EXPECT_EQ(out.effective_size[1], 4000);  // of what is fixed
    ASSERT_EQ(out.thetas.size(), 4000U);
    EXPECT_EQ(out.thetas[7][2], std::log(0.05));
    expect_moments(out.thetas, hyper_mixture(kernel, d1(), out.thetas, kZero), expected);
  }
}

TEST(HyperSamples, AreTheSameByBothSamplers) {
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const GpData data = standardized_d3();
  const HyperSamples nuts =
      sample_hyperparameters(*kernel, data, preset, {.cold = {512, 4000}, .kept = 4000});
  const HyperSamples slice = sample_hyperparameters(
      *kernel, data, preset,
      {.sampler = HyperSamplesOptions::Sampler::kSlice, .cold_sweeps = {50, 4000}, .kept = 4000});
  EXPECT_EQ(nuts.divergences, 0);
  expect_same_means(nuts.thetas, slice.thetas);
}

TEST(HyperSamples, SaasAgreesWithQuadratureInOneDimension) {
  const KernelPtr kernel = scaled_matern(1);
  const SaasOptions saas{.outputscale = fixed_at(1), .noise = fixed_at(0.05)};
  const HyperSamples out = sample_saas(*kernel, d1(), saas, {.cold = {1000, 12000}, .kept = 12000});
  EXPECT_LT(out.largest_r_hat, 1.05);
  // E[log 1/l^2] = 3.954434.
  expect_moments(out.thetas, hyper_mixture(kernel, d1(), out.thetas, kZero),
                 {-0.5 * 3.954434, 0, .3371352, .2791908});
}

TEST(HyperSamples, PosteriorHasTheGradientOfItsDensity) {
  const GpData data = standardized_d3();
  for (const char* name : {"asktell", "botorch", "vizier", "regret", "none", "profiled"}) {
    const GpPreset preset = gp_preset(name, 2);
    const KernelPtr kernel = preset_kernel(preset, 2);
    const auto posterior = hyper_posterior(*kernel, data, preset);
    const VectorXd start = posterior->start();
    for (const double shift : {0., -1., 2., 9.}) {
      const VectorXd u = start.array() + shift;
      VectorXd gradient(u.size());
      posterior->evaluate(u, &gradient);
      const VectorXd expected = central_differences(
          [&](const VectorXd& at) { return posterior->evaluate(at, nullptr); }, u);
      EXPECT_LT((gradient - expected).norm(), 1e-6 * (1 + expected.norm())) << name << shift;
    }
  }
}

TEST(HyperSamples, PosteriorIsThatOfTheLogarithmsSeenThroughTheBox) {
  // log density of u = log likelihood + log prior + sum theta + log |dtheta/du|.
  const GpData data = standardized_d3();
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const HyperBox box(model_parameters(*kernel, data), preset);
  MarginalLikelihood likelihood(*kernel, data, preset.mean);
  const auto posterior = hyper_posterior(*kernel, data, preset);
  const VectorXd u = posterior->start();
  const VectorXd theta = posterior->theta(u);
  EXPECT_LT((theta - box.start).norm(), 1e-10);
  double log_jacobian = 0;
  for (Index i = 0; i < u.size(); ++i) {
    log_jacobian += std::log(
        central_differences([&](const VectorXd& at) { return posterior->theta(at)[i]; }, u)[i]);
  }
  EXPECT_NEAR(posterior->evaluate(u, nullptr),
              likelihood.evaluate(theta, nullptr) + box.log_prior(theta, nullptr) + theta.sum() +
                  log_jacobian,
              1e-8);
}

TEST(HyperSamples, RespectTheBox) {
  GpPreset preset = gp_preset("none", 2);
  preset.lengthscale.low = .3;
  preset.lengthscale.high = .5;
  preset.noise.low = 1e-2;
  const KernelPtr kernel = preset_kernel(preset, 2);
  const HyperSamples out =
      sample_hyperparameters(*kernel, standardized_d3(), preset, {.cold = {100, 200}, .kept = 200});
  for (const VectorXd& theta : out.thetas) {
    EXPECT_GE(theta.head(2).minCoeff(), std::log(.3));
    EXPECT_LE(theta.head(2).maxCoeff(), std::log(.5));
    EXPECT_GE(theta[3], std::log(1e-2));
  }
}

TEST(HyperSamples, DoNotDependOnTheNumberOfThreads) {
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const HyperSamplesOptions options{.cold = {100, 50}, .chains = 3, .seed = 9};
  const int before = threads();
  set_threads(1);
  const HyperSamples one = sample_hyperparameters(*kernel, standardized_d3(), preset, options);
  set_threads(3);
  const HyperSamples three = sample_hyperparameters(*kernel, standardized_d3(), preset, options);
  set_threads(before);
  EXPECT_EQ(one.thetas, three.thetas);
  EXPECT_EQ(one.r_hat, three.r_hat);
  ASSERT_EQ(one.thetas.size(), 16U);
  EXPECT_NE(one.states[0].position, one.states[1].position);
}

TEST(HyperSamples, WarmRunsGoOnFromTheLastState) {
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const GpData data = standardized_d3();
  const HyperSamples cold = sample_hyperparameters(*kernel, data, preset, {});
  ASSERT_TRUE(cold.converged);
  const HyperSamples warm = sample_hyperparameters(*kernel, data, preset, {}, cold.states);
  EXPECT_LT(2 * warm.evaluations, cold.evaluations);
  const HyperSamples exact = sample_hyperparameters(
      *kernel, data, preset, {.warm = {64, 4000}, .kept = 4000}, cold.states);
  const HyperSamples anew =
      sample_hyperparameters(*kernel, data, preset, {.cold = {512, 4000}, .kept = 4000, .seed = 5});
  expect_same_means(exact.thetas, anew.thetas);
  // A state of another posterior is no start.
  const std::vector<NutsState> other{{.position = VectorXd::Zero(7)}};
  EXPECT_EQ(sample_hyperparameters(*kernel, data, preset, {}, other).thetas, cold.thetas);
}

TEST(HyperSamples, ReportChainsThatDidNotMix) {
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const HyperSamples out = sample_hyperparameters(*kernel, standardized_d3(), preset,
                                                  {.cold = {0, 20}, .chains = 4, .max_depth = 1});
  EXPECT_FALSE(out.converged);
  EXPECT_GT(out.largest_r_hat, 1.05);
  const HyperSamples two =
      sample_hyperparameters(*kernel, standardized_d3(), preset, {.cold = {100, 2}});
  EXPECT_FALSE(two.converged);  // too few to tell
  EXPECT_EQ(two.thetas.size(), 2U);
}

TEST(HyperSamples, FailWithoutEndingTheProgram) {
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  GpData broken = standardized_d3();
  broken.z[3] = std::numeric_limits<double>::quiet_NaN();
  const HyperSamples out = sample_hyperparameters(*kernel, broken, preset, {.chains = 2});
  EXPECT_TRUE(out.failed);
  EXPECT_FALSE(out.converged);
  EXPECT_TRUE(out.thetas.empty());
  EXPECT_TRUE(laplace_hyperparameters(*kernel, broken, preset, VectorXd::Zero(4)).failed);
  // Equal values, and two of them: the posterior is about the prior.
  GpData few = standardized_d3();
  few = subset(few, {0, 1});
  few.z.setZero();
  EXPECT_EQ(sample_hyperparameters(*kernel, few, preset, {}).thetas.size(), 16U);
  EXPECT_THROW(sample_hyperparameters(*kernel, few, preset, {.kept = 0}), OptionError);
  EXPECT_THROW(sample_hyperparameters(*kernel, few, preset, {.chains = 0}), OptionError);
  EXPECT_THROW(
      saas_posterior(*kernels::product({kernels::matern52(1), kernels::task(1, 2)}), few, {}),
      OptionError);
}

// Log density of log l on D1, Jacobian included.
LogDensity log_lengthscale(MarginalLikelihood& likelihood, double jacobian) {
  return [&likelihood, jacobian](const VectorXd& at, VectorXd* gradient) {
    const VectorXd theta{{at[0], 0, std::log(.05)}};
    const Prior prior = Prior::log_normal(std::numbers::sqrt2, std::sqrt(3.));
    VectorXd by_theta(3);
    const double value = likelihood.evaluate(theta, by_theta.data());
    if (gradient) (*gradient)[0] = by_theta[0] + prior.slope(std::exp(at[0])) + jacobian;
    return value + prior.log_density(std::exp(at[0])) + jacobian * at[0];
  };
}

TEST(Laplace, MatchesTheModesAndTheEvidenceOfD1) {
  const KernelPtr kernel = scaled_matern(1);
  const GpData data = d1();
  MarginalLikelihood likelihood(*kernel, data, kZero);
  const Laplace natural = laplace(log_lengthscale(likelihood, 0), VectorXd{{-2.}});
  EXPECT_NEAR(std::exp(natural.mode[0]), .088334862, 1e-7);
  const Laplace logarithm = laplace(log_lengthscale(likelihood, 1), VectorXd{{-2.}});
  EXPECT_NEAR(std::exp(logarithm.mode[0]), .173364425, 1e-7);
  EXPECT_NEAR(logarithm.log_evidence, -9.071737, 1e-6);
}

TEST(Laplace, HessianOfTheBotorchDefaultHasTheTabulatedDeterminant) {
  const GpData data = standardized_d3();
  const GpPreset preset = gp_preset("botorch", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const FitReport fit =
      fit_members(*kernel, data, {preset}, {},
                  {.cold_rounds = 300, .gradient_tolerance = 1e-8, .value_tolerance = 1e-14})[0];
  const HyperBox box(model_parameters(*kernel, data), preset);
  MarginalLikelihood likelihood(*kernel, data, preset.mean);
  // Of log l1, log l2, log noise.
  const auto full = [&](const VectorXd& free) { return VectorXd{{free[0], free[1], 0, free[2]}}; };
  const LogDensity objective = [&](const VectorXd& free, VectorXd* gradient) {
    VectorXd by_theta(4);
    const double value = likelihood.evaluate(full(free), by_theta.data());
    const double prior = box.log_prior(full(free), by_theta.data());
    if (gradient) *gradient = VectorXd{{by_theta[0], by_theta[1], by_theta[3]}};
    return value + prior;
  };
  const VectorXd at{{fit.theta[0], fit.theta[1], fit.theta[3]}};
  const MatrixXd hessian = negative_hessian(objective, at);
  // The table's Hessian has the mean as a fourth coordinate; ours is its Schur complement.
  const GpPosterior model(kernel, data, fit.theta);
  VectorXd ones = VectorXd::Ones(12);
  dense::solve_lower(model.factor(), ones);
  EXPECT_NEAR(std::log(hessian.determinant() * ones.squaredNorm()), 7.46029778999, 1e-5);
}

TEST(Laplace, WeightedDrawsAgreeWithQuadrature) {
  const KernelPtr kernel = scaled_matern(1);
  const GpData data = d1();
  const WeightedHyperSamples out = laplace_hyperparameters(*kernel, data, lengthscale_alone(),
                                                           VectorXd{{-1., 0, std::log(.05)}}, 4096);
  EXPECT_FALSE(out.failed);
  EXPECT_GT(out.effective, 500);
  double mean = 0;
  for (std::size_t i = 0; i < out.thetas.size(); ++i) {
    mean += out.weights[static_cast<Index>(i)] * out.thetas[i][0];
  }
  EXPECT_NEAR(mean, -2.0962745812, 0.05);
  const GpMixture mixture = hyper_mixture(kernel, data, out.thetas, kZero);
  VectorXd m, v;
  weighted_moments(mixture.members(), out.weights, point({.5}), m, v);
  EXPECT_NEAR(m[0], .305346146835, 0.015);
  EXPECT_NEAR(v[0], .326978979853, 0.02);
  const WeightedHyperSamples eight = laplace_hyperparameters(*kernel, data, lengthscale_alone(),
                                                             VectorXd{{-1., 0, std::log(.05)}});
  EXPECT_EQ(eight.thetas.size(), 8U);
  EXPECT_GT(eight.effective, 3);
}

}  // namespace
}  // namespace asktell
