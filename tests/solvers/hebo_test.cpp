// hebo: its acquisitions against numbers of the reference implementation's formulas (mpmath), and
// what it does with strange values.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include <asktell/core/special_functions.hpp>
#include <asktell/solvers/bayesian/mace.hpp>
#include <asktell/surrogates/gp/posterior.hpp>
#include <asktell/tests/solvers/robust_values.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// HEBO 0.3.6, hebo.py.
class Flat final : public Surrogate {
 public:
  void predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance, MatrixXd*,
               MatrixXd*) const override {
    mean = VectorXd::Constant(points.cols(), 0.3);
    variance = VectorXd::Constant(points.cols(), 0.25);
  }
};

GpPosterior w1() {
  GpData data;
  data.x = Eigen::RowVectorXd{{.05, .30, .55, .90}};
  data.z = VectorXd{{-.20, .80, -.60, -1.10}};
  return GpPosterior(kernels::scaled(kernels::matern52(1)), data,
                     VectorXd{{std::log(0.25), 0, std::log(0.01)}}, {.kind = GpMean::Kind::kFixed});
}

TEST(Mace, MatchesClosedFormsWithoutNoise) {
  const GpPosterior model = w1();
  // The margin of 1e-4 below the incumbent gives a best of -1.1.
  Mace mace(model, {.incumbent = -1.1 + 1e-4, .deviations = 2}, RandomStream(1, Purpose::kChoice));
  MatrixXd x(1, 2), values;
  x << .75, .30;
  mace.evaluate(x, values);
  EXPECT_NEAR(values(0, 0), -2.0534328688373, 1e-12);
  EXPECT_NEAR(values(1, 0), 1.6602379736661, 1e-12);
  EXPECT_NEAR(values(2, 0), -std::log(0.49975324768401), 1e-12);
  EXPECT_NEAR(values(1, 1), 189.14863801679, 1e-8);  // HEBO's tail formula is off by 1 here
  EXPECT_NEAR(values(2, 1), -std::log(1.3757244594072e-80), 1e-8);
}

TEST(Mace, PerturbsTheBoundAndTheImprovementsByDrawsOfTheirOwn) {
  const Flat model;
  const double noise = 0.02;
  Mace mace(model, {.incumbent = 0, .deviations = 0, .noise = noise},
            RandomStream(7, Purpose::kChoice));
  const Index n = 20000;
  MatrixXd values;
  mace.evaluate(MatrixXd::Zero(1, n), values);
  const Eigen::ArrayXd bound = values.row(0).transpose().array() - 0.3;
  EXPECT_NEAR(bound.mean(), 0, 4 * std::sqrt(2 * noise / n));
  EXPECT_NEAR(bound.square().mean(), 2 * noise, 4 * 2 * noise * std::sqrt(2.0 / n));
  Eigen::ArrayXd seen(n);
  for (Index j = 0; j < n; ++j) {
    const double z = normal_quantile(std::exp(-values(2, j)));
    seen[j] = -1e-4 - 0.5 * z - 0.3;
    const double improvement = 0.5 * (normal_pdf(z) + z * normal_cdf(z));
    ASSERT_NEAR(values(1, j), -std::log(improvement), 1e-7 * std::abs(values(1, j)));
  }
  EXPECT_NEAR(seen.square().mean(), 2 * noise, 4 * 2 * noise * std::sqrt(2.0 / n));
  EXPECT_NEAR((seen * bound).mean(), 0, 4 * 2 * noise / std::sqrt(double(n)));
}

TEST(Hebo, StartsWithOneSobolPointMoreThanDimensions) {
  Problem problem;
  problem.space = Space().real("x", 0, 1, {.size = 3});
  const auto solver = testing::make_solver("hebo", problem);
  testing::HandFed fed(problem);
  for (int i = 0; i < 6; ++i) {
    const std::int64_t trial = fed.ask(*solver)[0];
    const bool design = fed.history.origin(static_cast<std::size_t>(trial)) == Origin::kDesign;
    EXPECT_EQ(design, i < 4) << i;
    fed.tell(trial, Values{{std::cos(3.0 * i)}});
  }
}

TEST(Hebo, ABatchHoldsDifferentPoints) {
  Problem problem;
  problem.space = Space().real("x", 0, 1).integer("n", 0, 3);
  const auto solver = testing::make_solver("hebo", problem);
  testing::HandFed fed(problem);
  for (int i = 0; i < 4; ++i) fed.tell(fed.ask(*solver)[0], Values{{std::cos(3.0 * i)}});
  std::set<std::vector<double>> points;
  for (std::int64_t trial : fed.ask(*solver, 12)) {
    const auto x = fed.history.points().col(trial);
    points.insert({x.begin(), x.end()});
  }
  EXPECT_EQ(points.size(), 12u);
}

TEST(Hebo, SurvivesStrangeValues) {
  // Ranks stand in for the power transform, and the noise is at least 8e-4 in their units.
  testing::expect_survives_strange_values("hebo", {{"generations", 30}}, 5e-3);
}

TEST(Hebo, OrderOfAnswersDoesNotMatter) {
  testing::expect_order_of_answers_does_not_matter("hebo");
}

TEST(Hebo, WarpedModelFindsAMinimum) {
  StudyOptions options;
  options.space = Space().real("x", 0, 1).real("y", 0, 1).categorical("c", {"a", "b"});
  options.solver = "hebo";
  options.options = {{"model", "warped"}, {"generations", 30}};
  Study study(options);
  for (int i = 0; i < 40; ++i) {
    const Trial trial = study.ask();
    const std::vector<double> x = trial.point().unit();
    study.tell(trial, std::pow(x[0] - 0.3, 2) + std::pow(x[1] - 0.6, 2) + (x[2] > 0.5));
  }
  EXPECT_LT(study.best().value(), 0.01);
}

}  // namespace
}  // namespace asktell
