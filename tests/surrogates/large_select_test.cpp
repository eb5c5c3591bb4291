// Selections of points against dense computations of their definitions, and local models against
// the exact one.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/large/closeness.hpp>
#include <asktell/surrogates/gp/large/local.hpp>
#include <asktell/surrogates/gp/large/select.hpp>
#include <asktell/tests/surrogates/large_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const VectorXd kTheta{{-1.2, -.4, .3, std::log(.01)}};

MatrixXd covariance(const Kernel& kernel, const MatrixXd& x) {
  MatrixXd k;
  kernel.evaluation()->symmetric(x, kTheta.data(), false, k);
  return k;
}

// Conditional variances by a solve from scratch.
VectorXd conditional(const MatrixXd& k, const std::vector<Index>& chosen) {
  if (chosen.empty()) return k.diagonal();
  const MatrixXd part = k(chosen, Eigen::all);
  const MatrixXd inner = k(chosen, chosen);
  return k.diagonal() -
         (part.cwiseProduct(inner.fullPivLu().solve(part))).colwise().sum().transpose();
}

TEST(Select, GreedyVarianceEqualsDenseComputation) {
  const GpData data = samples::observations(80, 2, 1);
  const KernelPtr kernel = samples::scaled_matern(2);
  const MatrixXd k = covariance(*kernel, data.x);
  const VectorXd quality = VectorXd::LinSpaced(80, .1, 1);
  for (const VectorXd& weight : {VectorXd(), quality}) {
    const VarianceSelection selection = select_by_variance(*kernel, kTheta, data.x, 25, weight);
    std::vector<Index> chosen;
    for (Index pivot : selection.chosen) {
      VectorXd variance = conditional(k, chosen);
      if (weight.size() > 0) variance = variance.cwiseProduct(weight.cwiseAbs2());
      EXPECT_NEAR(variance[pivot], variance.maxCoeff(), 1e-10);
      chosen.push_back(pivot);
    }
    ASSERT_EQ(chosen.size(), 25u);
    EXPECT_LT((selection.remaining - conditional(k, chosen)).norm(), 1e-9);
  }
}

TEST(Select, GreedyVarianceStopsWhenNothingIsLeft) {
  GpData data = samples::observations(40, 2, 2);
  data.x.rightCols(30) = data.x.leftCols(10).replicate(1, 3);
  const KernelPtr kernel = samples::scaled_matern(2);
  const VarianceSelection selection = select_by_variance(*kernel, kTheta, data.x, 40);
  EXPECT_EQ(selection.chosen.size(), 10u);
  EXPECT_LT(selection.remaining.maxCoeff(), 1e-6 * std::exp(.3));
  // Zero qualities do not end it: the variance then decides.
  EXPECT_EQ(select_by_variance(*kernel, kTheta, data.x, 40, VectorXd::Zero(40)).chosen.size(), 10u);
}

TEST(Select, MaximinOrderTakesTheFarthestNext) {
  const GpData data = samples::observations(60, 2, 3);
  const KernelPtr kernel = samples::scaled_matern(2);
  const std::vector<Index> order = maximin_order(*kernel, kTheta, data.x, 60);
  // In the metric x / l, by definition and without the kernel.
  MatrixXd u = data.x;
  for (Index i = 0; i < 2; ++i) u.row(i) /= std::exp(kTheta[i]);
  const auto distance = [&](Index i, std::size_t chosen) {
    double least = HUGE_VAL;
    for (std::size_t c = 0; c < chosen; ++c) {
      least = std::min(least, (u.col(i) - u.col(order[c])).norm());
    }
    return least;
  };
  for (std::size_t at = 1; at < order.size(); ++at) {
    for (std::size_t later = at + 1; later < order.size(); ++later) {
      EXPECT_GE(distance(order[at], at), distance(order[later], at) - 1e-12);
    }
  }
  std::vector<Index> sorted = order, all(60);
  std::sort(sorted.begin(), sorted.end());
  std::iota(all.begin(), all.end(), Index{0});
  EXPECT_EQ(sorted, all);
}

TEST(Select, BestAndSpreadHasTheLowestValuesFirst) {
  const GpData data = samples::observations(100, 2, 4);
  const KernelPtr kernel = samples::scaled_matern(2);
  const std::vector<Index> chosen = best_and_spread(*kernel, kTheta, data, 50);
  ASSERT_EQ(chosen.size(), 50u);
  VectorXd sorted = data.z;
  std::sort(sorted.begin(), sorted.end());
  for (Index i = 0; i < 10; ++i) {
    EXPECT_EQ(data.z[chosen[static_cast<std::size_t>(i)]], sorted[i]);
  }
  std::vector<Index> distinct = chosen;
  std::sort(distinct.begin(), distinct.end());
  EXPECT_EQ(std::unique(distinct.begin(), distinct.end()), distinct.end());
}

