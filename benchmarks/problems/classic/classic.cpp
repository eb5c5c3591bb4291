// See classic.hpp. Optima that have no closed form: Newton's method in 40 digits.
#include <asktell/benchmarks/problems/classic/classic.hpp>
#include <asktell/benchmarks/problems/families.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace asktell::benchmarks {
namespace {

using std::numbers::pi;
using Point = std::vector<double>;
using Values = std::span<const double>;

double square(double x) {
  return x * x;
}

double branin(Values x) {
  const double b = 5.1 / (4 * pi * pi);
  const double valley = x[1] - b * x[0] * x[0] + 5 / pi * x[0] - 6;
  return square(valley) + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

// Four Gaussian wells of widths `a` about `p`, in units of 1e-4.
template <std::size_t d>
using Wells = std::array<std::array<double, d>, 4>;

template <std::size_t d>
double hartmann(const Wells<d>& a, const Wells<d>& p, Values x) {
  constexpr std::array<double, 4> kDepth = {1, 1.2, 3, 3.2};
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    double exponent = 0;
    for (std::size_t j = 0; j < d; ++j) exponent += a[i][j] * square(x[j] - 1e-4 * p[i][j]);
    sum -= kDepth[i] * std::exp(-exponent);
  }
  return sum;
}

double hartmann3(Values x) {
  static constexpr Wells<3> kA = {{{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}}};
  static constexpr Wells<3> kP = {
      {{3689, 1170, 2673}, {4699, 4387, 7470}, {1091, 8732, 5547}, {381, 5743, 8828}}};
  return hartmann(kA, kP, x);
}

double hartmann6(Values x) {
  static constexpr Wells<6> kA = {{{10, 3, 17, 3.5, 1.7, 8},
                                   {0.05, 10, 17, 0.1, 8, 14},
                                   {3, 3.5, 1.7, 10, 17, 8},
                                   {17, 8, 0.05, 10, 0.1, 14}}};
  static constexpr Wells<6> kP = {{{1312, 1696, 5569, 124, 8283, 5886},
                                   {2329, 4135, 8307, 3736, 1004, 9991},
                                   {2348, 1451, 3522, 2883, 3047, 6650},
                                   {4047, 8828, 8732, 5743, 1091, 381}}};
  return hartmann(kA, kP, x);
}

double ackley(Values x) {
  double squares = 0, cosines = 0;
  for (double v : x) {
    squares += v * v;
    cosines += std::cos(2 * pi * v);
  }
  const auto d = static_cast<double>(x.size());
  return -20 * std::exp(-0.2 * std::sqrt(squares / d)) - std::exp(cosines / d) + 20 +
         std::numbers::e;
}

double griewank(Values x) {
  double squares = 0, product = 1;
  for (std::size_t i = 0; i < x.size(); ++i) {
    squares += x[i] * x[i];
    product *= std::cos(x[i] / std::sqrt(static_cast<double>(i + 1)));
  }
  return squares / 4000 - product + 1;
}

double levy(Values x) {
  const auto w = [&](std::size_t i) { return 1 + (x[i] - 1) / 4; };
  const std::size_t last = x.size() - 1;
  double sum = square(std::sin(pi * w(0)));
  for (std::size_t i = 0; i < last; ++i) {
    sum += square(w(i) - 1) * (1 + 10 * square(std::sin(pi * w(i) + 1)));
  }
  return sum + square(w(last) - 1) * (1 + square(std::sin(2 * pi * w(last))));
}

// Steepness 10: term i, counted from 1.
double michalewicz_term(double x, double i) {
  return -std::sin(x) * std::pow(std::sin(i * x * x / pi), 20);
}

double michalewicz(Values x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += michalewicz_term(x[i], static_cast<double>(i + 1));
  }
  return sum;
}

double rosenbrock(Values x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  }
  return sum;
}

double styblinski_tang(Values x) {
  double sum = 0;
  for (double v : x) sum += square(v * v) - 16 * v * v + 5 * v;
  return 0.5 * sum;
}

// Each term of Michalewicz's function alone: a grid finer than its ridges, whose number grows with
// i, then golden sections.
Point michalewicz_argmin(int dimension) {
  Point argmin;
  for (int i = 1; i <= dimension; ++i) {
    const int cells = 400 * i;
    const double width = pi / cells;
    double best = 0;
    for (int k = 1; k < cells; ++k) {
      if (michalewicz_term(k * width, i) < michalewicz_term(best, i)) best = k * width;
    }
    double low = best - width, high = best + width;
    for (int step = 0; step < 60; ++step) {
      const double share = (high - low) / std::numbers::phi;
      if (michalewicz_term(high - share, i) < michalewicz_term(low + share, i)) {
        high = low + share;
      } else {
        low = high - share;
      }
    }
    argmin.push_back(0.5 * (low + high));
  }
  return argmin;
}

