// The model in the units of its data. Expected numbers: 50-digit arithmetic (posteriors and optima
// on D1 and D3, reproduced by BoTorch 0.18.1 where named), closed forms, and identities.
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gaussian_process.hpp>
#include <asktell/surrogates/gp/kernels/kernels.hpp>

#include "gp_samples.hpp"

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::d1;
using samples::d3;
using samples::point;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// A smooth, skewed function on a box that is not the unit cube.
double skewed(const VectorXd& x) {
  return std::exp(std::sin(0.7 * x[0]) + 0.02 * x[1]);
}

struct Sample {
  MatrixXd x;
  VectorXd y;
};

Sample sample_of(Index n, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  Sample out{MatrixXd(2, n), VectorXd(n)};
  for (Index j = 0; j < n; ++j) {
    out.x.col(j) << -5 + 10 * stream.uniform(), 100 * stream.uniform();
    out.y[j] = skewed(out.x.col(j));
  }
  return out;
}

GaussianProcess fitted(const Sample& data, GaussianProcessOptions options = {}) {
  GaussianProcess gp(std::move(options));
  gp.fit(data.x, data.y);
  return gp;
}

TEST(GaussianProcess, KeepsGivenHyperparametersInUnitsOfTheData) {
  GaussianProcess gp({.kernel = "matern52",
                      .fit_hyperparameters = false,
                      .lengthscale = VectorXd{{.25}},
                      .outputscale = 1,
                      .noise_variance = .05,
                      .mean = 0});
  gp.fit(d1().x, d1().z);
  const Prediction at = gp.predict(Eigen::RowVectorXd{{.5, .6}});
  EXPECT_NEAR(at.mean[0], .473143318128, 1e-11);
  EXPECT_NEAR(at.deviation[0], std::sqrt(.0701411550897), 1e-11);
  const JointPrediction joint = gp.predict_joint(Eigen::RowVectorXd{{.5, .6}});
  EXPECT_NEAR(joint.covariance(0, 1), .06505577163, 1e-11);
  EXPECT_NEAR(joint.mean[1], .976167273516, 1e-11);
  EXPECT_NEAR(gp.log_marginal_likelihood(), -6.9653423498446, 1e-11);
  // The same in other units: inputs times 10, values times 3.
  GaussianProcess other({.kernel = "matern52",
                         .fit_hyperparameters = false,
                         .lengthscale = VectorXd{{2.5}},
                         .outputscale = 9,
                         .noise_variance = .45,
                         .mean = 0});
  other.fit(10 * d1().x, 3 * d1().z);
  EXPECT_NEAR(other.predict(point({5})).mean[0], 3 * .473143318128, 1e-10);
  EXPECT_NEAR(other.log_marginal_likelihood(), -6.9653423498446 - 5 * std::log(3.0), 1e-10);
}

TEST(GaussianProcess, FindsBotorchsDefaultModel) {
  MatrixXd bounds(2, 2);
  bounds << 0, 1, 0, 1;
  GaussianProcess gp({.prior = "botorch", .output_transform = "standardize", .bounds = bounds});
  gp.fit(d3().x, d3().z);
  const Hyperparameters found = gp.hyperparameters().at(0);
  EXPECT_NEAR(found.lengthscale[0], .255207892827, 1e-5);
  EXPECT_NEAR(found.lengthscale[1], .513886024745, 1e-5);
  EXPECT_NEAR(found.log_posterior, -11.310404724132, 1e-7);
  const Prediction at = gp.predict(point({.5, .5}));
  EXPECT_NEAR(at.mean[0], 1.22020537473, 1e-5);
  EXPECT_NEAR(at.deviation[0], std::sqrt(.00121037876112), 1e-5);
}

TEST(GaussianProcess, DefaultsAreTheEnsembleOnTransformedValues) {
  const Sample data = sample_of(40, 1), test = sample_of(200, 2);
  const GaussianProcess gp = fitted(data);
  EXPECT_EQ(gp.diagnostics().inference, "ensemble");
  EXPECT_EQ(gp.diagnostics().members, 3);
  EXPECT_EQ(gp.diagnostics().transform, "yeo_johnson");
  EXPECT_TRUE(gp.diagnostics().fallbacks.empty());
  const Prediction at = gp.predict(test.x);
  const double error = (at.mean - test.y).norm() / std::sqrt(200.0);
  const double spread = std::sqrt((test.y.array() - test.y.mean()).square().mean());
  EXPECT_LT(error, 0.1 * spread);
  const Eigen::ArrayXd z = (test.y - at.mean).array() / at.deviation.array();
  EXPECT_LT((z.abs() > 3).count(), 20);
}

