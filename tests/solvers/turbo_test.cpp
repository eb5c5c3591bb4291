// turbo1 and turbo_m: geometry of regions against the oracle, state read from the history, and
// answers that a trust region must survive.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include <asktell/core/errors.hpp>
#include <asktell/core/study.hpp>
#include <asktell/solvers/bayesian/observations.hpp>
#include <asktell/solvers/bayesian/region_geometry.hpp>
#include <asktell/solvers/bayesian/region_log.hpp>
#include <asktell/solvers/bayesian/region_samples.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>
#include <asktell/tests/solvers/over_seeds.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using testing::HandFed;
using testing::make_solver;
using testing::unit_cube;

double bowl(const Point& point) {
  double sum = 0;
  for (double u : point.unit()) sum += (u - 0.3) * (u - 0.3);
  return sum;
}

// theta of a space_kernel with these length-scales.
VectorXd theta_of(const Kernel& kernel, const std::vector<double>& lengthscales) {
  VectorXd theta = starting_theta(kernel);
  for (std::size_t i = 0; i < lengthscales.size(); ++i) {
    theta[static_cast<Index>(i)] = std::log(lengthscales[i]);
  }
  return theta;
}

TEST(RegionLength, BoxOfTheOracle) {
  // Weights and bounds of the authors' code (turbo_1.py) for l = (.2, .5, 1.5), c = (.1, .5, .95),
  // L = .8, computed independently in double precision.
  const Space space = unit_cube(3);
  const RegionGeometry geometry(space);
  const KernelPtr kernel = space_kernel(space);
  const VectorXd weights = geometry.side_weights(*kernel, theta_of(*kernel, {0.2, 0.5, 1.5}));
  EXPECT_LT((weights - Eigen::Vector3d(0.376414411552, 0.941036028881, 2.823108086643)).norm(),
            1e-11);
  const RegionBox box = geometry.box(Eigen::Vector3d(0.1, 0.5, 0.95), weights, 0.8);
  EXPECT_LT((box.low - Eigen::Vector3d(0, 0.123585588448, 0)).norm(), 1e-11);
  EXPECT_LT((box.high - Eigen::Vector3d(0.250565764621, 0.876414411552, 1)).norm(), 1e-11);
}

TEST(RegionLength, SevenHalvingsFromStartToCollapse) {
  RegionLength region({.failures = 4});
  std::vector<double> lengths;
  while (!region.collapsed()) {
    region.judge(false, 2);
    region.judge(false, 2);
    lengths.push_back(region.length());
  }
  EXPECT_EQ(lengths, (std::vector<double>{0.4, 0.2, 0.1, 0.05, 0.025, 0.0125, 0.00625}));
}

TEST(RegionLength, ThreeSuccessesDoubleAndFailuresBreakTheRow) {
  RegionLength region({.failures = 4});
  region.judge(true, 1);
  region.judge(true, 1);
  region.judge(false, 1);
  region.judge(true, 1);
  EXPECT_EQ(region.length(), 0.8);
  region.judge(true, 1);
  region.judge(true, 1);
  EXPECT_EQ(region.length(), 1.6);
  for (int i = 0; i < 3; ++i) region.judge(true, 1);
  EXPECT_EQ(region.length(), 1.6);  // no further
}

TEST(RegionLength, FailuresInPointsAreTheAuthorsFailuresInBatches) {
  // turbo_1.py: ceil(max(4 / q, d / q)) batches.
  for (double d : {1.0, 4.0, 10.0, 33.0}) {
    for (std::size_t q : {1u, 3u, 4u, 10u, 50u}) {
      RegionLength region({.failures = std::max(4.0, d)});
      int batches = 0;
      while (region.length() == 0.8) {
        region.judge(false, q);
        ++batches;
      }
      const double size = static_cast<double>(q);
      EXPECT_EQ(batches, std::ceil(std::max(4 / size, d / size))) << d << " " << q;
    }
  }
}

TEST(RegionLength, AnImprovementIsAThousandth) {
  EXPECT_TRUE(is_improvement(-10.02, -10));
  EXPECT_FALSE(is_improvement(-10.005, -10));
  EXPECT_TRUE(is_improvement(-1e-300, 0));
  EXPECT_FALSE(is_improvement(HUGE_VAL, HUGE_VAL));
}

RegionGeometry::Candidates around(const RegionGeometry& geometry, const VectorXd& centre,
                                  double length) {
  RegionGeometry::Candidates from;
  from.centre = centre;
  from.length = length;
  from.box = geometry.box(centre, VectorXd::Ones(centre.size()), length);
  from.seed = 3;
  return from;
}

