// engineering/: structures and machines among the fifteen problems of Yu, Picard, Ahmed 2024, as
// coded there but minimized; "-std" are the textbook forms where that code differs from them
// (Coello 2000; Mezura-Montes & Coello 2005; Amir & Hasegawa 1989). Best known values: many starts
// of SLSQP and differential evolution.
#include <asktell/benchmarks/problems/constrained/suites.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using std::numbers::sqrt2;
using Point = TestProblem::Point;

constexpr const char* kSeed = "Yu, Picard, Ahmed 2024, arXiv:2404.04495, as coded there";
constexpr std::int64_t kBudget = 120;  // 20 initial points and 100 iterations, as reported there

Values three_truss(Point x) {
  constexpr double kLoad = 2, kStress = 2;
  const double a = std::max(x[0], 1e-5), b = std::max(x[1], 1e-5);
  const double d = sqrt2 * a * a + 2 * a * b;
  return constrained(100 * (2 * sqrt2 * a + b),
                     {kLoad * (sqrt2 * a + b) / d - kStress, kLoad * b / d - kStress,
                      kLoad / (a + sqrt2 * b) - kStress});
}

Values compression_spring(Point x) {
  const double wire = x[0], coil = x[1], turns = x[2];
  const double shear =
      (4 * coil * coil - wire * coil) / (12566 * (coil * cube(wire) - square(wire * wire))) +
      1 / (5108 * wire * wire) - 1;
  return constrained((turns + 2) * coil * wire * wire,
                     {1 - cube(coil) * turns / (71785 * square(wire * wire)), shear,
                      1 - 140.45 * wire / (coil * coil * turns), (wire + coil) / 1.5 - 1});
}

Values pressure_vessel(Point x) {
  const double shell = x[0], head = x[1], radius = x[2], length = x[3];
  const double cost = 0.6224 * shell * radius * length + 1.7781 * head * radius * radius +
                      3.1661 * shell * shell * length + 19.84 * shell * shell * radius;
  const double volume = pi * radius * radius * length + 4. / 3 * pi * cube(radius);
  return constrained(
      cost, {0.0193 * radius - shell, 0.00954 * radius - head, 1'296'000 - volume, length - 240});
}

// Plates come in sixteenths of an inch.
Values pressure_vessel_standard(Point x) {
  const double sized[] = {0.0625 * x[0], 0.0625 * x[1], x[2], x[3]};
  return pressure_vessel(sized);
}

// The stress of the weld: torsion `twist` at the distance `arm` of the corner, and shear.
double weld_stress(double shear, double twist, double length, double arm) {
  return std::sqrt(shear * shear + twist * twist + length * shear * twist / arm);
}

Values welded_beam(Point x) {
  const double h = x[0], l = x[1], t = x[2], b = x[3];
  const double half = 0.25 * square(h + t);
  const double arm = std::sqrt(0.25 * l * l + half);
  const double shear = 6000 / (sqrt2 * h * l);
  const double twist = 6000 * (14 + 0.5 * l) * arm / (2 * 0.707 * h * l * (l * l / 12 + half));
  return constrained(
      1.10471 * h * h * l + 0.04811 * t * b * (14 + l),
      {weld_stress(shear, twist, l, arm) - 13'600, 504'000 / (t * t * b) - 30'000, h - b,
       6000 - 64746 * (1 - 0.0282346 * t) * t * cube(b), 2.1952 / (cube(t) * b) - 0.25});
}

