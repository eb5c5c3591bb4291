// See gaussian_process.hpp: what is read off a fitted model, in the units of inputs and values.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <asktell/core/dense.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gaussian_process_state.hpp>
#include <asktell/surrogates/gp/pathwise.hpp>
#include <asktell/surrogates/mixture.hpp>
#include <asktell/surrogates/transforms/raw_moments.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kJointLimit = 1000;  // points of a joint sample; beyond, random features are used

VectorXd deviations(const MatrixXd& variances) {
  return variances.cwiseMax(0).cwiseSqrt();
}

// Numbers that a double cannot hold become the largest it can.
template <typename Derived>
typename Derived::PlainObject saturated(const Eigen::MatrixBase<Derived>& x) {
  const double largest = std::numeric_limits<double>::max();
  return x.cwiseMax(-largest).cwiseMin(largest);
}

// Moments of an equal mixture from those of its members (q x m each), times `unit`.
Prediction mix(const MatrixXd& means, const MatrixXd& variances, double unit) {
  Prediction out;
  out.mean = means.rowwise().mean();
  const VectorXd spread = (means.colwise() - out.mean).cwiseAbs2().rowwise().mean();
  out.deviation = saturated(unit * deviations(variances.rowwise().mean() + spread));
  out.mean = saturated(unit * out.mean);
  return out;
}

// Draws from N(mean, covariance); scale: a prior variance, for the smallest pivots.
MatrixXd draw(const VectorXd& mean, const MatrixXd& covariance, double scale,
              const MatrixXd& normals) {
  if (!covariance.allFinite()) return mean.replicate(1, normals.cols());
  for (double jitter = 1e-12 * scale;; jitter *= 10) {
    MatrixXd factor = covariance;
    factor.diagonal().array() += jitter;
    if (dense::cholesky(factor) >= 0) continue;
    MatrixXd out = factor.triangularView<Eigen::Lower>() * normals;
    out.colwise() += mean;
    return out;
  }
}

}  // namespace

void GaussianProcess::State::check_points(const MatrixXd& points) const {
  if (raw.size() == 0) {
    throw ModelError("model.not-fitted",
                     "GaussianProcess: the model has seen no data; call fit(x, y) first");
  }
  if (points.rows() != raw.x.rows()) {
    throw PointError("point.size", "GaussianProcess: points have " + std::to_string(points.rows()) +
                                       " inputs; the model was fitted to " +
                                       std::to_string(raw.x.rows()));
  }
  for (Index j = 0; j < points.cols(); ++j) {
    task_of(points, j);
    if (points.col(j).allFinite()) continue;
    throw PointError("point.not-finite", "GaussianProcess: point " + std::to_string(j) +
                                             " has an input that is not finite");
  }
}

std::size_t GaussianProcess::State::likeliest() const {
  std::size_t best = 0;
  for (std::size_t m = 1; m < members.size(); ++m) {
    if (members[m].log_marginal_likelihood() > members[best].log_marginal_likelihood()) best = m;
  }
  return best;
}

std::vector<const Surrogate*> GaussianProcess::State::views() const {
  std::vector<const Surrogate*> out;
  for (const GpPosterior& member : members) out.push_back(&member);
  if (approximation) out.push_back(approximation.get());
  return out;
}

void GaussianProcess::State::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                                     MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  mixture_moments(views(), points, mean, variance, mean_gradient, variance_gradient);
}

MemberMoments GaussianProcess::State::moments(const MatrixXd& unit_points) const {
  const std::vector<const Surrogate*> all = views();
  MemberMoments out{MatrixXd(unit_points.cols(), static_cast<Index>(all.size())),
                    MatrixXd(unit_points.cols(), static_cast<Index>(all.size()))};
  VectorXd mean, variance;
  for (std::size_t m = 0; m < all.size(); ++m) {
    all[m]->predict(unit_points, mean, variance);
    out.mean.col(static_cast<Index>(m)) = mean;
    out.variance.col(static_cast<Index>(m)) = variance;
  }
  return out;
}

