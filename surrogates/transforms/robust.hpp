// What the transforms ask of a set of values: those that are known, and location and spread that a
// few wild ones do not move.
#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

namespace asktell {

// The entries that are finite, in their order: values that are not are failures.
Eigen::VectorXd finite_entries(const Eigen::VectorXd& raw);

// Median of values in ascending order, at least one.
double median_of_sorted(std::span<const double> sorted);

// How far the largest value lies above the median, in robust standard deviations: the median
// absolute deviation times 1.4826; where that is 0, the mean absolute deviation times 1.2533
// (Iglewicz & Hoaglin 1993, "How to detect and handle outliers"). 0 when all values are equal.
double largest_robust_score(const Eigen::VectorXd& y);

}  // namespace asktell
