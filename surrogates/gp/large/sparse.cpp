// See sparse.hpp. With A = L^-1 K(Z, X) D^-1/2 and B = I + A A' = R R', the inverse of Q + D is
// D^-1/2 (I - A' B^-1 A) D^-1/2 and its quadratic form is |r - A' b|^2 + |b|^2 at b = B^-1 A r,
// which does not cancel.
//
// Gradient: with W = alpha alpha' - (Q + D)^-1, C = K(Z, Z)^-1 K(Z, X) and s the derivative of the
// value by the diagonal of K - Q, the derivatives by K(Z, X), by K(Z, Z) and by the diagonal of K
// are C W - 2 C diag(s), -C W C' / 2 + C diag(s) C' and s. No n x n matrix is formed.
#include <asktell/surrogates/gp/large/sparse.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <asktell/core/dense.hpp>
#include <asktell/core/threads.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNoiseFloor = 1e-10;
constexpr double kVarianceFloor = 1e-12;  // relative to the prior variance
constexpr Index kPanel = 64;              // rows of A A' a piece of work
constexpr Index kQueries = 64;            // points of a prediction a piece of work
const double kLog2Pi = std::log(2 * std::numbers::pi);

// out := sum_i weight_i a_i a_i' over the columns of a (m x n), both triangles; weight empty: 1.
void gram(const MatrixXd& a, const VectorXd& weight, MatrixXd& out) {
  const Index m = a.rows(), n = a.cols();
  out.resize(m, m);
  parallel_for(static_cast<std::size_t>(m), kPanel, [&](std::size_t begin, std::size_t end) {
    const auto first = static_cast<Index>(begin), width = static_cast<Index>(end - begin);
    auto panel = out.block(first, first, m - first, width);
    if (weight.size() == 0) {
      dense::multiply(false, true, 1, a.bottomRows(m - first), a.middleRows(first, width), 0,
                      panel);
      return;
    }
    panel.setZero();
    constexpr Index kColumns = 512;
    MatrixXd weighted;
    for (Index at = 0; at < n; at += kColumns) {
      const Index count = std::min(kColumns, n - at);
      weighted = a.block(first, at, width, count) * weight.segment(at, count).asDiagonal();
      dense::multiply(false, true, 1, a.block(first, at, m - first, count), weighted, 1, panel);
    }
  });
  dense::mirror_lower(out);
}

// s := L'^-1 s L^-1 for symmetric s.
void sandwich(const MatrixXd& factor, MatrixXd& s) {
  dense::solve_lower_transposed(factor, s);
  s.transposeInPlace();
  dense::solve_lower_transposed(factor, s);
}

}  // namespace

// Of one block of points.
struct SparseLikelihood::Workspace {
  std::unique_ptr<KernelEvaluation> evaluation;
  MatrixXd x, k, both, weights, inner;
  VectorXd prior;
};

SparseLikelihood::SparseLikelihood(const Kernel& kernel, const GpData& data, MatrixXd z,
                                   SparseKind kind, GpMean mean, double jitter)
    : kernel_(kernel),
      data_(data),
      z_(std::move(z)),
      kind_(kind),
      mean_(mean),
      jitter_(jitter),
      block_(std::clamp<Index>(z_.cols(), 64, 512)),
      on_inducing_(kernel.evaluation()),
      pool_(std::make_unique<WorkspacePool<Workspace>>()) {
  const Index n = data.size();
  a_.resize(z_.cols(), n);
  for (VectorXd* each : {&noise_, &unseen_, &diagonal_, &alpha_, &slope_}) each->resize(n);
  block_gradients_.resize(parameters(), (n + block_ - 1) / block_);
}

SparseLikelihood::~SparseLikelihood() = default;

// body(workspace, first point, points, number of the block) for every block.
template <typename Body>
void SparseLikelihood::for_blocks(const Body& body) {
  const auto make = [this] {
    auto workspace = std::make_unique<Workspace>();
    workspace->evaluation = kernel_.evaluation();
    return workspace;
  };
  parallel_for(static_cast<std::size_t>(data_.size()), static_cast<std::size_t>(block_),
               [&](std::size_t begin, std::size_t end) {
                 const auto first = static_cast<Index>(begin);
                 pool_->with(make, [&](Workspace& workspace) {
                   body(workspace, first, static_cast<Index>(end - begin), first / block_);
                 });
               });
}

// Makes A and the diagonals.
void SparseLikelihood::project(const VectorXd& theta) {
  const double* log_noise = theta.data() + kernel_.parameter_count();
  for_blocks([&](Workspace& workspace, Index first, Index count, Index) {
    workspace.x = data_.x.middleCols(first, count);
    workspace.evaluation->cross(z_, workspace.x, theta.data(), false, workspace.k);
    kernel_.diagonal(workspace.x, theta.data(), workspace.prior);
    dense::solve_lower(factor_, workspace.k);
    for (Index j = 0; j < count; ++j) {
      const Index i = first + j;
      noise_[i] = std::max(data_.noise(i, log_noise), kNoiseFloor);
      unseen_[i] = std::max(0.0, workspace.prior[j] - workspace.k.col(j).squaredNorm());
      diagonal_[i] = noise_[i] + (kind_ == SparseKind::kFitc ? unseen_[i] : 0);
      a_.col(i) = workspace.k.col(j) / std::sqrt(diagonal_[i]);
    }
  });
}

