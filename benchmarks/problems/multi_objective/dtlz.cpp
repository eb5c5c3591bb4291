// dtlz/: Deb, Thiele, Laumanns, Zitzler 2005 ("Scalable test problems for evolutionary
// multiobjective optimization"), M objectives in the unit cube. The first M - 1 coordinates say
// where on the front a point is, the others how far from it, as a sum g that is 0 there.
#include <asktell/benchmarks/problems/multi_objective/suites.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = TestProblem::Point;
using Numbers = std::vector<double>;

// On the plane sum f = radius: products of x, each objective but the first with one 1 - x.
Numbers plane(Point x, std::size_t objectives, double radius) {
  Numbers f(objectives, radius);
  for (std::size_t i = 0; i < objectives; ++i) {
    const std::size_t factors = objectives - 1 - i;
    for (std::size_t j = 0; j < factors; ++j) f[i] *= x[j];
    if (i > 0) f[i] *= 1 - x[factors];
  }
  return f;
}

// On the sphere about 0: angles in quarter turns.
Numbers sphere(Point turns, std::size_t objectives, double radius) {
  Numbers f(objectives, radius);
  for (std::size_t i = 0; i < objectives; ++i) {
    const std::size_t factors = objectives - 1 - i;
    for (std::size_t j = 0; j < factors; ++j) f[i] *= std::cos(0.5 * pi * turns[j]);
    if (i > 0) f[i] *= std::sin(0.5 * pi * turns[factors]);
  }
  return f;
}

double quadratic_g(Point rest) {
  double g = 0;
  for (double v : rest) g += square(v - 0.5);
  return g;
}

double rastrigin_g(Point rest) {
  double g = static_cast<double>(rest.size());
  for (double v : rest) g += square(v - 0.5) - std::cos(20 * pi * (v - 0.5));
  return 100 * g;
}

double root_g(Point rest) {
  double g = 0;
  for (double v : rest) g += std::pow(v, 0.1);
  return g;
}

Numbers dtlz1(Point x, std::size_t m) {
  return plane(x, m, 0.5 * (1 + rastrigin_g(x.subspan(m - 1))));
}

Numbers dtlz3(Point x, std::size_t m) {
  return sphere(x, m, 1 + rastrigin_g(x.subspan(m - 1)));
}

Numbers dtlz4(Point x, std::size_t m) {
  Numbers biased;
  for (double v : x.first(m - 1)) biased.push_back(std::pow(v, 100));
  return sphere(biased, m, 1 + quadratic_g(x.subspan(m - 1)));
}

// All angles but the first are drawn to half a quarter turn as g goes to 0: a curve for M = 3.
Numbers curve(Point x, std::size_t m, double g) {
  Numbers turns = {x[0]};
  for (std::size_t i = 1; i + 1 < m; ++i) turns.push_back((1 + 2 * g * x[i]) / (2 * (1 + g)));
  return sphere(turns, m, 1 + g);
}

Numbers dtlz5(Point x, std::size_t m) {
  return curve(x, m, quadratic_g(x.subspan(m - 1)));
}

Numbers dtlz6(Point x, std::size_t m) {
  return curve(x, m, root_g(x.subspan(m - 1)));
}

Numbers dtlz7(Point x, std::size_t m) {
  const Point rest = x.subspan(m - 1);
  double sum = 0;
  for (double v : rest) sum += v;
  const double scale = 2 + 9 * sum / static_cast<double>(rest.size());  // 1 + g, g = 1 + ...
  Numbers f(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(m - 1));
  double last = static_cast<double>(m);
  for (double v : f) last -= v / scale * (1 + std::sin(3 * pi * v));
  f.push_back(scale * last);
  return f;
}

double ball_volume(std::size_t m) {
  const double half = 0.5 * static_cast<double>(m);
  return std::pow(pi, half) / std::tgamma(half + 1);
}

// Hypervolumes below (r, ..., r), r >= 1.
double plane_hypervolume(double r, std::size_t m) {
  const auto n = static_cast<double>(m);
  return std::pow(r, n) - std::pow(0.5, n) / std::tgamma(n + 1);
}

double sphere_hypervolume(double r, std::size_t m) {
  const auto n = static_cast<double>(m);
  return std::pow(r, n) - ball_volume(m) / std::pow(2, n);
}

