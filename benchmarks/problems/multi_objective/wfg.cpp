// wfg/: Huband, Hingston, Barone, While 2006 ("A review of multiobjective test problems and a
// scalable test problem toolkit"): coordinates z_i in [0, 2 i], scaled to [0, 1], go through
// transformations (bias, shift, reduction) to M numbers, which a shape makes objectives
// f_m = t_M + 2 m h_m(t). `k` coordinates say where on the front, the others how far from it.
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

// --- transformations of one coordinate in [0, 1] ---

double clamp01(double y) {
  return std::clamp(y, 0., 1.);
}

double bias_polynomial(double y, double exponent) {
  return clamp01(std::pow(y, exponent));
}

double bias_flat(double y, double a, double b, double c) {
  return clamp01(a + std::min(0., std::floor(y - b)) * a * (b - y) / b -
                 std::min(0., std::floor(c - y)) * (1 - a) * (y - c) / (1 - c));
}

double bias_dependent(double y, double u, double a, double b, double c) {
  const double v = a - (1 - 2 * u) * std::abs(std::floor(0.5 - u) + a);
  return clamp01(std::pow(y, b + (c - b) * v));
}

// No double divided by 6 or 12 is 0.35, and the fiftieth root that WFG1 takes of the rest, 1e-16,
// is near a half: without this the front would be out of reach.
double shift_linear(double y) {
  constexpr double kTo = 0.35, kRounding = 1e-15;
  if (std::abs(y - kTo) < kRounding) return 0;
  return clamp01(std::abs(y - kTo) / std::abs(std::floor(kTo - y) + kTo));
}

double shift_deceptive(double y) {
  constexpr double kA = 0.35, kB = 0.001, kC = 0.05;
  const double left = std::floor(y - kA + kB) * (1 - kC + (kA - kB) / kB) / (kA - kB);
  const double right = std::floor(kA + kB - y) * (1 - kC + (1 - kA - kB) / kB) / (1 - kA - kB);
  return clamp01(1 + (std::abs(y - kA) - kB) * (left + right + 1 / kB));
}

double shift_multimodal(double y, double minima, double height) {
  constexpr double kTo = 0.35;
  const double u = std::abs(y - kTo) / (2 * (std::floor(kTo - y) + kTo));
  return clamp01((1 + std::cos((4 * minima + 2) * pi * (0.5 - u)) + 4 * height * u * u) /
                 (height + 2));
}

// --- reductions of several coordinates to one ---

double mean(Point y) {
  double sum = 0;
  for (double v : y) sum += v;
  return clamp01(sum / static_cast<double>(y.size()));
}

// Weights 2 i, i counted from `first`.
double weighted_mean(Point y, std::size_t first) {
  double sum = 0, weights = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double weight = 2 * static_cast<double>(first + i + 1);
    sum += weight * y[i];
    weights += weight;
  }
  return clamp01(sum / weights);
}

double nonseparable(Point y, std::size_t degree) {
  double sum = 0;
  for (std::size_t j = 0; j < y.size(); ++j) {
    sum += y[j];
    for (std::size_t i = 1; i < degree; ++i) sum += std::abs(y[j] - y[(j + i) % y.size()]);
  }
  const auto a = static_cast<double>(degree);
  const double half = std::ceil(a / 2);
  return clamp01(sum * a / (static_cast<double>(y.size()) * half * (1 + 2 * a - 2 * half)));
}

// The first k in M - 1 equal groups, the rest as one: to M numbers.
template <typename Reduce>
Numbers reduce_groups(Point y, std::size_t k, std::size_t m, Reduce reduce) {
  const std::size_t gap = k / (m - 1);
  Numbers t;
  for (std::size_t start = 0; start < k; start += gap) t.push_back(reduce(y.subspan(start, gap)));
  t.push_back(reduce(y.subspan(k)));
  return t;
}

Numbers reduce_means(Point y, std::size_t k, std::size_t m) {
  return reduce_groups(y, k, m, mean);
}

Numbers reduce_nonseparable(Point y, std::size_t k, std::size_t m) {
  return reduce_groups(y, k, m, [](Point group) { return nonseparable(group, group.size()); });
}

// --- shapes: h_1 ... h_M of t_1 ... t_{M-1} ---

using Factor = double (*)(double t);

// h_1 = product of along(t); each further h replaces the last factor left by across(t).
Numbers shape(Point t, Factor along, Factor across) {
  const std::size_t m = t.size() + 1;
  Numbers h(m, 1.);
  for (std::size_t i = 0; i < m; ++i) {
    const std::size_t factors = m - 1 - i;
    for (std::size_t j = 0; j < factors; ++j) h[i] *= along(t[j]);
    if (i > 0) h[i] *= across(t[factors]);
  }
  return h;
}

