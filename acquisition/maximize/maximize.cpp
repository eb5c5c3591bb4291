// See maximize.hpp.
#include <asktell/acquisition/maximize/maximize.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <asktell/acquisition/maximize/snap.hpp>
#include <asktell/core/lbfgsb.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kPerturbations[] = {1e-3, 1e-2, 1e-1};  // standard deviations around incumbents
constexpr double kMasked = 20;          // coordinates moved at once in high dimension
constexpr double kApart = 0.02;         // starts differ by this times sqrt(d)
constexpr Index kExhaustiveCells = 16;  // coordinates with more cells try the neighbours only
constexpr int kSweeps = 4;              // over the discrete coordinates

class Search {
 public:
  Search(const Acquisition& acquisition, const Space& space, const MaximizeRequest& request,
         RandomStream& stream, const MaximizeOptions& options)
      : acquisition_(acquisition),
        space_(space),
        request_(request),
        stream_(stream),
        options_(options),
        snap_(space, request.fixed),
        d_(static_cast<Index>(space.dimension())),
        conditional_(std::any_of(space.parameters().begin(), space.parameters().end(),
                                 [](const Parameter& p) { return !p.when.empty(); })) {}

  std::optional<Maximum> run() {
    MatrixXd candidates = all_candidates();
    snap(candidates);
    VectorXd values;
    evaluate(candidates, values);
    const std::vector<Index> order = by_value(values);
    consider(candidates, values, order);
    const std::vector<Index> starts = choose_starts(candidates, values, order);
    if (enumerated_ || starts.empty()) return best_;
    if (!options_.gradients) {
      sweep_discrete();
      return best_;
    }
    MatrixXd x(d_, static_cast<Index>(starts.size()));
    for (std::size_t i = 0; i < starts.size(); ++i) {
      x.col(static_cast<Index>(i)) = candidates.col(starts[i]);
    }
    x = refine(x);
    consider_all(x);
    sweep_discrete();
    return best_;
  }

 private:
  bool held(Index i) const { return snap_.held(i); }
  bool discrete(Index i) const {
    return space_.coordinates()[static_cast<std::size_t>(i)].cells > 0;
  }

  double low(Index i) const { return request_.low.size() > 0 ? request_.low[i] : 0; }
  double high(Index i) const { return request_.high.size() > 0 ? request_.high[i] : 1; }

  // Puts continuous values between the bounds and every column where its point lies.
  void snap(MatrixXd& x) {
    for (Index i = 0; i < d_; ++i) {
      if (!discrete(i)) x.row(i) = x.row(i).cwiseMax(low(i)).cwiseMin(high(i));
    }
    for (auto column : x.colwise()) snap_(column);
  }

  void evaluate(const MatrixXd& x, VectorXd& values, MatrixXd* gradients = nullptr) const {
    if (!conditional_) return acquisition_.evaluate(x, values, gradients);
    acquisition_.evaluate(model_points(space_, x), values, gradients);
  }