TEST(GaussianProcess, OrderAndUnitsOfTheDataDoNotMatter) {
  const Sample data = sample_of(25, 3), test = sample_of(50, 4);
  const Prediction first = fitted(data).predict(test.x);
  Sample turned{data.x.rowwise().reverse(), data.y.reverse()};
  const Prediction second = fitted(turned).predict(test.x);
  EXPECT_LT((first.mean - second.mean).norm(), 1e-4 * first.mean.norm());
  // y + 1e9 loses half of the digits of y; ranks must survive.
  for (const auto& y : {VectorXd(1e12 * data.y), VectorXd(data.y.array() + 1e9)}) {
    const GaussianProcess gp({.output_transform = "standardize"});
    const Prediction plain = fitted(data, {.output_transform = "standardize"}).predict(test.x);
    const Prediction moved =
        fitted({data.x, y}, {.output_transform = "standardize"}).predict(test.x);
    std::vector<Index> order(50);
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(),
              [&](Index a, Index b) { return plain.mean[a] < plain.mean[b]; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      const double gap = plain.mean[order[i]] - plain.mean[order[i - 1]];
      if (gap > 1e-4) {
        EXPECT_LT(moved.mean[order[i - 1]], moved.mean[order[i]]);
      }
    }
  }
}

TEST(GaussianProcess, GradientsMatchDifferences) {
  const Sample data = sample_of(20, 5), test = sample_of(5, 6);
  for (const char* transform : {"standardize", "hebo"}) {
    const GaussianProcess gp = fitted(data, {.output_transform = transform});
    const PredictionGradient gradient = gp.predict_gradient(test.x);
    for (Index j = 0; j < 5; ++j) {
      const VectorXd mean = samples::central_differences(
          [&](const VectorXd& x) { return gp.predict(x).mean[0]; }, test.x.col(j), 1e-4);
      const VectorXd deviation = samples::central_differences(
          [&](const VectorXd& x) { return gp.predict(x).deviation[0]; }, test.x.col(j), 1e-4);
      EXPECT_LT((gradient.mean.col(j) - mean).norm(), 1e-5 * (1 + mean.norm())) << transform;
      EXPECT_LT((gradient.deviation.col(j) - deviation).norm(), 1e-5 * (1 + deviation.norm()))
          << transform;
    }
  }
}

TEST(GaussianProcess, LikelihoodGradientMatchesDifferences) {
  for (const char* transform : {"standardize", "yeo_johnson"}) {
    const GaussianProcess gp =
        fitted(sample_of(12, 7), {.kernel = "rational_quadratic", .output_transform = transform});
    const VectorXd theta = gp.hyperparameters()[0].theta;
    VectorXd gradient;
    gp.log_marginal_likelihood(theta, &gradient);
    const VectorXd expected = samples::central_differences(
        [&](const VectorXd& at) { return gp.log_marginal_likelihood(at); }, theta);
    EXPECT_LT((gradient - expected).norm(), 1e-5 * (1 + expected.norm())) << transform;
  }
}

TEST(GaussianProcess, SamplesHaveTheMomentsOfThePredictions) {
  const GaussianProcess gp = fitted(sample_of(15, 8));
  const MatrixXd points = sample_of(4, 9).x;
  const Index count = 20000;
  const MatrixXd drawn = gp.sample(points, count, 11);
  const JointPrediction at = gp.predict_joint(points);
  const VectorXd mean = drawn.rowwise().mean();
  const MatrixXd centred = drawn.colwise() - mean;
  const MatrixXd covariance = centred * centred.transpose() / static_cast<double>(count - 1);
  const VectorXd deviation = at.covariance.diagonal().cwiseSqrt();
  EXPECT_LT((gp.predict(points).deviation - deviation).norm(), 1e-8 * deviation.norm());
  for (Index i = 0; i < 4; ++i) {
    EXPECT_NEAR(mean[i], at.mean[i], 4 * deviation[i] / std::sqrt(double(count)));
    for (Index j = 0; j < 4; ++j) {
      // Back in raw units tails are heavier than normal: 10 standard errors of a normal.
      EXPECT_NEAR(covariance(i, j), at.covariance(i, j),
                  10 * deviation[i] * deviation[j] / std::sqrt(double(count)));
    }
  }
  EXPECT_EQ(gp.sample(points, 5, 3), gp.sample(points, 5, 3));
}

