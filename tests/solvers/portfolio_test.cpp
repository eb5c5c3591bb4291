// The parts of the Bayesian solvers: observations, what shows noise, arms, local steps, the choice
// of model, and the portfolio of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/study.hpp>
#include <asktell/solvers/bayesian/arms.hpp>
#include <asktell/solvers/bayesian/local_step.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>
#include <asktell/tests/solvers/robust_asks.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using testing::unit_cube;

Observations observed(const MatrixXd& x, const VectorXd& y) {
  Observations out;
  out.x = x;
  out.y = y;
  out.noise = VectorXd::Constant(y.size(), -1);
  for (Index i = 0; i < y.size(); ++i) out.trials.push_back(i);
  out.failed.assign(out.trials.size(), false);
  out.total = y.size();
  return out;
}

TEST(Observations, FailuresCountAsTheWorstValueTold) {
  Problem problem;
  problem.space = unit_cube(1);
  testing::HandFed fed(problem);
  const auto solver = Registry::global().make("random", problem, {});
  const auto trials = fed.ask(*solver, 4);
  fed.tell(trials[2], Values{{7.0}});
  fed.fail(trials[1]);
  fed.tell(trials[0], Values{{3.0}});
  const Observations data = collect_observations(fed.history, 10);
  ASSERT_EQ(data.size(), 3);  // the fourth is pending
  EXPECT_EQ(data.y, (VectorXd(3) << 3, 7, 7).finished());
  EXPECT_EQ(data.failed, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(data.best(), 0);
}

TEST(Observations, BeyondTheLimitTheBetterHalfAndTheLatestAreKept) {
  Problem problem;
  problem.space = unit_cube(1);
  testing::HandFed fed(problem);
  const auto solver = Registry::global().make("random", problem, {});
  const auto trials = fed.ask(*solver, 8);
  const double values[] = {5, 1, 6, 2, 7, 8, 9, 3};
  for (std::size_t i = 0; i < 8; ++i) fed.tell(trials[i], Values{{values[i]}});
  const Observations data = collect_observations(fed.history, 4);
  EXPECT_EQ(data.trials, (std::vector<std::int64_t>{1, 3, 6, 7}));  // 1, 2; then the last two
}

TEST(Noise, IsShownByEqualPoints) {
  Problem problem;
  problem.space = unit_cube(1);
  const MatrixXd x = (MatrixXd(1, 3) << 0.1, 0.5, 0.1).finished();
  const auto noise = [&](double second, double variance) {
    problem.noise_variance = variance;
    return noise_of(problem, observed(x, (VectorXd(3) << 1, 2, second).finished()));
  };
  EXPECT_EQ(noise(1, -1), Noise::kNone);
  EXPECT_EQ(noise(1.5, -1), Noise::kSome);
  EXPECT_EQ(noise(1.5, 0), Noise::kNone);  // the problem's word counts
  EXPECT_EQ(noise(1, 0.1), Noise::kSome);
  problem.noise_variance = -1;
  EXPECT_EQ(noise_of(problem, observed(x.leftCols(2), VectorXd::Ones(2))), Noise::kUnknown);
}

std::vector<Origin> origins(StudyOptions options, int trials) {
  options.space = unit_cube(2);
  options.seed = 5;
  options.solver = "portfolio";
  Study study(options);
  std::vector<Origin> out;
  for (int i = 0; i < trials; ++i) {
    const Trial trial = study.ask();
    out.push_back(trial.origin());
    study.tell(trial, std::sin(9 * trial.vector()[0]));
  }
  return out;
}

TEST(Noise, OneReplicateAsksForItWhenNobodySaid) {
  std::vector<Origin> asked = origins({.n_trials = 100}, 8);
  EXPECT_EQ(asked[4], Origin::kReplicate);  // after a design of four
  EXPECT_EQ(std::count(asked.begin(), asked.end(), Origin::kReplicate), 1);
  asked = origins({.noise = 0.0, .n_trials = 100}, 8);
  EXPECT_EQ(std::count(asked.begin(), asked.end(), Origin::kReplicate), 0);
  asked = origins({.n_trials = 40}, 8);
  EXPECT_EQ(std::count(asked.begin(), asked.end(), Origin::kReplicate), 0);
}

TEST(Design, LeavesSomethingToTheModel) {
  Problem problem;
  problem.space = unit_cube(3);
  EXPECT_EQ(design_size(problem, 0, "gp_bo"), 4u);
  problem.n_trials = 30;
  problem.space = unit_cube(30);
  EXPECT_EQ(design_size(problem, 0, "gp_bo"), 6u);  // a fifth of the budget
  problem.n_trials = 10;
  try {
    design_size(problem, 10, "gp_bo");
    FAIL() << "a design of the whole budget was taken";
  } catch (const OptionError& error) {
    EXPECT_NE(std::string(error.what()).find("n_initial is 10 of 10 trials"), std::string::npos)
        << error.what();
  }
}

TEST(Arms, RatesFollowWhatLoweredTheIncumbent) {
  Problem problem;
  problem.space = unit_cube(1);
  testing::HandFed fed(problem);
  const auto solver = Registry::global().make("random", problem, {});
  const auto trials = fed.ask(*solver, 4);
  Arms arms(2);
  arms.propose(trials[0], 0, 5);
  arms.propose(trials[1], 1, 5);
  arms.propose(trials[2], 1, 5);
  arms.propose(trials[3], 0, 5);
  fed.tell(trials[0], Values{{4.0}});
  fed.tell(trials[1], Values{{6.0}});
  fed.fail(trials[2]);
  arms.settle(fed.history);
  EXPECT_DOUBLE_EQ(arms.rate(0), (0.9 + 1) / (0.9 + 1));
  EXPECT_DOUBLE_EQ(arms.rate(1), 0.81 / (0.81 + 0.9 + 1));
  std::vector<double> memo = {-1};
  arms.write(memo);
  Arms again(2);
  EXPECT_EQ(again.read(std::span(memo).subspan(1)), memo.size() - 1);
  fed.tell(trials[3], Values{{9.0}});  // the one that was awaited
  again.settle(fed.history);
  EXPECT_DOUBLE_EQ(again.rate(0), (0.9 * 1.9) / (0.9 * 1.9 + 1));
  EXPECT_EQ(Arms(3).read(std::span(memo).subspan(1)), 0u);
}

TEST(Arms, SharesAreProportionalAboveAFloor) {
  Arms arms(2);
  EXPECT_EQ(arms.shares({true, false}, 0.2), (std::vector<double>{1, 0}));
  EXPECT_EQ(arms.shares({true, true}, 0.2), (std::vector<double>{0.5, 0.5}));
}

// A quadratic form with mixed terms; its minimum 0 at (0.43, 0.52).
double bowl(const VectorXd& x) {
  const VectorXd u = x - (VectorXd(2) << 0.43, 0.52).finished();
  return 40 * u[0] * u[0] + 30 * u[0] * u[1] + 10 * u[1] * u[1];
}

TEST(LocalStep, StepsFindTheMinimumOfAQuadraticForm) {
  MatrixXd x = (MatrixXd(2, 9) << 0.40, 0.45, 0.40, 0.45, 0.42, 0.44, 0.38, 0.47, 0.42,  //
                0.50, 0.50, 0.54, 0.55, 0.53, 0.49, 0.52, 0.52, 0.47)
                   .finished();
  VectorXd y(9);
  for (Index i = 0; i < 9; ++i) y[i] = bowl(x.col(i));
  const Space space = unit_cube(2);
  const LocalRegion first = local_region(observed(x, y), space, {});
  EXPECT_EQ(first.centre, x.col(4));
  // Distances to the incumbent in the larger coordinate: 0 (itself), 0.02, 0.03, 0.03, 0.04, 0.04.
  EXPECT_NEAR(first.half_width, 0.04, 1e-12);
  MaximizeRequest search;
  search.allowed = [](const Point&) { return true; };
  for (int i = 0; i < 14; ++i) {
    const auto step = local_step(local_region(observed(x, y), space, {}), MatrixXd(2, 0), space,
                                 search, RandomStream(1, Purpose::kCandidates));
    ASSERT_TRUE(step);
    const std::vector<double> unit = step->point.unit();
    x.conservativeResize(2, x.cols() + 1);
    x.rightCols(1) = VectorXd::Map(unit.data(), 2);
    y.conservativeResize(y.size() + 1);
    y.tail(1)[0] = bowl(x.rightCols(1));
    EXPECT_LE((x.rightCols(1) - x.col(4)).cwiseAbs().maxCoeff(), 0.1);
  }
  EXPECT_LT(y.minCoeff(), 1e-10);  // from 2e-3
}

TEST(LocalStep, KeepsToTheIncumbentsCategory) {
  Space space = Space().real("x", 0, 1).categorical("c", {"a", "b"});
  MatrixXd x(2, 8);
  x.row(0) << 0.1, 0.2, 0.3, 0.4, 0.5, 0.25, 0.26, 0.27;
  x.row(1) << 0.25, 0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75;
  VectorXd y(8);
  y << 5, 3, 2, 4, 6, 1e3, 1e3, 1e3;
  const LocalRegion region = local_region(observed(x, y), space, {});
  EXPECT_EQ(region.free, (std::vector<Index>{0}));
  EXPECT_EQ(region.near.size(), 5);
  EXPECT_TRUE((region.near.y.array() < 10).all());
  const std::vector<double> held = {0.3, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(local_region(observed(x, y), space, held).half_width, 0);  // nothing is free
}

TEST(ModelChoice, TakesTheSmoothModelForASmoothFunctionAndAFittedNuggetForNoise) {
  RandomStream stream(3, Purpose::kUser);
  MatrixXd x(2, 40);
  stream.fill_uniform({x.data(), 80});
  VectorXd smooth(40), noisy(40);
  for (Index i = 0; i < 40; ++i) {
    smooth[i] = std::sin(3 * x(0, i)) + std::cos(2 * x(1, i));
    noisy[i] = smooth[i] + 0.3 * stream.normal();
  }
  const ModelChoice choice(unit_cube(2), model_variants(2));
  const auto chosen = [&](const VectorXd& y) {
    std::vector<double> memo;
    return choice.variants()[choice.fit(observed(x, y), false, {}, memo).variant];
  };
  EXPECT_EQ(chosen(smooth).name, "smooth");
  EXPECT_FALSE(chosen(noisy).exact);
}

TEST(ModelChoice, TakesTheAdditiveModelForAFunctionWithoutInteractions) {
  constexpr Index kPoints = 60, kDimension = 8;
  RandomStream stream(5, Purpose::kUser);
  MatrixXd x(kDimension, kPoints);
  stream.fill_uniform({x.data(), kPoints * kDimension});
  VectorXd apart(kPoints), together(kPoints);
  for (Index i = 0; i < kPoints; ++i) {
    apart[i] = (9 * x.col(i)).array().sin().sum();
    together[i] = std::sin(2 * x.col(i).sum());
  }
  const ModelChoice choice(unit_cube(kDimension), global_variants(kDimension));
  const auto chosen = [&](const VectorXd& y) {
    std::vector<double> memo;
    return choice.variants()[choice.fit(observed(x, y), false, {}, memo).variant].name;
  };
  EXPECT_EQ(chosen(apart), "additive");
  EXPECT_NE(chosen(together), "additive");
  EXPECT_EQ(global_variants(5).size(), model_variants(5).size());
}

TEST(ModelChoice, TheMemoIsWhereTheNextFitBegins) {
  RandomStream stream(4, Purpose::kUser);
  MatrixXd x(1, 12);
  stream.fill_uniform({x.data(), 12});
  const VectorXd y = (6 * x.row(0).array()).sin().transpose();
  const ModelChoice choice(unit_cube(1), model_variants(1));
  std::vector<double> first, second, third;
  const ChosenModel one = choice.fit(observed(x, y), false, {}, first);
  const ChosenModel two = choice.fit(observed(x, y), false, first, second);
  EXPECT_GE(two.density, one.density - 1e-3);
  // A memo of other variants is not understood and starts cold.
  const std::vector<double> strange(first.begin(), first.end() - 1);
  choice.fit(observed(x, y), false, strange, third);
  EXPECT_EQ(third, first);
}

TEST(ModelChoice, InManyDimensionsDrawsAModelWithTheChanceOfItsDensity) {
  RandomStream stream(4, Purpose::kUser);
  MatrixXd x(6, 16);
  stream.fill_uniform({x.data(), 96});
  const VectorXd y = (6 * x.row(0).array()).sin().transpose();
  const ModelChoice choice(unit_cube(6), model_variants(6));
  std::vector<double> memo, unused;
  const ChosenModel best = choice.fit(observed(x, y), false, {}, memo);
  constexpr int kDraws = 300;
  std::vector<int> counts(choice.variants().size(), 0);
  std::vector<double> chances(counts.size(), 0);
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const ChosenModel drawn =
        choice.fit(observed(x, y), false, memo, unused, RandomStream(i, Purpose::kChoice));
    ++counts[drawn.variant];
    chances[drawn.variant] = std::exp(drawn.density - best.density);
  }
  EXPECT_GT(std::count_if(counts.begin(), counts.end(), [](int count) { return count > 0; }), 1);
  const double total = std::accumulate(chances.begin(), chances.end(), 0.0);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double p = chances[i] / total;
    EXPECT_NEAR(counts[i], kDraws * p, 1 + 4 * std::sqrt(kDraws * p * (1 - p))) << i;
  }
}

