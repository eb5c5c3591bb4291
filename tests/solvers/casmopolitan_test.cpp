// casmopolitan: radii of the mixed region against the published schedule, candidates in the Hamming
// ball, and what it asks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <asktell/core/study.hpp>
#include <asktell/solvers/bayesian/region_geometry.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using testing::HandFed;
using testing::make_solver;
using testing::next_ask;

Space mixed(int categories) {
  Space space;
  space.real("x", 0, 1).real("y", 0, 1);
  for (int i = 0; i < categories; ++i) {
    space.categorical("c" + std::to_string(i), {"a", "b", "c", "d"});
  }
  return space;
}

double value_of(const Point& point) {
  const std::vector<double> unit = point.unit();
  double sum = std::pow(unit[0] - 0.7, 2) + std::pow(unit[1] - 0.2, 2);
  for (std::size_t i = 2; i < unit.size(); ++i) {
    sum += std::abs(unit[i] - (i % 2 == 0 ? 0.125 : 0.625)) < 1e-9 ? 0 : 0.3;
  }
  return sum;
}

// Radii from the constants of MCBO (bo_builder.py, casmo_tr_manager.py): numbers .8, at most 1, end
// below 2^-5; categories ceil(.8 n), whole numbers, end below 1; factor 1.5 after 3 successes or 40
// failures. Worked out by hand.
TEST(MixedRadii, RadiiFollowThePublishedSchedule) {
  MixedRadii shrinking(3, 10);
  EXPECT_EQ(shrinking.categories(), 8);
  std::vector<Index> categories;
  std::vector<double> lengths;
  while (!shrinking.collapsed()) {
    for (int i = 0; i < 40; ++i) shrinking.judge(false);
    categories.push_back(shrinking.categories());
    lengths.push_back(shrinking.length());
  }
  EXPECT_EQ(categories, (std::vector<Index>{5, 3, 2, 1, 0}));
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    EXPECT_NEAR(lengths[i], 0.8 / std::pow(1.5, static_cast<double>(i + 1)), 1e-15);
  }
  MixedRadii growing(3, 10);
  for (int i = 0; i < 3; ++i) growing.judge(true);
  EXPECT_EQ(growing.categories(), 10);
  EXPECT_EQ(growing.length(), 1);
}

TEST(MixedRadii, NumbersAloneEndAfterEightShrinkings) {
  MixedRadii region(4, 0);
  int shrinkings = 0;
  for (; !region.collapsed(); ++shrinkings) {
    for (int i = 0; i < 40; ++i) region.judge(false);
  }
  EXPECT_EQ(shrinkings, 8);  // .8 / 1.5^8 = .0312 < 2^-5
  MixedRadii single(0, 1);
  for (int i = 0; i < 4000; ++i) single.judge(false);
  EXPECT_FALSE(single.collapsed());
  EXPECT_EQ(single.categories(), 1);
}

TEST(RegionCandidates, StayInTheHammingBall) {
  const Space space = mixed(12);
  const RegionGeometry geometry(space);
  EXPECT_EQ(geometry.categories(), 12);
  RegionGeometry::Candidates from;
  from.centre = VectorXd::Constant(14, 0.375);
  from.box = geometry.box(from.centre, VectorXd::Ones(14), 0.2);
  from.categories = 3;
  RandomStream stream(2, Purpose::kCandidates);
  const MatrixXd x = geometry.draw(from, 500, stream);
  Index most = 0;
  for (Index j = 0; j < x.cols(); ++j) {
    const VectorXd moved = (x.col(j) - from.centre).tail(12).cwiseAbs();
    most = std::max<Index>(most, (moved.array() > 1e-9).count());
    EXPECT_LE((x.col(j) - from.centre).head(2).cwiseAbs().maxCoeff(), 0.1 + 1e-12);
  }
  EXPECT_EQ(most, 3);
}

TEST(Casmopolitan, FindsNumbersAndCategories) {
  StudyOptions options;
  options.space = mixed(8);
  options.solver = "casmopolitan";
  options.seed = 3;
  Study study(options);
  for (int i = 0; i < 90; ++i) {
    const Trial trial = study.ask();
    study.tell(trial, value_of(trial.point()));
  }
  EXPECT_LT(study.best().value(), 0.01);  // each wrong category costs 0.3
}

TEST(Casmopolitan, ACollapsedRegionBeginsAnewElsewhere) {
  Problem problem;
  problem.space = mixed(3);
  HandFed fed(problem);
  const auto solver = make_solver("casmopolitan", problem, {{"n_initial", 4}});
  for (int i = 0; i < 300; ++i) {
    const std::vector<std::int64_t> asked = fed.ask(*solver, 2);
    for (std::int64_t trial : asked) fed.tell(trial, Values{{5.0}});
    const std::string& note = fed.history.ask_note(static_cast<std::size_t>(asked.back()));
    if (note.find("start 1, design") != std::string::npos) {
      const auto fresh = make_solver("casmopolitan", problem, {{"n_initial", 4}});
      EXPECT_EQ(next_ask(*fresh, fed, fed.history, 2), next_ask(*solver, fed, fed.history, 2));
      return;
    }
  }
  FAIL() << "no second start in 600 trials without success";
}

TEST(Casmopolitan, OrderOfAnswersDoesNotMatter) {
  Problem problem;
  problem.space = mixed(4);
  const auto after = [&](bool backwards) {
    return testing::next_after_batches("casmopolitan", problem, {}, 6, 3, backwards, value_of);
  };
  EXPECT_EQ(after(false), after(true));
}

}  // namespace
}  // namespace asktell
