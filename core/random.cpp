// Philox4x32-10 streams on Random123's generator; see random.hpp for the naming of streams.
#include <asktell/core/random.hpp>

#include <Random123/philox.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace asktell {
namespace {

double open_uniform(std::uint32_t word) {
  return (word + 0.5) * 0x1p-32;
}

std::pair<double, double> box_muller(double radius_uniform, double angle_uniform) {
  const double radius = std::sqrt(-2.0 * std::log(radius_uniform));
  const double angle = 2.0 * std::numbers::pi * angle_uniform;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::uint64_t seed, std::uint64_t block, std::uint32_t purpose,
                                    std::uint32_t ask) {
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), purpose, ask}};
  const r123::Philox4x32::key_type key = {
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const auto words = r123::Philox4x32()(counter, key);
  return {words[0], words[1], words[2], words[3]};
}

RandomStream::RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t ask)
    : seed_(seed),
      purpose_(static_cast<std::uint32_t>(purpose)),
      ask_(static_cast<std::uint32_t>(ask)) {}

std::uint32_t RandomStream::bits() {
  if (used_ == words_.size()) {
    words_ = philox(seed_, block_++, purpose_, ask_);
    used_ = 0;
  }
  return words_[used_++];
}

std::uint64_t RandomStream::seed() {
  const std::uint64_t high = bits();
  return (high << 32) | bits();
}

double RandomStream::uniform() {
  const double high = bits();
  const double low = bits() >> 12;  // 20 more bits: 52 in all, so that + 1/2 stays exact
  return (high * 0x1p20 + low + 0.5) * 0x1p-52;
}

double RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius_uniform = uniform();
  const auto [first, second] = box_muller(radius_uniform, uniform());
  spare_normal_ = second;
  has_spare_ = true;
  return first;
}

std::uint64_t RandomStream::integer(std::uint64_t count) {
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % count;  // reject the uneven tail
  for (;;) {
    const std::uint64_t high = bits();
    const std::uint64_t draw = (high << 32) | bits();
    if (draw < limit) return draw % count;
  }
}

void RandomStream::fill_uniform(std::span<double> out) {
  for (double& value : out) value = uniform();
}

void RandomStream::fill_normal(std::span<double> out) {
  for (double& value : out) value = normal();
}

std::array<double, 4> gaussian_block(std::uint64_t seed, std::uint64_t block) {
  const auto words = rademacher_block(seed, block);
  const auto [a, b] = box_muller(open_uniform(words[0]), open_uniform(words[1]));
  const auto [c, d] = box_muller(open_uniform(words[2]), open_uniform(words[3]));
  return {a, b, c, d};
}

std::array<std::uint32_t, 4> rademacher_block(std::uint64_t seed, std::uint64_t block) {
  return philox(seed, block, static_cast<std::uint32_t>(Purpose::kDirection), 0);
}

std::uint64_t spread_seed(std::uint64_t seed) {
  std::uint64_t z = seed + 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace asktell
