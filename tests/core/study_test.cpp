// The study: trials, budgets, leases, queues, extension, files.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include <asktell/asktell.hpp>
#include <asktell/core/history.hpp>
#include <asktell/tests/core/error_id.hpp>

namespace asktell {
namespace {

Space square() {
  return Space().real("x", -5, 10).real("y", 0, 15);
}
double bowl(const Trial& trial) {
  return std::hypot(trial["x"].number(), trial["y"].number());
}

class File {
 public:
  explicit File(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              (name + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
               std::to_string(std::hash<std::string>{}(
                   ::testing::UnitTest::GetInstance()->current_test_info()->name())) +
               ".db")) {
    clean();
  }
  ~File() { clean(); }
  std::string path() const { return path_.string(); }

 private:
  void clean() {
    for (const char* suffix : {"", "-wal", "-shm"})
      std::filesystem::remove(path_.string() + suffix);
  }
  std::filesystem::path path_;
};

TEST(Study, TellingTwiceCarriesTheStoredAnswer) {
  Study study({.space = square(), .seed = 1, .solver = "random"});
  const Trial trial = study.ask();
  study.tell(trial, 1.5);
  try {
    study.tell(trial, 2.5);
    FAIL();
  } catch (const ToldTwiceError& error) {
    EXPECT_EQ(error.stored(), R"({"objectives":[1.5]})");
  }
  EXPECT_EQ(trial.value(), 1.5);
  study.amend(trial.number(), Values{.objectives = {2.5}});
  EXPECT_EQ(trial.value(), 2.5);
}

TEST(Study, ValuesThatAreNotFiniteAreFailures) {
  Study study({.space = square(), .seed = 1, .solver = "random"});
  const Trial trial = study.ask();
  study.tell(trial, NAN);
  EXPECT_EQ(trial.state(), TrialState::kFailed);
  EXPECT_EQ(std::get<Failure>(*trial.answer()).reason, "value is nan");
  EXPECT_FALSE(study.best());
}

TEST(Study, BudgetIsExactAndLapsedLeasesFreeIt) {
  double now = 100;
  Study study(
      {.space = square(), .seed = 1, .solver = "random", .n_trials = 3, .lease = 10, .clock = [&] {
         return now;
       }});
  const auto trials = study.ask(5);
  ASSERT_EQ(trials.size(), 3u);
  EXPECT_TRUE(study.exhausted());
  EXPECT_FALSE(study.ask());
  now = 120;
  const Trial fresh = study.ask();
  ASSERT_TRUE(fresh);
  EXPECT_EQ(trials[0].state(), TrialState::kLapsed);
  study.tell(trials[0], 7.0);  // late, and counts once
  EXPECT_EQ(study.best().number(), 0);
  EXPECT_EQ(error_id([&] { study.tell(trials[0], 8.0); }), "told-twice");
}

TEST(Study, EnqueuedPointsComeNextAndOutsideOnesCostNothing) {
  Study study({.space = square(), .seed = 1, .solver = "random", .n_trials = 2});
  study.tell_point({{"x", 1.0}, {"y", 1.0}}, Values{.objectives = {2}});
  study.enqueue({{"x", 3.25}});
  const Trial first = study.ask();
  EXPECT_EQ(first.origin(), Origin::kEnqueued);
  EXPECT_EQ(first["x"].number(), 3.25);
  EXPECT_EQ(first["y"].number(), 7.5);  // the middle
  EXPECT_EQ(study.ask().origin(), Origin::kDesign);
  EXPECT_FALSE(study.ask());
}

TEST(Study, MaximizingKeepsTheUsersSign) {
  Study study({.space = square(), .seed = 1, .solver = "random", .direction = "maximize"});
  for (double value : {1.0, 5.0, 3.0}) study.tell(study.ask(), value);
  EXPECT_EQ(study.best().value(), 5);
}

TEST(Study, FixedValuesAreExact) {
  Study study({.space = square(), .seed = 1, .solver = "random"});
  const Trial trial = study.ask({.fixed = {{"x", 0.1}}});
  EXPECT_EQ(trial["x"].number(), 0.1);
}

TEST(Study, ContextComesWithEachAsk) {
  ParameterOptions context;
  context.role = Role::kContext;
  for (const std::string solver : {"random", "gp_bo"}) {
    Study study({.space = Space().real("x", 0, 1).real("load", 0, 1, context),
                 .seed = 1,
                 .solver = solver});
    EXPECT_EQ(error_id([&] { study.ask(); }), "study.context-missing");
    EXPECT_EQ(error_id([&] { study.ask({.context = {{"load", 2.0}}}); }), "point.bounds");
    for (int i = 0; i < 12; ++i) {
      const Trial trial = study.ask({.context = {{"load", i / 12.0}}});
      EXPECT_EQ(trial["load"].number(), i / 12.0);
      study.tell(trial, std::abs(trial["x"].number() - trial["load"].number()));
    }
    EXPECT_EQ(study.size(), 12u);
  }
}

TEST(Study, ChoosesFromAList) {
  Study study({.space = square(), .seed = 1, .solver = "gp_bo"});
  const std::vector<Assignment> list = {{{"x", 0.1}, {"y", 0.7}}, {{"x", 0.3}, {"y", 22.0 / 3}}};
  study.enqueue({{"x", 0.9}});
  EXPECT_EQ(error_id([&] { study.ask_from({}); }), "study.no-candidates");
  EXPECT_EQ(error_id([&] {
              study.ask_from(list, 1, {.fixed = {{"x", 0.1}}});
            }),
            "study.fixed-candidates");
  const std::vector<Assignment> outside = {list[0], {{"x", 70.0}, {"y", 0.5}}};
  EXPECT_EQ(error_id([&] { study.ask_from(outside); }), "point.bounds");
  EXPECT_EQ(study.size(), 0u);

  const auto trials = study.ask_from(list, 5);
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0]["y"].number(), 22.0 / 3);  // nearer to the middle
  EXPECT_EQ(trials[1]["y"].number(), 0.7);
  EXPECT_TRUE(study.ask_from(list).empty());
  EXPECT_EQ(study.ask()["x"].number(), 0.9);  // the queue waited
}