MatrixXd GaussianProcess::State::expand(const MatrixXd& points, const VectorXd& mean,
                                        const VectorXd& deviation) const {
  if (affine()) {
    MatrixXd a = MatrixXd::Zero(mean.size(), kHermiteTerms);
    const double middle = maps[0].transform.inverse(0.0);
    a.col(0) = middle / unit + (maps[0].scale() / unit * mean).array();
    a.col(1) = maps[0].scale() / unit * deviation;
    return a;
  }
  std::vector<const ValueMap*> map(static_cast<std::size_t>(mean.size()));
  for (Index j = 0; j < mean.size(); ++j) {
    map[static_cast<std::size_t>(j)] = &map_at(points, j);
  }
  return hermite_coefficients(
      [&](Index i, double z) { return map[static_cast<std::size_t>(i)]->to_raw(z) / unit; }, mean,
      deviation);
}

MatrixXd GaussianProcess::State::noise_at(const MatrixXd& points) const {
  const auto count = static_cast<Index>(thetas.size());
  if (varying_noise) return varying_noise->predict(box.to_unit(points)).replicate(1, count);
  MatrixXd out = MatrixXd::Zero(points.cols(), count);
  for (Index m = 0; m < count && data.fitted_noise; ++m) {
    const double* log_noise =
        thetas[static_cast<std::size_t>(m)].data() + kernel->parameter_count();
    for (Index j = 0; j < points.cols(); ++j) out(j, m) = std::exp(log_noise[task_of(points, j)]);
  }
  return out;
}

double GaussianProcess::State::log_jacobian() const {
  double sum = 0;
  for (Index j = 0; j < raw.size(); ++j) {
    if (!std::isfinite(raw.y[j])) continue;
    const ValueMap& map = map_at(raw.x, j);
    sum += map.affine() ? -std::log(map.scale()) : std::log(map.transform.slope(raw.y[j]));
  }
  return sum;
}

void GaussianProcess::State::require_exact(const char* what) const {
  if (!members.empty()) return;
  throw ModelError("model.joint", "GaussianProcess: the model \"" + report.model + "\" has no " +
                                      what + "; raise exact_limit to " +
                                      std::to_string(raw.size()) + " for an exact model");
}

Prediction GaussianProcess::predict(const MatrixXd& points) const {
  state_->check_points(points);
  const MemberMoments at = state_->moments(state_->box.to_unit(points));
  MatrixXd means(at.mean.rows(), at.mean.cols()), variances = means;
  for (Index m = 0; m < means.cols(); ++m) {
    const MatrixXd a = state_->expand(points, at.mean.col(m), deviations(at.variance.col(m)));
    means.col(m) = a.col(0);
    variances.col(m) = hermite_variance(a);
  }
  return mix(means, variances, state_->unit);
}

JointPrediction GaussianProcess::predict_joint(const MatrixXd& points) const {
  state_->check_points(points);
  state_->require_exact("joint covariance");
  const MatrixXd unit = state_->box.to_unit(points);
  const double share = 1 / static_cast<double>(state_->members.size());
  MatrixXd means(points.cols(), static_cast<Index>(state_->members.size()));
  JointPrediction out;
  out.covariance.setZero(points.cols(), points.cols());
  VectorXd mean;
  MatrixXd covariance;
  for (std::size_t m = 0; m < state_->members.size(); ++m) {
    state_->members[m].joint(unit, mean, covariance);
    const VectorXd deviation = deviations(covariance.diagonal());
    const VectorXd inverse = deviation.cwiseMax(1e-300).cwiseInverse();
    covariance = inverse.asDiagonal() * covariance * inverse.asDiagonal();
    const MatrixXd a = state_->expand(points, mean, deviation);
    means.col(static_cast<Index>(m)) = a.col(0);
    out.covariance += share * hermite_covariance(a, covariance);
  }
  out.mean = means.rowwise().mean();
  means.colwise() -= out.mean;
  out.covariance += share * means * means.transpose();
  out.mean *= state_->unit;
  out.covariance *= state_->unit * state_->unit;
  return out;
}

