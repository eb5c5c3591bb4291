// The random forest: exact where it must be, like scikit-learn's in distribution, categories that
// are no codes, quantiles.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include <asktell/core/errors.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/forest/random_forest.hpp>
#include <asktell/tests/core/error_id.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Points number `first` to `last` - 1 of the Kronecker sequence of sqrt(2), sqrt(3), ...
MatrixXd kronecker(Index dimension, int first, int last) {
  constexpr std::array<double, 6> kPrimes = {2, 3, 5, 7, 11, 13};
  MatrixXd x(dimension, last - first);
  for (int i = first; i < last; ++i) {
    for (Index k = 0; k < dimension; ++k) {
      const double v = i * std::sqrt(kPrimes[static_cast<std::size_t>(k)]);
      x(k, i - first) = v - std::floor(v);
    }
  }
  return x;
}

using Function = double (*)(const VectorXd&);

double friedman(const VectorXd& x) {
  return 10 * std::sin(std::numbers::pi * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) +
         10 * x[3] + 5 * x[4];
}
double steps(const VectorXd& x) {
  return std::floor(3 * x[0]) + (x[1] > x[2] ? 2 : 0);
}
double log_bowl(const VectorXd& x) {
  return std::log(1e-3 + (x.array() - 0.4).square().sum());
}

VectorXd values(Function f, const MatrixXd& x) {
  VectorXd y(x.cols());
  for (Index j = 0; j < x.cols(); ++j) y[j] = f(x.col(j));
  return y;
}

std::vector<Coordinate> ordered(Index dimension) {
  return std::vector<Coordinate>(static_cast<std::size_t>(dimension), Coordinate{0, 0, true});
}

RandomForest forest_of(const MatrixXd& x, const VectorXd& y, const ForestOptions& options,
                       std::uint64_t seed = 1) {
  return {x, y, ordered(x.rows()), options, seed};
}

TEST(RandomForest, WithoutBootstrapItReturnsTheTrainingValues) {
  const MatrixXd x = kronecker(3, 1, 121);
  const VectorXd y = values(log_bowl, x);
  for (bool best : {false, true}) {
    const RandomForest forest =
        forest_of(x, y, {.bootstrap = false, .best_splits = best, .min_variance = 1e-12});
    VectorXd mean, variance;
    forest.predict(x, mean, variance);
    EXPECT_LT((mean - y).cwiseAbs().maxCoeff(), 1e-14);
    EXPECT_EQ(variance, VectorXd::Constant(y.size(), 1e-12)) << "the floor";
    EXPECT_EQ(forest.quantile(x, 0.5), y);
  }
}

TEST(RandomForest, TreesWithoutBootstrapDifferBetweenThePoints) {
  const MatrixXd x = kronecker(3, 1, 121);
  const RandomForest forest = forest_of(x, values(log_bowl, x), {.bootstrap = false});
  VectorXd mean, variance;
  forest.predict(kronecker(3, 1001, 1101), mean, variance);
  EXPECT_GT(variance.mean(), 1e-2);
}

TEST(RandomForest, OneTreeByHand) {
  // The best split of (0, 0, 1) is between the last two points; then nothing is left to split.
  MatrixXd x(1, 3);
  x << 0.1, 0.2, 0.6;
  const VectorXd y = Eigen::Vector3d(0, 0, 1);
  const RandomForest tree = forest_of(x, y, {.trees = 1, .bootstrap = false, .best_splits = true});
  MatrixXd at(1, 4);
  at << 0, 0.39, 0.41, 1;
  EXPECT_EQ(VectorXd(tree.tree_predictions(at).row(0)), VectorXd(Eigen::Vector4d(0, 0, 1, 1)));
}

