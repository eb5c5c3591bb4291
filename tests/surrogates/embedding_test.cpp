// Sparse embeddings and their schedule: the tables of BAxUS for budgets of 1000 with 10 initial
// points (computed from its formulas), and what a split must keep.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/embedding/baxus.hpp>
#include <asktell/surrogates/embedding/decomposition.hpp>
#include <asktell/surrogates/gp/kernels/kernels.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd random_unit(Index d, Index n, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  MatrixXd x(d, n);
  for (double& value : x.reshaped()) value = stream.uniform();
  return x;
}

TEST(BaxusSchedule, MatchesTheTables) {
  struct Table {
    Index inputs;
    std::vector<Index> targets, tolerances;
  };
  const Table tables[] = {{500, {2, 8, 32, 128, 500}, {1, 1, 4, 14, 500}},
                          {1000, {1, 4, 16, 64, 256, 1000}, {1, 1, 1, 4, 14, 1000}},
                          {124, {2, 8, 32, 124}, {1, 4, 14, 124}}};
  for (const Table& table : tables) {
    const BaxusSchedule schedule(table.inputs, 990);
    EXPECT_NEAR(schedule.halvings(), 13.3561438102, 1e-10);
    EXPECT_EQ(schedule.targets(), table.targets);
    EXPECT_EQ(schedule.splits(), static_cast<Index>(table.targets.size()) - 1);
    for (std::size_t i = 0; i < table.targets.size(); ++i) {
      EXPECT_EQ(schedule.failure_tolerance(table.targets[i]), table.tolerances[i])
          << table.inputs << " " << table.targets[i];
    }
  }
}

TEST(BaxusSchedule, MatchesTheTutorial) {
  // (t, m_s, failure tolerance) of BoTorch's BAxUS tutorial for (D, B), from its formulas.
  struct Row {
    Index targets, evaluations, tolerance;
  };
  struct Table {
    Index inputs, budget;
    std::vector<Row> rows;
  };
  const Table tables[] = {
      {500, 500, {{2, 1, 1}, {8, 6, 1}, {32, 23, 3}, {128, 94, 15}, {500, 367, 500}}},
      {100, 400, {{2, 5, 1}, {8, 19, 3}, {32, 75, 12}, {100, 235, 100}}},
      {1000, 1000, {{1, 1, 1}, {4, 3, 1}, {16, 12, 2}, {64, 47, 7}, {256, 188, 31}}}};
  for (const Table& table : tables) {
    const BaxusSchedule schedule(table.inputs, table.budget,
                                 {.tolerance = FailureTolerance::kBotorch});
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const Row& row = table.rows[i];
      EXPECT_EQ(schedule.targets()[i], row.targets);
      EXPECT_EQ(std::round(schedule.evaluations(row.targets)), row.evaluations);
      EXPECT_EQ(schedule.failure_tolerance(row.targets), row.tolerance);
    }
  }
}

TEST(BaxusSchedule, SmallSpacesHaveOneToo) {
  for (Index inputs = 1; inputs <= 40; ++inputs) {
    const BaxusSchedule schedule(inputs, 20);
    const std::vector<Index> targets = schedule.targets();
    EXPECT_LE(schedule.first_targets(), inputs);
    EXPECT_EQ(targets.back(), inputs);
    for (std::size_t i = 1; i < targets.size(); ++i) EXPECT_GT(targets[i], targets[i - 1]);
    for (Index target : targets) EXPECT_GE(schedule.failure_tolerance(target), 1);
  }
  EXPECT_THROW(BaxusSchedule(0, 10), OptionError);
}

TEST(SparseEmbedding, BinsAreBalanced) {
  RandomStream stream(1, Purpose::kDesign);
  const SparseEmbedding embedding(103, 10, stream);
  std::size_t mirrored = 0;
  for (Index t = 0; t < 10; ++t) {
    const std::size_t size = embedding.members(t).size();
    EXPECT_TRUE(size == 10 || size == 11) << size;
  }
  for (Index i = 0; i < 103; ++i) mirrored += embedding.mirrored(i) ? 1 : 0;
  EXPECT_GT(mirrored, 30U);
  EXPECT_LT(mirrored, 73U);
  EXPECT_THROW(SparseEmbedding(3, 4, stream), OptionError);
  EXPECT_THROW(SparseEmbedding(3, 0, stream), OptionError);
}

TEST(SparseEmbedding, InputsFollowTheirBinOrMirrorIt) {
  for (Bins bins : {Bins::kBalanced, Bins::kHashed}) {
    RandomStream stream(2, Purpose::kDesign);
    const SparseEmbedding embedding(40, 7, stream, bins);
    const MatrixXd low = random_unit(7, 5, 3), high = embedding.up(low);
    ASSERT_EQ(high.rows(), 40);
    for (Index i = 0; i < 40; ++i) {
      const VectorXd u = low.row(embedding.bin(i)).transpose();
      const VectorXd expected = embedding.mirrored(i) ? VectorXd(1 - u.array()) : u;
      EXPECT_EQ(VectorXd(high.row(i).transpose()), expected);
    }
    RandomStream again(2, Purpose::kDesign);
    EXPECT_EQ(SparseEmbedding(40, 7, again, bins).up(low), high);
  }
}