PredictionGradient GaussianProcess::predict_gradient(const MatrixXd& points) const {
  state_->check_points(points);
  const MatrixXd in_cube = state_->box.to_unit(points);
  const std::vector<const Surrogate*> all = state_->views();
  const double share = 1 / static_cast<double>(all.size());
  const Index q = points.cols();
  PredictionGradient out;
  out.mean.setZero(points.rows(), q);
  // d Var = mean over members of (dvar + 2 E dE) - 2 mean dmean.
  MatrixXd by_square = out.mean, dm, dv;
  VectorXd mean, variance;
  for (const Surrogate* member : all) {
    member->predict(in_cube, mean, variance, &dm, &dv);
    const VectorXd deviation = deviations(variance).cwiseMax(1e-8);
    const MatrixXd a = state_->expand(points, mean, deviation);
    for (Index j = 0; j < q; ++j) {
      const MomentSlopes slopes = hermite_slopes(a.row(j), deviation[j]);
      const VectorXd ds = dv.col(j) / (2 * deviation[j]);
      const VectorXd de = slopes.mean_by_mean * dm.col(j) + slopes.mean_by_deviation * ds;
      out.mean.col(j) += share * de;
      by_square.col(j) += share * (slopes.variance_by_mean * dm.col(j) +
                                   slopes.variance_by_deviation * ds + 2 * a(j, 0) * de);
    }
  }
  const Prediction at = predict(points);
  const double unit = state_->unit;
  out.deviation.resize(points.rows(), q);
  for (Index j = 0; j < q; ++j) {
    out.deviation.col(j) = (by_square.col(j) - 2 * (at.mean[j] / unit) * out.mean.col(j)) /
                           (2 * std::max(at.deviation[j] / unit, 1e-150));
  }
  const VectorXd by_width = saturated(unit * state_->box.width.cwiseInverse());
  out.mean = saturated(by_width.asDiagonal() * out.mean);
  out.deviation = saturated(by_width.asDiagonal() * out.deviation);
  return out;
}

MatrixXd GaussianProcess::sample(const MatrixXd& points, Index count, std::uint64_t seed) const {
  state_->check_points(points);
  state_->require_exact("samples");
  const MatrixXd unit = state_->box.to_unit(points);
  const auto m = static_cast<Index>(state_->members.size());
  RandomStream stream(seed, Purpose::kUser);
  MatrixXd out(points.cols(), count);
  for (Index i = 0; i < m && i < count; ++i) {
    const GpPosterior& member = state_->members[static_cast<std::size_t>(i)];
    const Index some = (count - i + m - 1) / m;
    MatrixXd z;
    if (points.cols() <= kJointLimit) {
      VectorXd mean, prior;
      MatrixXd covariance, normals(points.cols(), some);
      member.joint(unit, mean, covariance);
      member.kernel().diagonal(unit, member.theta().data(), prior);
      stream.fill_normal({normals.data(), static_cast<std::size_t>(normals.size())});
      z = draw(mean, covariance, prior.size() > 0 ? prior.maxCoeff() : 1, normals);
    } else {
      SamplePaths(member, some, stream).evaluate(unit, z);
    }
    for (Index j = 0; j < some; ++j) out.col(i + j * m) = z.col(j);
  }
  for (Index j = 0; j < out.rows(); ++j) {
    const ValueMap& map = state_->map_at(points, j);
    for (Index k = 0; k < count; ++k) out(j, k) = map.to_raw(out(j, k));
  }
  return out;
}

VectorXd GaussianProcess::noise_variance(const MatrixXd& points) const {
  state_->check_points(points);
  const double scale = state_->affine() ? state_->maps[0].scale() : 1;
  return scale * scale * state_->noise_at(points).rowwise().mean();
}

