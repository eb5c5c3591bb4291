// The sparse axis-aligned prior: its hierarchy written out, finite differences, and the optima
// under it. Its posterior is integrated in hyper_samples_test.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include <asktell/surrogates/gp/saas.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using samples::central_differences;
using samples::kZero;
using samples::standardized_d3;

TEST(Saas, PosteriorHasTheGradientOfItsDensity) {
  GpData data = standardized_d3();
  const KernelPtr kernel = saas_kernel(kernels::matern52(2));
  for (const bool groups : {false, true}) {
    if (groups) data.noise_group = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    const auto posterior = saas_posterior(*kernel, data, {});
    const VectorXd start = posterior->start();
    EXPECT_EQ(start.size(), groups ? 6 : 5);
    for (const double shift : {0., -2., 3.}) {
      VectorXd u = start.array() + shift, gradient(start.size());
      u[1] += 0.3;
      posterior->evaluate(u, &gradient);
      const VectorXd expected = central_differences(
          [&](const VectorXd& at) { return posterior->evaluate(at, nullptr); }, u);
      EXPECT_LT((gradient - expected).norm(), 1e-6 * (1 + expected.norm())) << shift;
    }
  }
}

TEST(Saas, PosteriorIsItsHierarchy) {
  const GpData data = standardized_d3();
  const KernelPtr kernel = saas_kernel(kernels::matern52(2));
  const auto posterior = saas_posterior(*kernel, data, {.mean_deviation = 2});
  const double tau = 0.03, lambda1 = 2, lambda2 = 0.1, scale = 1.7, excess = 0.004;
  const VectorXd u{
      {std::log(tau), std::log(lambda1), std::log(lambda2), std::log(scale), std::log(excess)}};
  const VectorXd expected{{-0.5 * std::log(tau * lambda1), -0.5 * std::log(tau * lambda2),
                           std::log(scale), std::log(4.), std::log(excess + 1e-4)}};
  const VectorXd theta = posterior->theta(u);
  EXPECT_LT((theta - expected).norm(), 1e-14);
  MarginalLikelihood likelihood(*kernel, data, kZero);
  const auto half_cauchy = [](double x, double s) {
    return std::log(2 / (std::numbers::pi * s * (1 + x * x / (s * s))));
  };
  EXPECT_NEAR(posterior->evaluate(u, nullptr),
              likelihood.evaluate(theta, nullptr) + half_cauchy(tau, 0.1) +
                  half_cauchy(lambda1, 1) + half_cauchy(lambda2, 1) +
                  Prior::gamma(2, 0.15).log_density(scale) +
                  Prior::gamma(0.9, 10).log_density(excess) + u.sum(),
              1e-11);
}

TEST(MapSaas, PriorHasTheTabulatedDensity) {
  const Prior prior = gp_preset("map_saas", 3).lengthscale.prior;
  EXPECT_NEAR(prior.log_density(.5) + prior.log_density(2) + prior.log_density(10), -1.503793925755,
              1e-12);
}

TEST(MapSaas, EnsembleTakesQuantilesOfTau) {
  const std::vector<double> taus = saas_taus(4, 0.1);
  for (int k = 0; k < 4; ++k) {
    const double share = 2 / std::numbers::pi * std::atan(taus[static_cast<std::size_t>(k)] / 0.1);
    EXPECT_NEAR(share, (k + 0.5) / 4, 1e-14);
  }
  const std::vector<GpPreset> members = map_saas_ensemble(2);
  const GpData data = standardized_d3();
  const KernelPtr kernel = preset_kernel(members[0], 2);
  const std::vector<FitReport> fits = fit_members(*kernel, data, members);
  ASSERT_EQ(fits.size(), 4U);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(members[k].lengthscale.prior.b, taus[k]);
    EXPECT_TRUE(fits[k].optimized);
    // The prior is one of tau / l^2, as such, so more tau has its mass at longer length-scales.
    if (k == 0) continue;
    EXPECT_GT(fits[k].theta.head(2).sum(), fits[k - 1].theta.head(2).sum());
  }
}

TEST(MapSaas, AdditiveModelIsAtAnOptimumOfItsOwnPriors) {
  const GpData data = standardized_d3();
  const KernelPtr kernel = additive_saas_kernel(2);
  const FitOptions precise{
      .cold_rounds = 500, .gradient_tolerance = 1e-6, .value_tolerance = 1e-14};
  const FitReport fit = fit_additive_saas(*kernel, data, precise);
  ASSERT_TRUE(fit.optimized);
  ASSERT_EQ(fit.theta.size(), 13);
  const std::vector<HyperParameter> parameters = model_parameters(*kernel, data);
  const GpPreset preset = gp_preset("map_saas", 2);
  const HyperBox box(parameters, preset);
  const std::vector<double> taus = saas_taus();
  MarginalLikelihood likelihood(*kernel, data, preset.mean);
  const auto objective = [&](const VectorXd& theta) {
    double value = likelihood.evaluate(theta, nullptr);
    std::size_t lengthscales = 0;
    for (Index i = 0; i < 13; ++i) {
      const HyperRole role = parameters[static_cast<std::size_t>(i)].role;
      Prior prior = preset.of(role).prior;
      if (role == HyperRole::kLengthscale) prior.b = taus[lengthscales++ / 2];
      value += prior.log_density(std::exp(theta[i]));
    }
    return value;
  };
  EXPECT_NEAR(objective(fit.theta), fit.objective, 1e-10);
  RandomStream stream(3, Purpose::kUser);
  for (int trial = 0; trial < 50; ++trial) {
    VectorXd moved = fit.theta;
    for (Index i = 0; i < 13; ++i) moved[i] += 0.01 * stream.normal();
    moved = moved.cwiseMax(box.low).cwiseMin(box.high);
    EXPECT_LT(objective(moved), fit.objective + 1e-6);
  }
}

}  // namespace
}  // namespace asktell
