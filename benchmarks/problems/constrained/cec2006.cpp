// cec2006/: the G functions of Liang et al. 2006 ("Problem definitions and evaluation criteria for
// the CEC 2006 special session on constrained real-parameter optimization"). Equalities are met
// within 1e-4, as the report's rules say, and where a problem has some the best known value lies
// below the least one with exact equalities. g20 has no known feasible point and is left out.
#include <asktell/benchmarks/problems/constrained/suites.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = TestProblem::Point;

double squares(Point x) {
  double sum = 0;
  for (double v : x) sum += v * v;
  return sum;
}

Values g01(Point x) {
  double f = 0;
  for (std::size_t i = 0; i < 4; ++i) f += 5 * x[i] - 5 * x[i] * x[i];
  for (std::size_t i = 4; i < 13; ++i) f -= x[i];
  return constrained(
      f, {2 * x[0] + 2 * x[1] + x[9] + x[10] - 10, 2 * x[0] + 2 * x[2] + x[9] + x[11] - 10,
          2 * x[1] + 2 * x[2] + x[10] + x[11] - 10, -8 * x[0] + x[9], -8 * x[1] + x[10],
          -8 * x[2] + x[11], -2 * x[3] - x[4] + x[9], -2 * x[5] - x[6] + x[10],
          -2 * x[7] - x[8] + x[11]});
}

Values g03(Point x) {
  double product = 1;
  for (double v : x) product *= std::sqrt(10.) * v;
  return constrained(-product, {equal(squares(x) - 1)});
}

Values g04(Point x) {
  const double u =
      85.334407 + 0.0056858 * x[1] * x[4] + 0.0006262 * x[0] * x[3] - 0.0022053 * x[2] * x[4];
  const double v =
      80.51249 + 0.0071317 * x[1] * x[4] + 0.0029955 * x[0] * x[1] + 0.0021813 * x[2] * x[2];
  const double w =
      9.300961 + 0.0047026 * x[2] * x[4] + 0.0012547 * x[0] * x[2] + 0.0019085 * x[2] * x[3];
  return constrained(
      5.3578547 * x[2] * x[2] + 0.8356891 * x[0] * x[4] + 37.293239 * x[0] - 40792.141,
      {u - 92, -u, v - 110, 90 - v, w - 25, 20 - w});
}

Values g05(Point x) {
  const double a = x[2], b = x[3];
  return constrained(
      3 * x[0] + 1e-6 * cube(x[0]) + 2 * x[1] + 2e-6 / 3 * cube(x[1]),
      {b - a - 0.55, a - b - 0.55,
       equal(1000 * std::sin(-a - 0.25) + 1000 * std::sin(-b - 0.25) + 894.8 - x[0]),
       equal(1000 * std::sin(a - 0.25) + 1000 * std::sin(a - b - 0.25) + 894.8 - x[1]),
       equal(1000 * std::sin(b - 0.25) + 1000 * std::sin(b - a - 0.25) + 1294.8)});
}

Values g06(Point x) {
  return constrained(
      cube(x[0] - 10) + cube(x[1] - 20),
      {100 - square(x[0] - 5) - square(x[1] - 5), square(x[0] - 6) + square(x[1] - 5) - 82.81});
}

Values g07(Point x) {
  const double f = x[0] * x[0] + x[1] * x[1] + x[0] * x[1] - 14 * x[0] - 16 * x[1] +
                   square(x[2] - 10) + 4 * square(x[3] - 5) + square(x[4] - 3) +
                   2 * square(x[5] - 1) + 5 * x[6] * x[6] + 7 * square(x[7] - 11) +
                   2 * square(x[8] - 10) + square(x[9] - 7) + 45;
  return constrained(
      f,
      {4 * x[0] + 5 * x[1] - 3 * x[6] + 9 * x[7] - 105, 10 * x[0] - 8 * x[1] - 17 * x[6] + 2 * x[7],
       -8 * x[0] + 2 * x[1] + 5 * x[8] - 2 * x[9] - 12,
       3 * square(x[0] - 2) + 4 * square(x[1] - 3) + 2 * x[2] * x[2] - 7 * x[3] - 120,
       5 * x[0] * x[0] + 8 * x[1] + square(x[2] - 6) - 2 * x[3] - 40,
       x[0] * x[0] + 2 * square(x[1] - 2) - 2 * x[0] * x[1] + 14 * x[4] - 6 * x[5],
       0.5 * square(x[0] - 8) + 2 * square(x[1] - 4) + 3 * x[4] * x[4] - x[5] - 30,
       -3 * x[0] + 6 * x[1] + 12 * square(x[8] - 8) - 7 * x[9]});
}

