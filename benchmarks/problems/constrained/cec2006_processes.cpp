// cec2006/: those of the G functions of Liang et al. 2006 that model processes of chemistry and of
// power supply; see cec2006.cpp.
#include <asktell/benchmarks/problems/constrained/suites.hpp>

#include <cmath>

namespace asktell::benchmarks {
namespace {

using Point = TestProblem::Point;

// Gibbs energy of ten species in equilibrium.
Values g14(Point x) {
  constexpr double kEnergy[] = {-6.089,  -17.164, -34.054, -5.914,  -24.721,
                                -14.986, -24.1,   -10.708, -26.662, -22.179};
  double total = 0, f = 0;
  for (double v : x) total += v;
  for (std::size_t i = 0; i < x.size(); ++i) f += x[i] * (kEnergy[i] + std::log(x[i] / total));
  return constrained(f, {equal(x[0] + 2 * x[1] + 2 * x[2] + x[5] + x[9] - 2),
                         equal(x[3] + 2 * x[4] + x[5] + x[6] - 1),
                         equal(x[2] + x[6] + x[7] + 2 * x[8] + x[9] - 1)});
}

// Profit of a wood pulp plant: c and y are the report's own names.
struct PulpPlant {
  explicit PulpPlant(Point x);
  double c15, c16, c17, c12;
  double y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11, y12, y13, y14, y15, y16, y17;
};

PulpPlant::PulpPlant(Point x) {
  y1 = x[1] + x[2] + 41.6;
  y2 = 12.5 / (0.024 * x[3] - 4.62) + 12;
  const double c2 = 0.0003535 * x[0] * x[0] + 0.5311 * x[0] + 0.08705 * y2 * x[0];
  const double c3 = 0.052 * x[0] + 78 + 0.002377 * y2 * x[0];
  y3 = c2 / c3;
  y4 = 19 * y3;
  const double c4 =
      0.04782 * (x[0] - y3) + 0.1956 * square(x[0] - y3) / x[1] + 0.6376 * y4 + 1.594 * y3;
  y5 = (x[0] - y3 - y4) * (0.95 - c4 / (100 * x[1]));
  y6 = x[0] - y5 - y4 - y3;
  const double c8 = 0.995 * (y5 + y4);
  y7 = c8 / y1;
  y8 = c8 / 3798;
  y9 = 96.82 / (y7 - 0.0663 * y7 / y8 - 0.3153) + 0.321 * y1;
  y10 = 1.29 * y5 + 1.258 * y4 + 2.29 * y3 + 1.71 * y6;
  y11 = 1.71 * x[0] - 0.452 * y4 + 0.58 * y3;
  c12 = 0.995 * y10 + 1998;
  y12 = 12.3 / 752.3 * x[0] + 1.75 * y2 * 0.995 * x[0] / c12;
  y13 = c12 - 1.75 * y2;
  c17 = y9 + x[4];
  y14 = 3623 + 64.4 * x[1] + 58.4 * x[2] + 146'312 / c17;
  y15 = y13 / (0.995 * y10 + 60.8 * x[1] + 48 * x[3] - 0.1121 * y14 - 5095);
  y16 = 148'000 - 331'000 * y15 + 40 * y13 - 61 * y15 * y13;
  y17 = 14'130'000 - 1328 * y10 - 531 * y11 + (2324 * y10 - 28'740'000 * y2) / c12;
  c15 = y13 / y15 - y13 / 0.52;
  c16 = 1.104 - 0.72 * y15;
}

Values g16(Point x) {
  const PulpPlant p(x);
  struct Range {
    double low, value, high;
  };
  const Range ranges[] = {
      {213.1, p.y1, 405.23},       {17.505, p.y2, 1053.6667},     {11.275, p.y3, 35.03},
      {214.228, p.y4, 665.585},    {7.458, p.y5, 584.463},        {0.961, p.y6, 265.916},
      {1.612, p.y7, 7.046},        {0.146, p.y8, 0.222},          {107.99, p.y9, 273.366},
      {922.693, p.y10, 1286.105},  {926.832, p.y11, 1444.046},    {18.766, p.y12, 537.141},
      {1072.163, p.y13, 3247.039}, {8961.448, p.y14, 26844.086},  {0.063, p.y15, 0.386},
      {71084.33, p.y16, 140'000},  {2'802'713, p.y17, 12'146'108}};
  std::vector<double> constraints = {0.28 / 0.72 * p.y5 - p.y4, x[2] - 1.5 * x[1],
                                     3496 * p.y2 / p.c12 - 21, 110.6 + p.y1 - 62212 / p.c17};
  for (const Range& each : ranges) {
    constraints.push_back(each.low - each.value);
    constraints.push_back(each.value - each.high);
  }
  const double f = 0.000117 * p.y14 + 0.1365 + 0.00002358 * p.y13 + 0.000001502 * p.y16 +
                   0.0321 * p.y12 + 0.004324 * p.y5 + 0.0001 * p.c15 / p.c16 +
                   37.48 * p.y2 / p.c12 - 0.0000005843 * p.y17;
  return constrained(f, std::move(constraints));
}

// Power flow; the cost of a line changes its slope at 300 and at 100 and 200.
Values g17(Point x) {
  constexpr double kReactance = 131.078, kAngle = 1.48477, kLoss = 0.90798, kLossAngle = 1.47588;
  const double first = (x[0] < 300 ? 30 : 31) * x[0];
  const double second = (x[1] < 100 ? 28 : x[1] < 200 ? 29 : 30) * x[1];
  const double flow = x[2] * x[3] / kReactance;
  const double at_first = kLoss * x[2] * x[2] / kReactance;
  const double at_second = kLoss * x[3] * x[3] / kReactance;
  return constrained(
      first + second,
      {equal(-x[0] + 300 - flow * std::cos(kAngle - x[5]) + at_first * std::cos(kLossAngle)),
       equal(-x[1] - flow * std::cos(kAngle + x[5]) + at_second * std::cos(kLossAngle)),
       equal(-x[4] - flow * std::sin(kAngle + x[5]) + at_second * std::sin(kLossAngle)),
       equal(200 - flow * std::sin(kAngle - x[5]) + at_first * std::sin(kLossAngle))});
}

// Dual of a convex programme of Colville: ten multipliers, then five variables.
Values g19(Point x) {
  constexpr double kA[10][5] = {{-16, 2, 0, 1, 0},    {0, -2, 0, 0.4, 2},   {-3.5, 0, 2, 0, 0},
                                {0, -2, 0, -4, -1},   {0, -9, -2, 1, -2.8}, {2, 0, -4, 0, 0},
                                {-1, -1, -1, -1, -1}, {-1, -2, -3, -2, -1}, {1, 2, 3, 4, 5},
                                {1, 1, 1, 1, 1}};
  constexpr double kB[] = {-40, -2, -0.25, -4, -4, -1, -40, -60, 5, 1};
  constexpr double kC[5][5] = {{30, -20, -10, 32, -10},
                               {-20, 39, -6, -31, 32},
                               {-10, -6, 10, -6, -10},
                               {32, -31, -6, 39, -20},
                               {-10, 32, -10, -20, 30}};
  constexpr double kD[] = {4, 8, 10, 6, 2};
  constexpr double kE[] = {-15, -27, -36, -18, -12};
  const Point y = x.subspan(10);
  double f = 0;
  for (std::size_t i = 0; i < 10; ++i) f -= kB[i] * x[i];
  std::vector<double> constraints;
  for (std::size_t j = 0; j < 5; ++j) {
    double row = 0, multipliers = 0;
    for (std::size_t i = 0; i < 5; ++i) row += kC[j][i] * y[i];
    for (std::size_t i = 0; i < 10; ++i) multipliers += kA[i][j] * x[i];
    f += y[j] * row + 2 * kD[j] * cube(y[j]);
    constraints.push_back(-2 * row - 3 * kD[j] * square(y[j]) - kE[j] + multipliers);
  }
  return constrained(f, std::move(constraints));
}

Values g21(Point x) {
  return constrained(
      x[0],
      {-x[0] + 35 * std::pow(x[1], 0.6) + 35 * std::pow(x[2], 0.6),
       equal(-300 * x[2] + 7500 * x[4] - 7500 * x[5] - 25 * x[3] * x[4] + 25 * x[3] * x[5] +
             x[2] * x[3]),
       equal(100 * x[1] + 155.365 * x[3] + 2500 * x[6] - x[1] * x[3] - 25 * x[3] * x[6] - 15536.5),
       equal(-x[4] + std::log(-x[3] + 900)), equal(-x[5] + std::log(x[3] + 300)),
       equal(-x[6] + std::log(-2 * x[3] + 700))});
}

// Haverly's pooling.
Values g23(Point x) {
  return constrained(
      -9 * x[4] - 15 * x[7] + 6 * x[0] + 16 * x[1] + 10 * (x[5] + x[6]),
      {x[8] * x[2] + 0.02 * x[5] - 0.025 * x[4], x[8] * x[3] + 0.02 * x[6] - 0.015 * x[7],
       equal(x[0] + x[1] - x[2] - x[3]), equal(0.03 * x[0] + 0.01 * x[1] - x[8] * (x[2] + x[3])),
       equal(x[2] + x[5] - x[4]), equal(x[3] + x[6] - x[7])});
}

}  // namespace

std::vector<FormulaProblem> cec2006_processes() {
  return {
      {.name = "g14",
       .summary = "Gibbs energy of a chemical equilibrium",
       .variables = variables(10, 1e-6, 10),  // open at 0, where a logarithm has no value
       .formula = g14,
       .equalities = 3,
       .optimum = -47.7648884595,
       .argmins = {{0.0406684113216282, 0.147721240492452, 0.783205732104114, 0.00141433931889084,
                    0.485293636780388, 0.000693183051556082, 0.0274052040687766, 0.0179509660214818,
                    0.0373268186859717, 0.0968844604336845}}},
      {.name = "g16",
       .summary = "Profit of a wood pulp plant under 38 constraints",
       .variables =
           {{704.4148, 906.3855}, {68.6, 288.88}, {0, 134.75}, {193, 287.0966}, {25, 84.1988}},
       .formula = g16,
       .optimum = -1.90515525853,
       .argmins = {{705.1745370700846, 68.6, 102.9, 282.3249315936606, 37.58411642580606}}},
      {.name = "g17",
       .summary = "Cost of a power network with broken slopes",
       .variables = {{0, 400}, {0, 1000}, {340, 420}, {340, 420}, {-1000, 1000}, {0, 0.5236}},
       .formula = g17,
       .equalities = 4,
       .optimum = 8853.53401644,
       .argmins = {{201.784467214523659, 99.9999999999999005, 383.071034852773266, 420,
                    -10.9076584514292652, 0.0731482312084287128}}},
      {.name = "g19",
       .summary = "Colville's dual programme",
       .variables = variables(15, 0, 10),
       .formula = g19,
       .optimum = 32.6555929502,
       .argmins = {{0, 0, 3.94600628013917, 0, 3.28318162727873, 10, 0, 0, 0, 0, 0.370762125835098,
                    0.278454209512692, 0.523838440499861, 0.388621589976956, 0.29815843730292}}},
      {.name = "g21",
       .summary = "Cost of an isothermal process",
       .variables = {{0, 1000}, {0, 40}, {0, 40}, {100, 300}, {6.3, 6.7}, {5.9, 6.4}, {4.5, 6.25}},
       .formula = g21,
       .equalities = 5,
       .optimum = 193.72451007,
       .argmins = {{193.72451006967654, 0, 17.319188729357478, 100.04789780193089,
                    6.684451853623098, 5.991684284444008, 6.2145164888585285}}},
      {.name = "g23",
       .summary = "Haverly's pooling problem",
       .variables = {{0, 300},
                     {0, 300},
                     {0, 100},
                     {0, 200},
                     {0, 100},
                     {0, 300},
                     {0, 100},
                     {0, 200},
                     {0.01, 0.03}},
       .formula = g23,
       .equalities = 4,
       .optimum = -400.0551,
       .argmins = {{0.0051, 99.9947, 0, 99.9999, 0.0001, 0, 100, 200, 0.01000001}}},
  };
}

}  // namespace asktell::benchmarks