TEST(Study, AListComesWithItsContext) {
  ParameterOptions context;
  context.role = Role::kContext;
  Study study({.space = Space().real("x", 0, 1).real("load", 0, 1, context),
               .seed = 1,
               .solver = "random"});
  const std::vector<Assignment> list = {{{"x", 0.25}}};
  EXPECT_EQ(error_id([&] { study.ask_from(list); }), "study.context-missing");
  const auto trials = study.ask_from(list, 1, {.context = {{"load", 0.5}}});
  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(trials[0]["load"].number(), 0.5);
  EXPECT_EQ(trials[0]["x"].number(), 0.25);
}

TEST(Study, ASolverThatCannotChooseFromAListNamesThoseThatCan) {
  Study study({.space = square(), .seed = 1, .solver = "nlopt.cobyla"});
  const std::vector<Assignment> list = {{{"x", 0.1}, {"y", 0.7}}};
  try {
    study.ask_from(list);
    FAIL();
  } catch (const SolverError& error) {
    EXPECT_NE(std::string(error.what()).find("gp_bo"), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("sobol"), std::string::npos) << error.what();
  }
}

TEST(Study, ReopenedStudyGoesOnAsUnbroken) {
  for (const std::string solver : {"random", "sobol", "gp_bo"}) {
    File file("reopen");
    std::vector<std::string> broken, unbroken;
    for (int i = 0; i < 12; ++i) {
      Study study({.space = square(), .file = file.path(), .seed = 3, .solver = solver});
      const Trial trial = study.ask();
      broken.push_back(trial.point().to_json());
      study.tell(trial, bowl(trial));
    }
    Study study({.space = square(), .seed = 3, .solver = solver});
    for (int i = 0; i < 12; ++i) {
      const Trial trial = study.ask();
      unbroken.push_back(trial.point().to_json());
      study.tell(trial, bowl(trial));
    }
    EXPECT_EQ(broken, unbroken) << solver;
  }
}

TEST(Study, TwoStudiesOnOneFileSeeEachOther) {
  File file("two");
  Study a({.space = square(), .file = file.path(), .seed = 3, .solver = "sobol", .n_trials = 4});
  Study b({.file = file.path()});
  std::set<std::string> points;
  for (int i = 0; i < 2; ++i) {
    points.insert(a.ask().point().to_json());
    points.insert(b.ask().point().to_json());
  }
  EXPECT_EQ(points.size(), 4u);
  EXPECT_TRUE(a.exhausted() && b.exhausted());
  EXPECT_EQ(a.size(), 4u);
}

TEST(Study, ExtensionIsAnEvent) {
  File file("extend");
  {
    Study study({.space = square(), .file = file.path(), .seed = 3, .solver = "gp_bo"});
    for (int i = 0; i < 5; ++i) study.tell(study.ask(), i);
    study.extend(Space().real("x", -5, 20).real("y", 0, 15).boolean("z", {.default_value = false}));
    EXPECT_TRUE(study.ask().point().has("z"));
  }
  Study study({.file = file.path()});
  EXPECT_EQ(study.trial(0)["z"].integer(), 0);
  EXPECT_EQ(error_id([&] { study.extend(square()); }), "space.extend");
}

TEST(Study, AChangedSpaceIsShown) {
  File file("changed");
  Study({.space = square(), .file = file.path(), .seed = 3});
  try {
    Study({.space = Space().real("x", -5, 10).real("y", 0, 16), .file = file.path()});
    FAIL();
  } catch (const StudyError& error) {
    EXPECT_NE(std::string(error.what()).find("y: real [0, 15] -> real [0, 16]"), std::string::npos)
        << error.what();
  }
}

