// The parts of Hartmann's functions (Dixon & Szego 1978), -sum depth_i exp(-q_i) over four wells,
// for the families that change some of them.
#pragma once

#include <array>
#include <span>

namespace asktell::benchmarks::classic {

inline constexpr std::array<double, 4> kHartmannDepths = {1, 1.2, 3, 3.2};

// q of the wells at `scale` times their centres.
std::array<double, 4> hartmann3_exponents(std::span<const double> x, double scale = 1);
// Of the first x.size() of six coordinates.
std::array<double, 4> hartmann6_exponents(std::span<const double> x);
double hartmann(const std::array<double, 4>& depths, const std::array<double, 4>& exponents);

}  // namespace asktell::benchmarks::classic
