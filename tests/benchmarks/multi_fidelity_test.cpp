// The multi-fidelity suites against values of other programs: mf2 2022.6.0, BoTorch 0.18.1, public
// ports of the L1 set that agree, mpmath; and closed forms of their optima.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include <asktell/benchmarks/problems/problem.hpp>
#include <asktell/core/random.hpp>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = std::vector<double>;

Assignment dimension(int d) {
  return {{"dimension", std::int64_t{d}}};
}

std::vector<std::string> suite_names() {
  std::vector<std::string> names;
  for (const std::string& name : ProblemRegistry::global().names()) {
    if (name.rfind("mf", 0) == 0) names.push_back(name);
  }
  return names;
}

double value(const TestProblem& problem, Point x, double fidelity) {
  x.push_back(fidelity);
  return problem.evaluate(x).objectives[0];
}

struct Row {
  const char* name;
  Assignment options;
  Point x;
  Point values;  // at fidelities 0, 1, ..., the truth last
};

TEST(MultiFidelity, MatchesOtherProgramsAtEveryLevel) {
  const Point six = {.2, .3, .4, .5, .6, .7}, parks = {.2, .4, .6, .8};
  const Row rows[] = {
      {"mf-l1/forrester",
       {},
       {.3},
       {-7.00778836684617, -3.01168255026926, -.281354752318, -.0155767336923}},
      {"mf-l1/discontinuous-forrester", {}, {.7}, {-2.30287701881263, 5.39424596237475}},
      {"mf-l1/rosenbrock", {}, {.5, .5}, {.195121951219512, 8.875, 6.5}},
      {"mf-l1/rosenbrock", {}, {-1, .5}, {2.55696202531646, 13.75, 29}},
      {"mf-l1/rastrigin", {}, {0, 0}, {4.10622449528989, 4.16514452850894, 3.63975300438746}},
      {"mf-l1/rastrigin", {}, {.05, .15}, {2.85292242928333, 2.45021765053933, 1.94541169944451}},
      {"mf-l1/alos", {}, {.5}, {-.191999310518002, .284000775667248}},
      {"mf-l1/alos", dimension(2), {.5, .5}, {-.115261623638834, .380468772941266}},
      {"mf-l1/springs", {}, {2, 3}, {-.350519782597596, -.446767753394919}},
      {"mf-l1/springs", dimension(4), {1, 1, 2, 3}, {-.350519782597596, -.446767753394919}},
      {"mf-l1/paciorek", {}, {.5, .6}, {2.01819854772444, -.190567962875485}},
      {"mf2/branin", {}, {1, 2}, {20.6410336864681, -23.3723646079376}},
      {"mf2/currin", {}, {.3, .4}, {-9.52873464370005, -9.53432559551267}},
      {"mf2/park-a", {}, parks, {13.6059677361146, 12.7330020367493}},
      {"mf2/park-b", {}, parks, {.635638265853173, 1.36303188821098}},
      {"mf2/borehole",
       {},
       {.1, 25050, 89335, 1050, 89.55, 760, 1400, 10950},
       {56.3987192595754, 70.872912636819}},
      {"mf2/hartmann6", {}, six, {-1.48374221333996, -1.64446499862517}},
      {"mf2/hartmann3", {}, {.2, .5, .8}, {-1.93330496233694, -3.5353876354045}},
      {"mf2/trid10", {}, Point(10, 1.), {3.85, -9}},
      {"mf/wing-weight",
       {},
       {175, 260, 8, 0, 30.5, .75, .13, 4.25, 2100, .0525},
       {538.10424425294, 321.09506209985, 258.48969257044, 267.62469257044}},
      {"mf/hartmann6",
       {},
       six,
       {-.60697223667137, -.608068856891856, -.609165477112341, -.610262097332826}},
      {"mf/miso-rosenbrock", {}, {.5, -.3}, {30.464921677231, 30.5}},
      {"mf/miso-rosenbrock", {{"variant", std::int64_t{2}}}, {.5, -.3}, {29.7984335446208, 30.5}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const TestProblem problem = make_problem(row.name, row.options);
    ASSERT_EQ(problem.target, Point{static_cast<double>(row.values.size() - 1)});
    for (std::size_t level = 0; level < row.values.size(); ++level) {
      SCOPED_TRACE(level);
      EXPECT_NEAR(value(problem, row.x, static_cast<double>(level)), row.values[level],
                  1e-12 * std::max(100., std::abs(row.values[level])));
    }
  }
}

TEST(MultiFidelity, MatchesBoTorchAtContinuousFidelities) {
  const TestProblem branin = make_problem("mf/augmented-branin");
  EXPECT_NEAR(value(branin, {1, 2}, 1), 21.6276353920624, 1e-12);
  EXPECT_NEAR(value(branin, {1, 2}, .5), 21.3763718842399, 1e-12);
  EXPECT_NEAR(value(branin, {1, 2}, 0), 21.1301083764174, 1e-12);
  const TestProblem hartmann = make_problem("mf/augmented-hartmann");
  const Point six = {.2, .3, .4, .5, .6, .7};
  EXPECT_NEAR(value(hartmann, six, 1), -.610262097332826, 1e-14);
  EXPECT_NEAR(value(hartmann, six, .5), -.599509434788717, 1e-14);
  EXPECT_NEAR(value(hartmann, six, 0), -.588756772244609, 1e-14);
  const TestProblem rosenbrock = make_problem("mf/augmented-rosenbrock");
  EXPECT_NEAR(rosenbrock.evaluate(Point{.5, .5, .5, .5}).objectives[0], 9.225625, 1e-12);
  EXPECT_NEAR(rosenbrock.evaluate(Point{1.2, 1, .2, .7}).objectives[0], 13.003681, 1e-12);
  EXPECT_EQ(rosenbrock.target, (Point{1, 1}));
}

TEST(MultiFidelity, LearningCurvesMatchTheirSource) {
  const TestProblem curve = make_problem("mf/learning-curve");
  const Point x = {.2, .5, .8};
  EXPECT_NEAR(value(curve, x, 1), .58699718861556, 1e-13);
  EXPECT_NEAR(value(curve, x, 10), -1.4741952233945, 1e-13);
  EXPECT_NEAR(value(curve, x, 50), -2.9149068925545, 1e-13);
  EXPECT_NEAR(value(curve, x, 100), -3.5353876354045, 1e-13);
  EXPECT_DOUBLE_EQ(curve.evaluate(Point{.2, .5, .8, 50}).cost.value(), .05 + .95 * .25);
  // The worse the curves the higher their starts.
  double before = value(curve, x, 1);
  for (const char* quality : {"moderate", "bad", "terrible"}) {
    const TestProblem worse = make_problem("mf/learning-curve", {{"quality", quality}});
    EXPECT_GT(value(worse, x, 1), before);
    before = value(worse, x, 1);
  }
}

struct Best {
  const char* name;
  Assignment options;
  double value;
};

TEST(MultiFidelity, KnowsTheOptimaAtFullFidelity) {
  const Best best[] = {
      {"mf-l1/forrester", {}, -6.020740055767},
      {"mf-l1/discontinuous-forrester", {}, -.986325406321},
      {"mf-l1/rosenbrock", {}, 0},
      {"mf-l1/rastrigin", {}, 0},
      {"mf-l1/rastrigin", dimension(5), 0},
      {"mf-l1/alos", {}, -.624998900718},
      {"mf-l1/alos", dimension(2), -.562712305829},
      {"mf-l1/alos", dimension(3), -.562712305829},
      {"mf-l1/springs", {}, -1},
      {"mf-l1/springs", dimension(4), -1},
      {"mf-l1/paciorek", {}, -1},
      {"mf2/branin", {}, -333.916034352},
      {"mf2/currin", {}, -13.7987220447},
      {"mf2/park-a", {}, 0},
      {"mf2/park-b", {}, 2. / 3},
      {"mf2/borehole", {}, 7.81967632876},
      {"mf2/hartmann6", {}, -3.04245773784},
      {"mf2/hartmann3", {}, -3.8627797873327},
      {"mf2/trid10", {}, -210},
      {"mf/augmented-branin", {}, 10 / (8 * pi)},
      {"mf/augmented-hartmann", {}, -3.3223680114155},
      {"mf/augmented-rosenbrock", {}, 0},
      {"mf/wing-weight", {}, 123.25367170092},
      {"mf/hartmann6", {}, -3.3223680114155},
      {"mf/learning-curve", {}, -3.8627797873327},
      {"mf/miso-rosenbrock", {}, 0},
      {"mf/misleading-currin", {}, -1},
      {"mf/misleading-hartmann6", {}, -1},
      {"mf/misleading-rosenbrock", {}, 0},
  };
  for (const Best& each : best) {
    SCOPED_TRACE(each.name);
    // The scales of the misleading set are rounded to five digits by its authors.
    const bool rounded = std::string(each.name).find("misleading") != std::string::npos;
    EXPECT_NEAR(make_problem(each.name, each.options).optimum, each.value,
                std::max(rounded ? 1e-5 : 1e-7, 1e-10 * std::abs(each.value)));
  }
}

TEST(MultiFidelity, AttainsThemInOtherDimensions) {
  const Best others[] = {{"mf-l1/springs", dimension(4), -1},
                         {"mf-l1/alos", dimension(3), -.562712305829},
                         {"mf-l1/rastrigin", dimension(4), 0},
                         {"mf-l1/paciorek", dimension(3), -1}};
  for (const Best& each : others) {
    SCOPED_TRACE(each.name);
    const TestProblem problem = make_problem(each.name, each.options);
    EXPECT_NEAR(problem.evaluate(problem.argmins[0]).objectives[0], each.value, 1e-8);
  }
}

TEST(MultiFidelity, AttainsThemAtTheTarget) {
  for (const std::string& name : suite_names()) {
    SCOPED_TRACE(name);
    const TestProblem problem = make_problem(name);
    ASSERT_FALSE(problem.argmins.empty());
    for (const Point& argmin : problem.argmins) {
      EXPECT_NO_THROW(problem.space.point_from_slots(argmin));
      const Values values = problem.evaluate(argmin);
      EXPECT_NEAR(values.objectives[0], problem.optimum,
                  1e-8 * std::max(1., std::abs(problem.optimum)));
      EXPECT_DOUBLE_EQ(values.cost.value(), 1);
    }
  }
}

// The truth at sampled points is nowhere better, and its cost is the greatest.
TEST(MultiFidelity, HasNoBetterPointInASampleAndDearerTruth) {
  RandomStream stream(8, Purpose::kUser);
  for (const std::string& name : suite_names()) {
    SCOPED_TRACE(name);
    const TestProblem problem = make_problem(name);
    const std::size_t fidelities = problem.target.size();
    Point unit(problem.space.dimension()), slots(problem.space.slots());
    for (int i = 0; i < 2000; ++i) {
      stream.fill_uniform(unit);
      problem.space.from_unit(unit, slots);
      const double cost = problem.evaluate(slots).cost.value();
      EXPECT_GT(cost, 0);
      EXPECT_LE(cost, 1);
      std::copy(problem.target.begin(), problem.target.end(),
                slots.end() - static_cast<std::ptrdiff_t>(fidelities));
      EXPECT_GE(problem.evaluate(slots).objectives[0],
                problem.optimum - 1e-7 * std::max(1., std::abs(problem.optimum)));
    }
  }
}

TEST(MultiFidelity, FidelitiesAreTheLastParametersAndHaveTheirRole) {
  for (const std::string& name : suite_names()) {
    SCOPED_TRACE(name);
    const TestProblem problem = make_problem(name);
    const auto parameters = problem.space.parameters();
    ASSERT_GE(problem.target.size(), 1U);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const bool last = i + problem.target.size() >= parameters.size();
      EXPECT_EQ(parameters[i].role, last ? Role::kFidelity : Role::kDesign);
      if (last) {
        EXPECT_EQ(parameters[i].high,
                  problem.target[i + problem.target.size() - parameters.size()]);
      }
    }
  }
}