TEST(Study, FilesThatAreNoStudiesAreRefused) {
  File file("nostudy");
  std::ofstream(file.path()) << std::string(5000, 'x');
  EXPECT_EQ(error_id([&] { Study({.file = file.path()}); }), "storage.not-a-study");
  EXPECT_EQ(error_id([] { Study({.file = "/nowhere/study.db"}); }), "storage.no-study");
  EXPECT_EQ(error_id([] { Study({.space = square(), .file = "/nowhere/study.db"}); }),
            "storage.folder");
}

TEST(Study, MedianRuleStopsTheWorse) {
  Study study({.space = square(), .seed = 1, .solver = "random"});
  for (int i = 0; i < 5; ++i) {
    const Trial trial = study.ask();
    trial.report(1, i);
    study.tell(trial, i);
  }
  const Trial bad = study.ask(), good = study.ask();
  bad.report(1, 2.5);
  good.report(1, 1.5);
  EXPECT_TRUE(bad.should_stop());
  EXPECT_FALSE(good.should_stop());
  bad.stop("worse than the median");
  EXPECT_EQ(bad.state(), TrialState::kStopped);
}

TEST(Study, SmallSpacesAreExhaustedWithoutRepeats) {
  for (const std::string solver : {"grid", "random", "sobol", "gp_bo", "auto"}) {
    Study study({.space = Space().boolean("a").boolean("b"), .seed = 1, .solver = solver});
    std::set<std::string> points;
    while (const Trial trial = study.ask()) {
      points.insert(trial.point().to_json());
      study.tell(trial, static_cast<double>(points.size()));
    }
    EXPECT_EQ(points.size(), 4u) << solver;
    EXPECT_EQ(study.size(), 4u) << solver;
    EXPECT_TRUE(study.exhausted());
  }
}

TEST(Study, ParetoHoldsWhatNothingDominates) {
  Study study({.space = square(), .seed = 1, .solver = "random", .objectives = {{"a"}, {"b"}}});
  for (const auto& [a, b] :
       std::vector<std::pair<double, double>>{{1, 5}, {2, 2}, {3, 3}, {5, 1}}) {
    study.tell(study.ask(), Values{.objectives = {a, b}});
  }
  std::vector<std::int64_t> numbers;
  for (const Trial& trial : study.pareto()) numbers.push_back(trial.number());
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{0, 1, 3}));
}

TEST(Study, InfeasibleTrialsAreNeverBest) {
  Study study({.space = square(), .seed = 1, .solver = "random", .constraints = {"weight"}});
  study.tell(study.ask(), Values{.objectives = {1}, .constraints = {0.5}});
  EXPECT_FALSE(study.best());
  study.tell(study.ask(), Values{.objectives = {2}, .constraints = {-0.5}});
  EXPECT_EQ(study.best().number(), 1);
  EXPECT_EQ(error_id([&] { study.tell(study.ask(), 1.0); }), "study.wrong-answer");
}

TEST(Study, WrongCallsNameTheWayOut) {
  Study study({.space = square(), .seed = 1, .solver = "random"});
  EXPECT_EQ(error_id([&] { study.tell(7, Values{.objectives = {1}}); }), "study.unknown-trial");
  EXPECT_EQ(error_id([&] {
              study.tell(study.ask(), Values{.objectives = {1, 2}});
            }),
            "study.wrong-answer");
  EXPECT_EQ(error_id([] { Study({.space = square(), .solver = "gp_boo"}); }), "solver.unknown");
  EXPECT_EQ(error_id([] {
              Study({.space = square(), .solver = "gp_bo", .options = {{"warps", true}}});
            }),
            "option.unknown");
  EXPECT_EQ(error_id([] { Study({.space = Space().boolean("b"), .solver = "nlopt.cobyla"}); }),
            "solver.capability");
  EXPECT_EQ(error_id([] { Study({.solver = "random"}); }), "space.empty");
}

TEST(Study, ImportsTables) {
  File file("csv");
  std::ofstream(file.path()) << "x,y,value\n1,2,5\n\"3\",4,25\n";
  Study study({.space = square(), .seed = 1, .solver = "random"});
  EXPECT_EQ(study.import_csv(file.path()), 2u);
  EXPECT_EQ(study.best().value(), 5);
  std::ofstream(file.path()) << "x,y,value\n1,2,5\n1,200,5\n";
  EXPECT_EQ(error_id([&] { study.import_csv(file.path()); }), "point.csv");
  EXPECT_EQ(study.size(), 2u);  // nothing of the bad table
}

TEST(Study, ReaderShowsBestWithoutSolver) {
  File file("reader");
  Study study({.space = square(),
               .file = file.path(),
               .seed = 3,
               .solver = "random",
               .direction = "maximize"});
  for (double value : {1.0, 9.0, 4.0}) study.tell(study.ask(), value);
  study.fail(study.ask(), "mesh did not converge");
  const StudyReader reader(file.path());
  EXPECT_EQ(reader.best()->number, 1);
  EXPECT_EQ(reader.best()->params, study.trial(1).point().to_json());
  EXPECT_EQ(reader.rows()[3].note, "mesh did not converge");
  EXPECT_EQ(reader.count(TrialState::kTold), 3u);
}

}  // namespace
}  // namespace asktell
