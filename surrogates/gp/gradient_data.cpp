// See gradient_data.hpp.
#include <asktell/surrogates/gp/gradient_data.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <asktell/core/dense.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/kernels/derivative.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kValueFloor = 1e-6;  // of noise, relative to the process's variance
constexpr double kPartialFloor = 1e-5;
constexpr double kUnknownMean = 10;  // deviation of a mean about which nothing is known
constexpr double kVarianceFloor = 1e-12;

constexpr GpMean kNoMean{.kind = GpMean::Kind::kFixed};

// Variance of a mean that is not given, relative to the output scale.
double constant_of(const GpMean& mean) {
  if (mean.kind == GpMean::Kind::kFixed) return 0;
  const double deviation = mean.kind == GpMean::Kind::kNormal ? mean.deviation : kUnknownMean;
  return deviation * deviation;
}

KernelPtr kernel_of(const GradientModel& model, Index dimension) {
  return kernels::scaled(kernels::derivative(
      dimension, {.form = model.form, .unit = model.unit, .constant = constant_of(model.mean)}));
}

double fixed_mean(const GpMean& mean) {
  return mean.kind == GpMean::Kind::kFixed ? mean.value : 0;
}

GpData centred(const GradientData& data, const GradientModel& model) {
  GpData out = stacked(data, model.unit);
  out.z.head(data.size()).array() -= fixed_mean(model.mean);
  return out;
}

// `points` with one coordinate more.
MatrixXd extended(const MatrixXd& points, double kind) {
  MatrixXd out(points.rows() + 1, points.cols());
  out.topRows(points.rows()) = points;
  out.row(points.rows()).setConstant(kind);
  return out;
}

// Sets given noise to what the fitted noise at theta lacks to the floors; true when any does.
bool lift_noise(const Kernel& kernel, double constant, const VectorXd& theta, GpData& data) {
  VectorXd prior;
  kernel.diagonal(data.x, theta.data(), prior);
  const Index d = data.dimension() - 1, own = kernel.parameter_count();
  const double scale = std::exp(theta[own - 1]);
  data.given_noise.resize(data.size());
  for (Index i = 0; i < data.size(); ++i) {
    const bool value = data.x(d, i) == 0;
    const double floor =
        value ? kValueFloor * (prior[i] - constant * scale) : kPartialFloor * prior[i];
    data.given_noise[i] = std::max(0.0, floor - std::exp(theta[own + data.group(i)]));
  }
  return data.given_noise.maxCoeff() > 0;
}

}  // namespace

Index GradientData::partials() const {
  return gradient.size() - gradient.array().isNaN().count();
}

MatrixXd model_gradient(const MatrixXd& gradient, const VectorXd& range, double deviation) {
  return range.asDiagonal() * gradient / deviation;
}

GradientData within_rows(GradientData data, Index rows, Index& dropped) {
  dropped = 0;
  std::vector<Index> order(static_cast<std::size_t>(data.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return data.z[a] < data.z[b]; });
  Index used = data.size();
  bool full = false;
  for (Index i : order) {
    const Index own = data.dimension() - data.gradient.col(i).array().isNaN().count();
    full = full || used + own > rows;
    if (full) {
      data.gradient.col(i).setConstant(std::numeric_limits<double>::quiet_NaN());
      dropped += own;
    } else {
      used += own;
    }
  }
  return data;
}

GpData stacked(const GradientData& data, const VectorXd& unit) {
  const Index d = data.dimension(), n = data.size();
  GpData out;
  out.x.resize(d + 1, data.rows());
  out.z.resize(data.rows());
  out.x.leftCols(n) = extended(data.x, 0);
  out.z.head(n) = data.z;
  out.noise_group.assign(static_cast<std::size_t>(data.rows()), 1);
  std::fill_n(out.noise_group.begin(), n, 0);
  Index row = n;
  for (Index i = 0; i < d; ++i) {
    for (Index j = 0; j < n; ++j) {
      if (std::isnan(data.gradient(i, j))) continue;
      out.x.col(row) = extended(data.x.col(j), static_cast<double>(i + 1));
      out.z[row++] = data.gradient(i, j) * (unit.size() > 0 ? unit[i] : 1);
    }
  }
  return out;
}

GradientPosterior gradient_posterior(const GpPosterior& model, const VectorXd& x) {
  const Kernel& kernel = model.kernel();
  const Index d = x.size(), n = model.size();
  GradientPosterior out;
  out.covariance.setZero(d, d);
  if (!kernel.gradient_covariance(x, model.theta().data(), out.covariance)) {
    throw OptionError("option.value",
                      "the model's functions have no gradient (a Matern-1/2 kernel is among its "
                      "kernels); choose \"matern52\", \"matern32\", \"rbf\" or "
                      "\"rational_quadratic\"");
  }
  const VectorXd prior = out.covariance.diagonal();
  // Covariances of the n values and the gradient, one value at a time.
  const auto evaluation = kernel.evaluation();
  const MatrixXd at = x;
  MatrixXd k, cross(n, d), column(d, 1), weight = MatrixXd::Zero(n, 1);
  evaluation->cross(model.data().x, at, model.theta().data(), true, k);
  for (Index i = 0; i < n; ++i) {
    weight(i, 0) = 1;
    column.setZero();
    evaluation->input_gradient(weight, 1, column);
    cross.row(i) = column.transpose();
    weight(i, 0) = 0;
  }
  out.mean = cross.transpose() * model.weights();
  dense::solve_lower(model.factor(), cross);
  dense::multiply(true, false, -1, cross, cross, 1, out.covariance);
  out.covariance.diagonal() = out.covariance.diagonal().cwiseMax(kVarianceFloor * prior);
  return out;
}

