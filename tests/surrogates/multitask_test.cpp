// Multi-task models: the Kronecker form against the dense one and 50-digit arithmetic, limits of
// the task covariance, starting values, and when other tasks help.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/multitask.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using kernels::Form;
using samples::central_differences;
using samples::kZero;

const GpMean kMeans[] = {kZero, {}, {.kind = GpMean::Kind::kNormal, .deviation = .7}};

// Every one of `tasks` at each of n points, the list shuffled.
GpData table_data(Index n, Index tasks, Index d, bool task_noise, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  MatrixXd inputs(d, n);
  stream.fill_uniform({inputs.data(), static_cast<std::size_t>(inputs.size())});
  std::vector<std::pair<Index, int>> list;
  for (Index j = 0; j < n; ++j) {
    for (Index t = 0; t < tasks; ++t) list.emplace_back(j, static_cast<int>(t));
  }
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[stream.integer(i)]);
  MatrixXd x(d, n * tasks);
  VectorXd z(n * tasks);
  std::vector<int> task;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto at = static_cast<Index>(i);
    x.col(at) = inputs.col(list[i].first);
    task.push_back(list[i].second);
    z[at] = std::sin(5 * x(0, at) + .3 * task.back()) + .1 * stream.normal();
  }
  return multitask_data(x, z, task, task_noise);
}

VectorXd random_theta(Index d, Index tasks, Index rank, bool task_noise, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser, 1);
  VectorXd theta(d + tasks * (rank + 1) + (task_noise ? tasks : 1));
  for (double& value : theta) value = .5 * stream.normal();
  theta.head(d).array() -= 1;
  theta.tail(task_noise ? tasks : 1).array() -= 3;
  return theta;
}

struct Case {
  Index n, tasks, d, rank;
  bool task_noise;
};
const Case kCases[] = {
    {7, 3, 2, 2, true}, {9, 2, 1, 1, false}, {5, 4, 3, 1, true}, {6, 1, 2, 1, true}};

TEST(Isotopic, MatchesFiftyDigitArithmetic) {
  // B = (1.1 .8; .8 .94) = (1, .8)' (1, .8) + diag(.1, .3).
  MatrixXd x(1, 6);
  x << .1, .5, .8, .1, .5, .8;
  const GpData data =
      multitask_data(x, VectorXd{{.2, .5, -.3, .1, .7, 0}}, {0, 0, 0, 1, 1, 1}, false);
  VectorXd theta(6);
  theta << std::log(.3), 1, .8, std::log(.1), std::log(.3), std::log(.02);
  const auto table = isotopic(data, 2);
  ASSERT_TRUE(table);
  const KernelPtr input = kernels::stationary(Form::kRbf, 1);
  EXPECT_NEAR(IsotopicLikelihood(*input, *table, 1, kZero).evaluate(theta, nullptr),
              -4.225911450192, 1e-11);
  const GpPosterior dense(multitask_kernel(1, 2, 1, Form::kRbf), data, theta, kZero);
  EXPECT_NEAR(dense.log_marginal_likelihood(), -4.225911450192, 1e-11);
  const IsotopicPosterior posterior(input, *table, 1, theta, kZero);
  EXPECT_NEAR(posterior.log_marginal_likelihood(), -4.225911450192, 1e-11);
  EXPECT_NEAR(posterior.task_covariance()(1, 1), .94, 1e-14);
}

TEST(Isotopic, LikelihoodAndGradientEqualTheDenseOnes) {
  for (const Case& c : kCases) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      for (const GpMean& mean : kMeans) {
        const GpData data = table_data(c.n, c.tasks, c.d, c.task_noise, seed);
        const auto table = isotopic(data, c.tasks);
        ASSERT_TRUE(table);
        const KernelPtr input = kernels::matern52(c.d),
                        whole = multitask_kernel(c.d, c.tasks, c.rank);
        const VectorXd theta = random_theta(c.d, c.tasks, c.rank, c.task_noise, seed);
        IsotopicLikelihood kronecker(*input, *table, c.rank, mean);
        MarginalLikelihood dense(*whole, data, mean);
        ASSERT_EQ(kronecker.parameters(), dense.parameters());
        VectorXd gradient(theta.size()), expected(theta.size());
        EXPECT_NEAR(kronecker.evaluate(theta, gradient.data()),
                    dense.evaluate(theta, expected.data()), 1e-8);
        EXPECT_LT((gradient - expected).cwiseAbs().maxCoeff(), 1e-8);
        EXPECT_NEAR(kronecker.mean(), dense.mean(), 1e-9);
      }
    }
  }
}