// Leaves the mean, alpha, beta and the weights.
void SparseLikelihood::solve_mean() {
  const VectorXd root = diagonal_.cwiseSqrt();
  MatrixXd whitened(data_.size(), 2);  // of the values and of ones
  whitened.col(0) = data_.z.cwiseQuotient(root);
  whitened.col(1) = root.cwiseInverse();
  MatrixXd b = a_ * whitened;
  dense::solve_lower(inner_factor_, b);
  dense::solve_lower_transposed(inner_factor_, b);
  whitened.noalias() -= a_.transpose() * b;
  mean_value_ = mean_.value;
  if (mean_.kind != GpMean::Kind::kFixed) {
    const double prior_weight =
        mean_.kind == GpMean::Kind::kNormal ? 1 / (mean_.deviation * mean_.deviation) : 0;
    mean_value_ = (whitened.col(0).dot(whitened.col(1)) + b.col(0).dot(b.col(1))) /
                  (whitened.col(1).squaredNorm() + b.col(1).squaredNorm() + prior_weight);
  }
  alpha_ = whitened.col(0) - mean_value_ * whitened.col(1);
  beta_ = b.col(0) - mean_value_ * b.col(1);
  square_ = alpha_.squaredNorm() + beta_.squaredNorm();
  alpha_ = alpha_.cwiseQuotient(root);
  weights_ = beta_;
  dense::solve_lower_transposed(factor_, weights_);
}

double SparseLikelihood::value() const {
  double value = -0.5 * (square_ + static_cast<double>(data_.size()) * kLog2Pi +
                         diagonal_.array().log().sum()) -
                 inner_factor_.diagonal().array().log().sum();
  if (kind_ == SparseKind::kVariational) value -= 0.5 * unseen_.cwiseQuotient(noise_).sum();
  if (mean_.kind == GpMean::Kind::kNormal) {
    value += Prior::normal(0, mean_.deviation).log_density(mean_value_);
  }
  return value;
}

double SparseLikelihood::evaluate(const VectorXd& theta, double* gradient) {
  const double* log_noise = theta.data() + kernel_.parameter_count();
  const double infinity = std::numeric_limits<double>::infinity();
  if (gradient) VectorXd::Map(gradient, theta.size()).setZero();
  on_inducing_->symmetric(z_, theta.data(), gradient != nullptr, factor_);
  factor_.diagonal() *= 1 + jitter_;
  if (!factor_.allFinite() || dense::cholesky(factor_) >= 0) return -infinity;
  project(theta);
  gram(a_, {}, inner_);
  inner_.diagonal().array() += 1;
  inner_factor_ = inner_;
  if (!inner_factor_.allFinite() || dense::cholesky(inner_factor_) >= 0) return -infinity;
  solve_mean();
  if (!gradient) return value() + replicate_terms(data_, log_noise, nullptr);

  inner_inverse_.resize(z_.cols(), z_.cols());
  dense::inverse_from_cholesky(inner_factor_, inner_inverse_);
  cross_gradient(theta, gradient);
  inducing_gradient(gradient);
  return value() + replicate_terms(data_, log_noise, gradient + kernel_.parameter_count());
}

// Adds what comes through K(Z, X), the diagonal of K and the noise, block by block: a kernel's pass
// back takes a symmetric matrix, so each block is evaluated together with Z.
void SparseLikelihood::cross_gradient(const VectorXd& theta, double* gradient) {
  const Index m = z_.cols(), own = kernel_.parameter_count();
  const double* log_noise = theta.data() + own;
  for_blocks([&](Workspace& workspace, Index first, Index count, Index block) {
    auto out = block_gradients_.col(block);
    out.setZero();
    const auto a = a_.middleCols(first, count);
    MatrixXd& inner = workspace.inner;  // B^-1 A, then the derivative by K(Z, X)
    inner.resize(m, count);
    dense::multiply(false, false, 1, inner_inverse_, a, 0, inner);
    workspace.weights.setZero(m + count, m + count);
    for (Index j = 0; j < count; ++j) {
      const Index i = first + j;
      const double precision = (1 - inner.col(j).dot(a.col(j))) / diagonal_[i];
      const double by_diagonal = 0.5 * (alpha_[i] * alpha_[i] - precision);
      const bool fitc = kind_ == SparseKind::kFitc;
      slope_[i] = fitc ? by_diagonal : -0.5 / noise_[i];
      const double by_noise = by_diagonal + (fitc ? 0 : 0.5 * unseen_[i] / (noise_[i] * noise_[i]));
      if (data_.fitted_noise) {
        out[own + data_.group(i)] +=
            by_noise * std::exp(log_noise[data_.group(i)]) * data_.share(i);
      }
      workspace.weights(m + j, m + j) = slope_[i];
      const double root = std::sqrt(diagonal_[i]);
      inner.col(j) = inner.col(j) / root + 2 * slope_[i] * root * a.col(j);
    }
    dense::solve_lower_transposed(factor_, inner);
    inner = weights_ * alpha_.segment(first, count).transpose() - inner;
    workspace.weights.topRightCorner(m, count) = 0.5 * inner;
    workspace.weights.bottomLeftCorner(count, m) = 0.5 * inner.transpose();
    workspace.both.resize(z_.rows(), m + count);
    workspace.both << z_, data_.x.middleCols(first, count);
    workspace.evaluation->symmetric(workspace.both, theta.data(), true, workspace.k);
    workspace.evaluation->hyper_gradient(workspace.weights, 1, out.data());
  });
  for (Index block = 0; block < block_gradients_.cols(); ++block) {
    VectorXd::Map(gradient, theta.size()) += block_gradients_.col(block);
  }
}

