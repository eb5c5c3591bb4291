// What a Gaussian process learns from, in the units of the model (points in the unit cube, values
// transformed).
#pragma once

#include <Eigen/Core>
#include <vector>

namespace asktell {

// Observations at the same point and task merged into one carry their mean and count; what the
// likelihood loses by that is kept here, so that it stays exact (spread of r values about their
// mean m: sum (z - m)^2).
struct Replicates {
  double extra = 0;       // sum of (r - 1)
  double squares = 0;     // sum of the spreads
  double log_counts = 0;  // sum of log r
};

struct GpData {
  Eigen::MatrixXd x;                   // d x n
  Eigen::VectorXd z;                   // n
  Eigen::VectorXd given_noise;         // n variances besides the fitted one; empty: none
  Eigen::VectorXd count;               // n; observations behind each value; empty: 1
  std::vector<int> noise_group;        // n; which fitted variance belongs to it; empty: one for all
  std::vector<Replicates> replicates;  // of each group; empty: none
  bool fitted_noise = true;            // false: given_noise is all there is

  Eigen::Index size() const { return x.cols(); }
  Eigen::Index dimension() const { return x.rows(); }
  Eigen::Index groups() const;  // of fitted noise
  // Variance on the diagonal for point i given log variances of the groups.
  double noise(Eigen::Index i, const double* log_noise) const;
  int group(Eigen::Index i) const {
    return noise_group.empty() ? 0 : noise_group[static_cast<std::size_t>(i)];
  }
  double share(Eigen::Index i) const { return count.size() > 0 ? 1 / count[i] : 1; }
};

// The columns of `data` at `kept`, in that order.
GpData subset(const GpData& data, const std::vector<Eigen::Index>& kept);

// Merges exact duplicates (same point, same noise group; given variances average by their
// weights), keeping the order of first appearance. member[i]: where observation i went.
GpData merge_replicates(const GpData& data, std::vector<Eigen::Index>& member);

}  // namespace asktell
