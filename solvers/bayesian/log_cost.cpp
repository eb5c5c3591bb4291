// See log_cost.hpp.
#include <asktell/solvers/bayesian/log_cost.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace asktell {
namespace {

constexpr double kPercentile = 0.05;
// Keeps the best value's logarithm finite where the percentile is the minimum; a share of the
// smallest difference, so that units do not matter.
constexpr double kTiny = 1e-10;

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
  const double range = above.back();
  if (range == 0) return out;
  const double rank = kPercentile * static_cast<double>(above.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const double share = rank - static_cast<double>(below);
  const double percentile =
      above[below] + share * (above[std::min(below + 1, above.size() - 1)] - above[below]);
  const double smallest = *std::upper_bound(above.begin(), above.end(), 0.0);
  const double margin = percentile + std::max(kTiny * smallest, std::numeric_limits<double>::min());
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    out[i] = std::log(values[i] / 2 - least + margin) - std::log(range + margin);
  }
  return out;
}

}  // namespace asktell
