// See trust_region.hpp.
#include <asktell/solvers/bayesian/trust_region.hpp>

#include <algorithm>
#include <cmath>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {
constexpr double kRounding = 1e-9;
}

double trust_radius(Index points, Index parameters) {
  return 0.2 + 0.3 * static_cast<double>(points) / (5 * (static_cast<double>(parameters) + 1));
}

TrustRegion::TrustRegion(const Space& space, MatrixXd points, double radius,
                         const std::vector<double>& fixed)
    : points_(std::move(points)), radius_(radius), counts_(space.dimension()) {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] = space.coordinates()[i].ordered && (fixed.empty() || std::isnan(fixed[i]));
  }
}

bool TrustRegion::limits() const {
  return radius_ <= 0.5 && points_.cols() > 0 &&
         std::find(counts_.begin(), counts_.end(), true) != counts_.end();
}

bool TrustRegion::contains(const std::vector<double>& unit) const {
  for (Index j = 0; j < points_.cols(); ++j) {
    bool inside = true;
    for (std::size_t i = 0; inside && i < counts_.size(); ++i) {
      inside = !counts_[i] ||
               std::abs(unit[i] - points_(static_cast<Index>(i), j)) <= radius_ + kRounding;
    }
    if (inside) return true;
  }
  return false;
}

MatrixXd TrustRegion::draw(Index count, RandomStream& stream) const {
  MatrixXd out(points_.rows(), count);
  stream.fill_uniform({out.data(), static_cast<std::size_t>(out.size())});
  for (Index j = 0; j < count; ++j) {
    const auto [low, high] = box(j);
    out.col(j) = low + (high - low).cwiseProduct(out.col(j));
  }
  return out;
}

std::pair<VectorXd, VectorXd> TrustRegion::box(Index column) const {
  const auto centre = points_.col(column % points_.cols());
  VectorXd low = VectorXd::Zero(points_.rows()), high = VectorXd::Ones(points_.rows());
  for (Index i = 0; i < points_.rows(); ++i) {
    if (!counts_[static_cast<std::size_t>(i)]) continue;
    low[i] = std::max(0.0, centre[i] - radius_);
    high[i] = std::min(1.0, centre[i] + radius_);
  }
  return {low, high};
}

}  // namespace asktell
