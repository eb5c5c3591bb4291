// The constrained suites against values of other programs: probes of every engineering problem from
// an independent implementation (SLSQP in Python), optima of the CEC-2006 report and of many starts
// of SLSQP and differential evolution, closed forms where there are some.
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

using Point = std::vector<double>;

double sum(const Point& values) {
  double total = 0;
  for (double v : values) total += v;
  return total;
}

double most(const Point& values) {
  return *std::max_element(values.begin(), values.end());
}

// The golden-ratio sequence in the box of real parameters.
Point probe(const TestProblem& problem) {
  Point x;
  for (const Parameter& parameter : problem.space.parameters()) {
    const double t = 0.5 + std::numbers::phi * static_cast<double>(x.size() + 1);
    x.push_back(parameter.low + (parameter.high - parameter.low) * (t - std::floor(t)));
  }
  return x;
}

std::vector<std::string> constrained_names() {
  std::vector<std::string> names;
  for (const std::string& name : ProblemRegistry::global().names()) {
    const std::string suite = name.substr(0, name.find('/'));
    if (suite == "engineering" || suite == "cec2006" || suite == "constrained") {
      names.push_back(name);
    }
  }
  return names;
}

struct Probe {
  const char* name;
  Assignment options;
  double objective, sum_of_constraints, greatest_constraint;
};

TEST(Constrained, MatchesProbesOfTheFifteenEngineeringProblems) {
  const Probe probes[] = {
      {"jlh1", {}, .201626123751, .10410196625, .10410196625},
      {"jlh2", {}, 1.53872911566, -2.35719676937, -2.35719676937},
      {"gkxwc1", {}, .605617546736, -.0993530665815, -.0993530665815},
      {"gkxwc2", {}, 5.06687851627, .327814133183, .327814133183},
      {"ackley", {}, 13.3977734462, 4.66160433368, 2.81152949375},
      {"ackley", {{"dimension", std::int64_t{6}}}, 14.3189356663, 22.2186925836, kUnknown},
      {"ackley", {{"dimension", std::int64_t{10}}}, 14.3682524175, 35.9483777724, kUnknown},
      {"keane-bump", {}, -.106878744261, kUnknown, -48.1618792377},
      {"three-truss", {}, 106.991851292, 12.6699103947, 7.33495519737},
      {"compression-spring", {}, .231327046591, -2.55382196804, .857533084411},
      {"pressure-vessel", {}, 56823.328044, -4102704.2755, .706033729144},
      {"welded-beam", {}, 62.6481316076, -192835900.525, -.245183998987},
      {"speed-reducer", {}, 3698.15831144, -3.39212527499, .42309993354},
      {"heat-exchanger", {}, 14061.2189317, 2813081.97809, 1818260.45736},
      {"reinforced-concrete-beam", {}, 206.865113792, 113.845118499, 112.40493502},
      {"cantilever-beam", {}, 73550.9194291, 44925.7910161, 59286.7136707},
      {"car", {}, 29.8545115427, -12.7470697027, .669487342097},
  };
  const auto near = [](double value, double expected) {
    if (std::isnan(expected)) return;
    EXPECT_NEAR(value, expected, 2e-11 * std::max(1., std::abs(expected)));
  };
  for (const Probe& each : probes) {
    SCOPED_TRACE(each.name);
    const TestProblem problem = make_problem("engineering/" + std::string(each.name), each.options);
    const Values values = problem.evaluate(probe(problem));
    near(values.objectives[0], each.objective);
    near(sum(values.constraints), each.sum_of_constraints);
    near(most(values.constraints), each.greatest_constraint);
  }
}

struct Best {
  const char* name;
  double value;
};