TEST(ModelChoice, InFewDimensionsTheBestIsTakenWhateverTheStream) {
  RandomStream stream(4, Purpose::kUser);
  MatrixXd x(1, 12);
  stream.fill_uniform({x.data(), 12});
  const VectorXd y = (6 * x.row(0).array()).sin().transpose();
  const ModelChoice choice(unit_cube(1), model_variants(1));
  std::vector<double> memo, unused;
  choice.fit(observed(x, y), false, {}, memo);
  const std::size_t best = choice.fit(observed(x, y), false, memo, unused).variant;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const RandomStream draw(i, Purpose::kChoice);
    EXPECT_EQ(choice.fit(observed(x, y), false, memo, unused, draw).variant, best);
  }
}

TEST(ModelChoice, UnderNoiseNoExactModelIsDrawn) {
  const MatrixXd x = VectorXd::LinSpaced(12, 0, 1).transpose().replicate(6, 1);
  const ModelChoice choice(unit_cube(6), model_variants(6));
  for (std::uint64_t i = 0; i < 40; ++i) {
    std::vector<double> memo;
    const ChosenModel drawn = choice.fit(observed(x, x.row(0).array().square().transpose()), true,
                                         {}, memo, RandomStream(i, Purpose::kChoice));
    EXPECT_FALSE(choice.variants()[drawn.variant].exact);
  }
}

