// The classic test functions against values worked out apart from this code: least values from
// 40-digit arithmetic (mpmath), which agree with the fewer digits of the literature, other points
// by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <asktell/benchmarks/problems/classic/classic.hpp>
#include <asktell/core/random.hpp>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = std::vector<double>;

Classic make(std::string_view name, int dimension) {
  try {
    return Classic(name);
  } catch (const std::invalid_argument&) {
    return Classic(name, dimension);
  }
}

struct Least {
  const char* name;
  int dimension;
  double optimum;
};
// Michalewicz: d = 2, 5, 10 from Vanaret et al. 2020, "Certified global minima for a benchmark of
// difficult optimization problems".
const Least kLeast[] = {{"branin", 2, 10 / (8 * pi)},
                        {"hartmann3", 3, -3.86277978733266252},
                        {"hartmann6", 6, -3.3223680114155148},
                        {"ackley", 5, 0},
                        {"griewank", 4, 0},
                        {"levy", 4, 0},
                        {"levy", 1, 0},
                        {"michalewicz", 2, -1.8013034100985537},
                        {"michalewicz", 5, -4.6876581790881484},
                        {"michalewicz", 10, -9.6601517156413479},
                        {"rosenbrock", 4, 0},
                        {"styblinski-tang", 6, -6 * 39.166165703771415464},
                        {"hartmann4", 4, -3.1344941412223991511},
                        {"shekel5", 4, -10.153199679058227457},
                        {"shekel7", 4, -10.402940566818661262},
                        {"shekel10", 4, -10.536409816692043114},
                        {"langermann", 2, -4.1558092918477850731},
                        {"beale", 2, 0},
                        {"bohachevsky", 2, 0},
                        {"booth", 2, 0},
                        {"bukin6", 2, 0},
                        {"cross-in-tray", 2, -2.0626118708227368778},
                        {"drop-wave", 2, -1},
                        {"easom", 2, -1},
                        {"eggholder", 2, -959.64066272085080283},
                        {"forrester", 1, -6.0207400557670827866},
                        {"goldstein-price", 2, 3},
                        {"gramacy-lee", 1, -0.86901113498949976988},
                        {"himmelblau", 2, 0},
                        {"holder-table", 2, -19.208502567886731832},
                        {"levy13", 2, 0},
                        {"matyas", 2, 0},
                        {"mccormick", 2, -std::sqrt(3.) / 2 - pi / 3},
                        {"schaffer2", 2, 0},
                        {"shubert", 2, -12.870885497725684896 * 14.508007927195033117},
                        {"six-hump-camel", 2, -1.0316284534898773504},
                        {"three-hump-camel", 2, 0},
                        {"colville", 4, 0},
                        {"ackley-off-centre", 10, 0},
                        {"alpine", 5, 0},
                        {"dixon-price", 7, 0},
                        {"perm", 5, 0},
                        {"powell", 8, 0},
                        {"rastrigin", 5, 0},
                        {"rotated-hyper-ellipsoid", 5, 0},
                        {"salomon", 5, 0},
                        {"schwefel", 5, 0},
                        {"sphere", 5, 0},
                        {"sum-of-powers", 5, 0},
                        {"sum-of-squares", 5, 0},
                        {"trid", 6, -50},
                        {"trid", 10, -210},
                        {"zakharov", 5, 0}};

// Coordinate steps of ever smaller size, inside of the unit cube, as long as they improve.
double pattern_search(const Classic& function, Point u) {
  double best = function.at_unit(u);
  for (double step = 1e-2; step > 1e-9;) {
    bool improved = false;
    for (double& coordinate : u) {
      const double before = coordinate;
      for (double moved : {before - step, before + step}) {
        coordinate = std::clamp(moved, 0., 1.);
        const double value = function.at_unit(u);
        if (value < best) {
          best = value;
          improved = true;
          break;
        }
        coordinate = before;
      }
    }
    if (!improved) step /= 4;
  }
  return best;
}

