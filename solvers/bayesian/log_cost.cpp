// See log_cost.hpp.
#include <asktell/solvers/bayesian/log_cost.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace asktell {
namespace {

constexpr double kBest = 0.05;
constexpr double kFarthest = 100;
// Keeps the best value's logarithm finite where the percentile is the minimum; a share of the
// smallest difference, so that units do not matter.
constexpr double kTiny = 1e-10;
constexpr double kTiniest = std::numeric_limits<double>::min();

// Of a sorted list, with linear interpolation.
double percentile(const std::vector<double>& sorted, double share) {
  const double rank = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const double next = sorted[std::min(below + 1, sorted.size() - 1)];
  return sorted[below] + (rank - static_cast<double>(below)) * (next - sorted[below]);
}

}  // namespace

Eigen::VectorXd log_costs(const Eigen::VectorXd& values) {
  // Halves, so that differences of the largest numbers stay finite.
  std::vector<double> above;  // half the distance to the minimum, sorted
  for (double value : values) {
    if (!std::isnan(value)) above.push_back(value / 2);
  }
  std::sort(above.begin(), above.end());
  const double least = above.front();
  for (double& value : above) value -= least;
  Eigen::VectorXd out = Eigen::VectorXd::Constant(values.size(), kWorstLogCost);
  if (above.back() == 0) return out;
  const double smallest = *std::upper_bound(above.begin(), above.end(), 0.0);
  const double margin = percentile(above, kBest) + std::max(kTiny * smallest, kTiniest);
  const double quartile = percentile(above, 0.75);
  const double range = quartile > 0 ? std::min(above.back(), kFarthest * quartile) : above.back();
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const double cost = std::min(values[i] / 2 - least, range) + margin;
    const double ratio = cost / (range + margin);  // exact under a change of unit by 2^k
    out[i] = ratio > kTiniest ? std::log(ratio) : std::log(cost) - std::log(range + margin);
  }
  return out;
}

}  // namespace asktell