Values g08(Point x) {
  return constrained(
      -cube(std::sin(2 * pi * x[0])) * std::sin(2 * pi * x[1]) / (cube(x[0]) * (x[0] + x[1])),
      {x[0] * x[0] - x[1] + 1, 1 - x[0] + square(x[1] - 4)});
}

Values g09(Point x) {
  const double f = square(x[0] - 10) + 5 * square(x[1] - 12) + square(x[2] * x[2]) +
                   3 * square(x[3] - 11) + 10 * square(cube(x[4])) + 7 * x[5] * x[5] +
                   square(x[6] * x[6]) - 4 * x[5] * x[6] - 10 * x[5] - 8 * x[6];
  return constrained(
      f,
      {2 * x[0] * x[0] + 3 * square(x[1] * x[1]) + x[2] + 4 * x[3] * x[3] + 5 * x[4] - 127,
       7 * x[0] + 3 * x[1] + 10 * x[2] * x[2] + x[3] - x[4] - 282,
       23 * x[0] + x[1] * x[1] + 6 * x[5] * x[5] - 8 * x[6] - 196,
       4 * x[0] * x[0] + x[1] * x[1] - 3 * x[0] * x[1] + 2 * x[2] * x[2] + 5 * x[5] - 11 * x[6]});
}

Values g10(Point x) {
  return heat_exchanger(x, 1250);
}

Values g11(Point x) {
  return constrained(x[0] * x[0] + square(x[1] - 1), {equal(x[1] - x[0] * x[0])});
}

Values g12(Point x) {
  double outside = -0.0625, distance = 0;
  for (double v : x) {
    outside += square(v - std::clamp(std::round(v), 1., 9.));  // the nearest of the 729 balls
    distance += square(v - 5);
  }
  return constrained(distance / 100 - 1, {outside});
}

Values g13(Point x) {
  return constrained(std::exp(x[0] * x[1] * x[2] * x[3] * x[4]),
                     {equal(squares(x) - 10), equal(x[1] * x[2] - 5 * x[3] * x[4]),
                      equal(cube(x[0]) + cube(x[1]) + 1)});
}

Values g15(Point x) {
  return constrained(1000 - x[0] * x[0] - 2 * x[1] * x[1] - x[2] * x[2] - x[0] * x[1] - x[0] * x[2],
                     {equal(squares(x) - 25), equal(8 * x[0] + 14 * x[1] + 7 * x[2] - 56)});
}

Values g18(Point x) {
  const double f =
      -0.5 * (x[0] * x[3] - x[1] * x[2] + x[2] * x[8] - x[4] * x[8] + x[4] * x[7] - x[5] * x[6]);
  const auto apart = [&](std::size_t i, std::size_t j) {
    return square(x[i] - x[j]) + square(x[i + 1] - x[j + 1]) - 1;
  };
  return constrained(
      f, {square(x[2]) + square(x[3]) - 1, square(x[8]) - 1, square(x[4]) + square(x[5]) - 1,
          square(x[0]) + square(x[1] - x[8]) - 1, apart(0, 4), apart(0, 6), apart(2, 4),
          apart(2, 6), square(x[6]) + square(x[7] - x[8]) - 1, x[1] * x[2] - x[0] * x[3],
          -x[2] * x[8], x[4] * x[8], x[5] * x[6] - x[4] * x[7]});
}