TEST(RandomForest, LeavesOfLogarithmsPredictTheLogOfTheMean) {
  const MatrixXd x = MatrixXd::Constant(1, 2, 0.5);
  const VectorXd y = Eigen::Vector2d(std::log(1.0), std::log(3.0));
  ForestOptions options{.trees = 1, .bootstrap = false, .log_values = true};
  VectorXd mean, variance;
  forest_of(x, y, options).predict(x, mean, variance);
  EXPECT_NEAR(mean[0], std::log(2.0), 1e-15);
  forest_of(x, y.array() - 800, options).predict(x, mean, variance);
  EXPECT_NEAR(mean[0], std::log(2.0) - 800, 1e-12);
  options.log_values = false;
  forest_of(x, y, options).predict(x, mean, variance);
  EXPECT_NEAR(mean[0], 0.5 * std::log(3.0), 1e-15);
}

// Means and standard deviations over 100 seeds of scikit-learn 1.9.1 on the same points:
// ExtraTreesRegressor and RandomForestRegressor (n_estimators=10, bootstrap=True,
// max_features=1.0): R^2 on 500 other points, and the variance over the trees relative to that of
// the values.
struct Reference {
  Function f;
  bool best;
  double r2, r2_deviation, variance, variance_deviation;
};
const Reference kReferences[] = {{friedman, false, 0.8042, 0.0099, 0.3347, 0.0179},
                                 {friedman, true, 0.7942, 0.0098, 0.2370, 0.0110},
                                 {steps, false, 0.8091, 0.0157, 0.2984, 0.0185},
                                 {steps, true, 0.8334, 0.0109, 0.2055, 0.0142},
                                 {log_bowl, false, 0.6986, 0.0199, 0.4966, 0.0274},
                                 {log_bowl, true, 0.7067, 0.0158, 0.3842, 0.0238}};

TEST(RandomForest, PredictsAsScikitLearnDoes) {
  constexpr int kSeeds = 30;
  const MatrixXd x = kronecker(6, 1, 301);
  const MatrixXd other = kronecker(6, 1001, 1501);
  for (const Reference& reference : kReferences) {
    const VectorXd y = values(reference.f, x);
    const VectorXd truth = values(reference.f, other);
    const double spread = (truth.array() - truth.mean()).square().mean();
    double r2 = 0, relative = 0;
    for (int seed = 0; seed < kSeeds; ++seed) {
      const RandomForest forest =
          forest_of(x, y, {.best_splits = reference.best}, static_cast<std::uint64_t>(seed));
      VectorXd mean, variance;
      forest.predict(other, mean, variance);
      r2 += (1 - (mean - truth).squaredNorm() / (static_cast<double>(truth.size()) * spread)) /
            kSeeds;
      relative += variance.mean() / spread / kSeeds;
    }
    // Four standard errors of the difference of the two means.
    const double errors = 4 * std::sqrt(1.0 / kSeeds + 1.0 / 100);
    EXPECT_NEAR(r2, reference.r2, errors * reference.r2_deviation);
    EXPECT_NEAR(relative, reference.variance, errors * reference.variance_deviation);
  }
}

TEST(RandomForest, CategoriesAreSetsNotCodes) {
  // Even categories of 100 have value 1: one split on the set, fifty on the code.
  const MatrixXd x = (kronecker(1, 1, 401).array() * 100).floor() / 100 + 0.005;
  const auto even = [](double u) { return static_cast<int>(std::lround(u * 100 - 0.5)) % 2 == 0; };
  VectorXd y(x.cols());
  for (Index j = 0; j < x.cols(); ++j) y[j] = even(x(0, j)) ? 1 : 0;
  const std::vector<Coordinate> coordinates = {{0, 100, false}};
  const RandomForest tree(
      x, y, coordinates, {.trees = 1, .bootstrap = false, .best_splits = true, .min_leaf = 150}, 1);
  const VectorXd predicted = tree.tree_predictions(x).row(0);
  EXPECT_EQ(predicted, y) << "a single split, for a second one has no room";
  const RandomForest codes(
      x, y, ordered(1), {.trees = 1, .bootstrap = false, .best_splits = true, .min_leaf = 150}, 1);
  EXPECT_GT((VectorXd(codes.tree_predictions(x).row(0)) - y).cwiseAbs().mean(), 0.4);
}

