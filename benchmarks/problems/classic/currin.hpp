// The exponential function of Currin, Mitchell, Morris, Ylvisaker 1991 in the unit square, one of
// two objectives in the multi-objective suite and a pair of fidelities in the multi-fidelity one.
#pragma once

#include <cmath>

namespace asktell::benchmarks {

// The first factor tends to 1 as b goes to 0.
inline double currin(double a, double b) {
  const double factor = b > 1e-8 ? 1 - std::exp(-1 / (2 * b)) : 1;
  return factor * (2300 * a * a * a + 1900 * a * a + 2092 * a + 60) /
         (100 * a * a * a + 500 * a * a + 4 * a + 20);
}

}  // namespace asktell::benchmarks
