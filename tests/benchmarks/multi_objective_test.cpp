// The multi-objective suites: probes and hypervolumes from independent programs (pymoo 0.6.2,
// moocore 0.3.2, mpmath), points on the fronts from the papers' formulas.
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

Assignment integers(std::initializer_list<std::pair<const char*, int>> options) {
  Assignment assignment;
  for (const auto& [name, value] : options) assignment[name] = std::int64_t{value};
  return assignment;
}

double fraction(std::size_t i) {
  const double t = 0.5 + std::numbers::phi * static_cast<double>(i);
  return t - std::floor(t);
}

// The golden-ratio sequence in a box; rounded to integers and to the nearest level.
Point probe(const TestProblem& problem) {
  Point x;
  for (const Parameter& parameter : problem.space.parameters()) {
    const double t = fraction(x.size() + 1);
    if (parameter.kind == Kind::kOrdinal) {
      const auto level = [&](std::size_t i) { return parameter.choices[i].number(); };
      const std::size_t last = parameter.choices.size() - 1;
      const double wanted = level(0) + t * (level(last) - level(0));
      std::size_t nearest = 0;
      for (std::size_t i = 0; i <= last; ++i) {
        if (std::abs(level(i) - wanted) < std::abs(level(nearest) - wanted)) nearest = i;
      }
      x.push_back(static_cast<double>(nearest));
    } else {
      const double value = parameter.low + t * (parameter.high - parameter.low);
      x.push_back(parameter.kind == Kind::kInteger ? std::round(value) : value);
    }
  }
  return x;
}

void expect_near(const Point& values, const Point& expected, double tolerance) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], expected[i], tolerance * std::max(1., std::abs(expected[i]))) << i;
  }
}

struct Probe {
  const char* name;
  Assignment options;
  Point objectives;
};

TEST(MultiObjective, MatchesProbesOfOtherPrograms) {
  const Assignment dtlz = integers({{"objectives", 3}, {"dimension", 7}});
  const Probe probes[] = {
      {"zdt/zdt1", {}, {.11803398874989, 4.6275039166553}},
      {"zdt/zdt2", {}, {.11803398874989, 5.4253621337291}},
      {"zdt/zdt3", {}, {.11803398874989, 4.6908560695807}},
      {"zdt/zdt4", {}, {.11803398874989, 163.19906690967}},
      {"zdt/zdt6", {}, {.84420038441996, 8.6388507928411}},
      {"dtlz/dtlz1", dtlz, {21.686603756655, 7.7761692746053, 220.14984570087}},
      {"dtlz/dtlz2", dtlz, {.57164943405411, 1.298933419829, .26617950705755}},
      {"dtlz/dtlz3", dtlz, {197.6457987258, 449.10170107759, 92.030636510435}},
      {"dtlz/dtlz5", dtlz, {.88283091273491, 1.1111348631569, .26617950705755}},
      {"dtlz/dtlz6", dtlz, {2.5785129080724, 4.9548860807072, 1.047655198563}},
      {"dtlz/dtlz7", dtlz, {.11803398874989, .73606797749979, 20.526783299587}},
      {"wfg/wfg4", {}, {1.06300662065, 2.07760867884, 5.36407205094}},
      {"wfg/wfg9", {}, {.893215279888, 4.56536139603, 2.04771668862}},
      {"wfg/wfg1", {}, {2.90038954743, .985257387579, .990539527632}},
      {"re/re21", {}, {2094.55106976, .0196141259266}},
      {"re/re22", {}, {183.908696701, 153.773550759}},
      {"re/re23", {}, {59742.0356589, .678991910238}},
      {"re/re24", {}, {4433.15690531, 0}},
      {"re/re31", {}, {197.034781116, 4.31439624619, 196.934781116}},
      {"re/re32", {}, {22.0491216577, .00962786380278, 0}},
      {"re/re33", {}, {6.24242365117, 2.38748090529, 0}},
      {"re/re34", {}, {1689.19027939, 11.4407059944, .100297377048}},
      {"re/re35", {}, {3718.74680169, 1374.85217637, 76.3387196722}},
      {"re/re36", {}, {4.90854137116, 59, .20820103465}},
      {"re/re37", {}, {.205642744677, .649445632002, .975392573012}},
      {"re/re41", {}, {30.5857681782, 3.80340251911, 12.231936707, .596074053545}},
      {"re/re61",
       {},
       {74317.0648961, 185.80486515, 2175659.31339, 647615.801278, 10529.5458543, 0}},
  };
  for (const Probe& each : probes) {
    SCOPED_TRACE(each.name);
    const TestProblem problem = make_problem(each.name, each.options);
    const Values values = problem.evaluate(probe(problem));
    expect_near(values.objectives, each.objectives, 2e-11);
    EXPECT_EQ(problem.objectives.size(), each.objectives.size());
  }
}

