// See gaussian_process_state.hpp: from data as they are given to fitted members.
#include <algorithm>
#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gaussian_process_state.hpp>
#include <asktell/surrogates/transforms/choose.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using kernels::Metric;

constexpr Index kEnsembleLimit = 300;  // observations; beyond, one fit costs more than it gains
constexpr double kFarthest = 1e9;      // unit coordinates beyond it are moved there
constexpr double kRoom = 10;           // ranges of the data that predictions may lie beyond it
constexpr double kNoiseFloor = 1e-12;  // of given variances, in squared model units

std::string in_words(const char* what, Index got, Index wanted) {
  return std::string("GaussianProcess: ") + what + " has " + std::to_string(got) +
         " entries; it must have " + std::to_string(wanted);
}

void check_size(const char* what, Index got, Index wanted) {
  if (got != wanted) throw PointError("point.size", in_words(what, got, wanted));
}

void check_finite(const MatrixXd& x) {
  for (Index j = 0; j < x.cols(); ++j) {
    for (Index i = 0; i < x.rows(); ++i) {
      if (std::isfinite(x(i, j))) continue;
      throw PointError("point.not-finite", "GaussianProcess: input " + std::to_string(i) +
                                               " of point " + std::to_string(j) + " is " +
                                               precise(x(i, j)) +
                                               "; inputs must be finite (leave the point out)");
    }
  }
}

void check_noise(const VectorXd& noise) {
  for (Index i = 0; i < noise.size(); ++i) {
    if (noise[i] >= 0 && std::isfinite(noise[i])) continue;
    throw PointError("point.range", "GaussianProcess: noise_variance of observation " +
                                        std::to_string(i) + " is " + precise(noise[i]) +
                                        "; variances must be finite and 0 or more");
  }
}

// Widths that cannot be divided by become 1; halves keep the difference of large numbers finite.
InputBox box_of(const MatrixXd& bounds) {
  InputBox box{bounds.col(0), 2 * (bounds.col(1) / 2 - bounds.col(0) / 2)};
  for (double& width : box.width) {
    if (!(width > 0) || !std::isnormal(width)) width = 1;
  }
  return box;
}

}  // namespace

MatrixXd InputBox::to_unit(const MatrixXd& x) const {
  const MatrixXd half = (x / 2).colwise() - low / 2;
  return 2 *
         (half.array().colwise() / width.array()).max(-kFarthest / 2).min(kFarthest / 2).matrix();
}

void RawData::append(const RawData& more) {
  const Index n = size(), b = more.size();
  x.conservativeResize(x.rows(), n + b);
  x.rightCols(b) = more.x;
  y.conservativeResize(n + b);
  y.tail(b) = more.y;
  if (noise.size() == 0 && more.noise.size() == 0) return;
  if (noise.size() == 0) noise.setZero(n);
  noise.conservativeResize(n + b);
  noise.tail(b) = more.noise.size() > 0 ? more.noise : VectorXd::Zero(b);
}

void RawData::remove(Index index) {
  std::vector<Index> kept;
  for (Index i = 0; i < size(); ++i) {
    if (i != index) kept.push_back(i);
  }
  x = MatrixXd(x(Eigen::all, kept));
  y = VectorXd(y(kept));
  if (noise.size() > 0) noise = VectorXd(noise(kept));
}