TEST(GaussianProcess, AppendsAndRemovalsEqualAFreshFactorization) {
  const Sample data = sample_of(30, 10), test = sample_of(20, 11);
  GaussianProcess gp = fitted({data.x.leftCols(20), data.y.head(20)});
  const Prediction before = gp.predict(test.x);
  gp.append(data.x.rightCols(10), data.y.tail(10));
  EXPECT_EQ(gp.observations(), 30);
  EXPECT_GT((gp.predict(test.x).mean - before.mean).norm(), 1e-3);
  for (Index i = 29; i >= 20; --i) gp.remove(i);
  EXPECT_LT((gp.predict(test.x).mean - before.mean).norm(), 1e-9);
  EXPECT_LT((gp.predict(test.x).deviation - before.deviation).norm(), 1e-8);
}

TEST(GaussianProcess, ReplicatesAreMergedAndRemovedOneByOne) {
  Sample data = sample_of(12, 12);
  data.x.col(5) = data.x.col(2);
  data.y[5] = data.y[2] + 0.1;
  GaussianProcess gp = fitted(data);
  EXPECT_EQ(gp.diagnostics().merged, 1);
  gp.remove(5);
  EXPECT_EQ(gp.diagnostics().merged, 0);
  EXPECT_EQ(gp.observations(), 11);
  EXPECT_TRUE(gp.predict(data.x).mean.allFinite());
  EXPECT_EQ(gp.leave_one_out().mean.size(), 11);
}

TEST(GaussianProcess, AmendedValuesEqualARemovalAndAnAppend) {
  Sample data = sample_of(14, 27);
  data.x.col(6) = data.x.col(2);  // replicates
  const GaussianProcessOptions plain{.output_transform = "standardize", .noise = "inferred"};
  const MatrixXd points = sample_of(9, 28).x;
  for (const Index index : {4, 6}) {
    GaussianProcess amended = fitted(data, plain), other = fitted(data, plain);
    amended.amend(index, 1.7);
    other.remove(index);
    other.append(data.x.col(index), VectorXd{{1.7}});
    EXPECT_LT((amended.predict(points).mean - other.predict(points).mean).norm(), 1e-9) << index;
    EXPECT_EQ(amended.observations(), 14);
  }
  GaussianProcess gp = fitted(data);
  gp.amend(3, kNan);
  EXPECT_EQ(gp.diagnostics().failed, 1);
  EXPECT_THROW(gp.amend(14, 1), PointError);
}

TEST(GaussianProcess, UpdateFitsAgainWhenItIsDue) {
  const Sample data = sample_of(12, 13);
  GaussianProcess gp = fitted({data.x.leftCols(11), data.y.head(11)});
  EXPECT_TRUE(gp.update(data.x.col(11), data.y.tail(1)));  // small: always
  EXPECT_EQ(gp.observations(), 12);
}

TEST(GaussianProcess, LeaveOneOutEqualsFitsWithoutTheObservation) {
  const Sample data = sample_of(10, 14);
  const GaussianProcessOptions kept{.output_transform = "standardize",
                                    .fit_hyperparameters = false,
                                    .lengthscale = VectorXd{{2, 60}},
                                    .outputscale = 1,
                                    .noise_variance = 0.01,
                                    .mean = 0.5};
  const LeaveOneOutReport all = fitted(data, kept).leave_one_out();
  for (Index i = 0; i < 10; ++i) {
    GaussianProcess gp = fitted(data, kept);
    gp.remove(i);
    const Prediction at = gp.predict(data.x.col(i));
    EXPECT_NEAR(all.mean[i], at.mean[0], 1e-9);
    const double variance = at.deviation[0] * at.deviation[0] + 0.01;
    EXPECT_NEAR(all.deviation[i], std::sqrt(variance), 1e-9);
    const double expected = -0.5 * std::pow(data.y[i] - at.mean[0], 2) / variance -
                            0.5 * std::log(2 * std::numbers::pi * variance);
    EXPECT_NEAR(all.log_density[i], expected, 1e-8);
  }
}

