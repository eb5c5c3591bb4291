// Dense linear algebra and covariance functions of distances, for the loops in which Gaussian
// processes spend their time. All matrices are column-major with any leading dimension; of
// symmetric and triangular ones the lower triangle is the one used. Arguments that are written must
// not overlap others unless that is said.
//
// The arithmetic is our own, compiled for AVX-512, AVX2 with FMA, and plain machines; the best that
// the processor has is chosen when first used, or what ASKTELL_KERNEL names. Results depend on that
// choice alone, never on the number of threads; AVX-512 and AVX2 agree to the bit, the baseline is
// the same on every machine. Each thread keeps scratch that only grows: in steady state nothing is
// allocated.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asktell::dense {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::Ref;
using Eigen::VectorXd;

// "baseline", "avx2" or "avx512". Throws OptionError when ASKTELL_KERNEL is none of those that the
// processor supports.
std::string kernel_name();
// Those that the processor supports, the plainest first.
std::vector<std::string_view> supported_kernels();

// Covariance as a function of the squared distance r2 (Rasmussen & Williams 2006, section 4.2).
enum class Form { kRbf, kMatern12, kMatern32, kMatern52, kRationalQuadratic };

// a (n x n, lower) := L with L L' = a; the strict upper triangle is left as it was. Returns -1, or
// the first column whose pivot is not positive and finite (a is then unspecified).
Index cholesky(Ref<MatrixXd> a);
// out := (L L')^-1, both triangles.
void inverse_from_cholesky(const Ref<const MatrixXd>& l, Ref<MatrixXd> out);
// The same without the strict upper triangle, which is left unspecified.
void inverse_lower_from_cholesky(const Ref<const MatrixXd>& l, Ref<MatrixXd> out);
// b := L^-1 b and b := L'^-1 b. Up to four columns are solved with one pass over L.
void solve_lower(const Ref<const MatrixXd>& l, Ref<MatrixXd> b);
void solve_lower_transposed(const Ref<const MatrixXd>& l, Ref<MatrixXd> b);
// x := x L'^-1: solve_lower of the transposed, cheaper by two transpositions.
void solve_right(const Ref<const MatrixXd>& l, Ref<MatrixXd> x);
// c := alpha op(a) op(b) + beta c. c is not read where beta is 0.
void multiply(bool transpose_a, bool transpose_b, double alpha, const Ref<const MatrixXd>& a,
              const Ref<const MatrixXd>& b, double beta, Ref<MatrixXd> c);
// c := alpha a a' + beta c, the lower triangle.
void multiply_self(double alpha, const Ref<const MatrixXd>& a, double beta, Ref<MatrixXd> c);

// k[i] = k(r2[i]) and, unless null, g[i] = dk/d(r2). k may be r2. shape: the rational quadratic's.
void stationary(Form form, double shape, const double* r2, std::size_t count, double* k, double* g);
// out(i, j) = |a_i - b_j|^2 of columns, from differences: near-duplicates keep their digits.
void squared_distances(const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b,
                       Ref<MatrixXd> out);
// The same for the pairs of one set; at least the lower triangle is set.
void squared_distances_symmetric(const Ref<const MatrixXd>& a, Ref<MatrixXd> out);
// Both in one pass: k(i, j) = k(|a_i - b_j|^2), and its slope by r2 unless null (same shape as k).
void covariance(Form form, double shape, const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b,
                Ref<MatrixXd> k, MatrixXd* slope);
// For the pairs of one set; at least the lower triangles are set.
void covariance_symmetric(Form form, double shape, const Ref<const MatrixXd>& a, Ref<MatrixXd> k,
                          MatrixXd* slope);
// by_point.col(j) := sum_i t_ij (u_j - u_i) with t = w .* slope symmetric, given by lower
// triangles. u, by_point: d x n.
void pull(const Ref<const MatrixXd>& w, const Ref<const MatrixXd>& slope,
          const Ref<const MatrixXd>& u, MatrixXd& by_point);

// Sum of a_ij b_ij over all i, j of symmetric matrices given by their lower triangles.
double dot_lower(const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b);
// Lower triangles: copy := k, k := factor k.
void copy_scale_lower(double factor, Ref<MatrixXd> k, Ref<MatrixXd> copy);
// p := factor v v' - p, the lower triangle.
void outer_minus_lower(double factor, const Ref<const VectorXd>& v, Ref<MatrixXd> p);
// Copies the strict lower triangle to the upper one.
void mirror_lower(Ref<MatrixXd> a);

// out[j] = |a_j|^2 of columns, and w' a_j.
void column_squares(const Ref<const MatrixXd>& a, Ref<VectorXd> out);
void column_dots(const Ref<const MatrixXd>& a, const Ref<const VectorXd>& w, Ref<VectorXd> out);

// Elementwise; out may be x. exp: to 1 ulp, also where the result is subnormal. sine and cosine: to
// 1e-15 for |x| <= 1e6, beyond that those of the standard library; times the amplitude.
void exponential(const double* x, std::size_t count, double* out);
void sine_cosine(const double* x, std::size_t count, double amplitude, double* sine,
                 double* cosine);

}  // namespace asktell::dense
