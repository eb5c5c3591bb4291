// Spaces: checks, the map to the unit cube, points, JSON, extension.
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>
#include <asktell/tests/core/error_id.hpp>

namespace asktell {
namespace {

Space everything() {
  Space space;
  space.real("x", -5, 10)
      .real("rate", 1e-5, 1, {.log = true})
      .real("grid", 0, 1, {.step = 0.25})
      .real("vector", -1, 1, {.size = 3})
      .integer("depth", 2, 12)
      .integer("width", 1, 1000, {.log = true})
      .categorical("kernel", {"rbf", "poly", 3})
      .boolean("shrink")
      .ordinal("level", {1, 2, 4, 8})
      .permutation("order", 4)
      .subset("features", 5, 1, 3)
      .simplex("mix", 3)
      .real("gamma", 0, 1, {.when = {{.parent = "kernel", .values = {"rbf"}}}})
      .integer("degree", 1, 5, {.when = {{.parent = "kernel", .values = {"poly"}}}});
  return space;
}

TEST(Space, RandomPointsComeBackFromTheUnitCube) {
  const Space space = everything();
  RandomStream stream(1, Purpose::kDesign);
  std::vector<double> unit(space.dimension());
  for (int i = 0; i < 2000; ++i) {
    stream.fill_uniform(unit);
    const Point point = space.point_from_unit(unit);
    const Point again = space.point_from_unit(point.unit());
    for (std::size_t j = 0; j < space.slots(); ++j) {
      const double a = point.slots()[j], b = again.slots()[j];
      ASSERT_TRUE((std::isnan(a) && std::isnan(b)) || std::abs(a - b) < 1e-13)
          << j << ' ' << a << ' ' << b;
    }
    ASSERT_EQ(space.point(point.values()), point);
    ASSERT_EQ(space.point_from_json(point.to_json()), point);
    ASSERT_NE(point.has("gamma"), point["kernel"].text() != "rbf");
  }
}

TEST(Space, BoundsAreExactAtTheEndsOfTheCube) {
  const Space space = Space().real("x", -5, 10).real("r", 1e-5, 0.3, {.log = true});
  EXPECT_EQ(space.point_from_unit(std::vector<double>{0, 0})["r"].number(), 1e-5);
  EXPECT_EQ(space.point_from_unit(std::vector<double>{1, 1})["x"].number(), 10);
  EXPECT_EQ(space.point_from_unit(std::vector<double>{1, 1})["r"].number(), 0.3);
}

TEST(Space, IntegersHaveEqualCells) {
  const Space space = Space().integer("n", 1, 4);
  std::vector<int> counts(5);
  for (int i = 0; i < 400; ++i) {
    ++counts[static_cast<std::size_t>(
        space.point_from_unit(std::vector<double>{(i + 0.5) / 400})["n"].integer())];
  }
  EXPECT_EQ(counts, (std::vector<int>{0, 100, 100, 100, 100}));
}

TEST(Space, SimplexOfUniformCoordinatesIsUniform) {
  // Dirichlet(1, 1, 1): mean 1/3, variance (n - 1) / (n^2 (n + 1)) = 1/18.
  const Space space = Space().simplex("p", 3);
  RandomStream stream(3, Purpose::kDesign);
  std::vector<double> unit(2), mean(3), square(3);
  const int count = 20000;
  for (int i = 0; i < count; ++i) {
    stream.fill_uniform(unit);
    const auto p = space.point_from_unit(unit)["p"].list();
    for (std::size_t k = 0; k < 3; ++k) {
      mean[k] += p[k] / count;
      square[k] += p[k] * p[k] / count;
    }
  }
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(mean[k], 1.0 / 3, 0.01);
    EXPECT_NEAR(square[k] - mean[k] * mean[k], 1.0 / 18, 0.003);
  }
}

TEST(Space, JsonComesBackEqual) {
  const Space space = everything().constraint("x + 2*depth <= 14");
  const Space again = Space::from_json(space.to_json());
  EXPECT_EQ(again.to_json(), space.to_json());
  EXPECT_EQ(again.difference(space), "");
}

TEST(Space, EnumeratesFiniteSpacesOnce) {
  const Space space = Space().integer("a", 0, 2).boolean("b").categorical(
      "c", {"u", "v"}, {.when = {{.parent = "b", .values = {true}}}});
  const auto points = space.enumerate(100);
  ASSERT_TRUE(points);
  EXPECT_EQ(points->size(), 9u);  // 3 x (1 without c + 2 with c)
  EXPECT_FALSE(Space().real("x", 0, 1).enumerate(100));
  EXPECT_FALSE(space.enumerate(8));
}

TEST(Space, LinearConstraintsAreReadAsWritten) {
  const Space space = Space().real("x", 0, 1).real("y", 0, 1).constraint("2*x - y >= 0.5 - y + x");
  EXPECT_TRUE(space.satisfies_constraints(space.point({{"x", 0.5}, {"y", 1.0}}).slots()));
  EXPECT_FALSE(space.satisfies_constraints(space.point({{"x", 0.49}, {"y", 0.0}}).slots()));
}

TEST(Space, RefusesWhatCannotBe) {
  EXPECT_EQ(error_id([] { Space().real("x", 1, 0); }), "space.bounds");
  EXPECT_EQ(error_id([] { Space().real("x", 1, 1); }), "space.bounds");
  EXPECT_EQ(error_id([] { Space().real("x", 0, INFINITY); }), "space.bounds");
  EXPECT_EQ(error_id([] { Space().real("x", 0, 1, {.log = true}); }), "space.log");
  EXPECT_EQ(error_id([] { Space().real("x", 0, 1).boolean("x"); }), "space.duplicate");
  EXPECT_EQ(error_id([] { Space().categorical("c", {}); }), "space.choices");
  EXPECT_EQ(error_id([] { Space().categorical("c", {"a", "a"}); }), "space.choices");
  EXPECT_EQ(error_id([] { Space().boolean(""); }), "space.name");
  EXPECT_EQ(error_id([] { Space().subset("s", 3, 4); }), "space.items");
  EXPECT_EQ(error_id([] { Space().real("x", 0, 1, {.when = {{.parent = "y"}}}); }),
            "space.condition");
  EXPECT_EQ(error_id([] { Space().real("x", 0, 1).constraint("x + z <= 3"); }), "space.constraint");
  EXPECT_EQ(error_id([] { Space().real("x", 0, 1).constraint("x <= -1").check_feasible(); }),
            "space.infeasible");
}

TEST(Space, RefusesPointsThatDoNotBelong) {
  const Space space = everything();
  const Assignment good =
      space.point_from_unit(std::vector<double>(space.dimension(), 0.3)).values();
  const auto with = [&](const std::string& name, Value value) {
    Assignment changed = good;
    changed[name] = std::move(value);
    return error_id([&] { space.point(changed); });
  };
  EXPECT_EQ(with("x", 11), "point.bounds");
  EXPECT_EQ(with("x", std::nextafter(10.0, 11.0)), "none");  // one ulp of grace
  EXPECT_EQ(with("x", "high"), "point.type");
  EXPECT_EQ(with("depth", 2.5), "point.type");
  EXPECT_EQ(with("kernel", "rfb"), "point.choice");
  EXPECT_EQ(with("degree", 3), "point.inactive");
  EXPECT_EQ(with("unknown", 3), "point.unknown");
  EXPECT_EQ(with("x", Value()), "point.missing");
  EXPECT_EQ(with("mix", std::vector<double>{0.5, 0.6, 0.2}), "point.simplex");
  EXPECT_EQ(with("order", std::vector<std::int64_t>{0, 1, 1, 2}), "point.permutation");
}

TEST(Space, ExtensionsKeepOldPoints) {
  const Space older = Space().real("x", 0, 1).categorical("c", {"a", "b"});
  const Space wider = Space()
                          .real("x", -1, 2)
                          .categorical("c", {"a", "b", "z"})
                          .integer("n", 1, 5, {.default_value = 2});
  wider.check_extends(older);
  const Point old = older.point({{"x", 0.25}, {"c", "b"}});
  const Point adopted(wider, wider.adopt(older, old.slots()));
  EXPECT_EQ(adopted, wider.point({{"x", 0.25}, {"c", "b"}, {"n", 2}}));
  EXPECT_EQ(error_id([&] { older.check_extends(wider); }), "space.extend");
}

}  // namespace
}  // namespace asktell
