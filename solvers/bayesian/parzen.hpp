// Parzen estimators of the tree-structured Parzen estimator (Bergstra et al. 2011, section 4) with
// the rules of Optuna 5 (Watanabe 2023, section 3): one product kernel an observation and one prior
// kernel over the whole cube, truncated normals with bandwidths from the neighbours, histograms for
// categories. Densities are those of unit-cube coordinates: intervals for continuous ones, masses
// of cells for the others.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <utility>
#include <vector>

#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>

namespace asktell {

// One coordinate of the unit cube, as its kernels see it. Booleans and subset members are
// categories of two; ordinals and integers are cells of an interval; sort keys of permutations and
// stick-breaking fractions of simplices are continuous.
class ParzenAxis {
 public:
  enum class Kind { kContinuous, kCells, kCategories };

  ParzenAxis(const Space& space, std::size_t coordinate);

  Kind kind() const { return kind_; }
  double cells() const { return cells_; }
  double snapped(double unit) const;  // the middle of the cell; itself if continuous
  std::pair<double, double> cell(double unit) const;  // its edges

 private:
  double integer(double unit) const;  // of a logarithmic integer
  double coordinate(double value) const;

  Kind kind_;
  double cells_;
  bool log_ = false;
  double bottom_ = 0, range_ = 1;  // logarithms; of logarithmic integers only
  double low_ = 0, high_ = 0;
};

// Weights of n observations, oldest first: the last 25 count fully, older ones along a ramp from
// 1/n to 1.
Eigen::VectorXd parzen_weights(Eigen::Index observations);

class ParzenEstimator {
 public:
  // observations: d x n, snapped to the axes, oldest first; n may be 0.
  ParzenEstimator(std::vector<ParzenAxis> axes, const Eigen::MatrixXd& observations);

  Eigen::VectorXd log_density(const Eigen::MatrixXd& points) const;        // d x q, snapped
  Eigen::MatrixXd sample(Eigen::Index count, RandomStream& stream) const;  // d x count, snapped

  // Bandwidths of the kernels (the prior's last) along one axis; categories have none.
  Eigen::VectorXd bandwidths(Eigen::Index axis) const { return widths_.col(axis); }

 private:
  void set_bandwidths(Eigen::Index axis);
  void add_normal(Eigen::Index axis, const Eigen::MatrixXd& points, Eigen::MatrixXd& sum) const;
  void add_cells(Eigen::Index axis, const Eigen::MatrixXd& points, Eigen::MatrixXd& sum) const;
  void add_categories(Eigen::Index axis, const Eigen::MatrixXd& points, Eigen::MatrixXd& sum) const;
  double draw(Eigen::Index axis, Eigen::Index kernel, RandomStream& stream) const;
  // Probability that a kernel gives to its own category, and to each other one.
  std::pair<double, double> category_weights(double categories) const;

  std::vector<ParzenAxis> axes_;
  Eigen::MatrixXd centres_;      // kernels x d
  Eigen::MatrixXd widths_;       // kernels x d
  Eigen::VectorXd weights_;      // kernels, sum 1
  Eigen::VectorXd log_weights_;  // with the normal kernels' normalizing constants
};

}  // namespace asktell
