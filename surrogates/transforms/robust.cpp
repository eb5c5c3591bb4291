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

double largest_robust_score(const Eigen::VectorXd& y) {
  const double largest = y.size() > 0 ? y.cwiseAbs().maxCoeff() : 0;
  if (!(largest > 0)) return 0;
  const Eigen::VectorXd scaled = y / largest;
  std::vector<double> sorted(scaled.begin(), scaled.end());
  std::sort(sorted.begin(), sorted.end());
  const double median = median_of_sorted(sorted);
  const double reach = sorted.back() - median;
  double mean = 0;
  for (double& value : sorted) {
    value = std::abs(value - median);
    mean += value / static_cast<double>(sorted.size());
  }
  std::sort(sorted.begin(), sorted.end());
  const double spread = 1.4826 * median_of_sorted(sorted);
  if (spread > 0) return reach / spread;
  return mean > 0 ? reach / (1.2533 * mean) : 0;
}

}  // namespace asktell
