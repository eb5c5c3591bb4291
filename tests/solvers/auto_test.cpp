// What `auto` picks, and that it says so. Solvers of other folders are expected under their names.
#include <gtest/gtest.h>

#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/study.hpp>

namespace asktell {
namespace {

std::string choice(StudyOptions options) {
  options.seed = 1;
  options.solver = "auto";
  return Study(std::move(options)).diagnostics().description;
}

bool chooses(const std::string& description, const std::string& solver) {
  return description.rfind("auto chose " + solver + ": ", 0) == 0;
}

TEST(Auto, FewDimensionsGoToGaussianProcesses) {
  const std::string said = choice({.space = Space().real("x", 0, 1).categorical("c", {"a", "b"})});
  EXPECT_TRUE(chooses(said, "portfolio")) << said;
}

TEST(Auto, SmallFiniteExactSpaceIsAGrid) {
  const std::string said = choice({.space = Space().integer("i", 1, 4).boolean("b")});
  EXPECT_TRUE(chooses(said, "grid")) << said;
  EXPECT_NE(said.find("8 points"), std::string::npos) << said;
}

TEST(Auto, SmallFiniteNoisySpaceIsABandit) {
  const std::string said =
      choice({.space = Space().categorical("arm", {"a", "b", "c"}), .noise = 0.1});
  EXPECT_TRUE(chooses(said, "bandit.tsallis_inf")) << said;
}

TEST(Auto, ManyRealsAndTrialsGoToLocalModels) {
  ParameterOptions options;
  options.size = 100;
  const Space reals = Space().real("x", 0, 1, options);
  EXPECT_TRUE(chooses(choice({.space = reals, .n_trials = 400}), "nlopt.bobyqa"));
  EXPECT_TRUE(chooses(choice({.space = reals, .n_trials = 399}), "portfolio"));
  EXPECT_TRUE(chooses(choice({.space = reals}), "portfolio"));
  const Space mixed = Space().real("x", 0, 1, options).categorical("c", {"a", "b"});
  EXPECT_TRUE(chooses(choice({.space = mixed, .n_trials = 1000}), "portfolio"));
}

TEST(Auto, MoreParametersThanModelsTakeGoToSubspaces) {
  ParameterOptions options;
  options.size = 500;
  const Space reals = Space().real("x", 0, 1, options);
  EXPECT_TRUE(chooses(choice({.space = reals, .n_trials = 100}), "portfolio"));
  EXPECT_TRUE(chooses(choice({.space = reals, .n_trials = 500}), "baxus"));
  const Space integers = Space().integer("x", 0, 9, options);
  EXPECT_TRUE(chooses(choice({.space = integers, .n_trials = 100}), "tpe"));
  options.likely = {0.2, 0.4};  // which neither baxus nor tpe heeds
  const Space believed = Space().real("x", 0, 1, options);
  EXPECT_TRUE(chooses(choice({.space = believed, .n_trials = 500}), "portfolio"));
}

TEST(Auto, ManyTrialsGoToLocalSearches) {
  const Space space = Space().real("x", 0, 1).real("y", 0, 1);
  EXPECT_TRUE(chooses(choice({.space = space, .n_trials = 100000}), "nlopt.mlsl"));
  EXPECT_TRUE(chooses(choice({.space = space, .noise = 0.1, .n_trials = 100000}), "portfolio"));
}

TEST(Auto, OtherOraclesHaveTheirSolvers) {
  const Space space = Space().real("x", -1, 1);
  EXPECT_TRUE(chooses(choice({.space = space, .oracle = Oracle::kCompare}), "zo.rank_sgd"));
  EXPECT_TRUE(chooses(choice({.oracle = Oracle::kPerturb}), "zo.sgd"));
  EXPECT_TRUE(chooses(
      choice({.space = space, .oracle = Oracle::kConsult, .lower_space = Space().real("y", -1, 1)}),
      "bilevel.f2sa"));
}

TEST(Auto, AsksAsTheChosenSolverDoes) {
  const Space space = Space().integer("i", 1, 4).boolean("b");
  Study automatic({.space = space, .seed = 4, .solver = "auto"});
  Study grid({.space = space, .seed = 4, .solver = "grid"});
  for (int i = 0; i < 8; ++i) EXPECT_EQ(automatic.ask().point(), grid.ask().point());
}

TEST(Auto, SeveralObjectivesAndConstraintsStillGetASolver) {
  const std::string said = choice({.space = Space().real("x", 0, 1).categorical("c", {"a", "b"}),
                                   .objectives = {{"cost"}, {"yield", Direction::kMaximize}},
                                   .constraints = {"heat"}});
  EXPECT_EQ(said.rfind("auto chose ", 0), 0u) << said;
}

}  // namespace
}  // namespace asktell
