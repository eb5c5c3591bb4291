// See local_step.hpp.
#include <asktell/solvers/bayesian/local_step.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kReach = 2;   // observations up to so many half widths away enter the model
constexpr Index kFewest = 30;  // of them, where there are as many, and
constexpr Index kMost = 120;   // at most; between, six a coordinate

// Continuous coordinates that are active at the incumbent and not held.
std::vector<Index> free_coordinates(const Space& space, const VectorXd& centre,
                                    std::span<const double> fixed) {
  std::vector<double> slots(space.slots());
  space.from_unit({centre.data(), space.dimension()}, slots);
  std::vector<Index> free;
  for (std::size_t i = 0; i < space.dimension(); ++i) {
    const Coordinate& coordinate = space.coordinates()[i];
    const bool active = !std::isnan(slots[space.slot_offset(coordinate.parameter)]);
    const bool held = !fixed.empty() && !std::isnan(fixed[i]);
    if (coordinate.cells == 0 && active && !held) free.push_back(static_cast<Index>(i));
  }
  return free;
}

// Largest difference in the free coordinates; infinity where another one differs.
VectorXd distances(const MatrixXd& x, const LocalRegion& region) {
  VectorXd out = VectorXd::Zero(x.cols());
  std::vector<bool> moves(static_cast<std::size_t>(x.rows()), false);
  for (Index i : region.free) moves[static_cast<std::size_t>(i)] = true;
  for (Index i = 0; i < x.rows(); ++i) {
    const auto difference = (x.row(i).array() - region.centre[i]).abs().transpose();
    if (moves[static_cast<std::size_t>(i)]) {
      out = out.array().max(difference);
    } else {
      out = (difference > 0).select(HUGE_VAL, out.array());
    }
  }
  return out;
}

// Quadratic forms and a smooth rest, in half widths of the box: on a quadratic function the model
// is exact from (d + 1) (d + 2) / 2 observations on, and the likeliest form before.
KernelPtr local_kernel(Index d) {
  const std::vector<Index> all = kernels::all_columns(d);
  return kernels::sum({kernels::linear(all),
                       kernels::product({kernels::linear(all), kernels::linear(all)}),
                       kernels::scaled(kernels::stationary(kernels::Form::kRbf, d))});
}

// Without noise but for rounding.
GpPreset local_preset(Index d) {
  const double root = std::sqrt(static_cast<double>(d));
  GpPreset preset;
  preset.name = "local";
  preset.variance = {Prior::log_normal(0, 2), 1e-8, 1e8, 1};
  preset.lengthscale = {Prior::log_normal(std::log(3 * root), 1.5), 0.1, 100 * root, 3 * root};
  preset.outputscale = {Prior{}, 1e-4, 1e10, 1};
  preset.noise = {.prior = {}, .start = 1e-11, .fixed = true};
  return preset;
}

// The free coordinates of points, in half widths, the centre at 1/2, which is the origin of linear
// kernels.
MatrixXd to_local(const LocalRegion& region, const MatrixXd& points) {
  const VectorXd centre = region.centre(region.free);
  const MatrixXd moved = points(region.free, Eigen::all).colwise() - centre;
  return (moved / region.half_width).array() + 0.5;
}

class LowestMean final : public Acquisition {
 public:
  explicit LowestMean(const Surrogate& model) : model_(model) {}
  void evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const override {
    VectorXd variance;
    MatrixXd slopes;
    model_.predict(points, values, variance, gradients, gradients ? &slopes : nullptr);
    values = -values;
    if (gradients) *gradients = -*gradients;
  }

 private:
  const Surrogate& model_;
};

// An acquisition of the local model seen from the unit cube.
class FromCube final : public Acquisition {
 public:
  FromCube(const Acquisition& inner, const LocalRegion& region) : inner_(inner), region_(region) {}
  void evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const override {
    MatrixXd local;
    inner_.evaluate(to_local(region_, points), values, gradients ? &local : nullptr);
    if (!gradients) return;
    gradients->setZero(points.rows(), points.cols());
    for (std::size_t i = 0; i < region_.free.size(); ++i) {
      gradients->row(region_.free[i]) = local.row(static_cast<Index>(i)) / region_.half_width;
    }
  }

 private:
  const Acquisition& inner_;
  const LocalRegion& region_;
};

}  // namespace

LocalRegion local_region(const Observations& data, const Space& space,
                         std::span<const double> fixed) {
  LocalRegion region;
  region.centre = data.x.col(data.best());
  region.free = free_coordinates(space, region.centre, fixed);
  const auto d = static_cast<Index>(region.free.size());
  const VectorXd distance = distances(data.x, region);
  std::vector<Index> order(data.trials.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::erase_if(order, [&](Index i) { return !std::isfinite(distance[i]); });
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return distance[a] < distance[b]; });
  const Index least = 2 * d + 1;
  const auto there = static_cast<Index>(order.size());
  if (d == 0 || there <= least) return region;
  region.half_width = distance[order[static_cast<std::size_t>(least)]];
  const Index most = std::min(there, std::clamp(6 * d, kFewest, kMost));
  Index count = least;
  while (count < most &&
         distance[order[static_cast<std::size_t>(count)]] <= kReach * region.half_width) {
    ++count;
  }
  order.resize(static_cast<std::size_t>(count));
  region.near = data.subset(order);
  return region;
}

std::optional<LocalStep> local_step(const LocalRegion& region, const MatrixXd& pending,
                                    const Space& space, MaximizeRequest search,
                                    RandomStream stream) {
  const auto d = static_cast<Index>(region.free.size());
  const OutputTransform transform(TransformKind::kStandardize, region.near.y);
  GpData learned;
  learned.x = to_local(region, region.near.x);
  learned.z = transform.apply(region.near.y);
  const GpPreset preset = local_preset(d);
  const KernelPtr kernel = local_kernel(d);
  const FitReport fit =
      fit_members(*kernel, learned, {preset}, {}, {.cold_rounds = 40, .drawn_starts = 0}).front();
  GpPosterior model(kernel, learned, fit.theta);
  const VectorXd away = distances(pending, region);
  std::vector<Index> close;
  for (Index i = 0; i < pending.cols(); ++i) {
    if (away[i] <= kReach * region.half_width) close.push_back(i);
  }
  believe(model, to_local(region, pending(Eigen::all, close)));
  const LogExpectedImprovement improvement(model, learned.z.minCoeff());
  const LowestMean lowest(model);
  const bool alone = close.empty();
  const Acquisition& acquisition = alone ? static_cast<const Acquisition&>(lowest) : improvement;
  search.incumbents = region.centre;
  search.low = (region.centre.array() - region.half_width).max(0.0);
  search.high = (region.centre.array() + region.half_width).min(1.0);
  search.fixed.assign(space.dimension(), 0);
  for (std::size_t i = 0; i < search.fixed.size(); ++i) {
    search.fixed[i] = region.centre[static_cast<Index>(i)];
  }
  for (Index i : region.free) search.fixed[static_cast<std::size_t>(i)] = std::nan("");
  const auto maximum =
      maximize_acquisition(FromCube(acquisition, region), space, search, std::move(stream),
                           {.sobol_blocks = 128, .around_incumbents = 64});
  if (!maximum) return {};
  const std::vector<double> unit = maximum->point.unit();
  VectorXd mean;
  model.predict_mean(to_local(region, VectorXd::Map(unit.data(), static_cast<Index>(unit.size()))),
                     mean);
  return LocalStep{maximum->point, transform.inverse(mean[0])};
}

}  // namespace asktell
