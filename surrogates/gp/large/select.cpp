// See select.hpp.
#include <asktell/surrogates/gp/large/select.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/large/closeness.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kRows = 2048;  // of a column of the factor, a piece of work

// The lower median of each coordinate: always a value that occurs, so that codes of categories and
// tasks stay codes. Missing values sort first.
VectorXd medians(const MatrixXd& x) {
  VectorXd out(x.rows());
  std::vector<double> values(static_cast<std::size_t>(x.cols()));
  for (Index i = 0; i < x.rows(); ++i) {
    for (Index j = 0; j < x.cols(); ++j) values[static_cast<std::size_t>(j)] = x(i, j);
    const auto middle = values.begin() + (x.cols() - 1) / 2;
    std::nth_element(values.begin(), middle, values.end(),
                     [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; });
    out[i] = *middle;
  }
  return out;
}

}  // namespace

VarianceSelection select_by_variance(const Kernel& kernel, const VectorXd& theta, const MatrixXd& x,
                                     Index count, const VectorXd& quality, double tolerance) {
  const Index n = x.cols(), most = std::min(count, n);
  VarianceSelection out;
  VectorXd& variance = out.remaining;
  kernel.diagonal(x, theta.data(), variance);
  const double lowest = n > 0 ? tolerance * variance.maxCoeff() : 0;
  const VectorXd weight = quality.size() > 0 ? VectorXd(quality.cwiseAbs2()) : VectorXd::Ones(n);
  const auto evaluation = kernel.evaluation();
  MatrixXd factor(n, most), k;  // columns of the pivoted Cholesky factor
  for (Index j = 0; j < most; ++j) {
    if (!(variance.maxCoeff() > lowest)) break;
    Index pivot = 0;
    variance.cwiseProduct(weight).maxCoeff(&pivot);
    // Zero where the qualities are: then the largest variance decides.
    if (!(variance[pivot] > lowest)) variance.maxCoeff(&pivot);
    const double deviation = std::sqrt(variance[pivot]);
    const VectorXd row = factor.row(pivot).head(j).transpose();
    evaluation->cross(x, x.col(pivot), theta.data(), false, k);
    parallel_for(static_cast<std::size_t>(n), kRows, [&](std::size_t begin, std::size_t end) {
      const auto first = static_cast<Index>(begin), rows = static_cast<Index>(end - begin);
      auto column = factor.col(j).segment(first, rows);
      column = k.col(0).segment(first, rows);
      column.noalias() -= factor.block(first, 0, rows, j) * row;
      column /= deviation;
      auto rest = variance.segment(first, rows);
      rest = (rest - column.cwiseAbs2()).cwiseMax(0);
    });
    variance[pivot] = 0;
    out.chosen.push_back(pivot);
  }
  return out;
}

std::vector<Index> maximin_order(const Kernel& kernel, const VectorXd& theta, const MatrixXd& x,
                                 Index count, std::vector<Index> first) {
  const Index n = x.cols();
  count = std::min(count, n);
  if (count == 0) return {};
  Closeness closeness(kernel, theta, x);
  MatrixXd to;
  if (first.empty()) {
    closeness.to(medians(x), to);
    Index centre = 0;
    to.col(0).maxCoeff(&centre);
    first.push_back(centre);
  }
  const double chosen = std::numeric_limits<double>::infinity();
  VectorXd nearest = VectorXd::Zero(n);  // closeness to the closest chosen point
  std::vector<Index> order = std::move(first);
  order.reserve(static_cast<std::size_t>(std::max<Index>(count, 1)));
  for (std::size_t done = 0; done < order.size(); ++done) {
    closeness.to(x.col(order[done]), to);
    nearest = nearest.cwiseMax(to.col(0));
    nearest[order[done]] = chosen;
    if (done + 1 < order.size() || static_cast<Index>(order.size()) >= count) continue;
    Index farthest = 0;
    nearest.minCoeff(&farthest);
    order.push_back(farthest);
  }
  order.resize(static_cast<std::size_t>(count));
  return order;
}

std::vector<Index> best_and_spread(const Kernel& kernel, const VectorXd& theta, const GpData& data,
                                   Index count, double best_share) {
  const Index n = data.size();
  count = std::min(count, n);
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return data.z[a] < data.z[b]; });
  const auto best = static_cast<Index>(std::lround(best_share * static_cast<double>(count)));
  order.resize(static_cast<std::size_t>(best));
  return maximin_order(kernel, theta, data.x, count, std::move(order));
}

}  // namespace asktell
