// Random decompositions of d coordinates for kernels::additive. Drawn anew at each ask they need no
// learning and mislead no search for long (Ziomek & Bou Ammar 2023, "Are random decompositions all
// we need in high dimensional Bayesian optimisation?", RDUCB; Kandasamy et al. 2015 for
// partitions).
#pragma once

#include <Eigen/Core>
#include <vector>

#include <asktell/core/random.hpp>

namespace asktell {

using Groups = std::vector<std::vector<Eigen::Index>>;

// A forest of `edges` pairs without a cycle, each pair a group, and the coordinates in no pair one
// by one. edges < 0: max(1, d / 5) as in RDUCB; at most d - 1, a tree.
Groups random_tree(Eigen::Index dimension, RandomStream& stream, Eigen::Index edges = -1);

// Disjoint groups of `size` coordinates, the last one smaller where d is no multiple.
Groups random_partition(Eigen::Index dimension, Eigen::Index size, RandomStream& stream);

}  // namespace asktell
