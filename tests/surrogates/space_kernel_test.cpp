// Kernels of spaces: what they must not depend on, and that they are covariances for every kind of
// parameter.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include <asktell/surrogates/gp/likelihood.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using kernels::Metric;

// Every kind, every option that changes the encoding, conditions two deep and a constant.
Space everything() {
  const auto when = [](const char* parent, Value value) {
    return ParameterOptions{.when = {{.parent = parent, .values = {value}}}};
  };
  Space space;
  space.real("x", -1, 3)
      .real("rate", 1e-4, 1, {.log = true})
      .real("stepped", 0, 1, {.step = 0.25})
      .integer("count", 1, 9)
      .integer("width", 1, 512, {.log = true})
      .real("vector", 0, 1, {.size = 3})
      .categorical("model", {"svm", "tree", "net"})
      .boolean("flag")
      .ordinal("size", {"s", "m", "l"})
      .permutation("order", 4)
      .subset("parts", 3, 1, 2)
      .simplex("shares", 3)
      .ordinal("constant", {"only"})
      .real("c", 0, 1, when("model", "svm"))
      .real("gamma", 0, 1, when("model", "svm"))
      .integer("depth", 1, 20, when("model", "tree"))
      .categorical("activation", {"relu", "tanh"}, when("model", "net"))
      .real("slope", 0, 1, when("activation", "relu"))
      .ordinal("one", {"only"}, when("model", "net"));
  return space;
}

MatrixXd random_unit(Index d, Index n, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  MatrixXd x(d, n);
  for (double& value : x.reshaped()) value = stream.uniform();
  return x;
}

MatrixXd covariance(const Space& space, const SpaceKernelOptions& options, const MatrixXd& unit) {
  const KernelPtr kernel = space_kernel(space, options);
  MatrixXd k;
  kernel->evaluation()->symmetric(model_points(space, unit), starting_theta(*kernel).data(), false,
                                  k);
  return k;
}

std::vector<SpaceKernelOptions> all_options() {
  std::vector<SpaceKernelOptions> out;
  for (Conditional conditional : {Conditional::kImputed, Conditional::kArc}) {
    for (Categories categories : {Categories::kDistance, Categories::kMixed}) {
      out.push_back({.conditional = conditional, .categories = categories});
    }
  }
  return out;
}

std::size_t index_of(const Space& space, const char* name) {
  return space.coordinate_offset(*space.find(name));
}

TEST(SpaceKernel, TakesEachKindInItsOwnWay) {
  const Space space = everything();
  const auto metrics_of = [&](const char* name, Conditional conditional) {
    const auto all = space_metrics(space, {.conditional = conditional});
    const auto column = static_cast<Index>(index_of(space, name));
    std::vector<Metric> out;
    for (std::size_t i = 0; i < all.columns.size(); ++i) {
      if (all.columns[i] == column) out.push_back(all.metrics[i]);
    }
    return out;
  };
  using M = std::vector<Metric>;
  for (Conditional conditional : {Conditional::kImputed, Conditional::kArc}) {
    for (const char* name :
         {"x", "rate", "stepped", "count", "width", "vector", "size", "order", "shares"}) {
      EXPECT_EQ(metrics_of(name, conditional), M{Metric::kDifference}) << name;
    }
    for (const char* name : {"model", "flag", "parts", "activation"}) {
      EXPECT_EQ(metrics_of(name, conditional), M{Metric::kHamming}) << name;
    }
    EXPECT_EQ(metrics_of("constant", conditional), M{});
    EXPECT_EQ(metrics_of("one", conditional), M{Metric::kActivity});
  }
  EXPECT_EQ(metrics_of("c", Conditional::kImputed), (M{Metric::kDifference, Metric::kActivity}));
  EXPECT_EQ(metrics_of("gamma", Conditional::kImputed), M{Metric::kDifference});  // as c
  EXPECT_EQ(metrics_of("depth", Conditional::kImputed),
            (M{Metric::kDifference, Metric::kActivity}));
  EXPECT_EQ(metrics_of("gamma", Conditional::kArc), M{Metric::kArc});
}

