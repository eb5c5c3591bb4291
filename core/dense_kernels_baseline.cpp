// The table of dense_kernels.hpp for every machine: two doubles at a time, no fused multiply-add.
// Nothing else may be included here; see there.
#include <asktell/core/dense_kernels.hpp>

#define ASKTELL_DENSE_NAME "baseline"
#define ASKTELL_LAMBDA_INLINE __attribute__((always_inline))

namespace asktell::dense {
namespace {

// In this order, which the blank lines keep.
#include "dense_kernels_vector.inc"

#include "dense_kernels_multiply.inc"

#include "dense_kernels_triangular.inc"

#include "dense_kernels_solve.inc"

#include "dense_kernels_covariance.inc"

#include "dense_kernels_table.inc"

}  // namespace

const DenseKernels* dense_kernels_baseline() {
  return &kTable;
}

}  // namespace asktell::dense
