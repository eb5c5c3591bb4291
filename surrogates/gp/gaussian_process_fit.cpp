// See gaussian_process_state.hpp: from data as they are given to fitted members.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gaussian_process_state.hpp>
#include <asktell/surrogates/gp/large/fit_large.hpp>
#include <asktell/surrogates/gp/multitask.hpp>
#include <asktell/surrogates/gp/relevance_pursuit.hpp>
#include <asktell/surrogates/gp/saas.hpp>
#include <asktell/surrogates/transforms/choose.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using kernels::Metric;

constexpr Index kEnsembleLimit = 300;  // observations; beyond, one fit costs more than it gains
constexpr Index kWarpFrom = 3;         // observations an input
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

// At least two different values.
bool varied(const VectorXd& y) {
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (const double value : y) {
    if (!std::isfinite(value)) continue;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  return most > least;
}

// Two values with the mean and the standard deviation of a task.
VectorXd pair_about(const TaskScales& scales, Index task) {
  const double half = scales.deviation[task] / std::numbers::sqrt2;
  return VectorXd{{scales.mean[task] - half, scales.mean[task] + half}};
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
  if (options.output_transform != "auto") return transform_kind(options.output_transform);
  const bool plain = given_in_raw_units() || options.tasks > 0;
  return plain ? TransformKind::kStandardize : default_transform(y);
}

// A task of fewer than two different values has nothing to be scaled by: it takes the deviation of
// the others.
void GaussianProcess::State::map_values() {
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(1, options.tasks));
  std::vector<std::vector<double>> values(count);
  for (Index j = 0; j < raw.size(); ++j) {
    std::vector<double>& of_task = values[task_of(raw.x, j)];
    of_task.push_back(raw.y[j]);
  }
  report.failed = raw.size() - raw.y.array().isFinite().count();
  std::vector<int> task(static_cast<std::size_t>(raw.size()), 0);
  for (Index j = 0; j < raw.size(); ++j) task[static_cast<std::size_t>(j)] = int(task_of(raw.x, j));
  const TaskScales scales = task_scales(raw.y, task, static_cast<Index>(count));
  for (std::size_t t = 0; t < count; ++t) {
    VectorXd y_of_task = VectorXd::Map(values[t].data(), static_cast<Index>(values[t].size()));
    if (count > 1 && !varied(y_of_task)) y_of_task = pair_about(scales, static_cast<Index>(t));
    maps.emplace_back(transform_for(y_of_task), y_of_task);
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
                            options.output_transform +
                            "\", which looks at ranks; use \"standardize\"");
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

bool GaussianProcess::State::warped() const {
  if (options.input_warp != "auto") return options.input_warp == "kumaraswamy";
  return report.inference == "ensemble" && raw.size() >= kWarpFrom * inputs();
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
        .warp = warped()};
    about.form = name == "periodic" ? kernels::Form::kRbf : kernels::form(name);
    if (name == "periodic")
      std::fill(about.metrics.begin(), about.metrics.end(), Metric::kPeriodic);
    for (const std::int64_t column : options.categorical) {
      about.metrics[static_cast<std::size_t>(column)] = Metric::kHamming;
    }
    const KernelPtr stationary = kernels::stationary(about);
    if (options.tasks > 0) {  // the covariance of tasks is a scale
      kernel = kernels::product({stationary, kernels::task(d, options.tasks, 1)});
    } else if (report.inference == "saas") {
      kernel = saas_kernel(stationary);
    } else {
      kernel = kernels::scaled(stationary);
    }
    return;
  }
  if (options.tasks > 0) kernel = kernels::product({kernel, kernels::task(d, options.tasks, 1)});
}

bool GaussianProcess::State::default_model() const {
  return !options.kernel_tree && options.kernel == "auto" && options.prior == "asktell" &&
         options.fit_hyperparameters && !given_in_raw_units() && options.tasks == 0 &&
         options.noise != "robust";
}

void GaussianProcess::State::resolve_inference() {
  report.inference = options.inference;
  const bool large = raw.size() > options.exact_limit;
  if (!options.fit_hyperparameters) {
    report.inference = "kept";
  } else if (options.inference == "auto") {
    report.inference =
        default_model() && raw.size() <= kEnsembleLimit && !large ? "ensemble" : "map";
  } else if (options.inference != "map" && (large || options.noise == "robust")) {
    note("inference: \"" + options.inference + "\" is not for " +
         (large ? std::to_string(raw.size()) + " observations, which takes an approximation"
                : std::string("noise \"robust\"")) +
         "; \"map\" is used");
    report.inference = "map";
  }
}