TEST(SpaceKernel, IsPositiveSemidefinite) {
  const Space space = everything();
  MatrixXd unit = random_unit(static_cast<Index>(space.dimension()), 120, 1);
  unit.col(1) = unit.col(0);
  for (const SpaceKernelOptions& options : all_options()) {
    for (kernels::Form form : {kernels::Form::kRbf, kernels::Form::kMatern52}) {
      SpaceKernelOptions own = options;
      own.form = form;
      const MatrixXd k = covariance(space, own, unit);
      ASSERT_TRUE(k.allFinite());
      EXPECT_GT(Eigen::SelfAdjointEigenSolver<MatrixXd>(k).eigenvalues().minCoeff(), -1e-10 * 120);
    }
  }
}

// Of each coordinate alone: what changes with one does not depend on the others.
TEST(SpaceKernel, AdditiveIsASumOverCoordinates) {
  const Space space = Space().real("a", 0, 1).categorical("c", {"p", "q", "r"}).integer("k", 1, 9);
  MatrixXd unit(3, 4);
  unit << .1, .7, .1, .7,  //
      .1, .1, .9, .9,      //
      .2, .2, .8, .8;
  const MatrixXd k = covariance(space, {.additive = true}, unit);
  EXPECT_NEAR(k(0, 1) + k(0, 2), k(0, 0) + k(0, 3), 1e-12);
  EXPECT_GT(k(0, 1), 0.5 * k(0, 0));  // two of three coordinates are equal
  EXPECT_EQ(space_kernel(space, {.additive = true})->parameter_count(),
            4);  // three lengths, a scale
}

TEST(SpaceKernel, InactiveCoordinatesHaveNoInfluence) {
  const Space space = everything();
  const MatrixXd unit = random_unit(static_cast<Index>(space.dimension()), 60, 2);
  const MatrixXd points = model_points(space, unit);
  const MatrixXd other = random_unit(unit.rows(), unit.cols(), 3);
  const MatrixXd changed = points.array().isNaN().select(other, unit);
  ASSERT_GT((changed - unit).norm(), 1);
  for (const SpaceKernelOptions& options : all_options()) {
    EXPECT_EQ(covariance(space, options, unit), covariance(space, options, changed));
  }
}

TEST(SpaceKernel, DependsNeitherOnTheOrderOfCategoriesNorOnNames) {
  const auto build = [](std::vector<Value> models, const std::string& suffix) {
    Space space;
    space.categorical("model" + suffix, std::move(models))
        .real("x" + suffix, 0, 1)
        .real("c" + suffix, 0, 1,
              {.when = {{.parent = "model" + suffix, .values = {Value("svm")}}}});
    return space;
  };
  const Space space = build({"svm", "tree", "net"}, "");
  const Space other = build({"net", "svm", "tree"}, "_renamed");
  const MatrixXd unit = random_unit(3, 40, 4);
  MatrixXd moved = unit;
  for (Index j = 0; j < unit.cols(); ++j) {  // the same models under their new places
    const double place[] = {1.5 / 3, 2.5 / 3, 0.5 / 3};
    moved(0, j) = place[static_cast<int>(unit(0, j) * 3)];
  }
  for (const SpaceKernelOptions& options : all_options()) {
    EXPECT_EQ(covariance(space, options, unit), covariance(other, options, moved));
  }
}

TEST(SpaceKernel, RoundsBeforeTheKernel) {
  Space space;
  space.integer("n", 0, 4).real("x", 0, 1, {.step = 0.5}).permutation("order", 3);
  MatrixXd unit(5, 2);
  unit << .41, .59, .1, .3, .1, .2, .5, .6, .9, .7;
  const MatrixXd points = model_points(space, unit);
  EXPECT_EQ(points.col(0), points.col(1));
  EXPECT_DOUBLE_EQ(points(0, 0), .5);
  EXPECT_DOUBLE_EQ(covariance(space, {}, unit)(0, 1), 1);
  EXPECT_EQ(model_points(space, points), points);
}

