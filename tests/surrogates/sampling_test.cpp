// Samplers of log densities against moments that are known, against themselves, and where densities
// misbehave; what they report against ArviZ 0.23.4.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <limits>
#include <numbers>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/sampling/box.hpp>
#include <asktell/surrogates/sampling/diagnostics.hpp>
#include <asktell/surrogates/sampling/laplace.hpp>
#include <asktell/surrogates/sampling/nuts.hpp>
#include <asktell/surrogates/sampling/slice.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::central_differences;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Standard deviations 1 and 10, correlation 0.9, mean (3, -20).
struct Gaussian {
  VectorXd mean{{3., -20.}};
  MatrixXd covariance = (MatrixXd(2, 2) << 1, 9, 9, 100).finished();
  MatrixXd precision = covariance.inverse();

  LogDensity density() const {
    return [*this](const VectorXd& at, VectorXd* gradient) {
      const VectorXd pull = precision * (at - mean);
      if (gradient) *gradient = -pull;
      return -0.5 * pull.dot(at - mean);
    };
  }
};

// The mean of f over the draws is within four of its own standard errors.
template <typename Function>
void expect_mean(const MatrixXd& draws, Function f, double expected) {
  VectorXd values(draws.cols());
  for (Index j = 0; j < draws.cols(); ++j) values[j] = f(draws.col(j));
  const double size = effective_sample_size(values);
  const double deviation = std::sqrt((values.array() - values.mean()).square().mean());
  EXPECT_GT(size, 50);
  EXPECT_NEAR(values.mean(), expected, 4 * deviation / std::sqrt(size));
}

void expect_moments(const MatrixXd& draws, const Gaussian& target) {
  for (Index i = 0; i < 2; ++i) {
    expect_mean(
        draws, [&](const VectorXd& x) { return x[i]; }, target.mean[i]);
    for (Index j = 0; j <= i; ++j) {
      expect_mean(
          draws,
          [&](const VectorXd& x) { return (x[i] - target.mean[i]) * (x[j] - target.mean[j]); },
          target.covariance(i, j));
    }
  }
}

NutsDraws run_nuts(const LogDensity& density, const NutsState& start, const NutsOptions& options,
                   std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kFit);
  return nuts(density, start, options, stream);
}

TEST(Nuts, FindsTheMomentsOfACorrelatedGaussian) {
  const Gaussian target;
  for (const bool dense : {true, false}) {
    const NutsDraws out = run_nuts(target.density(), {.position = VectorXd::Zero(2)},
                                   {.warm_up = 500, .draws = 4000, .dense = dense}, 1);
    EXPECT_EQ(out.divergences, 0);
    EXPECT_EQ(out.deepest, 0);
    EXPECT_NEAR(out.acceptance, 0.85, 0.1);
    EXPECT_EQ(out.state.covariance.cols(), dense ? 2 : 1);
    expect_moments(out.draws, target);
    EXPECT_NEAR(out.log_density[7], target.density()(out.draws.col(7), nullptr), 1e-12);
  }
}

TEST(Nuts, LearnsTheCovariance) {
  const Gaussian target;
  const NutsDraws out = run_nuts(target.density(), {.position = VectorXd::Zero(2)},
                                 {.warm_up = 1000, .draws = 1000}, 2);
  EXPECT_NEAR(out.state.covariance(1, 1), 100, 30);
  EXPECT_NEAR(out.state.covariance(0, 1), 9, 3);
  // Then the target is round: draws are worth about as much as independent ones.
  EXPECT_GT(effective_sample_size(out.draws.row(1).transpose()), 400);
}

TEST(Nuts, FindsTheMomentsOfAHeavyTail) {
  // Student's t with five degrees of freedom: variance 5/3.
  const LogDensity density = [](const VectorXd& at, VectorXd* gradient) {
    const double x = at[0];
    if (gradient) (*gradient)[0] = -6 * x / (5 + x * x);
    return -3 * std::log1p(x * x / 5);
  };
  const NutsDraws out =
      run_nuts(density, {.position = VectorXd::Ones(1)}, {.warm_up = 300, .draws = 8000}, 3);
  expect_mean(
      out.draws, [](const VectorXd& x) { return x[0]; }, 0);
  expect_mean(
      out.draws, [](const VectorXd& x) { return std::abs(x[0]) < 0.7266868 ? 1. : 0.; },
      0.5);  // the third quartile
}

