// The covariance of functions on a Space: how each kind of parameter enters the distance that a
// stationary kernel takes.
//
//   real, integer, ordinal      difference of coordinates (log scales as the space has them)
//   categorical, boolean, and   a mismatch has a length of its own, whatever the order of the
//   each member of a subset     categories (as in Optuna and Vizier)
//   permutation                 difference of each item's position (Spearman's distance)
//   simplex                     difference of the stick-breaking fractions
//   conditional parameters      see Conditional
//
// Kernels read points as model_points writes them: what can really be evaluated at a point of the
// cube, so that integers are rounded before the kernel and never after it (Garrido-Merchan &
// Hernandez-Lobato 2020, "Dealing with categorical and integer-valued variables in Bayesian
// optimization with Gaussian processes"), and NaN for the coordinates of inactive parameters.
#pragma once

#include <Eigen/Core>

#include <asktell/core/space.hpp>
#include <asktell/surrogates/gp/kernels/kernels.hpp>

namespace asktell {

// What an inactive number is at a distance from. Neither is the obvious "constant from any active
// value", which no distance is: no point is equally far from all points of a segment.
enum class Conditional {
  kImputed,  // the middle of its range, and a length for each group of parameters that are active
             // together, between points where it is and points where it is not
  kArc,      // all active values, which lie on an arc around it (Swersky et al. 2013)
};

enum class Categories {
  kDistance,  // mismatches add to the squared distance: k(numbers + categories)
  kMixed,  // s1 (k_numbers + s2 k_categories) + s3 k_numbers' k_categories', length-scales in the
           // sum and in the product of their own (BoTorch's mixed model; doubles the
           // hyper-parameters)
};

struct SpaceKernelOptions {
  kernels::Form form = kernels::Form::kMatern52;
  Conditional conditional = Conditional::kImputed;
  Categories categories = Categories::kDistance;
  // A sum over the coordinates, of one output scale, each with its own length: functions without
  // interactions (Duvenaud et al. 2011, "Additive Gaussian processes"). Categories enter alike.
  bool additive = false;
};

// With an output scale (one each for kMixed's three terms). Parameters that can take one value only
// are left out.
KernelPtr space_kernel(const Space& space, const SpaceKernelOptions& options = {});

// The coordinates that enter, and how; what space_kernel is made of when categories are kDistance.
kernels::StationaryOptions space_metrics(const Space& space,
                                         const SpaceKernelOptions& options = {});

// Columns of the unit cube (space.dimension() x q) as the kernel takes them.
Eigen::MatrixXd model_points(const Space& space, const Eigen::MatrixXd& unit);

}  // namespace asktell
