// Nodes are the eigenvalues of the Jacobi matrix of the orthonormal Hermite polynomials (Golub &
// Welsch 1969, "Calculation of Gauss quadrature rules"); the weights are the Christoffel numbers,
// since squared eigenvector entries would lose the digits of the smallest ones.
#include <asktell/surrogates/transforms/gauss_hermite.hpp>

#include <cmath>

#include <Eigen/Eigenvalues>

namespace asktell {

GaussHermite gauss_hermite(int count) {
  const Eigen::VectorXd off = Eigen::VectorXd::LinSpaced(count - 1, 1, count - 1).cwiseSqrt();
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(Eigen::VectorXd::Zero(count), off, Eigen::EigenvaluesOnly);
  GaussHermite out{solver.eigenvalues(), Eigen::VectorXd(count)};
  for (Eigen::Index j = 0; j < count; ++j) {
    const double x = out.nodes[j];
    double before = 0;  // sqrt(k) p_k = x p_{k-1} - sqrt(k - 1) p_{k-2}, p_0 = 1
    double value = 1;
    double sum = 1;
    for (int k = 1; k < count; ++k) {
      const double next = (x * value - std::sqrt(k - 1.0) * before) / std::sqrt(double(k));
      before = value;
      value = next;
      sum += value * value;
    }
    out.weights[j] = 1 / sum;
  }
  return out;
}

}  // namespace asktell
