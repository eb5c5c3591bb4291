// See space_kernel.hpp.
#include <asktell/surrogates/gp/space_kernel.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using kernels::Metric;

bool by_category(Kind kind) {
  return kind == Kind::kCategorical || kind == Kind::kBoolean || kind == Kind::kSubset;
}

bool is_category(Metric metric) {
  return metric == Metric::kHamming || metric == Metric::kHammingMean ||
         metric == Metric::kActivity;
}

// Active at the same points, as far as their conditions say.
bool same_conditions(const std::vector<Condition>& a, const std::vector<Condition>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const Condition& x, const Condition& y) {
        return x.parent == y.parent && x.values == y.values && x.low == y.low && x.high == y.high;
      });
}

bool single_valued(const Parameter& p) {
  return p.cells() == 1 || (p.kind == Kind::kPermutation && p.items == 1);
}

// Whether a parameter's coordinates do not tell whether it is active: a missing category is one
// more category, and a missing number on an arc is away from it.
bool hides_activity(const Parameter& p, Conditional conditional) {
  if (p.when.empty()) return false;
  return single_valued(p) || (!by_category(p.kind) && conditional == Conditional::kImputed);
}

// Whether parameter `at` is the first to need an indicator among those that are active together.
bool leads_group(std::span<const Parameter> parameters, std::size_t at, Conditional conditional) {
  if (!hides_activity(parameters[at], conditional)) return false;
  const auto before = parameters.first(at);
  return std::none_of(before.begin(), before.end(), [&](const Parameter& p) {
    return hides_activity(p, conditional) && same_conditions(p.when, parameters[at].when);
  });
}

// The numeric coordinates of `all`, or the categories, as a kernel of their own.
KernelPtr part(const kernels::StationaryOptions& all, bool categories) {
  kernels::StationaryOptions own{.form = categories ? kernels::Form::kRbf : all.form};
  for (std::size_t i = 0; i < all.columns.size(); ++i) {
    if (is_category(all.metrics[i]) != categories) continue;
    own.columns.push_back(all.columns[i]);
    own.metrics.push_back(all.metrics[i] == Metric::kHamming ? Metric::kHammingMean
                                                             : all.metrics[i]);
  }
  return kernels::stationary(std::move(own));
}

}  // namespace

kernels::StationaryOptions space_metrics(const Space& space, const SpaceKernelOptions& options) {
  kernels::StationaryOptions out{.form = options.form};
  const auto add = [&](std::size_t coordinate, Metric metric) {
    out.columns.push_back(static_cast<Index>(coordinate));
    out.metrics.push_back(metric);
  };
  const auto parameters = space.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& p = parameters[i];
    const std::size_t first = space.coordinate_offset(i);
    const bool arc = !p.when.empty() && options.conditional == Conditional::kArc;
    const Metric metric = by_category(p.kind) ? Metric::kHamming
                          : arc               ? Metric::kArc
                                              : Metric::kDifference;
    for (std::size_t j = 0; j < p.coordinates() && !single_valued(p); ++j) add(first + j, metric);
    if (leads_group(parameters, i, options.conditional)) add(first, Metric::kActivity);
  }
  return out;
}

KernelPtr space_kernel(const Space& space, const SpaceKernelOptions& options) {
  const kernels::StationaryOptions all = space_metrics(space, options);
  if (options.additive) {
    std::vector<KernelPtr> terms;
    for (std::size_t i = 0; i < all.columns.size(); ++i) {
      terms.push_back(kernels::stationary(
          {.form = all.form, .columns = {all.columns[i]}, .metrics = {all.metrics[i]}}));
    }
    return kernels::scaled(kernels::sum(std::move(terms)));
  }
  const auto categories = std::count_if(all.metrics.begin(), all.metrics.end(), is_category);
  const bool both = categories > 0 && categories < static_cast<Index>(all.metrics.size());
  if (options.categories == Categories::kDistance || !both) {
    return kernels::scaled(kernels::stationary(all));
  }
  const KernelPtr numbers = part(all, false), kinds = part(all, true);
  return kernels::sum({kernels::scaled(kernels::sum({numbers, kernels::scaled(kinds)})),
                       kernels::scaled(kernels::product({numbers, kinds}))});
}

MatrixXd model_points(const Space& space, const MatrixXd& unit) {
  MatrixXd out(unit.rows(), unit.cols());
  std::vector<double> slots(space.slots());
  const auto parameters = space.parameters();
  const std::size_t d = space.dimension();
  for (Index q = 0; q < unit.cols(); ++q) {
    space.from_unit({unit.col(q).data(), d}, slots);
    space.to_unit(slots, {out.col(q).data(), d});
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (!std::isnan(slots[space.slot_offset(i)])) continue;
      out.col(q)
          .segment(static_cast<Index>(space.coordinate_offset(i)),
                   static_cast<Index>(parameters[i].coordinates()))
          .setConstant(std::numeric_limits<double>::quiet_NaN());
    }
  }
  return out;
}

}  // namespace asktell
