// Points of a space that trade several acquisitions off: the elitist non-dominated sorting genetic
// algorithm (Deb et al. 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II",
// section III) with simulated binary crossover (Deb & Agrawal 1995) and polynomial mutation. Needs
// no gradients, so that objectives may be noisy, and coordinates discrete.
#pragma once

#include <functional>
#include <vector>

#include <Eigen/Core>

#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>

namespace asktell {

// Writes m values, to be minimized, for each of q points (d x q, as model_points writes them):
// m x q. Called once for each point.
using Objectives = std::function<void(const Eigen::MatrixXd& points, Eigen::MatrixXd& values)>;

struct ParetoOptions {
  Eigen::Index population = 100;
  int generations = 100;        // the first included: population * generations evaluations
  double crossover = 0.9;       // probability for a pair, one half for each of its coordinates
  double crossover_index = 15;  // larger: children nearer to their parents
  double mutation = 0.9;        // probability for a child, min(1/2, 1/d) for each coordinate
  double mutation_index = 20;
};

struct ParetoRequest {
  Eigen::MatrixXd initial = {};    // d x k: members of the first population, the others are uniform
  std::vector<double> fixed = {};  // coordinates held, NaN where free; empty when all are free
};

struct ParetoFront {
  Eigen::MatrixXd points;  // d x k, unit cube, different, each where its point of the space lies
  Eigen::MatrixXd values;  // m x k, as they were evaluated
};

// The non-dominated members of the last population.
ParetoFront pareto_front(const Objectives& objectives, const Space& space,
                         const ParetoRequest& request, RandomStream& stream,
                         const ParetoOptions& options = {});

// 0 for columns that no other dominates, 1 for those that only such dominate, and so on.
std::vector<int> non_dominated_ranks(const Eigen::MatrixXd& values);

// Sum over objectives of the distance between a column's neighbours, in units of the spread;
// infinite for the first and last of an objective.
Eigen::VectorXd crowding_distances(const Eigen::MatrixXd& values);

}  // namespace asktell