Point all(int dimension, double value) {
  return Point(static_cast<std::size_t>(dimension), value);
}

constexpr double kStyblinskiTang = -2.9035340277711771;  // root of 4 x^3 - 32 x + 5

std::vector<Point> branin_argmins(int) {
  return {{-pi, 12.275}, {pi, 2.275}, {3 * pi, 2.475}};
}
std::vector<Point> hartmann3_argmins(int) {
  return {{0.114588876655069, 0.555648894616930, 0.852546984686677}};
}
std::vector<Point> hartmann6_argmins(int) {
  return {{0.201689511006705, 0.150010691823458, 0.476873974221897, 0.275332430494056,
           0.311651616600113, 0.657300534065620}};
}
std::vector<Point> zeros(int dimension) {
  return {all(dimension, 0)};
}
std::vector<Point> ones(int dimension) {
  return {all(dimension, 1)};
}
std::vector<Point> michalewicz_argmins(int dimension) {
  return {michalewicz_argmin(dimension)};
}
std::vector<Point> styblinski_tang_argmins(int dimension) {
  return {all(dimension, kStyblinskiTang)};
}

void require(bool valid, const std::string& message) {
  if (!valid) throw std::invalid_argument("classic " + message);
}

}  // namespace

struct Classic::Known {
  std::string_view name;
  Formula formula;
  int own_dimension;  // 0: any from `least`
  int least;
  std::array<double, 2> lower, upper;  // of the first coordinate, of the others
  std::vector<Point> (*argmins)(int dimension);

  static std::span<const Known> all() {
    static constexpr Known kAll[] = {
        {"branin", branin, 2, 2, {-5, 0}, {10, 15}, branin_argmins},
        {"hartmann3", hartmann3, 3, 3, {0, 0}, {1, 1}, hartmann3_argmins},
        {"hartmann6", hartmann6, 6, 6, {0, 0}, {1, 1}, hartmann6_argmins},
        {"ackley", ackley, 0, 1, {-32.768, -32.768}, {32.768, 32.768}, zeros},
        {"griewank", griewank, 0, 1, {-600, -600}, {600, 600}, zeros},
        {"levy", levy, 0, 1, {-10, -10}, {10, 10}, ones},
        {"michalewicz", michalewicz, 0, 1, {0, 0}, {pi, pi}, michalewicz_argmins},
        {"rosenbrock", rosenbrock, 0, 2, {-5, -5}, {10, 10}, ones},
        {"styblinski-tang", styblinski_tang, 0, 1, {-5, -5}, {5, 5}, styblinski_tang_argmins},
    };
    return kAll;
  }
};

std::vector<std::string_view> Classic::names() {
  std::vector<std::string_view> names;
  for (const Known& known : Known::all()) names.push_back(known.name);
  return names;
}

Classic::Classic(std::string_view name, int dimension) : name_(name) {
  const std::span<const Known> known = Known::all();
  const auto at = std::find_if(known.begin(), known.end(),
                               [&](const Known& entry) { return entry.name == name; });
  require(at != known.end(), "function \"" + name_ + "\" is not known");
  if (at->own_dimension > 0 && dimension == 0) dimension = at->own_dimension;
  require(at->own_dimension == 0 || dimension == at->own_dimension,
          "function \"" + name_ + "\" has " + std::to_string(at->own_dimension) +
              " coordinates, not " + std::to_string(dimension) + "; embedded() adds some");
  require(dimension >= at->least, "function \"" + name_ + "\" needs a dimension of at least " +
                                      std::to_string(at->least) + ", not " +
                                      std::to_string(dimension));
  if (at->own_dimension == 0) name_ += "-" + std::to_string(dimension);
  formula_ = at->formula;
  lower_ = all(dimension, at->lower[1]);
  upper_ = all(dimension, at->upper[1]);
  lower_[0] = at->lower[0];
  upper_[0] = at->upper[0];
  for (int i = 0; i < dimension; ++i) active_.push_back(i);
  argmins_ = at->argmins(dimension);
  optimum_ = formula_(argmins_[0]);
}

