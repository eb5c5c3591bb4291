// Sparse models against independent numbers (50-digit arithmetic on D1), against the exact model,
// and their gradients against central differences.
#include <gtest/gtest.h>

#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/large/sparse.hpp>
#include <asktell/surrogates/gp/posterior.hpp>
#include <asktell/tests/surrogates/large_samples.hpp>

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

const VectorXd kD1Theta{{std::log(.25), 0, std::log(.05)}};
const std::vector<SparseKind> kKinds{SparseKind::kVariational, SparseKind::kFitc};

MatrixXd two_inducing() {
  return Eigen::RowVectorXd{{.2, .7}};
}

TEST(Sparse, MatchesTabulatedBoundAndLikelihoodOnD1) {
  const KernelPtr kernel = samples::scaled_matern(1);
  const GpData data = d1();
  SparseLikelihood bound(*kernel, data, two_inducing(), SparseKind::kVariational, kZero, 0);
  SparseLikelihood fitc(*kernel, data, two_inducing(), SparseKind::kFitc, kZero, 0);
  EXPECT_NEAR(bound.evaluate(kD1Theta, nullptr), -33.12021348184, 1e-10);
  EXPECT_NEAR(fitc.evaluate(kD1Theta, nullptr), -6.935262435899, 1e-11);
}

TEST(Sparse, MatchesTabulatedPosteriorsOnD1) {
  VectorXd mean, variance;
  const KernelPtr kernel = samples::scaled_matern(1);
  const SparseGp bound(kernel, d1(), two_inducing(), SparseKind::kVariational, kD1Theta, kZero, 0);
  bound.predict(point({.5}), mean, variance);
  EXPECT_NEAR(mean[0], .1993401967108, 1e-12);
  EXPECT_NEAR(variance[0], .4888808780377, 1e-12);
  EXPECT_NEAR(bound.value(), -33.12021348184, 1e-10);
  const SparseGp fitc(kernel, d1(), two_inducing(), SparseKind::kFitc, kD1Theta, kZero, 0);
  fitc.predict(point({.5}), mean, variance);
  EXPECT_NEAR(mean[0], .3592993263356, 1e-12);
  EXPECT_NEAR(variance[0], .4971005736944, 1e-12);
}

TEST(Sparse, AllPointsInducingIsTheExactModel) {
  const GpData data = samples::observations(40, 3, 5);
  const KernelPtr kernel = samples::scaled_matern(3);
  const VectorXd theta{{-.6, -.3, -.8, .3, std::log(.02)}};
  const MatrixXd points = samples::observations(9, 3, 6).x;
  for (const GpMean mean : {GpMean(), kZero, GpMean{.kind = GpMean::Kind::kNormal}}) {
    MarginalLikelihood exact(*kernel, data, mean);
    const double value = exact.evaluate(theta, nullptr);
    const GpPosterior posterior(kernel, data, theta, mean);
    VectorXd m, v, m_exact, v_exact;
    posterior.predict(points, m_exact, v_exact);
    for (const SparseKind kind : kKinds) {
      SparseLikelihood sparse(*kernel, data, data.x, kind, mean, 0);
      EXPECT_NEAR(sparse.evaluate(theta, nullptr), value, 1e-8);
      EXPECT_NEAR(sparse.mean(), exact.mean(), 1e-10);
      SparseGp(kernel, data, data.x, kind, theta, mean, 0).predict(points, m, v);
      EXPECT_LT((m - m_exact).norm(), 1e-9);
      EXPECT_LT((v - v_exact).norm(), 1e-9);
    }
  }
}

TEST(Sparse, BoundIsBelowTheExactLikelihoodAndRisesWithInducingPoints) {
  const GpData data = samples::observations(60, 2, 7);
  const KernelPtr kernel = samples::scaled_matern(2);
  const VectorXd theta{{-1, -1, 0, std::log(.05)}};
  MarginalLikelihood exact(*kernel, data, {});
  double last = -1e300;
  for (Index m : {5, 10, 20, 40}) {
    SparseLikelihood bound(*kernel, data, data.x.leftCols(m), SparseKind::kVariational, {}, 0);
    const double value = bound.evaluate(theta, nullptr);
    EXPECT_GT(value, last);
    last = value;
  }
  EXPECT_LT(last, exact.evaluate(theta, nullptr));
}