TEST(Isotopic, GradientMatchesDifferencesAlsoAtTheBounds) {
  const GpData data = table_data(7, 3, 2, true, 5);
  const auto table = isotopic(data, 3);
  const KernelPtr input = kernels::matern52(2);
  const GpMean mean{};
  IsotopicLikelihood likelihood(*input, *table, 2, mean);
  const HyperBox box(model_parameters(*multitask_kernel(2, 3, 2), data), gp_preset("asktell", 2));
  for (int which = 0; which < 5; ++which) {
    VectorXd theta = random_theta(2, 3, 2, true, static_cast<std::uint64_t>(which));
    // Bounds one group at a time; length-scales and variances at once would be one covariance of
    // 1s.
    if (which == 3) theta.head(2) = box.low.head(2);
    if (which == 4) theta.segment(8, 6) = box.low.segment(8, 6);
    VectorXd gradient(theta.size());
    likelihood.evaluate(theta, gradient.data());
    const VectorXd expected = central_differences(
        [&](const VectorXd& at) { return likelihood.evaluate(at, nullptr); }, theta);
    const double scale = std::max(1.0, expected.cwiseAbs().maxCoeff());
    EXPECT_LT((gradient - expected).cwiseAbs().maxCoeff(), 3e-6 * scale);
  }
}

TEST(Isotopic, PosteriorEqualsTheDenseOne) {
  for (const Case& c : kCases) {
    for (const GpMean& mean : kMeans) {
      const GpData data = table_data(c.n, c.tasks, c.d, c.task_noise, 11);
      const VectorXd theta = random_theta(c.d, c.tasks, c.rank, c.task_noise, 11);
      const IsotopicPosterior kronecker(kernels::matern52(c.d), *isotopic(data, c.tasks), c.rank,
                                        theta, mean);
      const GpPosterior dense(multitask_kernel(c.d, c.tasks, c.rank), data, theta, mean);
      EXPECT_NEAR(kronecker.mean(), dense.mean(), 1e-9);
      RandomStream stream(3, Purpose::kUser);
      MatrixXd points(c.d + 1, 10);
      for (Index j = 0; j < 10; ++j) {
        for (Index i = 0; i < c.d; ++i) points(i, j) = stream.uniform();
        points(c.d, j) = static_cast<double>(j % c.tasks);
      }
      points.col(9) = data.x.col(0);
      VectorXd m, v, m_dense, v_dense;
      MatrixXd dm, dv, dm_dense, dv_dense, joint, joint_dense;
      kronecker.predict(points, m, v, &dm, &dv);
      dense.predict(points, m_dense, v_dense, &dm_dense, &dv_dense);
      EXPECT_LT((m - m_dense).norm(), 1e-8);
      EXPECT_LT((v - v_dense).norm(), 1e-8);
      EXPECT_LT((dm - dm_dense).norm(), 1e-8);
      EXPECT_LT((dv - dv_dense).norm(), 1e-8);
      kronecker.joint(points, m, joint);
      dense.joint(points, m_dense, joint_dense);
      EXPECT_LT((m - m_dense).norm(), 1e-8);
      EXPECT_LT((joint - joint_dense).norm(), 1e-8);
      MatrixXd means, variances;
      kronecker.predict_tasks(points.topRows(c.d), means, variances);
      for (Index j = 0; j < 10; ++j) {
        EXPECT_NEAR(means(j, j % c.tasks), m_dense[j], j == 9 ? HUGE_VAL : 1e-8);
        EXPECT_NEAR(variances(j, j % c.tasks), v_dense[j], j == 9 ? HUGE_VAL : 1e-8);
      }
      const LeaveOneOut loo = kronecker.leave_one_out(), loo_dense = dense.leave_one_out();
      EXPECT_LT((loo.mean - loo_dense.mean).norm(), 1e-8);
      EXPECT_LT((loo.variance - loo_dense.variance).norm(), 1e-8);
      EXPECT_LT((loo.log_density - loo_dense.log_density).norm(), 1e-8);
      for (int t = 0; t < c.tasks; ++t) {
        EXPECT_NEAR(target_log_density(kronecker, t), target_log_density(dense, t), 1e-8);
      }
    }
  }
}

