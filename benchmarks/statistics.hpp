// Statistics that the benchmark programs share.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace asktell::benchmarks {

// Ranks from 0; ties take their mean rank.
inline Eigen::VectorXd ranks(const Eigen::VectorXd& v) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(v.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::sort(order.begin(), order.end(),
            [&](Eigen::Index a, Eigen::Index b) { return v[a] < v[b]; });
  Eigen::VectorXd out(v.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t j = i;
    while (j < order.size() && v[order[j]] == v[order[i]]) ++j;
    for (std::size_t k = i; k < j; ++k) out[order[k]] = 0.5 * static_cast<double>(i + j - 1);
    i = j;
  }
  return out;
}

// Spearman's rank correlation; 0 when either is constant.
inline double spearman(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  const Eigen::VectorXd ra = ranks(a).array() - ranks(a).mean(),
                        rb = ranks(b).array() - ranks(b).mean();
  const double scale = ra.norm() * rb.norm();
  return scale > 0 ? ra.dot(rb) / scale : 0;
}

// Of the mean of v.
inline double standard_error(const Eigen::VectorXd& v) {
  const auto n = static_cast<double>(v.size());
  return v.size() < 2 ? 0 : (v.array() - v.mean()).matrix().norm() / std::sqrt(n * (n - 1));
}

}  // namespace asktell::benchmarks
