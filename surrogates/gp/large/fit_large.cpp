// See fit_large.hpp.
#include <asktell/surrogates/gp/large/fit_large.hpp>

#include <algorithm>
#include <utility>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/large/local.hpp>
#include <asktell/surrogates/gp/large/refine.hpp>
#include <asktell/surrogates/gp/large/select.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::pair<LargeModel, std::string_view> kNames[] = {
    {LargeModel::kAutomatic, "automatic"},
    {LargeModel::kExact, "exact"},
    {LargeModel::kSubsetExact, "subset-exact"},
    {LargeModel::kVariational, "variational"},
    {LargeModel::kFitc, "fitc"},
    {LargeModel::kLocal, "local"},
    {LargeModel::kVecchia, "vecchia"}};

std::string megabytes(double bytes) {
  return std::to_string(static_cast<long>(bytes / 1e6 + 0.5)) + " MB";
}

// n x n matrices alive at once: while fitting (covariance, inverse, slopes, weights, temporaries;
// two starts at a time), and while factorizing (covariance and factor).
constexpr double kFitMatrices = 2 * 7;
constexpr double kFactorMatrices = 2;

void check(const LargeOptions& options) {
  const std::pair<const char*, Index> numbers[] = {{"subset", options.subset},
                                                   {"coarse", options.coarse},
                                                   {"inducing", options.inducing},
                                                   {"neighbours", options.neighbours},
                                                   {"predecessors", options.predecessors}};
  for (const auto& [what, value] : numbers) {
    if (value >= 1) continue;
    throw OptionError("option.range", std::string(what) + " is " + std::to_string(value) +
                                          "; it is a number of points and at least 1");
  }
  if (options.beyond == LargeModel::kAutomatic) {
    throw OptionError("option.value",
                      "beyond is \"automatic\"; it must name a model (\"local\" predicts best)");
  }
}

// Exact fits of a few points and then of more, the second from where the first ended.
VectorXd subset_theta(const Kernel& kernel, const GpData& data, const GpPreset& preset,
                      const VectorXd& warm, const LargeOptions& options, LargeReport& report) {
  const VectorXd prior_mode = HyperBox(model_parameters(kernel, data), preset).start;
  const std::vector<Index> order =
      best_and_spread(kernel, prior_mode, data, options.subset, options.best_share);
  const FitOptions fit{.seed = options.seed};
  VectorXd at = warm;
  if (at.size() == 0 && options.coarse < static_cast<Index>(order.size())) {
    const GpData few =
        subset(data, best_and_spread(kernel, prior_mode, data, options.coarse, options.best_share));
    at = fit_members(kernel, few, {preset}, {}, fit)[0].theta;
  }
  const FitReport fitted = fit_members(kernel, subset(data, order), {preset}, {&at, 1}, fit)[0];
  report.fitted_on = static_cast<Index>(order.size());
  report.subset_evaluations = fitted.evaluations;
  report.degraded = fitted.degraded;
  report.objective = fitted.objective;
  return fitted.theta;
}

std::unique_ptr<Surrogate> exact(KernelPtr kernel, const GpData& data, const GpPreset& preset,
                                 LargeReport& report) {
  auto model = std::make_unique<GpPosterior>(std::move(kernel), data, report.theta, preset.mean);
  report.jitter = model->jitter();
  report.points = data.size();
  return model;
}

bool flat(const GpData& data) {
  return data.size() < 3 || data.z.maxCoeff() == data.z.minCoeff();
}

std::unique_ptr<Surrogate> sparse(KernelPtr kernel, const GpData& data, const GpPreset& preset,
                                  SparseKind kind, const LargeOptions& options,
                                  LargeReport& report) {
  // A profiled scale has no place in the bound; constant values say nothing about the rest.
  const bool held = preset.profile_scale || flat(data);
  RefinedSparse refined =
      refine_sparse(*kernel, data, preset, kind, report.theta, options.inducing, options.quality,
                    {.rounds = held ? 0 : options.rounds, .evaluations = options.evaluations});
  report.theta = refined.theta;
  report.refinements = refined.evaluations;
  report.degraded = report.degraded || (refined.degraded && !held);
  if (!refined.degraded) {
    report.objective = refined.objective;
    report.fitted_on = data.size();
  }
  auto model = std::make_unique<SparseGp>(std::move(kernel), data, std::move(refined.inducing),
                                          kind, report.theta, preset.mean);
  report.jitter = model->jitter();
  report.points = data.size();
  report.support = model->inducing().cols();
  return model;
}

// One mean for all neighbourhoods, that of the points behind the hyper-parameters: a mean of a few
// neighbours is noisy and jumps (benchmarks/gp_large.cpp: means of their own predict a little
// worse).
GpMean common_mean(const KernelPtr& kernel, const GpData& data, const GpPreset& preset,
                   const LargeOptions& options, const VectorXd& theta) {
  if (preset.mean.kind == GpMean::Kind::kFixed) return preset.mean;
  const GpPosterior model(
      kernel,
      subset(data, best_and_spread(*kernel, theta, data, options.subset, options.best_share)),
      theta, preset.mean);
  return {.kind = GpMean::Kind::kFixed, .value = model.mean()};
}