  MatrixXd all_candidates() {
    if (!request_.candidates.empty()) {
      enumerated_ = true;
      return unit_columns(space_, request_.candidates);
    }
    if (const auto points = space_.enumerate(options_.enumerate)) {
      enumerated_ = true;
      MatrixXd x(d_, static_cast<Index>(points->size()));
      for (std::size_t j = 0; j < points->size(); ++j) {
        space_.to_unit((*points)[j], {x.col(static_cast<Index>(j)).data(), space_.dimension()});
      }
      return x;
    }
    const auto root = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(d_))));
    const Index spread = std::min(4096, options_.sobol_blocks * root);
    const Index near = request_.incumbents.cols() == 0 ? 0 : options_.around_incumbents + 16 * d_;
    const Index extra = request_.extra.cols();
    MatrixXd x(d_, spread + near + extra);
    fill_spread(x.leftCols(spread));
    for (Index j = spread; j < spread + near; ++j) x.col(j) = perturbed(j);
    if (extra > 0) x.rightCols(extra) = request_.extra;
    return x;
  }

  void fill_spread(Eigen::Ref<MatrixXd> x) {
    if (static_cast<std::size_t>(d_) > SobolPoints::kMaxDimension) {
      stream_.fill_uniform({x.data(), static_cast<std::size_t>(x.size())});
    } else {
      const SobolPoints sobol(static_cast<std::size_t>(d_), request_.seed);
      for (Index j = 0; j < x.cols(); ++j) {
        sobol.point(static_cast<std::uint64_t>(j), {x.col(j).data(), static_cast<std::size_t>(d_)});
      }
    }
    for (Index i = 0; i < d_; ++i) {
      if (!discrete(i)) x.row(i) = low(i) + (high(i) - low(i)) * x.row(i).array();
    }
  }

  // An incumbent with Gaussian noise on some coordinates (at least one).
  VectorXd perturbed(Index j) {
    const auto count = static_cast<std::uint64_t>(request_.incumbents.cols());
    VectorXd x = request_.incumbents.col(static_cast<Index>(stream_.integer(count)));
    const double share = std::min(1.0, kMasked / static_cast<double>(d_));
    const double sigma = kPerturbations[j % 3];
    const auto certain = static_cast<Index>(stream_.integer(static_cast<std::uint64_t>(d_)));
    for (Index i = 0; i < d_; ++i) {
      if (i != certain && stream_.uniform() > share) continue;
      if (discrete(i)) {
        if (stream_.uniform() < 0.3) x[i] = stream_.uniform();
      } else {
        const double width = high(i) - low(i);
        const double moved = x[i] + sigma * width * stream_.normal();
        const double reflected = moved < low(i)    ? 2 * low(i) - moved
                                 : moved > high(i) ? 2 * high(i) - moved
                                                   : moved;
        x[i] = std::clamp(reflected, low(i), high(i));
      }
    }
    return x;
  }

  static std::vector<Index> by_value(const VectorXd& values) {
    std::vector<Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return values[a] > values[b]; });
    return order;
  }

  // Of a list, the columns are its points, whose digits the unit cube may not keep.
  Point point_of(const MatrixXd& x, Index j) const {
    if (!request_.candidates.empty()) return request_.candidates[static_cast<std::size_t>(j)];
    return space_.point_from_unit({x.col(j).data(), static_cast<std::size_t>(d_)});
  }

  // The best allowed column becomes the best so far, if it is better.
  void consider(const MatrixXd& x, const VectorXd& values, const std::vector<Index>& order) {
    for (Index j : order) {
      if (best_ && !(values[j] > best_->value)) return;
      Point point = point_of(x, j);
      if (!request_.allowed(point)) continue;
      best_ = Maximum{std::move(point), values[j]};
      best_unit_ = x.col(j);
      return;
    }
  }

  void consider_all(MatrixXd& x) {
    snap(x);
    VectorXd values;
    evaluate(x, values);
    consider(x, values, by_value(values));
  }

  // Standard deviation of the finite ones: logarithms of a gain may be -infinity.
  static double deviation_of(const VectorXd& values) {
    std::vector<Index> finite;
    for (Index j = 0; j < values.size(); ++j) {
      if (std::isfinite(values[j])) finite.push_back(j);
    }
    if (finite.empty()) return 1;
    const VectorXd some = values(finite);
    return std::sqrt((some.array() - some.mean()).square().mean() + 1e-300);
  }

  // The best two, then draws by their value, each some way from the others; all allowed.
  std::vector<Index> choose_starts(const MatrixXd& x, const VectorXd& values,
                                   const std::vector<Index>& order) {
    const std::size_t wanted = d_ <= 5 ? 6 : d_ < 20 ? 8 : 12;
    double widest = 0;
    for (Index i = 0; i < d_; ++i) widest = std::max(widest, high(i) - low(i));
    const double apart = kApart * widest * std::sqrt(static_cast<double>(d_));
    const double deviation = deviation_of(values);
    std::vector<std::pair<double, Index>> keys;  // Gumbel keys: sampling without replacement
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      const Index j = order[rank];
      const double gumbel = -std::log(-std::log(stream_.uniform()));
      keys.emplace_back(rank < 2 ? HUGE_VAL : values[j] / deviation + gumbel, j);
    }
    std::stable_sort(keys.begin(), keys.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Index> chosen;
    for (const auto& [key, j] : keys) {
      if (chosen.size() == wanted) break;
      const bool near = std::any_of(chosen.begin(), chosen.end(), [&, j = j](Index other) {
        return (x.col(j) - x.col(other)).norm() < apart;
      });
      if (!near) chosen.push_back(j);
    }
    return chosen;
  }

  MatrixXd refine(const MatrixXd& starts) {
    std::vector<Index> free;
    for (Index i = 0; i < d_; ++i) {
      if (!discrete(i) && !held(i)) free.push_back(i);
    }
    if (free.empty()) return starts;
    // Discrete coordinates differ between starts: each start has its own box.
    MatrixXd lower = starts, upper = starts;
    for (Index i : free) {
      lower.row(i).setConstant(low(i));
      upper.row(i).setConstant(high(i));
    }
    return minimize_lockstep(negative(), starts, lower, upper, {.rounds = options_.rounds}).x;
  }

  BatchedFunction negative() const {
    return [this](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                  Eigen::Ref<VectorXd> values, Eigen::Ref<MatrixXd> gradients) {
      VectorXd at;
      MatrixXd slopes;
      evaluate(x, at, &slopes);
      values = -at;
      gradients = -slopes;
    };
  }

  // One discrete coordinate after the other: all its cells (or the two next to it), continuous
  // coordinates refined again at the end of a sweep that changed something.
  void sweep_discrete() {
    for (int sweep = 0; best_ && sweep < kSweeps; ++sweep) {
      bool changed = false;
      for (Index i = 0; i < d_; ++i) {
        if (!discrete(i) || held(i)) continue;
        const double before = best_->value;
        MatrixXd x = neighbours(i);
        consider_all(x);
        changed |= best_->value > before;
      }
      if (!changed) return;
      if (!options_.gradients) continue;
      MatrixXd x = refine(best_unit_);
      consider_all(x);
    }
  }

  MatrixXd neighbours(Index i) const {
    const Coordinate& coordinate = space_.coordinates()[static_cast<std::size_t>(i)];
    const double cells = coordinate.cells;
    std::vector<double> values;
    if (cells <= kExhaustiveCells || !coordinate.ordered) {
      const double shown = std::min(cells, 64.0);
      for (double c = 0; c < shown; ++c)
        values.push_back((std::floor(c * cells / shown) + 0.5) / cells);
    } else {
      for (double step : {-8.0, -2.0, -1.0, 1.0, 2.0, 8.0}) {
        values.push_back(std::clamp(best_unit_[i] + step / cells, 0.5 / cells, 1 - 0.5 / cells));
      }
    }
    MatrixXd x = best_unit_.replicate(1, static_cast<Index>(values.size()));
    for (std::size_t j = 0; j < values.size(); ++j) x(i, static_cast<Index>(j)) = values[j];
    return x;
  }

  const Acquisition& acquisition_;
  const Space& space_;
  const MaximizeRequest& request_;
  RandomStream& stream_;
  const MaximizeOptions& options_;
  Snap snap_;
  Index d_;
  bool conditional_;  // inactive coordinates are NaN for the acquisition
  bool enumerated_ = false;
  std::optional<Maximum> best_;
  VectorXd best_unit_;
};

}  // namespace

std::optional<Maximum> maximize_acquisition(const Acquisition& acquisition, const Space& space,
                                            const MaximizeRequest& request, RandomStream stream,
                                            const MaximizeOptions& options) {
  return Search(acquisition, space, request, stream, options).run();
}

}  // namespace asktell