// Coello's form: the polar moment with the factor 2 sqrt(2).
Values welded_beam_standard(Point x) {
  constexpr double kLoad = 6000, kSpan = 14, kYoung = 30e6, kShear = 12e6;
  const double h = x[0], l = x[1], t = x[2], b = x[3];
  const double half = square(0.5 * (h + t));
  const double arm = std::sqrt(0.25 * l * l + half);
  const double moment = 2 * sqrt2 * h * l * (l * l / 12 + half);
  const double shear = kLoad / (sqrt2 * h * l);
  const double twist = kLoad * (kSpan + 0.5 * l) * arm / moment;
  const double buckling = 4.013 * kYoung * t * cube(b) / (6 * kSpan * kSpan) *
                          (1 - t / (2 * kSpan) * std::sqrt(kYoung / (4 * kShear)));
  const double beam = 0.04811 * t * b * (14 + l);
  return constrained(
      1.10471 * h * h * l + beam,
      {weld_stress(shear, twist, l, arm) - 13'600, 6 * kLoad * kSpan / (b * t * t) - 30'000, h - b,
       0.10471 * h * h + beam - 5, 0.125 - h,
       4 * kLoad * cube(kSpan) / (kYoung * cube(t) * b) - 0.25, kLoad - buckling});
}

// `load` is the second term of the first shaft's stress: 1.69e6 in the seed's code, 1.69e7 in the
// textbooks.
Values speed_reducer_with(Point x, double load) {
  const double b = x[0], m = x[1], z = x[2], l1 = x[3], l2 = x[4], d1 = x[5], d2 = x[6];
  const double weight = 0.7854 * b * m * m * (3.3333 * z * z + 14.9334 * z - 43.0934) -
                        1.508 * b * (d1 * d1 + d2 * d2) + 7.4777 * (cube(d1) + cube(d2)) +
                        0.7854 * (l1 * d1 * d1 + l2 * d2 * d2);
  return constrained(weight, {27 / (b * m * m * z) - 1, 397.5 / (b * m * m * z * z) - 1,
                              1.93 * cube(l1) / (m * z * square(d1 * d1)) - 1,
                              1.93 * cube(l2) / (m * z * square(d2 * d2)) - 1,
                              std::sqrt(square(745 * l1 / (m * z)) + load) / (110 * cube(d1)) - 1,
                              std::sqrt(square(745 * l2 / (m * z)) + 157.5e6) / (85 * cube(d2)) - 1,
                              m * z / 40 - 1, 5 * m / b - 1, b / (12 * m) - 1});
}

Values speed_reducer(Point x) {
  return speed_reducer_with(x, 1.69e6);
}

Values speed_reducer_standard(Point x) {
  Values values = speed_reducer_with(x, 1.69e7);
  values.constraints.push_back((1.5 * x[5] + 1.9) / x[3] - 1);
  values.constraints.push_back((1.1 * x[6] + 1.9) / x[4] - 1);
  return values;
}

Values seed_heat_exchanger(Point x) {
  return heat_exchanger(x, 125);
}

// `steel` is 7.35 in the seed's code, 7.375 in Amir & Hasegawa 1989.
Values concrete_beam(double area, double depth, double width, double steel) {
  return constrained(29.4 * area + 0.6 * width * depth,
                     {depth / width - 4, 180 + steel * area * area / width - area * depth});
}

Values reinforced_concrete_beam(Point x) {
  return concrete_beam(x[0], x[1], x[2], 7.35);
}

Values reinforced_concrete_beam_standard(Point x) {
  return concrete_beam(x[0], x[1], x[2], 7.375);
}

