// How close points are for a model: the absolute prior correlation |k(x, z)| / sqrt(k(x, x) k(z,
// z)). For a stationary kernel it orders points as the distance in the metric x / l does; it serves
// as well where no such metric exists (categories, tasks, conditional parameters, sums of kernels).
// Points are columns (d x n). Ties go to the lower index, so that results are the same everywhere.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include <asktell/surrogates/gp/kernels/kernel.hpp>

namespace asktell {

// Indices of columns; -1 where there are fewer than asked for.
using NeighbourTable = Eigen::Matrix<Eigen::Index, Eigen::Dynamic, Eigen::Dynamic>;

// Correlations of one fixed set of points with others. Not for several threads at once.
class Closeness {
 public:
  // All arguments must outlive the object.
  Closeness(const Kernel& kernel, const Eigen::VectorXd& theta, const Eigen::MatrixXd& x);
  // out: n x q, the closeness of each of the n points to each of the q.
  void to(const Eigen::MatrixXd& points, Eigen::MatrixXd& out);

 private:
  const Kernel& kernel_;
  const Eigen::VectorXd& theta_;
  const Eigen::MatrixXd& x_;
  std::unique_ptr<KernelEvaluation> evaluation_;
  Eigen::VectorXd inverse_deviation_;  // n; 1 / sqrt(k(x_i, x_i))
  Eigen::VectorXd variance_;           // of the other points
};

// The `count` columns of x closest to each of the q points, closest first: count x q. O(n q).
NeighbourTable nearest(const Kernel& kernel, const Eigen::VectorXd& theta, const Eigen::MatrixXd& x,
                       const Eigen::MatrixXd& points, Eigen::Index count);

// The `count` columns closest to column i among columns 0, ..., i - 1, for each i: count x n, -1
// below the i that there are. O(n^2), all pairs in blocks.
NeighbourTable nearest_predecessors(const Kernel& kernel, const Eigen::VectorXd& theta,
                                    const Eigen::MatrixXd& x, Eigen::Index count);

}  // namespace asktell