ValueMap::ValueMap(TransformKind kind, const VectorXd& y) : transform(kind, y) {
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (const double value : y) {
    if (!std::isfinite(value)) continue;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  if (!(most > least)) return;
  const double largest = std::numeric_limits<double>::max() / 2;
  low = std::max(-largest, least - kRoom * (most - least));
  high = std::min(largest, most + kRoom * (most - least));
}

void GaussianProcess::State::check(const RawData& given, Index d) const {
  if (given.size() == 0 || given.x.rows() == 0) {
    throw PointError("point.size",
                     "GaussianProcess: no observations are given; it needs at least 1");
  }
  if (d >= 0 && given.x.rows() != d) {
    throw PointError("point.size", "GaussianProcess: points have " +
                                       std::to_string(given.x.rows()) +
                                       " inputs; the model was fitted to " + std::to_string(d));
  }
  check_size("y", given.y.size(), given.size());
  if (given.noise.size() > 0) check_size("noise_variance", given.noise.size(), given.size());
  check_finite(given.x);
  check_noise(given.noise);
  if (options.bounds.size() > 0) check_size("bounds", options.bounds.rows(), given.x.rows());
  for (const std::int64_t column : options.categorical) {
    if (column >= 0 && column < given.x.rows()) continue;
    throw OptionError("option.range", "GaussianProcess: categorical names input " +
                                          std::to_string(column) + "; inputs are 0 to " +
                                          std::to_string(given.x.rows() - 1));
  }
  if (options.tasks > 0) {
    for (Index j = 0; j < given.size(); ++j) task_of(given.x, j);
  }
  const Index scales = options.lengthscale.size();
  const Index inputs = given.x.rows() - (options.tasks > 0 ? 1 : 0);
  if (scales > 1) check_size("lengthscale", scales, inputs);
  if (options.noise == "given" && given.noise.size() == 0) {
    throw OptionError("option.conflict",
                      "GaussianProcess: noise is \"given\" but no noise_variance came with the "
                      "data; pass one variance an observation, or use noise \"inferred\"");
  }
}

std::size_t GaussianProcess::State::task_of(const MatrixXd& x, Index j) const {
  if (options.tasks == 0) return 0;
  const double task = x(x.rows() - 1, j);
  if (task >= 0 && task < static_cast<double>(options.tasks) && task == std::floor(task)) {
    return static_cast<std::size_t>(task);
  }
  throw PointError("point.range", "GaussianProcess: the task of point " + std::to_string(j) +
                                      " is " + precise(task) +
                                      "; tasks are whole numbers from 0 to " +
                                      std::to_string(options.tasks - 1));
}

void GaussianProcess::State::note(std::string fallback) {
  report.fallbacks.push_back(std::move(fallback));
}

void GaussianProcess::State::scale_inputs() {
  const Index d = raw.x.rows();
  if (options.kernel_tree && options.bounds.size() == 0) {
    box = {VectorXd::Zero(d), VectorXd::Ones(d)};  // a tree means its own coordinates
  } else if (box.low.size() != d) {
    MatrixXd bounds(d, 2);
    bounds << raw.x.rowwise().minCoeff(), raw.x.rowwise().maxCoeff();
    box = box_of(options.bounds.size() > 0 ? options.bounds : bounds);
  }
  const auto keep_codes = [&](Index row) {
    box.low[row] = 0;
    box.width[row] = 1;
  };
  for (const std::int64_t column : options.categorical) keep_codes(column);
  if (options.tasks > 0) keep_codes(d - 1);
}

bool GaussianProcess::State::given_in_raw_units() const {
  return !options.fit_hyperparameters || options.lengthscale.size() > 0 ||
         !std::isnan(options.outputscale) || !std::isnan(options.noise_variance) ||
         !std::isnan(options.mean) || raw.noise.size() > 0;
}

TransformKind GaussianProcess::State::transform_for(const VectorXd& y) const {
  if (options.transform != "auto") return transform_kind(options.transform);
  return given_in_raw_units() ? TransformKind::kStandardize : default_transform(y);
}

void GaussianProcess::State::map_values() {
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(1, options.tasks));
  std::vector<std::vector<Index>> members(count);
  for (Index j = 0; j < raw.size(); ++j) members[task_of(raw.x, j)].push_back(j);
  report.failed = raw.size() - raw.y.array().isFinite().count();
  for (const std::vector<Index>& some : members) {
    const VectorXd y = raw.y(some);
    maps.emplace_back(transform_for(y), y);
    const OutputTransform& transform = maps.back().transform;
    report.transform = transform_name(transform.applied());
    if (!transform.fallback().empty()) note("transform: " + std::string(transform.fallback()));
  }
}

VectorXd GaussianProcess::State::to_model(const RawData& some) const {
  VectorXd z(some.size());
  for (Index j = 0; j < some.size(); ++j) z[j] = map_at(some.x, j).transform.apply(some.y[j]);
  return z;
}

// Variances pass through the slope at the value, which is exact for an affine transform; a failed
// value has the mean of the others.
VectorXd GaussianProcess::State::noise_to_model(const RawData& some) const {
  VectorXd noise = some.noise;
  double sum = 0;
  Index count = 0;
  for (Index j = 0; j < noise.size(); ++j) {
    const ValueMap& map = map_at(some.x, j);
    if (!map.transform.smooth()) {
      throw OptionError("option.conflict",
                        "GaussianProcess: noise variances cannot pass through "
                        "the transform \"" +
                            options.transform + "\", which looks at ranks; use \"standardize\"");
    }
    if (!std::isfinite(some.y[j])) continue;
    const double slope = map.affine() ? 1 / map.scale() : map.transform.slope(some.y[j]);
    noise[j] = std::clamp(noise[j] * slope * slope, kNoiseFloor, 1e12);
    sum += noise[j];
    ++count;
  }
  for (Index j = 0; j < noise.size(); ++j) {
    if (!std::isfinite(some.y[j])) noise[j] = count > 0 ? sum / static_cast<double>(count) : 1;
  }
  return noise;
}

