// Expected improvement of a value whose logarithm is modelled (Hutter et al. 2009, "An experimental
// investigation of model-based parameter optimisation", section 4.2, there EI_exp), as a logarithm
// with exact tails.
#pragma once

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// log E[max(0, exp(best) - exp(f))] for f ~ N(mean, deviation^2), and its derivatives; deviation >
// 0. All arguments are logarithms, so nothing overflows.
MomentScore log_normal_expected_improvement(double mean, double deviation, double best);

class LogNormalExpectedImprovement final : public Acquisition {
 public:
  // best: lowest value so far, a logarithm as the model's values are.
  LogNormalExpectedImprovement(const Surrogate& model, double best) : model_(model), best_(best) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Surrogate& model_;
  double best_;
};

}  // namespace asktell
