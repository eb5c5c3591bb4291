// The BBOB functions against values of the reference implementations: COCO (cocoex 2.8.2), ioh
// 0.3.22 and cma 4.5.0, which agree with each other on all rows below.
#include <cmath>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/benchmarks/problems/bbob/bbob.hpp>
#include <asktell/benchmarks/problems/bbob/parts.hpp>

namespace asktell::benchmarks {
namespace {

constexpr double kTolerance = 1e-9;  // relative; the tables below have ten digits or more

void expect_close(double actual, double expected) {
  EXPECT_NEAR(actual, expected, kTolerance * std::max(1., std::abs(expected)));
}

// Dimension 5, instance 1: the optimum, f(0) and f(p) at p = (0.5, -1.5, 2, -2.5, 3), to ten
// digits, from the three packages above.
struct Row {
  int function;
  double optimum, at_zero, at_p;
};
constexpr Row kFiveDimensions[] = {
    {1, 79.48, 92.30397568, 138.9435757},      {2, -209.88, 3674431.691, 2515412.494},
    {3, -462.09, -335.0031143, -322.7177726},  {4, -462.09, -343.8990343, 168.4686077},
    {5, -9.21, 98.60985161, 138.5112485},      {6, 35.90, 55101.9011, 298768.3685},
    {7, 92.94, 106.0551399, 684.6694027},      {8, 149.15, 1476.207257, 18687.51643},
    {9, 123.83, 149.83, 12917.7975},           {10, -54.94, 6036865.922, 7852732.951},
    {11, 76.27, 5445766.046, 228543.8435},     {12, -621.11, 32757629.63, 49535556.94},
    {13, 29.97, 1078.086465, 1540.465545},     {14, -52.35, 11.30678814, -36.98620892},
    {15, 1000.00, 1383.329774, 2090.978804},   {16, 71.35, 191.9174855, 206.0359714},
    {17, -16.94, 9.747141552, 8.000786659},    {18, -16.94, 77.76123986, 112.8339439},
    {19, -102.55, -102.2996263, -82.34833936}, {20, -546.50, 6046.154473, 3029.091639},
    {21, 40.78, 75.32477296, 92.19560243},     {22, -1000.00, -919.4283013, -923.9451691},
    {23, 6.87, 13.58693924, 30.17375233},      {24, 102.61, 171.4648454, 193.6396908},
};

TEST(Bbob, MatchesTheReferenceTableInFiveDimensions) {
  const std::vector<double> zero(5, 0.);
  const std::vector<double> p = {0.5, -1.5, 2, -2.5, 3};
  for (const Row& row : kFiveDimensions) {
    SCOPED_TRACE(row.function);
    const Bbob problem(row.function, 5, 1);
    expect_close(problem.optimum(), row.optimum);
    expect_close(problem(zero), row.at_zero);
    expect_close(problem(p), row.at_p);
  }
}

// ioh 0.3.22, get_problem(f, instance, d, BBOB) at x_k = 1.1 ((7k + 3) mod 11) - 5.5 + 0.05 k, some
// coordinates outside of [-5, 5]: (d = 2, instance 7), (d = 20, instance 12).
struct Outside {
  int function;
  double two, twenty;
};
constexpr Outside kOutside[] = {
    {1, -967.16833776, 626.91255328},
    {2, 61467338.25628492, 19965799.72572725},
    {3, 6647.189016681529, 3926.6221720355397},
    {4, 660.6808489409415, 16808.558731436962},
    {5, 6.769999999999996, 1187.1333653280465},
    {6, 151729.85485875796, 1178279.6430593012},
    {7, 121.8066901633771, 3949.149743583523},
    {8, 2834.016414777063, 1014918.0749825141},
    {9, 171703.97252820074, 1009477.1595484493},
    {10, 42829842.78007626, 9090645.3177808},
    {11, 56093501.15353255, 7461113.002383455},
    {12, 63438189.36267651, 8274386519.313885},
    {13, 481.2198408911683, 3697.391956139116},
    {14, 15.362961594715728, 204.4316045833046},
    {15, 369.82586460456184, 10632.221030809722},
    {16, -17.678645834362293, -16.15443034441564},
    {17, 149.18560299056426, 240.91086715388533},
    {18, 326.36181763789983, 577.5429477300349},
    {19, 44.261342387722394, -69.06219491467431},
    {20, 44792.57887872115, 327033.8747452306},
    {21, 164.50440919712088, -107.99842459169976},
    {22, 201.42969973054093, 188.03046265863605},
    {23, -926.4047311054775, -582.2459582857639},
    {24, 2816.2501628596483, 16541.96992693436},
};

TEST(Bbob, MatchesAnotherPackageInOtherDimensionsAndOutsideOfTheBox) {
  const auto point = [](int d) {
    std::vector<double> x;
    for (int k = 0; k < d; ++k) x.push_back((7 * k + 3) % 11 * 1.1 - 5.5 + 0.05 * k);
    return x;
  };
  for (const Outside& row : kOutside) {
    SCOPED_TRACE(row.function);
    expect_close(Bbob(row.function, 2, 7)(point(2)), row.two);
    expect_close(Bbob(row.function, 20, 12)(point(20)), row.twenty);
  }
}

// By definition of x_opt and f_opt; the functions are sums of non-negative terms that vanish there.
TEST(Bbob, ReachesItsOptimumAtTheArgminAndNowhereBelow) {
  for (int function = 1; function <= 24; ++function) {
    for (int dimension : {2, 3, 10, 40}) {
      SCOPED_TRACE(testing::Message() << "f" << function << " d " << dimension);
      const Bbob problem(function, dimension, 3);
      EXPECT_NEAR(problem(problem.argmin()), problem.optimum(), 1e-9);
      std::vector<double> near = problem.argmin();
      for (double& value : near) value *= 0.9;
      EXPECT_GT(problem(near), problem.optimum());
      for (double value : problem.argmin()) {
        EXPECT_GE(value, problem.lower());
        EXPECT_LE(value, problem.upper());
      }
    }
  }
}

// First draws of the generator for f1, instance 1, from the COCO code.
TEST(BbobGenerator, DrawsTheReferenceNumbers) {
  const Eigen::VectorXd u = bbob::uniforms(4, 10001);
  const double uniforms[] = {0.531633544961, 0.355405211149, 0.409567866665, 0.740872466350};
  for (Eigen::Index i = 0; i < 4; ++i) EXPECT_NEAR(u[i], uniforms[i], 1e-12);
  const Eigen::VectorXd g = bbob::normals(3, 10001);
  const double normals[] = {-0.064431808164, 0.732281540080, -1.257366199492};
  for (Eigen::Index i = 0; i < 3; ++i) EXPECT_NEAR(g[i], normals[i], 1e-12);
}

// The optima of instance 1 in five dimensions, from the COCO code.
TEST(BbobGenerator, DrawsTheReferenceOptima) {
  const double sphere[] = {0.2528, -1.1568, -0.7240, 1.9264, -2.6808};
  const double rosenbrock[] = {-0.0552, -0.3708, 0.0192, 1.8504, -2.7360};
  const Bbob f1(1, 5, 1);
  const Bbob f8(8, 5, 1);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(f1.argmin()[i], sphere[i], 1e-12);
    EXPECT_NEAR(f8.argmin()[i], rosenbrock[i], 1e-12);
  }
}

TEST(BbobGenerator, RotationsAreOrthogonal) {
  const Eigen::MatrixXd r = bbob::rotation(10006, 20);
  EXPECT_LT((r * r.transpose() - Eigen::MatrixXd::Identity(20, 20)).norm(), 1e-12);
}

TEST(Bbob, RefusesWhatDoesNotExist) {
  EXPECT_THROW(Bbob(0, 5, 1), std::invalid_argument);
  EXPECT_THROW(Bbob(25, 5, 1), std::invalid_argument);
  EXPECT_THROW(Bbob(1, 1, 1), std::invalid_argument);
  EXPECT_THROW(Bbob(1, 5, 0), std::invalid_argument);
  EXPECT_THROW(Bbob(1, 5, 1)(std::vector<double>(4)), std::invalid_argument);
}

}  // namespace
}  // namespace asktell::benchmarks
