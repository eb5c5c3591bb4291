// See observations.hpp.
#include <asktell/solvers/bayesian/observations.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <asktell/acquisition/maximize/snap.hpp>
#include <asktell/surrogates/transforms/robust.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr std::size_t kNeighbours = 5;  // that say whether a trial fails
constexpr double kFarOff = 1e3;         // times the median's distance to the best

}  // namespace

Index Observations::best() const {
  Index best = -1;
  if (size() > 0) y.minCoeff(&best);
  return best;
}

std::vector<Index> Observations::by_value() const {
  std::vector<Index> order(trials.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return y[a] < y[b]; });
  return order;
}

MatrixXd Observations::incumbents(double share) const {
  if (size() == 0) return MatrixXd(x.rows(), 0);
  std::vector<Index> order = by_value();
  order.resize(
      static_cast<std::size_t>(std::max(1.0, std::floor(share * static_cast<double>(size())))));
  return x(Eigen::all, order);
}

Observations Observations::subset(std::span<const Index> columns) const {
  Observations out;
  const std::vector<Index> chosen(columns.begin(), columns.end());
  out.x = x(Eigen::all, chosen);
  out.y = y(chosen);
  out.noise = noise(chosen);
  if (gradient.cols() > 0) out.gradient = gradient(Eigen::all, chosen);
  for (Index column : chosen) {
    out.trials.push_back(trials[static_cast<std::size_t>(column)]);
    out.failed.push_back(failed[static_cast<std::size_t>(column)]);
  }
  out.total = total;
  return out;
}

namespace {

MatrixXd told_gradients(const History& history, std::span<const std::int64_t> trials) {
  if (!fills_the_cube(history.space())) return {};
  const auto d = static_cast<Index>(history.dimension());
  MatrixXd out;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const std::vector<double> gradient = history.gradient(static_cast<std::size_t>(trials[i]));
    if (gradient.empty()) continue;
    if (out.cols() == 0) {
      out.setConstant(d, static_cast<Index>(trials.size()), std::nan(""));
    }
    out.col(static_cast<Index>(i)) = VectorXd::Map(gradient.data(), d);
  }
  return out;
}

}  // namespace

Observations collect_observations(const History& history, std::size_t max_points) {
  const auto objectives = history.objectives();
  Observations all;
  double worst = -HUGE_VAL;
  for (std::int64_t trial : history.told()) {
    if (std::isinf(history.noise_variance(static_cast<std::size_t>(trial)))) continue;
    all.trials.push_back(trial);
    worst = std::max(worst, objectives(0, trial));
  }
  if (!all.trials.empty()) {
    all.trials.insert(all.trials.end(), history.failed().begin(), history.failed().end());
  }
  std::sort(all.trials.begin(), all.trials.end());  // the order of arrival does not matter
  const auto n = static_cast<Index>(all.trials.size());
  all.total = n;
  all.x.resize(static_cast<Index>(history.dimension()), n);
  all.y.resize(n);
  all.noise.resize(n);
  all.failed.resize(all.trials.size());
  all.gradient = told_gradients(history, all.trials);
  const auto points = history.points();
  for (Index i = 0; i < n; ++i) {
    const std::int64_t trial = all.trials[static_cast<std::size_t>(i)];
    const double told = objectives(0, trial);
    all.x.col(i) = points.col(trial);
    all.failed[static_cast<std::size_t>(i)] = std::isnan(told);
    all.y[i] = std::isnan(told) ? worst : told;
    all.noise[i] = history.noise_variance(static_cast<std::size_t>(trial));
  }
  if (all.trials.size() <= max_points) return all;
  std::vector<Index> kept = all.by_value();
  const auto half = kept.begin() + static_cast<std::ptrdiff_t>(max_points / 2);
  std::sort(half, kept.end(), std::greater<>());
  kept.resize(max_points);
  std::sort(kept.begin(), kept.end());
  return all.subset(kept);
}

Noise noise_of(const Problem& problem, const Observations& observations) {
  if (problem.noise_variance >= 0) return problem.noise_variance > 0 ? Noise::kSome : Noise::kNone;
  Noise out = Noise::kUnknown;
  std::map<std::vector<double>, double> values;  // by point
  for (Index i = 0; i < observations.size(); ++i) {
    if (observations.failed[static_cast<std::size_t>(i)]) continue;
    const auto x = observations.x.col(i);
    const auto [first, added] = values.try_emplace({x.begin(), x.end()}, observations.y[i]);
    if (added) continue;
    if (first->second != observations.y[i]) return Noise::kSome;
    out = Noise::kNone;
  }
  return out;
}

Observations Observations::without_failures() const {
  std::vector<Index> told;
  for (Index i = 0; i < size(); ++i) {
    if (!failed[static_cast<std::size_t>(i)]) told.push_back(i);
  }
  return subset(told);
}

bool failures_cluster(const Observations& data) {
  const auto n = static_cast<std::size_t>(data.size());
  const auto failures =
      static_cast<double>(std::count(data.failed.begin(), data.failed.end(), true));
  if (failures < 2 || failures == static_cast<double>(n)) return false;
  const std::size_t near = std::min(kNeighbours, n - 1);
  double gain = 0;
  std::vector<Index> order(n);
  for (Index i = 0; i < data.size(); ++i) {
    VectorXd distance = (data.x.colwise() - data.x.col(i)).colwise().squaredNorm();
    distance[i] = HUGE_VAL;
    std::iota(order.begin(), order.end(), Index{0});
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(near), order.end(),
                      [&](Index a, Index b) {
                        return distance[a] < distance[b] || (distance[a] == distance[b] && a < b);
                      });
    const bool failed = data.failed[static_cast<std::size_t>(i)];
    const double rate = (failures - (failed ? 1 : 0)) / static_cast<double>(n - 1);
    double local = rate;
    for (std::size_t k = 0; k < near; ++k) {
      local += data.failed[static_cast<std::size_t>(order[k])] ? 1 : 0;
    }
    local /= static_cast<double>(near + 1);
    gain += failed ? std::log(local / rate) : std::log((1 - local) / (1 - rate));
  }
  return gain > 0;
}

Observations without_scattered_failures(const Observations& data) {
  const bool any = std::find(data.failed.begin(), data.failed.end(), true) != data.failed.end();
  return !any || failures_cluster(data) ? data : data.without_failures();
}

std::vector<Index> sound_columns(const Observations& data) {
  const double best = data.y.minCoeff(), median = robust_scale(data.y).median;
  const double limit = median > best ? best + kFarOff * (median - best) : HUGE_VAL;
  std::vector<Index> out;
  for (Index i = 0; i < data.size(); ++i) {
    if (!data.failed[static_cast<std::size_t>(i)] && data.y[i] <= limit) out.push_back(i);
  }
  return out;
}

MatrixXd pending_points(const History& history, std::span<const Proposal> proposed) {
  const auto pending = history.pending();
  MatrixXd out(static_cast<Index>(history.dimension()),
               static_cast<Index>(pending.size() + proposed.size()));
  Index column = 0;
  for (std::int64_t trial : pending) out.col(column++) = history.points().col(trial);
  for (const Proposal& proposal : proposed) {
    const std::vector<double> unit = std::get<Evaluate>(proposal.query).point.unit();
    out.col(column++) = VectorXd::Map(unit.data(), static_cast<Index>(unit.size()));
  }
  return out;
}

}  // namespace asktell
