// See rank_map.hpp.
#include <asktell/surrogates/transforms/rank_map.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <asktell/core/special_functions.hpp>
#include <asktell/surrogates/transforms/robust.hpp>

namespace asktell {
namespace {

double spread_about(const std::vector<double>& values, double center, double limit) {
  double sum = 0;
  std::size_t count = 0;
  for (double value : values) {
    if (value > limit) continue;
    sum += (value - center) * (value - center);
    ++count;
  }
  return count == 0 ? 0 : std::sqrt(sum / static_cast<double>(count));
}

// Between knot i and i + 1.
double interpolate(const std::vector<double>& x, const std::vector<double>& y, std::size_t i,
                   double at) {
  const double share = (at - x[i]) / (x[i + 1] - x[i]);
  return (1 - share) * y[i] + share * y[i + 1];
}

double end_slope(const RankMap& map) {
  const std::size_t n = map.from.size();
  return n < 2 ? 1 : (map.to[n - 1] - map.to[n - 2]) / (map.from[n - 1] - map.from[n - 2]);
}

}  // namespace

double RankMap::value(double y) const {
  if (from.empty()) return y;
  const auto above = std::lower_bound(from.begin(), from.end(), y);
  if (above == from.end()) {
    return slope_above > 0 ? to.back() + slope_above * (y - from.back()) : to.back();
  }
  const auto i = static_cast<std::size_t>(above - from.begin());
  if (*above == y) return to[i];
  if (i == 0) return slope_below > 0 ? to.front() + slope_below * (y - from.front()) : to.front();
  return interpolate(from, to, i - 1, y);
}

double RankMap::inverse(double z) const {
  if (to.empty()) return z;
  const auto above = std::lower_bound(to.begin(), to.end(), z);
  if (above == to.end()) {
    return slope_above > 0 ? from.back() + (z - to.back()) / slope_above : from.back();
  }
  const auto i = static_cast<std::size_t>(above - to.begin());
  if (*above == z) return from[i];
  if (i == 0) return slope_below > 0 ? from.front() + (z - to.front()) / slope_below : from.front();
  return interpolate(to, from, i - 1, z);
}

RankMap half_rank_map(const Eigen::VectorXd& y) {
  RankMap map;
  std::vector<double> unique(y.begin(), y.end());
  std::sort(unique.begin(), unique.end());
  const double median = median_of_sorted(unique);
  unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
  double spread = spread_about(unique, median, median);
  if (!(spread > 0)) spread = spread_about(unique, median, HUGE_VAL);
  if (!(spread > 0)) return map;
  // Ranks count from the worst value; the median itself has quantile 1/2.
  const auto above = std::upper_bound(unique.begin(), unique.end(), median);
  const bool attained = above != unique.begin() && *(above - 1) == median;
  const double denominator = static_cast<double>(unique.end() - above) + (attained ? 0.5 : 0.0);
  map.from.assign(unique.begin(), above);
  if (!attained) map.from.push_back(median);
  map.to = map.from;
  for (auto at = above; at != unique.end(); ++at) {
    const auto rank = static_cast<double>(unique.end() - at);  // 1 for the worst
    map.from.push_back(*at);
    map.to.push_back(median - spread * normal_quantile(0.5 * (rank - 0.5) / denominator));
  }
  map.slope_above = end_slope(map);
  return map;
}

double copula_clip(Eigen::Index n) {
  const double count = std::max(2.0, static_cast<double>(n));
  return std::min(0.1,
                  1 / (4 * std::pow(count, 0.25) * std::sqrt(std::numbers::pi * std::log(count))));
}

RankMap copula_map(const Eigen::VectorXd& y) {
  RankMap map{.slope_below = 0, .slope_above = 0};
  std::vector<double> sorted(y.begin(), y.end());
  std::sort(sorted.begin(), sorted.end());
  const double clip = copula_clip(y.size());
  const double last = static_cast<double>(sorted.size()) - 1;
  for (auto at = sorted.begin(); at != sorted.end();) {
    const auto end = std::upper_bound(at, sorted.end(), *at);
    const double mean_rank =
        0.5 * static_cast<double>((at - sorted.begin()) + (end - 1 - sorted.begin()));  // from 0
    const double quantile = last > 0 ? mean_rank / last : 0.5;
    map.from.push_back(*at);
    map.to.push_back(normal_quantile(std::clamp(quantile, clip, 1 - clip)));
    at = end;
  }
  return map;
}

}  // namespace asktell
