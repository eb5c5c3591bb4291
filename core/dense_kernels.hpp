// The numeric kernels behind dense.hpp as a table of functions, compiled once for each instruction
// set and chosen at run time (private to core/).
//
// Safety of mixing instruction sets in one library: a function that the linker may share between
// translation units (inline functions and templates of Eigen or the standard library, whose symbols
// are weak) must not be compiled with AVX flags, or the copy that a plain machine runs could be
// that one. So the files dense_kernels_*.cpp include nothing but this header and compiler
// intrinsics, everything in them has internal linkage, and each exports one function, its table's
// getter. tests/core/dense_symbols.sh looks at the object files and fails on any other symbol.
//
// All matrices are column-major with a leading dimension. Matrix products and solves add the terms
// of an element in one order, whatever the width of the vectors; AVX2 and AVX-512 give the same
// bits. The baseline multiplies and adds with two roundings and gives the same bits everywhere.
#pragma once

namespace asktell::dense {

// What the products leave out or suppose.
enum MultiplyFlags : unsigned {
  kAll = 0,
  kLowerOnly = 1,  // the lower triangle of c is written, c square
  kUpperA = 2,     // a(i, k) counts as 0 for k < i and is not read; a not transposed
  kLowerB = 4,     // b'(k, j) counts as 0 for k < j and is not read; b transposed
};

// What a fused covariance needs; see DenseKernels::covariance.
struct CovarianceArguments {
  int form;         // dense::Form, not the rational quadratic
  long dimension;   // of the points
  long rows, cols;  // of the result
  const double* a;  // dimension x rows points
  long lda;
  const double* b;  // dimension x cols points
  long ldb;
  bool lower;  // the lower triangle at least; a and b are the same points
  double* k;   // rows x cols values
  long ldk;
  double* slope;  // likewise dk/d(r2), or null
  long ldslope;
};

struct DenseKernels {
  const char* name;

  // Scratch for each call: this many doubles, aligned to 64 bytes, besides what a function names.
  long scratch;

  // a (n x n, lower) := its factor. -1, or the first column without a positive pivot.
  long (*cholesky)(long n, double* a, long lda, double* scratch);
  // out (lower) := (l l')^-1; the strict upper triangle of out is overwritten.
  void (*inverse)(long n, const double* l, long ldl, double* out, long ldout, double* scratch);
  // b (n x q) := l^-1 b and l'^-1 b; x (m x n) := x l'^-1.
  void (*solve_lower)(long n, long q, const double* l, long ldl, double* b, long ldb,
                      double* scratch);
  void (*solve_lower_transposed)(long n, long q, const double* l, long ldl, double* b, long ldb,
                                 double* scratch);
  void (*solve_right)(long m, long n, const double* l, long ldl, double* x, long ldx,
                      double* scratch);
  // c (m x n) := alpha op(a) op(b) + beta c, op(a) m x k.
  void (*multiply)(unsigned flags, bool transpose_a, bool transpose_b, long m, long n, long k,
                   double alpha, const double* a, long lda, const double* b, long ldb, double beta,
                   double* c, long ldc, double* scratch);

  // k[i], slope[i] (unless null) of r2[i]; k may be r2. form: as above.
  void (*stationary)(int form, const double* r2, long count, double* k, double* slope);
  // out(i, j) = |a_i - b_j|^2; form and slope are not looked at. Both need
  // (dimension + 1) * (rows + 8) doubles of scratch more.
  void (*squared_distances)(const CovarianceArguments& arguments, double* scratch);
  // k(i, j) = k(|a_i - b_j|^2) in one pass.
  void (*covariance)(const CovarianceArguments& arguments, double* scratch);
  // For t = w .* slope, symmetric, of which the lower triangles are given:
  // by_point (dimension x n) := sum_i t_ij (u_j - u_i) in column j. Scratch: as above, twice.
  void (*pull)(long dimension, long n, const double* w, long ldw, const double* slope, long ldslope,
               const double* u, long ldu, double* by_point, double* scratch);
  // The sum of a_ij b_ij over all pairs of two symmetric matrices given by their lower triangles.
  double (*dot_lower)(long n, const double* a, long lda, const double* b, long ldb);
  // Lower triangles: copy := k, k := factor k.
  void (*copy_scale_lower)(long n, double factor, double* k, long ldk, double* copy, long ldcopy);
  // p := factor v v' - p, lower triangle.
  void (*outer_minus_lower)(long n, double factor, const double* v, double* p, long ldp);

  // For each column of a (m x n) the sum of its squares; and out_j := alpha a_j' w + beta out_j.
  void (*column_squares)(long m, long n, const double* a, long lda, double* out);
  void (*column_dots)(long m, long n, double alpha, const double* a, long lda, const double* w,
                      double beta, double* out);

  void (*exponential)(const double* x, long count, double* out);
  // Both times the amplitude.
  void (*sin_cos)(const double* x, long count, double amplitude, double* sine, double* cosine);
};

const DenseKernels* dense_kernels_baseline();
#if defined(__x86_64__)
const DenseKernels* dense_kernels_avx2();
const DenseKernels* dense_kernels_avx512();
#endif

}  // namespace asktell::dense
