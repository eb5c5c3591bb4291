// Knowledge gradients on the worked example: values of 40 digits (mpmath) for finitely many
// choices, of an 8001-point grid for a continuum; quadrature for integrals over an environment.
#include <asktell/acquisition/knowledge_gradient.hpp>

#include <numbers>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/hybrid_knowledge_gradient.hpp>
#include <asktell/acquisition/integrated_knowledge_gradient.hpp>
#include <asktell/acquisition/linear_envelope.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/core/special_functions.hpp>
#include <asktell/surrogates/transforms/gauss_hermite.hpp>

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
using Candidate = DiscreteKnowledgeGradient::Candidate;

MatrixXd line(Index count) {
  MatrixXd out(1, count);
  out.row(0).setLinSpaced(0, 1);
  return out;
}

TEST(DiscreteKg, PosteriorExampleIsReproduced) {
  const GpPosterior model = w1();
  const DiscreteKnowledgeGradient acquisition(model, line(21));
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.75}))), .17683181614445, 1e-12);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.42}))), .030845694680564, 1e-12);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.95}))), .15245199853891, 1e-12);
}

TEST(PosteriorMeanImprovement, ExampleIsReproducedAndNoNoiseIsEi) {
  const GpPosterior model = w1();
  const LogPosteriorMeanImprovement acquisition(model);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.75}))), .18523056474211, 1e-12);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.42}))), 9.6330812713e-8, 1e-16);
  EXPECT_NEAR(std::exp(value_at(acquisition, row({.95}))), .047435727881108, 1e-12);
  // Scott et al. count from the best with the candidate.
  const DiscreteKnowledgeGradient scott(model, model.data().x, {}, {}, Candidate::kChoice);
  EXPECT_NEAR(std::exp(value_at(scott, row({.75}))), .17726786072229, 1e-12);
  const GpPosterior exact = w1(1e-10);
  EXPECT_NEAR(std::exp(value_at(LogPosteriorMeanImprovement(exact), row({.75}))), .194966789, 1e-6);
  EXPECT_NEAR(value_at(LogPosteriorMeanImprovement(exact), row({.75})),
              value_at(LogExpectedImprovement(exact, kW1Best), row({.75})), 1e-6);
}

TEST(DiscreteKg, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2();
  const MatrixXd points = samples::probes(model), pending = samples::uniform_points(2, 3, 4);
  const KnowledgeGradientOptions few{.fantasies = 4};
  for (const Candidate candidate : {Candidate::kApart, Candidate::kChoice, Candidate::kExtra}) {
    for (const MatrixXd& waiting : {MatrixXd(2, 0), pending}) {
      const DiscreteKnowledgeGradient acquisition(model, model.data().x, waiting, few, candidate);
      samples::expect_gradients(acquisition, points, 1e-4, 1e-6);
    }
  }
  // Gains far in the tail: one choice is deep below all others.
  GpData data = model.data();
  data.z[4] = -60;
  const GpPosterior deep(model.kernel_ptr(), data, model.theta(), {.kind = GpMean::Kind::kFixed});
  const DiscreteKnowledgeGradient low(deep, data.x);
  EXPECT_LT(value_at(low, points.col(0)), -450);  // z < -30
  samples::expect_gradients(low, points, 1e-4, 2e-5);
}

// The definition: the mean over values of the pending point, by its quantiles, of models that know
// them.
TEST(DiscreteKg, PendingPointsAreAveragedOver) {
  const GpPosterior model = w1();
  const MatrixXd choices = line(21), pending = row({.82}), x = row({.7});
  const DiscreteKnowledgeGradient acquisition(model, choices, pending, {.fantasies = 256});
  VectorXd mean, variance;
  model.predict(pending, mean, variance);
  double expected = 0;
  const int count = 1000;
  for (int s = 0; s < count; ++s) {
    const double y = mean[0] + std::sqrt(variance[0] + .01) * normal_quantile((s + .5) / count);
    const GpPosterior given = conditioned(model, pending, VectorXd{{y}});
    expected += std::exp(value_at(DiscreteKnowledgeGradient(given, choices), x)) / count;
  }
  EXPECT_NEAR(std::exp(value_at(acquisition, x)), expected, 2e-3 * expected);
  // Something is known where the pending point lies: less remains to be learnt there.
  EXPECT_LT(value_at(acquisition, pending),
            value_at(DiscreteKnowledgeGradient(model, choices), pending) - 0.5);
}

TEST(HybridKg, ExampleIsReproduced) {
  const GpPosterior model = w1();
  const HybridKnowledgeGradient five(model, line(101));
  const VectorXd values = five.values(row({.75, .42, .95}));
  EXPECT_NEAR(std::exp(values[0]), .17263135, 1e-7);
  EXPECT_NEAR(std::exp(values[1]), .02788144, 1e-7);
  EXPECT_NEAR(std::exp(values[2]), .15025457, 1e-7);
  const MatrixXd column = five.with_choices(row({.75}));
  const VectorXd expected{{.968008, .918252, .826899, .763074, .748919}};
  EXPECT_LT((column.bottomRows(5) - expected).cwiseAbs().maxCoeff(), 2e-6) << column.transpose();
  const HybridKnowledgeGradient ten(model, line(101), {}, {}, 10);
  const VectorXd finer = ten.values(row({.75, .42, .95}));
  EXPECT_NEAR(std::exp(finer[0]), .17472163, 1e-7);
  EXPECT_NEAR(std::exp(finer[1]), .02862054, 1e-7);
  EXPECT_NEAR(std::exp(finer[2]), .15084645, 1e-7);
  // A lower bound of the exact values.
  EXPECT_LT(std::exp(finer[0]), .175589);
  EXPECT_LT(std::exp(finer[1]), .029016);
  EXPECT_LT(std::exp(finer[2]), .151340);
}

