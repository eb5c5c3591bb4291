// Classic functions of one and two coordinates; formulas as collected by Surjanovic & Bingham,
// "Virtual library of simulation experiments", himmelblau from Himmelblau (1972), forrester from
// Forrester, Sobester, Keane (2008).
#include <asktell/benchmarks/problems/classic/formulas.hpp>

#include <cmath>
#include <numbers>

namespace asktell::benchmarks::classic {

using std::numbers::pi;

double beale(Coordinates x) {
  const double y = x[1];
  return square(1.5 - x[0] + x[0] * y) + square(2.25 - x[0] + x[0] * y * y) +
         square(2.625 - x[0] + x[0] * y * y * y);
}

double bohachevsky(Coordinates x) {
  return square(x[0]) + 2 * square(x[1]) - 0.3 * std::cos(3 * pi * x[0]) -
         0.4 * std::cos(4 * pi * x[1]) + 0.7;
}

double booth(Coordinates x) {
  return square(x[0] + 2 * x[1] - 7) + square(2 * x[0] + x[1] - 5);
}

double branin(Coordinates x) {
  const double b = 5.1 / (4 * pi * pi);
  const double valley = x[1] - b * x[0] * x[0] + 5 / pi * x[0] - 6;
  return square(valley) + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

double bukin6(Coordinates x) {
  return 100 * std::sqrt(std::abs(x[1] - 0.01 * square(x[0]))) + 0.01 * std::abs(x[0] + 10);
}

double cross_in_tray(Coordinates x) {
  const double decay = std::exp(std::abs(100 - std::hypot(x[0], x[1]) / pi));
  return -1e-4 * std::pow(std::abs(std::sin(x[0]) * std::sin(x[1]) * decay) + 1, 0.1);
}

double drop_wave(Coordinates x) {
  const double r = square(x[0]) + square(x[1]);
  return -(1 + std::cos(12 * std::sqrt(r))) / (0.5 * r + 2);
}

double easom(Coordinates x) {
  return -std::cos(x[0]) * std::cos(x[1]) * std::exp(-square(x[0] - pi) - square(x[1] - pi));
}

double eggholder(Coordinates x) {
  const double y = x[1] + 47;
  return -y * std::sin(std::sqrt(std::abs(y + x[0] / 2))) -
         x[0] * std::sin(std::sqrt(std::abs(x[0] - y)));
}

double forrester(Coordinates x) {
  return square(6 * x[0] - 2) * std::sin(12 * x[0] - 4);
}

double goldstein_price(Coordinates x) {
  const double a = x[0], b = x[1];
  const double first =
      1 + square(a + b + 1) * (19 - 14 * a + 3 * a * a - 14 * b + 6 * a * b + 3 * b * b);
  const double second =
      30 + square(2 * a - 3 * b) * (18 - 32 * a + 12 * a * a + 48 * b - 36 * a * b + 27 * b * b);
  return first * second;
}

double gramacy_lee(Coordinates x) {
  return std::sin(10 * pi * x[0]) / (2 * x[0]) + square(square(x[0] - 1));
}

double himmelblau(Coordinates x) {
  return square(square(x[0]) + x[1] - 11) + square(x[0] + square(x[1]) - 7);
}

double holder_table(Coordinates x) {
  const double growth = std::exp(std::abs(1 - std::hypot(x[0], x[1]) / pi));
  return -std::abs(std::sin(x[0]) * std::cos(x[1]) * growth);
}

double levy13(Coordinates x) {
  return square(std::sin(3 * pi * x[0])) +
         square(x[0] - 1) * (1 + square(std::sin(3 * pi * x[1]))) +
         square(x[1] - 1) * (1 + square(std::sin(2 * pi * x[1])));
}

double matyas(Coordinates x) {
  return 0.26 * (square(x[0]) + square(x[1])) - 0.48 * x[0] * x[1];
}

double mccormick(Coordinates x) {
  return std::sin(x[0] + x[1]) + square(x[0] - x[1]) - 1.5 * x[0] + 2.5 * x[1] + 1;
}

double schaffer2(Coordinates x) {
  const double wave = square(std::sin(square(x[0]) - square(x[1])));
  return 0.5 + (wave - 0.5) / square(1 + 0.001 * (square(x[0]) + square(x[1])));
}

namespace {

double shubert_factor(double x) {
  double sum = 0;
  for (int i = 1; i <= 5; ++i) sum += i * std::cos((i + 1) * x + i);
  return sum;
}

}  // namespace

double shubert(Coordinates x) {
  return shubert_factor(x[0]) * shubert_factor(x[1]);
}

std::vector<Point> shubert_argmins(int) {
  // One factor is least, -12.870885497725685, where the other is greatest, 14.508007927195033.
  constexpr double kLeast = -7.70831373549934745, kGreatest = -7.0835064076515596;
  std::vector<Point> argmins;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      const double least = kLeast + 2 * pi * i, greatest = kGreatest + 2 * pi * j;
      argmins.push_back({least, greatest});
      argmins.push_back({greatest, least});
    }
  }
  return argmins;
}

double six_hump_camel(Coordinates x) {
  const double a = square(x[0]), b = square(x[1]);
  return (4 - 2.1 * a + a * a / 3) * a + x[0] * x[1] + (4 * b - 4) * b;
}

double three_hump_camel(Coordinates x) {
  const double a = square(x[0]);
  return 2 * a - 1.05 * a * a + a * a * a / 6 + x[0] * x[1] + square(x[1]);
}

}  // namespace asktell::benchmarks::classic
