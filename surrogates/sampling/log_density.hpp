// What the samplers draw from: a log density of d numbers, known up to a constant.
#pragma once

#include <Eigen/Core>
#include <functional>

namespace asktell {

// at: d numbers, any reals. gradient: d numbers, sized by the caller, to be set, or null. A value
// that is not finite (or a gradient that is not, beside a finite value) means that the density is 0
// or cannot be computed there: samplers count it and stay away. Must not throw.
using LogDensity = std::function<double(const Eigen::VectorXd& at, Eigen::VectorXd* gradient)>;

}  // namespace asktell
