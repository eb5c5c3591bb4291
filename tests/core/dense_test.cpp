// The numeric kernels of every instruction set that this machine has, against Eigen's own
// decompositions, long double arithmetic and each other. Matrices lie inside larger ones, whose
// other entries must stay as they are.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <asktell/core/dense.hpp>
#include <asktell/core/dense_kernels.hpp>
#include <asktell/core/random.hpp>

namespace asktell::dense {
namespace {

constexpr Index kSizes[] = {0,  1,  2,  3,  5,  7,   8,   9,   15,  16,  17,  31,  32,
                            33, 63, 64, 65, 96, 100, 127, 128, 129, 130, 193, 257, 300};
constexpr Index kSlack = 3;  // rows of the matrix around the one looked at
constexpr double kMark = -777.25;
const double kInfinity = std::numeric_limits<double>::infinity();
const double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<const DenseKernels*> tables() {
  std::vector<const DenseKernels*> all;
  for (std::string_view name : supported_kernels()) {
    if (name == "baseline") all.push_back(dense_kernels_baseline());
#if defined(__x86_64__)
    if (name == "avx2") all.push_back(dense_kernels_avx2());
    if (name == "avx512") all.push_back(dense_kernels_avx512());
#endif
  }
  return all;
}

MatrixXd random_matrix(Index rows, Index cols, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kFit);
  MatrixXd out(rows, cols);
  stream.fill_normal({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

MatrixXd positive_definite(Index n, std::uint64_t seed) {
  const MatrixXd a = random_matrix(n, n, seed);
  return a * a.transpose() / std::max<double>(1, static_cast<double>(n)) +
         0.1 * MatrixXd::Identity(n, n);
}

// A matrix inside a larger one filled with marks.
struct Framed {
  explicit Framed(const MatrixXd& inside)
      : rows(inside.rows()), cols(inside.cols()), all(rows + kSlack, cols + 1) {
    all.setConstant(kMark);
    all.topLeftCorner(rows, cols) = inside;
  }
  double* data() { return all.data(); }
  Index ld() const { return all.rows(); }
  MatrixXd inside() const { return all.topLeftCorner(rows, cols); }
  bool frame_untouched() const {
    return (all.bottomRows(kSlack).array() == kMark).all() &&
           (all.rightCols(1).array() == kMark).all();
  }
  Index rows, cols;
  MatrixXd all;
};

class DenseKernel : public ::testing::TestWithParam<const DenseKernels*> {
 protected:
  double* scratch(Index extra = 0) {
    const Index size = std::max<Index>(table().scratch, extra);
    if (memory_.size() < size + 8) memory_.setConstant(size + 8, kNaN);
    auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
    return memory_.data() + (64 - address % 64) % 64 / sizeof(double);
  }
  const DenseKernels& table() const { return *GetParam(); }
  MatrixXd factor(const MatrixXd& a) { return a.llt().matrixL(); }

 private:
  VectorXd memory_;
};

double largest(const MatrixXd& m) {
  return m.size() > 0 ? m.cwiseAbs().maxCoeff() : 0;
}

TEST_P(DenseKernel, CholeskyFactorsTheLowerTriangle) {
  for (Index n : kSizes) {
    const MatrixXd a = positive_definite(n, 1);
    Framed framed(a);
    for (Index j = 1; j < n; ++j) framed.all.col(j).head(j).setConstant(kMark);
    ASSERT_EQ(table().cholesky(n, framed.data(), framed.ld(), scratch()), -1) << n;
    MatrixXd l = framed.inside();
    for (Index j = 1; j < n; ++j) {
      EXPECT_TRUE((l.col(j).head(j).array() == kMark).all()) << n;
      l.col(j).head(j).setZero();
    }
    EXPECT_LT(largest(l * l.transpose() - a), 1e-14 * (10 + largest(a))) << n;
    EXPECT_TRUE(framed.frame_untouched()) << n;
  }
}

TEST_P(DenseKernel, CholeskyNamesTheFirstColumnThatFails) {
  for (Index n : {1, 2, 5, 8, 9, 31, 64, 65, 100, 130, 257}) {
    for (Index bad : {Index{0}, n / 2, n - 1}) {
      for (double pivot : {-1.0, 0.0, kNaN, kInfinity}) {
        MatrixXd a = positive_definite(n, 2);
        // The pivot of a column is its diagonal less what the columns before it explain.
        const MatrixXd l = factor(a);
        a(bad, bad) = pivot == 0 ? l.row(bad).head(bad).squaredNorm() - 1e-6 : pivot;
        Framed framed(a);
        EXPECT_EQ(table().cholesky(n, framed.data(), framed.ld(), scratch()), bad)
            << n << " " << pivot;
      }
    }
  }
  MatrixXd a = positive_definite(100, 2);
  a(90, 70) = kNaN;
  EXPECT_EQ(table().cholesky(100, a.data(), 100, scratch()), 90);
}

TEST_P(DenseKernel, InverseIsTheInverse) {
  for (Index n : kSizes) {
    const MatrixXd a = positive_definite(n, 3), l = factor(a);
    Framed in(l), out(MatrixXd::Constant(n, n, kNaN));
    for (Index j = 1; j < n; ++j) in.all.col(j).head(j).setConstant(kNaN);
    table().inverse(n, in.data(), in.ld(), out.data(), out.ld(), scratch());
    const MatrixXd lower = out.inside().triangularView<Eigen::Lower>();
    const MatrixXd full = lower.selfadjointView<Eigen::Lower>();
    EXPECT_LT(largest(full * a - MatrixXd::Identity(n, n)), 1e-12) << n;
    EXPECT_TRUE(out.frame_untouched()) << n;
  }
}

TEST_P(DenseKernel, SolvesInvertProducts) {
  for (Index n : kSizes) {
    const MatrixXd l = factor(positive_definite(n, 4));
    Framed in(l);
    for (Index j = 1; j < n; ++j) in.all.col(j).head(j).setConstant(kNaN);
    for (Index q : {1, 2, 4, 5, 8, 13, 24, 25, 70}) {
      const MatrixXd x = random_matrix(n, q, 5);
      Framed forward(l * x), backward(l.transpose() * x), right(x.transpose() * l.transpose());
      table().solve_lower(n, q, in.data(), in.ld(), forward.data(), forward.ld(), scratch());
      table().solve_lower_transposed(n, q, in.data(), in.ld(), backward.data(), backward.ld(),
                                     scratch());
      table().solve_right(q, n, in.data(), in.ld(), right.data(), right.ld(), scratch());
      EXPECT_LT(largest(forward.inside() - x), 1e-11) << n << " " << q;
      EXPECT_LT(largest(backward.inside() - x), 1e-11) << n << " " << q;
      EXPECT_LT(largest(right.inside() - x.transpose()), 1e-11) << n << " " << q;
      EXPECT_TRUE(forward.frame_untouched() && backward.frame_untouched() &&
                  right.frame_untouched())
          << n << " " << q;
    }
  }
}

TEST_P(DenseKernel, ProductsEqualEigens) {
  struct Shape {
    Index m, n, k;
  };
  for (const auto& [m, n, k] : {Shape{1, 1, 1},
                                {0, 3, 2},
                                {3, 2, 0},
                                {5, 7, 3},
                                {24, 8, 10},
                                {25, 9, 65},
                                {13, 130, 257},
                                {200, 5, 300},
                                {193, 520, 33},
                                {64, 64, 64}}) {
    for (bool ta : {false, true}) {
      for (bool tb : {false, true}) {
        for (double beta : {0.0, 1.0, -0.5}) {
          const MatrixXd a = random_matrix(m, k, 6), b = random_matrix(k, n, 7);
          const MatrixXd c = random_matrix(m, n, 8);
          Framed fa(ta ? MatrixXd(a.transpose()) : a), fb(tb ? MatrixXd(b.transpose()) : b);
          Framed out(beta == 0 ? MatrixXd::Constant(m, n, kNaN) : c);
          table().multiply(kAll, ta, tb, m, n, k, 1.5, fa.data(), fa.ld(), fb.data(), fb.ld(), beta,
                           out.data(), out.ld(), scratch());
          const MatrixXd expected = 1.5 * a * b + beta * c;
          EXPECT_LT(largest(out.inside() - expected), 1e-13 * (10 + static_cast<double>(k)))
              << m << " " << n << " " << k << " " << ta << tb << " " << beta;
          EXPECT_TRUE(out.frame_untouched());
        }
      }
    }
  }
}

TEST_P(DenseKernel, ProductOfAMatrixWithItselfWritesTheLowerTriangle) {
  for (Index n : kSizes) {
    const MatrixXd a = random_matrix(n, 70, 9);
    Framed in(a), out(MatrixXd::Constant(n, n, kMark));
    table().multiply(kLowerOnly, false, true, n, n, 70, 1, in.data(), in.ld(), in.data(), in.ld(),
                     0, out.data(), out.ld(), scratch());
    const MatrixXd expected = a * a.transpose();
    for (Index j = 0; j < n; ++j) {
      for (Index i = 0; i < n; ++i) {
        if (i >= j) {
          ASSERT_NEAR(out.all(i, j), expected(i, j), 1e-12) << n;
        } else {
          ASSERT_EQ(out.all(i, j), kMark) << n;
        }
      }
    }
    EXPECT_TRUE(out.frame_untouched()) << n;
  }
}

// Distance in units of the last place of the true result.
double ulps(double value, long double expected) {
  const auto nearest = static_cast<double>(expected);
  if (std::isnan(value) || std::isnan(nearest)) {
    return std::isnan(value) == std::isnan(nearest) ? 0 : 1e9;
  }
  if (std::isinf(nearest) || std::isinf(value)) return value == nearest ? 0 : 1e9;
  const double unit = std::max(std::nextafter(std::abs(nearest), kInfinity) - std::abs(nearest),
                               std::numeric_limits<double>::denorm_min());
  return static_cast<double>(std::abs(static_cast<long double>(value) - expected) / unit);
}

TEST_P(DenseKernel, ExponentialIsRightToOneUnitInTheLastPlace) {
  std::vector<double> x = {0.0,    -0.0,   1e-320, -1e-320,   1e-17,      1.0,        -1.0,
                           709.78, 709.79, -708.3, -708.4,    -740.0,     -745.13,    -745.14,
                           -746.0, -800.0, 1e4,    -1e300,    1e300,      kInfinity,  -kInfinity,
                           kNaN,   0.3465, 0.3466, 0.5 / 3.0, 88.3762626, -87.336544, 5e-324};
  for (int i = -30000; i <= 30000; ++i) x.push_back(i * 0.0248151 + 1e-5 * i * i / 3e4);
  for (int i = 1; i < 20000; ++i) x.push_back(-i * 1.7e-3);
  std::vector<double> out(x.size());
  table().exponential(x.data(), static_cast<long>(x.size()), out.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_LT(ulps(out[i], std::exp(static_cast<long double>(x[i]))), 1.2) << x[i];
  }
  EXPECT_EQ(out[0], 1);
}

TEST_P(DenseKernel, SineAndCosineAreExactToRounding) {
  std::vector<double> x = {
      0.0,   1e-300, -1e-9, 0.785398163397448, 1.5707963267948966, 3.14159265, 1e6, -1e6, 1e7,
      -3e15, 1e22,   kNaN};
  for (int i = -50000; i <= 50000; ++i) x.push_back(i * 20.000003 * i / 5e4);
  for (int i = -20000; i <= 20000; ++i) x.push_back(i * 1.1e-3);
  for (int i = 0; i < 600000; i += 37) x.push_back(i * 1.5707963267948966);  // near the zeros
  std::vector<double> sine(x.size()), cosine(x.size());
  table().sin_cos(x.data(), static_cast<long>(x.size()), 1, sine.data(), cosine.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto wide = static_cast<long double>(x[i]);
    if (std::isnan(x[i])) {
      EXPECT_TRUE(std::isnan(sine[i]) && std::isnan(cosine[i]));
      continue;
    }
    ASSERT_NEAR(sine[i], static_cast<double>(std::sin(wide)), 2.3e-16) << x[i];
    ASSERT_NEAR(cosine[i], static_cast<double>(std::cos(wide)), 2.3e-16) << x[i];
  }
}

struct Correlation {
  long double value, slope;
};

Correlation exact_correlation(int form, long double q) {
  const long double s = std::sqrt((form == 3 ? 5 : form == 2 ? 3 : 1) * q), e = std::exp(-s);
  if (form == 0) return {std::exp(-q / 2), -std::exp(-q / 2) / 2};
  if (form == 1) return {e, s > 0 ? -e / (2 * s) : 0};
  if (form == 2) return {(1 + s) * e, -1.5L * e};
  return {(1 + s + s * s / 3) * e, -5.0L / 6 * (1 + s) * e};
}

TEST_P(DenseKernel, StationaryFormsEqualTheirFormulas) {
  std::vector<double> r2 = {0.0, -1e-18, 1e-300, 1e-16, 1e-3, 1e5, 1e300};
  for (int i = 0; i < 3000; ++i) r2.push_back(i * i * 1e-5);
  for (int form = 0; form < 4; ++form) {
    std::vector<double> k(r2.size()), g(r2.size());
    table().stationary(form, r2.data(), static_cast<long>(r2.size()), k.data(), g.data());
    for (std::size_t i = 0; i < r2.size(); ++i) {
      const auto exact = exact_correlation(form, std::max(r2[i], 0.0));
      const double slack = 4e-16 * (4 + std::sqrt(std::min(std::abs(r2[i]), 1e5)));
      ASSERT_NEAR(k[i], static_cast<double>(exact.value), slack * std::abs(k[i]) + 1e-320)
          << form << " " << r2[i];
      ASSERT_NEAR(g[i], static_cast<double>(exact.slope), slack * std::abs(g[i]) + 1e-320)
          << form << " " << r2[i];
    }
  }
}

TEST_P(DenseKernel, CovarianceIsTheFormOfTheDistances) {
  for (Index n : {1, 5, 8, 17, 33, 66}) {
    for (Index m : {1, 7, 8, 30}) {
      const Index d = 1 + n % 7;
      MatrixXd a = random_matrix(d, n, 11), b = random_matrix(d, m, 12);
      b.col(0) = a.col(0);
      if (m > 1) b.col(1) = a.col(0).array() + 1e-9;
      Framed k(MatrixXd::Zero(n, m)), g(MatrixXd::Zero(n, m));
      for (int form = 0; form < 4; ++form) {
        table().covariance(
            {form, d, n, m, a.data(), d, b.data(), d, false, k.data(), k.ld(), g.data(), g.ld()},
            scratch((d + 1) * (n + 8)));
        for (Index j = 0; j < m; ++j) {
          for (Index i = 0; i < n; ++i) {
            const auto exact = exact_correlation(form, (a.col(i) - b.col(j)).squaredNorm());
            ASSERT_NEAR(k.all(i, j), static_cast<double>(exact.value), 1e-14);
            ASSERT_NEAR(g.all(i, j), static_cast<double>(exact.slope),
                        1e-14 * (1 + std::abs(g.all(i, j))));
          }
        }
        EXPECT_TRUE(k.frame_untouched() && g.frame_untouched());
      }
    }
  }
}

TEST_P(DenseKernel, LowerCovarianceNeverTouchesWhatIsOutside) {
  for (Index n : kSizes) {
    const MatrixXd a = random_matrix(3, n, 13);
    Framed k(MatrixXd::Constant(n, n, kMark)), g(MatrixXd::Constant(n, n, kMark));
    table().covariance(
        {3, 3, n, n, a.data(), 3, a.data(), 3, true, k.data(), k.ld(), g.data(), g.ld()},
        scratch(4 * (n + 8)));
    for (Index j = 0; j < n; ++j) {
      for (Index i = j; i < n; ++i) {
        const auto exact = exact_correlation(3, (a.col(i) - a.col(j)).squaredNorm());
        ASSERT_NEAR(k.all(i, j), static_cast<double>(exact.value), 1e-14);
        ASSERT_NEAR(g.all(i, j), static_cast<double>(exact.slope), 1e-14);
      }
    }
    EXPECT_TRUE(k.frame_untouched() && g.frame_untouched()) << n;
  }
}

TEST_P(DenseKernel, PullSumsWeightedDifferences) {
  for (Index n : kSizes) {
    for (Index d : {1, 3, 12}) {
      MatrixXd w = random_matrix(n, n, 14), g = random_matrix(n, n, 15);
      const MatrixXd u = random_matrix(d, n, 16);
      w = w.triangularView<Eigen::Lower>();
      g = g.triangularView<Eigen::Lower>();
      MatrixXd t = w.cwiseProduct(g);
      t = MatrixXd(t.selfadjointView<Eigen::Lower>());
      MatrixXd expected(d, n);
      for (Index j = 0; j < n; ++j) {
        expected.col(j).setZero();
        for (Index i = 0; i < n; ++i) expected.col(j) += t(i, j) * (u.col(j) - u.col(i));
      }
      for (Index j = 1; j < n; ++j) {
        w.col(j).head(j).setConstant(kNaN);
        g.col(j).head(j).setConstant(kNaN);
      }
      Framed fw(w), fg(g);
      MatrixXd out = MatrixXd::Constant(d, n, kNaN);
      table().pull(d, n, fw.data(), fw.ld(), fg.data(), fg.ld(), u.data(), d, out.data(),
                   scratch(2 * (d + 1) * (n + 8) + 64 * (d + 1)));
      EXPECT_LT(largest(out - expected), 1e-12 * (1 + static_cast<double>(n))) << n << " " << d;
    }
  }
}

TEST_P(DenseKernel, PassesOverTriangles) {
  for (Index n : kSizes) {
    const MatrixXd a = random_matrix(n, n, 17), b = random_matrix(n, n, 18);
    const MatrixXd sa = a.selfadjointView<Eigen::Lower>(), sb = b.selfadjointView<Eigen::Lower>();
    Framed fa(a), fb(b), copy(b);
    const double sum = sa.cwiseProduct(sb).sum();
    EXPECT_NEAR(table().dot_lower(n, fa.data(), fa.ld(), fb.data(), fb.ld()), sum,
                1e-12 * static_cast<double>(1 + n * n));
    const VectorXd v = random_matrix(n, 1, 19);
    table().copy_scale_lower(n, 0.5, fa.data(), fa.ld(), copy.data(), copy.ld());
    table().outer_minus_lower(n, 2, v.data(), fb.data(), fb.ld());
    for (Index j = 0; j < n; ++j) {
      for (Index i = 0; i < n; ++i) {
        EXPECT_EQ(fa.all(i, j), i >= j ? 0.5 * a(i, j) : a(i, j));
        EXPECT_EQ(copy.all(i, j), i >= j ? a(i, j) : b(i, j));
        EXPECT_NEAR(fb.all(i, j), i >= j ? 2 * v[i] * v[j] - b(i, j) : b(i, j), 1e-13);
      }
    }
    VectorXd squares(n), dots(n);
    Framed fresh(a);
    table().column_squares(n, n, fresh.data(), fresh.ld(), squares.data());
    dots.setOnes();
    table().column_dots(n, n, -1, fresh.data(), fresh.ld(), v.data(), 2, dots.data());
    dots = VectorXd(2 - dots.array());
    EXPECT_LT(largest(squares - a.colwise().squaredNorm().transpose()), 1e-12);
    EXPECT_LT(largest(dots - a.transpose() * v), 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(All, DenseKernel, ::testing::ValuesIn(tables()),
                         [](const auto& info) { return std::string(info.param->name); });

// The wide kernels add the terms of a result in one order.
TEST(Dense, WideKernelsAgreeToTheBit) {
  const std::vector<const DenseKernels*> all = tables();
  if (all.size() < 3) GTEST_SKIP() << "needs AVX2 and AVX-512";
  VectorXd memory(all[2]->scratch + all[1]->scratch + 100000);
  auto address = reinterpret_cast<std::uintptr_t>(memory.data());
  double* scratch = memory.data() + (64 - address % 64) % 64 / sizeof(double);
  for (Index n : kSizes) {
    MatrixXd results[2][7];
    for (int one = 0; one < 2; ++one) {
      const DenseKernels& table = *all[static_cast<std::size_t>(one) + 1];
      MatrixXd u = random_matrix(4, n, 21), k(n, n), g(n, n), inverse(n, n);
      k.setZero();
      g.setZero();
      table.covariance({3, 4, n, n, u.data(), 4, u.data(), 4, false, k.data(), n, g.data(), n},
                       scratch);
      results[one][0] = k;
      results[one][1] = g;
      k.diagonal().array() += 0.01;
      ASSERT_EQ(table.cholesky(n, k.data(), n, scratch), -1);
      results[one][2] = k;
      table.inverse(n, k.data(), n, inverse.data(), n, scratch);
      inverse = MatrixXd(inverse.triangularView<Eigen::Lower>());
      results[one][3] = inverse;
      MatrixXd x = random_matrix(n, 30, 22), y = random_matrix(n, 2, 23), by_point(4, n);
      table.solve_lower(n, 30, k.data(), n, x.data(), n, scratch);
      table.solve_lower_transposed(n, 2, k.data(), n, y.data(), n, scratch);
      table.pull(4, n, inverse.data(), n, g.data(), n, u.data(), 4, by_point.data(), scratch);
      results[one][4] = x;
      results[one][5] = y;
      results[one][6] = by_point;
    }
    for (int i = 0; i < 7; ++i) EXPECT_TRUE(results[0][i] == results[1][i]) << n << " " << i;
  }
}

TEST(Dense, BlocksOfLargerMatricesAreTakenAsTheyAre) {
  MatrixXd big = MatrixXd::Constant(40, 40, kMark);
  const MatrixXd a = positive_definite(30, 24);
  auto block = big.block(5, 6, 30, 30);
  block = a;
  ASSERT_EQ(cholesky(block), -1);
  MatrixXd inverse(30, 30);
  inverse_from_cholesky(block, inverse);
  EXPECT_LT(largest(inverse * a - MatrixXd::Identity(30, 30)), 1e-12);
  VectorXd v = a * VectorXd::Ones(30);
  solve_lower(block, v);
  solve_lower_transposed(block, v);
  EXPECT_LT(largest(v - VectorXd::Ones(30)), 1e-12);
  EXPECT_EQ(big(4, 6), kMark);
  EXPECT_EQ(big(35, 6), kMark);
}

TEST(Dense, TheRationalQuadraticEqualsItsFormula) {
  const MatrixXd a = random_matrix(3, 11, 25), b = random_matrix(3, 4, 26);
  MatrixXd k(11, 4), g;
  covariance(Form::kRationalQuadratic, 0.7, a, b, k, &g);
  for (Index j = 0; j < 4; ++j) {
    for (Index i = 0; i < 11; ++i) {
      const double base = 1 + (a.col(i) - b.col(j)).squaredNorm() / 1.4;
      EXPECT_NEAR(k(i, j), std::pow(base, -0.7), 1e-14);
      EXPECT_NEAR(g(i, j), -0.5 * std::pow(base, -1.7), 1e-14);
    }
  }
}

}  // namespace
}  // namespace asktell::dense
