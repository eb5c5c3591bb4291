// The search for a Pareto front on problems whose fronts are known in closed form.
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/acquisition/maximize/pareto_front.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

TEST(ParetoFront, RanksAndCrowdingOfASmallSet) {
  MatrixXd values(2, 6);
  values << 1, 2, 4, 2, 5, 4,  //
      5, 3, 1, 4, 5, 1;
  // (2,4) is dominated by (2,3) alone, (5,5) by that one too; equal columns share a rank.
  EXPECT_EQ(non_dominated_ranks(values), (std::vector<int>{0, 0, 0, 1, 2, 0}));
  MatrixXd front(2, 4);
  front << 0, 1, 3, 4,  //
      10, 6, 2, 0;
  const VectorXd distance = crowding_distances(front);
  EXPECT_TRUE(std::isinf(distance[0]) && std::isinf(distance[3]));
  EXPECT_DOUBLE_EQ(distance[1], 3.0 / 4 + 8.0 / 10);
  EXPECT_DOUBLE_EQ(distance[2], 3.0 / 4 + 6.0 / 10);
}

// ZDT1 (Zitzler et al. 2000): the front is f2 = 1 - sqrt(f1). Its hypervolume below (1.1, 1.1) is
// 0.1 + 2/3 + 0.11.
TEST(ParetoFront, CoversTheFrontOfZdt1) {
  const Space space = Space().real("x", 0, 1, {.size = 5});
  const Objectives zdt1 = [](const MatrixXd& x, MatrixXd& values) {
    values.resize(2, x.cols());
    for (Index j = 0; j < x.cols(); ++j) {
      const double g = 1 + 9 * x.col(j).tail(4).mean();
      values(0, j) = x(0, j);
      values(1, j) = g * (1 - std::sqrt(x(0, j) / g));
    }
  };
  RandomStream stream(5, Purpose::kCandidates);
  const ParetoFront front = pareto_front(zdt1, space, {}, stream, {.generations = 150});
  std::vector<std::pair<double, double>> sorted;
  for (Index j = 0; j < front.values.cols(); ++j) {
    sorted.emplace_back(front.values(0, j), front.values(1, j));
  }
  std::sort(sorted.begin(), sorted.end());
  double volume = 0, height = 1.1;
  for (const auto& [first, second] : sorted) {
    volume += std::max(0.0, 1.1 - first) * std::max(0.0, height - second);
    height = std::min(height, second);
  }
  EXPECT_GT(volume, 0.98 * (0.1 + 2.0 / 3 + 0.11));
  EXPECT_LE(volume, 0.1 + 2.0 / 3 + 0.11);
}

TEST(ParetoFront, HoldsFixedCoordinatesAndStaysInTheSpace) {
  const Space space = Space().real("x", -1, 1).integer("n", 0, 3).categorical("c", {"a", "b", "c"});
  const Objectives objectives = [](const MatrixXd& x, MatrixXd& values) {
    values.resize(2, x.cols());
    values.row(0) = x.row(0) + x.row(1);
    values.row(1) = (x.row(0).array() - 1).square().matrix() - x.row(1) + x.row(2);
  };
  const double nan = std::nan("");
  RandomStream stream(1, Purpose::kCandidates);
  const ParetoFront front =
      pareto_front(objectives, space, {.fixed = {nan, 0.375, nan}}, stream, {.generations = 40});
  ASSERT_GT(front.points.cols(), 50);
  EXPECT_TRUE((front.points.row(1).array() == 0.375).all());
  // The lowest category, at the middle of its cell, is on every trade-off.
  EXPECT_TRUE((front.points.row(2).array() == 0.5 / 3).all());
}

TEST(ParetoFront, SeesASmallSpaceInWhole) {
  const Space space = Space().integer("n", 0, 4).boolean("b");
  int evaluations = 0;
  const Objectives objectives = [&](const MatrixXd& x, MatrixXd& values) {
    evaluations += static_cast<int>(x.cols());
    values.resize(2, x.cols());
    values.row(0) = x.row(0);
    values.row(1) = -x.row(0) + x.row(1);
  };
  RandomStream stream(1, Purpose::kCandidates);
  EXPECT_EQ(pareto_front(objectives, space, {}, stream).points.cols(), 5);
  EXPECT_EQ(evaluations, 10);
}

}  // namespace
}  // namespace asktell
