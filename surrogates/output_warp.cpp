// See output_warp.hpp.
#include <asktell/surrogates/output_warp.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

double median_of(std::vector<double> sorted) {
  const std::size_t n = sorted.size();
  return n % 2 ? sorted[n / 2] : 0.5 * sorted[n / 2 - 1] + 0.5 * sorted[n / 2];
}

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

}  // namespace

Eigen::VectorXd half_rank(const Eigen::VectorXd& raw) {
  const double largest = raw.cwiseAbs().maxCoeff();
  if (!(largest > 0)) return raw;
  const Eigen::VectorXd y = raw / largest;  // squares must not overflow
  std::vector<double> unique(y.begin(), y.end());
  std::sort(unique.begin(), unique.end());
  const double median = median_of(unique);
  unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
  double spread = spread_about(unique, median, median);
  if (!(spread > 0)) spread = spread_about(unique, median, HUGE_VAL);
  if (!(spread > 0)) return raw;
  // Ranks count from the worst value; the median itself has quantile 1/2.
  const auto above = std::upper_bound(unique.begin(), unique.end(), median);
  const bool attained = above != unique.begin() && *(above - 1) == median;
  const double denominator = static_cast<double>(unique.end() - above) + (attained ? 0.5 : 0.0);
  Eigen::VectorXd out = y;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    if (y[i] <= median) continue;
    const auto at = std::lower_bound(unique.begin(), unique.end(), y[i]);
    const auto rank = static_cast<double>(unique.end() - at);  // 1 for the worst
    out[i] = median - spread * normal_quantile(0.5 * (rank - 0.5) / denominator);
  }
  return out;  // scaled by a constant: standardize undoes that
}

Eigen::VectorXd standardize(const Eigen::VectorXd& raw) {
  const double largest = raw.size() > 0 ? raw.cwiseAbs().maxCoeff() : 0;
  if (!(largest > 0) || raw.size() < 2) return Eigen::VectorXd::Zero(raw.size());
  const Eigen::ArrayXd y = raw.array() / largest;
  const double mean = y.mean();
  const double deviation =
      std::sqrt((y - mean).square().sum() / static_cast<double>(raw.size() - 1));
  if (!(deviation > 1e-13)) return Eigen::VectorXd::Zero(raw.size());
  return (y - mean) / deviation;
}

}  // namespace asktell
