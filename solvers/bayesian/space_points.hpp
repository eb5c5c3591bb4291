// Points of a space where choices, optima and the like are looked for.
#pragma once

#include <Eigen/Core>

#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/acquisition/optimum_samples.hpp>
#include <asktell/core/space.hpp>

namespace asktell {

// Different points spread over what `search` may reach, d x `count` at most, fixed coordinates in
// place and known constraints met: where choices, optima and the like are looked for. In the unit
// cube.
Eigen::MatrixXd unit_points_of_space(const Space& space, const MaximizeRequest& search,
                                     Eigen::Index count);

// Whether all of the unit cube can be evaluated as it is: reals, no condition, no step, no known
// constraint, nothing fixed, no list of candidates.
bool is_whole_cube(const Space& space, const MaximizeRequest& search);

// Minima of functions drawn from the model: of the whole cube, or, where that cannot be evaluated
// as it is, among the candidates (d x m, as the model takes them).
OptimumSamples sampled_optima(const Space& space, const MaximizeRequest& search,
                              const GpPosterior& model, const Eigen::MatrixXd& candidates,
                              Eigen::Index count, RandomStream& stream);

}  // namespace asktell
