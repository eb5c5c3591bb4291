// See ranking_ensemble.hpp.
#include <asktell/surrogates/transfer/ranking_ensemble.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/core/dense.hpp>
#include <asktell/core/random.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd normals(Index rows, Index columns, RandomStream& stream) {
  MatrixXd out(rows, columns);
  stream.fill_normal({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

// n x samples.
MatrixXd joint_draws(const GpPosterior& model, const MatrixXd& points, Index samples,
                     RandomStream& stream) {
  VectorXd mean;
  MatrixXd covariance;
  model.joint(points, mean, covariance);
  const double scale = covariance.diagonal().mean();
  for (double jitter = 1e-10 * scale;; jitter *= 10) {
    MatrixXd factor = covariance;
    factor.diagonal().array() += jitter;
    if (dense::cholesky(factor) >= 0) continue;
    const MatrixXd lower = factor.triangularView<Eigen::Lower>();
    return (lower * normals(points.cols(), samples, stream)).colwise() + mean;
  }
}

MatrixXd leave_one_out_draws(const GpPosterior& model, Index samples, RandomStream& stream) {
  const LeaveOneOut left = model.leave_one_out();
  const VectorXd deviation = left.variance.cwiseSqrt();
  return (deviation.asDiagonal() * normals(model.size(), samples, stream)).colwise() + left.mean;
}

double quantile(VectorXd values, double p) {
  const auto at = static_cast<Index>(std::floor(p * static_cast<double>(values.size() - 1) + 0.5));
  std::nth_element(values.data(), values.data() + at, values.data() + values.size());
  return values[at];
}

}  // namespace

Index ranking_loss(const Eigen::Ref<const VectorXd>& predicted,
                   const Eigen::Ref<const VectorXd>& values) {
  Index loss = 0;
  for (Index i = 0; i < values.size(); ++i) {
    for (Index j = 0; j < values.size(); ++j) {
      if ((predicted[i] < predicted[j]) != (values[i] < values[j])) ++loss;
    }
  }
  return loss;
}

VectorXd ranking_weights(const std::vector<const GpPosterior*>& base, const GpPosterior& target,
                         const RankingOptions& options) {
  const auto count = static_cast<Index>(base.size()) + 1, last = count - 1;
  if (target.size() < 3) return VectorXd::Constant(count, 1 / static_cast<double>(count));
  MatrixXd losses(options.samples, count);
  for (Index m = 0; m < count; ++m) {
    RandomStream stream(options.seed, Purpose::kFit, static_cast<std::uint64_t>(m));
    const MatrixXd draws = m < last ? joint_draws(*base[static_cast<std::size_t>(m)],
                                                  target.data().x, options.samples, stream)
                                    : leave_one_out_draws(target, options.samples, stream);
    for (Index s = 0; s < options.samples; ++s) {
      losses(s, m) = static_cast<double>(ranking_loss(draws.col(s), target.data().z));
    }
  }
  if (options.guard) {
    const double limit = quantile(losses.col(last), 0.95);
    for (Index m = 0; m < last; ++m) {
      if (quantile(losses.col(m), 0.5) > limit) losses.col(m).setConstant(HUGE_VAL);
    }
  }
  VectorXd weights = VectorXd::Zero(count);
  for (Index s = 0; s < options.samples; ++s) {
    const Eigen::ArrayXd best = (losses.row(s).array() == losses.row(s).minCoeff()).cast<double>();
    weights += (best / best.sum()).matrix();
  }
  return weights / static_cast<double>(options.samples);
}

void RankingEnsemble::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                              MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  mean.setZero(points.cols());
  variance.setZero(points.cols());
  if (mean_gradient) mean_gradient->setZero(points.rows(), points.cols());
  if (variance_gradient) variance_gradient->setZero(points.rows(), points.cols());
  VectorXd m, v;
  MatrixXd dm, dv;
  for (Index i = 0; i < weights_.size(); ++i) {
    const double w = weights_[i];
    if (w == 0) continue;
    models_[static_cast<std::size_t>(i)]->predict(points, m, v, mean_gradient ? &dm : nullptr,
                                                  variance_gradient ? &dv : nullptr);
    mean += w * m;
    variance += w * w * v;
    if (mean_gradient) *mean_gradient += w * dm;
    if (variance_gradient) *variance_gradient += w * w * dv;
  }
}

}  // namespace asktell
