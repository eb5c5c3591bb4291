// See model_choice.hpp.
#include <asktell/solvers/bayesian/model_choice.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// The memo: observations at the last fit, at the last fit from all starts, the variant chosen
// then, and each variant's theta, NaN where it was never fitted.
struct Memory {
  Index fitted = 0, cold = 0;
  std::size_t variant = 0;
  std::vector<VectorXd> theta;

  static Memory read(std::span<const double> memo, std::span<const Index> sizes) {
    Memory out;
    std::size_t expected = 3;
    for (Index size : sizes) {
      expected += static_cast<std::size_t>(size);
      out.theta.push_back(VectorXd::Constant(size, std::nan("")));
    }
    if (memo.size() != expected) return out;
    out.fitted = static_cast<Index>(memo[0]);
    out.cold = static_cast<Index>(memo[1]);
    out.variant = std::min(static_cast<std::size_t>(memo[2]), sizes.size() - 1);
    const double* at = memo.data() + 3;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      out.theta[i] = VectorXd::Map(at, sizes[i]);
      at += sizes[i];
    }
    return out;
  }

  std::vector<double> write() const {
    std::vector<double> memo = {static_cast<double>(fitted), static_cast<double>(cold),
                                static_cast<double>(variant)};
    for (const VectorXd& one : theta) memo.insert(memo.end(), one.begin(), one.end());
    return memo;
  }
};