TEST(Constrained, KnowsTheBestFeasibleValues) {
  const Best best[] = {
      {"engineering/jlh1", 0.03125},
      {"engineering/jlh2", -1.82543961703},
      {"engineering/gkxwc1", -2},
      {"engineering/gkxwc2", 0.253235897503},
      {"engineering/ackley", 0},
      {"engineering/keane-bump", -0.797113875812},
      {"engineering/three-truss", 263.895843376},
      {"engineering/compression-spring", 0.0126652327883},
      {"engineering/pressure-vessel", 5910.06447239},
      {"engineering/welded-beam", 2.38113424918},
      {"engineering/speed-reducer", 2885.17926592},
      {"engineering/heat-exchanger", 8312.91185776},
      {"engineering/reinforced-concrete-beam", 358.545703435},
      {"engineering/cantilever-beam", 63108.7479865},
      {"engineering/car", 22.8429691991},
      {"engineering/pressure-vessel-std", 6059.714335048436},
      {"engineering/welded-beam-std", 1.7248523086},
      {"engineering/speed-reducer-std", 2994.47106615},
      {"engineering/reinforced-concrete-beam-std", 359.208},
      {"engineering/gas-transmission", 2964895.41712},
      {"constrained/gramacy", 0.599788052},
      {"constrained/hartmann6", -3.32236801142},
      {"cec2006/g01", -15},
      {"cec2006/g02", -0.80361910412559},
      {"cec2006/g03", -1.0005001000},
      {"cec2006/g04", -30665.53867178},
      {"cec2006/g05", 5126.4967140071},
      {"cec2006/g06", -6961.81387558},
      {"cec2006/g07", 24.30620906818},
      {"cec2006/g08", -0.0958250414180359},
      {"cec2006/g09", 680.630057374402},
      {"cec2006/g10", 7049.24802052867},
      {"cec2006/g11", 0.7499},
      {"cec2006/g12", -1},
      {"cec2006/g13", 0.053941514041898},
      {"cec2006/g14", -47.7648884595},
      {"cec2006/g15", 961.715022289961},
      {"cec2006/g16", -1.90515525853},
      {"cec2006/g17", 8853.53401644},
      {"cec2006/g18", -0.866025403784439},
      {"cec2006/g19", 32.6555929502},
      {"cec2006/g21", 193.72451007},
      {"cec2006/g23", -400.0551},
      {"cec2006/g24", -5.50801327159536},
  };
  EXPECT_EQ(std::size(best), constrained_names().size());
  for (const Best& each : best) {
    SCOPED_TRACE(each.name);
    EXPECT_NEAR(make_problem(each.name).optimum, each.value,
                1e-9 * std::max(1e-2, std::abs(each.value)));
  }
}

// Constraints are met to 1e-8 of how much they vary over the box.
TEST(Constrained, AttainsThemAtFeasiblePoints) {
  for (const std::string& name : constrained_names()) {
    SCOPED_TRACE(name);
    const TestProblem problem = make_problem(name);
    const double scale = std::max(1e-2, std::abs(problem.optimum));
    Point aside(problem.space.slots());
    problem.space.from_unit(Point(problem.space.dimension(), 0.31), aside);
    const Values at_probe = problem.evaluate(aside);
    ASSERT_FALSE(problem.argmins.empty());
    for (const Point& argmin : problem.argmins) {
      EXPECT_NO_THROW(problem.space.point_from_slots(argmin));
      const Values values = problem.evaluate(argmin);
      EXPECT_NEAR(values.objectives[0], problem.optimum, 1e-8 * scale);
      ASSERT_EQ(values.constraints.size(), problem.constraints.size());
      for (std::size_t i = 0; i < values.constraints.size(); ++i) {
        EXPECT_LE(values.constraints[i], 1e-8 * std::max(1., std::abs(at_probe.constraints[i])))
            << problem.constraints[i];
      }
    }
  }
}

TEST(Constrained, ClosedFormOptimaAreSaidToBeProven) {
  for (const char* name : {"engineering/jlh1", "engineering/gkxwc1", "engineering/gkxwc2",
                           "engineering/ackley", "cec2006/g01", "cec2006/g03", "cec2006/g18"}) {
    EXPECT_TRUE(make_problem(name).proven) << name;
  }
  for (const char* name : {"engineering/car", "cec2006/g02", "cec2006/g10"}) {
    EXPECT_FALSE(make_problem(name).proven) << name;
  }
}

