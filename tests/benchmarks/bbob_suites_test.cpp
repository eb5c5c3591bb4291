// bbob-mixint and bbob-biobj against values of COCO (cocoex 2.8.2), to twelve digits.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {
namespace {

void expect_close(double actual, double expected, double tolerance) {
  EXPECT_NEAR(actual, expected, tolerance * std::max(1., std::abs(expected)));
}

// Ten coordinates, instance 3, f1 to f24 at kMixedPoint.
constexpr double kMixedValues[] = {
    -119.742128379, 25606.7848188, 100.232978646,  71.8936485052, 241.612968669,  5471.1987218,
    650.821575023,  2144.76939154, 67.4739706104,  4025.66999264, 67046.7287585,  17046.3534918,
    94.5418185077,  130.279326854, 276.746903155,  142.555772766, 2954.22662044,  356.059206179,
    2299.49495899,  3625.26584764, -304.982259193, 35.0429227874, -1123.39372274, 19.7484219882};
const std::vector<double> kMixedPoint = {1, 0, 3, 1, 5, 2, 9, 14, 0.5, -1.5};

TEST(BbobMixint, MatchesTheReference) {
  int function = 1;
  for (double expected : kMixedValues) {
    SCOPED_TRACE(function);
    const TestProblem problem = make_problem("bbob-mixint/f" + std::to_string(function++),
                                             {{"dimension", 10}, {"instance", 3}});
    expect_close(problem.evaluate(kMixedPoint).objectives[0], expected, 1e-8);
  }
}

TEST(BbobMixint, HasAFifthOfItsCoordinatesOfEachCardinality) {
  const TestProblem problem = make_problem("bbob-mixint/f7", {{"dimension", 10}});
  const double highest[] = {1, 1, 3, 3, 7, 7, 15, 15, 5, 5};
  for (std::size_t i = 0; i < 10; ++i) {
    const Parameter& parameter = problem.space.parameters()[i];
    EXPECT_EQ(parameter.kind, i < 8 ? Kind::kInteger : Kind::kReal);
    EXPECT_EQ(parameter.low, i < 8 ? 0 : -5);
    EXPECT_EQ(parameter.high, highest[i]);
  }
}

TEST(BbobMixint, RefusesDimensionsThatAreNoMultipleOfFive) {
  EXPECT_THROW(make_problem("bbob-mixint/f1", {{"dimension", 7}}), std::invalid_argument);
}

// Five coordinates, instance 9, at kPoint: both objectives, both coordinates of the nadir.
struct Row {
  double first, second, nadir_first, nadir_second;
};
constexpr Row kPairs[] = {
    {-104.70672384, -84.18322048, -107.91647488, -67.84647488},
    {-104.70672384, 53518380.4591, -160.80268864, 3697926.25486},
    {-104.70672384, 251526.044236, -138.94122496, 195375.99689},
    {-104.70672384, 4884.59862526, -151.25521092, 51647.759014},
    {-104.70672384, 1185.09733101, -102.51055872, 1777.7729595},
    {-104.70672384, 124.297142681, -149.81009024, 46.8617659161},
    {-104.70672384, 459.815238835, -108.42396416, 689.563435818},
    {-104.70672384, 84.1904300521, -142.84778496, 55.9618107772},
    {-104.70672384, 58206.2741907, -125.82249673, 23599.5305401},
    {-104.70672384, -140.196632238, -135.880367526, -188.476145528},
    {41152423.9121, 53518380.4591, 517778.250277, 564218.083344},
    {41152423.9121, 251526.044236, 6322336.52865, 121383.534139},
    {41152423.9121, 4884.59862526, 2282888.36573, 68287.4729281},
    {41152423.9121, 1185.09733101, 34089392.6484, 1029.80782915},
    {41152423.9121, 124.297142681, 8272807.48047, 27.5803309403},
    {41152423.9121, 459.815238835, 2616945.00252, 329.153697088},
    {41152423.9121, 84.1904300521, 37114138.1211, 73.4298483686},
    {41152423.9121, 58206.2741907, 2101456.76351, 32290.5365226},
    {41152423.9121, -140.196632238, 8617347.98211, -203.916045001},
    {40584.0074886, 251526.044236, 100166.635272, 387109.06233},
    {40584.0074886, 4884.59862526, 137533.449161, 30081.2624014},
    {40584.0074886, 1185.09733101, 115774.786959, 2156.09559496},
    {40584.0074886, 124.297142681, 216304.671149, 97.2073993679},
    {40584.0074886, 459.815238835, 291483.407656, 576.855871016},
    {40584.0074886, 84.1904300521, 127752.931326, 67.9092091202},
    {40584.0074886, 58206.2741907, 8295.71414652, 10471.9198197},
    {40584.0074886, -140.196632238, 7186.2041377, -204.630405836},
    {41844.9485383, 4884.59862526, 13632.9022867, 27615.4935848},
    {41844.9485383, 1185.09733101, 105834.836605, 1112.67860811},
    {41844.9485383, 124.297142681, 37421.8389237, 68.6945745252},
    {41844.9485383, 459.815238835, 121618.34329, 326.105438547},
    {41844.9485383, 84.1904300521, 41451.8237793, 59.0077182007},
    {41844.9485383, 58206.2741907, 2549.91707248, -50.4333898269},
    {41844.9485383, -140.196632238, 56533.4358259, -164.350173947},
    {496.241032607, 1185.09733101, 921.271652092, 1741.3973825},
    {496.241032607, 124.297142681, 1005.72016583, 51.3808534159},
    {496.241032607, 459.815238835, 1582.6893707, 707.817780548},
    {496.241032607, 84.1904300521, 847.035033682, 48.7713512438},
    {496.241032607, 58206.2741907, 2102.98632133, 66937.0692632},
    {496.241032607, -140.196632238, 1331.21750208, -160.909233133},
    {70.5718174706, 124.297142681, 81.6793801301, 23.525977647},
    {70.5718174706, 459.815238835, 82.6878544069, 421.359581528},
    {70.5718174706, 84.1904300521, 376.609035018, 210.347918806},
    {70.5718174706, 58206.2741907, 70.7854819851, 78140.2392673},
    {70.5718174706, -140.196632238, 41.467404086, -135.302708388},
    {312.548217714, 459.815238835, 452.823250266, 362.364961525},
    {312.548217714, 84.1904300521, 2899.64178276, 72.8042488521},
    {312.548217714, 58206.2741907, 604.25518806, 55185.7905653},
    {312.548217714, -140.196632238, 563.437489602, -147.360686505},
    {149.717448734, 84.1904300521, 182.070152753, 82.8048640712},
    {149.717448734, 58206.2741907, 128.710864732, 43947.8119369},
    {149.717448734, -140.196632238, 171.72418006, -136.721562962},
    {126270.879565, 58206.2741907, 11964.9802871, 11929.4902871},
    {126270.879565, -140.196632238, 4216.76951054, -211.050501826},
    {1047.24865704, -140.196632238, 1070.77924822, -151.15488866},
};
const std::vector<double> kPoint = {0.5, -1.5, 2, -2.5, 3};

TEST(BbobBiobj, MatchesTheReference) {
  int function = 1;
  for (const Row& row : kPairs) {
    SCOPED_TRACE(function);
    const TestProblem problem = make_problem("bbob-biobj/f" + std::to_string(function++),
                                             {{"instance", 9}, {"normalized", false}});
    const std::vector<double> values = problem.evaluate(kPoint).objectives;
    ASSERT_EQ(values.size(), 2);
    expect_close(values[0], row.first, 1e-9);
    expect_close(values[1], row.second, 1e-9);
    // COCO has fewer digits of the optimum of f20.
    const bool rough = std::ranges::count(problem.objectives, "f20") > 0;
    expect_close(problem.reference_point[0], row.nadir_first, rough ? 1e-6 : 1e-9);
    expect_close(problem.reference_point[1], row.nadir_second, rough ? 1e-6 : 1e-9);
  }
}

TEST(BbobBiobj, NormalizedObjectivesAreZeroAndOneAtTheOptimumOfTheFirst) {
  // f12 is (separable ellipsoid, attractive sector), whose instances for instance 3 are 7 and 8.
  const TestProblem problem = make_problem("bbob-biobj/f12", {{"instance", 3}});
  const std::vector<double> argmin = make_problem("bbob/f2", {{"instance", 7}}).argmins[0];
  const std::vector<double> values = problem.evaluate(argmin).objectives;
  EXPECT_NEAR(values[0], 0, 1e-12);
  EXPECT_NEAR(values[1], 1, 1e-12);
  EXPECT_EQ(problem.reference_point, (std::vector<double>{1, 1}));
}

// Between the optima of two spheres lies their front: the sum of slices under it.
TEST(BbobBiobj, HypervolumeOfTwoSpheresIsThatOfTheSegmentBetweenTheirOptima) {
  for (const bool normalized : {true, false}) {
    const TestProblem problem =
        make_problem("bbob-biobj/f1", {{"instance", 4}, {"normalized", normalized}});
    const std::vector<double> a = make_problem("bbob/f1", {{"instance", 9}}).argmins[0];
    const std::vector<double> b = make_problem("bbob/f1", {{"instance", 10}}).argmins[0];
    double volume = 0;
    double before = problem.evaluate(a).objectives[0];
    constexpr int kSlices = 20'000;
    for (int k = 1; k <= kSlices; ++k) {
      std::vector<double> x = a, middle = a;
      for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] += (b[i] - a[i]) * k / kSlices;
        middle[i] += (b[i] - a[i]) * (k - 0.5) / kSlices;
      }
      const double first = problem.evaluate(x).objectives[0];
      const double second = problem.evaluate(middle).objectives[1];
      volume += (first - before) * (problem.reference_point[1] - second);
      before = first;
    }
    EXPECT_NEAR(volume / problem.hypervolume, 1, 1e-7);
  }
}

}  // namespace
}  // namespace asktell::benchmarks