TEST(Nuts, IsDeterministicAndGoesOnFromAState) {
  const Gaussian target;
  const NutsState start{.position = VectorXd::Zero(2)};
  const NutsDraws a = run_nuts(target.density(), start, {}, 5);
  const NutsDraws b = run_nuts(target.density(), start, {}, 5);
  EXPECT_EQ(a.draws, b.draws);
  EXPECT_NE(a.draws, run_nuts(target.density(), start, {}, 6).draws);
  const NutsDraws warm = run_nuts(target.density(), a.state, {.warm_up = 0, .draws = 3000}, 7);
  EXPECT_EQ(warm.state.step, a.state.step);
  EXPECT_EQ(warm.state.covariance, a.state.covariance);
  expect_moments(warm.draws, target);
}

TEST(Nuts, SurvivesDensitiesThatEndOrAreNotNumbers) {
  // A half normal: outside of the half line, -infinity, NaN, or a gradient of NaN.
  for (int kind = 0; kind < 3; ++kind) {
    const LogDensity density = [kind](const VectorXd& at, VectorXd* gradient) {
      const double x = at[0];
      if (gradient) (*gradient)[0] = x < 0 && kind == 2 ? kNaN : -x;
      if (x < 0 && kind < 2) return kind == 0 ? -std::numeric_limits<double>::infinity() : kNaN;
      return -0.5 * x * x;
    };
    const NutsDraws out =
        run_nuts(density, {.position = VectorXd::Ones(1)}, {.warm_up = 300, .draws = 2000}, 4);
    EXPECT_FALSE(out.failed);
    EXPECT_GT(out.divergences, 0);
    EXPECT_GE(out.draws.minCoeff(), 0);
    expect_mean(
        out.draws, [](const VectorXd& x) { return x[0]; }, std::sqrt(2 / std::numbers::pi));
  }
}

TEST(Nuts, EndsWhereNothingIsFiniteButTheStart) {
  const LogDensity density = [](const VectorXd& at, VectorXd* gradient) {
    if (gradient) gradient->setConstant(at[0] == 0.5 ? 1 : kNaN);
    return at[0] == 0.5 ? 0. : kNaN;
  };
  const NutsDraws out =
      run_nuts(density, {.position = VectorXd::Constant(1, 0.5)}, {.warm_up = 50, .draws = 50}, 1);
  EXPECT_FALSE(out.failed);
  EXPECT_GE(out.divergences, 45);  // else the step rounds to nothing
  EXPECT_EQ(out.draws, MatrixXd::Constant(1, 50, 0.5));
  const NutsDraws nowhere = run_nuts(density, {.position = VectorXd::Ones(1)}, {}, 1);
  EXPECT_TRUE(nowhere.failed);
  EXPECT_EQ(nowhere.draws.cols(), 0);
}

TEST(Nuts, NamesOptionsOutOfRange) {
  const Gaussian target;
  const auto with = [&](const NutsOptions& options) {
    run_nuts(target.density(), {.position = VectorXd::Zero(2)}, options, 1);
  };
  EXPECT_THROW(with({.warm_up = -1}), OptionError);
  EXPECT_THROW(with({.max_depth = 0}), OptionError);
  EXPECT_THROW(with({.acceptance = 1}), OptionError);
  EXPECT_THROW(run_nuts(target.density(),
                        {.position = VectorXd::Zero(2), .covariance = MatrixXd::Ones(3, 1)}, {}, 1),
               OptionError);
}

SliceDraws run_slice(const LogDensity& density, const VectorXd& start, const SliceOptions& options,
                     std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kFit);
  return slice_sample(density, start, options, stream);
}

TEST(Slice, FindsTheMomentsOfACorrelatedGaussian) {
  const Gaussian target;
  const SliceDraws out =
      run_slice(target.density(), VectorXd::Zero(2), {.warm_up = 100, .draws = 30000}, 1);
  EXPECT_EQ(out.stuck, 0);
  expect_moments(out.draws, target);
  EXPECT_EQ(out.position, out.draws.col(29999));
  EXPECT_EQ(
      out.draws,
      run_slice(target.density(), VectorXd::Zero(2), {.warm_up = 100, .draws = 30000}, 1).draws);
}

TEST(Slice, FindsBothModesAndTheirShares) {
  const LogDensity density = [](const VectorXd& at, VectorXd*) {
    const double x = at[0];
    return std::log(0.3 * std::exp(-2 * (x + 1) * (x + 1)) +
                    0.7 * std::exp(-2 * (x - 1) * (x - 1)));
  };
  const SliceDraws out = run_slice(density, VectorXd::Ones(1), {.draws = 20000}, 2);
  expect_mean(
      out.draws, [](const VectorXd& x) { return x[0]; }, 0.4);
  expect_mean(
      out.draws, [](const VectorXd& x) { return x[0] * x[0]; }, 1.25);
}

