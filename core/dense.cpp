// See dense.hpp. Plain Eigen.
#include <asktell/core/dense.hpp>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace asktell::dense {

Index cholesky(Ref<MatrixXd> a) {
  const Eigen::LLT<Ref<MatrixXd>> llt(a);
  return llt.info() == Eigen::Success ? -1 : 0;
}

void inverse_from_cholesky(const Ref<const MatrixXd>& l, Ref<MatrixXd> out) {
  MatrixXd inverse = MatrixXd::Identity(l.rows(), l.rows());
  solve_lower(l, inverse);
  out.noalias() = inverse.transpose() * inverse;
}

void solve_lower(const Ref<const MatrixXd>& l, Ref<MatrixXd> b) {
  l.triangularView<Eigen::Lower>().solveInPlace(b);
}

void solve_lower_transposed(const Ref<const MatrixXd>& l, Ref<MatrixXd> b) {
  l.triangularView<Eigen::Lower>().transpose().solveInPlace(b);
}

void multiply(bool transpose_a, bool transpose_b, double alpha, const Ref<const MatrixXd>& a,
              const Ref<const MatrixXd>& b, double beta, Ref<MatrixXd> c) {
  if (beta == 0) {
    c.setZero();
  } else if (beta != 1) {
    c *= beta;
  }
  if (transpose_a && transpose_b) {
    c.noalias() += alpha * a.transpose() * b.transpose();
  } else if (transpose_a) {
    c.noalias() += alpha * a.transpose() * b;
  } else if (transpose_b) {
    c.noalias() += alpha * a * b.transpose();
  } else {
    c.noalias() += alpha * a * b;
  }
}

void stationary(Form form, double shape, const double* r2, std::size_t count, double* k,
                double* g) {
  for (std::size_t i = 0; i < count; ++i) {
    const double q = std::max(r2[i], 0.0);
    double value = 0, slope = 0;
    if (form == Form::kRbf) {
      value = std::exp(-q / 2);
      slope = -value / 2;
    } else if (form == Form::kRationalQuadratic) {
      const double base = 1 + q / (2 * shape);
      value = std::pow(base, -shape);
      slope = -value / base / 2;
    } else if (form == Form::kMatern12) {
      const double s = std::sqrt(q);
      value = std::exp(-s);
      slope = s > 0 ? -value / (2 * s) : 0;
    } else if (form == Form::kMatern32) {
      const double s = std::sqrt(3 * q), decay = std::exp(-s);
      value = (1 + s) * decay;
      slope = -1.5 * decay;
    } else {
      const double s = std::sqrt(5 * q), decay = std::exp(-s);
      value = (1 + s + s * s / 3) * decay;
      slope = -5.0 / 6 * (1 + s) * decay;
    }
    k[i] = value;
    if (g) g[i] = slope;
  }
}

void squared_distances(const Ref<const MatrixXd>& a, const Ref<const MatrixXd>& b,
                       Ref<MatrixXd> out) {
  for (Index j = 0; j < b.cols(); ++j) {
    for (Index i = 0; i < a.cols(); ++i) out(i, j) = (a.col(i) - b.col(j)).squaredNorm();
  }
}

void squared_distances_symmetric(const Ref<const MatrixXd>& a, Ref<MatrixXd> out) {
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index i = j; i < a.cols(); ++i) out(i, j) = (a.col(i) - a.col(j)).squaredNorm();
  }
}

void mirror_lower(Ref<MatrixXd> a) {
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index i = j + 1; i < a.rows(); ++i) a(j, i) = a(i, j);
  }
}

}  // namespace asktell::dense