// Widths b1 ... b5, then heights h1 ... h5, of segments from the wall to the tip. As coded by the
// seed the row of the deflection is a positive constant (E = 2e7 became 2 * 107 and the moments are
// missing), so no point is feasible: corrected here.
Values cantilever_beam(Point x) {
  constexpr double kLoad = 50'000, kLength = 100, kYoung = 2e7;
  constexpr double kShare[] = {61, 37, 19, 7, 1};  // of each segment's 1/I in the tip's deflection
  double volume = 0, bend = 0;
  std::vector<double> stress, deflection, slender;
  for (std::size_t i = 0; i < 5; ++i) {
    const double b = x[i], h = x[5 + i];
    volume += kLength * b * h;
    bend += kShare[i] * 12 / (b * cube(h));
    const double arm = kLength * static_cast<double>(5 - i);
    stress.push_back(6 * kLoad * arm / (b * h * h) - 14'000);
    slender.push_back(h / b - 20);
  }
  std::vector<double> constraints = stress;
  constraints.push_back(kLoad * cube(kLength) / (3 * kYoung) * bend - 2.7);
  constraints.insert(constraints.end(), slender.begin(), slender.end());
  return constrained(volume, std::move(constraints));
}

// Response surfaces of a side impact; the published code has thresholds 0.9 in rows 2 to 4 where
// the literature has 0.32, and 0.061 in row 4 where it has 0.61.
Values car(Point x) {
  const double x1 = x[0], x2 = x[1], x3 = x[2], x4 = x[3], x5 = x[4], x6 = x[5], x7 = x[6],
               x8 = x[7], x9 = x[8], x10 = x[9], x11 = x[10];
  return constrained(
      1.98 + 4.9 * x1 + 6.67 * x2 + 6.98 * x3 + 4.01 * x4 + 1.78 * x5 + 2.73 * x7,
      {0.16 - 0.3717 * x2 * x4 - 0.00931 * x2 * x10 - 0.484 * x3 * x9 + 0.01343 * x6 * x10,
       0.261 - 0.0159 * x1 * x2 - 0.188 * x1 * x8 - 0.019 * x2 * x7 + 0.0144 * x3 * x5 +
           0.0008757 * x5 * x10 + 0.08045 * x6 * x9 + 0.00139 * x8 * x11 + 0.00001575 * x10 * x11 -
           0.9,
       0.214 + 0.00817 * x5 - 0.131 * x1 * x8 - 0.0704 * x1 * x9 + 0.03099 * x2 * x6 -
           0.018 * x2 * x7 + 0.0208 * x3 * x8 + 0.121 * x3 * x9 - 0.00364 * x5 * x6 +
           0.0007715 * x5 * x10 - 0.0005354 * x6 * x10 + 0.00121 * x8 * x11 - 0.9,
       0.74 - 0.061 * x2 - 0.163 * x3 * x8 + 0.001232 * x3 * x10 - 0.166 * x7 * x9 +
           0.227 * x2 * x2 - 0.9,
       28.98 + 3.818 * x3 - 4.2 * x1 * x2 + 0.0207 * x5 * x10 + 6.63 * x6 * x9 - 7.7 * x7 * x8 +
           0.32 * x9 * x10 - 32,
       33.86 + 2.95 * x3 + 0.1792 * x10 - 5.057 * x1 * x2 - 11 * x2 * x8 - 0.0215 * x5 * x10 -
           9.98 * x7 * x8 + 22 * x8 * x9 - 32,
       46.36 - 9.9 * x2 - 12.9 * x1 * x8 + 0.1107 * x3 * x10 - 32,
       4.72 - 0.5 * x4 - 0.19 * x2 * x3 - 0.0122 * x4 * x10 + 0.009325 * x6 * x10 +
           0.000191 * x11 * x11 - 4,
       10.58 - 0.674 * x1 * x2 - 1.95 * x2 * x8 + 0.02054 * x3 * x10 - 0.0198 * x4 * x10 +
           0.028 * x6 * x10 - 9.9,
       16.45 - 0.489 * x3 * x7 - 0.843 * x5 * x6 + 0.0432 * x9 * x10 - 0.0556 * x9 * x11 -
           0.000786 * x11 * x11 - 15.7});
}

Values gas_transmission(Point x) {
  const double cost = 8.61e5 * std::sqrt(x[0]) * x[1] * std::pow(x[2], -2. / 3) / std::sqrt(x[3]) +
                      3.69e4 * x[2] + 7.72e8 / x[0] * std::pow(x[1], 0.219) - 765.43e6 / x[0];
  return constrained(cost, {x[3] / square(x[1]) + 1 / square(x[1]) - 1});
}

// Numbered as in the paper.
std::vector<FormulaProblem> seed_rows_to_10() {
  return {
      {.name = "engineering/three-truss",
       .summary = "Volume of a truss of three bars below a stress",
       .variables = variables(2, 0, 1),
       .formula = three_truss,
       .optimum = 263.895843376,
       .argmins = {{0.7886751346031303, 0.40824829044033495}}},
      {.name = "engineering/compression-spring",
       .summary = "Weight of a helical spring",
       .variables = {{0.05, 1}, {0.25, 1.3}, {2, 15}},
       .formula = compression_spring,
       .optimum = 0.0126652327883,
       .argmins = {{0.051689059026471466, 0.3567176903528496, 11.288968650614182}}},
      {.name = "engineering/pressure-vessel",
       .summary = "Cost of a pressure vessel, all sizes continuous",
       .variables = {{0.0625, 6.1875}, {0.0625, 6.1875}, {10, 200}, {0, 190}},
       .formula = pressure_vessel,
       .optimum = 5910.06447239,
       .argmins = {{0.7923763182188005, 0.3916720246532376, 41.0557677833591, 190}}},
      {.name = "engineering/welded-beam",
       .summary = "Cost of a welded beam",
       .variables = {{0.125, 10}, {0.1, 15}, {0.1, 10}, {0.1, 10}},
       .formula = welded_beam,
       .optimum = 2.38113424918,
       .argmins = {{0.24436898474849694, 6.2186063125718626, 8.291471238704241,
                    0.24436898474849694}}},
  };
}

std::vector<FormulaProblem> seed_rows_from_11() {
  return {
      {.name = "engineering/speed-reducer",
       .summary = "Weight of a gear box, the number of teeth continuous",
       .variables =
           {{2.6, 3.6}, {0.7, 0.8}, {17, 28}, {7.3, 8.3}, {7.3, 8.3}, {2.9, 3.9}, {5, 5.5}},
       .formula = speed_reducer,
       .optimum = 2885.17926592,
       .argmins = {{3.5, 0.7, 17, 7.3, 7.3, 2.9, 5.286517921717564}}},
      {.name = "engineering/heat-exchanger",
       .summary = "Area of three heat exchangers; cec2006/g10 is the textbook form",
       .variables = {{100, 10000},
                     {1000, 10900},
                     {1000, 10900},
                     {10, 1000},
                     {10, 1000},
                     {10, 1000},
                     {10, 1000},
                     {10, 1000}},
       .formula = seed_heat_exchanger,
       .optimum = 8312.91185776,
       .argmins = {{100, 2231.4559289479103, 5981.4559288097025, 121.42867688784683,
                    260.7417628476103, 278.5713231121525, 260.6869140402356, 360.74176284761035}}},
      {.name = "engineering/reinforced-concrete-beam",
       .summary = "Cost of a concrete beam, all sizes continuous",
       .variables = {{0.2, 15}, {28, 40}, {5, 10}},
       .formula = reinforced_concrete_beam,
       .optimum = 358.545703435,
       .argmins = {{6.470521667887271, 33.49749905084926, 8.374374762712314}}},
      {.name = "engineering/cantilever-beam",
       .summary = "Volume of a cantilever of five segments, its deflection as meant",
       .variables = {{1, 5},
                     {1, 5},
                     {1, 5},
                     {1, 5},
                     {1, 5},
                     {30, 65},
                     {30, 65},
                     {30, 65},
                     {30, 65},
                     {30, 65}},
       .formula = cantilever_beam,
       .optimum = 63108.7479865,
       .argmins = {{3.0577283042828336, 2.8132665010564186, 2.5235862986099615, 2.2045556915418456,
                    1.7497570119380041, 61.15456608565667, 56.2653300211284, 50.47172597219925,
                    44.09111383083693, 34.99514023876008}}},
      {.name = "engineering/car",
       .summary = "Weight of a car that withstands a side impact",
       .variables = {{0.5, 1.5},
                     {0.45, 1.35},
                     {0.5, 1.5},
                     {0.5, 1.5},
                     {0.5, 1.5},
                     {0.5, 1.5},
                     {0.5, 1.5},
                     {0.192, 0.345},
                     {0.192, 0.345},
                     {-20, 0},
                     {-20, 0}},
       .formula = car,
       .optimum = 22.8429691991,
       .argmins = {{0.5, 1.1163655859637505, 0.5, 1.3021971922010493, 0.5, 1.5, 0.5, 0.345,
                    0.3445183808255786, -19.561530243159233, 0}}},
  };
}

std::vector<FormulaProblem> textbook_rows() {
  const char* const coello = "Coello 2000, Use of a self-adaptive penalty approach";
  return {
      {.name = "engineering/pressure-vessel-std",
       .summary = "Cost of a pressure vessel, its plates in sixteenths of an inch",
       .reference = "Kannan, Kramer 1994; Coello 2000",
       .variables = {{1, 99, true}, {1, 99, true}, {10, 200}, {10, 200}},
       .formula = pressure_vessel_standard,
       .optimum = 6059.714335048436,
       .argmins = {{13, 7, 42.0984455958549, 176.636595842439}}},
      {.name = "engineering/welded-beam-std",
       .summary = "Cost of a welded beam with seven constraints",
       .reference = coello,
       .variables = {{0.1, 2}, {0.1, 10}, {0.1, 10}, {0.1, 2}},
       .formula = welded_beam_standard,
       .optimum = 1.7248523086,
       .argmins = {{0.2057296397857834, 3.4704886656273355, 9.036623910358076,
                    0.20572963978544972}}},
      {.name = "engineering/speed-reducer-std",
       .summary = "Weight of a gear box with a whole number of teeth",
       .reference = "Golinski 1973; Mezura-Montes, Coello 2005",
       .variables =
           {{2.6, 3.6}, {0.7, 0.8}, {17, 28, true}, {7.3, 8.3}, {7.3, 8.3}, {2.9, 3.9}, {5, 5.5}},
       .formula = speed_reducer_standard,
       .optimum = 2994.47106615,
       .argmins = {{3.5, 0.7, 17, 7.3, 7.715319911478244, 3.3502146660964476, 5.286654464980221}}},
      {.name = "engineering/reinforced-concrete-beam-std",
       .summary = "Cost of a concrete beam with bars and depths that are sold",
       .reference = "Amir, Hasegawa 1989",
       .variables = {{.levels = {6, 6.16, 6.32, 6.6, 7, 7.11, 7.2, 7.8, 7.9, 8, 8.4}},
                     {28, 40, true},
                     {5, 10}},
       .formula = reinforced_concrete_beam_standard,
       .optimum = 359.208,
       .argmins = {{6.32, 34, 8.5}}},
      {.name = "engineering/gas-transmission",
       .summary = "Cost of a gas transmission compressor",
       .reference = "Beightler, Phillips 1976",
       .variables = {{20, 50}, {1, 10}, {20, 50}, {0.1, 60}},
       .formula = gas_transmission,
       .optimum = 2964895.41712,
       .argmins = {{50, 1.1782840359921072, 24.592592014652798, 0.3883532696656262}}},
  };
}

}  // namespace

void register_engineering_designs(ProblemRegistry& registry) {
  for (const auto& rows : {seed_rows_to_10(), seed_rows_from_11()}) {
    for (FormulaProblem row : rows) {
      row.reference = kSeed;
      row.budget = kBudget;
      register_formula(registry, std::move(row));
    }
  }
  for (FormulaProblem& row : textbook_rows()) {
    row.budget = kBudget;
    register_formula(registry, std::move(row));
  }
}

}  // namespace asktell::benchmarks
