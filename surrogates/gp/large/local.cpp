// See local.hpp.
#include <asktell/surrogates/gp/large/local.hpp>

#include <algorithm>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/large/closeness.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

LocalGp::LocalGp(KernelPtr kernel, GpData data, VectorXd theta, GpMean mean, Index neighbours,
                 std::vector<Index> anchors)
    : kernel_(std::move(kernel)),
      data_(std::move(data)),
      theta_(std::move(theta)),
      mean_(mean),
      neighbours_(std::min(neighbours, data_.size())),
      anchors_(std::move(anchors)) {
  if (neighbours < 1) {
    throw OptionError("option.range",
                      "neighbours is " + std::to_string(neighbours) +
                          "; a local model needs at least 1 (200 to 500 are usual)");
  }
}

GpPosterior LocalGp::model(const Eigen::Ref<const Neighbours>& neighbours) const {
  std::vector<Index> members(neighbours.begin(), neighbours.end());
  for (Index anchor : anchors_) {
    if ((neighbours.array() != anchor).all()) members.push_back(anchor);
  }
  return GpPosterior(kernel_, subset(data_, members), theta_, mean_);
}

GpPosterior LocalGp::around(const VectorXd& centre) const {
  return model(nearest(*kernel_, theta_, data_.x, centre, neighbours_).col(0));
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
    const GpPosterior posterior = model(table.col(j));
    VectorXd m, v;
    MatrixXd dm, dv;
    posterior.predict(points.col(j), m, v, mean_gradient ? &dm : nullptr,
                      variance_gradient ? &dv : nullptr);
    mean[j] = m[0];
    variance[j] = v[0];
    if (mean_gradient) mean_gradient->col(j) = dm;
    if (variance_gradient) variance_gradient->col(j) = dv;
  });
}

}  // namespace asktell
