// Streams against the published vectors of Random123 (Salmon et al. 2011), and their own promises.
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/core/random.hpp>
#include <asktell/core/sobol.hpp>

namespace asktell {
namespace {

TEST(Random, PhiloxMatchesPublishedVectors) {
  // kat_vectors of Random123: key and counter all zero, all ones, digits of pi.
  EXPECT_EQ(philox(0, 0, 0, 0),
            (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox(UINT64_MAX, UINT64_MAX, UINT32_MAX, UINT32_MAX),
            (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(0x299f31d0a4093822, 0x85a308d3243f6a88, 0x13198a2e, 0x03707344),
            (std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, GaussianDirectionOfSeed42) {
  // Box-Muller on the words 9ceaf053 77f5493b 12bf50ad 5742b3d7, computed in Python.
  const auto z = gaussian_block(42, 0);
  EXPECT_NEAR(z[0], -0.970189790020, 1e-12);
  EXPECT_NEAR(z[1], 0.194018955360, 1e-12);
  EXPECT_NEAR(z[2], -1.235620743318, 1e-12);
  EXPECT_NEAR(z[3], 1.923926749754, 1e-12);
}

TEST(Random, StreamsOfDifferentNamesDiffer) {
  RandomStream a(1, Purpose::kDesign, 0), b(1, Purpose::kDesign, 1), c(1, Purpose::kFit, 0);
  const auto first = a.bits();
  EXPECT_NE(first, b.bits());
  EXPECT_NE(first, c.bits());
  EXPECT_EQ(first, RandomStream(1, Purpose::kDesign, 0).bits());
}

TEST(Random, MomentsAreThoseOfTheLaw) {
  RandomStream stream(5, Purpose::kFit);
  double sum = 0, square = 0, uniform = 0;
  const int count = 200000;
  for (int i = 0; i < count; ++i) {
    const double z = stream.normal();
    sum += z;
    square += z * z;
    uniform += stream.uniform();
  }
  EXPECT_NEAR(sum / count, 0, 5 / std::sqrt(count));
  EXPECT_NEAR(square / count, 1, 5 * std::sqrt(2.0 / count));
  EXPECT_NEAR(uniform / count, 0.5, 5 / std::sqrt(12.0 * count));
}

TEST(Sobol, PowersOfTwoAreBalancedInEveryCoordinate) {
  const SobolPoints points(8, 3);
  std::vector<double> x(8);
  std::vector<std::vector<int>> cells(8, std::vector<int>(64));
  for (std::uint64_t i = 0; i < 64; ++i) {
    points.point(i, x);
    for (std::size_t k = 0; k < 8; ++k) ++cells[k][static_cast<std::size_t>(x[k] * 64)];
  }
  for (const auto& each : cells) EXPECT_EQ(each, std::vector<int>(64, 1));
}

}  // namespace
}  // namespace asktell