TEST(Isotopic, IsDetectedOnlyWhereEveryTaskIsAtEveryPointOnce) {
  GpData data = table_data(4, 3, 2, true, 1);
  const auto table = isotopic(data, 3);
  ASSERT_TRUE(table);
  for (Index j = 0; j < 12; ++j) {
    const auto at = static_cast<std::size_t>(j);
    EXPECT_EQ(table->x.col(table->place[at]), data.x.col(j).head(2));
    EXPECT_EQ(table->z(table->place[at], table->task[at]), data.z[j]);
  }
  EXPECT_FALSE(isotopic(data, 4));
  GpData moved = data;
  moved.x(0, 3) += .1;
  EXPECT_FALSE(isotopic(moved, 3));
  GpData twice = data;
  for (Index j = 1; j < 12; ++j) {
    if (twice.x.col(j).head(2) != twice.x.col(0).head(2)) continue;
    twice.x(2, j) = twice.x(2, 0);
    break;
  }
  EXPECT_FALSE(isotopic(twice, 3));
  GpData given = data;
  given.given_noise = VectorXd::Ones(12);
  EXPECT_FALSE(isotopic(given, 3));
  GpData other = data;
  other.noise_group.assign(12, 0);
  EXPECT_FALSE(isotopic(other, 3));
  std::vector<Index> fewer(11);
  for (Index i = 0; i < 11; ++i) fewer[static_cast<std::size_t>(i)] = i;
  EXPECT_FALSE(isotopic(subset(data, fewer), 3));
}

TEST(Isotopic, NearlySingularCovariancesStayFinite) {
  GpData data = table_data(40, 3, 1, true, 2);
  VectorXd theta = random_theta(1, 3, 1, true, 2);
  theta[0] = std::log(30.0);
  theta.segment(4, 3).setConstant(std::log(1e-6));
  theta.tail(3).setConstant(std::log(1e-8));
  const KernelPtr input = kernels::stationary(Form::kRbf, 1);
  const auto table = isotopic(data, 3);
  IsotopicLikelihood likelihood(*input, *table, 1, kZero);
  VectorXd gradient(theta.size());
  EXPECT_TRUE(std::isfinite(likelihood.evaluate(theta, gradient.data())));
  EXPECT_TRUE(gradient.allFinite());
  const IsotopicPosterior posterior(input, *table, 1, theta, kZero);
  VectorXd mean, variance;
  posterior.predict(data.x, mean, variance);
  EXPECT_TRUE(mean.allFinite());
  EXPECT_GT(variance.minCoeff(), 0);
}

TEST(Multitask, DiagonalTaskCovarianceIsIndependentProcesses) {
  const GpData data = table_data(6, 2, 1, true, 4);
  VectorXd theta = random_theta(1, 2, 1, true, 4);
  theta.segment(1, 2).setZero();
  const IsotopicPosterior both(kernels::matern52(1), *isotopic(data, 2), 1, theta, kZero);
  double likelihood = 0;
  for (int t = 0; t < 2; ++t) {
    std::vector<Index> own;
    for (Index j = 0; j < data.size(); ++j) {
      if (data.x(1, j) == t) own.push_back(j);
    }
    GpData alone = subset(data, own);
    alone.x = alone.x.topRows(1).eval();
    alone.noise_group.clear();
    const VectorXd single{{theta[0], theta[3 + t], theta[5 + t]}};
    const GpPosterior model(kernels::scaled(kernels::matern52(1)), alone, single, kZero);
    likelihood += model.log_marginal_likelihood();
    VectorXd mean, variance, mean_both, variance_both;
    model.predict(samples::point({.37}), mean, variance);
    both.predict(samples::point({.37, static_cast<double>(t)}), mean_both, variance_both);
    EXPECT_NEAR(mean[0], mean_both[0], 1e-10);
    EXPECT_NEAR(variance[0], variance_both[0], 1e-10);
    EXPECT_NEAR(target_log_density(both, t), model.leave_one_out().log_density.mean(), 1e-10);
  }
  EXPECT_NEAR(both.log_marginal_likelihood(), likelihood, 1e-10);
}