TEST(Slice, StaysWhereTheDensityIsANumber) {
  const LogDensity density = [](const VectorXd& at, VectorXd*) {
    return at[0] < 0 ? kNaN : -0.5 * at[0] * at[0];
  };
  const SliceDraws out = run_slice(density, VectorXd::Ones(1), {.draws = 5000}, 2);
  EXPECT_GE(out.draws.minCoeff(), 0);
  expect_mean(
      out.draws, [](const VectorXd& x) { return x[0]; }, std::sqrt(2 / std::numbers::pi));
  EXPECT_TRUE(run_slice(density, VectorXd::Constant(1, -1), {}, 2).failed);
  // A density that is a number at the start alone: every move gives up.
  const LogDensity spike = [](const VectorXd& at, VectorXd*) { return at[0] == 0.5 ? 0. : kNaN; };
  const SliceDraws out_of =
      run_slice(spike, VectorXd::Constant(1, 0.5), {.warm_up = 0, .draws = 9}, 2);
  EXPECT_EQ(out_of.stuck, 9);
  EXPECT_EQ(out_of.draws, MatrixXd::Constant(1, 9, 0.5));
  EXPECT_THROW(run_slice(density, VectorXd::Ones(1), {.width = 0}, 1), OptionError);
}

TEST(UnconstrainedBox, GoesThereAndBackWithItsJacobian) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const VectorXd low{{-1, 2, -kInfinity, 0.5, -kInfinity}};
  const VectorXd high{{3, kInfinity, 1, 0.5, kInfinity}};
  const UnconstrainedBox box(low, high);
  ASSERT_EQ(box.size(), 4);
  const VectorXd x{{0.2, 5, -2, 0.5, 7}};
  VectorXd back;
  const VectorXd u = box.to_free(x);
  const double log_jacobian = box.to_box(u, back);
  EXPECT_LT((back - x).norm(), 1e-13);
  double expected = 0;
  const Index coordinates[] = {0, 1, 2, 4};
  for (Index k = 0; k < 4; ++k) {
    expected += std::log(central_differences(
        [&](const VectorXd& v) {
          VectorXd moved;
          box.to_box(v, moved);
          return moved[coordinates[k]];
        },
        u)[k]);
  }
  EXPECT_NEAR(log_jacobian, expected, 1e-9);
  // On the bounds and far beyond: finite, and inside.
  EXPECT_TRUE(box.to_free(low.cwiseMax(-9)).allFinite());
  EXPECT_TRUE(std::isfinite(box.to_box(VectorXd::Constant(4, 300), back)));
  EXPECT_LE(back[0], 3);
  EXPECT_THROW(UnconstrainedBox(VectorXd::Ones(1), VectorXd::Zero(1)), OptionError);
}

TEST(UnconstrainedBox, PullsGradientsBack) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const UnconstrainedBox box(VectorXd{{-1, 2, -kInfinity, -kInfinity}},
                             VectorXd{{3, kInfinity, 1, kInfinity}});
  const auto density = [&](const VectorXd& u) {
    VectorXd x;
    const double log_jacobian = box.to_box(u, x);
    return log_jacobian - 0.5 * x.squaredNorm() + x[0] * x[1];
  };
  for (const double at : {-2., 0.3, 4.}) {
    const VectorXd u = VectorXd::Constant(4, at);
    VectorXd x, gradient;
    box.to_box(u, x);
    VectorXd by_x = -x;
    by_x[0] += x[1];
    by_x[1] += x[0];
    box.pull_back(u, by_x, gradient);
    const VectorXd expected = central_differences(density, u);
    EXPECT_LT((gradient - expected).norm(), 1e-6 * (1 + expected.norm()));
  }
}

