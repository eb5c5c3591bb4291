// Beliefs about where the optimum lies: densities against closed forms, and what a study does with
// them.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include <Eigen/Core>

#include <asktell/asktell.hpp>
#include <asktell/core/special_functions.hpp>
#include <asktell/solvers/bayesian/belief.hpp>
#include <asktell/tests/core/error_id.hpp>

namespace asktell {
namespace {

using Eigen::VectorXd;

ParameterOptions likely(std::vector<double> given) {
  ParameterOptions options;
  options.likely = std::move(given);
  return options;
}

Space mixed() {
  ParameterOptions logarithm = likely({0.01, 0.1});
  logarithm.log = true;
  return Space()
      .real("x", -5, 15, likely({0, 4}))
      .real("rate", 1e-4, 1, logarithm)
      .categorical("kind", {"a", "b", "c"}, likely({3, 1, 0}))
      .real("free", 0, 1);
}

TEST(Belief, IsATruncatedNormalDensityInTheParametersScale) {
  const Belief belief(mixed());
  // x: centre (2 + 5) / 20 = 0.35, deviation 0.1; rate: centre 0.625, deviation 0.125 (a decade of
  // four); kind: 3/4 of the weight on one of three cells.
  const auto normal = [](double at, double centre, double deviation) {
    const double mass = normal_cdf((1 - centre) / deviation) - normal_cdf(-centre / deviation);
    return normal_pdf((at - centre) / deviation) / deviation / mass;
  };
  const VectorXd x{{0.5, 0.7, 1 / 6.0, 0.9}};
  EXPECT_NEAR(belief.log_density(x, nullptr),
              std::log(normal(0.5, 0.35, 0.1) * normal(0.7, 0.625, 0.125) * 0.75 * 3), 1e-12);
  EXPECT_EQ(belief.log_density(VectorXd{{0.5, 0.7, 5 / 6.0, 0.9}}, nullptr), -HUGE_VAL);
  EXPECT_NEAR(belief.log_density(VectorXd{{NAN, 0.7, NAN, 0.9}}, nullptr),
              std::log(normal(0.7, 0.625, 0.125)), 1e-12);
}

TEST(Belief, GradientMatchesDifferences) {
  const Belief belief(mixed());
  const VectorXd x{{0.5, 0.7, 1 / 6.0, 0.9}};
  VectorXd gradient(4);
  belief.log_density(x, &gradient);
  for (Eigen::Index i = 0; i < 4; ++i) {
    VectorXd low = x, high = x;
    low[i] -= 1e-6;
    high[i] += 1e-6;
    const double slope =
        (belief.log_density(high, nullptr) - belief.log_density(low, nullptr)) / 2e-6;
    EXPECT_NEAR(gradient[i], slope, 1e-7) << i;
  }
}

TEST(Belief, ShapesUniformCoordinates) {
  const Belief belief(mixed());
  const int count = 4000;
  int inside = 0, first = 0;
  for (int i = 0; i < count; ++i) {
    const double u = (i + 0.5) / count;
    std::vector<double> unit = {u, 0.5, u, u};
    belief.shape(unit);
    inside += unit[0] >= 0.25 && unit[0] <= 0.45;
    first += unit[2] == 0.5 / 3;
    EXPECT_LT(unit[2], 2 / 3.0);        // no weight on the last choice
    EXPECT_NEAR(unit[1], 0.625, 1e-3);  // the median, but for the truncation
    EXPECT_EQ(unit[3], u);
  }
  EXPECT_NEAR(inside / double(count), std::erf(1 / std::sqrt(2.0)), 2e-3);  // one deviation
  EXPECT_NEAR(first / double(count), 0.75, 1e-3);
}

TEST(Belief, RefusesWhatHasNoMass) {
  EXPECT_EQ(error_id([] { Space().real("x", 0, 1, likely({2, 3})); }), "space.likely");
  EXPECT_EQ(error_id([] { Space().real("x", 0, 1, likely({0.5})); }), "space.likely");
  EXPECT_EQ(error_id([] { Space().real("x", 0, 1, likely({0.5, 0.2})); }), "space.likely");
  EXPECT_EQ(error_id([] { Space().categorical("k", {"a", "b"}, likely({0, 0})); }), "space.likely");
  EXPECT_EQ(error_id([] {
              Space().categorical("k", {"a", "b"}, likely({1, 2, 3}));
            }),
            "space.likely");
  EXPECT_EQ(error_id([] { Space().boolean("b", likely({1, -1})); }), "space.likely");
  EXPECT_EQ(error_id([] { Space().permutation("p", 3, likely({1, 1, 1})); }), "space.likely");
}

TEST(Belief, IsKeptInJson) {
  const Space space = mixed();
  EXPECT_EQ(Space::from_json(space.to_json()).to_json(), space.to_json());
  EXPECT_EQ(Space::from_json(space.to_json()).parameters()[0].likely, (std::vector<double>{0, 4}));
}

// A narrow valley of a parabola at 0.7, believed there.
TEST(Belief, TheDesignAndTheModelBeginWhereTheOptimumIsLikely) {
  for (const std::string solver : {"gp_bo", "portfolio", "auto"}) {
    const Space space =
        Space().real("x", 0, 1, likely({0.65, 0.75})).real("y", 0, 1, likely({0.65, 0.75}));
    Study study({.space = space, .seed = 3, .solver = solver, .n_trials = 40});
    double away = 0;
    for (int i = 0; i < 8; ++i) {
      const Trial trial = study.ask();
      const double x = trial["x"].number() - 0.7, y = trial["y"].number() - 0.7;
      away += std::hypot(x, y) / 8;
      study.tell(trial, x * x + y * y);
    }
    EXPECT_LT(away, 0.15) << solver;                 // 0.5 by uniform points
    const std::string note = study.trial(4).note();  // the first one of the model
    EXPECT_NE(note.find("beliefs"), std::string::npos) << note;
  }
}

TEST(Belief, AWrongOneFades) {
  const Space space =
      Space().real("x", 0, 1, likely({0.05, 0.15})).real("y", 0, 1, likely({0.05, 0.15}));
  Study study({.space = space, .seed = 3, .solver = "gp_bo", .n_trials = 40});
  while (const Trial trial = study.ask()) {
    const double x = trial["x"].number() - 0.7, y = trial["y"].number() - 0.7;
    study.tell(trial, x * x + y * y);
  }
  EXPECT_LT(study.best().value(), 1e-4);
}

TEST(Belief, SolversWithoutOneRefuseAndNameThoseWithOne) {
  try {
    Study study({.space = Space().real("x", 0, 1, likely({0.1, 0.2})), .seed = 1, .solver = "tpe"});
    FAIL();
  } catch (const SolverError& error) {
    EXPECT_NE(std::string(error.what()).find("likely"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("gp_bo"), std::string::npos);
  }
}

}  // namespace
}  // namespace asktell
