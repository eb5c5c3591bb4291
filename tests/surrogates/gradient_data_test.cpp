// Processes given partial derivatives, and posteriors of gradients: independent numbers (50-digit
// arithmetic), definitions and differences.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <limits>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gradient_data.hpp>
#include <asktell/surrogates/gp/kernels/derivative.hpp>
#include <asktell/surrogates/gp/pathwise.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using kernels::Form;
using samples::central_differences;
using samples::kZero;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr Form kSmooth[] = {Form::kRbf, Form::kMatern52, Form::kMatern32, Form::kRationalQuadratic};

// f = sin(3 x) with its derivative at three points.
GradientData sine() {
  GradientData data;
  data.x = Eigen::RowVectorXd{{0, .5, 1}};
  data.z = VectorXd{{0, .997495, .14112}};
  data.gradient = Eigen::RowVectorXd{{3, .212212, -2.969977}};
  return data;
}
const VectorXd kSineTheta{{std::log(.5), 0, std::log(1e-6), std::log(1e-4)}};

MatrixXd random_points(Index d, Index n, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  MatrixXd x(d, n);
  for (double& value : x.reshaped()) value = stream.uniform();
  return x;
}

double smooth(const VectorXd& x) {
  return std::sin(4 * x[0]) + x[1] * x[1] - x[0] * x[1];
}
GradientData smooth_data(Index n, std::uint64_t seed = 1) {
  GradientData data;
  data.x = random_points(2, n, seed);
  data.z.resize(n);
  data.gradient.resize(2, n);
  for (Index j = 0; j < n; ++j) {
    data.z[j] = smooth(data.x.col(j));
    data.gradient(0, j) = 4 * std::cos(4 * data.x(0, j)) - data.x(1, j);
    data.gradient(1, j) = 2 * data.x(1, j) - data.x(0, j);
  }
  return data;
}

VectorXd theta_of(Form form) {
  VectorXd theta{{-.7, -.2, .3, -6, -5}};
  if (form != Form::kRationalQuadratic) return theta;
  return VectorXd{{-.7, -.2, .4, .3, -6, -5}};
}

TEST(GradientGp, MatchesIndependentNumbers) {
  const GradientGp rbf(sine(), {.form = Form::kRbf, .mean = kZero}, kSineTheta);
  VectorXd mean, variance;
  rbf.predict(samples::point({.25}), mean, variance);
  EXPECT_NEAR(rbf.log_marginal_likelihood(), -5.0223232455323, 1e-9);
  EXPECT_NEAR(mean[0], .683712682202, 1e-10);
  EXPECT_NEAR(variance[0], 2.35107084827e-5, 1e-14);
  const GradientPosterior gradient = rbf.gradient(VectorXd{{.25}});
  EXPECT_NEAR(gradient.mean[0], 2.19157762024, 1e-9);
  EXPECT_NEAR(gradient.covariance(0, 0), .000123960004019, 1e-12);

  const GradientGp matern(sine(), {.mean = kZero}, kSineTheta);
  matern.predict(samples::point({.25}), mean, variance);
  EXPECT_NEAR(matern.log_marginal_likelihood(), -8.3635812865467, 1e-11);
  EXPECT_NEAR(mean[0], .69224485851, 1e-11);
  EXPECT_NEAR(variance[0], .0193087606134, 1e-13);
  EXPECT_NEAR(matern.gradient(VectorXd{{.25}}).mean[0], 2.13721151565, 1e-10);
  EXPECT_NEAR(matern.gradient(VectorXd{{.25}}).covariance(0, 0), .440907808739, 1e-12);
}

TEST(GradientGp, WithoutDerivativesIsTheOrdinaryProcess) {
  GradientData data = sine();
  data.gradient.setConstant(kNone);
  const VectorXd theta = kSineTheta.head(3);
  const GradientGp model(data, {.form = Form::kRbf, .mean = kZero}, theta);
  VectorXd mean, variance;
  model.predict(samples::point({.25}), mean, variance);
  EXPECT_NEAR(mean[0], .652018646687, 1e-10);
  EXPECT_NEAR(variance[0], .0178930959346, 1e-11);
  // And the same gradient from either form of the model.
  GpData values;
  values.x = data.x;
  values.z = data.z;
  const GpPosterior plain(kernels::scaled(kernels::stationary(Form::kRbf, 1)), values, theta,
                          kZero);
  for (const GradientPosterior& gradient :
       {model.gradient(VectorXd{{.25}}), gradient_posterior(plain, VectorXd{{.25}})}) {
    EXPECT_NEAR(gradient.mean[0], 2.34131014783, 1e-9);
    EXPECT_NEAR(gradient.covariance(0, 0), .0288117566043, 1e-10);
  }
}