TEST(HybridKg, FindsTheMaximizer) {
  const GpPosterior model = w1();
  const HybridKnowledgeGradient acquisition(model, line(101), {}, {}, 10);
  const auto found = acquisition.maximize(row({.1, .5, .72, .95}));
  // Exact: .178446 at .78121.
  EXPECT_NEAR(found.x[0], .78121, 0.01);
  EXPECT_GT(std::exp(found.value), .1770);
  EXPECT_LT(std::exp(found.value), .178446);
  const auto held = acquisition.maximize(row({.5}), {0});
  EXPECT_EQ(held.x[0], .5);
}

TEST(HybridKg, JointGradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2();
  const MatrixXd candidates = samples::uniform_points(2, 50, 6);
  for (const MatrixXd& pending : {MatrixXd(2, 0), samples::uniform_points(2, 2, 8)}) {
    const HybridKnowledgeGradient acquisition(model, candidates, pending, {.fantasies = 4}, 3);
    const MatrixXd columns = samples::uniform_points(8, 20, 9);
    samples::expect_gradients(acquisition, columns, 1e-4, 2e-5);
  }
}

TEST(IntegratedPosterior, PriorCovarianceMatchesClosedForms) {
  // Squared exponential, l = .7, w ~ N(0, 1), other argument at w = .5; both integrated.
  GpData none;
  none.x.resize(2, 0);
  none.z.resize(0);
  const GpPosterior rbf(kernels::stationary(kernels::Form::kRbf, 2), none,
                        VectorXd{{std::log(.7), std::log(.7), std::log(1e-6)}},
                        {.kind = GpMean::Kind::kFixed});
  const GaussHermite normal = gauss_hermite(40);
  const IntegratedPosterior gaussian(rbf, row({.3}), {normal.nodes.transpose(), normal.weights});
  PosteriorCovariance::Evaluation at(gaussian.set());
  at.evaluate(Eigen::Vector2d(.3, .5), false);
  EXPECT_NEAR(gaussian.integrate(at.covariance())(0, 0), .52731582507923, 1e-10);
  EXPECT_NEAR(gaussian.covariance()(0, 0), .44360697536713, 1e-10);
  // Matern-5/2, l = .4, w ~ U[0, 1], other argument at .3.
  const GpPosterior matern(kernels::stationary(kernels::Form::kMatern52, 2), none,
                           VectorXd{{std::log(.4), std::log(.4), std::log(1e-6)}},
                           {.kind = GpMean::Kind::kFixed});
  const Index n = 400;
  MatrixXd middles(1, n);
  for (Index i = 0; i < n; ++i) middles(0, i) = (static_cast<double>(i) + .5) / n;
  const IntegratedPosterior uniform(matern, row({.3}), {middles, VectorXd::Constant(n, 1.0 / n)});
  PosteriorCovariance::Evaluation from(uniform.set());
  from.evaluate(Eigen::Vector2d(.3, .3), false);
  EXPECT_NEAR(uniform.integrate(from.covariance())(0, 0), .68899804457576, 2e-6);
  EXPECT_NEAR(uniform.covariance()(0, 0), .64085773827515, 2e-6);
}

TEST(IntegratedKg, OneEnvironmentIsTheDiscreteOne) {
  const GpPosterior model = samples::smooth2();
  const MatrixXd choices = line(9);
  MatrixXd pairs(2, 9);
  pairs << choices, MatrixXd::Constant(1, 9, .4);
  const Environment one{row({.4}), VectorXd::Ones(1)};
  const VectorXd x{{.3, .7}};
  EXPECT_NEAR(value_at(IntegratedKnowledgeGradient(model, choices, one), x),
              value_at(DiscreteKnowledgeGradient(model, pairs), x), 1e-12);
}

TEST(IntegratedKg, MatchesConditioningOnTheObservation) {
  const GpPosterior model = samples::smooth2(0.01);
  const MatrixXd choices = line(9);
  const Environment three{row({.1, .5, .8}), VectorXd{{.2, .5, .3}}};
  const VectorXd x{{.3, .7}};
  const IntegratedPosterior before(model, choices, three);
  VectorXd mean, variance;
  model.predict(x, mean, variance);
  double expected = 0;
  const double step = 0.01;
  for (double z = -7; z <= 7; z += step) {
    const VectorXd y = mean.array() + std::sqrt(variance[0] + .01) * z;
    const IntegratedPosterior after(conditioned(model, x, y), choices, three);
    expected += step * std::exp(-.5 * z * z) / std::sqrt(2 * std::numbers::pi) *
                (before.mean().minCoeff() - after.mean().minCoeff());
  }
  EXPECT_NEAR(std::exp(value_at(IntegratedKnowledgeGradient(model, choices, three), x)), expected,
              1e-5);
}

TEST(IntegratedKg, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2();
  const Environment three{row({.1, .5, .8}), VectorXd{{.2, .5, .3}}};
  for (const MatrixXd& pending : {MatrixXd(2, 0), samples::uniform_points(2, 2, 8)}) {
    const IntegratedKnowledgeGradient acquisition(model, line(9), three, pending, {.fantasies = 4});
    samples::expect_gradients(acquisition, samples::probes(model), 1e-4, 2e-5);
  }
}

}  // namespace
}  // namespace asktell