TEST(Laplace, IsExactForAGaussian) {
  const Gaussian target;
  const Laplace at = laplace(target.density(), VectorXd{{0., -14.}});
  EXPECT_LT((at.mode - target.mean).norm(), 1e-3);
  EXPECT_LT((at.deviation * at.deviation.transpose() - target.covariance).norm(), 1e-4);
  EXPECT_NEAR(at.log_evidence,
              std::log(2 * std::numbers::pi) + 0.5 * std::log(target.covariance.determinant()),
              1e-6);
  EXPECT_EQ(at.lifted, 0);
  const WeightedDraws some = laplace_draws(at, target.density(), 512, 3);
  EXPECT_NEAR(some.weights.sum(), 1, 1e-12);
  EXPECT_GT(some.effective, 300);
  const VectorXd mean = some.draws * some.weights;
  EXPECT_LT((mean - target.mean).cwiseQuotient(target.covariance.diagonal().cwiseSqrt()).norm(),
            0.05);
  const MatrixXd off = some.draws.colwise() - target.mean;
  const MatrixXd covariance = off * some.weights.asDiagonal() * off.transpose();
  EXPECT_NEAR(covariance(0, 0), 1, 0.1);
  EXPECT_NEAR(covariance(0, 1), 9, 1);
}

TEST(Laplace, ReportsDirectionsWithoutAModeAndDensitiesThatAreNotNumbers) {
  const LogDensity ridge = [](const VectorXd& at, VectorXd* gradient) {
    if (gradient) *gradient = VectorXd{{-at[0], 0}};
    return -0.5 * at[0] * at[0];
  };
  const Laplace along = laplace(ridge, VectorXd::Zero(2));
  EXPECT_FALSE(along.failed);
  EXPECT_EQ(along.lifted, 1);
  const LogDensity nowhere = [](const VectorXd&, VectorXd* gradient) {
    if (gradient) gradient->setConstant(kNaN);
    return kNaN;
  };
  const Laplace failed = laplace(nowhere, VectorXd::Zero(2));
  EXPECT_TRUE(failed.failed);
  EXPECT_NEAR(laplace_draws(failed, nowhere, 4, 0).weights.sum(), 1, 1e-12);
}

// x_t = phi x_{t-1} + u_t - 1/2, u_t = frac(43758.5453 sin(12.9898 (1 + t + 1000 chain))).
MatrixXd series(Index chains, Index draws, double shift, double phi = 0.6) {
  MatrixXd out(draws, chains);
  for (Index c = 0; c < chains; ++c) {
    double x = 0;
    for (Index t = 0; t < draws; ++t) {
      const double s = std::sin(static_cast<double>(1 + t + 1000 * c) * 12.9898) * 43758.5453;
      x = phi * x + s - std::floor(s) - 0.5;
      out(t, c) = x + shift * static_cast<double>(c);
    }
  }
  return out;
}

TEST(Diagnostics, AgreeWithArviz) {
  // az.rhat(method="split"), az.rhat(method="rank"), az.ess(method="bulk"), az.ess(method="mean").
  struct Row {
    MatrixXd draws;
    double split, rank, bulk, mean;
  };
  const MatrixXd ties = (10 * series(4, 100, 0).array()).round() / 10;
  const Row rows[] = {
      {series(4, 100, 0), 1.0797568450661232, 1.0792052487659967, 87.40340787564075,
       87.39709570468249},
      {series(4, 101, .3), 1.6776457151229454, 1.6655787094424366, 7.47321013728653,
       7.33659066388035},
      {series(1, 250, 0), 1.054098081867754, 1.0497833141338349, 29.195172996106507,
       26.76412094520585},
      {series(2, 80, 0, -.6), 0.9964749435873187, 1.0033107666408565, 352.6591972249479,
       352.6591972249479},
      {ties, 1.0800864955269622, 1.078903080611575, 88.12890324526504, 87.78009319711535}};
  for (const Row& row : rows) {
    EXPECT_NEAR(split_r_hat(row.draws), row.split, 1e-8);
    EXPECT_NEAR(rank_r_hat(row.draws), row.rank, 1e-6);
    EXPECT_NEAR(bulk_effective_sample_size(row.draws), row.bulk, 1e-5);
    EXPECT_NEAR(effective_sample_size(row.draws), row.mean, 1e-6);
  }
}

TEST(Diagnostics, SayNothingOfTooFewOrBrokenDraws) {
  EXPECT_TRUE(std::isnan(split_r_hat(MatrixXd::Ones(3, 2))));
  EXPECT_TRUE(std::isnan(rank_r_hat(MatrixXd::Constant(9, 2, kNaN))));
  EXPECT_TRUE(std::isnan(effective_sample_size(MatrixXd(0, 1))));
  EXPECT_EQ(split_r_hat(MatrixXd::Ones(8, 2)), 1);
  EXPECT_EQ(rank_r_hat(MatrixXd::Ones(8, 2)), 1);
  EXPECT_EQ(effective_sample_size(MatrixXd::Ones(8, 2)), 16);
}

}  // namespace
}  // namespace asktell
