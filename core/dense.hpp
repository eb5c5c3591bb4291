// Dense linear algebra and covariance functions of distances, for the loops in which Gaussian
// processes spend their time. All matrices are column-major; the lower triangle is the one used.
#pragma once

#include <Eigen/Core>
#include <cstddef>

namespace asktell::dense {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::Ref;

// Covariance as a function of the squared distance r2 (Rasmussen & Williams 2006, section 4.2).
enum class Form { kRbf, kMatern12, kMatern32, kMatern52, kRationalQuadratic };

// a (n x n, lower) := L with L L' = a; the strict upper triangle is left as it was. Returns -1, or
// the first column whose pivot is not positive (a is then unspecified).
Index cholesky(Ref<MatrixXd> a);
// out := (L L')^-1, both triangles.
void inverse_from_cholesky(const Ref<const MatrixXd>& l, Ref<MatrixXd> out);
// b := L^-1 b and b := L'^-1 b.
void solve_lower(const Ref<const MatrixXd>& l, Ref<MatrixXd> b);
void solve_lower_transposed(const Ref<const MatrixXd>& l, Ref<MatrixXd> b);
// c := alpha op(a) op(b) + beta c.
void multiply(bool transpose_a, bool transpose_b, double alpha, const Ref<const MatrixXd>& a,
              const Ref<const MatrixXd>& b, double beta, Ref<MatrixXd> c);
// k[i] = k(r2[i]) and, unless null, g[i] = dk/d(r2). k may be r2. shape: the rational quadratic's.
void stationary(Form form, double shape, const double* r2, std::size_t count, double* k, double* g);
// out(i, j) = |a_i - b_j|^2 of columns.
void squared_distances(const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b,
                       Ref<MatrixXd> out);
// The same for the pairs of one set; the lower triangle is set.
void squared_distances_symmetric(const Ref<const MatrixXd>& a, Ref<MatrixXd> out);
// Copies the strict lower triangle to the upper one.
void mirror_lower(Ref<MatrixXd> a);

}  // namespace asktell::dense