struct Volume {
  const char* name;
  Assignment options;
  double value;
};

Assignment zdt_below(double r) {
  return {{"reference", r}};
}

Assignment dtlz_below(double r, int objectives) {
  return {{"reference", r}, {"objectives", std::int64_t{objectives}}};
}

TEST(MultiObjective, KnowsTheHypervolumesOfFronts) {
  const Assignment two = integers({{"objectives", 2}});
  const Volume volumes[] = {
      {"zdt/zdt1", zdt_below(1.1), 0.8766666667},
      {"zdt/zdt1", {}, 120.6666666667},
      {"zdt/zdt4", {}, 120.6666666667},
      {"zdt/zdt2", zdt_below(1.1), 0.5433333333},
      {"zdt/zdt2", {}, 120.3333333333},
      {"zdt/zdt3", zdt_below(1.1), 1.3317629086570201},
      {"zdt/zdt3", {}, 128.77811613069076},
      {"zdt/zdt6", zdt_below(1.1), 0.5078775146545907},
      {"zdt/zdt6", {}, 117.5182018583824},
      {"dtlz/dtlz1", dtlz_below(1, 2), 0.875},
      {"dtlz/dtlz1", dtlz_below(1, 3), 0.9791666667},
      {"dtlz/dtlz1", dtlz_below(1, 4), 0.9973958333},
      {"dtlz/dtlz1", dtlz_below(1, 5), 0.9997395833},
      {"dtlz/dtlz1", two, 159999.875},
      {"dtlz/dtlz2", two, 0.424601836602552},
      {"dtlz/dtlz2", {}, 0.807401224401701},
      {"dtlz/dtlz4", integers({{"objectives", 4}}), 1.15567486246596},
      {"dtlz/dtlz3", dtlz_below(1.1, 5), 1.44601659331518},
      {"dtlz/dtlz5", two, 0.424601836602552},
      {"dtlz/dtlz7", two, 1.33813415597926},
      {"wfg/wfg4", two, 15 - 2 * pi},
      {"wfg/wfg8", two, 15 - 2 * pi},
      {"wfg/wfg3", two, 11},
      {"mo/bnh", {}, 5285.3333333333},
      {"mo/srn", {}, 42689.7058},
      {"mo/tnk", {}, 0.43339463},
      {"mo/constr", {}, 85.43267049787414},
      {"mo/osy", {}, 10108.4056},
      {"mo/mw7", {}, 0.5044046},
      {"mo/c2-dtlz2", {}, 0.382333594401155},
      {"mo/branin-currin", {}, 59.4061962},
      {"mo/constrained-branin-currin", {}, 609.2713960},
      {"re/re34", {}, 246.81607081187},
      {"re/re41", {}, 484.690043},
  };
  for (const Volume& each : volumes) {
    SCOPED_TRACE(each.name);
    const TestProblem problem = make_problem(each.name, each.options);
    EXPECT_NEAR(problem.hypervolume, each.value, 1e-9 * std::max(0.1, each.value));
    EXPECT_EQ(problem.reference_point.size(), problem.objectives.size());
  }
}

// The suite's own scaling: ideal at 0, nadir at 1, reference point at 1.1.
TEST(MultiObjective, ScalesTheHypervolumesOfTheReSuite) {
  const TestProblem hatch = make_problem("re/re24");
  const double width = 481.608 - 60.5, height = 44.2819;
  expect_near(hatch.reference_point, {60.5 + 1.1 * width, 1.1 * height}, 1e-12);
  EXPECT_NEAR(hatch.hypervolume / (width * height), 1.171256434, 1e-9);
  EXPECT_FALSE(hatch.proven);
  EXPECT_TRUE(std::isnan(make_problem("re/re61").hypervolume));
}

