// re/: the problems of Tanabe, Ishibuchi 2020 with three to six objectives; see re.cpp.
#include <asktell/benchmarks/problems/multi_objective/suites.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace asktell::benchmarks {
namespace {

using std::numbers::sqrt2;
using Point = TestProblem::Point;

// Truss of two bars.
Values re31(Point x) {
  const double longer = std::sqrt(16 + x[2] * x[2]), shorter = std::sqrt(1 + x[2] * x[2]);
  const double volume = x[0] * longer + x[1] * shorter;
  const double stress = 20 * longer / (x[0] * x[2]);
  return {
      .objectives = {volume, stress,
                     violation({0.1 - volume, 1e5 - stress, 1e5 - 80 * shorter / (x[2] * x[1])})}};
}

// Welded beam, x = (h, l, t, b).
Values re32(Point x) {
  constexpr double kLoad = 6000, kSpan = 14, kYoung = 30e6, kShear = 12e6;
  const double h = x[0], l = x[1], t = x[2], b = x[3];
  const double half = square(0.5 * (h + t));
  const double arm = std::sqrt(0.25 * l * l + half);
  const double direct = kLoad / (sqrt2 * h * l);
  const double twist = kLoad * (kSpan + 0.5 * l) * arm / (2 * sqrt2 * h * l * (l * l / 12 + half));
  const double shear = std::sqrt(direct * direct + direct * twist * l / arm + twist * twist);
  const double buckling = 4.013 * kYoung * t * cube(b) / (6 * kSpan * kSpan) *
                          (1 - t / (2 * kSpan) * std::sqrt(kYoung / (4 * kShear)));
  return {.objectives = {1.10471 * h * h * l + 0.04811 * t * b * (14 + l),
                         4 * kLoad * cube(kSpan) / (kYoung * b * cube(t)),
                         violation({13'600 - shear, 30'000 - 6 * kLoad * kSpan / (b * t * t), b - h,
                                    buckling - kLoad})}};
}

// Disc brake.
Values re33(Point x) {
  const double inner = x[0], outer = x[1], force = x[2], discs = x[3];
  const double s = outer * outer - inner * inner, c = cube(outer) - cube(inner);
  return {.objectives = {4.9e-5 * s * (discs - 1), 9.82e6 * s / (force * discs * c),
                         violation({outer - inner - 20, 0.4 - force / (3.14 * s),
                                    1 - 2.22e-3 * force * c / (s * s),
                                    2.66e-2 * force * discs * c / s - 900})}};
}

// Vehicle crash: mass, acceleration, intrusion.
Values re34(Point x) {
  return {.objectives = {1640.2823 + 2.3573285 * x[0] + 2.3220035 * x[1] + 4.5688768 * x[2] +
                             7.7213633 * x[3] + 4.4559504 * x[4],
                         6.5856 + 1.15 * x[0] - 1.0427 * x[1] + 0.9738 * x[2] + 0.8364 * x[3] -
                             0.3695 * x[0] * x[3] + 0.0861 * x[0] * x[4] + 0.3628 * x[1] * x[3] -
                             0.1106 * x[0] * x[0] - 0.3437 * x[2] * x[2] + 0.1764 * x[3] * x[3],
                         -0.0551 + 0.0181 * x[0] + 0.1024 * x[1] + 0.0421 * x[2] -
                             0.0073 * x[0] * x[1] + 0.024 * x[1] * x[2] - 0.0118 * x[1] * x[3] -
                             0.0204 * x[2] * x[3] - 0.008 * x[2] * x[4] - 0.0241 * x[1] * x[1] +
                             0.0109 * x[3] * x[3]}};
}

// Speed reducer, a whole number of teeth z.
Values re35(Point x) {
  const double b = x[0], m = x[1], z = x[2], l1 = x[3], l2 = x[4], d1 = x[5], d2 = x[6];
  const double weight = 0.7854 * b * m * m * (10 * z * z / 3 + 14.933 * z - 43.0934) -
                        1.508 * b * (d1 * d1 + d2 * d2) + 7.477 * (cube(d1) + cube(d2)) +
                        0.7854 * (l1 * d1 * d1 + l2 * d2 * d2);
  const double first = std::sqrt(square(745 * l1 / (m * z)) + 1.69e7) / (0.1 * cube(d1));
  const double second = std::sqrt(square(745 * l2 / (m * z)) + 1.575e8) / (0.1 * cube(d2));
  return {
      .objectives = {weight, first,
                     violation({1. / 27 - 1 / (b * m * m * z), 1 / 397.5 - 1 / (b * m * m * z * z),
                                1 / 1.93 - cube(l1) / (m * z * square(d1 * d1)),
                                1 / 1.93 - cube(l2) / (m * z * square(d2 * d2)), 40 - m * z,
                                12 - b / m, b / m - 5, l1 - 1.5 * d1 - 1.9, l2 - 1.1 * d2 - 1.9,
                                1300 - first, 1100 - second})}};
}

// Gear train: numbers of teeth.
Values re36(Point x) {
  const double error = std::abs(6.931 - x[2] / x[0] * x[3] / x[1]);
  return {.objectives = {error, *std::max_element(x.begin(), x.end()),
                         std::max(0., error / 6.931 - 0.5)}};
}

// Rocket injector: temperatures of face and tip, combustion length.
Values re37(Point x) {
  const double a = x[0], h = x[1], o = x[2], p = x[3];
  return {.objectives = {
              0.692 + 0.477 * a - 0.687 * h - 0.08 * o - 0.065 * p - 0.167 * a * a -
                  0.0129 * h * a + 0.0796 * h * h - 0.0634 * o * a - 0.0257 * o * h +
                  0.0877 * o * o - 0.0521 * p * a + 0.00156 * p * h + 0.00198 * p * o +
                  0.0184 * p * p,
              0.153 - 0.322 * a + 0.396 * h + 0.424 * o + 0.0226 * p + 0.175 * a * a +
                  0.0185 * h * a - 0.0701 * h * h - 0.251 * o * a + 0.179 * o * h + 0.015 * o * o +
                  0.0134 * p * a + 0.0296 * p * h + 0.0752 * p * o + 0.0192 * p * p,
              0.37 - 0.205 * a + 0.0307 * h + 0.108 * o + 1.019 * p - 0.135 * a * a +
                  0.0141 * h * a + 0.0998 * h * h + 0.208 * o * a - 0.0301 * o * h - 0.226 * o * o +
                  0.353 * p * a - 0.0497 * p * o - 0.423 * p * p + 0.202 * h * a * a -
                  0.281 * o * a * a - 0.342 * h * h * a - 0.245 * h * h * o + 0.281 * o * o * h -
                  0.184 * p * p * a - 0.281 * h * a * o}};
}

// Car side impact: weight, pubic force, velocity.
Values re41(Point x) {
  const double x1 = x[0], x2 = x[1], x3 = x[2], x4 = x[3], x5 = x[4], x6 = x[5], x7 = x[6];
  const double force = 4.72 - 0.5 * x4 - 0.19 * x2 * x3;
  const double pillar = 10.58 - 0.674 * x1 * x2 - 0.67275 * x2;
  const double door = 16.45 - 0.489 * x3 * x7 - 0.843 * x5 * x6;
  return {
      .objectives = {
          1.98 + 4.9 * x1 + 6.67 * x2 + 6.98 * x3 + 4.01 * x4 + 1.78 * x5 + 1e-5 * x6 + 2.73 * x7,
          force, 0.5 * (pillar + door),
          violation(
              {1 - (1.16 - 0.3717 * x2 * x4 - 0.0092928 * x3),
               0.32 - (0.261 - 0.0159 * x1 * x2 - 0.06486 * x1 - 0.019 * x2 * x7 +
                       0.0144 * x3 * x5 + 0.0154464 * x6),
               0.32 - (0.214 + 0.00817 * x5 - 0.045195 * x1 - 0.0135168 * x1 + 0.03099 * x2 * x6 -
                       0.018 * x2 * x7 + 0.007176 * x3 + 0.023232 * x3 - 0.00364 * x5 * x6 -
                       0.018 * x2 * x2),
               0.32 - (0.74 - 0.61 * x2 - 0.031296 * x3 - 0.031872 * x7 + 0.227 * x2 * x2),
               32 - (28.98 + 3.818 * x3 - 4.2 * x1 * x2 + 1.27296 * x6 - 2.68065 * x7),
               32 - (33.86 + 2.95 * x3 - 5.057 * x1 * x2 - 3.795 * x2 - 3.4431 * x7 + 1.45728),
               32 - (46.36 - 9.9 * x2 - 4.4505 * x1), 4 - force, 9.9 - pillar, 15.7 - door})}};
}

// Water resources: five costs.
Values re61(Point x) {
  const double product = x[0] * x[1];
  const double exponent = -39.75 * x[1] + 9.9 * x[2] + 2.74;
  return {.objectives = {106780.37 * (x[1] + x[2]) + 61704.67, 3000 * x[0],
                         305700 * 2289 * x[1] / std::pow(0.06 * 2289, 0.65),
                         250 * 2289 * std::exp(exponent), 25 * (1.39 / product + 4940 * x[2] - 80),
                         violation({1 - (0.00139 / product + 4.94 * x[2] - 0.08),
                                    1 - (0.000306 / product + 1.082 * x[2] - 0.0986),
                                    50000 - (12.307 / product + 49408.24 * x[2] + 4051.02),
                                    16000 - (2.098 / product + 8046.33 * x[2] - 696.71),
                                    10000 - (2.138 / product + 7883.39 * x[2] - 705.04),
                                    2000 - (0.417 * product + 1721.26 * x[2] - 136.54),
                                    550 - (0.164 / product + 631.13 * x[2] - 54.48)})}};
}

}  // namespace

