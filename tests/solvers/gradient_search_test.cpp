// What solvers make of told gradients: their units, the model of values and gradients, and the
// quasi-Newton step.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include <asktell/core/study.hpp>
#include <asktell/solvers/bayesian/quasi_newton_step.hpp>
#include <asktell/tests/solvers/hand_fed.hpp>
#include <asktell/tests/solvers/over_seeds.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using std::numbers::pi;
using testing::unit_cube;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(ToldGradients, AreOfTheMinimizedObjectiveByTheUnitCube) {
  Problem problem;
  problem.space = Space().real("a", -2, 6).real("b", 1, 100, {.log = true});
  problem.objectives = {{"yield", Direction::kMaximize}};
  testing::HandFed fed(problem);
  const auto solver = Registry::global().make("random", problem, {});
  const auto trials = fed.ask(*solver, 2);
  // f = a^2 + 3 log b, so df/du = (2 a * 8, 3 log 100), and the negative of it is minimized.
  const double a = fed.history.slots()(0, trials[0]), b = fed.history.slots()(1, trials[0]);
  Values values{{a * a + 3 * std::log(b)}};
  values.gradient = {2 * a, 3 / b};
  fed.tell(trials[0], values);
  fed.tell(trials[1], Values{{1.0}});
  const std::vector<double> gradient = fed.history.gradient(static_cast<std::size_t>(trials[0]));
  ASSERT_EQ(gradient.size(), 2u);
  EXPECT_NEAR(gradient[0], -16 * a, 1e-12);
  EXPECT_NEAR(gradient[1], -3 * std::log(100.0), 1e-12);
  EXPECT_TRUE(fed.history.gradient(static_cast<std::size_t>(trials[1])).empty());

  const Observations data = collect_observations(fed.history, 10);
  ASSERT_EQ(data.gradient.cols(), 2);
  EXPECT_EQ(data.gradient(0, 0), gradient[0]);
  EXPECT_TRUE(data.gradient.col(1).array().isNaN().all());
}

TEST(ToldGradients, AreLeftOutInSpacesThatAreNotAllReal) {
  Problem problem;
  problem.space = Space().real("a", 0, 1).integer("k", 0, 9);
  testing::HandFed fed(problem);
  const auto solver = Registry::global().make("random", problem, {});
  const auto trials = fed.ask(*solver, 1);
  Values values{{1.0}};
  values.gradient = {1, 1};
  fed.tell(trials[0], values);
  EXPECT_EQ(collect_observations(fed.history, 10).gradient.cols(), 0);
}

// Branin; its minimum 0.397887 is a closed form, 10 / (8 pi).
Values branin(double x, double y) {
  const double b = 5.1 / (4 * pi * pi), c = 5 / pi, t = 1 / (8 * pi);
  const double inner = y - b * x * x + c * x - 6;
  Values out{{inner * inner + 10 * (1 - t) * std::cos(x) + 10}};
  out.gradient = {2 * inner * (c - 2 * b * x) - 10 * (1 - t) * std::sin(x), 2 * inner};
  return out;
}

StudyOptions branin_options(const std::string& solver, std::uint64_t seed) {
  StudyOptions options;
  options.space = Space().real("x", -5, 10).real("y", 0, 15);
  options.solver = solver;
  options.seed = seed;
  options.noise = 0.0;
  return options;
}

double regret(const std::string& solver, std::uint64_t seed, bool gradients, int trials) {
  Study study(branin_options(solver, seed));
  for (int i = 0; i < trials; ++i) {
    const Trial trial = study.ask();
    Values values = branin(trial["x"].number(), trial["y"].number());
    if (!gradients) values.gradient.clear();
    study.tell(trial, values);
  }
  return study.best().value() - 10 / (8 * pi);
}

class UsesGradients : public ::testing::TestWithParam<const char*> {};

TEST_P(UsesGradients, AndNeedsFewerTrials) {
  double with = 0, without = 0;  // mean decimal logarithms
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    with += std::log10(std::max(regret(GetParam(), seed, true, 14), 1e-12)) / 5;
    without += std::log10(std::max(regret(GetParam(), seed, false, 14), 1e-12)) / 5;
  }
  EXPECT_LT(with, without - 1);
  EXPECT_LT(with, -3);
}

TEST_P(UsesGradients, OfSomeTrialsInBatchesUnderFailuresAndAnOutlier) {
  const auto lowest = [](std::uint64_t seed) {
    Study study(branin_options(GetParam(), seed));
    for (int i = 0; i < 8; ++i) {
      const std::vector<Trial> batch = study.ask(4);
      EXPECT_EQ(batch.size(), 4u);
      for (std::size_t k = 0; k < batch.size(); ++k) {
        Values values = branin(batch[k]["x"].number(), batch[k]["y"].number());
        if (k == 1) values.gradient.clear();
        if (i == 1 && k == 2) values = {.objectives = {1e30}, .gradient = {1e30, -1e30}};
        if (k == 3) {
          study.fail(batch[k], "crashed");
        } else {
          study.tell(batch[k], values);
        }
      }
    }
    const std::vector<Trial> trials = study.trials();
    EXPECT_TRUE(std::any_of(trials.begin() + 8, trials.end(), [](const Trial& trial) {
      return trial.note().find("model of values and gradients") != std::string::npos;
    })) << "no proposal of the third batch or later came from the model of gradients";
    return study.best().value();
  };
  EXPECT_TRUE(testing::usually_below(0.42, lowest));
}