TEST(RegionCandidates, MoveAboutTwentyCoordinatesInsideTheBox) {
  const Space space = unit_cube(100);
  const RegionGeometry geometry(space);
  const auto from = around(geometry, VectorXd::Constant(100, 0.4), 0.2);
  RandomStream stream(1, Purpose::kCandidates);
  const MatrixXd x = geometry.draw(from, 2000, stream);
  VectorXd moved(2000);
  for (Index j = 0; j < 2000; ++j) {
    moved[j] = static_cast<double>(((x.col(j) - from.centre).array().abs() > 1e-12).count());
    EXPECT_GE((x.col(j) - from.box.low).minCoeff(), -1e-12);
    EXPECT_LE((x.col(j) - from.box.high).maxCoeff(), 1e-12);
  }
  EXPECT_GE(moved.minCoeff(), 1);
  EXPECT_NEAR(moved.mean(), 20, 0.5);  // binomial(100, .2): standard error of the mean .09
  const VectorXd last = (x.row(99).array() - 0.4).abs();
  EXPECT_GT((last.array() > 1e-12).count(), 300);  // the authors' draw never forces the last one
}

TEST(RegionCandidates, OneCoordinateIsAlwaysMoved) {
  const RegionGeometry geometry(unit_cube(1));
  RandomStream stream(1, Purpose::kCandidates);
  const MatrixXd x = geometry.draw(around(geometry, VectorXd::Constant(1, 0.5), 0.1), 100, stream);
  EXPECT_EQ(((x.array() - 0.5).abs() > 1e-12).count(), 100);
}

TEST(RegionCandidates, DiscreteCoordinatesReachTheNextCellAndCategoriesAnyOther) {
  const Space space = Space().integer("i", 1, 100).categorical("c", {"a", "b", "c", "d"});
  const RegionGeometry geometry(space);
  const Point centre = space.point({{"i", 50}, {"c", "b"}});
  const std::vector<double> unit = centre.unit();
  const auto from = around(geometry, VectorXd::Map(unit.data(), 2), 0.002);
  RandomStream stream(1, Purpose::kCandidates);
  const MatrixXd x = geometry.draw(from, 1000, stream);
  std::set<std::string> seen;
  for (Index j = 0; j < x.cols(); ++j) {
    seen.insert(space.point_from_unit({x.col(j).data(), 2}).to_json());
  }
  const auto json = [&](int i, const char* c) {
    return space.point({{"i", i}, {"c", c}}).to_json();
  };
  EXPECT_TRUE(seen.contains(json(49, "b")));
  EXPECT_TRUE(seen.contains(json(51, "b")));
  EXPECT_FALSE(seen.contains(json(52, "b")));
}

TEST(RegionSamples, RefinementGoesDownInsideTheBoxAndKeepsWhatWasNotMoved) {
  const Space space = unit_cube(30);
  RandomStream draws(5, Purpose::kUser);
  GpData data;
  data.x = MatrixXd(30, 40);
  draws.fill_uniform({data.x.data(), 1200});
  data.z = (data.x.array() - 0.5).square().colwise().sum();
  const KernelPtr kernel = space_kernel(space);
  VectorXd theta(kernel->parameter_count() + 1);
  theta << theta_of(*kernel, std::vector<double>(30, 2.0)), std::log(1e-4);
  const GpPosterior model(kernel, data, theta);
  const RegionGeometry geometry(space);
  const auto from = around(geometry, data.x.col(0), 0.4);
  RandomStream candidates(1, Purpose::kCandidates), functions(2, Purpose::kChoice);
  RandomStream again = functions;
  const RegionSamples samples(model, space, from, geometry.draw(from, 200, candidates), 3,
                              functions);
  const SamplePaths paths(model, 3, again);
  for (Index slot = 0; slot < 3; ++slot) {
    const Index best = samples.best(slot);
    const std::vector<double> before = samples.point(best).unit();
    const std::vector<double> after = samples.refined(best, slot).unit();
    MatrixXd values;
    paths.evaluate(VectorXd::Map(after.data(), 30), values);
    EXPECT_LT(values(0, slot), samples.value(best, slot));
    for (std::size_t i = 0; i < 30; ++i) {
      const auto at = static_cast<Index>(i);
      EXPECT_GE(after[i], from.box.low[at] - 1e-12);
      EXPECT_LE(after[i], from.box.high[at] + 1e-12);
      EXPECT_TRUE(before[i] != from.centre[at] || after[i] == from.centre[at]);
    }
  }
}