TEST(GradientGp, UnitsChangeNothing) {
  GradientData noisy = smooth_data(6);
  noisy.gradient(1, 3) = kNone;
  const VectorXd theta = theta_of(Form::kMatern52);
  VectorXd other = theta;
  other[4] += 2 * std::log(.5);
  const GradientGp plain(noisy, {.mean = kZero}, theta);
  const GradientGp scaled(noisy, {.unit = VectorXd::Constant(2, .5), .mean = kZero}, other);
  const VectorXd x{{.3, .6}};
  VectorXd mean, variance, mean2, variance2;
  plain.predict(x, mean, variance);
  scaled.predict(x, mean2, variance2);
  EXPECT_NEAR(mean[0], mean2[0], 1e-11);
  EXPECT_NEAR(variance[0], variance2[0], 1e-11);
  EXPECT_LT((plain.gradient(x).mean - scaled.gradient(x).mean).norm(), 1e-10);
  EXPECT_LT((plain.gradient(x).covariance - scaled.gradient(x).covariance).norm(), 1e-10);
}

// Every block of the covariance is a derivative of the kernel.
TEST(DerivativeKernel, IsTheDerivativeOfTheKernel) {
  const double h = 1e-4;
  for (Form form : kSmooth) {
    const KernelPtr plain = kernels::stationary(form, 2);
    const KernelPtr kernel = kernels::derivative(2, {.form = form, .unit = VectorXd{{.5, 2}}});
    const VectorXd theta = theta_of(form);
    const VectorXd x{{.2, .7}}, z{{.5, .4}}, unit{{.5, 2}};
    const auto k = [&](const VectorXd& a, const VectorXd& b) {
      MatrixXd out;
      plain->evaluation()->cross(a, b, theta.data(), false, out);
      return out(0, 0);
    };
    MatrixXd a(3, 3), b(3, 3), blocks;
    for (Index i = 0; i < 3; ++i) {
      a.col(i) << x, static_cast<double>(i);
      b.col(i) << z, static_cast<double>(i);
    }
    kernel->evaluation()->cross(a, b, theta.data(), false, blocks);
    EXPECT_DOUBLE_EQ(blocks(0, 0), k(x, z));
    for (Index i = 0; i < 2; ++i) {
      const VectorXd e = h * unit[i] * VectorXd::Unit(2, i);
      EXPECT_NEAR(blocks(i + 1, 0), (k(x + e, z) - k(x - e, z)) / (2 * h), 1e-6);
      EXPECT_NEAR(blocks(0, i + 1), (k(x, z + e) - k(x, z - e)) / (2 * h), 1e-6);
      for (Index j = 0; j < 2; ++j) {
        const VectorXd f = h * unit[j] * VectorXd::Unit(2, j);
        EXPECT_NEAR(
            blocks(i + 1, j + 1),
            (k(x + e, z + f) - k(x - e, z + f) - k(x + e, z - f) + k(x - e, z - f)) / (4 * h * h),
            1e-5)
            << kernels::name(form);
      }
    }
  }
}

TEST(DerivativeKernel, IsPositiveSemidefiniteAndItsDiagonalIsThatOfItsMatrix) {
  GradientData data = smooth_data(12);
  data.x.col(3) = data.x.col(2);  // a duplicate
  for (Form form : kSmooth) {
    const KernelPtr kernel = kernels::derivative(2, {.form = form, .constant = 3});
    const VectorXd theta = theta_of(form);
    const MatrixXd x = stacked(data, {}).x;
    MatrixXd k;
    VectorXd diagonal;
    kernel->evaluation()->symmetric(x, theta.data(), false, k);
    kernel->diagonal(x, theta.data(), diagonal);
    EXPECT_LT((k.diagonal() - diagonal).norm(), 1e-12);
    EXPECT_LT((k - k.transpose()).norm(), 1e-15);
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(k);
    EXPECT_GT(eigen.eigenvalues().minCoeff(), -1e-10 * k.rows());
  }
}

