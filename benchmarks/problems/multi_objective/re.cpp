// re/: Tanabe, Ishibuchi 2020 ("An easy-to-use real-world multi-objective problem suite", Applied
// Soft Computing 89), after the corrections of 2021 to the authors' programs: engineering designs
// whose violated constraints are summed up as the last objective. This file: two objectives, and
// what is known of the fronts of all.
#include <asktell/benchmarks/problems/multi_objective/suites.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using std::numbers::sqrt2;
using Point = TestProblem::Point;

// Truss of four bars; sqrt(x3) and the minus of the third term are the suite's.
Values re21(Point x) {
  constexpr double kLength = 200, kYoung = 2e5, kForce = 10;
  return {.objectives = {kLength * (2 * x[0] + sqrt2 * x[1] + std::sqrt(x[2]) + x[3]),
                         kForce * kLength / kYoung *
                             (2 / x[0] + 2 * sqrt2 / x[1] - 2 * sqrt2 / x[2] + 2 / x[3])}};
}

// Reinforced concrete beam; a width of 0 has no value.
Values re22(Point x) {
  const double area = x[0], width = std::max(x[1], 1e-9), depth = x[2];
  return {.objectives = {
              29.4 * area + 0.6 * width * depth,
              violation({area * depth - 7.735 * area * area / width - 180, 4 - depth / width})}};
}

// Pressure vessel, plates in sixteenths of an inch.
Values re23(Point x) {
  const double shell = 0.0625 * x[0], head = 0.0625 * x[1], radius = x[2], length = x[3];
  const double volume = pi * radius * radius * length + 4. / 3 * pi * cube(radius);
  return {.objectives = {
              0.6224 * shell * radius * length + 1.7781 * head * radius * radius +
                  3.1661 * shell * shell * length + 19.84 * shell * shell * radius,
              violation({shell - 0.0193 * radius, head - 0.00954 * radius, volume - 1'296'000})}};
}

// Hatch cover.
Values re24(Point x) {
  constexpr double kYoung = 7e5;
  const double bending = 4500 / (x[0] * x[1]), shear = 1800 / x[1];
  const double deflection = 562'000 / (kYoung * x[0] * x[1] * x[1]);
  const double buckling = kYoung * x[0] * x[0] / 100;
  return {
      .objectives = {x[0] + 120 * x[1], violation({1 - bending / 700, 1 - shear / 450,
                                                   1 - deflection / 1.5, 1 - bending / buckling})}};
}

// Ideal and nadir of the reference front, and its hypervolume below 1.1 when scaled to them.
struct Front {
  std::string_view name;
  std::vector<double> ideal, nadir;
  double hypervolume;
};

std::vector<Front> fronts() {
  return {
      // The nadir file (2086.37, 0.00341) contradicts the front file; this one is the front's.
      {"re21", {1237.841423, 0.0027614237}, {2886.36956, 0.04}, 0.888555388},
      {"re22", {5.88, 0}, {361.262945, 180.01547}, 0.762745852861},
      {"re23", {15.9018, 0}, {5852.05897, 1288669.78}, 1.163552593},
      {"re24", {60.5, 0}, {481.608, 44.2819}, 1.171256434},
      {"re31", {5.537e-5, 0.3333, 0}, {500.0027, 8246211.25, 19359919.75}, 1.330998829},
      {"re32", {0.0102055, 0.00043904, 0}, {37.783152, 17561.6, 425062976.6}, 1.330641600},
      {"re33", {-0.721525, 1.139072, 0}, {5.3067, 3.128334, 25}, 1.014313740},
      {"re35", {2352.346, 694.2336, 0}, {6634.562, 1695.964, 397.3589}, 1.303248768},
      {"re36", {7.8947e-5, 12, 0}, {5.931, 56, 0.355721}, 1.005962489},
      {"re37", {0.0088934, 0.00488, -0.4315}, {0.98949120, 0.95658792, 0.98753095}, 0.847195908},
      {"re61",
       {63840.277, 30, 285346.9, 183749.97, 7.2222, 0},
       {80896.91, 1350, 2853469, 7076861.7, 87748.63, 2.50995},
       kUnknown},
  };
}

// Reference point and hypervolume in the objectives' own units. Fronts are finite sets, so this is
// a bound from below that a good method comes close to.
void describe_front(FormulaProblem& row) {
  if (row.name == "re34") {  // BoTorch's "VehicleSafety"
    row.reference_point = {1864.72022, 11.81993945, 0.2903999384};
    row.hypervolume = 246.81607081187;
  } else if (row.name == "re41") {  // BoTorch's "CarSideImpact"
    row.reference_point = {45.4872, 4.5114, 13.3394, 10.3942};
    row.hypervolume = 484.690043;
  }
  for (const Front& front : fronts()) {
    if (front.name != row.name) continue;
    row.hypervolume = front.hypervolume;
    for (std::size_t i = 0; i < front.ideal.size(); ++i) {
      const double range = front.nadir[i] - front.ideal[i];
      row.reference_point.push_back(front.ideal[i] + 1.1 * range);
      row.hypervolume *= range;
    }
  }
}

}  // namespace

double violation(std::initializer_list<double> g) {
  double sum = 0;
  for (double v : g) sum += std::max(0., -v);
  return sum;
}

std::vector<FormulaProblem> re_two_objectives() {
  return {
      {.name = "re21",
       .summary = "Truss of four bars: volume, displacement",
       .variables = {{1, 3}, {sqrt2, 3}, {sqrt2, 3}, {1, 3}},
       .formula = re21},
      // The suite's programs read "3,10" for 3.10, so 10 is a bar on sale and 3.10 is not.
      {.name = "re22",
       .summary = "Concrete beam: cost, violation",
       .variables = {{.levels = {0.2,   0.31,  0.4,  0.44, 0.6,  0.62, 0.79, 0.8,  0.88,  0.93,
                                 1,     1.2,   1.24, 1.32, 1.4,  1.55, 1.58, 1.6,  1.76,  1.8,
                                 1.86,  2,     2.17, 2.2,  2.37, 2.4,  2.48, 2.6,  2.64,  2.79,
                                 2.8,   3,     3.08, 3.16, 3.41, 3.52, 3.6,  3.72, 3.95,  3.96,
                                 4,     4.03,  4.2,  4.34, 4.4,  4.65, 4.74, 4.8,  4.84,  5,
                                 5.28,  5.4,   5.53, 5.72, 6,    6.16, 6.32, 6.6,  7.11,  7.2,
                                 7.8,   7.9,   8,    8.4,  8.69, 9,    9.48, 10,   10.27, 11,
                                 11.06, 11.85, 12,   13,   14,   15}},
                     {0, 20},
                     {0, 40}},
       .formula = re22},
      {.name = "re23",
       .summary = "Pressure vessel: cost, violation",
       .variables = {{1, 100, true}, {1, 100, true}, {10, 200}, {10, 240}},
       .formula = re23},
      {.name = "re24",
       .summary = "Hatch cover: weight, violation",
       .variables = {{0.5, 4}, {0.5, 50}},
       .formula = re24},
  };
}

void register_re(ProblemRegistry& registry) {
  std::vector<FormulaProblem> rows = re_two_objectives();
  for (FormulaProblem& row : re_more_objectives()) rows.push_back(std::move(row));
  for (FormulaProblem& row : rows) {
    describe_front(row);
    row.name = "re/" + row.name;
    row.reference = "Tanabe, Ishibuchi 2020, Applied Soft Computing 89";
    row.budget = 200;
    register_formula(registry, std::move(row));
  }
}

}  // namespace asktell::benchmarks