TEST(GaussianProcess, LogDensitiesIntegrateToOne) {
  // Trapezium rule over the values; the transform's Jacobian is what makes it 1.
  const Sample data = sample_of(15, 26);
  for (const char* transform : {"standardize", "robust_power", "log"}) {
    const GaussianProcess gp = fitted(data, {.output_transform = transform});
    const Index steps = 20000;
    const VectorXd y = VectorXd::LinSpaced(steps, 1e-3, 12);
    const MatrixXd at = data.x.col(3).replicate(1, steps) + MatrixXd::Constant(2, steps, 0.3);
    const double mass = gp.log_density(at, y).array().exp().sum() * (y[1] - y[0]);
    EXPECT_NEAR(mass, 1, 2e-3) << transform;
  }
}

TEST(GaussianProcess, FailuresCountAsBad) {
  Sample data = sample_of(20, 15);
  data.y[3] = kNan;
  data.y[7] = std::numeric_limits<double>::infinity();
  GaussianProcess gp = fitted(data);
  EXPECT_EQ(gp.diagnostics().failed, 2);
  EXPECT_EQ(gp.leave_one_out().mean.size(), 18);
  EXPECT_GT(gp.predict(data.x.col(3)).mean[0], data.y.head(3).minCoeff());
  gp.append(data.x.leftCols(1).array() + 0.1, VectorXd{{kNan}});
  EXPECT_EQ(gp.diagnostics().failed, 3);
  data.y.setConstant(kNan);
  EXPECT_TRUE(fitted(data).predict(data.x).mean.allFinite());
}

TEST(GaussianProcess, PendingPointsShrinkTheVarianceOnly) {
  const Sample data = sample_of(15, 16);
  const GaussianProcess gp = fitted(data);
  const MatrixXd pending = sample_of(2, 17).x;
  VectorXd mean, variance, believed_mean, believed_variance;
  gp.model().predict(gp.to_unit(pending), mean, variance);
  gp.model_with(pending)->predict(gp.to_unit(pending), believed_mean, believed_variance);
  EXPECT_LT((mean - believed_mean).norm(), 1e-9);
  EXPECT_LT(believed_variance.maxCoeff(), 0.5 * variance.minCoeff());
}

TEST(GaussianProcess, MembersMakeUpTheModel) {
  const Sample data = sample_of(15, 16);
  const GaussianProcess gp = fitted(data);
  VectorXd mean, variance, part, sum = VectorXd::Zero(4);
  const MatrixXd points = gp.to_unit(sample_of(4, 18).x);
  gp.model().predict(points, mean, variance);
  ASSERT_GT(gp.members().size(), 1u);
  ASSERT_EQ(gp.posteriors().size(), gp.members().size());
  for (const Surrogate* member : gp.members()) {
    member->predict(points, part, variance);
    sum += part;
  }
  EXPECT_LT((mean - sum / static_cast<double>(gp.members().size())).norm(), 1e-12);
  EXPECT_NEAR(gp.to_model(data.y[3]), gp.model_data().z[3], 1e-12);
  EXPECT_LT((gp.model_data().x.col(3) - gp.to_unit(data.x.col(3))).norm(), 1e-15);
}

TEST(GaussianProcess, TasksShareWhatTheyHaveInCommon) {
  // Task 1 is task 0 in other units, seen at three points only.
  const Index n = 18;
  Sample data{MatrixXd(2, n + 3), VectorXd(n + 3)};
  for (Index j = 0; j < n + 3; ++j) {
    const double x =
        j < n ? static_cast<double>(j) / (n - 1) : 0.1 + 0.4 * static_cast<double>(j - n);
    data.x.col(j) << x, j < n ? 0 : 1;
    data.y[j] = j < n ? std::sin(8 * x) : 50 + 10 * std::sin(8 * x);
  }
  GaussianProcess gp({.tasks = 2});
  gp.fit(data.x, data.y);
  MatrixXd points(2, 2);
  points << .3, .7, 1, 1;
  const Prediction at = gp.predict(points);
  EXPECT_NEAR(at.mean[0], 50 + 10 * std::sin(2.4), 3 * at.deviation[0] + 1);
  EXPECT_NEAR(at.mean[1], 50 + 10 * std::sin(5.6), 3 * at.deviation[1] + 1);
}

