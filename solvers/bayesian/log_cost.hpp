// SMAC3's map from costs to the logarithms its forest learns (Lindauer et al. 2022; facade for
// hyper-parameters): the best values get most of the resolution.
#pragma once

#include <Eigen/Core>

namespace asktell {

inline constexpr double kWorstLogCost = 0;

// ln((y - c) / (max - c)) with c = 2 min - (5th percentile): the worst is 0, and so is NaN; at
// least one value is finite. Equal values are all 0. Other than in SMAC3, a value counts as at most
// 100 times as far from the minimum as the upper quartile, so that one outlier does not take all of
// the forest's splits.
Eigen::VectorXd log_costs(const Eigen::VectorXd& values);

}  // namespace asktell
