// Expectations under a normal density by Gauss-Hermite quadrature.
#pragma once

#include <Eigen/Core>

namespace asktell {

// E[f(Z)] = sum_j weights[j] f(nodes[j]) for standard normal Z, exact for polynomials f of degree
// 2 count - 1. Nodes ascend; weights sum to 1.
struct GaussHermite {
  Eigen::VectorXd nodes;
  Eigen::VectorXd weights;
};

GaussHermite gauss_hermite(int count);

}  // namespace asktell