double sine(double t) {
  return std::sin(0.5 * pi * t);
}
double cosine(double t) {
  return std::cos(0.5 * pi * t);
}
double one_minus_sine(double t) {
  return 1 - sine(t);
}
double one_minus_cosine(double t) {
  return 1 - cosine(t);
}
double itself(double t) {
  return t;
}
double one_minus(double t) {
  return 1 - t;
}

Numbers concave(Point t) {
  return shape(t, sine, cosine);
}

Numbers convex_mixed(Point t) {
  Numbers h = shape(t, one_minus_cosine, one_minus_sine);
  h.back() = 1 - t[0] - std::cos(10 * pi * t[0] + pi / 2) / (10 * pi);
  return h;
}

Numbers convex_disconnected(Point t) {
  Numbers h = shape(t, one_minus_cosine, one_minus_sine);
  h.back() = 1 - t[0] * square(std::cos(5 * pi * t[0]));
  return h;
}

Numbers linear(Point t) {
  return shape(t, itself, one_minus);
}

// --- the nine problems: y in [0, 1]^d to t_1 ... t_M ---

void shift_distances(Numbers& y, std::size_t k) {
  for (std::size_t i = k; i < y.size(); ++i) y[i] = shift_linear(y[i]);
}

Numbers wfg1(Numbers y, std::size_t k, std::size_t m) {
  shift_distances(y, k);
  for (std::size_t i = k; i < y.size(); ++i) y[i] = bias_flat(y[i], 0.8, 0.75, 0.85);
  for (double& v : y) v = bias_polynomial(v, 0.02);
  const double* const start = y.data();
  return reduce_groups(y, k, m, [start](Point group) {
    return weighted_mean(group, static_cast<std::size_t>(group.data() - start));
  });
}

Numbers wfg2(Numbers y, std::size_t k, std::size_t m) {
  shift_distances(y, k);
  Numbers paired(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(k));
  for (std::size_t i = k; i + 1 < y.size(); i += 2) {
    paired.push_back(nonseparable(Point(y).subspan(i, 2), 2));
  }
  return reduce_means(paired, k, m);
}

Numbers wfg4(Numbers y, std::size_t k, std::size_t m) {
  for (double& v : y) v = shift_multimodal(v, 30, 10);
  return reduce_means(y, k, m);
}

Numbers wfg5(Numbers y, std::size_t k, std::size_t m) {
  for (double& v : y) v = shift_deceptive(v);
  return reduce_means(y, k, m);
}

Numbers wfg6(Numbers y, std::size_t k, std::size_t m) {
  shift_distances(y, k);
  return reduce_nonseparable(y, k, m);
}

constexpr double kDependentA = 0.98 / 49.98, kDependentB = 0.02, kDependentC = 50;

// y_i, biased by the mean of the coordinates after it, for i < `count`.
void bias_by_later(Numbers& y, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    y[i] =
        bias_dependent(y[i], mean(Point(y).subspan(i + 1)), kDependentA, kDependentB, kDependentC);
  }
}

Numbers wfg7(Numbers y, std::size_t k, std::size_t m) {
  bias_by_later(y, k);
  shift_distances(y, k);
  return reduce_means(y, k, m);
}

Numbers wfg8(Numbers y, std::size_t k, std::size_t m) {
  const Numbers before = y;
  for (std::size_t i = k; i < y.size(); ++i) {
    y[i] =
        bias_dependent(y[i], mean(Point(before).first(i)), kDependentA, kDependentB, kDependentC);
  }
  shift_distances(y, k);
  return reduce_means(y, k, m);
}

Numbers wfg9(Numbers y, std::size_t k, std::size_t m) {
  bias_by_later(y, y.size() - 1);
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] = i < k ? shift_deceptive(y[i]) : shift_multimodal(y[i], 30, 95);
  }
  return reduce_nonseparable(y, k, m);
}

struct Wfg {
  const char* name;
  const char* summary;
  Numbers (*transform)(Numbers y, std::size_t k, std::size_t m);
  Numbers (*shape)(Point t);
  bool degenerate = false;        // all t but the first are drawn to 1/2 on the front
  bool pairs = false;             // takes an even number of distances
  double hypervolume = kUnknown;  // M = 2, below (3, 5); where not the ellipsoid's
};