// Values up to the median are the better half.
double median_of(const VectorXd& y) {
  std::vector<double> sorted(y.begin(), y.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

// dz/dy by central differences within the better half: transforms by rank have no other slope.
double slope_below(const OutputTransform& transform, double y, double step) {
  return std::max((transform.apply(y + step) - transform.apply(y - step)) / (2 * step), 1e-300);
}

}  // namespace

ModelChoice::ModelChoice(const Space& space, std::vector<ModelVariant> variants)
    : space_(space), variants_(std::move(variants)) {
  for (std::size_t i = 0; i < variants_.size(); ++i) {
    const auto same = std::find_if(
        variants_.begin(), variants_.begin() + std::ptrdiff_t(i),
        [&](const ModelVariant& other) { return other.preset.form == variants_[i].preset.form; });
    const auto at = static_cast<std::size_t>(same - variants_.begin());
    kernels_.push_back(at < i ? kernels_[at]
                              : space_kernel(space_, {.form = variants_[i].preset.form}));
  }
}

GpData ModelChoice::model_data(const Observations& data, const OutputTransform& transform) const {
  GpData out;
  out.x = model_points(space_, data.x);
  out.z = transform.apply(data.y);
  if (data.noise.minCoeff() > 0) {
    const double unit = transform.unit() * transform.deviation();
    out.given_noise = data.noise / (unit * unit);
  }
  return out;
}

double ModelChoice::better_half_density(const GpPosterior& model, const OutputTransform& transform,
                                        const Observations& data) const {
  const VectorXd density = model.leave_one_out().log_density;
  const double median = median_of(data.y);
  const double step = 1e-4 * std::max(median - data.y.minCoeff(), 1e-12 * std::abs(median));
  double sum = 0, count = 0;
  for (Index i = 0; i < data.size(); ++i) {
    if (data.y[i] > median) continue;
    const double y = std::min(data.y[i], median - step);
    sum += density[i] + (step > 0 ? std::log(slope_below(transform, y, step)) : 0);
    ++count;
  }
  return sum / count;
}

ChosenModel ModelChoice::fit(const Observations& data, bool noisy, std::span<const double> memo,
                             std::vector<double>& next_memo) const {
  std::vector<Index> sizes;
  for (const KernelPtr& kernel : kernels_) sizes.push_back(kernel->parameter_count() + 1);
  Memory memory = Memory::read(memo, sizes);
  const RefitSchedule schedule;
  const auto usable = [&](std::size_t i) { return !(noisy && variants_[i].exact); };
  if (usable(memory.variant) && !schedule.due(data.size(), memory.fitted, {})) {
    const std::size_t i = memory.variant;
    next_memo = memory.write();
    const OutputTransform transform(variants_[i].transform, data.y);
    return {GpPosterior(kernels_[i], model_data(data, transform), memory.theta[i]), transform, i,
            0};
  }
  const bool cold = schedule.cold(data.size(), memory.cold);
  std::optional<ChosenModel> best;
  for (std::size_t i = 0; i < variants_.size(); ++i) {
    if (!usable(i)) continue;
    const OutputTransform transform(variants_[i].transform, data.y);
    const GpData learned = model_data(data, transform);
    const std::span warm(&memory.theta[i], cold ? 0 : 1);
    memory.theta[i] = fit_members(*kernels_[i], learned, {variants_[i].preset}, warm).front().theta;
    GpPosterior posterior(kernels_[i], learned, memory.theta[i]);
    const double density = better_half_density(posterior, transform, data);
    if (!best || density > best->density) {
      best.emplace(ChosenModel{std::move(posterior), transform, i, density});
    }
  }
  memory.fitted = data.size();
  if (cold) memory.cold = data.size();
  memory.variant = best->variant;
  next_memo = memory.write();
  return std::move(*best);
}

namespace {

// Priors of the reference experiment; the nugget fitted, or held where only rounding is left.
GpPreset matern(Index d, bool exact) {
  GpPreset preset = gp_preset("regret", d);
  if (exact) preset.noise = {.prior = {}, .start = preset.noise.low, .fixed = true};
  return preset;
}

// A squared exponential by maximum likelihood and almost without a nugget: what makes efficient
// global optimization exact on smooth functions (Jones et al. 1998; egobox).
GpPreset smooth(Index d) {
  GpPreset preset = gp_preset("none", d);
  preset.form = kernels::Form::kRbf;
  preset.lengthscale = {Prior{}, 0.01, 1000, 0.5 * std::sqrt(static_cast<double>(d))};
  preset.outputscale.high = 1e10;
  preset.noise = {.prior = {}, .start = 1e-10, .fixed = true};
  return preset;
}

}  // namespace

std::vector<ModelVariant> model_variants(Index dimension) {
  return {{"half_rank", TransformKind::kHalfRank, matern(dimension, false)},
          {"plain", TransformKind::kStandardize, matern(dimension, false)},
          {"half_rank_exact", TransformKind::kHalfRank, matern(dimension, true), true},
          {"smooth", TransformKind::kStandardize, smooth(dimension), true}};
}

void believe(GpPosterior& model, const MatrixXd& points) {
  if (points.cols() == 0) return;
  VectorXd mean;
  model.predict_mean(points, mean);
  model.append(points, mean,
               VectorXd::Zero(model.data().given_noise.size() > 0 ? points.cols() : 0));
}

double incumbent_value(const Ask& ask, const GpPosterior& model) {
  VectorXd mean;
  model.predict_mean(model.data().x, mean);
  return ask.noise == Noise::kSome ? mean.minCoeff() : mean[ask.observations.best()];
}

std::int64_t lowest_mean_trial(const History& history, const Observations& data,
                               const GpPosterior& model) {
  VectorXd mean;
  model.predict_mean(model.data().x, mean);
  std::int64_t best = -1;
  double lowest = HUGE_VAL;
  for (Index i = 0; i < data.size(); ++i) {
    const std::int64_t trial = data.trials[static_cast<std::size_t>(i)];
    if (history.feasible(static_cast<std::size_t>(trial)) && mean[i] < lowest) {
      lowest = mean[i];
      best = trial;
    }
  }
  return best < 0 ? history.best() : best;
}

std::int64_t recommended(const History& history, const ModelChoice& choice,
                         std::span<const double> memo, std::size_t max_points) {
  const Observations data = collect_observations(history, max_points);
  if (data.size() < 3 || noise_of(history.problem(), data) != Noise::kSome) return history.best();
  std::vector<double> next_memo;
  return lowest_mean_trial(history, data, choice.fit(data, true, memo, next_memo).posterior);
}

}  // namespace asktell
