// Classic functions that sum a few wells or waves about listed centres: Hartmann and Shekel from
// Dixon & Szego (1978), "The global optimization problem", Hartmann-4 rescaled by Picheny, Wagner,
// Ginsbourger (2013), Langermann as in Surjanovic & Bingham's "Virtual library".
#include <asktell/benchmarks/problems/classic/formulas.hpp>
#include <asktell/benchmarks/problems/classic/hartmann.hpp>

#include <cmath>
#include <numbers>

namespace asktell::benchmarks::classic {
namespace {

// Four Gaussian wells of widths `a` about `p`, in units of 1e-4.
template <std::size_t d>
using Wells = std::array<std::array<double, d>, 4>;

// Exponents of the wells, in the first x.size() of d coordinates.
template <std::size_t d>
std::array<double, 4> exponents(const Wells<d>& a, const Wells<d>& p, Coordinates x, double scale) {
  std::array<double, 4> q{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) {
      q[i] += a[i][j] * square(x[j] - scale * 1e-4 * p[i][j]);
    }
  }
  return q;
}

double shekel(std::size_t wells, Coordinates x) {
  static constexpr std::array<std::array<double, 4>, 10> kCentres = {{{4, 4, 4, 4},
                                                                      {1, 1, 1, 1},
                                                                      {8, 8, 8, 8},
                                                                      {6, 6, 6, 6},
                                                                      {3, 7, 3, 7},
                                                                      {2, 9, 2, 9},
                                                                      {5, 5, 3, 3},
                                                                      {8, 1, 8, 1},
                                                                      {6, 2, 6, 2},
                                                                      {7, 3.6, 7, 3.6}}};
  static constexpr std::array<double, 10> kWidths = {1, 2, 2, 4, 4, 6, 3, 7, 5, 5};
  double sum = 0;
  for (std::size_t i = 0; i < wells; ++i) {
    double distance = 0;
    for (std::size_t j = 0; j < 4; ++j) distance += square(x[j] - kCentres[i][j]);
    sum -= 1 / (distance + 0.1 * kWidths[i]);
  }
  return sum;
}

}  // namespace

std::array<double, 4> hartmann3_exponents(Coordinates x, double scale) {
  static constexpr Wells<3> kA = {{{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}}};
  static constexpr Wells<3> kP = {
      {{3689, 1170, 2673}, {4699, 4387, 7470}, {1091, 8732, 5547}, {381, 5743, 8828}}};
  return exponents(kA, kP, x, scale);
}

std::array<double, 4> hartmann6_exponents(Coordinates x) {
  static constexpr Wells<6> kA = {{{10, 3, 17, 3.5, 1.7, 8},
                                   {0.05, 10, 17, 0.1, 8, 14},
                                   {3, 3.5, 1.7, 10, 17, 8},
                                   {17, 8, 0.05, 10, 0.1, 14}}};
  static constexpr Wells<6> kP = {{{1312, 1696, 5569, 124, 8283, 5886},
                                   {2329, 4135, 8307, 3736, 1004, 9991},
                                   {2348, 1451, 3522, 2883, 3047, 6650},
                                   {4047, 8828, 8732, 5743, 1091, 381}}};
  return exponents(kA, kP, x, 1);
}

double hartmann(const std::array<double, 4>& depths, const std::array<double, 4>& exponents) {
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) sum -= depths[i] * std::exp(-exponents[i]);
  return sum;
}

double hartmann3(Coordinates x) {
  return hartmann(kHartmannDepths, hartmann3_exponents(x));
}

double hartmann4(Coordinates x) {
  return (1.1 + hartmann(kHartmannDepths, hartmann6_exponents(x))) / 0.839;
}

double hartmann6(Coordinates x) {
  return hartmann(kHartmannDepths, hartmann6_exponents(x));
}

double langermann(Coordinates x) {
  static constexpr std::array<std::array<double, 3>, 5> kWaves = {
      // height, centre
      {{1, 3, 5}, {2, 5, 2}, {5, 2, 1}, {2, 1, 4}, {3, 7, 9}}};
  double sum = 0;
  for (const auto& [height, a, b] : kWaves) {
    const double distance = square(x[0] - a) + square(x[1] - b);
    sum += height * std::exp(-distance / std::numbers::pi) * std::cos(std::numbers::pi * distance);
  }
  return sum;
}

double shekel5(Coordinates x) {
  return shekel(5, x);
}

double shekel7(Coordinates x) {
  return shekel(7, x);
}

double shekel10(Coordinates x) {
  return shekel(10, x);
}

}  // namespace asktell::benchmarks::classic