TEST(Select, IsDeterministicWithTiesAndThreads) {
  GpData data = samples::observations(5000, 2, 5);
  data.x.rightCols(1000) = data.x.leftCols(1000);
  const KernelPtr kernel = samples::scaled_matern(2);
  const int before = threads();
  set_threads(1);
  const auto greedy = select_by_variance(*kernel, kTheta, data.x, 30).chosen;
  const NeighbourTable table = nearest(*kernel, kTheta, data.x, data.x.leftCols(100), 7);
  set_threads(3);
  EXPECT_EQ(select_by_variance(*kernel, kTheta, data.x, 30).chosen, greedy);
  EXPECT_EQ(nearest(*kernel, kTheta, data.x, data.x.leftCols(100), 7), table);
  set_threads(before);
  for (Index j = 0; j < 100; ++j) {  // a point, then its copy
    EXPECT_EQ(table(0, j), j);
    EXPECT_EQ(table(1, j), j + 4000);
  }
}

TEST(Select, NeighboursAreThoseOfTheScaledMetric) {
  const GpData data = samples::observations(50, 2, 6);
  const MatrixXd points = samples::observations(5, 2, 7).x;
  const KernelPtr kernel = samples::scaled_matern(2);
  const NeighbourTable table = nearest(*kernel, kTheta, data.x, points, 50);
  for (Index j = 0; j < 5; ++j) {
    double last = 0;
    for (Index i = 0; i < 50; ++i) {
      const VectorXd off = data.x.col(table(i, j)) - points.col(j);
      const double distance =
          std::hypot(off[0] / std::exp(kTheta[0]), off[1] / std::exp(kTheta[1]));
      EXPECT_GE(distance, last - 1e-12);
      last = distance;
    }
  }
  const NeighbourTable before = nearest_predecessors(*kernel, kTheta, data.x, 4);
  EXPECT_EQ(before.col(0), NeighbourTable::Constant(4, 1, -1));
  EXPECT_EQ(before(1, 1), -1);
  for (Index i = 4; i < 50; ++i) {
    EXPECT_EQ(before.col(i), nearest(*kernel, kTheta, data.x.leftCols(i), data.x.col(i), 4));
  }
}

TEST(LocalGp, AllNeighboursAreTheExactModel) {
  const GpData data = samples::observations(60, 2, 8);
  const MatrixXd points = samples::observations(6, 2, 9).x;
  const KernelPtr kernel = samples::scaled_matern(2);
  const GpPosterior exact(kernel, data, kTheta);
  const LocalGp local(kernel, data, kTheta, {}, 60);
  VectorXd m, v, m_exact, v_exact;
  MatrixXd dm, dv, dm_exact, dv_exact;
  exact.predict(points, m_exact, v_exact, &dm_exact, &dv_exact);
  local.predict(points, m, v, &dm, &dv);
  EXPECT_LT((m - m_exact).norm(), 1e-9);
  EXPECT_LT((v - v_exact).norm(), 1e-10);
  EXPECT_LT((dm - dm_exact).norm(), 1e-8);
  EXPECT_LT((dv - dv_exact).norm(), 1e-9);
  local.around(points.col(0)).predict(points, m, v);
  EXPECT_LT((m - m_exact).norm(), 1e-9);
}

TEST(LocalGp, AnchorsBelongToEveryNeighbourhood) {
  const GpData data = samples::observations(60, 2, 8);
  const MatrixXd points = samples::observations(6, 2, 9).x;
  const KernelPtr kernel = samples::scaled_matern(2);
  std::vector<Index> all(60);
  std::iota(all.begin(), all.end(), Index{0});
  const LocalGp local(kernel, data, kTheta, {}, 7, all);
  VectorXd m, v, m_exact, v_exact;
  GpPosterior(kernel, data, kTheta).predict(points, m_exact, v_exact);
  local.predict(points, m, v);
  EXPECT_LT((m - m_exact).norm(), 1e-9);
  EXPECT_LT((v - v_exact).norm(), 1e-10);
  EXPECT_EQ(local.around(points.col(0)).size(), 60);
}

TEST(LocalGp, ConvergesToTheExactModelWithNeighbours) {
  const GpData data = samples::observations(400, 2, 10);
  const MatrixXd points = samples::observations(20, 2, 11).x;
  const KernelPtr kernel = samples::scaled_matern(2);
  VectorXd m, v, m_exact, v_exact;
  GpPosterior(kernel, data, kTheta).predict(points, m_exact, v_exact);
  double last = HUGE_VAL;
  for (Index neighbours : {5, 25, 125}) {
    LocalGp(kernel, data, kTheta, {}, neighbours).predict(points, m, v);
    EXPECT_LT((m - m_exact).norm(), last);
    last = (m - m_exact).norm();
    EXPECT_TRUE(((v - v_exact).array() > -1e-12).all());  // less data: never more certain
  }
  EXPECT_LT(last, 0.02);
}

TEST(LocalGp, GradientsMatchDifferences) {
  const LocalGp local(samples::scaled_matern(2), samples::observations(300, 2, 12), kTheta, {}, 40);
  samples::expect_input_gradients(local, samples::observations(8, 2, 13).x);
}

TEST(LocalGp, RejectsNoNeighbours) {
  EXPECT_THROW(LocalGp(samples::scaled_matern(2), samples::observations(5, 2, 1), kTheta, {}, 0),
               OptionError);
}

}  // namespace
}  // namespace asktell
