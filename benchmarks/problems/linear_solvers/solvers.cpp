// SOR and SSOR-preconditioned conjugate gradients; see solvers.hpp.
#include <asktell/benchmarks/problems/linear_solvers/solvers.hpp>

#include <cmath>

namespace asktell::benchmarks::linear_solvers {
namespace {

using Eigen::Index;

// Solves (scale D + weight L) x = r for the diagonal D and the part L of A left of it, in place.
void solve_lower(const Stencil& a, double scale, double weight, VectorXd& x) {
  const double off = weight * a.neighbour, inverse = 1 / (scale * a.diagonal);
  for (Index row = 0, k = 0; row < a.side; ++row) {
    for (Index column = 0; column < a.side; ++column, ++k) {
      double sum = 0;
      if (column > 0) sum += x[k - 1];
      if (row > 0) sum += x[k - a.side];
      x[k] = (x[k] - off * sum) * inverse;
    }
  }
}

// The same with the part right of the diagonal.
void solve_upper(const Stencil& a, double scale, double weight, VectorXd& x) {
  const double off = weight * a.neighbour, inverse = 1 / (scale * a.diagonal);
  Index k = x.size() - 1;
  for (Index row = a.side - 1; row >= 0; --row) {
    for (Index column = a.side - 1; column >= 0; --column, --k) {
      double sum = 0;
      if (column + 1 < a.side) sum += x[k + 1];
      if (row + 1 < a.side) sum += x[k + a.side];
      x[k] = (x[k] - off * sum) * inverse;
    }
  }
}

void precondition(const Stencil& a, double omega, VectorXd& r) {
  if (omega == 0) return;
  solve_upper(a, 1, omega, r);
  r *= a.diagonal * omega * (2 - omega);
  solve_lower(a, 1, omega, r);
}

}  // namespace

VectorXd Stencil::operator*(const VectorXd& x) const {
  VectorXd out(x.size());
  for (Index row = 0, k = 0; row < side; ++row) {
    for (Index column = 0; column < side; ++column, ++k) {
      double sum = 0;
      if (row > 0) sum += x[k - side];
      if (column > 0) sum += x[k - 1];
      if (column + 1 < side) sum += x[k + 1];
      if (row + 1 < side) sum += x[k + side];
      out[k] = diagonal * x[k] + neighbour * sum;
    }
  }
  return out;
}

int sor_sweeps(const Stencil& a, const VectorXd& b, double omega, double tolerance) {
  const double limit = tolerance * b.norm();
  VectorXd x = VectorXd::Zero(b.size()), r = b;
  for (int sweep = 1; sweep < kMostIterations; ++sweep) {
    solve_lower(a, 1 / omega, 1, r);
    x += r;
    r = b - a * x;
    if (r.norm() < limit) return sweep;
  }
  return kMostIterations;
}

int ssor_pcg(const Stencil& a, const VectorXd& b, double omega, VectorXd& x, double tolerance) {
  const double limit = tolerance * b.norm();
  VectorXd r = b - a * x;
  if (r.norm() <= limit) return 0;
  VectorXd direction = VectorXd::Zero(b.size());
  double before = 1;
  for (int iteration = 1; iteration < kMostIterations; ++iteration) {
    VectorXd z = r;
    precondition(a, omega, z);
    const double inner = r.dot(z);
    direction = z + inner / before * direction;
    before = inner;
    const VectorXd image = a * direction;
    const double step = inner / direction.dot(image);
    x += step * direction;
    r -= step * image;
    if (r.norm() > limit) continue;
    r = b - a * x;  // the recurrence drifts: the residual itself decides
    if (r.norm() <= limit) return iteration;
  }
  return kMostIterations;
}

}  // namespace asktell::benchmarks::linear_solvers