// No feasible point of a random sample is better than what is known.
TEST(Constrained, HasNoBetterFeasiblePointInASample) {
  RandomStream stream(11, Purpose::kUser);
  for (const std::string& name : constrained_names()) {
    SCOPED_TRACE(name);
    const TestProblem problem = make_problem(name);
    Point unit(problem.space.dimension()), slots(problem.space.slots());
    for (int i = 0; i < 3000; ++i) {
      stream.fill_uniform(unit);
      if (i % 2 == 0) {  // half of them near the best point
        problem.space.to_unit(problem.argmins[0], slots);
        for (std::size_t j = 0; j < unit.size(); ++j) {
          unit[j] = std::clamp(slots[j] + 1e-3 * (unit[j] - 0.5), 0., 1.);
        }
      }
      problem.space.from_unit(unit, slots);
      const Values values = problem.evaluate(slots);
      if (most(values.constraints) <= 0) {
        EXPECT_GE(values.objectives[0],
                  problem.optimum - 1e-9 * std::max(1e-2, std::abs(problem.optimum)));
      }
    }
  }
}

// Equalities: 1e-4 of slack, so the origin of g11's parabola is met and its neighbour is not.
TEST(Constrained, EqualitiesHaveTheSlackOfTheReport) {
  const TestProblem g11 = make_problem("cec2006/g11");
  EXPECT_EQ(g11.constraints, std::vector<std::string>{"h1"});
  EXPECT_LE(g11.evaluate(Point{0.5, 0.25 + 0.9e-4}).constraints[0], 0);
  EXPECT_GT(g11.evaluate(Point{0.5, 0.25 + 1.1e-4}).constraints[0], 0);
  EXPECT_GT(g11.evaluate(Point{0.5, 0.25 - 1.1e-4}).constraints[0], 0);
  EXPECT_EQ(make_problem("cec2006/g05").constraints,
            (std::vector<std::string>{"g1", "g2", "h1", "h2", "h3"}));
}

TEST(Constrained, WholeNumbersAndSizesOnSaleAreTyped) {
  const TestProblem vessel = make_problem("engineering/pressure-vessel-std");
  EXPECT_EQ(vessel.space.parameters()[0].kind, Kind::kInteger);
  EXPECT_EQ(vessel.space.parameters()[2].kind, Kind::kReal);
  const TestProblem beam = make_problem("engineering/reinforced-concrete-beam-std");
  EXPECT_EQ(beam.space.parameters()[0].kind, Kind::kOrdinal);
  EXPECT_EQ(beam.argmins[0], (Point{2, 34, 8.5}));  // the third bar
  // Amir & Hasegawa's slack at their optimum.
  EXPECT_NEAR(beam.evaluate(beam.argmins[0]).constraints[1], -0.224, 1e-3);
}

TEST(Constrained, KeaneIsKnownInOtherDimensions) {
  const TestProblem two = make_problem("engineering/keane-bump", {{"dimension", std::int64_t{2}}});
  EXPECT_NEAR(two.evaluate(Point{1.60086, 0.46850}).objectives[0], two.optimum, 1e-5);
  EXPECT_NEAR(two.optimum, -0.364979745871, 1e-12);
  const TestProblem three =
      make_problem("engineering/keane-bump", {{"dimension", std::int64_t{3}}});
  EXPECT_TRUE(std::isnan(three.optimum));
  EXPECT_EQ(three.evaluate(Point{0, 0, 0}).objectives[0], 0);  // no division by zero
}

// Textbook forms where the seed's programs differ from them.
TEST(Constrained, TextbookFormsHaveTheirOwnConstants) {
  const Point g10 = make_problem("cec2006/g10").argmins[0];
  // 1250 instead of 125 x4.
  EXPECT_NEAR(make_problem("engineering/heat-exchanger").evaluate(g10).constraints[4] -
                  make_problem("cec2006/g10").evaluate(g10).constraints[4],
              (1250 - 125) * g10[3], 1e-6);
  EXPECT_EQ(make_problem("engineering/speed-reducer-std").constraints.size(), 11U);
  EXPECT_EQ(make_problem("engineering/welded-beam-std").constraints.size(), 7U);
}

}  // namespace
}  // namespace asktell::benchmarks