void GaussianProcess::State::build_kernel() {
  if (options.kernel_tree) {
    kernel = options.kernel_tree;
    return;
  }
  const Index d = inputs();
  const std::string name = options.kernel == "auto"
                               ? std::string(kernels::name(gp_preset(options.prior, d).form))
                               : options.kernel;
  if (name == "linear") {
    kernel = kernels::linear(kernels::all_columns(d));
  } else if (name == "spherical_linear") {
    kernel = kernels::spherical_linear(kernels::all_columns(d));
  } else {
    kernels::StationaryOptions about{
        .columns = kernels::all_columns(d),
        .metrics = std::vector<Metric>(static_cast<std::size_t>(d), Metric::kDifference),
        .warp = options.warp};
    about.form = name == "periodic" ? kernels::Form::kRbf : kernels::form(name);
    if (name == "periodic")
      std::fill(about.metrics.begin(), about.metrics.end(), Metric::kPeriodic);
    for (const std::int64_t column : options.categorical) {
      about.metrics[static_cast<std::size_t>(column)] = Metric::kHamming;
    }
    kernel = kernels::scaled(kernels::stationary(about));
  }
  if (options.tasks > 0) kernel = kernels::product({kernel, kernels::task(d, options.tasks, 1)});
}

bool GaussianProcess::State::default_model() const {
  return !options.kernel_tree && options.kernel == "auto" && options.prior == "asktell" &&
         options.fit_hyperparameters && !given_in_raw_units() && options.tasks == 0 &&
         options.noise != "robust";
}

void GaussianProcess::State::build_presets() {
  report.inference = options.inference;
  if (options.inference == "auto") {
    report.inference = default_model() && raw.size() <= kEnsembleLimit ? "ensemble" : "map";
  }
  if (!options.fit_hyperparameters) report.inference = "kept";
  const bool noise_free = options.noise == "deterministic";
  presets = report.inference == "ensemble"
                ? gp_ensemble(inputs(), noise_free)
                : std::vector<GpPreset>{gp_preset(options.prior, inputs(), noise_free)};
  if (!std::isnan(options.mean)) {
    for (GpPreset& preset : presets) {
      preset.mean = {.kind = GpMean::Kind::kFixed, .value = maps[0].transform.apply(options.mean)};
    }
  }
}

void GaussianProcess::State::collect() {
  data.x = box.to_unit(raw.x);
  data.z = to_model(raw);
  if (raw.noise.size() > 0) data.given_noise = noise_to_model(raw);
  data.fitted_noise = options.noise != "given";
  if (options.tasks > 0) {
    for (Index j = 0; j < raw.size(); ++j) {
      data.noise_group.push_back(static_cast<int>(task_of(raw.x, j)));
    }
  }
  data = merge_replicates(data, row);
  report.observations = raw.size();
  report.merged = raw.size() - data.size();
}

VectorXd GaussianProcess::State::theta_shift() const {
  const std::vector<HyperParameter> parameters = model_parameters(*kernel, data);
  VectorXd shift = VectorXd::Zero(static_cast<Index>(parameters.size()));
  if (options.kernel_tree) return shift;
  Index input = 0, period = 0;
  const double of_values = affine() ? 2 * std::log(maps[0].scale()) : 0;
  for (Index i = 0; i < shift.size(); ++i) {
    switch (parameters[static_cast<std::size_t>(i)].role) {
      case HyperRole::kLengthscale:
        // A periodic kernel's length-scales are relative to its circle.
        if (options.kernel != "periodic") shift[i] = std::log(box.width[input++]);
        break;
      case HyperRole::kPeriod:
        shift[i] = std::log(box.width[period++]);
        break;
      case HyperRole::kOutputscale:
      case HyperRole::kNoise:
        shift[i] = of_values;
        break;
      default:
        break;
    }
  }
  return shift;
}

