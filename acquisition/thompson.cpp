// See thompson.hpp.
#include <asktell/acquisition/thompson.hpp>

namespace asktell {

void ThompsonSample::evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                              Eigen::MatrixXd* gradients) const {
  if (!gradients) {
    paths_.evaluate(path_, points, values);
  } else {
    paths_.evaluate(path_, points, values, *gradients);
    *gradients = -*gradients;
  }
  values = -values;
}

}  // namespace asktell
