// apply() and measure(): the direction, its independence of blocking and threads, and what remains
// of a perturbation.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <asktell/core/random.hpp>
#include <asktell/core/study.hpp>
#include <asktell/core/threads.hpp>

namespace asktell {
namespace {

template <typename Real>
std::vector<Real> moved(std::vector<Real> x, const Move& move) {
  asktell::apply(std::span<Real>(x), move);
  return x;
}

double coordinate(std::uint64_t seed, std::size_t i) {
  return gaussian_block(seed, i / 4)[i % 4];
}

TEST(Perturb, KnownDirectionOfSeed42) {
  // Box-Muller on the Philox4x32-10 words of key 42, blocks 0 and 1, computed independently.
  const std::vector<double> expected = {-0.970189790020, 0.194018955360,  -1.235620743318,
                                        1.923926749754,  -0.073181508446, 0.139137496303,
                                        -1.106665031066};
  const auto z = moved(std::vector<double>(7, 0.0), {42, 1});
  for (std::size_t i = 0; i < z.size(); ++i) EXPECT_NEAR(z[i], expected[i], 1e-12) << i;
}

TEST(Perturb, EqualsGaussianBlockInBothPrecisions) {
  const std::size_t count = 300001;  // several pieces of 2^17, and a ragged end
  const auto single = moved(std::vector<float>(count, 0.0f), {987654321987654321u, 1});
  const auto twice = moved(std::vector<double>(count, 0.0), {987654321987654321u, 1});
  for (std::size_t i = 0; i < count; ++i) {
    const double z = coordinate(987654321987654321u, i);
    ASSERT_NEAR(single[i], z, 2e-6) << i;  // 6.8 (the largest |z|) times a few float roundings
    ASSERT_NEAR(twice[i], z, 4e-15) << i;
  }
}

TEST(Perturb, DirectionIsStandardNormal) {
  const std::size_t count = 1u << 20;
  const auto z = moved(std::vector<float>(count, 0.0f), {5, 1});
  double sum = 0, squares = 0, fourth = 0;
  for (double v : z) {
    sum += v;
    squares += v * v;
    fourth += v * v * v * v;
  }
  const double n = count;  // standard errors of the moments: 1, sqrt(2), sqrt(96) over sqrt(n)
  EXPECT_NEAR(sum / n, 0, 5 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1, 5 * std::sqrt(2 / n));
  EXPECT_NEAR(fourth / n, 3, 5 * std::sqrt(96 / n));
}

TEST(Perturb, SameBitsOnAnyNumberOfThreads) {
  const std::vector<float> x(700003, 1.0f);
  set_threads(1);
  const auto one = moved(x, {3, 0.01});
  for (int threads : {2, 8}) {
    set_threads(threads);
    EXPECT_EQ(moved(x, {3, 0.01}), one) << threads;
  }
  set_threads(0);
}

TEST(Perturb, PrefixOfALongVectorIsTheShortVector) {
  const auto all = moved(std::vector<float>(1000, 0.5f), {11, 0.25});
  for (std::size_t count : {0u, 1u, 3u, 4u, 127u, 128u, 129u}) {
    const auto part = moved(std::vector<float>(count, 0.5f), {11, 0.25});
    EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin())) << count;
  }
}

TEST(Perturb, MeasureMakesMovesThenLooksAtBothSides) {
  std::vector<double> x(50, 1.0);
  const Perturb query{.seed = 9, .scale = 0.5, .moves = {{21, 2.0}, {22, -3.0}}};
  std::vector<std::vector<double>> seen;
  const Losses losses = measure(std::span<double>(x), query, [&] {
    seen.push_back(x);
    return std::accumulate(x.begin(), x.end(), 0.0);
  });
  ASSERT_EQ(seen.size(), 2u);
  double plus = 0, minus = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double base = 1 + 2 * coordinate(21, i) - 3 * coordinate(22, i);
    EXPECT_NEAR(seen[0][i], base + 0.5 * coordinate(9, i), 1e-14);
    EXPECT_NEAR(seen[1][i], base - 0.5 * coordinate(9, i), 1e-14);
    EXPECT_NEAR(x[i], base, 1e-14);
    plus += seen[0][i];
    minus += seen[1][i];
  }
  EXPECT_DOUBLE_EQ(losses.plus, plus);
  EXPECT_DOUBLE_EQ(losses.minus, minus);
}

TEST(Perturb, FusedMovesEqualSeparateOnesBitForBit) {
  std::vector<float> fused(5000, 0.7f);
  std::vector<float> apart = fused;
  std::vector<float> first_side;
  measure(std::span<float>(fused), {.seed = 1, .scale = 1e-3, .moves = {{2, 0.1}, {3, 0.2}}}, [&] {
    if (first_side.empty()) first_side = fused;
    return 0.0;
  });
  for (const Move& move : {Move{2, 0.1}, Move{3, 0.2}, Move{1, 1e-3}}) {
    asktell::apply(std::span<float>(apart), move);
  }
  EXPECT_EQ(first_side, apart);
}

TEST(Perturb, ComesBackWithinThreeRoundings) {
  // Values below 2: half a unit in the last place is 2^-24; three additions round.
  std::vector<float> x(100000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  const std::vector<float> before = x;
  measure(std::span<float>(x), {.seed = 4, .scale = 1e-3, .moves = {}}, [] { return 0.0; });
  for (std::size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(x[i], before[i], 3 * 0x1p-24) << i;
}

TEST(Perturb, AFailingLossLeavesTheMovedVector) {
  for (int failing_call : {1, 2}) {
    std::vector<double> x(40, 0.0);
    int calls = 0;
    const auto loss = [&]() -> double {
      if (++calls == failing_call) throw std::runtime_error("out of memory");
      return 0;
    };
    EXPECT_THROW(
        measure(std::span<double>(x), {.seed = 6, .scale = 1.0, .moves = {{8, 1.0}}}, loss),
        std::runtime_error);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(x[i], coordinate(8, i), 1e-14) << i;
  }
}

}  // namespace
}  // namespace asktell