std::unique_ptr<Surrogate> local(KernelPtr kernel, const GpData& data, const GpPreset& preset,
                                 const LargeOptions& options, LargeReport& report) {
  const GpMean mean = common_mean(kernel, data, preset, options, report.theta);
  std::vector<Index> anchors;
  const Index count = std::clamp<Index>(options.anchors, 0, data.size());
  for (Index i = 0; i < count; ++i) anchors.push_back(i * data.size() / count);
  auto model = std::make_unique<LocalGp>(std::move(kernel), data, report.theta, mean,
                                         options.neighbours, std::move(anchors));
  report.points = data.size();
  report.support = model->neighbours() + count;
  return model;
}

std::unique_ptr<Surrogate> vecchia(KernelPtr kernel, const GpData& data, const GpPreset& preset,
                                   const LargeOptions& options, LargeReport& report) {
  const bool held = preset.profile_scale || flat(data);
  if (!held) {
    const Refined refined =
        refine_vecchia(*kernel, data, preset, report.theta, options.predecessors,
                       {.rounds = options.rounds, .evaluations = options.evaluations});
    report.theta = refined.theta;
    report.refinements = refined.evaluations;
    report.degraded = report.degraded || refined.degraded;
    if (!refined.degraded) {
      report.objective = refined.objective;
      report.fitted_on = data.size();
    }
  }
  return local(std::move(kernel), data, preset, options, report);
}

}  // namespace

std::string_view name(LargeModel model) {
  for (const auto& [known, name] : kNames) {
    if (known == model) return name;
  }
  return "";
}

LargeModel large_model(std::string_view name) {
  std::string names;
  for (const auto& [model, known] : kNames) {
    if (known == name) return model;
    names += (names.empty() ? "\"" : ", \"") + std::string(known) + "\"";
  }
  throw OptionError("option.value",
                    "model is \"" + std::string(name) + "\"; it must be one of " + names);
}

double model_bytes(LargeModel model, Index n, const LargeOptions& options) {
  const auto square = [](Index size) {
    return sizeof(double) * static_cast<double>(size) * static_cast<double>(size);
  };
  const auto tall = [n](Index width) {
    return sizeof(double) * static_cast<double>(n) * static_cast<double>(width);
  };
  const double fit = kFitMatrices * square(std::min(n, options.subset));
  switch (model) {
    case LargeModel::kExact:
      return kFitMatrices * square(n);
    case LargeModel::kSubsetExact:
      return std::max(fit, kFactorMatrices * square(n));
    case LargeModel::kVariational:
    case LargeModel::kFitc:
      return std::max(fit, tall(2 * options.inducing));  // selection's factor, or A and scratch
    case LargeModel::kVecchia:
      return std::max(fit, tall(4 * options.predecessors));
    default:
      return fit;
  }
}

LargeChoice choose_model(Index n, const LargeOptions& options) {
  if (options.model != LargeModel::kAutomatic) return {options.model, "asked for"};
  const std::string size = std::to_string(n) + " points";
  if (n <= options.exact_limit && model_bytes(LargeModel::kExact, n, options) <= options.memory) {
    return {LargeModel::kExact, size + ": not more than " + std::to_string(options.exact_limit)};
  }
  const double bytes = model_bytes(LargeModel::kSubsetExact, n, options);
  const auto count = static_cast<double>(n);
  const double seconds = count * count * count / 3 / LargeOptions::kFlops;
  std::string cost = size + ": one factor takes " + megabytes(bytes) + " and about " +
                     std::to_string(static_cast<long>(seconds + 0.5)) + " s";
  if (bytes <= options.memory && seconds <= options.seconds) {
    return {LargeModel::kSubsetExact, cost + ", which is allowed"};
  }
  return {options.beyond, cost + ", more than allowed"};
}

LargeFit fit_large(KernelPtr kernel, const GpData& data, const GpPreset& preset,
                   const VectorXd& warm, const LargeOptions& options) {
  check(options);
  LargeChoice choice = choose_model(data.size(), options);
  LargeFit out;
  LargeReport& report = out.report;
  report.model = choice.model;
  report.reason = std::move(choice.reason);
  report.bytes = model_bytes(choice.model, data.size(), options);
  LargeOptions fit = options;
  if (choice.model == LargeModel::kExact) fit.subset = std::max<Index>(1, data.size());
  report.theta = subset_theta(*kernel, data, preset, warm, fit, report);
  switch (choice.model) {
    case LargeModel::kVariational:
      out.model = sparse(kernel, data, preset, SparseKind::kVariational, options, report);
      break;
    case LargeModel::kFitc:
      out.model = sparse(kernel, data, preset, SparseKind::kFitc, options, report);
      break;
    case LargeModel::kLocal:
      out.model = local(kernel, data, preset, options, report);
      break;
    case LargeModel::kVecchia:
      out.model = vecchia(kernel, data, preset, options, report);
      break;
    default:
      out.model = exact(kernel, data, preset, report);
  }
  return out;
}

}  // namespace asktell
