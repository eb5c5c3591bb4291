// See posterior.hpp.
#include <asktell/surrogates/gp/posterior.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include <asktell/core/dense.hpp>
#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kFirstJitter = 1e-10;  // relative to the mean of the diagonal
constexpr double kLastJitter = 1e-4;
constexpr double kPivotFloor = 1e-12;  // of an appended pivot, relative to its prior variance
constexpr Index kBlock = 192;          // query points a triangular solve
constexpr Index kSlack = 64;           // rows kept free for appends
const double kLog2Pi = std::log(2 * std::numbers::pi);

MatrixXd prior_covariance(const Kernel& kernel, const double* theta, const MatrixXd& points) {
  MatrixXd k;
  kernel.evaluation()->symmetric(points, theta, false, k);
  return k;
}

// Factors `a` in place; pivots that are not safely positive are lifted and counted.
int factor_lifting(MatrixXd& a, const VectorXd& prior) {
  int lifted = 0;
  for (Index j = 0; j < a.rows(); ++j) {
    double pivot = a(j, j) - a.row(j).head(j).squaredNorm();
    if (!(pivot > kPivotFloor * prior[j])) {
      pivot = std::max(1e-8 * prior[j], std::numeric_limits<double>::min());
      ++lifted;
    }
    a(j, j) = std::sqrt(pivot);
    const Index rest = a.rows() - j - 1;
    a.col(j).tail(rest) -= a.bottomLeftCorner(rest, j) * a.row(j).head(j).transpose();
    a.col(j).tail(rest) /= a(j, j);
  }
  a.triangularView<Eigen::StrictlyUpper>().setZero();
  return lifted;
}

}  // namespace

GpPosterior::GpPosterior(KernelPtr kernel, GpData data, VectorXd theta, GpMean mean)
    : kernel_(std::move(kernel)), data_(std::move(data)), theta_(std::move(theta)), mean_(mean) {
  const Index wanted = kernel_->parameter_count() + data_.groups();
  if (theta_.size() != wanted) {
    throw OptionError("option.range", "GpPosterior: theta has " + std::to_string(theta_.size()) +
                                          " numbers, not the " + std::to_string(wanted) +
                                          " that model_parameters() lists");
  }
  factorize();
  solve_mean();
}

void GpPosterior::reserve(Index size) {
  if (factor_.rows() >= size) return;
  factor_.conservativeResize(size + kSlack, size + kSlack);
}

void GpPosterior::factorize() {
  const Index n = size();
  MatrixXd sigma;
  kernel_->evaluation()->lower(data_.x, theta_.data(), false, sigma);
  for (Index i = 0; i < n; ++i) sigma(i, i) += noise(i);
  factor_.resize(n + kSlack, n + kSlack);
  const double scale = n > 0 ? sigma.diagonal().mean() : 1;
  jitter_ = 0;
  while (true) {
    factor_.topLeftCorner(n, n) = sigma;
    if (dense::cholesky(factor_.topLeftCorner(n, n)) < 0) return;
    // Past the last rung the prior with inflated noise remains, which always factorizes.
    const double next = jitter_ == 0                          ? kFirstJitter * scale
                        : jitter_ < 0.5 * kLastJitter * scale ? 10 * jitter_
                                                              : jitter_ + scale;
    sigma.diagonal().array() += next - jitter_;
    jitter_ = next;
  }
}

void GpPosterior::solve_mean() {
  solved_.resize(size(), 2);
  solved_.col(0) = data_.z;
  solved_.col(1).setOnes();
  dense::solve_lower(factor(), solved_);
  finish_mean();
}

// Given L^-1 z and L^-1 1.
void GpPosterior::finish_mean() {
  mean_value_ = mean_.value;
  precision_ = 0;
  if (mean_.kind != GpMean::Kind::kFixed) {
    precision_ = solved_.col(1).squaredNorm();
    if (mean_.kind == GpMean::Kind::kNormal) precision_ += 1 / (mean_.deviation * mean_.deviation);
    mean_value_ = size() > 0 ? solved_.col(1).dot(solved_.col(0)) / precision_ : 0;
  }
  alpha_ = solved_.col(0) - mean_value_ * solved_.col(1);
  dense::solve_lower_transposed(factor(), alpha_);
}

double GpPosterior::log_marginal_likelihood() const {
  const VectorXd residual = data_.z.array() - mean_value_;
  return -0.5 * residual.dot(alpha_) - factor().diagonal().array().log().sum() -
         0.5 * static_cast<double>(size()) * kLog2Pi;
}

void GpPosterior::cross(const MatrixXd& points, MatrixXd& k) const {
  kernel_->evaluation()->cross(data_.x, points, theta_.data(), false, k);
}

void GpPosterior::predict_mean(const MatrixXd& points, VectorXd& mean) const {
  mean.resize(points.cols());
  const auto evaluation = kernel_->evaluation();
  MatrixXd k;
  for (Index begin = 0; begin < points.cols(); begin += 4 * kBlock) {
    const Index count = std::min(4 * kBlock, points.cols() - begin);
    evaluation->cross(data_.x, points.middleCols(begin, count), theta_.data(), false, k);
    dense::column_dots(k, alpha_, mean.segment(begin, count));
  }
  mean.array() += mean_value_;
}