TEST(DerivativeKernel, LikelihoodHasTheGradientOfItsDifferences) {
  GradientData data = smooth_data(7);
  data.x.col(3) = data.x.col(2);  // h and t at distance 0
  data.gradient(0, 1) = data.gradient(1, 4) = kNone;
  const VectorXd unit{{.5, 2}};
  const GpData rows = stacked(data, unit);
  EXPECT_EQ(rows.size(), 7 + 14 - 2);
  for (Form form : kSmooth) {
    const KernelPtr kernel =
        kernels::scaled(kernels::derivative(2, {.form = form, .unit = unit, .constant = 2}));
    MarginalLikelihood likelihood(*kernel, rows, kZero);
    for (const double shift : {0.0, -.8, .6}) {
      const VectorXd theta = theta_of(form).array() + shift;
      VectorXd gradient(theta.size());
      likelihood.evaluate(theta, gradient.data());
      const VectorXd expected = central_differences(
          [&](const VectorXd& t) { return likelihood.evaluate(t, nullptr); }, theta);
      EXPECT_LT((gradient - expected).norm(), 1e-6 * (1 + expected.norm()))
          << kernels::name(form) << " " << gradient.transpose() << " | " << expected.transpose();
    }
  }
}

TEST(GradientGp, PredictionsHaveTheGradientsOfTheirDifferences) {
  GradientData data = smooth_data(7);
  data.gradient(0, 1) = kNone;
  for (Form form : kSmooth) {
    const GradientGp model(data, {.form = form, .unit = VectorXd{{.5, 2}}}, theta_of(form));
    // The second lies on a datum.
    for (const VectorXd& x : {VectorXd{{.35, .55}}, VectorXd(data.x.col(2))}) {
      if (form == Form::kMatern32 && x == data.x.col(2)) continue;  // kink of the variance's slope
      VectorXd mean, variance;
      MatrixXd dmean, dvariance;
      model.predict(x, mean, variance, &dmean, &dvariance);
      const auto at = [&](int which) {
        return [&, which](const VectorXd& p) {
          VectorXd m, v;
          model.predict(p, m, v);
          return which == 0 ? m[0] : v[0];
        };
      };
      EXPECT_LT((dmean - central_differences(at(0), x)).norm(), 1e-5) << kernels::name(form);
      EXPECT_LT((dvariance - central_differences(at(1), x)).norm(), 1e-6) << kernels::name(form);
      EXPECT_LT((dmean - model.gradient(x).mean).norm(), 1e-9) << kernels::name(form);
    }
  }
}

// input_gradient of a partial derivative: second derivatives of the posterior mean.
TEST(DerivativeKernel, DerivativesMoveAsTheirDifferences) {
  const GradientData data = smooth_data(7);
  for (Form form : kSmooth) {
    const GradientGp model(data, {.form = form, .mean = kZero}, theta_of(form));
    MatrixXd x(3, 1);
    x << .35, .55, 2;
    VectorXd mean, variance;
    MatrixXd dmean, dvariance;
    model.posterior().predict(x, mean, variance, &dmean, &dvariance);
    for (Index m = 0; m < 2; ++m) {
      MatrixXd up = x, down = x;
      up(m, 0) += 1e-5;
      down(m, 0) -= 1e-5;
      VectorXd mean_up, mean_down, variance_up, variance_down;
      model.posterior().predict(up, mean_up, variance_up);
      model.posterior().predict(down, mean_down, variance_down);
      EXPECT_NEAR(dmean(m, 0), (mean_up[0] - mean_down[0]) / 2e-5, 1e-4) << kernels::name(form);
      EXPECT_NEAR(dvariance(m, 0), (variance_up[0] - variance_down[0]) / 2e-5, 1e-4);
    }
  }
}

TEST(DerivativeKernel, FeaturesHaveItsCovariance) {
  const KernelPtr kernel = kernels::scaled(
      kernels::derivative(2, {.form = Form::kRbf, .unit = VectorXd{{.5, 2}}, .constant = .5}));
  const VectorXd theta{{-.7, -.2, .3}};
  const MatrixXd x = stacked(smooth_data(3), {}).x;
  RandomStream stream(3, Purpose::kUser);
  const auto features = kernel->features(theta.data(), 4000, stream);
  MatrixXd phi, k;
  features->map(x, phi);
  kernel->evaluation()->symmetric(x, theta.data(), false, k);
  EXPECT_EQ(phi.rows(), features->size());
  EXPECT_LT((phi.transpose() * phi - k).cwiseAbs().maxCoeff(), .12 * k.cwiseAbs().maxCoeff());
  // Gradients by the points.
  const MatrixXd weights = random_points(phi.rows(), x.cols(), 9);
  MatrixXd gradient = MatrixXd::Zero(3, x.cols());
  features->input_gradient(x, weights, gradient);
  for (Index m = 0; m < 2; ++m) {
    MatrixXd up = x, down = x, phi_up, phi_down;
    up.row(m).array() += 1e-6;
    down.row(m).array() -= 1e-6;
    features->map(up, phi_up);
    features->map(down, phi_down);
    for (Index j = 0; j < x.cols(); ++j) {
      const double expected = weights.col(j).dot(phi_up.col(j) - phi_down.col(j)) / 2e-6;
      EXPECT_NEAR(gradient(m, j), expected, 1e-5 * (1 + std::abs(expected)));
    }
  }
}

