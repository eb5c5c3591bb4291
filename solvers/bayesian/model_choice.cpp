// See model_choice.hpp.
#include <asktell/solvers/bayesian/model_choice.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <asktell/surrogates/gp/large/select.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index kFitAll = 40;  // up to so many observations all variants are fitted at every ask
constexpr std::size_t kFewDimensions = 5;  // so many, and the density alone chooses best
constexpr Index kAdditive = 20;            // dimensions, at most, that are worth an additive model
constexpr Index kFitPoints = 300;          // hyper-parameters are fitted to so many of them at most

// The memo: the variant last chosen; for each variant the observations at its last fit and at its
// last fit from all starts (0: never), its density then, and its theta.
struct Fitted {
  Index at = 0, cold_at = 0;
  double density = 0;
  VectorXd theta;
};
struct Memory {
  std::size_t chosen = 0;
  std::vector<Fitted> variants;
};

Memory read_memory(std::span<const double> memo, std::span<const Index> sizes) {
  Memory out;
  std::size_t expected = 1;
  for (Index size : sizes) {
    expected += 3 + static_cast<std::size_t>(size);
    out.variants.push_back({.theta = VectorXd::Constant(size, std::nan(""))});
  }
  if (memo.size() != expected) return out;
  out.chosen = std::min(static_cast<std::size_t>(memo[0]), sizes.size() - 1);
  const double* at = memo.data() + 1;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    out.variants[i] = {static_cast<Index>(at[0]), static_cast<Index>(at[1]), at[2],
                       VectorXd::Map(at + 3, sizes[i])};
    at += 3 + sizes[i];
  }
  return out;
}

std::vector<double> write_memory(const Memory& memory) {
  std::vector<double> memo = {static_cast<double>(memory.chosen)};
  for (const Fitted& one : memory.variants) {
    memo.insert(memo.end(),
                {static_cast<double>(one.at), static_cast<double>(one.cold_at), one.density});
    memo.insert(memo.end(), one.theta.begin(), one.theta.end());
  }
  return memo;
}

// Which variants to fit now: those never fitted; of few observations all; of some the chosen and
// the one not fitted for longest; of many one at a time, when observations have grown enough since.
std::vector<std::size_t> due_variants(const Memory& memory, const std::vector<bool>& usable,
                                      Index n) {
  const RefitSchedule schedule;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < usable.size(); ++i) {
    if (usable[i]) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return memory.variants[a].at < memory.variants[b].at;
  });
  if (n <= kFitAll) return order;
  std::vector<std::size_t> out;
  for (std::size_t i : order) {
    if (memory.variants[i].at == 0) out.push_back(i);
  }
  if (!out.empty()) return out;
  if (n <= schedule.always) {
    if (usable[memory.chosen]) out.push_back(memory.chosen);
    if (order.front() != memory.chosen) out.push_back(order.front());
  } else if (schedule.due(n, memory.variants[order.front()].at, {})) {
    out.push_back(order.front());
  }
  return out;
}

// A variant with its chance exp(density).
std::size_t drawn(const Memory& memory, const std::vector<bool>& usable, RandomStream& stream) {
  const double highest = memory.variants[memory.chosen].density;
  std::vector<double> chances;
  for (std::size_t i = 0; i < usable.size(); ++i) {
    chances.push_back(usable[i] ? std::exp(memory.variants[i].density - highest) : 0);
  }
  double left = stream.uniform() * std::accumulate(chances.begin(), chances.end(), 0.0);
  for (std::size_t i = 0; i < chances.size(); ++i) {
    left -= chances[i];
    if (left < 0) return i;
  }
  return memory.chosen;
}

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
    const auto same = std::find_if(variants_.begin(), variants_.begin() + std::ptrdiff_t(i),
                                   [&](const ModelVariant& other) {
                                     return other.preset.form == variants_[i].preset.form &&
                                            other.additive == variants_[i].additive;
                                   });
    const auto at = static_cast<std::size_t>(same - variants_.begin());
    kernels_.push_back(at < i ? kernels_[at]
                              : space_kernel(space_, {.form = variants_[i].preset.form,
                                                      .additive = variants_[i].additive}));
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
                             std::vector<double>& next_memo,
                             std::optional<RandomStream> draw) const {
  std::vector<Index> sizes;
  for (const KernelPtr& kernel : kernels_) sizes.push_back(kernel->parameter_count() + 1);
  Memory memory = read_memory(memo, sizes);
  std::vector<bool> usable;
  for (const ModelVariant& variant : variants_) usable.push_back(!(noisy && variant.exact));
  const Index n = data.total;
  const RefitSchedule schedule;
  std::vector<std::optional<GpPosterior>> fresh(variants_.size());
  for (std::size_t i : due_variants(memory, usable, n)) {
    Fitted& fitted = memory.variants[i];
    const bool cold = fitted.at == 0 || (n <= kFitPoints && schedule.cold(n, fitted.cold_at));
    const OutputTransform transform(variants_[i].transform, data.y);
    const Observations part = fitting_part(data, transform, i, fitted.theta);
    const GpData learned = model_data(part, transform);
    const std::span warm(&fitted.theta, cold ? 0 : 1);
    fitted.theta = fit_members(*kernels_[i], learned, {variants_[i].preset}, warm, variants_[i].fit)
                       .front()
                       .theta;
    fitted.at = n;
    if (cold) fitted.cold_at = n;
    fresh[i].emplace(kernels_[i], learned, fitted.theta, variants_[i].preset.mean);
    fitted.density = better_half_density(*fresh[i], transform, part) -
                     variants_[i].unrestrained / (0.5 * static_cast<double>(part.size()));
  }
  if (!usable[memory.chosen]) memory.chosen = 0;
  for (std::size_t i = 0; i < variants_.size(); ++i) {
    const bool better = memory.variants[i].density > memory.variants[memory.chosen].density;
    if (usable[i] && better) memory.chosen = i;
  }
  next_memo = write_memory(memory);
  const bool clear = space_.dimension() <= kFewDimensions;
  const std::size_t chosen = draw && !clear ? drawn(memory, usable, *draw) : memory.chosen;
  OutputTransform transform(variants_[chosen].transform, data.y);
  if (!fresh[chosen] || data.size() > kFitPoints) {
    fresh[chosen].emplace(kernels_[chosen], model_data(data, transform),
                          memory.variants[chosen].theta, variants_[chosen].preset.mean);
  }
  return {std::move(*fresh[chosen]), std::move(transform), chosen, memory.variants[chosen].density};
}

