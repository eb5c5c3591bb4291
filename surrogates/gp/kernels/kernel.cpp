// See kernel.hpp.
#include <asktell/surrogates/gp/kernels/kernel.hpp>

#include <cmath>

#include <asktell/core/dense.hpp>

namespace asktell {

double HyperParameter::to_theta(double natural) const {
  return logarithmic ? std::log(natural) : natural;
}

double HyperParameter::to_natural(double theta) const {
  return logarithmic ? std::exp(theta) : theta;
}

void KernelEvaluation::hyper_gradient_lower(Eigen::MatrixXd& w, double factor, double* gradient) {
  dense::mirror_lower(w);
  hyper_gradient(w, factor, gradient);
}

Eigen::VectorXd starting_theta(const Kernel& kernel) {
  Eigen::VectorXd theta(kernel.parameter_count());
  for (Eigen::Index i = 0; i < theta.size(); ++i) {
    const HyperParameter& parameter = kernel.parameters()[static_cast<std::size_t>(i)];
    theta[i] = parameter.to_theta(parameter.start);
  }
  return theta;
}

}  // namespace asktell