VectorXd GaussianProcess::State::given_theta(VectorXd theta) const {
  const std::vector<HyperParameter> parameters = model_parameters(*kernel, data);
  const VectorXd shift = theta_shift();
  Index input = 0;
  for (Index i = 0; i < theta.size(); ++i) {
    double given = std::numeric_limits<double>::quiet_NaN();
    const HyperRole role = parameters[static_cast<std::size_t>(i)].role;
    if (role == HyperRole::kLengthscale && options.lengthscale.size() > 0) {
      given = options.lengthscale[options.lengthscale.size() == 1 ? 0 : input];
    }
    if (role == HyperRole::kLengthscale) ++input;
    if (role == HyperRole::kOutputscale) given = options.outputscale;
    if (role == HyperRole::kNoise) given = std::max(options.noise_variance, 1e-300);
    if (role == HyperRole::kNoise && std::isnan(options.noise_variance)) continue;
    if (!std::isnan(given)) theta[i] = std::log(given) - shift[i];
  }
  return theta;
}

void GaussianProcess::State::fit_members_of(const State* before) {
  const std::vector<HyperParameter> parameters = model_parameters(*kernel, data);
  std::vector<VectorXd> starts;
  const bool given = !options.fit_hyperparameters || options.lengthscale.size() > 0 ||
                     !std::isnan(options.outputscale) || !std::isnan(options.noise_variance);
  if (before && before->box == box && before->thetas.size() == presets.size()) {
    starts = before->thetas;
  } else if (given) {
    for (const GpPreset& preset : presets) {
      starts.push_back(given_theta(HyperBox(parameters, preset).start));
    }
  }
  if (!options.fit_hyperparameters) {
    thetas = starts;
    log_posteriors.assign(thetas.size(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  for (const FitReport& fit : fit_members(*kernel, data, presets, starts, {.seed = options.seed})) {
    thetas.push_back(fit.theta);
    log_posteriors.push_back(fit.objective);
    report.evaluations += fit.evaluations;
    report.active_bounds += fit.active_bounds;
    if (fit.degraded) note("fit: no start could be evaluated; the priors' mode is used");
  }
}

void GaussianProcess::State::factorize() {
  members.clear();
  for (std::size_t m = 0; m < thetas.size(); ++m) {
    const GpPreset& preset = presets[std::min(m, presets.size() - 1)];
    members.emplace_back(kernel, data, thetas[m], preset.mean);
    if (members.back().jitter() > 0) {
      note("factorization: the covariance of member " + std::to_string(m) +
           " was singular to rounding; jitter " + precise(members.back().jitter()) +
           " was added to its diagonal");
    }
  }
}

void GaussianProcess::State::fit(const State* before) {
  scale_inputs();
  map_values();
  build_kernel();
  build_presets();
  collect();
  fit_members_of(before);
  factorize();
  report.model = "exact";
  report.reason = std::to_string(raw.size()) + " observations, exact up to " +
                  std::to_string(options.exact_limit);
  const bool warm = before && before->box == box && before->thetas.size() == presets.size();
  fitted_at = raw.size();
  cold_at = warm ? before->cold_at : raw.size();
}

void GaussianProcess::State::append(const RawData& more) {
  const MatrixXd unit = box.to_unit(more.x);
  const VectorXd z = to_model(more), noise = noise_to_model(more);
  const MemberMoments at = moments(unit);
  std::vector<int> groups;
  for (Index j = 0; j < more.size(); ++j) {
    const double mean = at.mean.row(j).mean();
    const double spread = (at.mean.row(j).array() - mean).square().mean();
    const double variance = at.variance.row(j).mean() + spread + noise_at(0, more.x, j);
    if (std::isfinite(more.y[j])) errors.push_back((z[j] - mean) / std::sqrt(variance));
    groups.push_back(static_cast<int>(task_of(more.x, j)));
    row.push_back(data.size() + j);
  }
  for (GpPosterior& member : members) member.append(unit, z, noise, groups);
  data = members[0].data();
  raw.append(more);
  report.observations = raw.size();
  report.failed = raw.size() - raw.y.array().isFinite().count();
}

void GaussianProcess::State::remove(Index index) {
  const Index at = row[static_cast<std::size_t>(index)];
  const bool alone = std::count(row.begin(), row.end(), at) == 1;
  raw.remove(index);
  row.erase(row.begin() + index);
  if (alone) {
    for (GpPosterior& member : members) member.remove(at);
    data = members[0].data();
    for (Index& other : row) other -= other > at;
  } else {
    data = {};
    collect();
    factorize();
  }
  report.observations = raw.size();
  report.failed = raw.size() - raw.y.array().isFinite().count();
}

}  // namespace asktell
