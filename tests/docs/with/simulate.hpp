// What the README's reader is told to have: a simulator (Branin's function).
#pragma once

#include <cmath>
inline double simulate(double x, double y) {
  const double pi = 3.14159265358979323846;
  const double a = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
  return a * a + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}
