// The three acquisitions of HEBO (Lyu et al. 2018, "Batch Bayesian optimization via multi-objective
// acquisition ensemble for automated analog circuit design"; Cowen-Rivers et al. 2022, "HEBO:
// pushing the limits of sample-efficient hyperparameter optimisation", section 4.3), of which every
// trade-off is a candidate.
#pragma once

#include <Eigen/Core>

#include <asktell/core/random.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

class Mace {
 public:
  struct Settings {
    double incumbent = 0;       // posterior mean at the best point
    double deviations = 2;      // of the lower confidence bound
    double noise = 0;           // variance of an observation
    bool observations = false;  // deviations of observations, not of the latent function
  };
  Mace(const Surrogate& model, Settings settings, RandomStream stream)
      : model_(model), settings_(settings), stream_(stream) {}

  // 3 x q, to be minimized: lower confidence bound, -log expected improvement, -log probability of
  // improvement. Means are perturbed by sqrt(2 noise) N(0, 1): one draw for the bound, another for
  // both improvements, so that no model error is exploited to the last digit.
  void evaluate(const Eigen::MatrixXd& points, Eigen::MatrixXd& values);

 private:
  const Surrogate& model_;
  Settings settings_;
  RandomStream stream_;
};

}  // namespace asktell
