// A box seen through coordinates without bounds, for samplers that know none.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace asktell {

// x in (low, high) as u in R, by coordinate: a logit between two bounds, a logarithm above or below
// one, u = x with none. Coordinates with low == high are fixed there and have no u.
class UnconstrainedBox {
 public:
  // Throws OptionError when a lower bound is above its upper one.
  UnconstrainedBox(Eigen::VectorXd low, Eigen::VectorXd high);

  Eigen::Index size() const { return static_cast<Eigen::Index>(free_.size()); }
  Eigen::VectorXd to_free(const Eigen::VectorXd& x) const;  // x is moved off the bounds a little
  // Sets x (all coordinates) and returns log |dx/du|, by which a density of x becomes one of u.
  double to_box(const Eigen::VectorXd& u, Eigen::VectorXd& x) const;
  // From the gradient by x of a log density to the one by u of what it becomes. out: size().
  void pull_back(const Eigen::VectorXd& u, const Eigen::VectorXd& gradient,
                 Eigen::VectorXd& out) const;

 private:
  enum class Bounds { kNone, kLower, kUpper, kBoth };
  Bounds bounds(Eigen::Index i) const;

  Eigen::VectorXd low_, high_;
  std::vector<Eigen::Index> free_;
};

}  // namespace asktell