double lowest_of(const std::string& solver, std::size_t d, int trials, double noise) {
  StudyOptions options;
  options.space = unit_cube(d);
  options.seed = 8;
  options.solver = solver;
  options.noise = noise;
  Study study(options);
  for (int i = 0; i < trials; ++i) {
    const Trial trial = study.ask();
    const std::vector<double> x = trial.vector();
    double value = 0;
    for (std::size_t k = 0; k < d; ++k) {
      value += std::pow(10.0, static_cast<double>(k)) * (x[k] - 0.37) * (x[k] - 0.37);
    }
    study.tell(trial, value);
  }
  return study.best().value();
}

TEST(Portfolio, FindsTheLastDigitsOfAQuadraticForm) {
  EXPECT_LT(lowest_of("portfolio", 3, 60, 0), 1e-9);
  EXPECT_LT(lowest_of("gp_bo", 3, 60, 0), 1e-4);
}

TEST(Portfolio, StandsStrangeValues) {
  testing::expect_robust_asks({"portfolio"});
}
TEST(GpBo, StandsStrangeValues) {
  testing::expect_robust_asks({"gp_bo"});
}

TEST(Portfolio, ALargeBatchIsFilledWithEvenPoints) {
  Study study({.space = unit_cube(2), .seed = 3, .solver = "portfolio", .noise = 0.0});
  for (const Trial& trial : study.ask(5)) study.tell(trial, trial.vector()[0]);
  const std::vector<Trial> batch = study.ask(100);
  ASSERT_EQ(batch.size(), 100u);
  EXPECT_EQ(batch.front().origin(), Origin::kModel);
  EXPECT_EQ(batch.back().origin(), Origin::kDesign);
  EXPECT_EQ(batch.back().note(), "space-filling: 64 trials or more are pending");
}

