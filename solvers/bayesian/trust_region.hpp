// Boxes around the points that were evaluated or are pending, which grow with their number (Song et
// al. 2024, "The Vizier Gaussian process bandit algorithm", section 4.3): a model of few points
// would otherwise send the next ones into corners. Only ordered coordinates count.
#pragma once

#include <utility>
#include <vector>

#include <Eigen/Core>

#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>

namespace asktell {

// 0.2 + 0.3 n / (5 (p + 1)), n points, p parameters.
double trust_radius(Eigen::Index points, Eigen::Index parameters);

class TrustRegion {
 public:
  // points: d x n, unit cube. fixed: coordinates held by the user, which do not count; empty: none.
  TrustRegion(const Space& space, Eigen::MatrixXd points, double radius,
              const std::vector<double>& fixed);

  // False where there is no point, no ordered free coordinate, or boxes of more than half the cube.
  bool limits() const;
  // Largest difference of a coordinate to the nearest point is within the radius, up to rounding.
  bool contains(const std::vector<double>& unit) const;
  // A column each in the box of one point after the other, uniform; coordinates that do not count
  // are uniform in the cube.
  Eigen::MatrixXd draw(Eigen::Index count, RandomStream& stream) const;
  // Lower and upper corner of the box around the point in whose turn draw made this column.
  std::pair<Eigen::VectorXd, Eigen::VectorXd> box(Eigen::Index column) const;

 private:
  Eigen::MatrixXd points_;
  double radius_;
  std::vector<bool> counts_;
};

}  // namespace asktell
