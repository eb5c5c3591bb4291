// See gaussian_process_state.hpp: kernel, priors and fitted members.
#include <algorithm>
#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gaussian_process_state.hpp>
#include <asktell/surrogates/gp/large/fit_large.hpp>
#include <asktell/surrogates/gp/large/local.hpp>
#include <asktell/surrogates/gp/multitask.hpp>
#include <asktell/surrogates/gp/relevance_pursuit.hpp>
#include <asktell/surrogates/gp/saas.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using kernels::Metric;

constexpr Index kEnsembleLimit = 300;  // observations; beyond, one fit costs more than it gains
constexpr Index kWarpFrom = 3;         // observations an input

}  // namespace

void GaussianProcess::State::note(std::string fallback) {
  report.fallbacks.push_back(std::move(fallback));
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
  HyperSamplesOptions about{.warm = {64, 256},
                            .cold_sweeps = {50, 256},
                            .warm_sweeps = {10, 256},
                            .seed = options.seed};  // 64 draws seldom suffice
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
  if (!options.fit_hyperparameters) {
    thetas = from;
    log_posteriors = {std::numeric_limits<double>::quiet_NaN()};
    approximation = std::make_unique<LocalGp>(kernel, data, thetas[0], presets[0].mean);
    report.model = name(LargeModel::kLocal);
    report.reason = std::to_string(data.size()) + " observations, exact up to " +
                    std::to_string(options.exact_limit) + ", hyper-parameters kept";
    return;
  }
  if (options.noise == "robust") {
    note("noise: \"robust\" needs an exact model; one variance for all is fitted");
  }
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
  map_values(before);
  resolve_inference();
  build_kernel();
  build_presets();
  collect();
  const bool warm = starts_from(before);
  if (data.size() > options.exact_limit) {
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
  const MatrixXd own_noise = noise_at(more.x);
  std::vector<int> groups;
  for (Index j = 0; j < more.size(); ++j) {
    const double mean = at.mean.row(j).mean();
    const double spread = (at.mean.row(j).array() - mean).square().mean();
    const double variance = (at.variance.row(j) + own_noise.row(j)).mean() + spread;
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

bool GaussianProcess::State::alone(Index index) const {
  return std::count(row.begin(), row.end(), row[static_cast<std::size_t>(index)]) == 1;
}

void GaussianProcess::State::rebuild() {
  data = {};
  collect();
  factorize();
}

void GaussianProcess::State::remove(Index index) {
  const Index at = row[static_cast<std::size_t>(index)];
  const bool plain = alone(index);
  raw.remove(index);
  row.erase(row.begin() + index);
  if (plain) {
    for (GpPosterior& member : members) member.remove(at);
    data = members[0].data();
    for (Index& other : row) other -= other > at;
  } else {
    rebuild();
  }
  std::erase_if(report.suspects, [&](const SuspectedValue& one) { return one.index == index; });
  for (SuspectedValue& one : report.suspects) one.index -= one.index > index;
  report.observations = raw.size();
  report.failed = raw.size() - raw.y.array().isFinite().count();
}

void GaussianProcess::State::amend(Index index, double y) {
  const bool plain = alone(index) && (raw.noise.size() == 0 || affine());
  raw.y[index] = y;
  if (plain) {
    data.z[row[static_cast<std::size_t>(index)]] = map_at(raw.x, index).transform.apply(y);
    for (GpPosterior& member : members) member.set_values(data.z);
  } else {
    rebuild();
  }
  report.failed = raw.size() - raw.y.array().isFinite().count();
}

}  // namespace asktell
