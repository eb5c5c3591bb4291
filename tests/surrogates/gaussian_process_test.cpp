// The Gaussian process against numbers computed with an independent NumPy implementation and, for
// values, scikit-learn 1.x (data sets D1, D2, D3 below).
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/core/random.hpp>
#include <asktell/surrogates/gp/gaussian_process.hpp>
#include <asktell/surrogates/output_warp.hpp>

namespace asktell {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd d2_points() {
  MatrixXd x(2, 6);
  x << .10, .40, .80, .60, .25, .95, .20, .90, .30, .60, .70, .85;
  return x;
}
VectorXd d2_values() {
  return VectorXd{{1.0, -.5, .3, .8, -1.2, .1}};
}

GpParameters d2_parameters() {
  return {VectorXd{{std::log(0.4), std::log(0.7)}}, std::log(1.3), std::log(0.01)};
}

TEST(GaussianProcess, LeaveOneOutMatchesDirectRefits) {
  // Against the definition: the model without point i, with the mean held.
  MatrixXd x(1, 5);
  x << .05, .20, .45, .70, .90;
  const VectorXd y{{.30, -.80, .15, 1.10, -.55}};
  const GpParameters p{VectorXd{{std::log(0.25)}}, 0, std::log(0.05)};
  GaussianProcess model(x, y, GpPrior());
  model.condition(p);
  // GLS mean of D1, Matern-5/2, l = .25, a = 1, noise .05 (independent NumPy value).
  EXPECT_NEAR(model.mean(), 0.014729007573758, 1e-12);
  VectorXd mean, variance;
  model.predict(MatrixXd::Constant(1, 1, 0.5), mean, variance);
  EXPECT_NEAR(mean[0], 0.473550575093, 1e-11);
  EXPECT_NEAR(variance[0], 0.0701411550897, 1e-11);
  const VectorXd density = model.leave_one_out();
  for (Eigen::Index i = 0; i < 5; ++i) {
    MatrixXd kernel, rest(1, 4);
    VectorXd values(4);
    for (Eigen::Index j = 0, k = 0; j < 5; ++j) {
      if (j == i) continue;
      rest(0, k) = x(0, j);
      values[k++] = y[j];
    }
    const MatrixXd scaled = rest / 0.25;
    matern52(squared_distances(scaled, scaled), kernel, nullptr);
    kernel.diagonal().array() += 0.05;
    MatrixXd cross;
    matern52(squared_distances(scaled, x.col(i) / 0.25), cross, nullptr);
    const VectorXd weights = kernel.llt().solve(cross.col(0));
    const double at = model.mean() + weights.dot((values.array() - model.mean()).matrix());
    const double spread = 1.05 - weights.dot(cross.col(0));
    const double wanted =
        -0.5 * std::log(2 * M_PI * spread) - 0.5 * std::pow(y[i] - at, 2) / spread;
    EXPECT_NEAR(density[i], wanted, 1e-10);
  }
}

TEST(GaussianProcess, GradientMatchesFiniteDifferences) {
  const GaussianProcess model(d2_points(), d2_values(), GpPrior::for_dimension(2));
  const GpParameters p = d2_parameters();
  const GpObjective at = model.objective(p);
  const double h = 1e-6;
  for (int i = 0; i < 4; ++i) {
    GpParameters up = p, down = p;
    double& u = i < 2 ? up.log_lengthscales[i] : i == 2 ? up.log_outputscale : up.log_noise;
    double& d = i < 2 ? down.log_lengthscales[i] : i == 2 ? down.log_outputscale : down.log_noise;
    u += h;
    d -= h;
    const double slope = (model.objective(up).value - model.objective(down).value) / (2 * h);
    EXPECT_NEAR(at.gradient[i], slope, 1e-6 * (1 + std::abs(slope)));
  }
}

TEST(GaussianProcess, FitReachesTheKnownOptimum) {
  // D3 standardized, Matern-5/2, output scale 1, LN(sqrt 2 + ln(2)/2, sqrt 3) on the length-scales
  // and LN(-4, 1) on the noise, constant mean: optimum found from 10 random starts in NumPy.
  MatrixXd x(2, 12);
  x << .2549, .0098, .7646, .5195, .2744, .0293, .7841, .5390, .2939, .0488, .8037, .5585,  //
      .0698, .6397, .2095, .7794, .3492, .9190, .4889, .0587, .6286, .1984, .7682, .3381;
  const VectorXd y{
      {.6383, .4855, .6636, 1.4549, .7574, .9689, .7072, 1.0366, 1.0246, .2304, .8987, 1.0644}};
  GpPrior prior = GpPrior::for_dimension(2);
  prior.free_outputscale = false;
  prior.noise_mu = -4;
  prior.noise_sigma = 1;
  prior.noise_low = 1e-4;
  GaussianProcess model(x, standardize(y), prior);
  model.fit(nullptr);
  const GpObjective at = model.objective(model.parameters());
  EXPECT_NEAR(at.value, -12.632474473207, 1e-6);
  EXPECT_NEAR(std::exp(model.parameters().log_lengthscales[0]), .268564711675, 1e-3);
  EXPECT_NEAR(std::exp(model.parameters().log_lengthscales[1]), .609441136618, 1e-3);
  EXPECT_NEAR(std::exp(model.parameters().log_noise), .00613175993082, 1e-4);
}

TEST(GaussianProcess, PosteriorGradientsMatchFiniteDifferences) {
  GaussianProcess model(d2_points(), d2_values(), GpPrior::for_dimension(2));
  model.condition(d2_parameters());
  RandomStream stream(1, Purpose::kFit);
  for (int repeat = 0; repeat < 20; ++repeat) {
    MatrixXd x(2, 1);
    stream.fill_uniform({x.data(), 2});
    if (repeat == 0) x << 0.1, 0.2 + 1e-4;  // next to a datum
    if (repeat == 1) x << 0, 1;             // on the bounds
    VectorXd mean, variance;
    MatrixXd mean_gradient, variance_gradient;
    model.predict(x, mean, variance, &mean_gradient, &variance_gradient);
    const double h = 1e-6;
    for (Eigen::Index i = 0; i < 2; ++i) {
      MatrixXd both = x.replicate(1, 2);
      both(i, 0) += h;
      both(i, 1) -= h;
      VectorXd m, v;
      model.predict(both, m, v);
      EXPECT_NEAR(mean_gradient(i, 0), (m[0] - m[1]) / (2 * h),
                  1e-6 * (1 + std::abs(mean_gradient(i, 0))));
      EXPECT_NEAR(variance_gradient(i, 0), (v[0] - v[1]) / (2 * h), 1e-6);
    }
  }
}

TEST(GaussianProcess, BelievedPointsShrinkTheVarianceOnly) {
  GaussianProcess model(d2_points(), d2_values(), GpPrior::for_dimension(2));
  model.condition(d2_parameters());
  const MatrixXd at = MatrixXd::Constant(2, 1, 0.45);
  VectorXd mean, variance, mean_after, variance_after;
  model.predict(at, mean, variance);
  model.believe(MatrixXd::Constant(2, 1, 0.5));
  model.predict(at, mean_after, variance_after);
  EXPECT_NEAR(mean_after[0], mean[0], 1e-9);
  EXPECT_LT(variance_after[0], variance[0]);
}

TEST(GaussianProcess, SurvivesWhatNobodyWouldFit) {
  RandomStream stream(9, Purpose::kFit);
  for (int repeat = 0; repeat < 200; ++repeat) {
    const auto d = static_cast<Eigen::Index>(1 + stream.integer(6));
    const auto n = static_cast<Eigen::Index>(1 + stream.integer(25));
    MatrixXd x(d, n);
    stream.fill_uniform({x.data(), static_cast<std::size_t>(x.size())});
    if (repeat % 3 == 0) x = (0.5 + 1e-12 * x.array()).matrix();  // a cluster
    if (repeat % 4 == 0 && n > 1) x.col(n - 1) = x.col(0);        // a duplicate
    VectorXd y(n);
    stream.fill_normal({y.data(), static_cast<std::size_t>(n)});
    y *= std::pow(10.0, static_cast<double>(stream.integer(600)) - 300.0);
    if (repeat % 5 == 0) y.setConstant(3);
    GpPrior prior = GpPrior::for_dimension(d);
    prior.free_noise = repeat % 2 == 0;
    GaussianProcess model(x, standardize(half_rank(y)), prior);
    model.fit(nullptr);
    VectorXd mean, variance;
    MatrixXd queries(d, 5);
    stream.fill_uniform({queries.data(), static_cast<std::size_t>(queries.size())});
    model.predict(queries, mean, variance);
    ASSERT_TRUE(mean.allFinite() && variance.allFinite() && (variance.array() > 0).all()) << repeat;
  }
}

TEST(OutputWarp, HalfRankMatchesTheReference) {
  // google-vizier's half-rank warp of y = (-100, -5, 1, 2, 2.5, 3, 7), which maximizes: signs
  // turned.
  const VectorXd y{{100, 5, -1, -2, -2.5, -3, -7}};
  const VectorXd wanted{{1.753544633567, 0.027970459495, -1.06213154669, -2, -2.5, -3, -7}};
  const VectorXd warped = half_rank(y) * 100;  // half_rank divides by the largest magnitude
  for (Eigen::Index i = 0; i < 7; ++i) EXPECT_NEAR(warped[i], wanted[i], 1e-10);
}

TEST(OutputWarp, StandardizeIsSafeAtTheEndsOfTheRange) {
  for (double scale : {1e-300, 1.0, 1e300}) {
    const VectorXd z = standardize(VectorXd{{-scale, 0, scale}});
    EXPECT_NEAR(z[2], 1, 1e-12);
  }
  EXPECT_EQ(standardize(VectorXd::Constant(3, 4.5)).norm(), 0);
}

}  // namespace
}  // namespace asktell
