// 0, ..., count - 1 in random order (Fisher-Yates).
#pragma once

#include <Eigen/Core>
#include <numeric>
#include <utility>
#include <vector>

#include <asktell/core/random.hpp>

namespace asktell {

inline std::vector<Eigen::Index> shuffled(Eigen::Index count, RandomStream& stream) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[static_cast<std::size_t>(stream.integer(i))]);
  }
  return order;
}

}  // namespace asktell