TEST(Multitask, RankOneWithoutOwnVarianceIsOneProcessOnScaledValues) {
  // z_t = F_t f + noise: values over F, noise over F^2, and the change of variables.
  const GpData data = table_data(6, 2, 1, true, 7);
  VectorXd theta = random_theta(1, 2, 1, true, 7);
  theta.segment(1, 2) << 1.7, -.6;
  theta.segment(3, 2).setConstant(-60);
  const double factor[] = {1.7, -.6};
  GpData one;
  one.x = data.x.topRows(1);
  one.z = data.z;
  one.given_noise.resize(data.size());
  one.fitted_noise = false;
  double log_jacobian = 0;
  for (Index j = 0; j < data.size(); ++j) {
    const auto t = static_cast<Index>(data.x(1, j));
    one.z[j] /= factor[t];
    one.given_noise[j] = std::exp(theta[5 + t]) / (factor[t] * factor[t]);
    log_jacobian += std::log(std::abs(factor[t]));
  }
  const GpPosterior model(kernels::matern52(1), one, theta.head(1), kZero);
  const IsotopicPosterior both(kernels::matern52(1), *isotopic(data, 2), 1, theta, kZero);
  EXPECT_NEAR(both.log_marginal_likelihood(), model.log_marginal_likelihood() - log_jacobian, 1e-9);
  VectorXd mean, variance, mean_both, variance_both;
  model.predict(samples::point({.37}), mean, variance);
  both.predict(samples::point({.37, 1}), mean_both, variance_both);
  EXPECT_NEAR(mean_both[0], -.6 * mean[0], 1e-10);
  EXPECT_NEAR(variance_both[0], .36 * variance[0], 1e-10);
}

TEST(Multitask, StandardizesWithinEachTask) {
  const std::vector<int> task{0, 1, 0, 1, 0, 2, 3, 3};
  const VectorXd y{{1, 100, 2, 300, 6, 7, 5, 5}};
  const TaskScales scales = task_scales(y, task, 5);
  EXPECT_NEAR(scales.mean[0], 3, 1e-14);
  EXPECT_NEAR(scales.deviation[0], std::sqrt(7.0), 1e-14);
  EXPECT_NEAR(scales.deviation[1], std::sqrt(20000.0), 1e-11);
  const double pooled = std::sqrt((14 + 20000.0) / 4);
  EXPECT_NEAR(scales.deviation[2], pooled, 1e-11);  // one value
  EXPECT_NEAR(scales.deviation[3], pooled, 1e-11);  // equal values
  EXPECT_NEAR(scales.deviation[4], 1 * pooled, 1e-11);
  const VectorXd z = scales.standardize(y, task);
  EXPECT_NEAR(z[0] + z[2] + z[4], 0, 1e-14);
  EXPECT_EQ(z[5], 0);
  EXPECT_LT((scales.restore(z, task) - y).norm(), 1e-12);
  EXPECT_EQ(task_scales(VectorXd{{4, 4}}, {0, 0}, 1).deviation[0], 1);
}

TEST(Multitask, CorrelationsComeFromNearestPairs) {
  MatrixXd x(1, 17);
  VectorXd z(17);
  std::vector<int> task;
  for (Index j = 0; j < 17; ++j) {
    task.push_back(j < 7 ? 0 : j < 12 ? 1 : j < 16 ? 2 : 3);
    const double at =
        j < 7 ? .1 + .1 * static_cast<double>(j) : .12 + .1 * static_cast<double>((j - 7) % 5);
    x(0, j) = at;
    z[j] = task.back() == 2 ? -std::exp(at) : at * at;  // decreasing in task 2
  }
  const VectorXd rho = task_correlations(multitask_data(x, z, task), 4);
  EXPECT_NEAR(rho[0], 1, 1e-14);
  EXPECT_NEAR(rho[1], 1, 1e-14);
  EXPECT_NEAR(rho[2], -1, 1e-14);
  EXPECT_EQ(rho[3], .5);  // one point: the default
  // Ties share their rank: ranks 1.5 1.5 3 4 against 1 2 3 4.
  const VectorXd tied = task_correlations(
      multitask_data(Eigen::RowVectorXd{{.1, .2, .3, .4, .1, .2, .3, .4}},
                     VectorXd{{1, 2, 3, 4, 5, 5, 6, 7}}, {0, 0, 0, 0, 1, 1, 1, 1}),
      2);
  EXPECT_NEAR(tied[1], .94868329805, 1e-10);
}