// M = 3: points (a, a, b), a^2 + a^2 + b^2 = 1; with more objectives the front is no curve.
double curve_hypervolume(double r, std::size_t m) {
  if (m == 2) return sphere_hypervolume(r, 2);
  if (m > 3) return kUnknown;
  return r * r - 2 * r / std::numbers::sqrt2 * pi / 4 + 1. / 3 + (r - 1) * r * r;
}

// The front is f_M = 2 M - sum h(f_i), h(f) = f (1 + sin 3 pi f): the volume separates into that of
// one coordinate, with h replaced by its running maximum. r is (1.1, ..., 1.1, 2.2 M).
double pieces_hypervolume(std::size_t m) {
  constexpr double kIntegral = 0.89813415597926116;  // of the running maximum over [0, 1.1]
  const auto n = static_cast<double>(m);
  return std::pow(1.1, n - 1) * 0.2 * n + (n - 1) * std::pow(1.1, n - 2) * kIntegral;
}

struct Dtlz {
  const char* name;
  const char* summary;
  std::size_t distance;  // coordinates of the suite's own that are not positions
  double reference;      // BoTorch's where the values are large, else 1.1; 0: by objective
  Numbers (*formula)(Point x, std::size_t objectives);
  double (*hypervolume)(double r, std::size_t objectives);
};

constexpr Dtlz kAll[] = {
    {"dtlz1", "Plane behind 11^5 - 1 local ones", 5, 400, dtlz1, plane_hypervolume},
    {"dtlz2", "Sphere", 10, 1.1, dtlz2, sphere_hypervolume},
    {"dtlz3", "Sphere behind 3^10 - 1 local ones", 10, 10'000, dtlz3, sphere_hypervolume},
    {"dtlz4", "Sphere with most points at its corners", 10, 1.1, dtlz4, sphere_hypervolume},
    {"dtlz5", "Curve on a sphere", 10, 1.1, dtlz5, curve_hypervolume},
    {"dtlz6", "Curve on a sphere, hard to reach", 10, 1.1, dtlz6, curve_hypervolume},
    {"dtlz7", "2^(M - 1) pieces", 20, 0, dtlz7, nullptr},
};

struct DtlzOptions {
  std::int64_t objectives = 3;
  std::int64_t dimension = 0;
  double reference = 0;
};

TestProblem make_dtlz(const Dtlz& which, const DtlzOptions& options) {
  const auto m = static_cast<std::size_t>(options.objectives);
  const std::size_t d =
      options.dimension == 0 ? m - 1 + which.distance : static_cast<std::size_t>(options.dimension);
  if (d < m) {
    throw std::invalid_argument("dtlz: the dimension is " + std::to_string(d) + "; with " +
                                std::to_string(m) + " objectives it is at least as many");
  }
  if (options.reference > 0 && options.reference < 1) {
    throw std::invalid_argument("dtlz: the reference is " + std::to_string(options.reference) +
                                "; it is 0 or at least 1, where the fronts end");
  }
  FormulaProblem row{.variables = variables(d, 0, 1),
                     .formula = [formula = which.formula,
                                 m](Point x) { return Values{.objectives = formula(x, m)}; },
                     .proven = true};
  const double r = options.reference > 0 ? options.reference : which.reference;
  if (r > 0) {
    row.reference_point = Numbers(m, r);
    if (which.hypervolume != nullptr) row.hypervolume = which.hypervolume(r, m);
  } else {
    row.reference_point = Numbers(m, 1.1);
    row.reference_point.back() = 2.2 * static_cast<double>(m);
    row.hypervolume = pieces_hypervolume(m);
  }
  return make_formula_problem(row);
}

}  // namespace

Numbers dtlz2(Point x, std::size_t m) {
  return sphere(x, m, 1 + quadratic_g(x.subspan(m - 1)));
}

void register_dtlz(ProblemRegistry& registry) {
  const auto schema =
      Schema<DtlzOptions>()
          .field("objectives", &DtlzOptions::objectives, "number of objectives", 2, 20)
          .field("dimension", &DtlzOptions::dimension, "coordinates; 0: the suite's own", 0, 10'000)
          .field("reference", &DtlzOptions::reference,
                 "every entry of the reference point, at least 1; 0: the customary one", 0, 1e6);
  for (const Dtlz& which : kAll) {
    registry.add({.name = "dtlz/" + std::string(which.name),
                  .summary = which.summary,
                  .reference = "Deb, Thiele, Laumanns, Zitzler 2005"},
                 schema, [which](const DtlzOptions& options) { return make_dtlz(which, options); });
  }
}

}  // namespace asktell::benchmarks
