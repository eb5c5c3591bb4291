// See gaussian_process.hpp.
#include <asktell/surrogates/gp/gaussian_process.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <asktell/core/special_functions.hpp>
#include <asktell/surrogates/gp/projected_fit.hpp>

namespace asktell {
namespace {

using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kFirstJitter = 1e-10;  // relative to the mean of the diagonal
constexpr double kLastJitter = 1e-4;
constexpr double kVarianceFloor = 1e-12;  // relative to the output scale
constexpr Index kBlock = 128;             // query points a triangular solve

}  // namespace

MatrixXd squared_distances(const MatrixXd& a, const MatrixXd& b) {
  const VectorXd a_norms = a.colwise().squaredNorm();
  const VectorXd b_norms = b.colwise().squaredNorm();
  MatrixXd out = -2.0 * a.transpose() * b;
  out.colwise() += a_norms;
  out.rowwise() += b_norms.transpose();
  // The expanded form loses the digits of close pairs: those are computed again by differences.
  for (Index j = 0; j < out.cols(); ++j) {
    for (Index i = 0; i < out.rows(); ++i) {
      if (out(i, j) < 1e-8 * (a_norms[i] + b_norms[j])) {
        out(i, j) = (a.col(i) - b.col(j)).squaredNorm();
      }
    }
  }
  return out;
}

void matern52(const MatrixXd& squared_distances, MatrixXd& kernel, MatrixXd* slope) {
  const ArrayXXd s = (5.0 * squared_distances.array()).max(0).sqrt();
  const ArrayXXd decay = (-s).exp();
  kernel = ((1 + s + s.square() / 3) * decay).matrix();
  if (slope) *slope = (-(5.0 / 6.0) * (1 + s) * decay).matrix();
}

GpPrior GpPrior::for_dimension(Index dimension) {
  GpPrior prior;
  prior.lengthscale_mu = std::numbers::sqrt2 + 0.5 * std::log(static_cast<double>(dimension));
  return prior;
}

GaussianProcess::GaussianProcess(MatrixXd x, VectorXd z, GpPrior prior)
    : x_(std::move(x)), z_(std::move(z)), prior_(prior) {}

VectorXd GaussianProcess::pack(const GpParameters& p) const {
  VectorXd packed(dimension() + 2);
  packed << p.log_lengthscales, p.log_outputscale, p.log_noise;
  return packed;
}

GpParameters GaussianProcess::unpack(const VectorXd& packed) const {
  return {packed.head(dimension()), packed[dimension()], packed[dimension() + 1]};
}

void GaussianProcess::bounds(VectorXd& low, VectorXd& high) const {
  const Index d = dimension();
  low = VectorXd::Constant(d + 2, std::log(prior_.lengthscale_low));
  high = VectorXd::Constant(d + 2, std::log(prior_.lengthscale_high));
  low[d] = prior_.free_outputscale ? std::log(prior_.outputscale_low) : 0;
  high[d] = prior_.free_outputscale ? std::log(prior_.outputscale_high) : 0;
  low[d + 1] = std::log(prior_.noise_low);
  high[d + 1] = prior_.free_noise ? std::log(prior_.noise_high) : low[d + 1];
}

GpParameters GaussianProcess::prior_mode() const {
  GpParameters mode;
  const double sigma = prior_.lengthscale_sigma;
  mode.log_lengthscales = VectorXd::Constant(dimension(), prior_.lengthscale_mu - sigma * sigma);
  mode.log_outputscale = 0;
  mode.log_noise = prior_.noise_mu - prior_.noise_sigma * prior_.noise_sigma;
  VectorXd low, high;
  bounds(low, high);
  return unpack(pack(mode).cwiseMax(low).cwiseMin(high));
}

GpObjective GaussianProcess::objective(const GpParameters& p) const {
  const Index n = size(), d = dimension();
  const double scale = std::exp(p.log_outputscale), noise = std::exp(p.log_noise);
  const VectorXd lengthscales = p.log_lengthscales.array().exp();
  const MatrixXd u = lengthscales.cwiseInverse().asDiagonal() * x_;
  MatrixXd kernel, slope;
  matern52(squared_distances(u, u), kernel, &slope);
  MatrixXd sigma = scale * kernel;
  sigma.diagonal().array() += noise;
  const Eigen::LLT<MatrixXd> llt(sigma);
  GpObjective out;
  out.gradient = VectorXd::Zero(d + 2);
  out.value = -std::numeric_limits<double>::infinity();
  if (llt.info() != Eigen::Success) return out;

  const MatrixXd inverse = llt.solve(MatrixXd::Identity(n, n));
  const VectorXd weights = inverse.rowwise().sum();
  const double mean = weights.dot(z_) / weights.sum();
  const VectorXd residual = z_.array() - mean;
  const VectorXd alpha = inverse * residual;
  const double log_determinant = llt.matrixLLT().diagonal().array().log().sum();
  out.likelihood = -0.5 * residual.dot(alpha) - log_determinant -
                   0.5 * static_cast<double>(n) * std::log(2 * std::numbers::pi);
  out.value = out.likelihood;

  const MatrixXd w = alpha * alpha.transpose() - inverse;  // dLML = tr(W dSigma) / 2
  const MatrixXd t = w.cwiseProduct(slope);
  const VectorXd row_sums = t.rowwise().sum();
  const MatrixXd ut = u * t;
  // sum_ij T_ij (u_i - u_j)_k^2 without the n x n x d tensor.
  const VectorXd spread =
      u.array().square().matrix() * row_sums - ut.cwiseProduct(u).rowwise().sum();
  out.gradient.head(d) = -2 * scale * spread;
  out.gradient[d] = 0.5 * scale * w.cwiseProduct(kernel).sum();
  out.gradient[d + 1] = 0.5 * noise * w.trace();

  for (Index k = 0; k < d; ++k) {
    out.value += log_lognormal(lengthscales[k], prior_.lengthscale_mu, prior_.lengthscale_sigma);
    out.gradient[k] +=
        log_lognormal_slope(lengthscales[k], prior_.lengthscale_mu, prior_.lengthscale_sigma);
  }
  if (prior_.free_outputscale) {
    out.value += log_lognormal(scale, prior_.outputscale_mu, prior_.outputscale_sigma);
    out.gradient[d] += log_lognormal_slope(scale, prior_.outputscale_mu, prior_.outputscale_sigma);
  } else {
    out.gradient[d] = 0;
  }
  if (prior_.free_noise) {
    out.value += log_lognormal(noise, prior_.noise_mu, prior_.noise_sigma);
    out.gradient[d + 1] += log_lognormal_slope(noise, prior_.noise_mu, prior_.noise_sigma);
  } else {
    out.gradient[d + 1] = 0;
  }
  return out;
}

void GaussianProcess::fit(const GpParameters* warm) {
  const bool flat = size() < 3 || z_.maxCoeff() == z_.minCoeff();
  if (flat) {
    condition(prior_mode());
    return;
  }
  VectorXd low, high;
  bounds(low, high);
  std::vector<VectorXd> starts;
  if (warm) {
    starts.push_back(pack(*warm));
  } else {
    GpParameters middle = prior_mode();
    starts.push_back(pack(middle));
    middle.log_lengthscales.setConstant(
        std::log(0.5 * std::sqrt(static_cast<double>(dimension()))));
    middle.log_noise = std::max(std::log(prior_.noise_low), std::log(1e-2));
    starts.push_back(pack(middle));
  }
  MatrixXd columns(dimension() + 2, static_cast<Index>(starts.size()));
  for (std::size_t i = 0; i < starts.size(); ++i) {
    columns.col(static_cast<Index>(i)) = starts[i].cwiseMax(low).cwiseMin(high);
  }
  const VectorXd best =
      projected_fit([this](const VectorXd& packed) { return objective(unpack(packed)); }, columns,
                    low, high, warm ? 20 : 60);
  condition(best.size() > 0 ? unpack(best) : prior_mode());
}

void GaussianProcess::condition(const GpParameters& p) {
  parameters_ = p;
  const VectorXd inverse_lengthscales = (-p.log_lengthscales.array()).exp();
  scaled_ = inverse_lengthscales.asDiagonal() * x_;
  MatrixXd kernel;
  matern52(squared_distances(scaled_, scaled_), kernel, nullptr);
  kernel *= std::exp(p.log_outputscale);
  kernel.diagonal().array() += std::exp(p.log_noise);
  const double scale = kernel.diagonal().mean();
  jitter_ = 0;
  for (llt_.compute(kernel); llt_.info() != Eigen::Success; llt_.compute(kernel)) {
    const double next = jitter_ == 0 ? kFirstJitter * scale : 10 * jitter_;
    kernel.diagonal().array() += next - jitter_;
    jitter_ = next;
    if (jitter_ > kLastJitter * scale) kernel.diagonal().array() += scale;  // then it is the prior
  }
  solve_mean();
}

void GaussianProcess::solve_mean() {
  const VectorXd ones = VectorXd::Ones(size());
  const VectorXd weights = llt_.solve(ones);
  mean_ = weights.dot(z_) / weights.sum();
  alpha_ = llt_.solve((z_.array() - mean_).matrix());
}

void GaussianProcess::believe(const MatrixXd& points) {
  if (points.cols() == 0) return;
  VectorXd mean, variance;
  predict(points, mean, variance);
  const double kept = mean_;
  MatrixXd x(dimension(), size() + points.cols());
  x << x_, points;
  VectorXd z(size() + points.cols());
  z << z_, mean;
  x_ = std::move(x);
  z_ = std::move(z);
  condition(parameters_);
  mean_ = kept;  // believed values carry no information about the mean
  alpha_ = llt_.solve((z_.array() - mean_).matrix());
}

void GaussianProcess::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                              MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  const Index q = points.cols(), d = dimension();
  const double scale = std::exp(parameters_.log_outputscale);
  const VectorXd inverse_lengthscales = (-parameters_.log_lengthscales.array()).exp();
  mean.resize(q);
  variance.resize(q);
  if (mean_gradient) mean_gradient->resize(d, q);
  if (variance_gradient) variance_gradient->resize(d, q);
  for (Index begin = 0; begin < q; begin += kBlock) {
    const Index count = std::min(kBlock, q - begin);
    const MatrixXd u = inverse_lengthscales.asDiagonal() * points.middleCols(begin, count);
    MatrixXd kernel, slope;  // n x count
    matern52(squared_distances(scaled_, u), kernel, mean_gradient ? &slope : nullptr);
    kernel *= scale;
    mean.segment(begin, count) = (kernel.transpose() * alpha_).array() + mean_;
    const MatrixXd v = llt_.matrixL().solve(kernel);
    variance.segment(begin, count) =
        (scale - v.colwise().squaredNorm().transpose().array()).max(kVarianceFloor * scale);
    if (!mean_gradient) continue;
    slope *= scale;
    const MatrixXd back = llt_.matrixU().solve(v);  // Sigma^-1 k
    // dk_j/dx = 2 g_j (u - u_j) / l, summed with weights alpha, and -2 Sigma^-1 k for the variance.
    const auto gradient = [&](const MatrixXd& weights, MatrixXd& out, double factor) {
      const MatrixXd weighted = weights.cwiseProduct(slope);
      MatrixXd sum = u * weighted.colwise().sum().asDiagonal();
      sum.noalias() -= scaled_ * weighted;
      out.middleCols(begin, count) = factor * 2 * (inverse_lengthscales.asDiagonal() * sum);
    };
    gradient(alpha_.replicate(1, count), *mean_gradient, 1);
    gradient(back, *variance_gradient, -2);
  }
}

VectorXd GaussianProcess::leave_one_out() const {
  const MatrixXd inverse = llt_.solve(MatrixXd::Identity(size(), size()));
  const Eigen::ArrayXd precision = inverse.diagonal().array();
  const Eigen::ArrayXd error = alpha_.array() / precision;
  return -0.5 * (2 * std::numbers::pi / precision).log() - 0.5 * error.square() * precision;
}

}  // namespace asktell
