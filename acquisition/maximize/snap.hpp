// Columns of the unit cube as the points they stand for, and back.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <Eigen/Core>

#include <asktell/core/space.hpp>

namespace asktell {

// Whether every point of the unit cube is one of the space, where it lies but for rounding.
inline bool fills_the_cube(const Space& space) {
  const auto parameters = space.parameters();
  return std::all_of(parameters.begin(), parameters.end(), [](const Parameter& p) {
    return p.kind == Kind::kReal && p.step == 0 && p.when.empty();
  });
}

class Snap {
 public:
  // fixed: of each coordinate the value it is held at, NaN where free; empty when all are free.
  // Both must outlive it.
  Snap(const Space& space, const std::vector<double>& fixed)
      : space_(space),
        fixed_(fixed),
        plain_(fills_the_cube(space)),
        unit_(space.dimension()),
        slots_(space.slots()) {}

  bool held(Eigen::Index i) const {
    return !fixed_.empty() && !std::isnan(fixed_[static_cast<std::size_t>(i)]);
  }

  // Puts held values in place and the column (d) where the point it stands for lies.
  void operator()(Eigen::Ref<Eigen::VectorXd> column) {
    for (Eigen::Index i = 0; i < column.size(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      unit_[at] = held(i) ? fixed_[at] : std::clamp(column[i], 0.0, 1.0);
    }
    if (!plain_) {
      space_.from_unit(unit_, slots_);
      space_.to_unit(slots_, unit_);
    }
    column = Eigen::VectorXd::Map(unit_.data(), column.size());
  }

 private:
  const Space& space_;
  const std::vector<double>& fixed_;
  bool plain_;
  std::vector<double> unit_, slots_;
};

// d x m: the coordinates of points of the space.
inline Eigen::MatrixXd unit_columns(const Space& space, std::span<const Point> points) {
  Eigen::MatrixXd out(static_cast<Eigen::Index>(space.dimension()),
                      static_cast<Eigen::Index>(points.size()));
  for (Eigen::Index j = 0; j < out.cols(); ++j) {
    space.to_unit(points[static_cast<std::size_t>(j)].slots(),
                  {out.col(j).data(), space.dimension()});
  }
  return out;
}

}  // namespace asktell
