// Classic functions of any number of coordinates; formulas as collected by Surjanovic & Bingham,
// "Virtual library of simulation experiments", alpine and salomon by Jamil & Yang (2013), "A
// literature survey of benchmark functions for global optimisation problems".
#include <asktell/benchmarks/problems/classic/formulas.hpp>

#include <cmath>
#include <numbers>

namespace asktell::benchmarks::classic {

using std::numbers::pi;

double ackley(Coordinates x) {
  double squares = 0, cosines = 0;
  for (double v : x) {
    squares += v * v;
    cosines += std::cos(2 * pi * v);
  }
  const auto d = static_cast<double>(x.size());
  return -20 * std::exp(-0.2 * std::sqrt(squares / d)) - std::exp(cosines / d) + 20 +
         std::numbers::e;
}

double alpine(Coordinates x) {
  double sum = 0;
  for (double v : x) sum += std::abs(v * std::sin(v) + 0.1 * v);
  return sum;
}

double colville(Coordinates x) {
  return 100 * square(x[0] * x[0] - x[1]) + square(x[0] - 1) + square(x[2] - 1) +
         90 * square(x[2] * x[2] - x[3]) + 10.1 * (square(x[1] - 1) + square(x[3] - 1)) +
         19.8 * (x[1] - 1) * (x[3] - 1);
}

double dixon_price(Coordinates x) {
  double sum = square(x[0] - 1);
  for (std::size_t i = 1; i < x.size(); ++i)
    sum += static_cast<double>(i + 1) * square(2 * x[i] * x[i] - x[i - 1]);
  return sum;
}

std::vector<Point> dixon_price_argmins(int dimension) {
  Point argmin = {1};
  while (static_cast<int>(argmin.size()) < dimension)
    argmin.push_back(std::sqrt(argmin.back() / 2));
  if (dimension == 1) return {argmin};
  Point mirrored = argmin;
  mirrored.back() *= -1;
  return {argmin, mirrored};
}

double griewank(Coordinates x) {
  double squares = 0, product = 1;
  for (std::size_t i = 0; i < x.size(); ++i) {
    squares += x[i] * x[i];
    product *= std::cos(x[i] / std::sqrt(static_cast<double>(i + 1)));
  }
  return squares / 4000 - product + 1;
}

double levy(Coordinates x) {
  const auto w = [&](std::size_t i) { return 1 + (x[i] - 1) / 4; };
  const std::size_t last = x.size() - 1;
  double sum = square(std::sin(pi * w(0)));
  for (std::size_t i = 0; i < last; ++i)
    sum += square(w(i) - 1) * (1 + 10 * square(std::sin(pi * w(i) + 1)));
  return sum + square(w(last) - 1) * (1 + square(std::sin(2 * pi * w(last))));
}

namespace {

// Steepness 10: term i, counted from 1.
double michalewicz_term(double x, double i) {
  return -std::sin(x) * std::pow(std::sin(i * x * x / pi), 20);
}

// A grid finer than the ridges of the term, whose number grows with i, then golden sections.
double michalewicz_argmin(int i) {
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
  return 0.5 * (low + high);
}

}  // namespace

double michalewicz(Coordinates x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += michalewicz_term(x[i], static_cast<double>(i + 1));
  return sum;
}

std::vector<Point> michalewicz_argmins(int dimension) {
  Point argmin;
  for (int i = 1; i <= dimension; ++i) argmin.push_back(michalewicz_argmin(i));
  return {argmin};
}

double perm(Coordinates x) {
  constexpr double kBeta = 10;
  std::vector<double> powers(x.size(), 1), targets(x.size(), 1);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double inner = 0;
    for (std::size_t j = 0; j < x.size(); ++j) {
      powers[j] *= x[j];
      targets[j] /= static_cast<double>(j + 1);
      inner += (static_cast<double>(j + 1) + kBeta) * (powers[j] - targets[j]);
    }
    sum += square(inner);
  }
  return sum;
}

std::vector<Point> perm_argmins(int dimension) {
  Point argmin;
  for (int j = 1; j <= dimension; ++j) argmin.push_back(1. / j);
  return {argmin};
}

double powell(Coordinates x) {
  double sum = 0;
  for (std::size_t i = 0; i + 3 < x.size(); i += 4) {
    sum += square(x[i] + 10 * x[i + 1]) + 5 * square(x[i + 2] - x[i + 3]) +
           square(square(x[i + 1] - 2 * x[i + 2])) + 10 * square(square(x[i] - x[i + 3]));
  }
  return sum;
}

double rastrigin(Coordinates x) {
  double sum = 0;
  for (double v : x) sum += 10 + v * v - 10 * std::cos(2 * pi * v);
  return sum;
}

double rosenbrock(Coordinates x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  return sum;
}

double rotated_hyper_ellipsoid(Coordinates x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x.size() - i) * x[i] * x[i];
  return sum;
}

double salomon(Coordinates x) {
  const double radius = std::sqrt(sphere(x));
  return 1 - std::cos(2 * pi * radius) + 0.1 * radius;
}

double schwefel(Coordinates x) {
  double sum = 0;
  for (double v : x) sum += 418.98288727243370627 - v * std::sin(std::sqrt(std::abs(v)));
  return sum;
}

double sphere(Coordinates x) {
  double sum = 0;
  for (double v : x) sum += v * v;
  return sum;
}

double styblinski_tang(Coordinates x) {
  double sum = 0;
  for (double v : x) sum += square(v * v) - 16 * v * v + 5 * v;
  return 0.5 * sum;
}

double sum_of_powers(Coordinates x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += std::pow(std::abs(x[i]), static_cast<double>(i + 2));
  return sum;
}

double sum_of_squares(Coordinates x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(i + 1) * x[i] * x[i];
  return sum;
}

double trid(Coordinates x) {
  double sum = square(x[0] - 1);
  for (std::size_t i = 1; i < x.size(); ++i) sum += square(x[i] - 1) - x[i] * x[i - 1];
  return sum;
}

std::vector<Point> trid_argmins(int dimension) {
  Point argmin;
  for (int i = 1; i <= dimension; ++i)
    argmin.push_back(static_cast<double>(i) * (dimension + 1 - i));
  return {argmin};
}

double zakharov(Coordinates x) {
  double weighted = 0;
  for (std::size_t i = 0; i < x.size(); ++i) weighted += 0.5 * static_cast<double>(i + 1) * x[i];
  return sphere(x) + square(weighted) + square(square(weighted));
}

}  // namespace asktell::benchmarks::classic