// Adds what comes through K(Z, Z).
void SparseLikelihood::inducing_gradient(double* gradient) {
  const MatrixXd identity = MatrixXd::Identity(z_.cols(), z_.cols());
  MatrixXd weights;
  if (kind_ == SparseKind::kFitc) {
    gram(a_, slope_.cwiseProduct(diagonal_), weights);
  } else {
    weights = -0.5 * (inner_ - identity);  // the slopes are -1 / (2 D)
  }
  weights += 0.5 * (identity - inner_inverse_);
  sandwich(factor_, weights);
  weights -= 0.5 * weights_ * weights_.transpose();
  weights.diagonal() *= 1 + jitter_;
  on_inducing_->hyper_gradient(weights, 1, gradient);
}

SparseGp::SparseGp(KernelPtr kernel, const GpData& data, MatrixXd z, SparseKind kind,
                   VectorXd theta, GpMean mean, double jitter)
    : kernel_(std::move(kernel)), z_(std::move(z)), theta_(std::move(theta)), jitter_(jitter) {
  while (true) {
    SparseLikelihood system(*kernel_, data, z_, kind, mean, jitter_);
    value_ = system.evaluate(theta_, nullptr);
    factor_ = system.factor();
    inner_factor_ = system.inner_factor();
    weights_ = system.weights();
    mean_value_ = system.mean();
    if (std::isfinite(value_) || jitter_ > 1e6) return;
    jitter_ = std::max(10 * jitter_, 1e-10);
  }
}

void SparseGp::predict_block(const MatrixXd& points, Eigen::Ref<VectorXd> mean,
                             Eigen::Ref<VectorXd> variance, MatrixXd* mean_gradient,
                             MatrixXd* variance_gradient) const {
  const Index d = points.rows(), q = points.cols();
  const auto evaluation = kernel_->evaluation();
  MatrixXd k;
  VectorXd prior;
  evaluation->cross(z_, points, theta_.data(), mean_gradient || variance_gradient, k);
  kernel_->diagonal(points, theta_.data(), prior);
  mean = (k.transpose() * weights_).array() + mean_value_;
  dense::solve_lower(factor_, k);  // L^-1 k
  MatrixXd inner = k;
  dense::solve_lower(inner_factor_, inner);  // R^-1 L^-1 k
  for (Index j = 0; j < q; ++j) {
    const double v = prior[j] - k.col(j).squaredNorm() + inner.col(j).squaredNorm();
    variance[j] = std::max(v, kVarianceFloor * prior[j]);
  }
  if (mean_gradient) {
    mean_gradient->setZero(d, q);
    evaluation->input_gradient(weights_.replicate(1, q), 1, *mean_gradient);
  }
  if (variance_gradient) {
    variance_gradient->setZero(d, q);
    kernel_->diagonal_gradient(points, theta_.data(), VectorXd::Ones(q), *variance_gradient);
    dense::solve_lower_transposed(inner_factor_, inner);
    k -= inner;
    dense::solve_lower_transposed(factor_, k);
    evaluation->input_gradient(k, -2, *variance_gradient);
  }
}

void SparseGp::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                       MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  const Index d = points.rows(), q = points.cols();
  mean.resize(q);
  variance.resize(q);
  if (mean_gradient) mean_gradient->resize(d, q);
  if (variance_gradient) variance_gradient->resize(d, q);
  parallel_for(static_cast<std::size_t>(q), kQueries, [&](std::size_t begin, std::size_t end) {
    const auto first = static_cast<Index>(begin), count = static_cast<Index>(end - begin);
    MatrixXd dm, dv;
    predict_block(points.middleCols(first, count), mean.segment(first, count),
                  variance.segment(first, count), mean_gradient ? &dm : nullptr,
                  variance_gradient ? &dv : nullptr);
    if (mean_gradient) mean_gradient->middleCols(first, count) = dm;
    if (variance_gradient) variance_gradient->middleCols(first, count) = dv;
  });
}

}  // namespace asktell
