// See gaussian_process_state.hpp: data as they are given, checked and brought to the model's units.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gaussian_process_state.hpp>
#include <asktell/surrogates/gp/multitask.hpp>
#include <asktell/surrogates/transforms/choose.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kChoiceLimit = 300;    // observations; beyond, a rule chooses the transform
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
  if (!(most >= least)) return;
  const double largest = std::numeric_limits<double>::max() / 2;
  const double range = most > least ? most - least : most != 0 ? std::abs(most) : 1;
  low = std::max(-largest, least - kRoom * range);
  high = std::min(largest, most + kRoom * range);
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

// By leave-one-out density of a single fit to each candidate, when it is cold; warm, as it was.
TransformKind GaussianProcess::State::transform_for(const VectorXd& y, const State* before) const {
  if (options.output_transform != "auto") return transform_kind(options.output_transform);
  if (given_in_raw_units() || options.tasks > 0) return TransformKind::kStandardize;
  if (before && before->box == box) return before->maps[0].transform.kind();
  if (options.kernel_tree || y.size() > kChoiceLimit) return default_transform(y);
  GpData plain;
  plain.x = box.to_unit(raw.x);
  const GpPreset preset = gp_preset("asktell", inputs(), options.noise == "deterministic");
  const KernelPtr stationary = preset_kernel(preset, inputs());
  const auto left_out_density = [&](const VectorXd& z) {
    plain.z = z;
    const FitReport fit = fit_members(*stationary, plain, {preset}, {}, {.seed = options.seed})[0];
    const VectorXd density =
        GpPosterior(stationary, plain, fit.theta, preset.mean).leave_one_out().log_density;
    return y.array().isFinite().select(density.array(), 0).sum();  // failures have no value
  };
  return choose_transform(y, {}, left_out_density).kind;
}

// A task of fewer than two different values has nothing to be scaled by: it takes the deviation of
// the others.
void GaussianProcess::State::map_values(const State* before) {
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(1, options.tasks));
  std::vector<std::vector<double>> values(count);
  for (Index j = 0; j < raw.size(); ++j) {
    std::vector<double>& of_task = values[task_of(raw.x, j)];
    of_task.push_back(raw.y[j]);
  }
  report.failed = raw.size() - raw.y.array().isFinite().count();
  for (const double y : raw.y) {
    if (std::isfinite(y)) unit = std::max(unit, std::abs(y));
  }
  std::vector<int> task(static_cast<std::size_t>(raw.size()), 0);
  for (Index j = 0; j < raw.size(); ++j) task[static_cast<std::size_t>(j)] = int(task_of(raw.x, j));
  const TaskScales scales = task_scales(raw.y, task, static_cast<Index>(count));
  for (std::size_t t = 0; t < count; ++t) {
    VectorXd y_of_task = VectorXd::Map(values[t].data(), static_cast<Index>(values[t].size()));
    if (count > 1 && !varied(y_of_task)) y_of_task = pair_about(scales, static_cast<Index>(t));
    maps.emplace_back(transform_for(y_of_task, before), y_of_task);
    const OutputTransform& transform = maps.back().transform;
    if (maps.back().affine()) unit = std::max(unit, maps.back().scale());
    report.transform = transform_name(transform.applied());
    if (!transform.fallback().empty()) note("transform: " + std::string(transform.fallback()));
  }
  if (unit == 0) unit = 1;
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

}  // namespace asktell