TEST(MultiFidelity, LevelsCostWhatTheSuitesSay) {
  const auto costs = [](const char* name) {
    const TestProblem problem = make_problem(name);
    Point x = problem.argmins[0], found;
    for (double level = 0; level <= problem.target[0]; ++level) {
      x.back() = level;
      found.push_back(problem.evaluate(x).cost.value());
    }
    return found;
  };
  EXPECT_EQ(costs("mf-l1/forrester"), (Point{.05, .1, .5, 1}));
  EXPECT_EQ(costs("mf-l1/rosenbrock"), (Point{.05, .2, 1}));
  EXPECT_EQ(costs("mf2/borehole"), (Point{.1, 1}));
  EXPECT_EQ(costs("mf/wing-weight"), (Point{.001, .01, .1, 1}));
  EXPECT_EQ(costs("mf/misleading-hartmann6"), (Point{.2, 1}));
  const TestProblem branin = make_problem("mf/augmented-branin");
  EXPECT_DOUBLE_EQ(branin.evaluate(Point{0, 0, .25}).cost.value(), .05 + .95 * .125);
}

// Optima of coarse levels, which lie elsewhere.
TEST(MultiFidelity, CoarseLevelsHaveTheirOwnOptima) {
  const TestProblem forrester = make_problem("mf-l1/forrester");
  EXPECT_NEAR(value(forrester, {.092392872}, 0), -9.334904876954, 1e-11);
  EXPECT_NEAR(value(forrester, {.750824438}, 1), -5.245213382474, 1e-11);
  EXPECT_NEAR(value(forrester, {.766880467}, 2), -2.603504008558, 1e-11);
  EXPECT_NEAR(value(make_problem("mf-l1/discontinuous-forrester"), {.092392872}, 0),
              -9.334904876954, 1e-11);
  EXPECT_NEAR(value(make_problem("mf-l1/rosenbrock"), {-1.415050, 2}, 1), .049971519, 1e-8);
  EXPECT_NEAR(value(make_problem("mf-l1/alos"), {0}, 0), -1.61818664938, 1e-10);
  const TestProblem springs = make_problem("mf-l1/springs");
  EXPECT_NEAR(value(springs, {pi * pi / 4, 2 * pi * pi / 9}, 0), -.702367325170246, 1e-12);
  EXPECT_NEAR(value(springs, {2.4760738, 2.1670290}, 0), -.702748450441, 1e-11);
  EXPECT_NEAR(value(make_problem("mf2/branin"), {-1.21992, 15}, 0), -258.611899411, 1e-6);
  EXPECT_NEAR(value(make_problem("mf2/hartmann6"), {.4045, .8814, .7867, .5731, .1922, .1}, 0),
              -2.32749080782, 1e-4);
}