Classic Classic::embedded(int dimension, std::span<const int> active) const {
  require(dimension >= this->dimension(), "function \"" + name_ + "\" cannot be embedded in " +
                                              std::to_string(dimension) + " coordinates");
  require(active.empty() || active.size() == lower_.size(),
          "function \"" + name_ + "\": " + std::to_string(active.size()) + " positions; expected " +
              std::to_string(lower_.size()));
  std::vector<bool> taken(static_cast<std::size_t>(dimension), false);
  for (int position : active) {
    require(position >= 0 && position < dimension && !taken[static_cast<std::size_t>(position)],
            "function \"" + name_ + "\": position " + std::to_string(position) +
                " is outside or there twice");
    taken[static_cast<std::size_t>(position)] = true;
  }
  const auto position = [&](std::size_t i) {
    return active.empty() ? i : static_cast<std::size_t>(active[i]);
  };
  Classic out = *this;
  out.name_ += "-in-" + std::to_string(dimension);
  out.lower_.clear();
  out.upper_.clear();
  for (std::size_t i = 0; i < taken.size(); ++i) {
    out.lower_.push_back(lower_[i % lower_.size()]);
    out.upper_.push_back(upper_[i % upper_.size()]);
  }
  for (std::size_t i = 0; i < lower_.size(); ++i) {
    out.lower_[position(i)] = lower_[i];
    out.upper_[position(i)] = upper_[i];
  }
  for (int& coordinate : out.active_) {
    coordinate = static_cast<int>(position(static_cast<std::size_t>(coordinate)));
  }
  for (std::size_t k = 0; k < argmins_.size(); ++k) {
    Point& argmin = out.argmins_[k];
    argmin.clear();
    for (std::size_t i = 0; i < taken.size(); ++i) {
      argmin.push_back(0.5 * (out.lower_[i] + out.upper_[i]));
    }
    for (std::size_t i = 0; i < lower_.size(); ++i) argmin[position(i)] = argmins_[k][i];
  }
  return out;
}

double Classic::operator()(std::span<const double> x) const {
  require(x.size() == lower_.size(), "function \"" + name_ + "\": the point has " +
                                         std::to_string(x.size()) + " coordinates; expected " +
                                         std::to_string(lower_.size()));
  if (active_.size() == lower_.size() && std::is_sorted(active_.begin(), active_.end())) {
    return formula_(x);
  }
  Point inner;
  inner.reserve(active_.size());
  for (int coordinate : active_) inner.push_back(x[static_cast<std::size_t>(coordinate)]);
  return formula_(inner);
}

double Classic::at_unit(std::span<const double> u) const {
  return (*this)(from_unit(u));
}

std::vector<double> Classic::from_unit(std::span<const double> u) const {
  Point x(u.begin(), u.end());
  for (std::size_t i = 0; i < std::min(x.size(), lower_.size()); ++i) {
    x[i] = lower_[i] + x[i] * (upper_[i] - lower_[i]);
  }
  return x;
}

std::vector<double> Classic::to_unit(std::span<const double> x) const {
  Point u(x.begin(), x.end());
  for (std::size_t i = 0; i < std::min(u.size(), lower_.size()); ++i) {
    u[i] = (u[i] - lower_[i]) / (upper_[i] - lower_[i]);
  }
  return u;
}

namespace {

struct ClassicOptions {
  std::int64_t dimension = 0;
  std::int64_t embedded = 0;
};

TestProblem make_classic(std::string_view name, const ClassicOptions& options) {
  Classic classic(name, static_cast<int>(options.dimension));
  if (options.embedded > 0) classic = classic.embedded(static_cast<int>(options.embedded));
  TestProblem problem;
  problem.space = box(classic.lower(), classic.upper());
  problem.optimum = classic.optimum();
  problem.argmins = classic.argmins();
  problem.budget = 20 * static_cast<std::int64_t>(classic.active().size()) + 10;
  problem.evaluate = [classic](TestProblem::Point x) {
    return asktell::Values{.objectives = {classic(x)}};
  };
  return problem;
}

}  // namespace

void register_classic(ProblemRegistry& registry) {
  const auto schema =
      Schema<ClassicOptions>()
          .field("dimension", &ClassicOptions::dimension,
                 "coordinates that count; 0: the function's own", 0, 10'000)
          .field("embedded", &ClassicOptions::embedded,
                 "coordinates in all, those beyond `dimension` without effect; 0: none", 0,
                 1'000'000);
  for (const std::string_view name : Classic::names()) {
    registry.add({.name = "classic/" + std::string(name),
                  .summary = "Test function of global optimization",
                  .reference = "Surjanovic, Bingham, Virtual library of simulation experiments"},
                 schema,
                 [name](const ClassicOptions& options) { return make_classic(name, options); });
  }
}

}  // namespace asktell::benchmarks