TEST(Outlook, ShrinksAsTheSearchGoesOnAndKnowsWhatIsLeft) {
  double early = 0, late = 0;
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Study study({.space = unit_cube(2), .seed = seed, .solver = "portfolio", .noise = 0.0});
    EXPECT_FALSE(study.outlook());
    for (int i = 0; i < 40; ++i) {
      const Trial trial = study.ask();
      const std::vector<double> x = trial.vector();
      study.tell(trial, 100 + std::sin(5 * x[0]) + (x[1] - 0.4) * (x[1] - 0.4));
      if (i != 5 && i != 15 && i != 39) continue;
      const auto outlook = study.outlook();
      ASSERT_TRUE(outlook);
      const double regret = study.best().value() - 99;  // lowest: sin = -1 at x = 3 pi / 10
      covered += i > 5 && regret <= outlook->regret_high + 1e-6;
      EXPECT_LT(outlook->expected_gain, outlook->regret_high + 1e-9);
      if (i != 15) (i == 5 ? early : late) += outlook->regret / 10;
    }
  }
  EXPECT_GE(covered, 17);  // of 20
  EXPECT_LT(late, 0.05);   // paths are exact to about a thousandth of the range
  EXPECT_LT(late, early);
  EXPECT_FALSE(Study({.space = unit_cube(2), .seed = 4, .solver = "random"}).outlook());
}

TEST(Portfolio, SaysWhichArmProposedAndWhy) {
  StudyOptions options;
  options.space = unit_cube(2);
  options.seed = 8;
  options.solver = "portfolio";
  Study study(options);
  bool local = false, global = false;
  for (int i = 0; i < 40; ++i) {
    const Trial trial = study.ask();
    const std::vector<double> x = trial.vector();
    study.tell(trial, (x[0] - 0.3) * (x[0] - 0.3) + x[1] * x[1]);
    local |= trial.note().rfind("local: predicted ", 0) == 0;
    global |= trial.note().rfind("global: log_ei ", 0) == 0;
  }
  EXPECT_TRUE(local);
  EXPECT_TRUE(global);
}

}  // namespace
}  // namespace asktell
