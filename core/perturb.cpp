// The vector half of Perturb: x += scale * z(seed) in place, with z the Gaussian direction of
// random.hpp made anew in every pass (Malladi et al. 2023, "Fine-tuning language models with just
// forward passes", algorithm 1). No memory beyond the vector; a pass reads and writes it once.
//
// z is made in the arithmetic of the vector, from + - * / and sqrt only: the same bits on every
// machine and whatever the number of threads. It equals gaussian_block() to 4e-15 for doubles and
// 2e-6 for floats (tests/core/perturb_test.cpp). The AVX2 path is the same code compiled wider.
// The loops over lanes below are vectors only when the compiler may forget errno and exception
// flags, which nobody reads here; no value changes. Before the headers, whose functions it inlines.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3,no-math-errno,no-trapping-math")
#endif

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include <asktell/core/random.hpp>
#include <asktell/core/study.hpp>
#include <asktell/core/threads.hpp>

#define ASKTELL_INLINE [[gnu::always_inline]] inline

namespace asktell {
namespace {

constexpr std::size_t kBlocks = 32;         // Philox blocks made together, as lanes
constexpr std::size_t kLane = 4 * kBlocks;  // coordinates of those
constexpr std::size_t kTile = 64 * kLane;   // stays in the first caches while moves are made
constexpr std::size_t kGrain = std::size_t{1} << 17;  // coordinates a thread takes at a time

static_assert(kTile % kLane == 0 && kGrain % kTile == 0);

using Words = std::array<std::array<std::uint32_t, kBlocks>, 4>;  // word x block

// Philox4x32-10 of blocks first, first + 1, ... (Salmon et al. 2011), as random.cpp counts them.
ASKTELL_INLINE void philox_lanes(std::uint64_t seed, std::uint64_t first, Words& w) {
  for (std::size_t i = 0; i < kBlocks; ++i) {
    const std::uint64_t block = first + i;
    w[0][i] = static_cast<std::uint32_t>(block);
    w[1][i] = static_cast<std::uint32_t>(block >> 32);
    w[2][i] = static_cast<std::uint32_t>(Purpose::kDirection);
    w[3][i] = 0;
  }
  auto key0 = static_cast<std::uint32_t>(seed);
  auto key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    for (std::size_t i = 0; i < kBlocks; ++i) {
      const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * w[0][i];
      const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * w[2][i];
      const std::uint32_t w1 = w[1][i];
      const std::uint32_t w3 = w[3][i];
      w[0][i] = static_cast<std::uint32_t>(p1 >> 32) ^ w1 ^ key0;
      w[1][i] = static_cast<std::uint32_t>(p1);
      w[2][i] = static_cast<std::uint32_t>(p0 >> 32) ^ w3 ^ key1;
      w[3][i] = static_cast<std::uint32_t>(p0);
    }
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

// log(1 + f), sqrt(1/2) <= 1 + f <= sqrt(2), and sine and cosine on [-pi/4, pi/4]: the minimax
// polynomials of Moshier's Cephes library (1992), single and double precision.
ASKTELL_INLINE float log1p_core(float f) {
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  const float ff = f * f;
  return f + (p * f * ff - 0.5f * ff);
}

ASKTELL_INLINE double log1p_core(double f) {
  double p = 1.01875663804580931796e-4;
  p = p * f + 4.97494994976747001425e-1;
  p = p * f + 4.70579119878881725854;
  p = p * f + 1.44989225341610930846e1;
  p = p * f + 1.79368678507819816313e1;
  p = p * f + 7.70838733755885391666;
  double q = f + 1.12873587189167450590e1;
  q = q * f + 4.52279145837532221105e1;
  q = q * f + 8.29875266912776603211e1;
  q = q * f + 7.11544750618563894466e1;
  q = q * f + 2.31251620126765340583e1;
  const double ff = f * f;
  return f + (f * ff * p / q - 0.5 * ff);
}

ASKTELL_INLINE float sin_core(float x) {
  const float xx = x * x;
  return x + x * xx * ((-1.9515295891e-4f * xx + 8.3321608736e-3f) * xx - 1.6666654611e-1f);
}

ASKTELL_INLINE float cos_core(float x) {
  const float xx = x * x;
  const float p = (2.443315711809948e-5f * xx - 1.388731625493765e-3f) * xx + 4.166664568298827e-2f;
  return 1.0f - 0.5f * xx + xx * xx * p;
}

ASKTELL_INLINE double sin_core(double x) {
  const double xx = x * x;
  double p = 1.58962301576546568060e-10;
  p = p * xx - 2.50507477628578072866e-8;
  p = p * xx + 2.75573136213857245213e-6;
  p = p * xx - 1.98412698295895385996e-4;
  p = p * xx + 8.33333333332211858878e-3;
  p = p * xx - 1.66666666666666307295e-1;
  return x + x * xx * p;
}

ASKTELL_INLINE double cos_core(double x) {
  const double xx = x * x;
  double p = -1.13585365213876817300e-11;
  p = p * xx + 2.08757008419747316778e-9;
  p = p * xx - 2.75573141792967388112e-7;
  p = p * xx + 2.48015872888517045348e-5;
  p = p * xx - 1.38888888888730564116e-3;
  p = p * xx + 4.16666666666665929218e-2;
  return 1.0 - 0.5 * xx + xx * xx * p;
}

// Mantissa in [1, 2) and exponent of a positive normal number, by its bits.
ASKTELL_INLINE void split(float u, float& mantissa, float& exponent) {
  std::int32_t bits;
  std::memcpy(&bits, &u, sizeof bits);
  exponent = static_cast<float>((bits >> 23) - 127);
  bits = (bits & 0x007fffff) | 0x3f800000;
  std::memcpy(&mantissa, &bits, sizeof bits);
}

ASKTELL_INLINE void split(double u, double& mantissa, double& exponent) {
  std::int64_t bits;
  std::memcpy(&bits, &u, sizeof bits);
  exponent = static_cast<double>(static_cast<std::int32_t>(bits >> 52) - 1023);
  bits = (bits & 0x000fffffffffffffLL) | 0x3ff0000000000000LL;
  std::memcpy(&mantissa, &bits, sizeof bits);
}

// A 32-bit word as a number; by halves, which vectorizes where unsigned conversions do not.
template <typename Real>
ASKTELL_INLINE Real number(std::uint32_t word) {
  return static_cast<Real>(static_cast<std::int32_t>(word >> 16)) * Real(65536) +
         static_cast<Real>(static_cast<std::int32_t>(word & 0xffffu));
}

// The square of the radius: -2 log u, u = (word + 1/2) 2^-32. Near u = 1 the distance 1 - u comes
// from the word's complement, so that short radii keep their digits in single precision too.
template <typename Real>
ASKTELL_INLINE Real squared_radius(std::uint32_t word) {
  const Real u = (number<Real>(word) + Real(0.5)) * Real(0x1p-32);
  const Real t = (number<Real>(~word) + Real(0.5)) * Real(0x1p-32);
  Real mantissa, exponent;
  split(u, mantissa, exponent);
  const bool large = mantissa > Real(1.41421356237309504880);
  const Real half = large ? mantissa * Real(0.5) : mantissa;
  const bool near_one = t < Real(0.25);
  const Real f = near_one ? -t : half - Real(1);
  const Real e = near_one ? Real(0) : large ? exponent + Real(1) : exponent;
  return Real(-2) * (log1p_core(f) + e * Real(0.693147180559945309417));
}

// Cosine and sine of 2 pi (word + 1/2) 2^-32: the quadrant from the upper bits, exactly.
template <typename Real>
ASKTELL_INLINE void circle(std::uint32_t word, Real& cosine, Real& sine) {
  const std::uint32_t quadrant = (word + 0x20000000u) >> 30;
  const auto rest = static_cast<std::int32_t>(word - (quadrant << 30));  // in [-2^29, 2^29)
  const Real x = (static_cast<Real>(rest) + Real(0.5)) * Real(6.28318530717958647693 * 0x1p-32);
  const Real s = sin_core(x);
  const Real c = cos_core(x);
  const bool swapped = quadrant & 1u;
  const Real cos_part = swapped ? s : c;
  const Real sin_part = swapped ? c : s;
  cosine = quadrant == 1u || quadrant == 2u ? -cos_part : cos_part;
  sine = quadrant >= 2u ? -sin_part : sin_part;
}

template <typename Real>
ASKTELL_INLINE void add_lane(Real* x, std::size_t count, std::uint64_t first, std::uint64_t seed,
                             Real scale) {
  Words words;
  philox_lanes(seed, first, words);
  using Lane = Eigen::Array<Real, kBlocks, 1>;
  std::array<Lane, 4> z;  // coordinate within the block x block
  for (std::size_t pair = 0; pair < 4; pair += 2) {
    Lane radius;
    for (std::size_t i = 0; i < kBlocks; ++i) radius(i) = squared_radius<Real>(words[pair][i]);
    for (std::size_t i = 0; i < kBlocks; ++i) {
      circle<Real>(words[pair + 1][i], z[pair](i), z[pair + 1](i));
    }
    radius = scale * radius.sqrt();
    z[pair] *= radius;
    z[pair + 1] *= radius;
  }
  std::array<Real, kLane> flat;  // in the order of the coordinates
  for (std::size_t i = 0; i < kBlocks; ++i) {
    for (std::size_t k = 0; k < 4; ++k) flat[4 * i + k] = z[k](i);
  }
  if (count == kLane) {
    for (std::size_t j = 0; j < kLane; ++j) x[j] += flat[j];
  } else {
    for (std::size_t j = 0; j < count; ++j) x[j] += flat[j];
  }
}

// All moves over x[begin, end), tile by tile; begin is a multiple of kLane.
template <typename Real>
ASKTELL_INLINE void make_moves(Real* x, std::size_t begin, std::size_t end,
                               std::span<const Move> moves) {
  for (std::size_t tile = begin; tile < end; tile += kTile) {
    const std::size_t stop = std::min(end, tile + kTile);
    for (const Move& move : moves) {
      for (std::size_t at = tile; at < stop; at += kLane) {
        add_lane<Real>(x + at, std::min(kLane, stop - at), at / 4, move.seed,
                       static_cast<Real>(move.scale));
      }
    }
  }
}

#if defined(__x86_64__) && defined(__GNUC__)
template <typename Real>
__attribute__((target("avx2"))) void make_moves_avx2(Real* x, std::size_t begin, std::size_t end,
                                                     std::span<const Move> moves) {
  make_moves(x, begin, end, moves);
}
bool has_avx2() {
  static const bool value = __builtin_cpu_supports("avx2");
  return value;
}
#else
template <typename Real>
void make_moves_avx2(Real* x, std::size_t begin, std::size_t end, std::span<const Move> moves) {
  make_moves(x, begin, end, moves);
}
constexpr bool has_avx2() {
  return false;
}
#endif

template <typename Real>
void make_moves_baseline(Real* x, std::size_t begin, std::size_t end, std::span<const Move> moves) {
  make_moves(x, begin, end, moves);
}

template <typename Real>
void apply_all(std::span<Real> x, std::span<const Move> moves) {
  if (moves.empty()) return;
  parallel_for(x.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    if (has_avx2()) {
      make_moves_avx2(x.data(), begin, end, moves);
    } else {
      make_moves_baseline(x.data(), begin, end, moves);
    }
  });
}

// The three passes: moves and +scale z together, -2 scale z, +scale z. Coming back is exact in real
// numbers only: each addition rounds, so a coordinate returns to within about three half-units in
// the last place of its largest value on the way. Over a million steps this is a random walk of the
// size of the last digits, far below the moves; half-precision vectors would need a copy.
template <typename Real>
Losses measure_at_both_sides(std::span<Real> x, const Perturb& query,
                             const std::function<double()>& loss) {
  const auto step = [&](double scale) {
    const Move move{query.seed, scale};
    apply_all<Real>(x, {&move, 1});
  };
  std::vector<Move> first = query.moves;
  first.push_back({query.seed, query.scale});
  apply_all<Real>(x, first);
  double back = -query.scale;  // from where an exception of the loss leaves the vector
  try {
    Losses losses;
    losses.plus = loss();
    step(-2 * query.scale);
    back = query.scale;
    losses.minus = loss();
    step(back);
    return losses;
  } catch (...) {
    step(back);
    throw;
  }
}

}  // namespace

void apply(std::span<float> x, const Move& move) {
  apply_all<float>(x, {&move, 1});
}

void apply(std::span<double> x, const Move& move) {
  apply_all<double>(x, {&move, 1});
}

Losses measure(std::span<float> x, const Perturb& query, const std::function<double()>& loss) {
  return measure_at_both_sides(x, query, loss);
}

Losses measure(std::span<double> x, const Perturb& query, const std::function<double()>& loss) {
  return measure_at_both_sides(x, query, loss);
}

}  // namespace asktell