TEST(GaussianProcess, CategoriesAreNoNumbers) {
  RandomStream stream(3, Purpose::kUser);
  Sample data{MatrixXd(2, 24), VectorXd(24)};
  const double offset[] = {0, 5, -3};
  for (Index j = 0; j < 24; ++j) {
    data.x.col(j) << stream.uniform(), static_cast<double>(j % 3);
    data.y[j] = std::sin(4 * data.x(0, j)) + offset[j % 3];
  }
  const GaussianProcess gp = fitted(data, {.categorical = {1}});
  for (int code = 0; code < 3; ++code) {
    const Prediction at = gp.predict(point({.5, static_cast<double>(code)}));
    EXPECT_NEAR(at.mean[0], std::sin(2.0) + offset[code], 0.3);
  }
}

TEST(GaussianProcess, EveryInferencePredicts) {
  const Sample data = sample_of(25, 19), test = sample_of(50, 20);
  const double spread = std::sqrt((test.y.array() - test.y.mean()).square().mean());
  for (const char* inference : {"map", "ensemble", "map_saas", "saas", "nuts", "slice"}) {
    const GaussianProcess gp = fitted(data, {.inference = inference});
    EXPECT_EQ(gp.diagnostics().inference, inference);
    EXPECT_TRUE(gp.diagnostics().fallbacks.empty()) << inference;
    const double error = (gp.predict(test.x).mean - test.y).norm() / std::sqrt(50.0);
    EXPECT_LT(error, 0.25 * spread) << inference;
    const bool sampled = gp.diagnostics().members == 16;
    EXPECT_EQ(sampled, gp.diagnostics().effective_samples > 0) << inference;
  }
}

TEST(GaussianProcess, RobustNoiseNamesCorruptedValues) {
  Sample data = sample_of(40, 21);
  const Prediction clean = fitted(data, {.output_transform = "standardize"}).predict(data.x);
  data.y[11] += 8;
  data.y[30] -= 6;
  const GaussianProcess gp = fitted(data, {.output_transform = "standardize", .noise = "robust"});
  std::vector<Index> named;
  for (const SuspectedValue& suspect : gp.diagnostics().suspects) named.push_back(suspect.index);
  std::sort(named.begin(), named.end());
  EXPECT_EQ(named, (std::vector<Index>{11, 30}));
  EXPECT_LT((gp.predict(data.x).mean - clean.mean).cwiseAbs().maxCoeff(), 0.3);
}

TEST(GaussianProcess, HeteroscedasticNoiseFollowsTheReplicates) {
  RandomStream stream(22, Purpose::kUser);
  const Index places = 12, repeats = 12;
  Sample data{MatrixXd(1, places * repeats), VectorXd(places * repeats)};
  for (Index j = 0; j < places * repeats; ++j) {
    const double x = static_cast<double>(j % places) / (places - 1);
    data.x(0, j) = x;
    data.y[j] = std::sin(5 * x) + (0.02 + 0.5 * x) * stream.normal();
  }
  const GaussianProcess gp =
      fitted(data, {.output_transform = "standardize", .noise = "heteroscedastic"});
  EXPECT_TRUE(gp.diagnostics().fallbacks.empty());
  const VectorXd noise = gp.noise_variance(Eigen::RowVectorXd{{0.05, 0.95}}).cwiseSqrt();
  // 12 replicates: a standard deviation is known to about 21 %.
  EXPECT_NEAR(noise[0], 0.045, 0.03);
  EXPECT_NEAR(noise[1], 0.495, 0.2);
  const GaussianProcess few = fitted(sample_of(10, 23), {.noise = "heteroscedastic"});
  EXPECT_EQ(few.diagnostics().fallbacks.size(), 1u);
}

