// Exact Gaussian processes on the neighbours of where one looks: for a query, or for a trust region
// around its centre, the few hundred closest points (closeness.hpp: the metric x / l for a
// stationary kernel), and anchors, points that belong to every neighbourhood and keep what is known
// of far regions. No choice of n limits it; what it leaves out is the correlation with all other
// points, so that its mean and variance jump, slightly, where neighbours change.
#pragma once

#include <Eigen/Core>
#include <vector>

#include <asktell/surrogates/gp/posterior.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

class LocalGp final : public Surrogate {
  using Neighbours = Eigen::Matrix<Eigen::Index, Eigen::Dynamic, 1>;

 public:
  // theta: as model_parameters() lists it. The mean, unless it is fixed, is that of the
  // neighbourhood. anchors: columns of data.x, in addition to the neighbours.
  LocalGp(KernelPtr kernel, GpData data, Eigen::VectorXd theta, GpMean mean = {},
          Eigen::Index neighbours = 300, std::vector<Eigen::Index> anchors = {});

  // The exact model of the points closest to a centre (d): one factorization for a whole region.
  GpPosterior around(const Eigen::VectorXd& centre) const;

  // A model for each point: O(n + neighbours^3). Gradients are those of the point's own model.
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;

  const GpData& data() const { return data_; }
  const Eigen::VectorXd& theta() const { return theta_; }
  Eigen::Index neighbours() const { return neighbours_; }
  const std::vector<Eigen::Index>& anchors() const { return anchors_; }

 private:
  GpPosterior model(const Eigen::Ref<const Neighbours>& neighbours) const;

  KernelPtr kernel_;
  GpData data_;
  Eigen::VectorXd theta_;
  GpMean mean_;
  Eigen::Index neighbours_;
  std::vector<Eigen::Index> anchors_;
};

}  // namespace asktell