VectorXd GaussianProcess::State::log_densities(const MatrixXd& points, const VectorXd& y,
                                               const MatrixXd& mean,
                                               const MatrixXd& variance) const {
  VectorXd out(y.size());
  for (Index i = 0; i < y.size(); ++i) {
    const ValueMap& map = map_at(points, i);
    const double z = map.transform.apply(y[i]);
    const double slope = map.affine() ? 1 / map.scale() : map.transform.slope(y[i]);
    const Eigen::ArrayXd of_members =
        -0.5 * (z - mean.row(i).array()).square() / variance.row(i).array() -
        0.5 * (2 * std::numbers::pi * variance.row(i).array()).log();
    const double most = of_members.maxCoeff();
    out[i] = most + std::log((of_members - most).exp().mean()) + std::log(slope);
  }
  return out;
}

VectorXd GaussianProcess::log_density(const MatrixXd& points, const VectorXd& y) const {
  state_->check_points(points);
  if (y.size() != points.cols() || !y.allFinite()) {
    throw PointError("point.size", "GaussianProcess: log_density takes one finite value a point; " +
                                       std::to_string(points.cols()) + " points came with " +
                                       std::to_string(y.array().isFinite().count()) + " of them");
  }
  MemberMoments at = state_->moments(state_->box.to_unit(points));
  at.variance += state_->noise_at(points);
  return state_->log_densities(points, y, at.mean, at.variance);
}

LeaveOneOutReport GaussianProcess::leave_one_out() const {
  state_->check_points(MatrixXd(dimension(), 0));
  state_->require_exact("leave-one-out predictions");
  const RawData& raw = state_->raw;
  LeaveOneOutReport out;
  for (Index i = 0; i < raw.size(); ++i) {
    if (std::isfinite(raw.y[i])) out.index.push_back(i);
  }
  const auto count = static_cast<Index>(out.index.size());
  const auto m = static_cast<Index>(state_->members.size());
  const MatrixXd points = raw.x(Eigen::all, out.index);
  const VectorXd z = state_->to_model(raw)(out.index);
  MatrixXd mean(count, m), variance(count, m), raw_mean(count, m), raw_variance(count, m);
  for (Index k = 0; k < m; ++k) {
    const GpPosterior& member = state_->members[static_cast<std::size_t>(k)];
    const LeaveOneOut left = member.leave_one_out();
    for (Index i = 0; i < count; ++i) {
      // Replicates are left out together; one of them is as noisy as if it had been alone.
      const Index row =
          state_->row[static_cast<std::size_t>(out.index[static_cast<std::size_t>(i)])];
      const double together = member.noise(row);
      const double alone =
          member.data().count.size() > 0 ? together * member.data().count[row] : together;
      mean(i, k) = left.mean[row];
      variance(i, k) = left.variance[row] + alone - together;
    }
    const MatrixXd a = state_->expand(points, mean.col(k), deviations(variance.col(k)));
    raw_mean.col(k) = a.col(0);
    raw_variance.col(k) = hermite_variance(a);
  }
  const Prediction in_raw = mix(raw_mean, raw_variance, state_->unit);
  const Prediction in_model = mix(mean, variance, 1);
  out.mean = in_raw.mean;
  out.deviation = in_raw.deviation;
  out.z = (z - in_model.mean).cwiseQuotient(in_model.deviation);
  out.log_density = state_->log_densities(points, raw.y(out.index), mean, variance);
  return out;
}