// x1 in steps, the other coordinates where g is least.
TEST(MultiObjective, ZdtFrontsFollowTheirFormulas) {
  struct Front {
    const char* name;
    double rest;
    double (*second)(double f1);
  };
  const Front fronts[] = {
      {"zdt/zdt1", 0, [](double f) { return 1 - std::sqrt(f); }},
      {"zdt/zdt2", 0, [](double f) { return 1 - f * f; }},
      {"zdt/zdt3", 0, [](double f) { return 1 - std::sqrt(f) - f * std::sin(10 * pi * f); }},
      {"zdt/zdt4", 0, [](double f) { return 1 - std::sqrt(f); }},
      {"zdt/zdt6", 0, [](double f) { return 1 - f * f; }},
  };
  for (const Front& front : fronts) {
    SCOPED_TRACE(front.name);
    const TestProblem problem = make_problem(front.name);
    Point x(problem.space.slots(), front.rest);
    for (int i = 0; i <= 50; ++i) {
      x[0] = i / 50.;
      const Point f = problem.evaluate(x).objectives;
      EXPECT_NEAR(f[1], front.second(f[0]), 1e-12);
    }
  }
}

TEST(MultiObjective, ZdtOfBitsHasTheFrontTenOverF1) {
  const TestProblem problem = make_problem("zdt/zdt5");
  Point bits(80, 1.);
  for (int ones = 30; ones >= 0; --ones) {
    const Point f = problem.evaluate(bits).objectives;
    expect_near(f, {ones + 1., 10 / (ones + 1.)}, 1e-14);
    if (ones > 0) bits[static_cast<std::size_t>(ones) - 1] = 0;
  }
  bits[79] = 0;  // a string of four ones is the deceptive one: 6 instead of 1
  expect_near(problem.evaluate(bits).objectives, {1, 15}, 1e-14);
  // Columns between neighbours of the front, the last up to the reference point.
  const Point& r = problem.reference_point;
  double volume = 0;
  for (int k = 1; k <= 31; ++k) volume += ((k < 31 ? k + 1 : r[0]) - k) * (r[1] - 10. / k);
  EXPECT_NEAR(problem.hypervolume, volume, 1e-10);
}

// Where the distance coordinates are best, f lies on the plane or the sphere.
TEST(MultiObjective, DtlzFrontsArePlaneSphereAndCurve) {
  RandomStream stream(3, Purpose::kUser);
  for (int m : {2, 3, 5}) {
    for (const char* name :
         {"dtlz/dtlz1", "dtlz/dtlz2", "dtlz/dtlz3", "dtlz/dtlz4", "dtlz/dtlz5", "dtlz/dtlz6"}) {
      SCOPED_TRACE(name);
      const TestProblem problem = make_problem(name, integers({{"objectives", m}}));
      const std::string label = name;
      Point x(problem.space.slots(), label == "dtlz/dtlz6" ? 0. : 0.5);
      for (int i = 0; i < 20; ++i) {
        stream.fill_uniform(std::span(x).first(static_cast<std::size_t>(m) - 1));
        const Point f = problem.evaluate(x).objectives;
        double sum = 0, squares = 0;
        for (double v : f) {
          sum += v;
          squares += v * v;
        }
        EXPECT_NEAR(label == "dtlz/dtlz1" ? 2 * sum : squares, 1, 1e-12);
        if (m == 3 && (label == "dtlz/dtlz5" || label == "dtlz/dtlz6")) {
          EXPECT_NEAR(f[0], f[1], 1e-12);
        }
      }
    }
  }
}

TEST(MultiObjective, WfgFrontsAreAtDistanceZero) {
  RandomStream stream(4, Purpose::kUser);
  for (const char* name : {"wfg/wfg4", "wfg/wfg5", "wfg/wfg6", "wfg/wfg7"}) {
    SCOPED_TRACE(name);
    const TestProblem problem = make_problem(name);
    Point z(10);
    for (int i = 0; i < 20; ++i) {
      stream.fill_uniform(std::span(z).first(4));
      for (std::size_t j = 0; j < z.size(); ++j) {
        z[j] = 2 * static_cast<double>(j + 1) * (j < 4 ? z[j] : 0.35);
      }
      const Point f = problem.evaluate(z).objectives;
      double ellipsoid = 0;
      for (std::size_t j = 0; j < 3; ++j) {
        ellipsoid += std::pow(f[j] / (2 * static_cast<double>(j + 1)), 2);
      }
      EXPECT_NEAR(ellipsoid, 1, 1e-9);
    }
  }
}

