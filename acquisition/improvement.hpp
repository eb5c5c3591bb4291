// Relatives of expected improvement that need only mean and deviation: probability of improvement
// (Kushner 1964), augmented expected improvement for noisy values (Huang et al. 2006, "Global
// optimization of stochastic black-box systems via sequential kriging meta-models"), and the
// incumbents that stand in for the lowest value when values are noisy.
#pragma once

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/acquisition/moments.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// log P(f < best - margin): accurate in both tails.
MomentScore log_probability_of_improvement(double mean, double deviation, double target);

class LogProbabilityOfImprovement final : public Acquisition {
 public:
  // best, margin: in the units of the model; margin >= 0.
  LogProbabilityOfImprovement(const Surrogate& model, double best, double margin = 0)
      : model_(model), target_(best - margin) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Surrogate& model_;
  double target_;
};

// log [ EI(best) (1 - t / sqrt(s^2 + t^2)) ], t^2 the noise variance of a new observation: less is
// gained where the model already knows more than an observation tells.
class LogAugmentedExpectedImprovement final : public Acquisition {
 public:
  // best: augmented_incumbent(), or another value in the units of the model.
  LogAugmentedExpectedImprovement(const Surrogate& model, double best, double noise_variance);
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Surrogate& model_;
  double best_, noise_deviation_;
};

// Lowest posterior mean at the points (d x n, n > 0): the plug-in for the lowest value.
double lowest_mean(const Surrogate& model, const Eigen::MatrixXd& points);
// Posterior mean where mean + deviation is lowest: Huang's effective best.
double augmented_incumbent(const Surrogate& model, const Eigen::MatrixXd& points);

}  // namespace asktell