Observations ModelChoice::fitting_part(const Observations& data, const OutputTransform& transform,
                                       std::size_t variant, const VectorXd& theta) const {
  if (data.size() <= kFitPoints) return data;
  const HyperBox box(model_parameters(*kernels_[variant], GpData{}), variants_[variant].preset);
  return data.subset(best_and_spread(*kernels_[variant], theta.allFinite() ? theta : box.start,
                                     model_data(data, transform), kFitPoints));
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
  // In many dimensions the density took this variant for functions with ripples.
  const bool few = dimension <= static_cast<Index>(kFewDimensions);
  const double unrestrained = few ? 0 : static_cast<double>(dimension) + 1;
  return {{"half_rank", TransformKind::kHalfRank, matern(dimension, false)},
          {"plain", TransformKind::kStandardize, matern(dimension, false)},
          {"half_rank_exact", TransformKind::kHalfRank, matern(dimension, true), true},
          {"smooth", TransformKind::kStandardize, smooth(dimension), true, {}, unrestrained}};
}

std::vector<ModelVariant> affine_variants(Index dimension) {
  std::vector<ModelVariant> out = model_variants(dimension);
  std::erase_if(out, [](const ModelVariant& variant) {
    return variant.transform != TransformKind::kStandardize;
  });
  return out;
}

std::vector<ModelVariant> global_variants(Index dimension) {
  std::vector<ModelVariant> out = model_variants(dimension);
  if (dimension > static_cast<Index>(kFewDimensions) && dimension <= kAdditive) {
    GpPreset of_one = matern(1, false);  // priors of a function of one coordinate
    of_one.form = kernels::Form::kRbf;
    out.push_back(
        {.name = "additive",
         .transform = TransformKind::kStandardize,
         .preset = of_one,
         .fit = {.cold_rounds = 20, .warm_rounds = 5, .kept_starts = 1, .drawn_starts = 1},
         .additive = true});
  }
  return out;
}

void believe(GpPosterior& model, const MatrixXd& points) {
  if (points.cols() == 0) return;
  VectorXd mean;
  model.predict_mean(points, mean);
  model.append(points, mean,
               VectorXd::Zero(model.data().given_noise.size() > 0 ? points.cols() : 0));
}

void believe(GradientGp& model, const MatrixXd& points, double lowest) {
  if (points.cols() == 0) return;
  GradientData more{points, {}, MatrixXd::Constant(points.rows(), points.cols(), std::nan(""))};
  VectorXd variance;
  model.predict(points, more.z, variance);
  more.z = more.z.cwiseMax(lowest);
  model.append(more);
}

void believe_pending(GpPosterior& model, Index told, const Ask& ask) {
  const MatrixXd pending = ask.pending();
  const Index known = model.size() - told;
  believe(model, model_points(ask.history.space(), pending.rightCols(pending.cols() - known)));
}

double incumbent_value(const Observations& data, Noise noise, const GpPosterior& model) {
  VectorXd mean;
  if (noise == Noise::kSome) {
    model.predict_mean(model.data().x.leftCols(data.size()), mean);
  } else {
    model.predict_mean(model.data().x.col(data.best()), mean);
  }
  return mean.minCoeff();
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

std::int64_t recommended(const History& history, const Observations& data,
                         const ModelChoice& choice, std::span<const double> memo) {
  if (data.size() < 3 || noise_of(history.problem(), data) != Noise::kSome) return history.best();
  std::vector<double> next_memo;
  return lowest_mean_trial(history, data, choice.fit(data, true, memo, next_memo).posterior);
}

}  // namespace asktell
