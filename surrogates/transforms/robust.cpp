// See robust.hpp.
#include <asktell/surrogates/transforms/robust.hpp>

#include <algorithm>
#include <cmath>

namespace asktell {

Eigen::VectorXd finite_entries(const Eigen::VectorXd& raw) {
  Eigen::VectorXd finite(raw.size());
  Eigen::Index count = 0;
  for (double value : raw) {
    if (std::isfinite(value)) finite[count++] = value;
  }
  finite.conservativeResize(count);
  return finite;
}

double median_of_sorted(std::span<const double> sorted) {
  const std::size_t n = sorted.size();
  return n % 2 ? sorted[n / 2] : 0.5 * sorted[n / 2 - 1] + 0.5 * sorted[n / 2];
}

RobustScale robust_scale(const Eigen::VectorXd& y) {
  const double largest = y.size() > 0 ? y.cwiseAbs().maxCoeff() : 0;
  if (!(largest > 0)) return {};
  const Eigen::VectorXd scaled = y / largest;  // sums must not overflow
  std::vector<double> sorted(scaled.begin(), scaled.end());
  std::sort(sorted.begin(), sorted.end());
  const double median = median_of_sorted(sorted);
  double mean = 0;
  for (double& value : sorted) {
    value = std::abs(value - median);
    mean += value / static_cast<double>(sorted.size());
  }
  std::sort(sorted.begin(), sorted.end());
  const double spread = 1.4826 * median_of_sorted(sorted);
  return {largest * median, largest * (spread > 0 ? spread : 1.2533 * mean)};
}

double largest_robust_score(const Eigen::VectorXd& y) {
  const RobustScale scale = robust_scale(y);
  if (!(scale.deviation > 0)) return 0;
  return 2 * ((y.maxCoeff() / 2 - scale.median / 2) / scale.deviation);
}

}  // namespace asktell
