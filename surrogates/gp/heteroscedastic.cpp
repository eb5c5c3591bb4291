// See heteroscedastic.hpp.
#include <asktell/surrogates/gp/heteroscedastic.hpp>

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <string>

#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Number, mean and squared deviations of the values at each distinct point.
struct Spreads {
  MatrixXd points;  // d x m
  VectorXd count, mean, squares;
};

Spreads spreads(const MatrixXd& x, const VectorXd& z) {
  GpData data;
  data.x = x;
  data.z = z;
  std::vector<Index> member;
  const GpData merged = merge_replicates(data, member);
  const Index m = merged.size();
  Spreads out{merged.x, VectorXd::Zero(m), merged.z, VectorXd::Zero(m)};
  for (Index i = 0; i < z.size(); ++i) {
    const Index at = member[static_cast<std::size_t>(i)];
    out.count[at] += 1;
    out.squares[at] += (z[i] - out.mean[at]) * (z[i] - out.mean[at]);
  }
  return out;
}

void check(const HeteroscedasticOptions& options) {
  if (options.least_points < 2) {
    throw OptionError("option.value", "heteroscedastic noise: least_points is " +
                                          std::to_string(options.least_points) +
                                          "; it must be at least 2");
  }
  if (!(options.variance_floor > 0)) {
    throw OptionError("option.value", "heteroscedastic noise: variance_floor is " +
                                          std::to_string(options.variance_floor) +
                                          "; it must be positive");
  }
}

}  // namespace

HeteroscedasticNoise fit_noise(const MatrixXd& x, const VectorXd& z,
                               const HeteroscedasticOptions& options) {
  check(options);
  HeteroscedasticNoise out;
  out.floor_ = options.variance_floor;
  const Spreads all = spreads(x, z);
  std::vector<Index> replicated;
  for (Index i = 0; i < all.count.size(); ++i) {
    if (all.count[i] > 1) replicated.push_back(i);
  }
  const auto m = static_cast<Index>(replicated.size());
  out.points_ = all.points(Eigen::all, replicated);
  const VectorXd freedom = all.count(replicated).array() - 1, squares = all.squares(replicated);
  out.log_variances_.resize(m);
  out.sampling_variances_.resize(m);
  for (Index i = 0; i < m; ++i) {
    const double half = 0.5 * freedom[i];
    const double variance = std::max(squares[i] / freedom[i], out.floor_);
    out.log_variances_[i] = std::log(variance) - (boost::math::digamma(half) - std::log(half));
    out.sampling_variances_[i] = boost::math::trigamma(half);
  }
  out.pooled_ = m > 0 ? std::max(out.floor_, squares.sum() / freedom.sum()) : out.floor_;
  if (m < options.least_points) return out;

  GpData logs;
  logs.x = out.points_;
  logs.z = out.log_variances_;
  logs.given_noise = out.sampling_variances_;
  logs.fitted_noise = false;
  const GpPreset preset = gp_preset("asktell", x.rows());
  const KernelPtr kernel = preset_kernel(preset, x.rows());
  out.report_ = fit_members(*kernel, logs, {preset}, {}, options.fit)[0];
  out.model_.emplace(kernel, std::move(logs), out.report_.theta, preset.mean);
  return out;
}

void HeteroscedasticNoise::predict_log(const MatrixXd& points, VectorXd& mean,
                                       VectorXd& variance) const {
  if (model_) {
    model_->predict(points, mean, variance);
    mean = mean.cwiseMax(std::log(floor_));
    return;
  }
  mean.setConstant(points.cols(), std::log(pooled_));
  variance.setZero(points.cols());
}

VectorXd HeteroscedasticNoise::predict(const MatrixXd& points) const {
  VectorXd mean, variance;
  predict_log(points, mean, variance);
  return mean.array().exp();
}

bool HeteroscedasticNoise::apply(GpData& data) const {
  if (!varies()) return false;
  data.given_noise = predict(data.x);
  for (Index i = 0; i < data.size(); ++i) data.given_noise[i] *= data.share(i);
  data.fitted_noise = false;
  data.replicates.clear();
  return true;
}

}  // namespace asktell
