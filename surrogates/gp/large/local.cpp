// See local.hpp.
#include <asktell/surrogates/gp/large/local.hpp>

#include <algorithm>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/large/closeness.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::vector<Index> column(const NeighbourTable& table, Index j) {
  return {table.col(j).begin(), table.col(j).end()};
}

}  // namespace

LocalGp::LocalGp(KernelPtr kernel, GpData data, VectorXd theta, GpMean mean, Index neighbours)
    : kernel_(std::move(kernel)),
      data_(std::move(data)),
      theta_(std::move(theta)),
      mean_(mean),
      neighbours_(std::min(neighbours, data_.size())) {
  if (neighbours < 1) {
    throw OptionError("option.range",
                      "neighbours is " + std::to_string(neighbours) +
                          "; a local model needs at least 1 (200 to 500 are usual)");
  }
}

GpPosterior LocalGp::around(const VectorXd& centre) const {
  const NeighbourTable table = nearest(*kernel_, theta_, data_.x, centre, neighbours_);
  return GpPosterior(kernel_, subset(data_, column(table, 0)), theta_, mean_);
}

void LocalGp::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                      MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  const Index d = points.rows(), q = points.cols();
  mean.resize(q);
  variance.resize(q);
  if (mean_gradient) mean_gradient->resize(d, q);
  if (variance_gradient) variance_gradient->resize(d, q);
  const NeighbourTable table = nearest(*kernel_, theta_, data_.x, points, neighbours_);
  parallel_for(static_cast<std::size_t>(q), 1, [&](std::size_t at, std::size_t) {
    const auto j = static_cast<Index>(at);
    const GpPosterior model(kernel_, subset(data_, column(table, j)), theta_, mean_);
    VectorXd m, v;
    MatrixXd dm, dv;
    model.predict(points.col(j), m, v, mean_gradient ? &dm : nullptr,
                  variance_gradient ? &dv : nullptr);
    mean[j] = m[0];
    variance[j] = v[0];
    if (mean_gradient) mean_gradient->col(j) = dm;
    if (variance_gradient) variance_gradient->col(j) = dv;
  });
}

}  // namespace asktell