TEST(RandomForest, UnseenCategoriesGoWhereMostPointsGo) {
  const std::vector<Coordinate> coordinates = {{0, 3, false}};
  MatrixXd x(1, 5);
  x << 0.5 / 3, 0.5 / 3, 0.5 / 3, 1.5 / 3, 1.5 / 3;
  VectorXd y(5);
  y << 1, 1, 1, 4, 4;
  const RandomForest forest(x, y, coordinates, {.trees = 5, .bootstrap = false}, 3);
  VectorXd mean, variance;
  forest.predict(MatrixXd::Constant(1, 1, 2.5 / 3), mean, variance);
  EXPECT_EQ(mean[0], 1);
}

TEST(RandomForest, QuantilesCoverTheNoise) {
  // y = x + uniform noise on [0, 1): the 0.1- and 0.9-quantiles at x are near x + 0.1 and x + 0.9.
  const MatrixXd both = kronecker(2, 1, 2001);
  const VectorXd y = both.colwise().sum();
  const RandomForest forest = forest_of(both.topRows(1), y, {.trees = 50, .min_leaf = 20}, 5);
  const MatrixXd at = MatrixXd::Constant(1, 1, 0.5);
  EXPECT_NEAR(forest.quantile(at, 0.1)[0], 0.6, 0.06);
  EXPECT_NEAR(forest.quantile(at, 0.5)[0], 1.0, 0.08);
  EXPECT_NEAR(forest.quantile(at, 0.9)[0], 1.4, 0.06);
}

TEST(RandomForest, InactiveCoordinatesAreInTheMiddle) {
  MatrixXd x = kronecker(2, 1, 61);
  const VectorXd y = values(log_bowl, x);
  MatrixXd holes = x;
  x.row(1).head(20).setConstant(0.5);
  holes.row(1).head(20).setConstant(std::nan(""));
  const RandomForest filled = forest_of(x, y, {});
  const RandomForest inactive = forest_of(holes, y, {});
  EXPECT_EQ(inactive.tree_predictions(holes), filled.tree_predictions(x));
}

TEST(RandomForest, ManyThreadsSameForest) {
  const MatrixXd x = kronecker(4, 1, 201);
  const VectorXd y = values(log_bowl, x);
  const MatrixXd at = kronecker(4, 1001, 4001);
  const int before = threads();
  set_threads(1);
  const MatrixXd one = forest_of(x, y, {}).tree_predictions(at);
  set_threads(4);
  EXPECT_EQ(forest_of(x, y, {}).tree_predictions(at), one);
  set_threads(before);
}

TEST(RandomForest, LargeValuesStayFinite) {
  const MatrixXd x = kronecker(2, 1, 61);
  VectorXd y = values(log_bowl, x);
  y *= 1.7e308 / y.cwiseAbs().maxCoeff();
  const RandomForest forest = forest_of(x, y, {});
  EXPECT_TRUE(forest.tree_predictions(x).allFinite());
}

TEST(RandomForest, ConstantValues) {
  const MatrixXd x = kronecker(2, 1, 31);
  VectorXd mean, variance;
  forest_of(x, VectorXd::Constant(30, 2.5), {}).predict(x, mean, variance);
  EXPECT_EQ(mean, VectorXd::Constant(30, 2.5));
}

TEST(RandomForest, SaysWhatItCannotDo) {
  const MatrixXd x = kronecker(2, 1, 31);
  const RandomForest forest = forest_of(x, values(log_bowl, x), {});
  VectorXd mean, variance;
  MatrixXd gradient;
  EXPECT_EQ(error_id([&] { forest.predict(x, mean, variance, &gradient); }), "model.gradient");
  EXPECT_EQ(error_id([&] { forest.quantile(x, 1.5); }), "model.quantile");
  EXPECT_EQ(error_id([&] { forest_of(x, VectorXd::Constant(30, std::nan("")), {}); }),
            "model.data");
  EXPECT_EQ(error_id([&] { forest_of(MatrixXd(2, 0), VectorXd(), {}); }), "model.data");
}

}  // namespace
}  // namespace asktell
