// The two acquisitions of GP-UCB-PE (Contal et al. 2013, "Parallel Gaussian process optimization
// with upper confidence bound and pure exploration", section 3; Song et al. 2024, "The Vizier
// Gaussian process bandit algorithm", section 4), for values to be minimized: what an observation
// may reach at best, and how little is known where something good may be. Pending trials have no
// values yet but shrink what is left to learn.
#pragma once

#include <memory>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// A model of the trials told, and the same with the pending ones; the models must outlive it.
// Deviations are those of observations: noise variance is added to the models' variance.
struct PendingAware {
  const Surrogate& told;
  double told_noise;
  const Surrogate& all;  // may be the same object
  double all_noise;
};

// -mean(told) + coefficient * deviation(all).
class OptimisticBound final : public Acquisition {
 public:
  OptimisticBound(PendingAware models, double coefficient)
      : models_(models), coefficient_(coefficient) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  PendingAware models_;
  double coefficient_;
};

// The mean at the one of the points (d x n, at least one) that may reach lowest: least
// mean(told) - coefficient * deviation(told).
double promising_level(const PendingAware& models, const Eigen::MatrixXd& points,
                       double coefficient);

struct ExplorationOptions {
  double coefficient = 0.5;  // mean - coefficient * deviation(told) is what a point promises
  double penalty = 10;       // for each unit by which it misses the promising level
};

// deviation(all) - penalty * max(0, mean(told) - coefficient * deviation(told) - level).
class PureExploration final : public Acquisition {
 public:
  PureExploration(PendingAware models, double level, ExplorationOptions options = {})
      : models_(models), level_(level), options_(options) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  PendingAware models_;
  double level_;
  ExplorationOptions options_;
};

// The bound, or exploration at the promising level of `known` points (d x n, at least one).
std::unique_ptr<Acquisition> bound_or_exploration(const PendingAware& models,
                                                  const Eigen::MatrixXd& known, double coefficient,
                                                  bool bound);

}  // namespace asktell