TEST(DerivativeKernel, RefusesWhatHasNoDerivative) {
  try {
    kernels::derivative(2, {.form = Form::kMatern12});
    FAIL();
  } catch (const OptionError& error) {
    EXPECT_NE(std::string(error.what()).find("matern32"), std::string::npos) << error.what();
  }
  EXPECT_THROW(kernels::derivative(2, {.unit = VectorXd::Ones(3)}), OptionError);
}

TEST(GradientPosterior, MatchesD1) {
  const GpPosterior model(kernels::scaled(kernels::matern52(1)), samples::d1(),
                          VectorXd{{std::log(.25), 0, std::log(.05)}}, kZero);
  const GradientPosterior gradient = gradient_posterior(model, VectorXd{{.5}});
  EXPECT_NEAR(gradient.mean[0], 6.27915028914, 1e-10);
  EXPECT_NEAR(gradient.covariance(0, 0), 11.3299928896, 1e-9);
}

// Gradients of any kernel's process: the limit of joint posteriors of differences.
TEST(GradientPosterior, IsTheLimitOfDifferencesForAnyKernel) {
  namespace k = kernels;
  GpData data = samples::d2();
  const std::vector<KernelPtr> kernels{
      k::scaled(k::matern52(2)),
      k::scaled(k::stationary({.columns = {0, 1}, .warp = true})),
      k::scaled(k::stationary({.form = Form::kRbf,
                               .columns = {0, 1},
                               .metrics = {k::Metric::kPeriodic, k::Metric::kArc}})),
      k::product({k::stationary(Form::kRationalQuadratic, 2), k::linear({0, 1}),
                  k::stationary(Form::kRbf, 2)}),
      k::sum({k::scaled(k::stationary(Form::kRbf, 2)), k::constant(), k::linear({1})}),
      k::additive({{0}, {1}}),
      k::spherical_linear({0, 1})};
  for (std::size_t at = 0; at < kernels.size(); ++at) {
    const KernelPtr& kernel = kernels[at];
    VectorXd theta(kernel->parameter_count() + 1);
    theta << starting_theta(*kernel), std::log(.01);
    const GpPosterior model(kernel, data, theta);
    const VectorXd x{{.45, .55}};
    const GradientPosterior gradient = gradient_posterior(model, x);
    const double h = 2e-3;
    MatrixXd around = x.replicate(1, 4);
    for (Index i = 0; i < 2; ++i) {
      around(i, 2 * i) += h;
      around(i, 2 * i + 1) -= h;
    }
    VectorXd mean;
    MatrixXd covariance;
    model.joint(around, mean, covariance);
    MatrixXd difference = MatrixXd::Zero(2, 4);
    difference << 1, -1, 0, 0, 0, 0, 1, -1;
    difference /= 2 * h;
    const MatrixXd expected = difference * covariance * difference.transpose();
    EXPECT_LT((gradient.mean - difference * mean).norm(), 1e-3 * (1 + gradient.mean.norm())) << at;
    EXPECT_LT((gradient.covariance - expected).norm(), 1e-2 * (1e-2 + expected.norm())) << at;
  }
}

TEST(GradientPosterior, RefusesAProcessWithoutDerivatives) {
  const GpPosterior model(kernels::scaled(kernels::stationary(Form::kMatern12, 1)), samples::d1(),
                          VectorXd{{std::log(.25), 0, std::log(.05)}}, kZero);
  EXPECT_THROW(gradient_posterior(model, VectorXd{{.5}}), OptionError);
}

TEST(GradientFit, DerivativesMakeAFitOfFewPointsMuchBetter) {
  const GradientData data = smooth_data(8);
  GradientData values = data;
  values.gradient.setConstant(kNone);
  const GpPreset preset = gp_preset("asktell", 2, true);
  const GradientFit with = fit_gradient_gp(data, preset), without = fit_gradient_gp(values, preset);
  EXPECT_TRUE(with.report.optimized);
  EXPECT_FALSE(with.report.degraded);
  EXPECT_EQ(with.report.theta.size(), 5);
  EXPECT_EQ(without.report.theta.size(), 4);
  const MatrixXd test = random_points(2, 200, 77);
  const auto error = [&](const GradientGp& model) {
    VectorXd mean, variance;
    model.predict(test, mean, variance);
    double sum = 0;
    for (Index j = 0; j < test.cols(); ++j) sum += std::pow(mean[j] - smooth(test.col(j)), 2);
    return std::sqrt(sum / static_cast<double>(test.cols()));
  };
  EXPECT_LT(error(with.posterior), .25 * error(without.posterior));
  // Warm, it stays.
  const GradientFit warm = fit_gradient_gp(data, preset, with.report.theta);
  EXPECT_GE(warm.report.objective, with.report.objective - .05);
  EXPECT_LE(warm.report.evaluations, with.report.evaluations);
}