TEST(GaussianProcess, ApproximatesBeyondItsExactLimit) {
  const Sample data = sample_of(400, 24), test = sample_of(50, 25);
  GaussianProcess gp = fitted(data, {.exact_limit = 200});
  EXPECT_NE(gp.diagnostics().model, "exact");
  EXPECT_FALSE(gp.diagnostics().reason.empty());
  const double spread = std::sqrt((test.y.array() - test.y.mean()).square().mean());
  EXPECT_LT((gp.predict(test.x).mean - test.y).norm() / std::sqrt(50.0), 0.05 * spread);
  gp.append(test.x, test.y);
  EXPECT_EQ(gp.observations(), 450);
  gp.remove(449);
  EXPECT_EQ(gp.observations(), 449);
  EXPECT_TRUE(gp.predict(test.x).deviation.allFinite());
  // Kept hyper-parameters are kept, and what such a model cannot do is said.
  GaussianProcessOptions kept{.fit_hyperparameters = false,
                              .lengthscale = VectorXd{{2, 60}},
                              .outputscale = 1,
                              .noise_variance = 1e-4};
  const Prediction exact = fitted(data, kept).predict(test.x);
  kept.exact_limit = 200;
  const GaussianProcess local = fitted(data, kept);
  EXPECT_EQ(local.diagnostics().model, "local");
  EXPECT_THROW(local.predict_joint(test.x), ModelError);
  EXPECT_LT((local.predict(test.x).mean - exact.mean).norm(), 0.05 * exact.mean.norm());
  const GaussianProcess robust = fitted(data, {.noise = "robust", .exact_limit = 200});
  EXPECT_EQ(robust.diagnostics().fallbacks.size(), 1u);
}

TEST(GaussianProcess, FitForgetsWhatItFittedBefore) {
  const Sample first = sample_of(20, 30), second = sample_of(20, 31);
  GaussianProcess gp({.bounds = MatrixXd{{-5, 5}, {0, 100}}});
  gp.fit(first.x, first.y);
  gp.fit(second.x, second.y);
  GaussianProcess fresh({.bounds = MatrixXd{{-5, 5}, {0, 100}}});
  fresh.fit(second.x, second.y);
  EXPECT_EQ(gp.predict(first.x).mean, fresh.predict(first.x).mean);
}

struct BadOptions {
  GaussianProcessOptions options;
  std::string says;
};

TEST(GaussianProcess, BadOptionsAreNamed) {
  const KernelPtr tree = kernels::matern52(1);
  for (const BadOptions& bad : {
           BadOptions{{.kernel = "matern"}, "matern52"},
           BadOptions{{.prior = "mine"}, "botorch"},
           BadOptions{{.inference = "mcmc"}, "ensemble"},
           BadOptions{{.output_transform = "sqrt"}, "yeo_johnson"},
           BadOptions{{.noise = "white"}, "heteroscedastic"},
           BadOptions{{.lengthscale = VectorXd{{-1}}}, "lengthscale is -1"},
           BadOptions{{.outputscale = 0}, "outputscale is 0"},
           BadOptions{{.noise_variance = -1e-3}, "noise_variance is -0.001"},
           BadOptions{{.bounds = Eigen::RowVector2d{{2, 1}}}, "2 and 1"},
           BadOptions{{.exact_limit = 1}, "exact_limit is 1"},
           BadOptions{{.kernel_tree = tree, .input_warp = "kumaraswamy"},
                      "kernel_tree and input_warp"},
       }) {
    try {
      const GaussianProcess gp(bad.options);
      ADD_FAILURE() << bad.says;
    } catch (const OptionError& error) {
      EXPECT_NE(std::string(error.what()).find(bad.says), std::string::npos) << error.what();
    }
  }
}

TEST(GaussianProcess, BadDataAreNamedAndLoseNothing) {
  const Sample data = sample_of(10, 18);
  GaussianProcess gp = fitted(data);
  const Prediction before = gp.predict(data.x);
  MatrixXd x = data.x;
  x(1, 4) = kNan;
  EXPECT_THROW(gp.fit(x, data.y), PointError);
  EXPECT_THROW(gp.fit(data.x, data.y.head(9)), PointError);
  EXPECT_THROW(gp.fit(data.x, data.y, VectorXd::Ones(3)), PointError);
  EXPECT_THROW(gp.fit(data.x, data.y, VectorXd::Constant(10, -1)), PointError);
  EXPECT_THROW(gp.fit(MatrixXd(2, 0), VectorXd(0)), PointError);
  EXPECT_THROW(gp.append(MatrixXd::Zero(3, 1), VectorXd::Zero(1)), PointError);
  EXPECT_THROW(gp.predict(MatrixXd::Zero(1, 1)), PointError);
  EXPECT_THROW(gp.remove(10), PointError);
  EXPECT_EQ(gp.predict(data.x).mean, before.mean);
  EXPECT_THROW(GaussianProcess().predict(data.x), ModelError);
  EXPECT_THROW(fitted({data.x, -data.y}, {.output_transform = "log"}), OptionError);
}

}  // namespace
}  // namespace asktell
