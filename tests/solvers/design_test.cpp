// random, sobol and grid: coverage, no repetition in finite spaces, constraints, order of cells.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include <asktell/core/errors.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/core/study.hpp>

namespace asktell {
namespace {

ParameterOptions stepped(double step) {
  ParameterOptions options;
  options.step = step;
  return options;
}

Space finite_space() {  // 3 * 4 * 2 = 24 points
  return Space().integer("i", 1, 3).categorical("c", {"a", "b", "c", "d"}).boolean("b");
}

TEST(SobolPoints, TwoToTheKPointsFillEveryDyadicCell) {
  // A (t, s)-net in base 2 with t = 0 in one dimension: each of 64 intervals holds one of 64 points
  // (Niederreiter 1992, definition 4.1); Owen scrambling preserves it (Owen 1998).
  const SobolPoints points(7, 11);
  std::vector<double> unit(7);
  for (std::uint64_t block = 0; block < 4; ++block) {
    std::vector<std::set<int>> cells(7);
    for (std::uint64_t i = 0; i < 64; ++i) {
      points.point(64 * block + i, unit);
      for (std::size_t j = 0; j < 7; ++j) cells[j].insert(static_cast<int>(unit[j] * 64));
    }
    for (const auto& seen : cells) EXPECT_EQ(seen.size(), 64u);
  }
}

TEST(SobolPoints, FirstTwoCoordinatesAreANetOfQualityZero) {
  // Coordinates 1 and 2 of Sobol's sequence form a (0, 2)-sequence: each of the 16 x 16 squares
  // holds exactly one of 256 points.
  const SobolPoints points(2, 3);
  std::vector<double> unit(2);
  std::set<int> cells;
  for (std::uint64_t i = 0; i < 256; ++i) {
    points.point(i, unit);
    cells.insert(static_cast<int>(unit[0] * 16) * 16 + static_cast<int>(unit[1] * 16));
  }
  EXPECT_EQ(cells.size(), 256u);
}

TEST(SobolPoints, DifferentSeedsScrambleDifferently) {
  std::vector<double> a(3), b(3);
  SobolPoints(3, 1).point(5, a);
  SobolPoints(3, 2).point(5, b);
  EXPECT_NE(a, b);
  EXPECT_THROW(SobolPoints(3668, 1), SolverError);
}

TEST(Sobol, AskedPointsAreBalancedWhateverTheBatches) {
  Study study({.space = Space().real("x", 0, 1).real("y", 0, 1), .seed = 3, .solver = "sobol"});
  std::set<int> cells;
  std::size_t asked = 0;
  for (std::size_t count : {1, 5, 10, 16, 32}) {
    for (const Trial& trial : study.ask(count)) {
      cells.insert(static_cast<int>(double(trial["x"]) * 64));
      ++asked;
    }
    study.enqueue({{"x", 0.5}, {"y", 0.5}});  // takes no place in the sequence
    EXPECT_EQ(study.ask().origin(), Origin::kEnqueued);
  }
  EXPECT_EQ(asked, 64u);
  EXPECT_EQ(cells.size(), 64u);
}

TEST(Sobol, SkipsInfeasiblePointsOnce) {
  Space space = Space().real("x", 0, 1).real("y", 0, 1);
  space.constraint("x + y <= 0.1");  // a share of 0.005
  Study study({.space = space, .seed = 3, .solver = "sobol"});
  for (const Trial& trial : study.ask(50)) {
    EXPECT_LE(double(trial["x"]) + double(trial["y"]), 0.1);
    EXPECT_EQ(trial.origin(), Origin::kDesign);
  }
}

TEST(Random, CoordinatesAreUniform) {
  Study study(
      {.space = Space().real("x", -5, 10).integer("i", 0, 9), .seed = 3, .solver = "random"});
  double mean = 0;
  std::map<int, int> counts;
  for (const Trial& trial : study.ask(4000)) {
    mean += double(trial["x"]) / 4000;
    ++counts[trial["i"]];
  }
  // Standard error of the mean: 15 / sqrt(12 * 4000) = 0.068; of a count: sqrt(400 * 0.9) = 19.
  EXPECT_NEAR(mean, 2.5, 5 * 0.068);
  for (int i = 0; i < 10; ++i) EXPECT_NEAR(counts[i], 400, 5 * 19) << i;
}

class FiniteSpace : public testing::TestWithParam<const char*> {};

TEST_P(FiniteSpace, IsWalkedWithoutRepetitionUntilExhausted) {
  Study study({.space = finite_space(), .seed = 3, .solver = GetParam()});
  std::set<std::vector<double>> seen;
  study.tell_point({{"i", 2}, {"c", "b"}, {"b", true}}, Values{{1.0}});
  seen.insert({2, 1, 1});
  for (int i = 0; i < 23; ++i) {
    EXPECT_FALSE(study.exhausted());
    const Trial trial = study.ask();
    ASSERT_TRUE(trial);
    EXPECT_TRUE(seen.insert(trial.vector()).second) << trial;
    study.tell(trial, 1.0 * i);
  }
  EXPECT_TRUE(study.exhausted());
  EXPECT_FALSE(study.ask());
}

TEST_P(FiniteSpace, BatchIsCutWhereTheSpaceEnds) {
  Study study({.space = finite_space(), .seed = 3, .solver = GetParam()});
  EXPECT_EQ(study.ask(1000).size(), 24u);
}

TEST_P(FiniteSpace, FixedValuesAreHeededWhileNewPointsRemain) {
  Study study({.space = finite_space(), .seed = 3, .solver = GetParam()});
  std::set<std::vector<double>> seen;
  for (int i = 0; i < 6; ++i) {  // 3 * 2 points have c = "d"
    const Trial trial = study.ask({.fixed = {{"c", "d"}}});
    ASSERT_TRUE(trial);
    EXPECT_EQ(trial["c"], Value("d"));
    EXPECT_TRUE(seen.insert(trial.vector()).second) << trial;
  }
}

INSTANTIATE_TEST_SUITE_P(Designs, FiniteSpace, testing::Values("random", "sobol", "grid"));

TEST(Random, NoisyFiniteSpaceIsNeverExhausted) {
  Study study({.space = finite_space(), .seed = 3, .solver = "random", .noise = 1.0});
  EXPECT_EQ(study.ask(100).size(), 100u);
}

TEST(Random, ThinFeasibleSetIsReachedFromAKnownPoint) {
  // A share of about 3e-5: the quick draws miss it, a told point leads into it.
  Space space = Space().real("x", 0, 1).real("y", 0, 1).real("z", 0, 1);
  space.constraint("x + y + z <= 0.056");
  Study study({.space = space, .seed = 3, .solver = "random"});
  study.tell_point({{"x", 0.01}, {"y", 0.01}, {"z", 0.01}}, Values{{1.0}});
  for (int i = 0; i < 10; ++i) {
    const Trial trial = study.ask();
    EXPECT_LE(double(trial["x"]) + double(trial["y"]) + double(trial["z"]), 0.056);
  }
}

std::vector<std::vector<double>> grid_points(const Space& space, const Assignment& options) {
  Study study({.space = space, .seed = 3, .solver = "grid", .options = options});
  std::vector<std::vector<double>> out;
  for (const Trial& trial : study.ask(100000)) out.push_back(trial.vector());
  return out;
}

TEST(Grid, LexicographicOrderRunsTheLastParameterFirst) {
  const auto points = grid_points(Space().real("x", 0, 1).integer("i", 1, 2),
                                  {{"levels", 3}, {"order", "lexicographic"}});
  const std::vector<std::vector<double>> expected = {{0, 1},   {0, 2}, {0.5, 1},
                                                     {0.5, 2}, {1, 1}, {1, 2}};
  EXPECT_EQ(points, expected);
}

TEST(Grid, ShuffledOrderVisitsEveryCellOnce) {
  auto points = grid_points(Space().real("x", 0, 1).integer("i", 1, 7), {{"levels", 9}});
  EXPECT_EQ(points.size(), 63u);
  EXPECT_FALSE(std::is_sorted(points.begin(), points.end()));
  std::sort(points.begin(), points.end());
  EXPECT_EQ(std::unique(points.begin(), points.end()), points.end());
}

TEST(Grid, CountsPermutationsSubsetsAndConditionsRight) {
  ParameterOptions when;
  when.when = {{.parent = "flag", .values = {true}}};
  EXPECT_EQ(grid_points(Space().permutation("p", 4), {}).size(), 24u);  // 4!
  // C(5,2) + C(5,3) = 20 subsets of five with two or three members.
  EXPECT_EQ(grid_points(Space().subset("s", 5, 2, 3), {}).size(), 20u);
  // flag false: one point; flag true: 5 values of i.
  EXPECT_EQ(grid_points(Space().boolean("flag").integer("i", 1, 5, when), {}).size(), 6u);
  EXPECT_EQ(grid_points(Space().real("x", 0, 1, stepped(0.25)), {}).size(), 5u);
}

TEST(Grid, LapsedCellIsOfferedAgain) {
  double now = 0;
  Study study(
      {.space = Space().integer("i", 1, 4), .seed = 3, .solver = "grid", .lease = 10, .clock = [&] {
         return now;
       }});
  const auto first = study.ask(4);
  ASSERT_EQ(first.size(), 4u);
  for (int i : {0, 1, 3}) study.tell(first[i], 1.0);
  EXPECT_FALSE(study.ask());
  now = 11;
  const Trial again = study.ask();
  ASSERT_TRUE(again);
  EXPECT_EQ(again.point(), first[2].point());
}

TEST(Grid, TooManyCellsAreRefusedWithAWayOut) {
  Space space;
  for (int i = 0; i < 20; ++i) space.real("x" + std::to_string(i), 0, 1);
  try {
    Study study({.space = space, .seed = 3, .solver = "grid"});
    FAIL() << "a grid of 10^20 cells was accepted";
  } catch (const OptionError& error) {
    EXPECT_EQ(error.id(), "option.levels");
    EXPECT_NE(std::string(error.what()).find("sobol"), std::string::npos);
  }
}

}  // namespace
}  // namespace asktell
