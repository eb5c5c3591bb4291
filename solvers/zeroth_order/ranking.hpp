// The descent direction that a ranking reveals (Tang, Rybin, Chang 2024, "Zeroth-order optimization
// meets human feedback", section 2): in the graph of all known pairs "i better than j" every edge
// pulls from j towards i. Weights are m - 1 - 2r, which sum to 0; the published code has m - 2r and
// drifts on ties.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

namespace asktell {

// Known pairs when the best k of m points are ordered.
inline double ranking_edges(std::size_t m, std::size_t k) {
  return 0.5 * static_cast<double>(k) * static_cast<double>(k - 1) +
         static_cast<double>(k) * static_cast<double>(m - k);
}

// Weight of each of m points; order: indices of the best k, best first. Better is larger; sum 0.
inline std::vector<double> ranking_weights(std::size_t m, std::span<const std::size_t> order) {
  std::vector<double> weights(m, -static_cast<double>(order.size()));
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    weights[order[rank]] = static_cast<double>(m) - 1 - 2 * static_cast<double>(rank);
  }
  return weights;
}

// Ascending direction of the function (descend along its negative): -sum_i w_i xi_i / (edges mu).
// directions: d x m, xi_i = (point_i - x) / mu.
inline Eigen::VectorXd ranking_gradient(const Eigen::MatrixXd& directions,
                                        std::span<const std::size_t> order, double smoothing) {
  const auto m = static_cast<std::size_t>(directions.cols());
  const std::vector<double> weights = ranking_weights(m, order);
  const Eigen::Map<const Eigen::VectorXd> w(weights.data(), directions.cols());
  const double edges = ranking_edges(m, order.size());
  if (edges == 0) return Eigen::VectorXd::Zero(directions.rows());
  return -(directions * w) / (edges * smoothing);
}

}  // namespace asktell
