// Two iterative solvers of linear systems on a square grid, and how often they iterate: the cost
// that tuners of their relaxation parameter omega see. Counted as in the reference code of Khodak,
// Chow, Balcan, Talwalkar (2024), "Learning to relax: setting solver parameters across a sequence
// of linear system instances", ICLR.
#pragma once

#include <Eigen/Core>

namespace asktell::benchmarks::linear_solvers {

using Eigen::VectorXd;

// A = diagonal I + neighbour N on side x side inner points, row by row; N adds the up to four
// neighbours of a point.
struct Stencil {
  Eigen::Index side = 0;
  double diagonal = 4;
  double neighbour = -1;

  VectorXd operator*(const VectorXd& x) const;
};

// Sweeps x <- x + (D / omega + L)^-1 r from x = 0 until |r| < tolerance |b|; at least 1.
int sor_sweeps(const Stencil& a, const VectorXd& b, double omega, double tolerance = 1e-8);

// Iterations of conjugate gradients until |r| <= tolerance |b|, from x and into x, with the
// preconditioner X' D^-1 X / (omega (2 - omega)), X = D + omega L; omega = 0: without one.
int ssor_pcg(const Stencil& a, const VectorXd& b, double omega, VectorXd& x,
             double tolerance = 1e-8);

inline constexpr int kMostIterations = 10'000;

}  // namespace asktell::benchmarks::linear_solvers