TEST(Multitask, StartsAreDeterministicAndOfFullRank) {
  const GpData data = table_data(12, 3, 2, true, 3);
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = multitask_kernel(2, 3, 2);
  const VectorXd theta = multitask_start(*kernel, data, preset, 3);
  EXPECT_EQ(theta, multitask_start(*kernel, data, preset, 3));
  const double rho = (task_correlations(data, 3).cwiseAbs().sum() - 1) / 2;
  for (Index t = 0; t < 3; ++t) {
    EXPECT_NEAR(std::abs(theta[2 + t]), std::sqrt(.9 * rho), 1e-12);
    EXPECT_NEAR(theta[8 + t], std::log(.1), 1e-12);
  }
  EXPECT_NEAR(theta.segment(2, 3).cwiseAbs().dot(
                  theta.segment(5, 3).cwiseProduct(theta.segment(2, 3).cwiseSign())),
              0, 1e-12);
  const VectorXd lcm =
      multitask_start(*multitask_kernel(2, 3, 1, Form::kMatern52, 2), data, preset, 3);
  EXPECT_NEAR(lcm[0] - lcm[8], std::log(3), 1e-12);
  EXPECT_NEAR(lcm[2] * lcm[2] + lcm[10] * lcm[10], .9 * rho, 1e-12);
}

TEST(Multitask, AFitOfRankTwoHasRankTwo) {
  // Three tasks, pairwise unlike: sin, cos and their sum.
  MatrixXd x(1, 36);
  VectorXd z(36);
  std::vector<int> task;
  for (Index j = 0; j < 36; ++j) {
    task.push_back(static_cast<int>(j % 3));
    x(0, j) = static_cast<double>(j) / 36;
    const double sine = std::sin(9 * x(0, j)), cosine = std::cos(9 * x(0, j));
    z[j] = j % 3 == 0 ? sine : j % 3 == 1 ? cosine : sine + cosine;
  }
  const GpData data = multitask_data(x, z, task);
  const GpPreset preset = gp_preset("asktell", 1);
  const KernelPtr kernel = multitask_kernel(1, 3, 2);
  const VectorXd own_start = fit_members(*kernel, data, {preset})[0].theta;
  const VectorXd from_data = fit_multitask(data, 3, preset, {}, {.rank = 2}).report.theta;
  for (const VectorXd& theta : {own_start, from_data}) {
    const MatrixXd f = theta.segment(1, 6).reshaped(3, 2);
    const MatrixXd gram = f.transpose() * f;
    EXPECT_GT(gram.determinant(), 0.01 * gram(0, 0) * gram(1, 1));
    EXPECT_GT(gram(1, 1), 0.01 * gram(0, 0));
  }
}

TEST(Multitask, BothFormsFindTheSameOptimum) {
  const GpData data = table_data(12, 2, 1, true, 6);
  const GpPreset preset = gp_preset("asktell", 1);
  MultitaskOptions options;
  options.fit.gradient_tolerance = 1e-7;
  options.fit.value_tolerance = 1e-13;
  const MultitaskFit kronecker = fit_multitask(data, 2, preset, {}, options);
  EXPECT_TRUE(kronecker.kronecker);
  EXPECT_TRUE(kronecker.report.optimized);
  GpData given = data;  // what the Kronecker form does not take
  given.given_noise = VectorXd::Zero(data.size());
  const MultitaskFit dense = fit_multitask(given, 2, preset, {}, options);
  EXPECT_FALSE(dense.kronecker);
  EXPECT_NEAR(kronecker.report.objective, dense.report.objective, 1e-6);
  EXPECT_LT((kronecker.report.theta - dense.report.theta).norm(), 1e-3);
  VectorXd mean, variance, mean_dense, variance_dense;
  kronecker.posterior->predict(samples::point({.3, 1}), mean, variance);
  dense.posterior->predict(samples::point({.3, 1}), mean_dense, variance_dense);
  EXPECT_NEAR(mean[0], mean_dense[0], 1e-4);
  EXPECT_NEAR(variance[0], variance_dense[0], 1e-4);
  // A warm fit stays.
  const MultitaskFit warm = fit_multitask(data, 2, preset, kronecker.report.theta, options);
  EXPECT_NEAR(warm.report.objective, kronecker.report.objective, 1e-6);
  EXPECT_LT(warm.report.evaluations, kronecker.report.evaluations);
}