TEST(MultiFidelity, MisleadingSourcesAreWhatTheirNamesSay) {
  const TestProblem currin = make_problem("mf/misleading-currin");
  for (const double x1 : {0., 0.3, 0.9}) {  // opposites about -1/2
    EXPECT_NEAR(value(currin, {x1, .4}, 0) + value(currin, {x1, .4}, 1), -1, 1e-12);
  }
  const TestProblem wave = make_problem("mf/misleading-rosenbrock");
  EXPECT_NEAR(value(wave, {-5, -5}, 1), 1, 1e-12);  // the greatest value of the box
  EXPECT_NEAR(value(wave, {.5, -.3}, 0) / value(wave, {.5, -.3}, 1), 1 + .8 * std::sin(.2), 1e-12);
  const TestProblem hartmann = make_problem("mf/misleading-hartmann6");
  EXPECT_NEAR(value(hartmann, Point(6, 1.), 0), 0, 1e-15);  // Rosenbrock's optimum
  EXPECT_NEAR(value(hartmann, Point(6, 0.), 0), -5 / (5 * 90036.), 1e-15);
}

TEST(MultiFidelity, NoiseHasTheStatedSpread) {
  const auto deviation = [](const TestProblem& problem, const Point& x) {
    RandomStream stream(17, Purpose::kUser);
    const double centre = problem.evaluate(x).objectives[0];
    double squares = 0;
    constexpr int kDraws = 20'000;
    for (int i = 0; i < kDraws; ++i) {
      squares += std::pow(problem.observe(x, stream).objectives[0] - centre, 2);
    }
    return std::sqrt(squares / kDraws);
  };
  const TestProblem paciorek = make_problem("mf-l1/paciorek");
  EXPECT_NEAR(deviation(paciorek, {.5, .6, 1}), .0125, .0125 * .03);
  EXPECT_NEAR(deviation(paciorek, {.5, .6, 0}), .075, .075 * .03);
  EXPECT_NEAR(deviation(make_problem("mf/miso-rosenbrock"), {0, 0, 1}), std::sqrt(1e-3), 1e-3);
  const TestProblem curve = make_problem("mf/learning-curve");
  EXPECT_NEAR(deviation(curve, {.2, .5, .8, 10}), 1, .03);  // sigma 2, half of it at step 10
  EXPECT_EQ(deviation(curve, {.2, .5, .8, 100}), 0);
  EXPECT_FALSE(make_problem("mf2/branin").observe);
}

TEST(MultiFidelity, RefusesDimensionsThatDoNotExist) {
  EXPECT_THROW(make_problem("mf-l1/springs", dimension(3)), std::invalid_argument);
  EXPECT_THROW(make_problem("mf-l1/rosenbrock", dimension(1)), std::invalid_argument);
  EXPECT_ANY_THROW(make_problem("mf-l1/alos", dimension(4)));
  EXPECT_ANY_THROW(make_problem("mf-l1/forrester", dimension(1)));
}

}  // namespace
}  // namespace asktell::benchmarks