Values g24(Point x) {
  const double a = x[0];
  return constrained(-a - x[1], {(((-2 * a + 8) * a - 8) * a) * a + x[1] - 2,
                                 (((-4 * a + 32) * a - 88) * a + 96) * a + x[1] - 36});
}

constexpr double kAboveZero = 1e-6;  // the box is open where the formula has no value

std::vector<FormulaProblem> rows_to_g09() {
  return {
      {.name = "g01",
       .summary = "Quadratic under nine linear constraints",
       .variables = {{}, {}, {}, {}, {}, {}, {}, {}, {}, {0, 100}, {0, 100}, {0, 100}, {}},
       .formula = g01,
       .optimum = -15,
       .proven = true,
       .argmins = {{1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 1}}},
      {.name = "g02",
       .summary = "Keane's bump in twenty dimensions",
       .variables = variables(20, 0, 10),
       .formula = keane_bump,
       .optimum = -0.80361910412559,
       .argmins = {{3.16246061572185, 3.12833142812967, 3.09479212988791, 3.06145059523469,
                    3.02792915885555, 2.99382606701730, 2.95866871765285, 2.92184227312450,
                    0.49482511456933, 0.48835711005490, 0.48231642711865, 0.47664475092742,
                    0.47129550835493, 0.46623099264167, 0.46142004984199, 0.45683664767217,
                    0.45245876903267, 0.44826762241853, 0.44424700958760, 0.44038285956317}}},
      {.name = "g03",
       .summary = "Product on the unit sphere",
       .variables = variables(10, 0, 1),
       .formula = g03,
       .equalities = 1,
       .optimum = -std::pow(1.0001, 5),  // all coordinates equal on the larger sphere
       .proven = true,
       .argmins = {std::vector<double>(10, std::sqrt(0.10001))}},
      {.name = "g04",
       .summary = "Quadratic between two-sided quadratic constraints",
       .variables = {{78, 102}, {33, 45}, {27, 45}, {27, 45}, {27, 45}},
       .formula = g04,
       .optimum = -30665.53867178,
       .argmins = {{78, 33, 29.99525603, 45, 36.77581291}}},
      {.name = "g05",
       .summary = "Cubic cost under trigonometric equalities",
       .variables = {{0, 1200}, {0, 1200}, {-0.55, 0.55}, {-0.55, 0.55}},
       .formula = g05,
       .equalities = 3,
       .optimum = 5126.4967140071,
       .argmins = {{679.9451498694428, 1026.0669743043193, 0.11887636796500523,
                    -0.3962334857486657}}},
      {.name = "g06",
       .summary = "Cubic in a thin crescent between two discs",
       .variables = {{13, 100}, {0, 100}},
       .formula = g06,
       .optimum = -6961.81387558,
       .argmins = {{14.095, 0.84296079}}},
      {.name = "g07",
       .summary = "Convex quadratic under eight constraints",
       .variables = variables(10, -10, 10),
       .formula = g07,
       .optimum = 24.30620906818,
       .argmins = {{2.171997834812, 2.363679362798, 8.773925117415, 5.095984215855, 0.990655966387,
                    1.430578427576, 1.321647038816, 9.828728107011, 8.280094195305,
                    8.375923511901}}},
      {.name = "g08",
       .summary = "Sines over a pole",
       .variables = variables(2, kAboveZero, 10),
       .formula = g08,
       .optimum = -0.0958250414180359,
       .argmins = {{1.2279713526, 4.2453733661}}},
      {.name = "g09",
       .summary = "Polynomial of degree six under four constraints",
       .variables = variables(7, -10, 10),
       .formula = g09,
       .optimum = 680.630057374402,
       .argmins = {{2.33049949323300210, 1.95137239646596039, -0.47754041766198602,
                    4.36572612852776931, -0.62448707583702823, 1.03813092302119347,
                    1.59422663221959926}}},
  };
}

