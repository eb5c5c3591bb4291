// Logarithm of expected improvement below an incumbent, with exact tails (Ament et al. 2023,
// "Unexpected improvements to expected improvement for Bayesian optimization", section 4): values
// and gradients keep full relative accuracy where expected improvement itself underflows.
#pragma once

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/acquisition/moments.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// h(z) = phi(z) + z Phi(z): expected improvement of a standard normal over -z.
struct LogH {
  double value;  // log h
  double slope;  // d log h / dz = Phi / h
};
LogH log_h(double z);

// log E[max(0, best - f)] for f ~ N(mean, deviation^2), and its derivatives; deviation > 0.
MomentScore log_expected_improvement(double mean, double deviation, double best);

class LogExpectedImprovement : public Acquisition {
 public:
  // best: lowest value so far, in the units of the model.
  LogExpectedImprovement(const Surrogate& model, double best) : model_(model), best_(best) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Surrogate& model_;
  double best_;
};

}  // namespace asktell