// A length l of activity: r2 between inactive and active is (x - 1/2)^2 / l_x^2 + 1 / l^2 whatever
// the inactive coordinate holds; on an arc it is 1 / l^2 whatever x is.
TEST(SpaceKernel, ActivityIsADistance) {
  Space space;
  space.boolean("on").real("x", 0, 1, {.when = {{.parent = "on", .values = {Value(true)}}}});
  MatrixXd unit(2, 5);
  unit << .2, .8, .8, .8, .3, .5, .5, .9, .1, .8;  // the first and the last are off
  const auto r2 = [](double k) { return -2 * std::log(k); };
  const SpaceKernelOptions imputed{.form = kernels::Form::kRbf};
  SpaceKernelOptions arc = imputed;
  arc.conditional = Conditional::kArc;
  // All lengths start at 1/2: 4 for "on" and 4 for the indicator.
  const MatrixXd by_imputation = covariance(space, imputed, unit);
  EXPECT_NEAR(r2(by_imputation(0, 1)), 8, 1e-12);
  EXPECT_NEAR(r2(by_imputation(0, 2)), 8 + 4 * .16, 1e-12);
  EXPECT_NEAR(r2(by_imputation(0, 4)), 0, 1e-12);
  const MatrixXd by_arc = covariance(space, arc, unit);
  for (Index j : {1, 2, 3}) EXPECT_NEAR(r2(by_arc(0, j)), 8, 1e-12);
  EXPECT_GT(r2(by_arc(2, 3)), 1);
}

TEST(SpaceKernel, FitsHaveFiniteGradientsThatMatchDifferences) {
  const Space space = everything();
  GpData data;
  data.x = model_points(space, random_unit(static_cast<Index>(space.dimension()), 25, 5));
  data.z = random_unit(25, 1, 6).col(0).array() - .5;
  const GpMean mean;
  for (const SpaceKernelOptions& options : all_options()) {
    const KernelPtr kernel = space_kernel(space, options);
    MarginalLikelihood likelihood(*kernel, data, mean);
    VectorXd theta(likelihood.parameters());
    theta << starting_theta(*kernel), std::log(.05);
    VectorXd gradient(theta.size());
    likelihood.evaluate(theta, gradient.data());
    const VectorXd expected = samples::central_differences(
        [&](const VectorXd& t) { return likelihood.evaluate(t, nullptr); }, theta);
    EXPECT_TRUE(gradient.allFinite());
    EXPECT_LT((gradient - expected).norm(), 1e-6 * (1 + expected.norm()));
    // By the points: finite for active coordinates, nothing for inactive ones.
    const auto evaluation = kernel->evaluation();
    MatrixXd k, by_point = MatrixXd::Zero(data.x.rows(), data.x.cols());
    evaluation->cross(data.x, data.x, theta.data(), true, k);
    evaluation->input_gradient(MatrixXd::Ones(25, 25), 1, by_point);
    EXPECT_TRUE(by_point.allFinite());
    EXPECT_EQ(data.x.array().isNaN().select(by_point, MatrixXd::Zero(data.x.rows(), 25)).norm(), 0);
  }
}

TEST(SpaceKernel, SpacesOfOnePointAreAConstant) {
  Space space;
  space.ordinal("n", {"only"}).categorical("m", {"only"});
  EXPECT_EQ(covariance(space, {}, random_unit(2, 3, 7)), MatrixXd::Ones(3, 3));
}

TEST(SpaceKernel, MixedHasLengthsOfItsOwnInSumAndProduct) {
  Space space;
  space.real("x", 0, 1).categorical("a", {"p", "q"}).categorical("b", {"p", "q"});
  const KernelPtr kernel = space_kernel(space, {.categories = Categories::kMixed});
  EXPECT_EQ(kernel->parameter_count(), 2 * 3 + 3);
  const KernelPtr numbers = kernels::stationary({.columns = {0}});
  const KernelPtr kinds =
      kernels::stationary({.form = kernels::Form::kRbf,
                           .columns = {1, 2},
                           .metrics = {Metric::kHammingMean, Metric::kHammingMean}});
  const KernelPtr expected =
      kernels::sum({kernels::scaled(kernels::sum({numbers, kernels::scaled(kinds)})),
                    kernels::scaled(kernels::product({numbers, kinds}))});
  const MatrixXd points = model_points(space, random_unit(3, 10, 8));
  const VectorXd theta = VectorXd::LinSpaced(9, -1, .5);
  MatrixXd k, k2;
  kernel->evaluation()->symmetric(points, theta.data(), false, k);
  expected->evaluation()->symmetric(points, theta.data(), false, k2);
  EXPECT_EQ(k, k2);
}

}  // namespace
}  // namespace asktell