void GpPosterior::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                          MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  const Index q = points.cols(), d = dimension();
  mean.resize(q);
  if (mean_gradient) mean_gradient->setZero(d, q);
  if (variance_gradient) variance_gradient->setZero(d, q);
  kernel_->diagonal(points, theta_.data(), variance);
  if (variance_gradient) {
    kernel_->diagonal_gradient(points, theta_.data(), VectorXd::Ones(q), *variance_gradient);
  }
  const bool slopes = mean_gradient || variance_gradient;
  const auto evaluation = kernel_->evaluation();
  MatrixXd k, gradient;
  VectorXd explained;
  for (Index begin = 0; begin < q; begin += kBlock) {
    const Index count = std::min(kBlock, q - begin);
    const MatrixXd block = points.middleCols(begin, count);
    evaluation->cross(data_.x, block, theta_.data(), slopes, k);
    dense::column_dots(k, alpha_, mean.segment(begin, count));
    dense::solve_lower(factor(), k);  // L^-1 k
    explained.resize(count);
    dense::column_squares(k, explained);
    for (Index j = 0; j < count; ++j) {
      double& v = variance[begin + j];
      v = std::max(v - explained[j], kVarianceFloor * v);
    }
    if (mean_gradient) {
      gradient.setZero(d, count);
      evaluation->input_gradient(alpha_.replicate(1, count), 1, gradient);
      mean_gradient->middleCols(begin, count) += gradient;
    }
    if (variance_gradient) {
      dense::solve_lower_transposed(factor(), k);
      gradient.setZero(d, count);
      evaluation->input_gradient(k, -2, gradient);
      variance_gradient->middleCols(begin, count) += gradient;
    }
  }
  mean.array() += mean_value_;
}

void GpPosterior::joint(const MatrixXd& points, VectorXd& mean, MatrixXd& covariance) const {
  MatrixXd k;
  cross(points, k);
  mean = (k.transpose() * alpha_).array() + mean_value_;
  dense::solve_lower(factor(), k);
  covariance = prior_covariance(*kernel_, theta_.data(), points);
  const VectorXd prior = covariance.diagonal();
  dense::multiply(true, false, -1, k, k, 1, covariance);
  covariance.diagonal() = covariance.diagonal().cwiseMax(kVarianceFloor * prior);
}

VectorXd GpPosterior::mean_variance(const MatrixXd& points) const {
  if (mean_.kind == GpMean::Kind::kFixed) return VectorXd::Zero(points.cols());
  MatrixXd k;
  cross(points, k);
  VectorXd ones = VectorXd::Ones(size());
  dense::solve_lower(factor(), ones);
  dense::solve_lower_transposed(factor(), ones);
  return (1 - (k.transpose() * ones).array()).square() / precision_;
}

LeaveOneOut GpPosterior::leave_one_out() const {
  MatrixXd inverse(size(), size());
  dense::inverse_from_cholesky(factor(), inverse);
  LeaveOneOut out;
  out.variance = inverse.diagonal().cwiseInverse();
  out.mean = data_.z - alpha_.cwiseProduct(out.variance);
  const Eigen::ArrayXd error = (data_.z - out.mean).array();
  out.log_density =
      -0.5 * (out.variance.array().log() + kLog2Pi) - 0.5 * error.square() / out.variance.array();
  return out;
}

void GpPosterior::append(const MatrixXd& x, const VectorXd& z, const VectorXd& given_noise,
                         const std::vector<int>& groups) {
  const Index n = size(), b = x.cols();
  if (b == 0) return;
  MatrixXd border;
  cross(x, border);
  dense::solve_lower(factor(), border);
  MatrixXd corner = prior_covariance(*kernel_, theta_.data(), x);
  const VectorXd prior = corner.diagonal();

  data_.x.conservativeResize(Eigen::NoChange, n + b);
  data_.x.rightCols(b) = x;
  data_.z.conservativeResize(n + b);
  data_.z.tail(b) = z;
  if (given_noise.size() > 0 || data_.given_noise.size() > 0) {
    if (data_.given_noise.size() == 0) data_.given_noise.setZero(n);
    data_.given_noise.conservativeResize(n + b);
    data_.given_noise.tail(b) = given_noise.size() > 0 ? given_noise : VectorXd::Zero(b);
  }
  if (data_.count.size() > 0) {
    data_.count.conservativeResize(n + b);
    data_.count.tail(b).setOnes();
  }
  if (!groups.empty() || !data_.noise_group.empty()) {
    data_.noise_group.resize(static_cast<std::size_t>(n), 0);
    for (Index j = 0; j < b; ++j) {
      data_.noise_group.push_back(groups.empty() ? 0 : groups[static_cast<std::size_t>(j)]);
    }
  }
  for (Index j = 0; j < b; ++j) corner(j, j) += noise(n + j) + jitter_;
  dense::multiply(true, false, -1, border, border, 1, corner);
  lifted_ += factor_lifting(corner, prior);
  reserve(n + b);
  factor_.block(n, 0, b, n) = border.transpose();
  factor_.block(n, n, b, b) = corner;
  MatrixXd added(b, 2);
  added.col(0) = z;
  added.col(1).setOnes();
  added.noalias() -= border.transpose() * solved_;
  dense::solve_lower(corner, added);
  solved_.conservativeResize(n + b, 2);
  solved_.bottomRows(b) = added;
  finish_mean();
}

