// Full additive kernels against their definition as sums of products over all sets of coordinates.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <bit>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gradient_data.hpp>
#include <asktell/surrogates/gp/kernels/full_additive.hpp>
#include <asktell/surrogates/gp/likelihood.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using kernels::Form;

MatrixXd random_unit(Index d, Index n, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  MatrixXd x(d, n);
  for (double& value : x.reshaped()) value = stream.uniform();
  return x;
}
const VectorXd kTheta{{-.5, -.9, .1, -.3, .2, -.4, -1.1}};  // 4 length-scales, 3 variances

KernelPtr three_of_four(Form form = Form::kMatern52) {
  return kernels::full_additive({0, 1, 3, 4}, 3, form);  // coordinate 2 does not enter
}

TEST(FullAdditive, IsTheSumOverAllSets) {
  const MatrixXd a = random_unit(5, 6, 1), b = random_unit(5, 4, 2);
  for (Form form : {Form::kRbf, Form::kMatern52, Form::kMatern32, Form::kMatern12}) {
    std::vector<MatrixXd> single(4);
    const Index columns[] = {0, 1, 3, 4};
    for (std::size_t i = 0; i < 4; ++i) {
      const KernelPtr one = kernels::stationary({.form = form, .columns = {columns[i]}});
      one->evaluation()->cross(a, b, kTheta.data() + i, false, single[i]);
    }
    const double sets[] = {0, 4, 6, 4};
    MatrixXd expected = MatrixXd::Zero(6, 4), k;
    for (unsigned set = 1; set < 16; ++set) {
      const int order = std::popcount(set);
      if (order > 3) continue;
      MatrixXd product = MatrixXd::Ones(6, 4);
      for (std::size_t i = 0; i < 4; ++i) {
        if (set >> i & 1U) product.array() *= single[i].array();
      }
      expected += std::exp(kTheta[3 + order]) / sets[order] * product;
    }
    three_of_four(form)->evaluation()->cross(a, b, kTheta.data(), false, k);
    EXPECT_LT((k - expected).cwiseAbs().maxCoeff(), 1e-14) << kernels::name(form);
  }
}

TEST(FullAdditive, IsACovarianceAlsoInManyDimensions) {
  const KernelPtr kernel = kernels::full_additive(kernels::all_columns(60), 5);
  VectorXd diagonal;
  MatrixXd k;
  const MatrixXd x = random_unit(60, 50, 3);
  const VectorXd theta = starting_theta(*kernel);
  kernel->evaluation()->symmetric(x, theta.data(), false, k);
  kernel->diagonal(x, theta.data(), diagonal);
  EXPECT_LT((k.diagonal() - diagonal).norm(), 1e-12);
  EXPECT_NEAR(diagonal[0], 1, 1e-12);
  EXPECT_GT(Eigen::SelfAdjointEigenSolver<MatrixXd>(k).eigenvalues().minCoeff(), -1e-12);
}

TEST(FullAdditive, LikelihoodHasTheGradientOfItsDifferences) {
  GpData data;
  data.x = random_unit(5, 15, 4);
  data.x.col(3) = data.x.col(1);
  data.z = random_unit(15, 1, 5).col(0).array() - .5;
  const GpMean mean;
  for (Form form : {Form::kRbf, Form::kMatern52, Form::kMatern32, Form::kMatern12}) {
    const KernelPtr kernel = three_of_four(form);
    MarginalLikelihood likelihood(*kernel, data, mean);
    VectorXd theta(8), gradient(8);
    theta << kTheta, -4;
    likelihood.evaluate(theta, gradient.data());
    const VectorXd expected = samples::central_differences(
        [&](const VectorXd& t) { return likelihood.evaluate(t, nullptr); }, theta);
    EXPECT_LT((gradient - expected).norm(), 1e-6 * (1 + expected.norm())) << kernels::name(form);
  }
}

TEST(FullAdditive, PredictionsHaveTheGradientsOfTheirDifferences) {
  GpData data;
  data.x = random_unit(5, 15, 6);
  data.z = random_unit(15, 1, 7).col(0);
  VectorXd theta(8);
  theta << kTheta, -4;
  const GpPosterior model(three_of_four(), data, theta);
  const VectorXd x = random_unit(5, 1, 8).col(0);
  VectorXd mean, variance;
  MatrixXd dmean, dvariance;
  model.predict(x, mean, variance, &dmean, &dvariance);
  const auto at = [&](bool of_mean) {
    return [&, of_mean](const VectorXd& p) {
      VectorXd m, v;
      model.predict(p, m, v);
      return of_mean ? m[0] : v[0];
    };
  };
  EXPECT_LT((dmean - samples::central_differences(at(true), x)).norm(), 1e-8);
  EXPECT_LT((dvariance - samples::central_differences(at(false), x)).norm(), 1e-8);
  // The gradient as the limit of joint differences.
  const GradientPosterior gradient = gradient_posterior(model, x);
  EXPECT_LT((gradient.mean - dmean.col(0)).norm(), 1e-12);
  MatrixXd two = x.replicate(1, 2), covariance;
  two(1, 0) += 1e-3;
  two(1, 1) -= 1e-3;
  model.joint(two, mean, covariance);
  const double limit = (covariance(0, 0) + covariance(1, 1) - 2 * covariance(0, 1)) / 4e-6;
  EXPECT_NEAR(gradient.covariance(1, 1), limit, .01 * limit);
  EXPECT_EQ(gradient.covariance(2, 2), 0);
}

TEST(FullAdditive, FeaturesHaveItsCovariance) {
  const KernelPtr kernel = three_of_four(Form::kRbf);
  const MatrixXd x = random_unit(5, 6, 9);
  RandomStream stream(1, Purpose::kUser);
  const auto features = kernel->features(kTheta.data(), 30000, stream);
  MatrixXd phi, k;
  features->map(x, phi);
  ASSERT_EQ(phi.rows(), features->size());
  kernel->evaluation()->symmetric(x, kTheta.data(), false, k);
  EXPECT_LT((phi.transpose() * phi - k).cwiseAbs().maxCoeff(), .03 * k(0, 0));
  const MatrixXd weights = random_unit(phi.rows(), 6, 10);
  MatrixXd gradient = MatrixXd::Zero(5, 6);
  features->input_gradient(x, weights, gradient);
  for (Index m = 0; m < 5; ++m) {
    MatrixXd up = x, down = x, phi_up, phi_down;
    up.row(m).array() += 1e-6;
    down.row(m).array() -= 1e-6;
    features->map(up, phi_up);
    features->map(down, phi_down);
    for (Index j = 0; j < 6; ++j) {
      const double expected = weights.col(j).dot(phi_up.col(j) - phi_down.col(j)) / 2e-6;
      EXPECT_NEAR(gradient(m, j), expected, 1e-5 * (1 + std::abs(expected)));
    }
  }
}

TEST(FullAdditive, RefusesOrdersThatCannotBe) {
  EXPECT_THROW(kernels::full_additive({0, 1}, 0), OptionError);
  EXPECT_THROW(kernels::full_additive({0, 1}, 3), OptionError);
  EXPECT_THROW(kernels::full_additive({0, 1}, 1, Form::kRationalQuadratic), OptionError);
}

}  // namespace
}  // namespace asktell
