// Equal-weight mixtures of models: the moments of "one of these, each as likely".
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// Moments of the mixture and their gradients, in the arguments' order of Surrogate::predict: mean
// of means; variance within plus variance of the means.
void mixture_moments(std::span<const Surrogate* const> members, const Eigen::MatrixXd& points,
                     Eigen::VectorXd& mean, Eigen::VectorXd& variance,
                     Eigen::MatrixXd* mean_gradient, Eigen::MatrixXd* variance_gradient);

class SurrogateMixture final : public Surrogate {
 public:
  explicit SurrogateMixture(std::vector<std::unique_ptr<Surrogate>> members);
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;

 private:
  std::vector<std::unique_ptr<Surrogate>> members_;
  std::vector<const Surrogate*> views_;
};

}  // namespace asktell
