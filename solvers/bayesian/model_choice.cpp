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
// then, and each variant's theta.
struct Memory {
  Index fitted = 0, cold = 0;
  std::size_t variant = 0;
  std::vector<VectorXd> theta;

  static Memory read(std::span<const double> memo, std::span<const Index> sizes) {
    Index expected = 3;
    for (Index size : sizes) expected += size;
    Memory out;
    if (static_cast<Index>(memo.size()) != expected) return out;
    out.fitted = static_cast<Index>(memo[0]);
    out.cold = static_cast<Index>(memo[1]);
    out.variant = std::min(static_cast<std::size_t>(memo[2]), sizes.size() - 1);
    const double* at = memo.data() + 3;
    for (Index size : sizes) {
      out.theta.emplace_back(VectorXd::Map(at, size));
      at += size;
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

ChosenModel ModelChoice::fit(const Observations& data, std::span<const double> memo,
                             std::vector<double>& next_memo) const {
  const std::size_t count = variants_.size();
  std::vector<OutputTransform> transforms;
  std::vector<GpData> learned;
  std::vector<Index> sizes;
  for (std::size_t i = 0; i < count; ++i) {
    transforms.emplace_back(variants_[i].transform, data.y);
    learned.push_back(model_data(data, transforms.back()));
    sizes.push_back(kernels_[i]->parameter_count() + 1);
  }
  Memory memory = Memory::read(memo, sizes);
  const RefitSchedule schedule;
  const bool known = !memory.theta.empty();
  if (known && !schedule.due(data.size(), memory.fitted, {})) {
    const std::size_t i = memory.variant;
    next_memo = memory.write();
    return {GpPosterior(kernels_[i], learned[i], memory.theta[i]), transforms[i], i, 0};
  }
  memory.theta.resize(count);
  std::optional<ChosenModel> best;
  for (std::size_t i = 0; i < count; ++i) {
    const FitReport fit =
        fit_members(*kernels_[i], learned[i], {variants_[i].preset}, std::span(&memory.theta[i], 1))
            .front();
    memory.theta[i] = fit.theta;
    GpPosterior posterior(kernels_[i], learned[i], fit.theta);
    const double density = better_half_density(posterior, transforms[i], data);
    if (!best || density > best->density) {
      best.emplace(ChosenModel{std::move(posterior), transforms[i], i, density});
    }
  }
  memory.fitted = data.size();
  if (!known) memory.cold = data.size();
  memory.variant = best->variant;
  next_memo = memory.write();
  return std::move(*best);
}

}  // namespace asktell