constexpr Wfg kAll[] = {
    // 15 - 2.894277514846465, the area below the front in 25 digits.
    {"wfg1", "Convex front with waves, flat and biased", wfg1, convex_mixed, false, false,
     12.105722485153535},
    // Quadrature of the running minimum over 4 million points.
    {"wfg2", "Front in pieces, pairs of coordinates interact", wfg2, convex_disconnected, false,
     true, 11.471117887},
    {"wfg3", "Line, pairs of coordinates interact", wfg2, linear, true, true, 11},
    {"wfg4", "Ellipsoid, many local fronts", wfg4, concave},
    {"wfg5", "Ellipsoid, deceptive", wfg5, concave},
    {"wfg6", "Ellipsoid, all coordinates interact", wfg6, concave},
    {"wfg7", "Ellipsoid, positions biased by distances", wfg7, concave},
    {"wfg8", "Ellipsoid, distances biased by positions", wfg8, concave},
    {"wfg9", "Ellipsoid, deceptive, biased, coordinates interact", wfg9, concave},
};

struct WfgOptions {
  std::int64_t objectives = 3;
  std::int64_t position = 0;
  std::int64_t dimension = 10;
};

void check(const Wfg& which, std::size_t m, std::size_t k, std::size_t d) {
  const auto refuse = [&](const std::string& rule) {
    throw std::invalid_argument(std::string(which.name) + ": position is " + std::to_string(k) +
                                " and dimension " + std::to_string(d) + "; " + rule);
  };
  if (k % (m - 1) != 0) refuse("position is a multiple of the objectives less one");
  if (d <= k) refuse("some coordinates must be distances");
  if (which.pairs && (d - k) % 2 != 0) refuse("dimension - position is even here");
}

// The box below (3, 5, ..., 2 M + 1) less an orthant of the ellipsoid of semi-axes 2 m.
double ellipsoid_hypervolume(std::size_t m) {
  const double half = 0.5 * static_cast<double>(m);
  double box = 1, orthant = std::pow(pi, half) / std::tgamma(half + 1);
  for (std::size_t i = 1; i <= m; ++i) {
    box *= 2 * static_cast<double>(i) + 1;
    orthant *= static_cast<double>(i);  // semi-axis 2 i, half of it in the orthant
  }
  return box - orthant;
}

Values evaluate(const Wfg& which, std::size_t m, std::size_t k, Point z) {
  Numbers y(z.size());
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = z[i] / (2 * static_cast<double>(i + 1));
  Numbers t = which.transform(std::move(y), k, m);
  const double distance = t.back();
  t.pop_back();
  for (std::size_t i = 0; i < t.size(); ++i) {
    const double spread = which.degenerate && i > 0 ? distance : 1;
    t[i] = spread * (t[i] - 0.5) + 0.5;
  }
  Numbers f = which.shape(t);
  for (std::size_t i = 0; i < m; ++i) f[i] = distance + 2 * static_cast<double>(i + 1) * f[i];
  return {.objectives = std::move(f)};
}

TestProblem make_wfg(const Wfg& which, const WfgOptions& options) {
  const auto m = static_cast<std::size_t>(options.objectives);
  const std::size_t k =
      options.position > 0 ? static_cast<std::size_t>(options.position) : 2 * (m - 1);
  const auto d = static_cast<std::size_t>(options.dimension);
  check(which, m, k, d);
  FormulaProblem row{
      .formula = [which, m, k](Point z) { return evaluate(which, m, k, z); },
      .proven = true,
  };
  for (std::size_t i = 1; i <= d; ++i) {
    row.variables.push_back({.low = 0, .high = 2 * static_cast<double>(i)});
  }
  for (std::size_t i = 1; i <= m; ++i) {
    row.reference_point.push_back(2 * static_cast<double>(i) + 1);
  }
  if (which.shape == concave) {
    row.hypervolume = ellipsoid_hypervolume(m);
  } else if (m == 2) {
    row.hypervolume = which.hypervolume;
  }
  return make_formula_problem(row);
}

}  // namespace

void register_wfg(ProblemRegistry& registry) {
  const auto schema =
      Schema<WfgOptions>()
          .field("dimension", &WfgOptions::dimension, "coordinates", 2, 10'000)
          .field("objectives", &WfgOptions::objectives, "number of objectives", 2, 20)
          .field("position", &WfgOptions::position,
                 "coordinates that say where on the front; 0: twice the objectives less one", 0,
                 1000);
  for (const Wfg& which : kAll) {
    registry.add({.name = "wfg/" + std::string(which.name),
                  .summary = which.summary,
                  .reference = "Huband, Hingston, Barone, While 2006"},
                 schema, [which](const WfgOptions& options) { return make_wfg(which, options); });
  }
}

}  // namespace asktell::benchmarks
