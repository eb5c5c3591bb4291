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

// What Acquisition::evaluate writes, from body(block, values of it, gradients of it or null), which
// adds to gradients that are zero.
template <typename Body>
void evaluate_in_blocks(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                        Eigen::MatrixXd* gradients, Body body) {
  values.resize(points.cols());
  if (gradients) gradients->resize(points.rows(), points.cols());
  Eigen::MatrixXd part;
  in_blocks(points, [&](Eigen::Index begin, const Eigen::MatrixXd& block) {
    if (gradients) part.setZero(block.rows(), block.cols());
    Eigen::Ref<Eigen::VectorXd> some = values.segment(begin, block.cols());
    body(block, some, gradients ? &part : nullptr);
    if (gradients) gradients->middleCols(begin, block.cols()) = part;
  });
}

}  // namespace asktell