std::vector<FormulaProblem> re_more_objectives() {
  return {
      {.name = "re31",
       .summary = "Truss of two bars: volume, stress, violation",
       .variables = {{1e-5, 100}, {1e-5, 100}, {1, 3}},
       .formula = re31},
      {.name = "re32",
       .summary = "Welded beam: cost, deflection, violation",
       .variables = {{0.125, 5}, {0.1, 10}, {0.1, 10}, {0.125, 5}},
       .formula = re32},
      {.name = "re33",
       .summary = "Disc brake: mass, stopping time, violation",
       .variables = {{55, 80}, {75, 110}, {1000, 3000}, {11, 20}},
       .formula = re33},
      {.name = "re34",
       .summary = "Vehicle crash: mass, acceleration, intrusion",
       .variables = variables(5, 1, 3),
       .formula = re34},
      {.name = "re35",
       .summary = "Speed reducer: weight, stress, violation",
       .variables =
           {{2.6, 3.6}, {0.7, 0.8}, {17, 28, true}, {7.3, 8.3}, {7.3, 8.3}, {2.9, 3.9}, {5, 5.5}},
       .formula = re35},
      {.name = "re36",
       .summary = "Gear train: error of the ratio, size, violation",
       .variables = std::vector<Variable>(4, Variable{12, 60, true}),
       .formula = re36},
      {.name = "re37",
       .summary = "Rocket injector: temperatures, combustion length",
       .variables = variables(4, 0, 1),
       .formula = re37},
      {.name = "re41",
       .summary = "Car side impact: weight, force, velocity, violation",
       .variables = {{0.5, 1.5},
                     {0.45, 1.35},
                     {0.5, 1.5},
                     {0.5, 1.5},
                     {0.875, 2.625},
                     {0.4, 1.2},
                     {0.4, 1.2}},
       .formula = re41},
      {.name = "re61",
       .summary = "Water resources: five costs, violation",
       .variables = {{0.01, 0.45}, {0.01, 0.1}, {0.01, 0.1}},
       .formula = re61},
  };
}

}  // namespace asktell::benchmarks