GradientGp::GradientGp(GradientModel model, KernelPtr kernel, GpData data, VectorXd theta)
    : model_(std::move(model)),
      mean_(fixed_mean(model_.mean)),
      posterior_(std::move(kernel), std::move(data), std::move(theta), kNoMean) {}

GradientGp::GradientGp(const GradientData& data, GradientModel model, VectorXd theta)
    : GradientGp(model, kernel_of(model, data.dimension()), centred(data, model),
                 std::move(theta)) {}

GradientGp GradientGp::with_noise_floors(const GradientData& data, GradientModel model,
                                         VectorXd theta) {
  KernelPtr kernel = kernel_of(model, data.dimension());
  GpData rows = centred(data, model);
  lift_noise(*kernel, constant_of(model.mean), theta, rows);
  return {std::move(model), std::move(kernel), std::move(rows), std::move(theta)};
}

Index GradientGp::lifted() const {
  return (posterior_.data().given_noise.array() > 0).count();
}

void GradientGp::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                         MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  posterior_.predict(extended(points, 0), mean, variance, mean_gradient, variance_gradient);
  mean.array() += mean_;
  for (MatrixXd* gradient : {mean_gradient, variance_gradient}) {
    if (gradient) gradient->conservativeResize(dimension(), Eigen::NoChange);
  }
}

void GradientGp::joint(const MatrixXd& points, VectorXd& mean, MatrixXd& covariance) const {
  posterior_.joint(extended(points, 0), mean, covariance);
  mean.array() += mean_;
}

GradientPosterior GradientGp::gradient(const VectorXd& x) const {
  const Index d = dimension();
  MatrixXd all = extended(x.replicate(1, d), 0);
  for (Index i = 0; i < d; ++i) all(d, i) = static_cast<double>(i + 1);
  GradientPosterior out;
  posterior_.joint(all, out.mean, out.covariance);
  if (model_.unit.size() > 0) {
    const VectorXd inverse = model_.unit.cwiseInverse();
    out.mean = out.mean.cwiseProduct(inverse);
    out.covariance = inverse.asDiagonal() * out.covariance * inverse.asDiagonal();
  }
  return out;
}

void GradientGp::append(const GradientData& more) {
  if (more.partials() > 0 && posterior_.data().groups() < 2) {
    throw OptionError("option.value",
                      "the model was fitted to values only; fit it again to values and partial "
                      "derivatives before it takes any");
  }
  GpData rows = centred(more, model_);
  if (posterior_.data().given_noise.size() > 0) {
    lift_noise(posterior_.kernel(), constant_of(model_.mean), posterior_.theta(), rows);
  }
  posterior_.append(rows.x, rows.z, rows.given_noise, rows.noise_group);
}

GradientModel gradient_model(const GradientData& data, const GpPreset& preset) {
  GradientModel model{.form = preset.form, .mean = preset.mean};
  const KernelPtr kernel = kernel_of(model, data.dimension());
  const HyperBox box(model_parameters(*kernel, centred(data, model)), preset);
  model.unit = box.start.head(data.dimension()).array().exp();
  return model;
}

GradientFit fit_gradient_gp(const GradientData& all, const GpPreset& preset, const VectorXd& warm,
                            const FitOptions& options, Index rows) {
  Index dropped = 0;
  const GradientData data = within_rows(all, rows, dropped);
  GradientModel model = gradient_model(data, preset);
  const KernelPtr kernel = kernel_of(model, data.dimension());
  GpData observations = centred(data, model);
  const HyperBox box(model_parameters(*kernel, observations), preset);

  std::vector<GpPreset> members{preset};
  members[0].mean = kNoMean;
  const bool usable = warm.size() == box.start.size() && warm.allFinite();
  const double constant = constant_of(model.mean);
  lift_noise(*kernel, constant, usable ? warm : box.start, observations);
  FitReport report = fit_members(*kernel, observations, members, {&warm, 1}, options)[0];
  // Where the fitted noise is below the floors, once more with what lifts it there.
  if (lift_noise(*kernel, constant, report.theta, observations) && report.optimized &&
      !preset.profile_scale) {
    const int before = report.evaluations;
    report = fit_members(*kernel, observations, members, {&report.theta, 1}, options)[0];
    report.evaluations += before;
  }
  const VectorXd theta = report.theta;
  return {std::move(report), GradientGp::with_noise_floors(data, std::move(model), theta), dropped};
}

}  // namespace asktell
