// See dense.hpp: the choice of kernels, the threads' scratch, and what is too small to need either.
#include <asktell/core/dense.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <new>
#include <utility>

#include <asktell/core/dense_kernels.hpp>
#include <asktell/core/errors.hpp>

namespace asktell::dense {
namespace {

std::vector<const DenseKernels*> supported() {
  std::vector<const DenseKernels*> all = {dense_kernels_baseline()};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    all.push_back(dense_kernels_avx2());
    if (__builtin_cpu_supports("avx512f")) all.push_back(dense_kernels_avx512());
  }
#endif
  return all;
}

const DenseKernels& choose() {
  const std::vector<const DenseKernels*> all = supported();
  const char* wanted = std::getenv("ASKTELL_KERNEL");
  if (!wanted || !*wanted) return *all.back();
  std::string names;
  for (const DenseKernels* one : all) {
    if (std::string_view(one->name) == wanted) return *one;
    names += (names.empty() ? "\"" : ", \"") + std::string(one->name) + "\"";
  }
  throw OptionError("option.value", "ASKTELL_KERNEL is \"" + std::string(wanted) +
                                        "\"; this processor supports " + names +
                                        " (unset it to take the last)");
}

const DenseKernels& kernels() {
  static const DenseKernels& chosen = choose();
  return chosen;
}

constexpr std::align_val_t kAlignment{64};

// Memory for one thread's scratch.
struct Buffer {
  double* data = nullptr;
  std::size_t size = 0;

  void grow(std::size_t wanted) {
    if (wanted <= size) return;
    release();
    data = static_cast<double*>(::operator new(wanted * sizeof(double), kAlignment));
    size = wanted;
  }
  void release() {
    ::operator delete(data, kAlignment);
    data = nullptr;
    size = 0;
  }
};

// Buffers of threads that ended, for those to come: the threads of parallel_for live for one call.
// Slots instead of a lock, which a fork could leave locked in the child.
class Shelf {
 public:
  ~Shelf() {
    for (Slot& slot : slots_) slot.buffer.release();
  }
  Buffer take() {
    for (Slot& slot : slots_) {
      State full = State::kFull;
      if (!slot.state.compare_exchange_strong(full, State::kBusy)) continue;
      const Buffer buffer = std::exchange(slot.buffer, {});
      slot.state = State::kEmpty;
      return buffer;
    }
    return {};
  }
  void put(Buffer buffer) {
    for (Slot& slot : slots_) {
      State empty = State::kEmpty;
      if (!slot.state.compare_exchange_strong(empty, State::kBusy)) continue;
      slot.buffer = buffer;
      slot.state = State::kFull;
      return;
    }
    buffer.release();
  }

