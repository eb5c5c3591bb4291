// Values as a model should see them: outliers on the bad side squeezed, mean 0, variance 1.
#pragma once

#include <Eigen/Core>

namespace asktell {

// Half-rank warp (Song et al. 2024, "The Vizier Gaussian process bandit algorithm", section 3.2),
// for minimization: values above the median are replaced by normal quantiles of their rank, scaled
// by the spread of the better half; the better half is untouched. Keeps the order.
Eigen::VectorXd half_rank(const Eigen::VectorXd& y);

// (y - mean) / standard deviation (divisor n - 1); zeros when all are equal to rounding. Safe for
// any finite values.
Eigen::VectorXd standardize(const Eigen::VectorXd& y);

}  // namespace asktell
