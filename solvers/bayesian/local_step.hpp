// A step of a local search, as trust-region methods make them (Powell 2009, "The BOBYQA algorithm
// for bound constrained optimization without derivatives"), from all observations around the
// incumbent: a Gaussian process of quadratic forms and a smooth rest, distances and values scaled
// to these observations, so that its last digits are digits of the region and not of the whole
// space; the step goes where its mean is lowest in a box. On smooth functions it goes on where a
// global model ends (both in turns: Acerbi & Ma 2017, "Practical Bayesian optimization for model
// fitting with Bayesian adaptive direct search").
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/solvers/bayesian/observations.hpp>

namespace asktell {

// Where the step looks: the continuous coordinates around the incumbent, the others as they are
// there. The box holds as many other observations as a quadratic model without mixed terms needs,
// so it narrows by itself as steps come closer, and nothing about it needs to be remembered.
struct LocalRegion {
  Observations near;               // in the incumbent's cell; the nearest first
  std::vector<Eigen::Index> free;  // coordinates that move
  Eigen::VectorXd centre;          // d, the incumbent
  double half_width = 0;           // of the unit cube; 0: too few observations
};

// fixed: coordinates held, NaN where free; may be empty.
LocalRegion local_region(const Observations& data, const Space& space,
                         std::span<const double> fixed);

struct LocalStep {
  Point point;
  double predicted = 0;  // mean of the model, in units of the objective
};

// search: what may be proposed; its incumbents and box are replaced. pending: d x p; where some are
// in the box, expected improvement spreads the steps. Nothing when no allowed point is in the box.
std::optional<LocalStep> local_step(const LocalRegion& region, const Eigen::MatrixXd& pending,
                                    const Space& space, MaximizeRequest search,
                                    RandomStream stream);

}  // namespace asktell