 private:
  enum class State { kEmpty, kBusy, kFull };
  struct Slot {
    std::atomic<State> state = State::kEmpty;
    Buffer buffer;
  };
  std::array<Slot, 64> slots_;
};

Shelf& shelf() {
  static Shelf all;
  return all;
}

class Lease {
 public:
  Lease() : buffer_(shelf().take()) {}
  ~Lease() {
    if (buffer_.data) shelf().put(buffer_);
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  double* at_least(std::size_t size) {
    buffer_.grow(size);
    return buffer_.data;
  }

 private:
  Buffer buffer_;
};

// This thread's scratch: what every kernel needs and `extra` doubles. Its contents do not survive
// a call.
double* scratch(Index extra = 0) {
  thread_local Lease lease;
  return lease.at_least(static_cast<std::size_t>(std::max<Index>(kernels().scratch, extra)));
}

constexpr Index kFewColumns = 4;  // dot products are faster than packing

// For points one coordinate after the other; see DenseKernels::covariance and pull.
Index point_scratch(Index dimension, Index n) {
  return 2 * (dimension + 1) * (n + 8) + 64 * (dimension + 1);
}

static_assert(static_cast<int>(Form::kRbf) == 0 && static_cast<int>(Form::kMatern12) == 1 &&
                  static_cast<int>(Form::kMatern32) == 2 && static_cast<int>(Form::kMatern52) == 3,
              "the kernels number the forms like this");

void rational_quadratic(double shape, const double* r2, std::size_t count, double* k, double* g) {
  for (std::size_t i = 0; i < count; ++i) {
    const double base = 1 + std::max(r2[i], 0.0) / (2 * shape);
    k[i] = std::pow(base, -shape);
    if (g) g[i] = -k[i] / base / 2;
  }
}

void covariance_of(Form form, double shape, bool lower, const Ref<const MatrixXd>& a,
                   const Ref<const MatrixXd>& b, Ref<MatrixXd> k, MatrixXd* slope) {
  if (slope) slope->resize(k.rows(), k.cols());
  const CovarianceArguments arguments{.form = static_cast<int>(form),
                                      .dimension = a.rows(),
                                      .rows = a.cols(),
                                      .cols = b.cols(),
                                      .a = a.data(),
                                      .lda = a.outerStride(),
                                      .b = b.data(),
                                      .ldb = b.outerStride(),
                                      .lower = lower,
                                      .k = k.data(),
                                      .ldk = k.outerStride(),
                                      .slope = slope ? slope->data() : nullptr,
                                      .ldslope = slope ? slope->outerStride() : 0};
  double* const memory = scratch(point_scratch(a.rows(), a.cols()));
  if (form != Form::kRationalQuadratic) {
    kernels().covariance(arguments, memory);
    return;
  }
  kernels().squared_distances(arguments, memory);
  for (Index j = 0; j < k.cols(); ++j) {
    const Index first = lower ? j : 0;
    rational_quadratic(shape, &k(first, j), static_cast<std::size_t>(k.rows() - first),
                       &k(first, j), slope ? &(*slope)(first, j) : nullptr);
  }
}

void distances_of(bool lower, const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b,
                  Ref<MatrixXd> out) {
  kernels().squared_distances({.form = 0,
                               .dimension = a.rows(),
                               .rows = a.cols(),
                               .cols = b.cols(),
                               .a = a.data(),
                               .lda = a.outerStride(),
                               .b = b.data(),
                               .ldb = b.outerStride(),
                               .lower = lower,
                               .k = out.data(),
                               .ldk = out.outerStride(),
                               .slope = nullptr,
                               .ldslope = 0},
                              scratch(point_scratch(a.rows(), a.cols())));
}

}  // namespace

std::string kernel_name() {
  return kernels().name;
}

std::vector<std::string_view> supported_kernels() {
  std::vector<std::string_view> names;
  for (const DenseKernels* one : supported()) names.emplace_back(one->name);
  return names;
}

Index cholesky(Ref<MatrixXd> a) {
  return kernels().cholesky(a.rows(), a.data(), a.outerStride(), scratch());
}

void inverse_lower_from_cholesky(const Ref<const MatrixXd>& l, Ref<MatrixXd> out) {
  kernels().inverse(l.rows(), l.data(), l.outerStride(), out.data(), out.outerStride(), scratch());
}

void inverse_from_cholesky(const Ref<const MatrixXd>& l, Ref<MatrixXd> out) {
  inverse_lower_from_cholesky(l, out);
  mirror_lower(out);
}

void solve_lower(const Ref<const MatrixXd>& l, Ref<MatrixXd> b) {
  kernels().solve_lower(l.rows(), b.cols(), l.data(), l.outerStride(), b.data(), b.outerStride(),
                        scratch());
}

void solve_lower_transposed(const Ref<const MatrixXd>& l, Ref<MatrixXd> b) {
  kernels().solve_lower_transposed(l.rows(), b.cols(), l.data(), l.outerStride(), b.data(),
                                   b.outerStride(), scratch());
}

void solve_right(const Ref<const MatrixXd>& l, Ref<MatrixXd> x) {
  kernels().solve_right(x.rows(), l.rows(), l.data(), l.outerStride(), x.data(), x.outerStride(),
                        scratch());
}

void multiply(bool transpose_a, bool transpose_b, double alpha, const Ref<const MatrixXd>& a,
              const Ref<const MatrixXd>& b, double beta, Ref<MatrixXd> c) {
  if (transpose_a && !transpose_b && c.cols() <= kFewColumns) {
    for (Index j = 0; j < c.cols(); ++j) {
      kernels().column_dots(a.rows(), a.cols(), alpha, a.data(), a.outerStride(), b.col(j).data(),
                            beta, c.col(j).data());
    }
    return;
  }
  kernels().multiply(kAll, transpose_a, transpose_b, c.rows(), c.cols(),
                     transpose_a ? a.rows() : a.cols(), alpha, a.data(), a.outerStride(), b.data(),
                     b.outerStride(), beta, c.data(), c.outerStride(), scratch());
}

void multiply_self(double alpha, const Ref<const MatrixXd>& a, double beta, Ref<MatrixXd> c) {
  kernels().multiply(kLowerOnly, false, true, c.rows(), c.cols(), a.cols(), alpha, a.data(),
                     a.outerStride(), a.data(), a.outerStride(), beta, c.data(), c.outerStride(),
                     scratch());
}

void stationary(Form form, double shape, const double* r2, std::size_t count, double* k,
                double* g) {
  if (form == Form::kRationalQuadratic) {
    rational_quadratic(shape, r2, count, k, g);
  } else {
    kernels().stationary(static_cast<int>(form), r2, static_cast<long>(count), k, g);
  }
}

void squared_distances(const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b,
                       Ref<MatrixXd> out) {
  distances_of(false, a, b, out);
}

void squared_distances_symmetric(const Ref<const MatrixXd>& a, Ref<MatrixXd> out) {
  distances_of(true, a, a, out);
}

void covariance(Form form, double shape, const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b,
                Ref<MatrixXd> k, MatrixXd* slope) {
  covariance_of(form, shape, false, a, b, k, slope);
}

void covariance_symmetric(Form form, double shape, const Ref<const MatrixXd>& a, Ref<MatrixXd> k,
                          MatrixXd* slope) {
  covariance_of(form, shape, true, a, a, k, slope);
}

void pull(const Ref<const MatrixXd>& w, const Ref<const MatrixXd>& slope,
          const Ref<const MatrixXd>& u, MatrixXd& by_point) {
  by_point.resize(u.rows(), u.cols());
  kernels().pull(u.rows(), u.cols(), w.data(), w.outerStride(), slope.data(), slope.outerStride(),
                 u.data(), u.outerStride(), by_point.data(),
                 scratch(point_scratch(u.rows(), u.cols())));
}

double dot_lower(const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b) {
  return kernels().dot_lower(a.rows(), a.data(), a.outerStride(), b.data(), b.outerStride());
}

void copy_scale_lower(double factor, Ref<MatrixXd> k, Ref<MatrixXd> copy) {
  kernels().copy_scale_lower(k.rows(), factor, k.data(), k.outerStride(), copy.data(),
                             copy.outerStride());
}

void outer_minus_lower(double factor, const Ref<const VectorXd>& v, Ref<MatrixXd> p) {
  kernels().outer_minus_lower(p.rows(), factor, v.data(), p.data(), p.outerStride());
}

void mirror_lower(Ref<MatrixXd> a) {
  constexpr Index kTile = 32;  // a tile of each triangle stays in the first cache
  const Index n = a.rows();
  for (Index j0 = 0; j0 < n; j0 += kTile) {
    for (Index i0 = j0; i0 < n; i0 += kTile) {
      for (Index j = j0; j < std::min(n, j0 + kTile); ++j) {
        for (Index i = std::max(i0, j + 1); i < std::min(n, i0 + kTile); ++i) a(j, i) = a(i, j);
      }
    }
  }
}

void column_squares(const Ref<const MatrixXd>& a, Ref<VectorXd> out) {
  kernels().column_squares(a.rows(), a.cols(), a.data(), a.outerStride(), out.data());
}

void column_dots(const Ref<const MatrixXd>& a, const Ref<const VectorXd>& w, Ref<VectorXd> out) {
  kernels().column_dots(a.rows(), a.cols(), 1, a.data(), a.outerStride(), w.data(), 0, out.data());
}

void exponential(const double* x, std::size_t count, double* out) {
  kernels().exponential(x, static_cast<long>(count), out);
}

void sine_cosine(const double* x, std::size_t count, double amplitude, double* sine,
                 double* cosine) {
  kernels().sin_cos(x, static_cast<long>(count), amplitude, sine, cosine);
}

}  // namespace asktell::dense
