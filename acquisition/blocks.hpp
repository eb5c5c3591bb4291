// Cuts many query points into blocks whose covariances stay in the cache.
#pragma once

#include <Eigen/Core>
#include <algorithm>

namespace asktell {

// body(begin, block) for consecutive columns of points, at most 192 at a time.
template <typename Body>
void in_blocks(const Eigen::MatrixXd& points, Body body) {
  constexpr Eigen::Index kBlock = 192;
  for (Eigen::Index begin = 0; begin < points.cols(); begin += kBlock) {
    const Eigen::MatrixXd block = points.middleCols(begin, std::min(kBlock, points.cols() - begin));
    body(begin, block);
  }
}

}  // namespace asktell