TEST(Classic, KnowsTheOptimumOfEveryFunction) {
  for (std::string_view name : Classic::names()) {
    EXPECT_TRUE(std::ranges::any_of(kLeast, [&](const Least& row) { return row.name == name; }))
        << name;
  }
}

TEST(Classic, LocalSearchFromItsMinimizersFindsNothingBetter) {
  for (const Least& row : kLeast) {
    SCOPED_TRACE(row.name);
    const Classic function = make(row.name, row.dimension);
    for (const Point& argmin : function.argmins()) {
      const double found = pattern_search(function, function.to_unit(argmin));
      EXPECT_GE(found, row.optimum - 1e-10 * std::max(1., std::abs(row.optimum)));
    }
  }
}

TEST(Classic, AttainsTheKnownOptimumAtEachOfItsMinimizers) {
  for (const Least& row : kLeast) {
    SCOPED_TRACE(row.name);
    const Classic function = make(row.name, row.dimension);
    ASSERT_EQ(function.dimension(), row.dimension);
    EXPECT_NEAR(function.optimum(), row.optimum, 1e-12 * std::max(1., std::abs(row.optimum)));
    ASSERT_FALSE(function.argmins().empty());
    for (const Point& argmin : function.argmins()) {
      EXPECT_NEAR(function(argmin), row.optimum, 1e-12 * std::max(1., std::abs(row.optimum)));
    }
  }
}

TEST(Classic, HasNoLowerValueInTheBoxOrBesideAMinimizer) {
  RandomStream stream(5, Purpose::kUser);
  for (std::string_view name : Classic::names()) {
    SCOPED_TRACE(name);
    const Classic function = make(name, 4);
    const double slack = 1e-9 * std::max(1., std::abs(function.optimum()));
    Point u(static_cast<std::size_t>(function.dimension()));
    for (int i = 0; i < 2000; ++i) {
      stream.fill_uniform(u);
      EXPECT_GE(function.at_unit(u), function.optimum());
      for (const Point& argmin : function.argmins()) {
        Point near = function.to_unit(argmin);
        for (std::size_t j = 0; j < u.size(); ++j)
          near[j] = std::clamp(near[j] + 1e-3 * (u[j] - 0.5), 0., 1.);
        EXPECT_GE(function.at_unit(near), function.optimum() - slack);
      }
    }
  }
}

TEST(Classic, MatchesValuesWorkedOutByHand) {
  EXPECT_NEAR(Classic("branin")(Point{0, 0}), 36 + 10 * (1 - 1 / (8 * pi)) + 10, 1e-12);
  // All Gaussians of both Hartmann functions are far away at (9, ..., 9).
  EXPECT_NEAR(Classic("hartmann6")(Point(6, 9.)), 0, 1e-12);
  EXPECT_NEAR(Classic("ackley", 2)(Point{1, -1}), 20 * (1 - std::exp(-0.2)), 1e-12);
  EXPECT_NEAR(Classic("griewank", 2)(Point{pi, 0}), pi * pi / 4000 + 2, 1e-12);
  // w = (1/2, 3/2): 1 + (1/4)(1 + 10 sin^2(pi/2 + 1)) + (1/4)(1 + sin^2(3 pi)).
  EXPECT_NEAR(Classic("levy", 2)(Point{-1, 3}), 1.5 + 2.5 * std::pow(std::cos(1.), 2), 1e-12);
  EXPECT_NEAR(Classic("michalewicz", 1)(Point{pi / 2}), -std::pow(std::sin(pi / 4), 20), 1e-12);
  EXPECT_NEAR(Classic("rosenbrock", 3)(Point{-1, 2, 0}), 100 + 4 + 1600 + 1, 1e-12);
  EXPECT_NEAR(Classic("styblinski-tang", 2)(Point{1, -2}), 0.5 * (1 - 16 + 5 + 16 - 64 - 10),
              1e-12);
}

