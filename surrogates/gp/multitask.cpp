// See multitask.hpp.
#include <asktell/surrogates/gp/multitask.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>

#include <asktell/core/dense.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/core/lbfgsb.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kVarianceFloor = 1e-12;     // relative to the prior variance
constexpr double kDefaultCorrelation = 0.5;  // where data cannot tell
constexpr int kLeastPairs = 4;
const double kLog2Pi = std::log(2 * std::numbers::pi);

void require(bool good, const std::string& message) {
  if (!good) throw OptionError("option.value", "multi-task model: " + message);
}

Index task_at(const MatrixXd& x, Index j, Index tasks) {
  return std::clamp<Index>(std::lround(x(x.rows() - 1, j)), 0, tasks - 1);
}

// Ranks 1, 2, ..., ties at their mean.
VectorXd ranks(const VectorXd& values) {
  std::vector<Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return values[a] < values[b]; });
  VectorXd out(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t k = begin; k < end; ++k) {
      out[order[k]] = 0.5 * static_cast<double>(begin + end + 1);
    }
  }
  return out;
}

double rank_correlation(const VectorXd& a, const VectorXd& b) {
  VectorXd ra = ranks(a), rb = ranks(b);
  ra.array() -= ra.mean();
  rb.array() -= rb.mean();
  const double size = ra.norm() * rb.norm();
  return size > 0 ? ra.dot(rb) / size : kDefaultCorrelation;
}

}  // namespace

KernelPtr multitask_kernel(Index dimension, Index tasks, Index rank, kernels::Form form,
                           Index terms) {
  require(dimension > 0, "dimension is " + std::to_string(dimension) + "; it must be positive");
  require(tasks > 0, "tasks is " + std::to_string(tasks) + "; it must be positive");
  require(rank >= 1 && rank <= tasks, "rank is " + std::to_string(rank) + "; it must be in 1 ... " +
                                          std::to_string(tasks) + ", the number of tasks");
  require(terms > 0, "terms is " + std::to_string(terms) + "; it must be positive");
  std::vector<KernelPtr> sum;
  for (Index term = 0; term < terms; ++term) {
    sum.push_back(kernels::product(
        {kernels::stationary(form, dimension), kernels::task(dimension, tasks, rank)}));
  }
  return terms == 1 ? sum[0] : kernels::sum(std::move(sum));
}

GpData multitask_data(const MatrixXd& x, const VectorXd& z, const std::vector<int>& task,
                      bool task_noise) {
  const auto n = static_cast<Index>(task.size());
  require(x.cols() == n && z.size() == n, std::to_string(x.cols()) + " points, " +
                                              std::to_string(z.size()) + " values and " +
                                              std::to_string(n) + " tasks; give as many of each");
  GpData out;
  out.x.resize(x.rows() + 1, n);
  out.x.topRows(x.rows()) = x;
  for (Index j = 0; j < n; ++j) {
    const int number = task[static_cast<std::size_t>(j)];
    require(number >= 0, "a task is " + std::to_string(number) + "; they are numbered from 0");
    out.x(x.rows(), j) = number;
  }
  out.z = z;
  if (task_noise) out.noise_group = task;
  return out;
}

TaskScales task_scales(const VectorXd& y, const std::vector<int>& task, Index tasks) {
  VectorXd count = VectorXd::Zero(tasks), squares = VectorXd::Zero(tasks);
  TaskScales out{VectorXd::Zero(tasks), VectorXd::Ones(tasks)};
  const auto each = [&](auto body) {
    for (Index i = 0; i < y.size(); ++i) body(Index{task[static_cast<std::size_t>(i)]}, y[i]);
  };
  each([&](Index t, double value) { out.mean[t] += value, count[t] += 1; });
  out.mean = out.mean.cwiseQuotient(count.cwiseMax(1));
  each([&](Index t, double value) { squares[t] += std::pow(value - out.mean[t], 2); });
  double pooled = 0, freedom = 0;
  for (Index t = 0; t < tasks; ++t) {
    if (count[t] < 2) continue;
    pooled += squares[t];
    freedom += count[t] - 1;
  }
  pooled = pooled > 0 ? std::sqrt(pooled / freedom) : 1;
  for (Index t = 0; t < tasks; ++t) {
    const double own = count[t] > 1 ? std::sqrt(squares[t] / (count[t] - 1)) : 0;
    out.deviation[t] = own > 1e-13 * std::abs(out.mean[t]) ? own : pooled;
  }
  return out;
}