// A history of tagged trials without any solver.
struct Tagged {
  Tagged() : fed(problem()) {}
  static Problem problem() {
    Problem out;
    out.space = unit_cube(1);
    return out;
  }
  void ask(const std::string& note) {
    Proposal proposal;
    proposal.query = Evaluate{fed.history.space().point_from_unit(std::vector<double>{0.5})};
    proposal.note = note;
    fed.record({proposal});
  }
  void tell(std::int64_t trial, double value) { fed.tell(trial, Values{{value}}); }
  RegionLog log() { return read_region_logs(fed.history, 1, 2).front(); }
  HandFed fed;
};

TEST(RegionLog, BatchesAreJudgedAgainstEarlierTrialsWhenComplete) {
  Tagged tagged;
  for (int i = 0; i < 2; ++i) tagged.ask("");
  for (int i = 0; i < 3; ++i) tagged.ask(region_note({0, 0, 2}));
  for (int i = 0; i < 2; ++i) tagged.ask(region_note({0, 0, 5}));
  tagged.tell(6, 1.0);
  tagged.tell(0, 7.0);
  tagged.tell(5, 3.0);
  RegionLog log = tagged.log();
  EXPECT_EQ(log.design, 2u);  // told or pending
  ASSERT_EQ(log.batches.size(), 1u);
  EXPECT_EQ(log.batches[0].before, 7.0);
  EXPECT_EQ(log.batches[0].best, 1.0);
  tagged.tell(3, 2.0);
  tagged.fed.fail(2);
  tagged.tell(1, 9.0);
  EXPECT_EQ(tagged.log().batches.size(), 1u);  // trial 4 is pending
  tagged.tell(4, 4.0);
  log = tagged.log();
  ASSERT_EQ(log.batches.size(), 2u);  // in the order of trials, whatever came first
  EXPECT_EQ(log.batches[0].points, 3u);
  EXPECT_EQ(log.batches[0].best, 2.0);
  EXPECT_EQ(log.batches[1].before, 2.0);
  tagged.fed.amend(3, Values{{8.0}});
  EXPECT_EQ(tagged.log().batches[0].best, 4.0);
  EXPECT_EQ(tagged.log().trials, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(RegionLog, ANewStartForgets) {
  Tagged tagged;
  for (int i = 0; i < 3; ++i) tagged.ask("");
  tagged.ask(region_note({0, 1}));
  tagged.ask("");                      // told from outside: of the present start
  tagged.ask(region_note({0, 0, 3}));  // a straggler of the former one
  tagged.ask(region_note({0, 1, 6}));
  for (std::int64_t i = 0; i < 7; ++i) tagged.tell(i, 10.0 - static_cast<double>(i));
  const RegionLog log = tagged.log();
  EXPECT_EQ(log.start, 1);
  EXPECT_EQ(log.trials, (std::vector<std::int64_t>{3, 4, 6}));
  ASSERT_EQ(log.batches.size(), 1u);
  EXPECT_EQ(log.batches[0].before, 6.0);
}

struct Outcome {
  std::vector<double> values;
  std::vector<std::string> notes;
  double best() const { return *std::min_element(values.begin(), values.end()); }
};

// told: what is told of a true value; NaN fails the trial.
Outcome run(const std::string& solver, std::int64_t trials, std::size_t batch,
            const std::function<double(double, std::int64_t)>& told, Assignment options = {},
            std::uint64_t seed = 5) {
  StudyOptions study_options;
  study_options.space = unit_cube(6);
  study_options.solver = solver;
  study_options.seed = seed;
  study_options.options = std::move(options);
  Study study(study_options);
  Outcome out;
  while (static_cast<std::int64_t>(out.values.size()) < trials) {
    for (const Trial& trial : study.ask(batch)) {
      const double value = bowl(trial.point());
      out.values.push_back(value);
      const double answer = told(value, trial.number());
      study.tell(trial, std::isnan(answer) ? Answer(Failure{"crashed"}) : Answer(Values{{answer}}));
    }
  }
  study.inspect([&](const History& history) {
    for (std::size_t i = 0; i < history.size(); ++i) out.notes.push_back(history.ask_note(i));
  });
  return out;
}

double as_it_is(double value, std::int64_t) {
  return value;
}

::testing::AssertionResult goes_below(double bound, const std::string& solver, std::int64_t trials,
                                      const std::function<double(double, std::int64_t)>& told) {
  return testing::usually_below(bound, [&](std::uint64_t seed) {
    return run(solver, trials, 4, told, {{"n_initial", 8}}, seed).best();
  });
}

class Turbo : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Solvers, Turbo, ::testing::Values("turbo1", "turbo_m"));

TEST_P(Turbo, GoesDownABowl) {
  // The best of 100 random points is 0.11 in median: 100 pi^3 r^6 / 6 = log 2, r the distance.
  EXPECT_TRUE(goes_below(3e-3, GetParam(), 100, as_it_is));
}

TEST_P(Turbo, ConstantValuesCollapseTheRegionAndItStartsAnew) {
  const Outcome flat =
      run(GetParam(), 330, 10, [](double, std::int64_t) { return 2.0; }, {{"n_initial", 4}});
  const bool restarted = std::any_of(flat.notes.begin(), flat.notes.end(), [](const auto& note) {
    return note.find("start 1, design") != std::string::npos;
  });
  EXPECT_TRUE(restarted);
}

TEST_P(Turbo, ScaleOfValuesDoesNotMatter) {
  const auto scaled = [](double value, std::int64_t) { return 1e12 * value; };
  EXPECT_TRUE(goes_below(3e-3, GetParam(), 100, scaled));
}

TEST_P(Turbo, AnOutlierDoesNotMatter) {
  const auto once = [](double value, std::int64_t trial) { return trial == 3 ? 1e30 : value; };
  EXPECT_TRUE(goes_below(3e-3, GetParam(), 100, once));
}

TEST_P(Turbo, HalfOfTheTrialsMayFail) {
  const auto failing = [](double value, std::int64_t trial) {
    return trial % 2 == 0 ? std::nan("") : value;
  };
  // The best of 60 random points: 0.13 in median.
  const double bound = std::string(GetParam()) == "turbo1" ? 1e-2 : 0.07;
  EXPECT_TRUE(goes_below(bound, GetParam(), 120, failing));
}

TEST(Failures, ClusterWhereARegionFailsAndNotByChance) {
  RandomStream stream(4, Purpose::kUser);
  Observations data;
  data.x = MatrixXd(2, 80);
  stream.fill_uniform({data.x.data(), 160});
  data.y = VectorXd::Zero(80);
  data.noise = VectorXd::Zero(80);
  for (Index i = 0; i < 80; ++i) data.failed.push_back(data.x(0, i) < 0.4);
  EXPECT_TRUE(failures_cluster(data));
  for (std::size_t i = 0; i < 80; ++i) data.failed[i] = i % 2 == 0;
  EXPECT_FALSE(failures_cluster(data));
  data.failed.assign(80, true);
  EXPECT_FALSE(failures_cluster(data));  // nothing to compare with
}

TEST_P(Turbo, ARegionThatFailsIsLeft) {
  StudyOptions options;
  options.space = unit_cube(2);
  options.solver = GetParam();
  options.options = {{"n_initial", 4}};
  Study study(options);
  int failed = 0;
  double best = 1;
  for (int i = 0; i < 80; ++i) {
    const Trial trial = study.ask();
    if (trial.point().unit()[0] < 0.35) {  // the bottom of the bowl is inside
      study.tell(trial, Failure{"no mesh"});
      failed += i >= 40 ? 1 : 0;
    } else {
      study.tell(trial, bowl(trial.point()));
      best = std::min(best, bowl(trial.point()));
    }
  }
  EXPECT_LT(best, 0.005);  // 0.0025 at the border
  EXPECT_LT(failed, 30);
}

TEST_P(Turbo, OrderOfAnswersDoesNotMatter) {
  Problem problem;
  problem.space = unit_cube(3);
  const auto after = [&](bool backwards) {
    return testing::next_after_batches(GetParam(), problem, {{"n_initial", 4}}, 8, 4, backwards,
                                       bowl);
  };
  EXPECT_EQ(after(false), after(true));
}

TEST(TurboM, RegionsThatPromiseTheSameShareTheTrials) {
  const Outcome flat = run("turbo_m", 60, 5, [](double, std::int64_t) { return 1.0; },
                           {{"n_initial", 5}, {"regions", 3}});
  std::set<std::string> regions;
  for (std::size_t i = 15; i < flat.notes.size(); ++i) regions.insert(flat.notes[i].substr(0, 8));
  EXPECT_EQ(regions, (std::set<std::string>{"region 0", "region 1", "region 2"}));
}

TEST(Turbo1, RefusesADesignThatTakesTheBudget) {
  Problem problem;
  problem.space = unit_cube(2);
  problem.n_trials = 20;
  EXPECT_THROW(make_solver("turbo1", problem, {{"n_initial", 20}}), OptionError);
  EXPECT_THROW(make_solver("turbo_m", problem, {{"n_initial", 4}}), OptionError);  // 5 regions
}

}  // namespace
}  // namespace asktell