TEST(Classic, MatchesValuesOfOneAndTwoCoordinatesWorkedOutByHand) {
  const auto expect = [](std::string_view name, const Point& x, double value) {
    EXPECT_NEAR(Classic(name)(x), value, 1e-12 * std::max(1., std::abs(value))) << name;
  };
  expect("beale", {0, 0}, 1.5 * 1.5 + 2.25 * 2.25 + 2.625 * 2.625);
  expect("bohachevsky", {1, 1}, 1 + 2 + 0.3 - 0.4 + 0.7);
  expect("booth", {0, 0}, 74);
  expect("bukin6", {-5, 0.25}, 0.05);
  expect("bukin6", {-10, 0}, 100);
  expect("cross-in-tray", {0, 0}, -1e-4);
  expect("drop-wave", {pi / 24, 0}, -1 / (0.5 * pi * pi / 576 + 2));
  expect("easom", {0, pi}, std::exp(-pi * pi));
  expect("eggholder", {0, 0}, -47 * std::sin(std::sqrt(47.)));
  expect("forrester", {1}, 16 * std::sin(8.));
  expect("goldstein-price", {0, 0}, 600);
  expect("goldstein-price", {1, 1}, 1876);
  expect("gramacy-lee", {0.55}, -1 / 1.1 + 0.04100625);
  expect("himmelblau", {0, 0}, 170);
  expect("holder-table", {pi / 2, 0}, -std::exp(0.5));
  expect("levy13", {0, 0}, 2);
  expect("matyas", {1, -1}, 1);
  expect("mccormick", {0, 0}, 1);
  expect("schaffer2", {1, 1}, 0.5 - 0.5 / (1.002 * 1.002));
  expect(
      "shubert", {0, -1},
      (std::cos(1.) + 2 * std::cos(2.) + 3 * std::cos(3.) + 4 * std::cos(4.) + 5 * std::cos(5.)) *
          15 * std::cos(1.));
  expect("six-hump-camel", {1, 1}, 4 - 2.1 + 1. / 3 + 1 - 4 + 4);
  expect("three-hump-camel", {1, 1}, 2 - 1.05 + 1. / 6 + 2);
  expect("colville", {0, 0, 0, 0}, 42);
}

TEST(Classic, MatchesValuesOfAnyDimensionWorkedOutByHand) {
  const auto expect = [](std::string_view name, const Point& x, double value) {
    EXPECT_NEAR(Classic(name, static_cast<int>(x.size()))(x), value, 1e-12 * std::max(1., value))
        << name;
  };
  expect("ackley-off-centre", {1, -1}, 20 * (1 - std::exp(-0.2)));
  expect("alpine", {pi / 2, -pi / 2}, pi);
  expect("dixon-price", {1, 1, 1}, 5);
  expect("perm", {1, 1}, 36 + 81);
  expect("powell", {1, 1, 1, 1, 0, 0, 0, 2}, 122 + 20 + 160);
  expect("rastrigin", {1, 0.5}, 1 + 20.25);
  expect("rotated-hyper-ellipsoid", {1, 2, 3}, 1 + 5 + 14);
  expect("salomon", {0.3, 0.4}, 2.05);
  expect("schwefel", {0, 0}, 2 * 418.98288727243370627);
  expect("sphere", {1, -2}, 5);
  expect("sum-of-powers", {-0.5, 0.5}, 0.375);
  expect("sum-of-squares", {1, 2}, 9);
  expect("trid", {1, 2}, -1);
  expect("zakharov", {1, 1}, 2 + 2.25 + 5.0625);
}

TEST(Classic, BoxesOfSomeFunctionsGrowWithTheDimension) {
  EXPECT_EQ(Classic("trid", 6).lower(), Point(6, -36.));
  EXPECT_EQ(Classic("perm", 4).upper(), Point(4, 4.));
  EXPECT_EQ(Classic("ackley-off-centre", 3).upper(), Point(3, 32.232));
  EXPECT_EQ(Classic("rosenbrock", 2).lower(), Point(2, -5.));
}

