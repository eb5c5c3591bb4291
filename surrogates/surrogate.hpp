// What an acquisition asks of a model: latent mean and variance, with gradients, at blocks of
// points.
#pragma once

#include <Eigen/Core>

namespace asktell {

class Surrogate {
 public:
  virtual ~Surrogate() = default;
  // points: d x q. Writes q means and variances (of the latent function, floored above 0), and the
  // d x q gradients where asked for.
  virtual void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean,
                       Eigen::VectorXd& variance, Eigen::MatrixXd* mean_gradient = nullptr,
                       Eigen::MatrixXd* variance_gradient = nullptr) const = 0;
};

}  // namespace asktell
