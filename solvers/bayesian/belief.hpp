// What the user believes about where the optimum lies (ParameterOptions::likely): a density over
// the unit cube, one factor a coordinate. Real and integer coordinates have a truncated normal
// distribution in the parameter's scale, choices have weights.
#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include <asktell/acquisition/weighted.hpp>
#include <asktell/core/space.hpp>

namespace asktell {

class Belief {
 public:
  explicit Belief(const Space& space);

  bool empty() const { return factors_.empty(); }  // nothing is believed

  // log density relative to the uniform one, of a point (d) as the model takes it: inactive
  // coordinates (NaN) count as 1. -infinity where a choice has no weight. The gradient (d) is
  // overwritten, unless null.
  double log_density(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) const;

  // Makes uniform coordinates distributed as believed, by the inverse of the distribution function.
  void shape(std::span<double> unit) const;

 private:
  struct Factor {
    Eigen::Index coordinate = 0;
    double centre = 0.5, deviation = 1;  // of the normal distribution, when there are no weights
    double below = 0, inside = 1;        // its mass below and inside of [0, 1]
    double log_unit = 0;                 // -log density at the centre
    std::vector<double> weights = {};    // of the cells; sum 1
  };
  std::vector<Factor> factors_;
};

// A belief at one ask, as piBO weighs it (Hvarfner et al. 2022, section 4): the density to the
// power decay / iterations, a tenth of the budget over the proposals of the model so far, but to
// the first power at most: higher ones claim more than the user said (docs/performance.md).
struct Guidance {
  Belief belief;
  double decay, iterations;
};

}  // namespace asktell