VectorXd TaskScales::standardize(const VectorXd& y, const std::vector<int>& task) const {
  return (y - mean(task)).cwiseQuotient(deviation(task));
}

VectorXd TaskScales::restore(const VectorXd& z, const std::vector<int>& task) const {
  return z.cwiseProduct(deviation(task)) + mean(task);
}

VectorXd task_correlations(const GpData& data, Index tasks) {
  const Index d = data.dimension() - 1;
  std::vector<std::vector<Index>> of(static_cast<std::size_t>(tasks));
  for (Index j = 0; j < data.size(); ++j) {
    of[static_cast<std::size_t>(task_at(data.x, j, tasks))].push_back(j);
  }
  const auto reference = std::max_element(
      of.begin(), of.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  VectorXd out = VectorXd::Constant(tasks, kDefaultCorrelation);
  out[reference - of.begin()] = 1;
  for (auto own = of.begin(); own != of.end(); ++own) {
    if (own == reference || own->size() < kLeastPairs) continue;
    VectorXd partner(static_cast<Index>(own->size()));
    for (Index i = 0; i < partner.size(); ++i) {
      const Index at = (*own)[static_cast<std::size_t>(i)];
      double nearest = HUGE_VAL;
      for (Index j : *reference) {
        const double distance = (data.x.col(j) - data.x.col(at)).head(d).squaredNorm();
        if (!(distance < nearest)) continue;
        nearest = distance;
        partner[i] = data.z[j];
      }
      if (!std::isfinite(nearest)) partner[i] = data.z[reference->front()];
    }
    out[own - of.begin()] = rank_correlation(data.z(*own), partner);
  }
  return out;
}

VectorXd multitask_start(const Kernel& kernel, const GpData& data, const GpPreset& preset,
                         Index tasks) {
  const std::vector<HyperParameter> parameters = model_parameters(kernel, data);
  const HyperBox box(parameters, preset);
  VectorXd theta = box.start;
  const VectorXd correlations = task_correlations(data, tasks);
  const auto others = static_cast<double>(tasks - 1);  // all but the reference, whose number is 1
  const double mean = tasks > 1 ? (correlations.cwiseAbs().sum() - 1) / others : 1;
  const double rho = std::clamp(mean, 0.1, 0.95);
  const auto count = [&](HyperRole role) {
    return std::count_if(parameters.begin(), parameters.end(),
                         [&](const HyperParameter& p) { return p.role == role; });
  };
  const Index terms = std::max<Index>(1, count(HyperRole::kTask) / tasks);
  const Index rank = count(HyperRole::kFactor) / (tasks * terms);
  const Index lengthscales = count(HyperRole::kLengthscale) / terms;
  const double share = 1 / static_cast<double>(terms);
  Index factors = 0, scales = 0;
  for (Index i = 0; i < theta.size(); ++i) {
    switch (parameters[static_cast<std::size_t>(i)].role) {
      case HyperRole::kFactor: {
        const Index t = factors % tasks, column = factors++ / tasks % rank;
        const double sign = correlations[t] < 0 ? -1 : 1;
        const double wave = std::cos(std::numbers::pi * static_cast<double>(column) *
                                     (static_cast<double>(t) + 0.5) / static_cast<double>(tasks));
        theta[i] = sign * std::sqrt(0.9 * rho * share) * wave / static_cast<double>(column + 1);
        break;
      }
      case HyperRole::kTask:
        theta[i] = std::log(0.1 * share);
        break;
      case HyperRole::kLengthscale:
        theta[i] -= static_cast<double>(scales++ / lengthscales) * std::log(3.0);
        break;
      default:
        break;
    }
  }
  return theta.cwiseMax(box.low).cwiseMin(box.high);
}

namespace {

void check(const GpData& data, Index tasks, const GpPreset& preset,
           const MultitaskOptions& options) {
  require(!preset.profile_scale, "prior \"" + preset.name +
                                     "\" profiles the output scale out, but the tasks' covariance "
                                     "is the scale; use another prior");
  require(options.target < tasks, "target is " + std::to_string(options.target) +
                                      "; tasks are 0 ... " + std::to_string(tasks - 1));
  for (Index j = 0; j < data.size(); ++j) {
    const double task = data.x(data.dimension() - 1, j);
    require(task >= 0 && task < static_cast<double>(tasks) && task == std::round(task),
            "observation " + std::to_string(j) + " is of task " + std::to_string(task) +
                "; tasks are 0 ... " + std::to_string(tasks - 1));
  }
}

double log_density(double error, double variance) {
  return -0.5 * (std::log(variance) + kLog2Pi + error * error / variance);
}

// Mean log density of the observations that `counted` names, each predicted without all those at
// its place: at a place with the block P of the precision, the error is P^-1 alpha, its covariance
// P^-1.
template <typename Counted>
double place_log_density(const GpPosterior& model, Index dimension, Counted counted) {
  MatrixXd precision(model.size(), model.size());
  dense::inverse_from_cholesky(model.factor(), precision);
  Index count = 0;
  const std::vector<Index> place = places(model.data().x, dimension, count);
  std::vector<std::vector<Index>> members(static_cast<std::size_t>(count));
  for (Index j = 0; j < model.size(); ++j) {
    members[static_cast<std::size_t>(place[static_cast<std::size_t>(j)])].push_back(j);
  }
  double sum = 0, observations = 0;
  for (const std::vector<Index>& at : members) {
    MatrixXd covariance(at.size(), at.size());
    MatrixXd block = precision(at, at);
    if (dense::cholesky(block) >= 0) continue;
    dense::inverse_from_cholesky(block, covariance);
    const VectorXd error = covariance * model.weights()(at);
    for (std::size_t i = 0; i < at.size(); ++i) {
      if (!counted(at[i])) continue;
      const auto k = static_cast<Index>(i);
      sum += log_density(error[k], covariance(k, k));
      ++observations;
    }
  }
  return observations > 0 ? sum / observations : 0;
}

// The target's observations alone, without the task.
GpData target_data(const GpData& data, int target) {
  std::vector<Index> kept;
  for (Index j = 0; j < data.size(); ++j) {
    if (std::lround(data.x(data.dimension() - 1, j)) == target) kept.push_back(j);
  }
  GpData out = subset(data, kept);
  out.x = out.x.topRows(data.dimension() - 1).eval();
  out.noise_group.clear();
  return out;
}

// The objective of fit_members over the Kronecker form, from one start.
FitReport fit_isotopic(const Kernel& input, const IsotopicData& data, const HyperBox& box,
                       const GpPreset& preset, const VectorXd& start, int rounds,
                       const MultitaskOptions& options) {
  IsotopicLikelihood likelihood(input, data, options.rank, preset.mean);
  const BatchedFunction function = [&](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                                       Eigen::Ref<VectorXd> values,
                                       Eigen::Ref<MatrixXd> gradients) {
    for (Index j = 0; j < x.cols(); ++j) {
      const VectorXd theta = x.col(j);
      double* gradient = gradients.col(j).data();
      values[j] = -(likelihood.evaluate(theta, gradient) + box.log_prior(theta, gradient));
      gradients.col(j) *= -1;
    }
  };
  const LbfgsbResult result =
      minimize_lockstep(function, start, box.low, box.high,
                        {.rounds = rounds,
                         .memory = 10,
                         .gradient_tolerance = options.fit.gradient_tolerance,
                         .value_tolerance = options.fit.value_tolerance});
  FitReport report;
  report.evaluations = likelihood.evaluations();
  report.optimized = std::isfinite(result.values[0]);
  report.degraded = !report.optimized;
  report.theta = report.optimized ? VectorXd(result.x.col(0)) : box.start;
  report.likelihood = likelihood.evaluate(report.theta, nullptr);
  report.objective = report.likelihood + box.log_prior(report.theta, nullptr);
  for (Index i = 0; i < start.size(); ++i) {
    const double at = report.theta[i];
    report.active_bounds += box.low[i] < box.high[i] && (at <= box.low[i] || at >= box.high[i]);
  }
  return report;
}

}  // namespace

double target_log_density(const GpPosterior& model, int target) {
  const MatrixXd& x = model.data().x;
  return place_log_density(model, x.rows() - 1,
                           [&](Index j) { return std::lround(x(x.rows() - 1, j)) == target; });
}

double target_log_density(const IsotopicPosterior& model, int target) {
  const Index n = model.data().points(), tasks = model.data().tasks();
  MatrixXd covariance(tasks, tasks);
  double sum = 0;
  for (Index i = 0; i < n; ++i) {
    MatrixXd block = model.precision_at(i);
    if (dense::cholesky(block) >= 0) continue;
    dense::inverse_from_cholesky(block, covariance);
    sum +=
        log_density(covariance.row(target).dot(model.weights().row(i)), covariance(target, target));
  }
  return sum / static_cast<double>(n);
}

MultitaskFit fit_multitask(const GpData& data, Index tasks, const GpPreset& preset,
                           const VectorXd& warm, const MultitaskOptions& options) {
  check(data, tasks, preset, options);
  const Index d = data.dimension() - 1;
  MultitaskFit out;
  out.kernel = multitask_kernel(d, tasks, options.rank, preset.form, options.terms);
  const HyperBox box(model_parameters(*out.kernel, data), preset);
  const bool is_warm = warm.size() == box.start.size() && warm.allFinite();
  const VectorXd start = is_warm ? warm.cwiseMax(box.low).cwiseMin(box.high)
                                 : multitask_start(*out.kernel, data, preset, tasks);
  const int rounds = is_warm ? options.fit.warm_rounds : options.fit.cold_rounds;
  std::optional<IsotopicData> table;
  const bool enough = data.size() >= 3 && data.z.maxCoeff() > data.z.minCoeff();
  const bool likelihood = options.fit.criterion == FitCriterion::kMarginalLikelihood;
  if (options.terms == 1 && enough && likelihood) table = isotopic(data, tasks);
  double density = 0;
  if (table) {
    const KernelPtr input = kernels::stationary(preset.form, d);
    out.kronecker = true;
    out.report = fit_isotopic(*input, *table, box, preset, start, rounds, options);
    auto posterior = std::make_shared<IsotopicPosterior>(input, std::move(*table), options.rank,
                                                         out.report.theta, preset.mean);
    if (options.target >= 0) density = target_log_density(*posterior, options.target);
    out.posterior = std::move(posterior);
  } else {
    FitOptions fit = options.fit;
    fit.warm_rounds = rounds;
    out.report = fit_members(*out.kernel, data, {preset}, {&start, 1}, fit)[0];
    auto posterior = std::make_shared<GpPosterior>(out.kernel, data, out.report.theta, preset.mean);
    if (options.target >= 0) density = target_log_density(*posterior, options.target);
    out.posterior = std::move(posterior);
  }
  if (options.target < 0) return out;

  const GpData own = target_data(data, options.target);
  const KernelPtr kernel = preset_kernel(preset, d);
  out.transfer.observations = own.size();
  out.transfer.multitask = density;
  out.transfer.single_fit = fit_members(*kernel, own, {preset}, {}, options.fit)[0];
  const GpPosterior single(kernel, own, out.transfer.single_fit.theta, preset.mean);
  out.transfer.single = place_log_density(single, d, [](Index) { return true; });
  // With too few values to fit a model of its own, the target needs the others.
  out.transfer.helps =
      !out.transfer.single_fit.optimized || out.transfer.multitask >= out.transfer.single;
  return out;
}

}  // namespace asktell
