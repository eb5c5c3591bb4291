// Transforms of values against google-vizier's and at the ends of the range of doubles.
#include <gtest/gtest.h>

#include <asktell/surrogates/output_warp.hpp>

namespace asktell {
namespace {

using Eigen::VectorXd;

TEST(OutputWarp, HalfRankMatchesTheReference) {
  // google-vizier's half-rank warp of y = (-100, -5, 1, 2, 2.5, 3, 7), which maximizes: signs
  // turned.
  const VectorXd y{{100, 5, -1, -2, -2.5, -3, -7}};
  const VectorXd wanted{{1.753544633567, 0.027970459495, -1.06213154669, -2, -2.5, -3, -7}};
  const VectorXd warped = half_rank(y) * 100;  // half_rank divides by the largest magnitude
  for (Eigen::Index i = 0; i < 7; ++i) EXPECT_NEAR(warped[i], wanted[i], 1e-10);
}

TEST(OutputWarp, StandardizeIsSafeAtTheEndsOfTheRange) {
  for (double scale : {1e-300, 1.0, 1e300}) {
    const VectorXd z = standardize(VectorXd{{-scale, 0, scale}});
    EXPECT_NEAR(z[2], 1, 1e-12);
  }
  EXPECT_EQ(standardize(VectorXd::Constant(3, 4.5)).norm(), 0);
}

}  // namespace
}  // namespace asktell
