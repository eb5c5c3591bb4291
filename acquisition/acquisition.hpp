// What a maximizer asks of an acquisition: values, larger is better, and gradients at blocks of
// points.
#pragma once

#include <Eigen/Core>

namespace asktell {

class Acquisition {
 public:
  virtual ~Acquisition() = default;
  // points: d x q, unit cube, NaN for inactive coordinates (model_points). Writes q values, and the
  // d x q gradients where asked for.
  virtual void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                        Eigen::MatrixXd* gradients = nullptr) const = 0;
};

}  // namespace asktell
