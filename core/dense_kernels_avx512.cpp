// The table of dense_kernels.hpp for AVX-512F: eight doubles at a time.
// Nothing else may be included here; see there.
#if defined(__x86_64__)
#include <immintrin.h>

#include <asktell/core/dense_kernels.hpp>

#define ASKTELL_DENSE_AVX512
#define ASKTELL_DENSE_NAME "avx512"
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

const DenseKernels* dense_kernels_avx512() {
  return &kTable;
}

}  // namespace asktell::dense
#endif
