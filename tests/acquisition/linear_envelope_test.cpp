// Expected gain of the best of several lines: values of 40 digits (mpmath), of which the envelope
// agrees with exact piecewise integration.
#include <asktell/acquisition/linear_envelope.hpp>

#include <cmath>
#include <limits>

#include <asktell/core/random.hpp>
#include <asktell/core/special_functions.hpp>

#include <gtest/gtest.h>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(LinearEnvelope, MatchesHighPrecisionValues) {
  struct Row {
    VectorXd a, b;
    double log_gain;
  };
  const Row rows[] = {
      {VectorXd{{0, 0}}, VectorXd{{0, 1}}, -0.91893853320467},
      {VectorXd{{1, 0}}, VectorXd{{0, 1}}, -2.4851210257126},
      {VectorXd{{0, .5, .2}}, VectorXd{{-1, 0, 1}}, -0.76666929462985},
      {VectorXd{{.3, .1, .3, -1, .25}}, VectorXd{{.5, .5, -.2, .1, 0}}, -1.2756134771434},
      {VectorXd{{.2, -.1, .4, .35, 0}}, VectorXd{{-.8, 1.3, .05, .3, -1.5}}, -0.31551030445913},
      {VectorXd{{0, -40}}, VectorXd{{0, 1}}, -808.29856835662}};
  for (const Row& row : rows) {
    EXPECT_NEAR(LinearEnvelope(row.a, row.b).log_gain(), row.log_gain,
                2e-14 * (1 + std::abs(row.log_gain)))
        << row.a.transpose();
  }
  EXPECT_EQ(LinearEnvelope(VectorXd{{1, 2, 0}}, VectorXd{{.7, .7, .7}}).log_gain(), -kInfinity);
  EXPECT_EQ(LinearEnvelope(rows[3].a, rows[3].b).active(), (std::vector<Index>{2, 0}));
  EXPECT_EQ(LinearEnvelope(rows[4].a, rows[4].b).active().size(), 5u);
}

TEST(LinearEnvelope, SlopesTooSmallToDivideByCountAsNone) {
  EXPECT_EQ(LinearEnvelope(VectorXd{{1, 0}}, VectorXd{{0, 1e-310}}).log_gain(), -kInfinity);
}

// Ranking and selection among three alternatives: prior means, covariances, noise .25 (mpmath).
TEST(LinearEnvelope, RankingAndSelectionExample) {
  const VectorXd mean{{.1, .4, .3}};
  MatrixXd sigma(3, 3);
  sigma << 1, .5, .2, .5, .8, .1, .2, .1, 1.2;
  const double expected[] = {.13151139900443, .22544421582666, .31661529769022};
  for (Index i = 0; i < 3; ++i) {
    const VectorXd slopes = sigma.col(i) / std::sqrt(sigma(i, i) + .25);
    EXPECT_NEAR(std::exp(LinearEnvelope(mean, slopes).log_gain()), expected[i], 1e-14);
  }
}

TEST(LinearEnvelope, AgreesWithIntegrationForRandomLines) {
  RandomStream stream(5, Purpose::kUser);
  for (int trial = 0; trial < 20; ++trial) {
    VectorXd a(12), b(12);
    stream.fill_normal({a.data(), 12});
    stream.fill_normal({b.data(), 12});
    double sum = 0;
    const double step = 1e-3;
    for (double z = -9; z < 9; z += step) sum += step * normal_pdf(z) * (a + z * b).maxCoeff();
    EXPECT_NEAR(std::exp(LinearEnvelope(a, b).log_gain()), sum - a.maxCoeff(), 1e-5);
  }
}

TEST(LinearEnvelope, MoreLinesBelowTheBestMeanNeverGainLess) {
  const VectorXd a{{.2, -.1, .4, .35, 0}}, b{{-.8, 1.3, .05, .3, -1.5}};
  double before = -kInfinity;
  for (Index m = 3; m <= 5; ++m) {
    const double now = LinearEnvelope(a.head(m), b.head(m)).log_gain();
    EXPECT_GE(now, before);
    before = now;
  }
}

TEST(LinearEnvelope, GradientsMatchDifferencesAlsoFarInTheTail) {
  const double h = 1e-5;
  const std::pair<VectorXd, VectorXd> cases[] = {
      {VectorXd{{.2, -.1, .41, .35, 0}}, VectorXd{{-.8, 1.3, .05, .3, -1.5}}},
      {VectorXd{{0, -40, -45}}, VectorXd{{0, 1, 2}}}};
  for (const auto& [a, b] : cases) {
    MatrixXd two(a.size(), 2);
    two.col(0) = a;
    two.col(1) = a.array() + 0.1 * b.array();
    MatrixXd by_a;
    VectorXd by_b;
    log_mean_gain(two, b, &by_a, &by_b);
    for (Index i = 0; i < a.size(); ++i) {
      const auto value = [&](double da, double db) {
        MatrixXd moved = two;
        VectorXd slopes = b;
        moved(i, 1) += da;
        slopes[i] += db;
        return log_mean_gain(moved, slopes, nullptr, nullptr);
      };
      EXPECT_NEAR(by_a(i, 1), (value(h, 0) - value(-h, 0)) / (2 * h),
                  1e-6 * (1 + std::abs(by_a(i, 1))));
      EXPECT_NEAR(by_b[i], (value(0, h) - value(0, -h)) / (2 * h), 1e-5 * (1 + std::abs(by_b[i])));
    }
  }
}

}  // namespace
}  // namespace asktell
