// See region_geometry.hpp.
#include <asktell/solvers/bayesian/region_geometry.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/core/sobol.hpp>
#include <asktell/solvers/design/feasible.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double kMovedAtOnce = 20;  // coordinates of a candidate, on average

// Of mixed regions.
constexpr double kMixedStart = 0.8, kMixedEnd = 1.0 / 32, kMixedMost = 1;
constexpr double kMixedFactor = 1.5, kMixedSuccesses = 3, kMixedFailures = 40;

}  // namespace

StreakCounter::Change StreakCounter::judge(bool success, double weight) {
  successes_ = success ? successes_ + 1 : 0;
  failures_ = success ? 0 : failures_ + weight;
  if (successes_ >= grow_at_) {
    successes_ = 0;
    return Change::kGrow;
  }
  if (failures_ >= shrink_at_) {
    failures_ = 0;
    return Change::kShrink;
  }
  return Change::kNone;
}

void RegionLength::judge(bool success, std::size_t points) {
  switch (streak_.judge(success, static_cast<double>(points))) {
    case StreakCounter::Change::kGrow:
      length_ = std::min(2 * length_, rule_.length_most);
      break;
    case StreakCounter::Change::kShrink:
      length_ /= 2;
      break;
    case StreakCounter::Change::kNone:
      break;
  }
}

MixedRadii::MixedRadii(Index numbers, Index categories)
    : numbers_(numbers),
      all_categories_(categories),
      streak_(kMixedSuccesses, kMixedFailures),
      length_(kMixedStart),
      hamming_(static_cast<Index>(std::ceil(kMixedStart * static_cast<double>(categories)))) {}

// A single category may always differ.
void MixedRadii::judge(bool success) {
  const StreakCounter::Change change = streak_.judge(success);
  if (change == StreakCounter::Change::kNone) return;
  const auto changed = [&](double radius) {
    return change == StreakCounter::Change::kGrow ? radius * kMixedFactor : radius / kMixedFactor;
  };
  length_ = std::min(changed(length_), kMixedMost);
  if (all_categories_ < 2) return;
  hamming_ = std::min(static_cast<Index>(changed(static_cast<double>(hamming_))), all_categories_);
}

bool MixedRadii::collapsed() const {
  return (numbers_ > 0 && length_ < kMixedEnd) || (all_categories_ > 1 && hamming_ < 1);
}

bool is_improvement(double value, double before) {
  return value < before - 1e-3 * std::abs(before);
}

RegionGeometry::RegionGeometry(const Space& space)
    : space_(space),
      category_(space.dimension(), false),
      lengthscale_(space.dimension(), Index{-1}) {
  const kernels::StationaryOptions metrics = space_metrics(space);
  for (std::size_t k = 0; k < metrics.columns.size(); ++k) {
    const auto coordinate = static_cast<std::size_t>(metrics.columns[k]);
    if (metrics.metrics[k] == kernels::Metric::kHamming) category_[coordinate] = true;
    if (metrics.metrics[k] == kernels::Metric::kDifference) {
      lengthscale_[coordinate] = static_cast<Index>(k);
    }
  }
}

VectorXd RegionGeometry::side_weights(const Kernel& kernel, const VectorXd& theta) const {
  std::vector<double> logarithms;
  for (Index p = 0; p < kernel.parameter_count(); ++p) {
    if (kernel.parameters()[static_cast<std::size_t>(p)].role == HyperRole::kLengthscale) {
      logarithms.push_back(theta[p]);
    }
  }
  VectorXd weights = VectorXd::Zero(static_cast<Index>(space_.dimension()));
  double sum = 0, count = 0;
  for (Index i = 0; i < weights.size(); ++i) {
    const Index k = lengthscale_[static_cast<std::size_t>(i)];
    if (k < 0) continue;
    weights[i] = logarithms[static_cast<std::size_t>(k)];
    sum += weights[i];
    ++count;
  }
  for (Index i = 0; i < weights.size(); ++i) {
    const bool known = lengthscale_[static_cast<std::size_t>(i)] >= 0;
    weights[i] = known ? std::exp(weights[i] - sum / count) : 1;
  }
  return weights;
}