TEST(GradientFit, NoiseStaysAboveItsFloors) {
  GpPreset preset = gp_preset("none", 2, true);
  preset.form = Form::kRbf;
  const GradientFit fit = fit_gradient_gp(smooth_data(30), preset);
  const GpPosterior& model = fit.posterior.posterior();
  EXPECT_GT(fit.posterior.lifted(), 0);
  EXPECT_EQ(model.jitter(), 0);
  VectorXd prior;
  model.kernel().diagonal(model.data().x, model.theta().data(), prior);
  const double scale = std::exp(model.theta()[2]);
  for (Index i = 0; i < model.size(); ++i) {
    const double floor = i < 30 ? 1e-6 * scale : 1e-5 * prior[i];
    EXPECT_GE(model.noise(i), floor * (1 - 1e-12));
  }
}

TEST(GradientData, BeyondTheRowsTheBestPointsKeepTheirGradients) {
  GradientData data = smooth_data(10);
  Index dropped = -1;
  const GradientData kept = within_rows(data, 17, dropped);
  EXPECT_EQ(dropped, 14);
  EXPECT_EQ(kept.rows(), 16);
  for (Index j = 0; j < 10; ++j) {
    const bool has = !std::isnan(kept.gradient(0, j));
    EXPECT_EQ(has, (data.z.array() < data.z[j]).count() < 3);
  }
  within_rows(data, 30, dropped);
  EXPECT_EQ(dropped, 0);
  EXPECT_EQ(within_rows(data, 5, dropped).rows(), 10);
  EXPECT_EQ(fit_gradient_gp(data, gp_preset("asktell", 2), {}, {}, 16).dropped, 14);
}

TEST(GradientData, GradientsScaleWithPointsAndValues) {
  const MatrixXd gradient = (MatrixXd(2, 1) << 3, -1).finished();
  const MatrixXd scaled = model_gradient(gradient, VectorXd{{10, 2}}, 5);
  EXPECT_DOUBLE_EQ(scaled(0, 0), 6);
  EXPECT_DOUBLE_EQ(scaled(1, 0), -.4);
}

TEST(GradientGp, AppendingEqualsAFreshModel) {
  const GradientData all = smooth_data(9);
  GradientData first{all.x.leftCols(6), all.z.head(6), all.gradient.leftCols(6)};
  GradientData rest{all.x.rightCols(3), all.z.tail(3), all.gradient.rightCols(3)};
  const VectorXd theta = theta_of(Form::kMatern52);
  GradientGp model = GradientGp::with_noise_floors(first, {}, theta);
  model.append(rest);
  const GradientGp fresh = GradientGp::with_noise_floors(all, {}, theta);
  EXPECT_NEAR(model.log_marginal_likelihood(), fresh.log_marginal_likelihood(), 1e-8);
  const VectorXd x{{.3, .6}};
  EXPECT_LT((model.gradient(x).mean - fresh.gradient(x).mean).norm(), 1e-8);
  EXPECT_LT((model.gradient(x).covariance - fresh.gradient(x).covariance).norm(), 1e-8);
  first.gradient.setConstant(kNone);
  GradientGp values(first, {}, theta.head(4));
  EXPECT_THROW(values.append(rest), OptionError);
  rest.gradient.setConstant(kNone);
  values.append(rest);
  EXPECT_EQ(values.posterior().size(), 9);
}

// Stacked observations follow the ordinary machinery: a sample of the posterior passes through
// values and slopes.
TEST(GradientGp, SamplePathsFollowValuesAndDerivatives) {
  const GradientGp model(sine(), {.form = Form::kRbf, .mean = kZero}, kSineTheta);
  RandomStream stream(5, Purpose::kUser);
  const SamplePaths paths(model.posterior(), 4, stream);
  MatrixXd at(2, 2), values;
  at << .5, .5, 0, 1;
  paths.evaluate(at, values);
  for (Index p = 0; p < 4; ++p) {
    EXPECT_NEAR(values(0, p), .997495, .01);
    EXPECT_NEAR(values(1, p), .212212, .1);
  }
}

}  // namespace
}  // namespace asktell
