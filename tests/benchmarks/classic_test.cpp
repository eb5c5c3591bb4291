// The classic test functions against values worked out apart from this code: least values from
// 40-digit arithmetic (mpmath) and from the literature, other points by hand.
#include <gtest/gtest.h>

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
  const bool own = name == "branin" || name == "hartmann3" || name == "hartmann6";
  return own ? Classic(name) : Classic(name, dimension);
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
                        {"styblinski-tang", 6, -6 * 39.166165703771415464}};

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
        for (std::size_t j = 0; j < u.size(); ++j) near[j] += 1e-3 * (u[j] - 0.5);
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

TEST(Classic, MatchesHartmannValuesOfAnotherImplementation) {
  // mpmath, 40 digits, at the centre of the cube.
  EXPECT_NEAR(Classic("hartmann3")(Point(3, 0.5)), -0.628022015070594199, 1e-13);
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
  EXPECT_THROW(Classic("branin")(Point{1}), std::invalid_argument);
  EXPECT_THROW(Classic("branin").embedded(1), std::invalid_argument);
  const int twice[] = {1, 1};
  EXPECT_THROW(Classic("branin").embedded(3, twice), std::invalid_argument);
  const int outside[] = {0, 3};
  EXPECT_THROW(Classic("branin").embedded(3, outside), std::invalid_argument);
}

}  // namespace
}  // namespace asktell::benchmarks
