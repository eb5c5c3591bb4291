// Random access into Boost's Sobol sequence, and its scrambling; see sobol.hpp.
#include <asktell/core/sobol.hpp>

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/random.hpp>

namespace asktell {
namespace {

using Engine = boost::random::sobol_engine<std::uint32_t, 32>;

std::uint32_t reversed(std::uint32_t x) {
  x = (x >> 16) | (x << 16);
  x = ((x & 0xff00ff00u) >> 8) | ((x & 0x00ff00ffu) << 8);
  x = ((x & 0xf0f0f0f0u) >> 4) | ((x & 0x0f0f0f0fu) << 4);
  x = ((x & 0xccccccccu) >> 2) | ((x & 0x33333333u) << 2);
  return ((x & 0xaaaaaaaau) >> 1) | ((x & 0x55555555u) << 1);
}

// Each bit is flipped by a hash of the bits above it (constants of Burley 2020, listing 3, which
// are those of Laine and Karras 2011, section 2.2).
std::uint32_t scrambled(std::uint32_t x, std::uint32_t seed) {
  x = reversed(x);
  x += seed;
  x ^= x * 0x6c50b47cu;
  x ^= x * 0xb82f1e52u;
  x ^= x * 0xc7afe638u;
  x ^= x * 0x8d22f6e6u;
  return reversed(x);
}

}  // namespace

SobolPoints::SobolPoints(std::size_t dimension, std::uint64_t seed) {
  if (dimension > kMaxDimension) {
    throw SolverError("solver.dimension", "Sobol points have at most " +
                                              std::to_string(kMaxDimension) + " dimensions, not " +
                                              std::to_string(dimension) + "; use random points");
  }
  RandomStream stream(seed, Purpose::kDesign, UINT32_MAX);
  for (std::size_t j = 0; j < dimension; ++j) seeds_.push_back(stream.bits());
  if (dimension == 0) return;
  // Boost's engine at position 2^k - 1 holds the point of Gray code 2^k ^ 2^(k-1): the exclusive or
  // of two direction numbers in each coordinate.
  Engine engine(dimension);
  directions_.resize(kBits * dimension);
  for (std::size_t k = 0; k < kBits; ++k) {
    engine.seed((std::uint32_t{1} << k) - 1);
    for (std::size_t j = 0; j < dimension; ++j) {
      const std::uint32_t before = k == 0 ? 0 : directions_[(k - 1) * dimension + j];
      directions_[k * dimension + j] = engine() ^ before;
    }
  }
}

void SobolPoints::point(std::uint64_t number, std::span<double> out) const {
  const auto index = static_cast<std::uint32_t>(number);
  const std::size_t dimension = seeds_.size();
  std::vector<std::uint32_t> bits(dimension, 0);
  std::uint32_t gray = index ^ (index >> 1);
  for (std::size_t k = 0; gray != 0; ++k, gray >>= 1) {
    if ((gray & 1u) == 0) continue;
    const std::uint32_t* row = &directions_[k * dimension];
    for (std::size_t j = 0; j < dimension; ++j) bits[j] ^= row[j];
  }
  for (std::size_t j = 0; j < dimension; ++j) {
    out[j] = (scrambled(bits[j], seeds_[j]) + 0.5) * 0x1p-32;
  }
}

}  // namespace asktell
