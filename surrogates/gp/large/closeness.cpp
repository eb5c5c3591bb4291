// See closeness.hpp.
#include <asktell/surrogates/gp/large/closeness.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <asktell/core/threads.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kQueries = 32;  // points whose distances to all others are made at once

double inverse_root(double variance) {
  return 1 / std::sqrt(std::max(variance, std::numeric_limits<double>::min()));
}

// Writes the indices of the `count` largest of the first `size` numbers, largest first.
void largest(const double* closeness, Index size, Index count, std::vector<Index>& scratch,
             Index* out) {
  scratch.resize(static_cast<std::size_t>(size));
  std::iota(scratch.begin(), scratch.end(), Index{0});
  const auto closer = [closeness](Index a, Index b) {
    return closeness[a] > closeness[b] || (closeness[a] == closeness[b] && a < b);
  };
  const auto end = scratch.begin() + std::min(size, count);
  if (end != scratch.end()) std::nth_element(scratch.begin(), end, scratch.end(), closer);
  std::sort(scratch.begin(), end, closer);
  std::copy(scratch.begin(), end, out);
}

}  // namespace

Closeness::Closeness(const Kernel& kernel, const VectorXd& theta, const MatrixXd& x)
    : kernel_(kernel), theta_(theta), x_(x), evaluation_(kernel.evaluation()) {
  kernel.diagonal(x, theta.data(), inverse_deviation_);
  inverse_deviation_ = inverse_deviation_.unaryExpr(&inverse_root);
}

void Closeness::to(const MatrixXd& points, MatrixXd& out) {
  evaluation_->cross(x_, points, theta_.data(), false, out);
  kernel_.diagonal(points, theta_.data(), variance_);
  for (Index j = 0; j < points.cols(); ++j) {
    out.col(j).array() =
        out.col(j).array().abs() * inverse_deviation_.array() * inverse_root(variance_[j]);
  }
}

NeighbourTable nearest(const Kernel& kernel, const VectorXd& theta, const MatrixXd& x,
                       const MatrixXd& points, Index count) {
  NeighbourTable out = NeighbourTable::Constant(count, points.cols(), -1);
  parallel_for(static_cast<std::size_t>(points.cols()), kQueries,
               [&](std::size_t begin, std::size_t end) {
                 const auto first = static_cast<Index>(begin), last = static_cast<Index>(end);
                 Closeness closeness(kernel, theta, x);
                 MatrixXd to;
                 std::vector<Index> scratch;
                 closeness.to(points.middleCols(first, last - first), to);
                 for (Index j = first; j < last; ++j) {
                   largest(to.col(j - first).data(), x.cols(), count, scratch, out.col(j).data());
                 }
               });
  return out;
}

NeighbourTable nearest_predecessors(const Kernel& kernel, const VectorXd& theta, const MatrixXd& x,
                                    Index count) {
  NeighbourTable out = NeighbourTable::Constant(count, x.cols(), -1);
  parallel_for(static_cast<std::size_t>(x.cols()), kQueries,
               [&](std::size_t begin, std::size_t end) {
                 const auto first = static_cast<Index>(begin), last = static_cast<Index>(end);
                 const MatrixXd before = x.leftCols(last);
                 Closeness closeness(kernel, theta, before);
                 MatrixXd to;
                 std::vector<Index> scratch;
                 closeness.to(x.middleCols(first, last - first), to);
                 for (Index i = first; i < last; ++i) {
                   largest(to.col(i - first).data(), i, count, scratch, out.col(i).data());
                 }
               });
  return out;
}

}  // namespace asktell