void GpPosterior::remove(Index index) {
  const Index n = size(), rest = n - index - 1;
  VectorXd v = factor_.col(index).segment(index + 1, rest);
  // Rows and columns behind the removed one move up; what its column held returns as a rank-one
  // update, which is always stable (Gill, Golub, Murray & Saunders 1974, method C1).
  for (Index i = index + 1; i < n; ++i) factor_.row(i - 1).head(index) = factor_.row(i).head(index);
  for (Index j = index + 1; j < n; ++j) {
    for (Index i = j; i < n; ++i) factor_(i - 1, j - 1) = factor_(i, j);
  }
  for (Index k = 0; k < rest; ++k) {
    const Index at = index + k, below = rest - k - 1;
    const double r = std::hypot(factor_(at, at), v[k]);
    const double c = r / factor_(at, at), s = v[k] / factor_(at, at);
    factor_(at, at) = r;
    auto column = factor_.col(at).segment(at + 1, below);
    column = (column + s * v.tail(below)) / c;
    v.tail(below) = c * v.tail(below) - s * column;
  }
  std::vector<Index> kept;
  for (Index i = 0; i < n; ++i) {
    if (i != index) kept.push_back(i);
  }
  std::vector<Replicates> replicates = std::move(data_.replicates);
  data_ = subset(data_, kept);
  data_.replicates = std::move(replicates);
  solve_mean();
}

void GpPosterior::set_values(const VectorXd& z) {
  data_.z = z;
  solve_mean();
}

Fantasy::Fantasy(const GpPosterior& base, MatrixXd points, const VectorXd& values)
    : base_(base), points_(std::move(points)) {
  const Kernel& kernel = base.kernel();
  base.cross(points_, border_);
  VectorXd mean = (border_.transpose() * base.weights()).array() + base.mean();
  dense::solve_lower(base.factor(), border_);
  corner_ = prior_covariance(kernel, base.theta().data(), points_);
  const VectorXd prior = corner_.diagonal();
  // A supposed value is as noisy as an observation of the first group.
  if (base.data().fitted_noise) corner_.diagonal().array() += std::exp(base.log_noise()[0]);
  dense::multiply(true, false, -1, border_, border_, 1, corner_);
  factor_lifting(corner_, prior);
  weights_ = values.size() > 0 ? VectorXd(values - mean) : VectorXd::Zero(points_.cols());
  dense::solve_lower(corner_, weights_);
  dense::solve_lower_transposed(corner_, weights_);
}

void Fantasy::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                      MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  base_.predict(points, mean, variance, mean_gradient, variance_gradient);
  if (points_.cols() == 0) return;
  const double* theta = base_.theta().data();
  const Index d = base_.dimension();
  const bool slopes = mean_gradient || variance_gradient;
  const auto on_data = base_.kernel().evaluation(), on_points = base_.kernel().evaluation();
  MatrixXd k, c, gradient;
  VectorXd prior;
  base_.kernel().diagonal(points, theta, prior);
  for (Index begin = 0; begin < points.cols(); begin += kBlock) {
    const Index count = std::min(kBlock, points.cols() - begin);
    const MatrixXd block = points.middleCols(begin, count);
    on_data->cross(base_.data().x, block, theta, slopes, k);
    on_points->cross(points_, block, theta, slopes, c);
    dense::solve_lower(base_.factor(), k);
    dense::multiply(true, false, -1, border_, k, 1, c);  // covariance of P and the block
    mean.segment(begin, count) += c.transpose() * weights_;
    MatrixXd w = c;
    dense::solve_lower(corner_, w);
    for (Index j = 0; j < count; ++j) {
      double& v = variance[begin + j];
      v = std::max(v - w.col(j).squaredNorm(), GpPosterior::kVarianceFloor * prior[begin + j]);
    }
    if (!slopes) continue;
    dense::solve_lower_transposed(corner_, w);  // S^-1 c
    // c depends on the point through k(P, x) and through -B' L^-1 k(X, x).
    const auto add = [&](const MatrixXd& weights, double factor, MatrixXd& out) {
      gradient.setZero(d, count);
      on_points->input_gradient(weights, factor, gradient);
      MatrixXd through(border_.rows(), count);
      dense::multiply(false, false, 1, border_, weights, 0, through);
      dense::solve_lower_transposed(base_.factor(), through);
      on_data->input_gradient(through, -factor, gradient);
      out.middleCols(begin, count) += gradient;
    };
    if (mean_gradient) add(weights_.replicate(1, count), 1, *mean_gradient);
    if (variance_gradient) add(w, -2, *variance_gradient);
  }
}

}  // namespace asktell