double GaussianProcess::log_marginal_likelihood(const VectorXd& theta, VectorXd* gradient) const {
  state_->check_points(MatrixXd(dimension(), 0));
  state_->require_exact("marginal likelihood");
  const VectorXd shift = state_->theta_shift();
  if (theta.size() > 0 && theta.size() != shift.size()) {
    throw OptionError("option.size", "GaussianProcess: theta has " + std::to_string(theta.size()) +
                                         " entries; the model has " + std::to_string(shift.size()) +
                                         " hyper-parameters");
  }
  const std::size_t at = state_->likeliest();
  const VectorXd in_model = theta.size() > 0 ? VectorXd(theta - shift) : state_->thetas[at];
  const GpPreset& preset = state_->presets[std::min(at, state_->presets.size() - 1)];
  MarginalLikelihood likelihood(*state_->kernel, state_->data, preset.mean);
  if (gradient) gradient->resize(shift.size());
  const double value = likelihood.evaluate(in_model, gradient ? gradient->data() : nullptr);
  return value + state_->log_jacobian();
}

std::vector<Hyperparameters> GaussianProcess::hyperparameters() const {
  state_->check_points(MatrixXd(dimension(), 0));
  const std::vector<HyperParameter> parameters = model_parameters(*state_->kernel, state_->data);
  const VectorXd shift = state_->theta_shift();
  std::vector<Hyperparameters> out;
  for (std::size_t m = 0; m < state_->thetas.size(); ++m) {
    Hyperparameters one;
    one.theta = state_->thetas[m] + shift;
    std::vector<double> lengthscales;
    for (Index i = 0; i < one.theta.size(); ++i) {
      const HyperParameter& parameter = parameters[static_cast<std::size_t>(i)];
      one.names.push_back(parameter.name);
      const double natural = parameter.to_natural(one.theta[i]);
      if (parameter.role == HyperRole::kLengthscale) lengthscales.push_back(natural);
      if (parameter.role == HyperRole::kOutputscale) one.outputscale = natural;
      if (parameter.role == HyperRole::kNoise) one.noise_variance = natural;
    }
    one.lengthscale = VectorXd::Map(lengthscales.data(), static_cast<Index>(lengthscales.size()));
    one.log_posterior = state_->log_posteriors[m];
    if (m < state_->members.size()) {
      one.mean = state_->maps[0].to_raw(state_->members[m].mean());
      one.log_likelihood = state_->members[m].log_marginal_likelihood() + state_->log_jacobian();
    }
    out.push_back(std::move(one));
  }
  return out;
}

GaussianProcessDiagnostics GaussianProcess::diagnostics() const {
  GaussianProcessDiagnostics out = state_->report;
  out.members = static_cast<int>(state_->views().size());
  for (const GpPosterior& member : state_->members) {
    out.jitter = std::max(out.jitter, member.jitter());
    out.lifted_pivots += member.lifted_pivots();
  }
  return out;
}

const Surrogate& GaussianProcess::model() const {
  state_->check_points(MatrixXd(dimension(), 0));
  return *state_;
}

std::unique_ptr<Surrogate> GaussianProcess::model_with(const MatrixXd& pending) const {
  state_->check_points(pending);
  state_->require_exact("pending points");
  std::vector<std::unique_ptr<Surrogate>> views;
  for (const GpPosterior& member : state_->members) {
    views.push_back(std::make_unique<Fantasy>(member, state_->box.to_unit(pending)));
  }
  return std::make_unique<SurrogateMixture>(std::move(views));
}

MatrixXd GaussianProcess::to_unit(const MatrixXd& points) const {
  state_->check_points(points);
  return state_->box.to_unit(points);
}

std::vector<const Surrogate*> GaussianProcess::members() const {
  state_->check_points(MatrixXd(dimension(), 0));
  return state_->views();
}

std::vector<const GpPosterior*> GaussianProcess::posteriors() const {
  state_->check_points(MatrixXd(dimension(), 0));
  state_->require_exact("posterior covariances");
  std::vector<const GpPosterior*> out;
  for (const GpPosterior& member : state_->members) out.push_back(&member);
  return out;
}

const GpData& GaussianProcess::model_data() const {
  state_->check_points(MatrixXd(dimension(), 0));
  return state_->data;
}

double GaussianProcess::to_model(double y, std::size_t task) const {
  state_->check_points(MatrixXd(dimension(), 0));
  return state_->maps.at(task).transform.apply(y);
}

}  // namespace asktell