RegionBox RegionGeometry::box(const VectorXd& centre, const VectorXd& weights,
                              double length) const {
  RegionBox out{VectorXd::Zero(centre.size()), VectorXd::Ones(centre.size())};
  for (Index i = 0; i < centre.size(); ++i) {
    if (is_category(i)) continue;
    const double cells = space_.coordinates()[static_cast<std::size_t>(i)].cells;
    const double half = std::max(weights[i] * length / 2, cells > 0 ? 1 / cells : 0);
    out.low[i] = std::clamp(centre[i] - half, 0.0, 1.0);
    out.high[i] = std::clamp(centre[i] + half, 0.0, 1.0);
  }
  return out;
}

RegionGeometry::Candidates RegionGeometry::around(const VectorXd& centre, const VectorXd& weights,
                                                  double length, RandomStream& stream) const {
  return {.centre = centre,
          .box = box(centre, weights, length),
          .length = length,
          .fixed = {},
          .seed = stream.seed()};
}

// Which categories leave the centre's value.
std::vector<bool> RegionGeometry::drawn_anew(const Candidates& region,
                                             const std::vector<Index>& free,
                                             RandomStream& stream) const {
  std::vector<bool> out(category_.size(), false);
  std::vector<Index> categories;
  for (Index i : free) {
    if (!is_category(i)) continue;
    categories.push_back(i);
    if (region.categories < 0) out[static_cast<std::size_t>(i)] = stream.uniform() < region.length;
  }
  if (region.categories < 0 || categories.empty()) return out;
  const auto most = std::min(static_cast<std::size_t>(region.categories), categories.size());
  const auto count = static_cast<std::size_t>(stream.integer(most + 1));
  for (std::size_t k = 0; k < count; ++k) {
    const auto left = static_cast<std::uint64_t>(categories.size() - k);
    std::swap(categories[k], categories[k + static_cast<std::size_t>(stream.integer(left))]);
    out[static_cast<std::size_t>(categories[k])] = true;
  }
  return out;
}

void RegionGeometry::move(const Candidates& region, const std::vector<Index>& free, VectorXd& x,
                          RandomStream& stream) const {
  const double share = std::min(1.0, kMovedAtOnce / static_cast<double>(free.size()));
  const std::vector<bool> anew = drawn_anew(region, free, stream);
  const auto pick = [&](Index i) {
    x[i] = region.box.low[i] + (region.box.high[i] - region.box.low[i]) * x[i];
  };
  bool any = false;
  for (Index i : free) {
    const bool counted = is_category(i) && region.categories >= 0;
    const bool chosen = counted || share >= 1 || stream.uniform() < share;
    if (chosen && (!is_category(i) || anew[static_cast<std::size_t>(i)])) {
      pick(i);
      any = true;
    } else {
      x[i] = -1;
    }
  }
  if (any) return;
  const Index certain = free[static_cast<std::size_t>(stream.integer(free.size()))];
  x[certain] = stream.uniform();
  pick(certain);
}

MatrixXd RegionGeometry::draw(const Candidates& region, Index count, RandomStream& stream) const {
  const auto d = static_cast<Index>(space_.dimension());
  const std::size_t coordinates = space_.dimension();
  std::vector<Index> free;
  for (Index i = 0; i < d; ++i) {
    if (region.fixed.empty() || std::isnan(region.fixed[static_cast<std::size_t>(i)])) {
      free.push_back(i);
    }
  }
  const bool by_sobol = coordinates <= SobolPoints::kMaxDimension;
  const SobolPoints sobol(by_sobol ? coordinates : 0, region.seed);
  std::vector<double> slots(space_.slots());
  MatrixXd out(d, count);
  VectorXd x(d);
  for (Index j = 0; j < count; ++j) {
    const std::span<double> unit{x.data(), coordinates};
    if (by_sobol) {
      sobol.point(static_cast<std::uint64_t>(j), unit);
    } else {
      stream.fill_uniform(unit);
    }
    if (!free.empty()) move(region, free, x, stream);
    x = (x.array() < 0).select(region.centre, x);
    put_fixed(region.fixed, unit);
    space_.from_unit(unit, slots);
    space_.to_unit(slots, {out.col(j).data(), coordinates});
  }
  return out;
}

}  // namespace asktell