std::vector<FormulaProblem> rows_from_g10() {
  return {
      {.name = "g10",
       .summary = "Area of three heat exchangers",
       .variables = {{100, 10000},
                     {1000, 10000},
                     {1000, 10000},
                     {10, 1000},
                     {10, 1000},
                     {10, 1000},
                     {10, 1000},
                     {10, 1000}},
       .formula = g10,
       .optimum = 7049.24802052867,
       .argmins = {{579.29340269759155, 1359.97691009458777, 5109.97770901501008,
                    182.01659025342749, 295.60089166064103, 217.98340973906758, 286.41569858295981,
                    395.60089165381908}}},
      {.name = "g11",
       .summary = "Quadratic on a parabola",
       .variables = variables(2, -1, 1),
       .formula = g11,
       .equalities = 1,
       .optimum = 0.7499,
       .proven = true,
       .argmins = {{std::sqrt(0.4999), 0.5}, {-std::sqrt(0.4999), 0.5}}},
      {.name = "g12",
       .summary = "Sphere in 729 small balls",
       .variables = variables(3, 0, 10),
       .formula = g12,
       .optimum = -1,
       .proven = true,
       .argmins = {{5, 5, 5}}},
      {.name = "g13",
       .summary = "Exponential of a product under three equalities",
       .variables = {{-2.3, 2.3}, {-2.3, 2.3}, {-3.2, 3.2}, {-3.2, 3.2}, {-3.2, 3.2}},
       .formula = g13,
       .equalities = 3,
       .optimum = 0.053941514041898,
       .argmins = {{-1.7171422416699036, 1.5957212423913725, 1.8272502375789834,
                    -0.7636598651376731, -0.7636598837999582}}},
      {.name = "g15",
       .summary = "Quadratic where a plane cuts a sphere",
       .variables = variables(3, 0, 10),
       .formula = g15,
       .equalities = 2,
       .optimum = 961.715022289961,
       .argmins = {{3.51212812611795133, 0.216987510429556135, 3.55217854929179921}}},
      {.name = "g18",
       .summary = "Area of a hexagon of diameter one",
       .variables = {{-10, 10},
                     {-10, 10},
                     {-10, 10},
                     {-10, 10},
                     {-10, 10},
                     {-10, 10},
                     {-10, 10},
                     {-10, 10},
                     {0, 20}},
       .formula = g18,
       .optimum = -std::sqrt(3.) / 2,
       .proven = true,
       .argmins = {{1, 0, 0.5, std::sqrt(0.75), 1, 0, 0.5, std::sqrt(0.75), 0}}},
      {.name = "g24",
       .summary = "Plane over two disjoint feasible regions",
       .variables = {{0, 3}, {0, 4}},
       .formula = g24,
       .optimum = -5.50801327159536,
       .argmins = {{2.32952019747762, 3.17849307411774}}},
  };
}

void register_rows(ProblemRegistry& registry, std::vector<FormulaProblem> rows) {
  for (FormulaProblem& row : rows) {
    row.name = "cec2006/" + row.name;
    row.reference = "Liang et al. 2006, CEC special session on constrained optimization";
    register_formula(registry, std::move(row));
  }
}

}  // namespace

Values heat_exchanger(Point x, double flow) {
  return constrained(
      x[0] + x[1] + x[2],
      {0.0025 * (x[3] + x[5]) - 1, 0.0025 * (x[4] + x[6] - x[3]) - 1, 0.01 * (x[7] - x[4]) - 1,
       833.33252 * x[3] + 100 * x[0] - x[0] * x[5] - 83333.333,
       1250 * x[4] + x[1] * x[3] - x[1] * x[6] - flow * x[3],
       x[2] * x[4] - 2500 * x[4] - x[2] * x[7] + 1'250'000});
}

void register_cec2006(ProblemRegistry& registry) {
  register_rows(registry, rows_to_g09());
  register_rows(registry, rows_from_g10());
  register_rows(registry, cec2006_processes());
}

}  // namespace asktell::benchmarks
