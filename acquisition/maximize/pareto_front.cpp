// See pareto_front.hpp.
#include <asktell/acquisition/maximize/pareto_front.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kMatings = 20;  // attempts to fill a generation with points that are new

bool dominates(const MatrixXd& values, Index a, Index b) {
  const double* x = values.col(a).data();
  const double* y = values.col(b).data();
  bool better = false;
  for (Index m = 0; m < values.rows(); ++m) {
    if (x[m] > y[m]) return false;
    better |= x[m] < y[m];
  }
  return better;
}

// Spread of a child's coordinate about its parents' (Deb & Agrawal 1995, bounded form); `room`: of
// the near parent to its wall, over the parents' distance.
double crossover_spread(double room, double index, double uniform) {
  const double alpha = 2 - std::pow(1 + 2 * room, -(index + 1));
  const double base = uniform <= 1 / alpha ? uniform * alpha : 1 / (2 - uniform * alpha);
  return std::pow(base, 1 / (index + 1));
}

// Move of a coordinate of [0, 1].
double mutation_step(double x, double index, double uniform) {
  if (uniform <= 0.5) {
    const double below = 2 * uniform + (1 - 2 * uniform) * std::pow(1 - x, index + 1);
    return std::pow(below, 1 / (index + 1)) - 1;
  }
  const double above = 2 * (1 - uniform) + (2 * uniform - 1) * std::pow(x, index + 1);
  return 1 - std::pow(above, 1 / (index + 1));
}

class Evolution {
 public:
  Evolution(const Objectives& objectives, const Space& space, const ParetoRequest& request,
            RandomStream& stream, const ParetoOptions& options)
      : objectives_(objectives),
        space_(space),
        request_(request),
        stream_(stream),
        options_(options),
        d_(static_cast<Index>(space.dimension())) {}

  ParetoFront run() {
    MatrixXd first(d_, options_.population);
    stream_.fill_uniform({first.data(), static_cast<std::size_t>(first.size())});
    const Index given = std::min(request_.initial.cols(), options_.population);
    first.leftCols(given) = request_.initial.leftCols(given);
    add(first);
    for (int generation = 1; generation < options_.generations; ++generation) {
      const Index parents = x_.cols();
      for (int mating = 0; mating < kMatings && x_.cols() < 2 * options_.population; ++mating) {
        add(children(parents, 2 * options_.population - x_.cols()));
      }
      if (x_.cols() == parents) break;  // a small space was seen in whole
      survive();
    }
    const std::vector<int> ranks = non_dominated_ranks(values_);
    std::vector<Index> front;
    for (Index j = 0; j < x_.cols(); ++j) {
      if (ranks[static_cast<std::size_t>(j)] == 0) front.push_back(j);
    }
    return {x_(Eigen::all, front), values_(Eigen::all, front)};
  }

 private:
  bool held(Index i) const {
    return !request_.fixed.empty() && !std::isnan(request_.fixed[static_cast<std::size_t>(i)]);
  }
  bool discrete(Index i) const {
    return space_.coordinates()[static_cast<std::size_t>(i)].cells > 0;
  }
  bool by_category(Index i) const {
    return !space_.coordinates()[static_cast<std::size_t>(i)].ordered;
  }

  // Evaluates columns and adds those that are not there yet.
  void add(MatrixXd x) {
    for (Index i = 0; i < d_; ++i) {
      if (held(i)) x.row(i).setConstant(request_.fixed[static_cast<std::size_t>(i)]);
    }
    MatrixXd shown = model_points(space_, x);
    std::vector<Index> fresh;
    for (Index j = 0; j < x.cols(); ++j) {
      x.col(j) = shown.col(j).array().isNaN().select(0.5, shown.col(j));
      if (known_.insert({x.col(j).begin(), x.col(j).end()}).second) fresh.push_back(j);
    }
    if (fresh.empty()) return;
    MatrixXd values;
    objectives_(shown(Eigen::all, fresh), values);
    values = values.array().isNaN().select(kInfinity, values);
    const Index before = x_.cols(), count = static_cast<Index>(fresh.size());
    x_.conservativeResize(d_, before + count);
    values_.conservativeResize(values.rows(), before + count);
    x_.rightCols(count) = x(Eigen::all, fresh);
    values_.rightCols(count) = values;
  }

  // Pairs of children of parents drawn among the first `parents` columns.
  MatrixXd children(Index parents, Index count) {
    MatrixXd out(d_, count + count % 2);
    for (Index j = 0; j < out.cols(); j += 2) {
      VectorXd a = x_.col(pick(parents)), b = x_.col(pick(parents));
      if (stream_.uniform() < options_.crossover) cross(a, b);
      mutate(a);
      mutate(b);
      out.col(j) = a;
      out.col(j + 1) = b;
    }
    return out.leftCols(count);
  }

  Index pick(Index count) {
    return static_cast<Index>(stream_.integer(static_cast<std::uint64_t>(count)));
  }