// A kernel whose diagonal depends on its parameters and on the point, noise groups, given noise,
// merged observations: everything that has a derivative, in several blocks of points.
struct Everything {
  Everything() : data(samples::observations(150, 3, 8)) {
    kernel =
        kernels::sum({kernels::scaled(kernels::stationary(
                          {.form = kernels::Form::kMatern32, .columns = {0, 1, 2}, .warp = true})),
                      kernels::linear({0, 2})});
    data.given_noise = VectorXd::LinSpaced(data.size(), .01, .1);
    data.count = VectorXd::Ones(data.size());
    data.count[3] = 4;
    for (Index i = 0; i < data.size(); ++i) data.noise_group.push_back(static_cast<int>(i % 2));
    data.replicates = {{3, .2, 1.4}, {}};
    const std::vector<HyperParameter> parameters = model_parameters(*kernel, data);
    theta.resize(static_cast<Index>(parameters.size()));
    for (Index i = 0; i < theta.size(); ++i) theta[i] = -.4 + .07 * static_cast<double>(i);
    theta.tail(2) << -3, -2.3;
  }
  GpData data;
  KernelPtr kernel;
  VectorXd theta;
};

TEST(Sparse, HyperGradientsMatchDifferences) {
  const Everything all;
  for (const SparseKind kind : kKinds) {
    for (const GpMean mean : {GpMean(), GpMean{.kind = GpMean::Kind::kNormal, .deviation = .3}}) {
      SparseLikelihood sparse(*all.kernel, all.data, all.data.x.leftCols(20), kind, mean, 1e-3);
      VectorXd gradient(all.theta.size());
      sparse.evaluate(all.theta, gradient.data());
      const VectorXd expected = central_differences(
          [&](const VectorXd& theta) { return sparse.evaluate(theta, nullptr); }, all.theta);
      EXPECT_LT((gradient - expected).cwiseAbs().maxCoeff(), 1e-5 * expected.norm());
    }
  }
}

TEST(Sparse, ReplicateTermsAreThoseOfTheExactModel) {
  GpData data = samples::observations(30, 2, 9);
  data.x.rightCols(10) = data.x.leftCols(10);
  std::vector<Index> member;
  const GpData merged = merge_replicates(data, member);
  ASSERT_EQ(merged.size(), 20);
  const KernelPtr kernel = samples::scaled_matern(2);
  const VectorXd theta{{-1, -1, 0, std::log(.05)}};
  MarginalLikelihood exact(*kernel, data, {});
  SparseLikelihood sparse(*kernel, merged, merged.x, SparseKind::kVariational, {}, 0);
  EXPECT_NEAR(sparse.evaluate(theta, nullptr), exact.evaluate(theta, nullptr), 1e-8);
}

TEST(Sparse, PosteriorGradientsMatchDifferences) {
  const Everything all;
  for (const SparseKind kind : kKinds) {
    const SparseGp model(all.kernel, all.data, all.data.x.leftCols(20), kind, all.theta);
    // Near 0 the warped coordinates bend: the differences, not the gradients, are the coarse ones.
    samples::expect_input_gradients(model, samples::observations(70, 3, 10).x, 1e-5);
  }
}

TEST(Sparse, DoesNotDependOnThreads) {
  const Everything all;
  const int before = threads();
  std::vector<VectorXd> gradients;
  std::vector<double> values;
  for (int count : {1, 3}) {
    set_threads(count);
    SparseLikelihood sparse(*all.kernel, all.data, all.data.x.leftCols(30), SparseKind::kFitc);
    gradients.emplace_back(all.theta.size());
    values.push_back(sparse.evaluate(all.theta, gradients.back().data()));
  }
  set_threads(before);
  EXPECT_EQ(values[0], values[1]);
  EXPECT_EQ(gradients[0], gradients[1]);
}

TEST(Sparse, RepeatedInducingPointsRaiseTheJitterAndAreReported) {
  MatrixXd z(1, 4);
  z << .2, .2, .7, .7;
  const SparseGp model(samples::scaled_matern(1), d1(), z, SparseKind::kVariational, kD1Theta,
                       kZero, 0);
  EXPECT_GT(model.jitter(), 0);
  VectorXd mean, variance;
  model.predict(point({.5}), mean, variance);
  EXPECT_NEAR(mean[0], .1993401967108, 1e-4);
}

TEST(Sparse, DuplicatesAndConstantValuesSurvive) {
  GpData data = d3();
  data.x.rightCols(6) = data.x.leftCols(6);
  data.z.setConstant(2);
  const KernelPtr kernel = samples::scaled_matern(2);
  const VectorXd theta{{-1, -1, 0, std::log(1e-4)}};
  for (const SparseKind kind : kKinds) {
    const SparseGp model(kernel, data, data.x, kind, theta);
    VectorXd mean, variance;
    model.predict(point({.5, .5}), mean, variance);
    EXPECT_NEAR(mean[0], 2, 1e-6);
    EXPECT_GT(variance[0], 0);
  }
}

}  // namespace
}  // namespace asktell
