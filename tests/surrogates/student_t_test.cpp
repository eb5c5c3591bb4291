// Student's t process against 50-digit arithmetic on D1, its integrals by quadrature, and finite
// differences.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/likelihood.hpp>
#include <asktell/surrogates/gp/student_t.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::central_differences;
using samples::d1;
using samples::d3;
using samples::kZero;
using samples::point;
using samples::scaled_matern;

TEST(StudentT, MatchesD1) {
  const KernelPtr kernel = scaled_matern(1);
  const StudentTPosterior model(kernel, d1(), VectorXd{{std::log(.25), 0, std::log(.05)}}, kZero);
  EXPECT_NEAR(model.log_marginal_likelihood(), -6.385538235876, 1e-12);
  EXPECT_EQ(model.degrees_of_freedom(), 5);
  VectorXd location, scale;
  model.predict_t(point({.5}), location, scale);
  EXPECT_NEAR(location[0], .4731433181, 1e-10);
  EXPECT_NEAR(scale[0], .0901623416, 1e-10);
  VectorXd mean, variance;
  model.predict(point({.5}), mean, variance);
  EXPECT_NEAR(variance[0], .0901623416 * 5 / 3, 1e-9);
  // The output scale of theta does not matter when the noise goes with it.
  const StudentTPosterior other(kernel, d1(),
                                VectorXd{{std::log(.25), std::log(7.), std::log(.35)}}, kZero);
  EXPECT_NEAR(other.log_marginal_likelihood(), model.log_marginal_likelihood(), 1e-11);
  VectorXd other_scale;
  other.predict_t(point({.5}), location, other_scale);
  EXPECT_NEAR(other_scale[0], scale[0], 1e-12);
}

TEST(StudentT, DiffersFromTheProfiledLikelihoodByAConstant) {
  const KernelPtr kernel = scaled_matern(1);
  const GpData data = d1();
  MarginalLikelihood profiled(*kernel, data, kZero, FitCriterion::kMarginalLikelihood, true);
  for (const double log_l : {-2., -1., 0.5}) {
    const VectorXd theta{{log_l, 0, -4}};
    EXPECT_NEAR(StudentTPosterior(kernel, data, theta, kZero).log_marginal_likelihood(),
                profiled.evaluate(theta, nullptr) + student_t_constant(5), 1e-11);
  }
}

TEST(StudentT, IntegratesTheMeanAndTheScale) {
  // Both integrals by quadrature: over the mean it is normal, over log a by the trapezoidal rule.
  const KernelPtr kernel = scaled_matern(1);
  const VectorXd theta{{std::log(.25), 0, std::log(.05)}};
  const StudentTPosterior model(kernel, d1(), theta);
  EXPECT_EQ(model.degrees_of_freedom(), 4);
  const GpPosterior base(kernel, d1(), theta);
  const VectorXd residual = base.data().z.array() - base.mean();
  const double square = residual.dot(base.weights());
  VectorXd ones = VectorXd::Ones(5);
  dense::solve_lower(base.factor(), ones);
  const double log_determinant = 2 * base.factor().diagonal().array().log().sum();
  VectorXd mean, variance;
  base.predict(point({.5}), mean, variance);
  const double unit = variance[0] + base.mean_variance(point({.5}))[0];
  double evidence = 0, predicted = 0;
  const double h = 0.001;
  for (double log_a = -10; log_a < 14; log_a += h) {
    const double log_density =
        -0.5 * square / std::exp(log_a) - 0.5 * 5 * (std::log(2 * std::numbers::pi) + log_a) -
        0.5 * log_determinant +
        0.5 * (std::log(2 * std::numbers::pi) + log_a - std::log(ones.squaredNorm()));
    evidence += h * std::exp(log_density);
    predicted += h * std::exp(log_density + log_a) * unit;
  }
  EXPECT_NEAR(model.log_marginal_likelihood(), std::log(evidence), 1e-8);
  model.predict(point({.5}), mean, variance);
  EXPECT_NEAR(variance[0], predicted / evidence, 1e-3 * variance[0]);
}

TEST(StudentT, GradientsAreThoseOfItsPredictions) {
  for (const GpMean& mean : {kZero, GpMean{}}) {
    const StudentTPosterior model(scaled_matern(2), d3(), VectorXd{{-1, -.5, 0, -4}}, mean);
    VectorXd m, v;
    MatrixXd dm, dv;
    model.predict(point({.4, .6}), m, v, &dm, &dv);
    const auto at = [&](const VectorXd& x, bool variance) {
      VectorXd location, spread;
      model.predict(x, location, spread);
      return variance ? spread[0] : location[0];
    };
    const VectorXd x{{.4, .6}};
    EXPECT_LT((dm.col(0) - central_differences([&](const VectorXd& p) { return at(p, false); }, x))
                  .norm(),
              1e-7);
    EXPECT_LT(
        (dv.col(0) - central_differences([&](const VectorXd& p) { return at(p, true); }, x)).norm(),
        1e-7);
  }
  EXPECT_THROW(StudentTPosterior(scaled_matern(1), d1(), VectorXd{{-1, 0, -4}},
                                 {.kind = GpMean::Kind::kNormal}),
               OptionError);
}

TEST(StudentT, KnowsNothingFromOneValue) {
  GpData one = subset(d1(), {2});
  const StudentTPosterior model(scaled_matern(1), one, VectorXd{{-1, 0, -4}});
  VectorXd mean, variance;
  model.predict(point({.2}), mean, variance);
  EXPECT_NEAR(mean[0], .15, 1e-12);
  EXPECT_TRUE(std::isfinite(variance[0]));
}

}  // namespace
}  // namespace asktell