  void cross(VectorXd& a, VectorXd& b) {
    for (Index i = 0; i < d_; ++i) {
      if (stream_.uniform() < 0.5 || a[i] == b[i]) continue;
      if (by_category(i)) {
        std::swap(a[i], b[i]);
        continue;
      }
      const double low = std::min(a[i], b[i]), high = std::max(a[i], b[i]);
      const double distance = high - low, u = stream_.uniform(), middle = 0.5 * (low + high);
      const double index = options_.crossover_index;
      a[i] = middle - 0.5 * distance * crossover_spread(low / distance, index, u);
      b[i] = middle + 0.5 * distance * crossover_spread((1 - high) / distance, index, u);
      if (stream_.uniform() < 0.25) std::swap(a[i], b[i]);
    }
  }

  void mutate(VectorXd& x) {
    if (stream_.uniform() >= options_.mutation) return;
    const double share = std::min(0.5, 1 / static_cast<double>(d_));
    for (Index i = 0; i < d_; ++i) {
      if (stream_.uniform() >= share) continue;
      const double u = stream_.uniform();
      x[i] = by_category(i) ? u : x[i] + mutation_step(x[i], options_.mutation_index, u);
      x[i] = std::clamp(x[i], 0.0, 1.0);
    }
  }

  // Keeps the best `population` by rank, within the last rank the least crowded.
  void survive() {
    const std::vector<int> ranks = non_dominated_ranks(values_);
    std::vector<Index> kept;
    for (int rank = 0; static_cast<Index>(kept.size()) < options_.population; ++rank) {
      std::vector<Index> front;
      for (Index j = 0; j < x_.cols(); ++j) {
        if (ranks[static_cast<std::size_t>(j)] == rank) front.push_back(j);
      }
      if (front.empty()) break;
      const auto room = static_cast<std::size_t>(options_.population) - kept.size();
      if (front.size() > room) front = least_crowded(front, room);
      kept.insert(kept.end(), front.begin(), front.end());
    }
    x_ = x_(Eigen::all, kept).eval();
    values_ = values_(Eigen::all, kept).eval();
    known_.clear();
    for (Index j = 0; j < x_.cols(); ++j) known_.insert({x_.col(j).begin(), x_.col(j).end()});
  }

  std::vector<Index> least_crowded(const std::vector<Index>& front, std::size_t count) const {
    const VectorXd distance = crowding_distances(values_(Eigen::all, front));
    std::vector<Index> order(front.size()), out;
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return distance[a] > distance[b]; });
    for (std::size_t i = 0; i < count; ++i) {
      out.push_back(front[static_cast<std::size_t>(order[i])]);
    }
    return out;
  }

  const Objectives& objectives_;
  const Space& space_;
  const ParetoRequest& request_;
  RandomStream& stream_;
  const ParetoOptions& options_;
  Index d_;
  MatrixXd x_;       // d x population, unit cube; children at the end until some of all survive
  MatrixXd values_;  // m x population
  std::set<std::vector<double>> known_;  // columns of x
};

}  // namespace

// In lexicographic order no column dominates an earlier one, so that each is compared with the
// fronts found so far only (Zhang et al. 2015, "An efficient approach to nondominated sorting").
std::vector<int> non_dominated_ranks(const MatrixXd& values) {
  const Index n = values.cols();
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    const auto x = values.col(a), y = values.col(b);
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
  });
  std::vector<std::vector<Index>> fronts;
  std::vector<int> ranks(static_cast<std::size_t>(n));
  for (Index j : order) {
    const auto dominated = [&](const std::vector<Index>& front) {
      return std::any_of(front.rbegin(), front.rend(),
                         [&](Index other) { return dominates(values, other, j); });
    };
    const auto at = std::find_if_not(fronts.begin(), fronts.end(), dominated);
    ranks[static_cast<std::size_t>(j)] = static_cast<int>(at - fronts.begin());
    if (at == fronts.end()) {
      fronts.push_back({j});
    } else {
      at->push_back(j);
    }
  }
  return ranks;
}

VectorXd crowding_distances(const MatrixXd& values) {
  const Index n = values.cols();
  VectorXd out = VectorXd::Zero(n);
  std::vector<Index> order(static_cast<std::size_t>(n));
  for (Index m = 0; m < values.rows(); ++m) {
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return values(m, a) < values(m, b); });
    const double spread = values(m, order.back()) - values(m, order.front());
    out[order.front()] = out[order.back()] = kInfinity;
    if (!(spread > 0 && spread < kInfinity)) continue;
    for (std::size_t k = 1; k + 1 < order.size(); ++k) {
      out[order[k]] += (values(m, order[k + 1]) - values(m, order[k - 1])) / spread;
    }
  }
  return out;
}

ParetoFront pareto_front(const Objectives& objectives, const Space& space,
                         const ParetoRequest& request, RandomStream& stream,
                         const ParetoOptions& options) {
  return Evolution(objectives, space, request, stream, options).run();
}

}  // namespace asktell