TEST(Classic, AThousandCoordinatesOfWhichSixCount) {
  const Classic wide = Classic("hartmann6").embedded(1000);
  Point x = wide.argmins()[0];
  ASSERT_EQ(x.size(), 1000);
  EXPECT_DOUBLE_EQ(wide(x), wide.optimum());
  x[6] = 0.9;
  x[999] = 0.1;
  EXPECT_DOUBLE_EQ(wide(x), wide.optimum());
  x[5] = 0.9;
  EXPECT_GT(wide(x), wide.optimum() + 0.1);
}

TEST(Classic, MatchesHartmannValuesOfAnotherImplementation) {
  // mpmath, 40 digits, at the centre of the cube.
  EXPECT_NEAR(Classic("hartmann3")(Point(3, 0.5)), -0.628022015070594199, 1e-13);
  EXPECT_NEAR(Classic("hartmann4")(Point(4, 0.5)), -1.0833433453236143454, 1e-13);
  EXPECT_NEAR(Classic("hartmann6")(Point(6, 0.5)), -0.505314991702233137, 1e-13);
}

TEST(Classic, ScalesTheUnitCubeToItsBox) {
  const Classic branin("branin");
  EXPECT_EQ(branin.from_unit(Point{0, 1}), (Point{-5, 15}));
  EXPECT_DOUBLE_EQ(branin.at_unit(Point{1. / 3, 0}), branin(Point{0, 0}));
  const Point back = branin.to_unit(branin.from_unit(Point{0.2, 0.7}));
  EXPECT_NEAR(back[0], 0.2, 1e-15);
  EXPECT_NEAR(back[1], 0.7, 1e-15);
}

TEST(Classic, EmbeddedDependsOnItsActiveCoordinatesOnly) {
  const Classic branin("branin");
  const int active[] = {3, 1};
  const Classic wide = branin.embedded(5, active);
  EXPECT_EQ(wide.name(), "branin-in-5");
  EXPECT_EQ(wide.dimension(), 5);
  EXPECT_EQ(wide.lower()[3], -5);
  EXPECT_EQ(wide.upper()[1], 15);
  EXPECT_DOUBLE_EQ(wide(Point{9, 2.5, 9, 1.5, 9}), branin(Point{1.5, 2.5}));
  EXPECT_EQ(wide(Point{9, 2.5, 9, 1.5, 9}), wide(Point{0, 2.5, -1, 1.5, 3}));
  EXPECT_DOUBLE_EQ(wide(wide.argmins()[2]), branin.optimum());
  // Twice: positions go through both.
  const int later[] = {4, 0, 1, 2, 3};
  EXPECT_DOUBLE_EQ(wide.embedded(6, later)(Point{2.5, 7, 1.5, 7, 7, 7}), branin(Point{1.5, 2.5}));
}

TEST(Classic, ReordersCoordinatesOfItsOwnNumber) {
  const int swapped[] = {1, 0};
  const Classic branin("branin");
  EXPECT_DOUBLE_EQ(branin.embedded(2, swapped)(Point{2.5, 1.5}), branin(Point{1.5, 2.5}));
}

TEST(Classic, RefusesWhatDoesNotExist) {
  EXPECT_THROW(Classic("brainin"), std::invalid_argument);
  EXPECT_THROW(Classic("branin", 3), std::invalid_argument);
  EXPECT_THROW(Classic("ackley"), std::invalid_argument);
  EXPECT_THROW(Classic("rosenbrock", 1), std::invalid_argument);
  EXPECT_THROW(Classic("powell", 6), std::invalid_argument);
  EXPECT_THROW(Classic("branin")(Point{1}), std::invalid_argument);
  EXPECT_THROW(Classic("branin").embedded(1), std::invalid_argument);
  const int twice[] = {1, 1};
  EXPECT_THROW(Classic("branin").embedded(3, twice), std::invalid_argument);
  const int outside[] = {0, 3};
  EXPECT_THROW(Classic("branin").embedded(3, outside), std::invalid_argument);
}

}  // namespace
}  // namespace asktell::benchmarks
