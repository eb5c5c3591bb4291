// Points that fill the unit cube evenly, for searches and sums over it.
#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace asktell {

// dimension x count: scrambled Sobol points; independent ones beyond the dimensions of those.
Eigen::MatrixXd spread_points(Eigen::Index dimension, Eigen::Index count, std::uint64_t seed);

}  // namespace asktell