INSTANTIATE_TEST_SUITE_P(Solvers, UsesGradients, ::testing::Values("gp_bo", "portfolio", "auto"),
                         [](const auto& info) { return std::string(info.param); });

// sum_i h_i (x_i - m_i)^2 / 2 with its gradient.
struct Bowl {
  VectorXd h, m;

  Observations at(const MatrixXd& points) const {
    Observations out;
    out.x = points;
    const MatrixXd away = points.colwise() - m;
    out.y = 0.5 * (h.asDiagonal() * away.cwiseAbs2()).colwise().sum().transpose();
    out.gradient = h.asDiagonal() * away;
    out.noise = VectorXd::Constant(points.cols(), -1);
    out.trials.resize(static_cast<std::size_t>(points.cols()));
    out.failed.assign(out.trials.size(), false);
    return out;
  }
};

// The ends of steps along each coordinate, up or down, then the point they begin at.
MatrixXd cross(const VectorXd& centre, const VectorXd& steps) {
  MatrixXd out = centre.replicate(1, centre.size() + 1);
  out.leftCols(centre.size()).diagonal() += steps;
  return out;
}

std::optional<LocalStep> step_of(const Observations& data, std::vector<double> fixed = {},
                                 const MatrixXd& pending = MatrixXd(3, 0)) {
  return quasi_newton_step(data, pending, unit_cube(3), fixed, [](const Point&) { return true; });
}

VectorXd end_of(const LocalStep& step) {
  const std::vector<double> unit = step.point.unit();
  return VectorXd::Map(unit.data(), static_cast<Index>(unit.size()));
}

const Bowl kBowl{VectorXd{{1, 50, 4e3}}, VectorXd{{.4, .5, .6}}};
const VectorXd kNearby{{.45, .47, .57}}, kAway{{.02, -.02, -.02}};  // from the minimum

// Conjugate steps: BFGS finds the Hessian matrix of a quadratic function (Nocedal & Wright 2006,
// theorem 6.4), and the step ends at its minimum.
TEST(QuasiNewtonStep, EndsAtTheMinimumOfAQuadraticFunction) {
  const auto step = step_of(kBowl.at(cross(kNearby, kAway)));
  ASSERT_TRUE(step);
  EXPECT_LT((end_of(*step) - kBowl.m).norm(), 1e-9);
  EXPECT_NEAR(step->predicted, 0, 1e-9);
}

TEST(QuasiNewtonStep, StaysInTheCubeAndHoldsWhatIsFixed) {
  const Bowl outside{kBowl.h, VectorXd{{.4, 1.02, .6}}};
  const auto step = step_of(outside.at(cross(VectorXd{{.45, .97, .57}}, kAway)));
  ASSERT_TRUE(step);
  EXPECT_LT((end_of(*step) - VectorXd{{.4, 1, .6}}).norm(), 1e-9);

  const auto held = step_of(kBowl.at(cross(kNearby, kAway)), {.45, kNone, kNone});
  ASSERT_TRUE(held);
  EXPECT_LT((end_of(*held) - VectorXd{{.45, .5, .6}}).norm(), 1e-9);
  EXPECT_FALSE(
      step_of(kBowl.at(cross(kNearby, kAway)), {.9, kNone, kNone}));  // not the incumbent's
}

TEST(QuasiNewtonStep, IsShorterAfterOneThatFailed) {
  MatrixXd points(3, 3);
  points << VectorXd{{.45, .47, .5}}, kNearby, VectorXd{{.45, .47, .67}};
  const Observations data = kBowl.at(points);
  ASSERT_EQ(data.best(), 1);  // the third led beyond the minimum
  const auto step = step_of(data);
  ASSERT_TRUE(step);
  EXPECT_LE((end_of(*step) - kNearby).lpNorm<Eigen::Infinity>(), .05 + 1e-12);
}

TEST(QuasiNewtonStep, IsNoneWithoutAGradientAtTheMinimumOrBesideTheSameStep) {
  Observations unknown = kBowl.at(cross(kNearby, kAway));
  unknown.gradient.col(unknown.best()).setConstant(kNone);
  EXPECT_FALSE(step_of(unknown));
  MatrixXd converged = cross(kBowl.m, kAway);
  EXPECT_FALSE(step_of(kBowl.at(converged)));
  EXPECT_FALSE(step_of(kBowl.at(cross(kNearby, kAway)), {}, kBowl.m));
}

TEST(QuasiNewtonStep, FollowsACurvedValley) {
  Observations data;
  const auto add = [&](const VectorXd& u) {  // Rosenbrock on [-2, 2]^2
    const double x = 4 * u[0] - 2, y = 4 * u[1] - 2, bend = y - x * x;
    const Index n = data.size();
    data.x.conservativeResize(2, n + 1);
    data.gradient.conservativeResize(2, n + 1);
    data.y.conservativeResize(n + 1);
    data.x.col(n) = u;
    data.y[n] = 100 * bend * bend + (1 - x) * (1 - x);
    data.gradient.col(n) = 4 * VectorXd{{-400 * x * bend - 2 * (1 - x), 200 * bend}};
  };
  add(VectorXd{{.2, .75}});
  int steps = 0;
  while (steps < 60) {
    const auto step = quasi_newton_step(data, MatrixXd(2, 0), unit_cube(2), {},
                                        [](const Point&) { return true; });
    if (!step) break;
    add(end_of(*step));
    ++steps;
  }
  EXPECT_LT(data.y.minCoeff(), 1e-10) << steps << " steps";
}

}  // namespace
}  // namespace asktell