TEST(MultiObjective, WfgRefusesGroupsThatDoNotDivide) {
  EXPECT_THROW(make_problem("wfg/wfg4", integers({{"objectives", 3}, {"position", 5}})),
               std::invalid_argument);
  EXPECT_THROW(make_problem("wfg/wfg2", integers({{"dimension", 11}})), std::invalid_argument);
  EXPECT_THROW(make_problem("wfg/wfg4", integers({{"dimension", 4}})), std::invalid_argument);
  EXPECT_THROW(make_problem("dtlz/dtlz2", integers({{"dimension", 2}})), std::invalid_argument);
  EXPECT_THROW(make_problem("dtlz/dtlz2", dtlz_below(0.5, 3)), std::invalid_argument);
}

bool feasible(const Values& values) {
  return std::all_of(values.constraints.begin(), values.constraints.end(),
                     [](double g) { return g <= 1e-9; });
}

// Points of the fronts that the papers (and, for SRN, the optimality conditions) give.
TEST(MultiObjective, FrontsOfConstrainedProblemsAreFeasible) {
  struct OnFront {
    const char* name;
    Point x, f;
  };
  const OnFront points[] = {
      {"mo/bnh", {0, 0}, {0, 50}},
      {"mo/bnh", {3, 3}, {72, 8}},
      {"mo/bnh", {5, 3}, {136, 4}},
      {"mo/srn", {3 * 3.7 - 10, 3.7}, {2 + 0.81 + 2.7 * 2.7, 9.9 - 2.7 * 2.7}},
      {"mo/srn", {3 * 2.5 - 10, 2.5}, {2 + 20.25 + 2.25, -22.5 - 2.25}},
      {"mo/constr", {0.39, 6 - 9 * 0.39}, {0.39, (7 - 9 * 0.39) / 0.39}},
      {"mo/constr", {1, 0}, {1, 1}},
      {"mo/osy", {5, 1, 5, 0, 5, 0}, {-274, 76}},
      {"mo/osy", {0, 2, 1, 0, 1, 0}, {-116, 6}},
  };
  for (const OnFront& each : points) {
    SCOPED_TRACE(each.name);
    const Values values = make_problem(each.name).evaluate(each.x);
    expect_near(values.objectives, each.f, 1e-12);
    EXPECT_TRUE(feasible(values));
  }
}

TEST(MultiObjective, ConstraintsCutOffWhatTheyShould) {
  EXPECT_FALSE(feasible(make_problem("mo/tnk").evaluate(Point{0.5, 0.5})));
  EXPECT_TRUE(feasible(make_problem("mo/tnk").evaluate(Point{0.0416643, 1.0384498})) ||
              make_problem("mo/tnk").evaluate(Point{0.0416643, 1.0384498}).constraints[0] < 1e-5);
  const TestProblem balls = make_problem("mo/c2-dtlz2");
  Point x(11, 0.5);
  for (const double turn : {0., 0.5, 1.}) {  // corners and the middle
    x[0] = turn;
    EXPECT_NEAR(balls.evaluate(x).constraints[0], -0.04, 1e-12);
  }
  x[0] = 0.25;
  EXPECT_GT(balls.evaluate(x).constraints[0], 0);
  const TestProblem disc = make_problem("mo/constrained-branin-currin");
  EXPECT_NEAR(disc.evaluate(Point{0.5, 0.5}).constraints[0], -50, 1e-12);
  EXPECT_GT(disc.evaluate(Point{0, 0}).constraints[0], 0);
  // Branin's minimum at (pi, 2.275), Currin's at (0, 1).
  const TestProblem pair = make_problem("mo/branin-currin");
  EXPECT_NEAR(pair.evaluate(Point{(pi + 5) / 15, 2.275 / 15}).objectives[0], 0.39788735772973816,
              1e-12);
  EXPECT_NEAR(pair.evaluate(Point{0, 1}).objectives[1], 1.18040802086, 1e-10);
}

TEST(MultiObjective, WholeNumbersAreTyped) {
  const TestProblem problem = make_problem("re/re36");
  for (const Parameter& parameter : problem.space.parameters()) {
    EXPECT_EQ(parameter.kind, Kind::kInteger);
  }
  EXPECT_EQ(make_problem("re/re22").space.parameters()[0].kind, Kind::kOrdinal);
  EXPECT_EQ(make_problem("re/re23").space.parameters()[1].kind, Kind::kInteger);
  EXPECT_EQ(make_problem("re/re35").space.parameters()[2].kind, Kind::kInteger);
}

}  // namespace
}  // namespace asktell::benchmarks