TEST(SparseEmbedding, SplitsKeepEveryImageAndReachTheInputs) {
  RandomStream stream(4, Purpose::kDesign);
  const BaxusSchedule schedule(500, 990);
  SparseEmbedding embedding(500, schedule.first_targets(), stream);
  MatrixXd low = random_unit(embedding.targets(), 30, 5);
  const MatrixXd high = embedding.up(low);
  for (Index targets : schedule.targets()) {
    EXPECT_EQ(embedding.targets(), targets);
    EXPECT_EQ(low.rows(), targets);
    EXPECT_EQ(embedding.up(low), high);  // bit by bit
    std::set<std::size_t> sizes;
    for (Index t = 0; t < targets; ++t) sizes.insert(embedding.members(t).size());
    EXPECT_GE(*sizes.begin(), 1U);
    EXPECT_EQ(embedding.split(4, {}, stream, low), targets < 500);
  }
  EXPECT_EQ(embedding.targets(), 500);
  // Nothing moves together any more: any point of the inputs can be reached.
  for (Index t = 0; t < 500; ++t) EXPECT_EQ(embedding.members(t).size(), 1U);
}

TEST(SparseEmbedding, SplitsNestAndBeginWithShortLengthscales) {
  RandomStream stream(6, Purpose::kDesign);
  SparseEmbedding embedding(30, 3, stream);
  std::vector<std::vector<Index>> before;
  for (Index t = 0; t < 3; ++t) before.push_back(embedding.members(t));
  MatrixXd low = random_unit(3, 4, 7);
  const MatrixXd old = low;
  ASSERT_TRUE(embedding.split(4, VectorXd{{.9, .1, .5}}, stream, low));
  ASSERT_EQ(embedding.targets(), 12);
  // New dimensions: three of target 1, then of 2, then of 0.
  const Index parents[] = {0, 1, 2, 1, 1, 1, 2, 2, 2, 0, 0, 0};
  for (Index t = 0; t < 12; ++t) {
    EXPECT_EQ(low.row(t), old.row(parents[t]));
    const auto& inputs = before[static_cast<std::size_t>(parents[t])];
    for (Index input : embedding.members(t)) {
      EXPECT_TRUE(std::count(inputs.begin(), inputs.end(), input));
    }
  }
}

TEST(Decomposition, TreesHaveTheirEdgesAndNoCycle) {
  for (Index d : {1, 2, 7, 60}) {
    for (Index edges : {Index{-1}, Index{0}, d / 2, d - 1, d + 5}) {
      RandomStream stream(8, Purpose::kChoice);
      const Groups groups = random_tree(d, stream, edges);
      std::vector<Index> component(static_cast<std::size_t>(d));
      for (Index i = 0; i < d; ++i) component[static_cast<std::size_t>(i)] = i;
      std::set<Index> seen;
      Index pairs = 0;
      for (const auto& group : groups) {
        seen.insert(group.begin(), group.end());
        if (group.size() == 1) continue;
        ++pairs;
        ASSERT_EQ(group.size(), 2U);
        const Index a = component[static_cast<std::size_t>(group[0])];
        const Index b = component[static_cast<std::size_t>(group[1])];
        EXPECT_NE(a, b);
        std::replace(component.begin(), component.end(), a, b);
      }
      EXPECT_EQ(static_cast<Index>(seen.size()), d);
      EXPECT_EQ(pairs, std::min(edges < 0 ? std::max<Index>(1, d / 5) : edges, d - 1));
      RandomStream again(8, Purpose::kChoice);
      EXPECT_EQ(random_tree(d, again, edges), groups);
    }
  }
}

TEST(Decomposition, PartitionsAreDisjointAndMakeKernels) {
  RandomStream stream(9, Purpose::kChoice);
  const Groups groups = random_partition(11, 3, stream);
  ASSERT_EQ(groups.size(), 4U);
  std::set<Index> seen;
  for (const auto& group : groups) seen.insert(group.begin(), group.end());
  EXPECT_EQ(seen.size(), 11U);
  EXPECT_EQ(groups.back().size(), 2U);
  EXPECT_NE(groups, random_partition(11, 3, stream));
  EXPECT_EQ(kernels::additive(groups)->parameter_count(), 11 + 4);
  EXPECT_THROW(random_partition(11, 0, stream), OptionError);
}

}  // namespace
}  // namespace asktell