// Many values of a source, few of the target: related (the same function, scaled) or not.
MultitaskFit transfer(bool related, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  MatrixXd x(1, 40);
  VectorXd y(40);
  std::vector<int> task;
  for (Index j = 0; j < 40; ++j) {
    task.push_back(j < 30 ? 1 : 0);
    x(0, j) = stream.uniform();
    const double source = std::sin(14 * x(0, j)) + .5 * x(0, j);
    y[j] = j < 30 ? source : related ? 3 + 2 * source : std::cos(9 * x(0, j) * x(0, j));
    y[j] += .05 * stream.normal();
  }
  const VectorXd z = task_scales(y, task, 2).standardize(y, task);
  MultitaskOptions options;
  options.target = 0;
  return fit_multitask(multitask_data(x, z, task), 2, gp_preset("asktell", 1), {}, options);
}

TEST(Multitask, TransferIsKeptWhereItHelps) {
  int helps = 0;
  double gain = 0, loss = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const TransferCheck related = transfer(true, seed).transfer;
    EXPECT_EQ(related.observations, 10);
    helps += related.helps;
    gain += related.multitask - related.single;
    const TransferCheck unrelated = transfer(false, seed).transfer;
    EXPECT_EQ(unrelated.helps, unrelated.multitask >= unrelated.single);
    loss += unrelated.multitask - unrelated.single;
  }
  EXPECT_GE(helps, 9);
  EXPECT_GT(gain / 10, .5);
  EXPECT_LT(loss / 10, .2);
}

TEST(Multitask, TargetDensityLeavesOutTheWholePlace) {
  const GpData data = table_data(5, 2, 1, true, 9);
  const VectorXd theta = random_theta(1, 2, 1, true, 9);
  const KernelPtr kernel = multitask_kernel(1, 2);
  const GpPosterior model(kernel, data, theta, kZero);
  double sum = 0;
  for (Index j = 0; j < 10; ++j) {
    if (data.x(1, j) != 1) continue;
    std::vector<Index> others;
    for (Index i = 0; i < 10; ++i) {
      if (data.x(0, i) != data.x(0, j)) others.push_back(i);
    }
    VectorXd mean, variance;
    GpPosterior(kernel, subset(data, others), theta, kZero).predict(data.x.col(j), mean, variance);
    sum +=
        Prior::normal(mean[0], std::sqrt(variance[0] + std::exp(theta[6]))).log_density(data.z[j]);
  }
  EXPECT_NEAR(target_log_density(model, 1), sum / 5, 1e-9);
}

TEST(Multitask, FewDataGiveAModelAllTheSame) {
  const GpPreset preset = gp_preset("asktell", 1);
  MultitaskOptions options;
  options.target = 1;
  const GpData one = multitask_data(samples::point({.4}), VectorXd{{.3}}, {0});
  const MultitaskFit fit = fit_multitask(one, 2, preset, {}, options);
  EXPECT_FALSE(fit.kronecker);
  EXPECT_TRUE(fit.transfer.helps);
  EXPECT_EQ(fit.transfer.observations, 0);
  VectorXd mean, variance;
  fit.posterior->predict(samples::point({.4, 1}), mean, variance);
  EXPECT_TRUE(mean.allFinite());
  EXPECT_GT(variance[0], 0);
}

TEST(Multitask, RejectsWhatItCannotModel) {
  const GpData data = table_data(4, 2, 1, true, 1);
  const GpPreset preset = gp_preset("asktell", 1);
  EXPECT_THROW(fit_multitask(data, 1, preset), OptionError);  // a task above the last
  EXPECT_THROW(fit_multitask(data, 2, gp_preset("profiled", 1)), OptionError);
  EXPECT_THROW(fit_multitask(data, 2, preset, {}, {.target = 2}), OptionError);
  EXPECT_THROW(fit_multitask(data, 2, preset, {}, {.rank = 3}), OptionError);
  EXPECT_THROW(multitask_kernel(1, 2, 0), OptionError);
  EXPECT_THROW(multitask_data(MatrixXd(1, 1), VectorXd(1), {-1}), OptionError);
  EXPECT_THROW(multitask_data(MatrixXd(1, 2), VectorXd(1), {0}), OptionError);
}

}  // namespace
}  // namespace asktell