void GaussianProcess::State::build_presets() {
  const bool noise_free = options.noise == "deterministic";
  if (report.inference == "ensemble") {
    presets = gp_ensemble(inputs(), noise_free);
  } else if (report.inference == "map_saas") {
    presets = map_saas_ensemble(inputs());
  } else {
    presets = {gp_preset(options.prior, inputs(), noise_free)};
  }
  for (GpPreset& preset : presets) {
    if (report.inference == "saas") preset.mean = {.kind = GpMean::Kind::kFixed};
    if (std::isnan(options.mean)) continue;
    preset.mean = {.kind = GpMean::Kind::kFixed, .value = maps[0].transform.apply(options.mean)};
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
  row.resize(static_cast<std::size_t>(raw.size()));
  std::iota(row.begin(), row.end(), Index{0});
  if (options.noise == "heteroscedastic") learn_noise();
  if (options.noise != "robust") data = merge_replicates(data, row);  // each may be corrupted
  if (varying_noise) varying_noise->apply(data);
  report.observations = raw.size();
  report.merged = raw.size() - data.size();
}

void GaussianProcess::State::learn_noise() {
  varying_noise = fit_noise(data.x, data.z, {.fit = {.seed = options.seed}});
  if (varying_noise->varies()) return;
  note("noise: it cannot be learned as a function of the inputs from " +
       std::to_string(varying_noise->replicated_points()) +
       " points observed more than once; one variance for all is fitted");
  varying_noise.reset();
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

bool GaussianProcess::State::starts_from(const State* before) const {
  return before && before->box == box && before->report.inference == report.inference &&
         before->thetas.size() >= presets.size();
}

std::vector<VectorXd> GaussianProcess::State::starts(const State* before) const {
  if (starts_from(before)) return before->thetas;
  const std::vector<HyperParameter> parameters = model_parameters(*kernel, data);
  const bool given = !options.fit_hyperparameters || options.lengthscale.size() > 0 ||
                     !std::isnan(options.outputscale) || !std::isnan(options.noise_variance);
  std::vector<VectorXd> out;
  for (const GpPreset& preset : presets) {
    if (given) {
      out.push_back(given_theta(HyperBox(parameters, preset).start));
    } else if (options.tasks > 0) {
      out.push_back(multitask_start(*kernel, data, preset, options.tasks));
    }
  }
  return out;
}

void GaussianProcess::State::optimize(const State* before) {
  for (const FitReport& fit :
       fit_members(*kernel, data, presets, starts(before), {.seed = options.seed})) {
    thetas.push_back(fit.theta);
    log_posteriors.push_back(fit.objective);
    report.evaluations += fit.evaluations;
    report.active_bounds += fit.active_bounds;
    if (fit.degraded) note("fit: no start could be evaluated; the priors' mode is used");
  }
}

void GaussianProcess::State::sample_thetas(const State* before) {
  HyperSamplesOptions about{.warm = {64, 256}, .seed = options.seed};  // 64 draws seldom suffice
  if (report.inference == "slice") about.sampler = HyperSamplesOptions::Sampler::kSlice;
  std::vector<NutsState> warm;
  if (starts_from(before)) warm = before->chains;
  HyperSamples samples = report.inference == "saas"
                             ? sample_saas(*kernel, data, {}, about, warm)
                             : sample_hyperparameters(*kernel, data, presets[0], about, warm);
  report.evaluations += static_cast<int>(samples.evaluations);
  report.rhat = samples.largest_r_hat;
  report.effective_samples =
      samples.effective_size.size() > 0 ? samples.effective_size.minCoeff() : 0;
  if (samples.converged && !samples.failed) {
    thetas = std::move(samples.thetas);
    chains = std::move(samples.states);
    log_posteriors.assign(thetas.size(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  note("inference: the sampler \"" + report.inference + "\" did not converge (R-hat " +
       precise(report.rhat) + "); the ensemble of optima is used");
  report.inference = "ensemble";
  build_kernel();
  build_presets();
  optimize(nullptr);
}

void GaussianProcess::State::fit_robustly(const State* before) {
  const std::vector<VectorXd> from = starts(before);
  const RobustFit fit = fit_robust(kernel, data, presets[0], from.empty() ? VectorXd() : from[0],
                                   {.fit = {.seed = options.seed}});
  data = with_extra_noise(data, fit.rho);
  thetas = {fit.theta};
  log_posteriors = {fit.path.empty() ? fit.ordinary.objective
                                     : fit.path.back().likelihood + fit.path.back().log_prior};
  report.evaluations = fit.evaluations;
  for (const Suspect& suspect : fit.suspects) {
    report.suspects.push_back({suspect.index, suspect.z_score});
  }
}

void GaussianProcess::State::fit_approximation(const State* before) {
  const std::vector<VectorXd> from = starts(before);
  LargeOptions about{.exact_limit = options.exact_limit, .seed = options.seed};
  LargeFit fit = fit_large(kernel, data, presets[0], from.empty() ? VectorXd() : from[0], about);
  thetas = {fit.report.theta};
  log_posteriors = {fit.report.objective};
  report.model = name(fit.report.model);
  report.reason = fit.report.reason;
  report.evaluations = fit.report.subset_evaluations + fit.report.refinements;
  if (fit.report.degraded) note("fit: only a subset, or the priors, say the hyper-parameters");
  if (auto* exact = dynamic_cast<GpPosterior*>(fit.model.get())) {
    members.push_back(std::move(*exact));
  } else {
    approximation = std::move(fit.model);
  }
}

void GaussianProcess::State::find_thetas(const State* before) {
  const std::string& how = report.inference;
  if (how == "kept") {
    thetas = starts(before);
    log_posteriors.assign(thetas.size(), std::numeric_limits<double>::quiet_NaN());
  } else if (options.noise == "robust") {
    fit_robustly(before);
  } else if (how == "nuts" || how == "slice" || how == "saas") {
    sample_thetas(before);
  } else {
    optimize(before);
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
  resolve_inference();
  build_kernel();
  build_presets();
  collect();
  const bool warm = starts_from(before);
  if (data.size() > options.exact_limit && options.fit_hyperparameters) {
    fit_approximation(before);
  } else {
    find_thetas(before);
    factorize();
    report.model = "exact";
    report.reason = std::to_string(raw.size()) + " observations, exact up to " +
                    std::to_string(options.exact_limit);
  }
  fitted_at = raw.size();
  cold_at = warm ? before->cold_at : raw.size();
}

void GaussianProcess::State::append(const RawData& more) {
  const MatrixXd unit = box.to_unit(more.x);
  const VectorXd z = to_model(more);
  const VectorXd noise = varying_noise ? varying_noise->predict(unit) : noise_to_model(more);
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
