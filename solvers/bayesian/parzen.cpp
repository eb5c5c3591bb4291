// See parzen.hpp.
#include <asktell/solvers/bayesian/parzen.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kFullWeight = 25;   // youngest observations that count fully
constexpr double kNarrowest = 100;  // bandwidths are at least 1/100 of the cube
constexpr double kPriorCentre = 0.5;
constexpr double kPriorWeight = 1;
const double kLogSqrt2Pi = 0.5 * std::log(2 * std::numbers::pi);

}  // namespace

ParzenAxis::ParzenAxis(const Space& space, std::size_t coordinate) {
  const Coordinate& at = space.coordinates()[coordinate];
  const Parameter& parameter = space.parameters()[at.parameter];
  cells_ = at.cells;
  const bool two =
      parameter.kind == asktell::Kind::kBoolean || parameter.kind == asktell::Kind::kSubset;
  kind_ = cells_ == 0 ? Kind::kContinuous : !at.ordered || two ? Kind::kCategories : Kind::kCells;
  if (parameter.kind == asktell::Kind::kInteger && parameter.log) {
    log_ = true;
    low_ = parameter.low;
    high_ = parameter.high;
    bottom_ = std::log(low_ - 0.5);
    range_ = std::log(high_ + 0.5) - bottom_;
  }
}

double ParzenAxis::integer(double unit) const {
  return std::clamp(std::round(std::exp(bottom_ + unit * range_)), low_, high_);
}

double ParzenAxis::coordinate(double value) const {
  return (std::log(value) - bottom_) / range_;
}

double ParzenAxis::snapped(double unit) const {
  if (kind_ == Kind::kContinuous) return unit;
  if (log_) return coordinate(integer(unit));
  return (std::min(std::floor(unit * cells_), cells_ - 1) + 0.5) / cells_;
}

std::pair<double, double> ParzenAxis::cell(double unit) const {
  if (log_) {
    const double value = integer(unit);
    return {coordinate(value - 0.5), coordinate(value + 0.5)};
  }
  const double number = std::min(std::floor(unit * cells_), cells_ - 1);
  return {number / cells_, (number + 1) / cells_};
}

VectorXd parzen_weights(Index observations) {
  VectorXd weights = VectorXd::Ones(observations);
  const Index old = observations - kFullWeight;
  const double first = 1 / static_cast<double>(observations);
  for (Index i = 0; i < old; ++i) {
    const double share = old > 1 ? static_cast<double>(i) / static_cast<double>(old - 1) : 0;
    weights[i] = first + share * (1 - first);
  }
  return weights;
}

ParzenEstimator::ParzenEstimator(std::vector<ParzenAxis> axes, const MatrixXd& observations)
    : axes_(std::move(axes)) {
  const Index n = observations.cols();
  const auto d = static_cast<Index>(axes_.size());
  weights_.resize(n + 1);
  weights_ << parzen_weights(n), kPriorWeight;
  weights_ /= weights_.sum();
  log_weights_ = weights_.array().log();
  centres_.resize(n + 1, d);
  centres_.topRows(n) = observations.transpose();
  centres_.row(n).setConstant(kPriorCentre);
  widths_ = MatrixXd::Ones(n + 1, d);
  for (Index i = 0; i < d; ++i) {
    if (axes_[static_cast<std::size_t>(i)].kind() == ParzenAxis::Kind::kCategories) continue;
    set_bandwidths(i);
    const bool continuous =
        axes_[static_cast<std::size_t>(i)].kind() == ParzenAxis::Kind::kContinuous;
    for (Index k = 0; k <= n; ++k) {
      const double width = widths_(k, i);
      const double mass =
          normal_cdf((1 - centres_(k, i)) / width) - normal_cdf(-centres_(k, i) / width);
      log_weights_[k] -= std::log(mass) + (continuous ? std::log(width) + kLogSqrt2Pi : 0);
    }
  }
}

// The larger distance to a neighbour. The walls are neighbours of a single observation only: else
// the outermost two have one neighbour.
void ParzenEstimator::set_bandwidths(Index axis) {
  const Index n = centres_.rows() - 1;
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  const auto centre = centres_.col(axis);
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return centre[a] < centre[b]; });
  const double least = 1 / std::min(kNarrowest, static_cast<double>(n + 2));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double here = centre[order[i]];
    const bool first = i == 0;
    const bool last = i + 1 == order.size();
    const double left = first ? (n > 1 ? 0 : here) : here - centre[order[i - 1]];
    const double right = last ? (n > 1 ? 0 : 1 - here) : centre[order[i + 1]] - here;
    widths_(order[i], axis) = std::clamp(std::max(left, right), least, 1.0);
  }
}

VectorXd ParzenEstimator::log_density(const MatrixXd& points) const {
  MatrixXd sum = log_weights_.replicate(1, points.cols());  // kernels x q
  for (Index i = 0; i < points.rows(); ++i) {
    switch (axes_[static_cast<std::size_t>(i)].kind()) {
      case ParzenAxis::Kind::kContinuous:
        add_normal(i, points, sum);
        break;
      case ParzenAxis::Kind::kCells:
        add_cells(i, points, sum);
        break;
      case ParzenAxis::Kind::kCategories:
        add_categories(i, points, sum);
        break;
    }
  }
  VectorXd out(points.cols());
  for (Index j = 0; j < points.cols(); ++j) {
    const double top = sum.col(j).maxCoeff();
    out[j] = top + std::log((sum.col(j).array() - top).exp().sum());
  }
  return out;
}

void ParzenEstimator::add_normal(Index axis, const MatrixXd& points, MatrixXd& sum) const {
  const Eigen::ArrayXd scale = std::numbers::sqrt2 / 2 / widths_.col(axis).array();
  for (Index j = 0; j < points.cols(); ++j) {
    sum.col(j).array() -= ((points(axis, j) - centres_.col(axis).array()) * scale).square();
  }
}

void ParzenEstimator::add_cells(Index axis, const MatrixXd& points, MatrixXd& sum) const {
  std::map<double, VectorXd> columns;  // points share cells
  for (Index j = 0; j < points.cols(); ++j) {
    VectorXd& column = columns[points(axis, j)];
    if (column.size() == 0) {
      const auto [left, right] = axes_[static_cast<std::size_t>(axis)].cell(points(axis, j));
      column.resize(centres_.rows());
      for (Index k = 0; k < column.size(); ++k) {
        column[k] = log_normal_interval((left - centres_(k, axis)) / widths_(k, axis),
                                        (right - centres_(k, axis)) / widths_(k, axis));
      }
    }
    sum.col(j) += column;
  }
}

std::pair<double, double> ParzenEstimator::category_weights(double categories) const {
  const double prior = kPriorWeight / static_cast<double>(centres_.rows());
  const double total = 1 + categories * prior;
  return {(1 + prior) / total, prior / total};
}

void ParzenEstimator::add_categories(Index axis, const MatrixXd& points, MatrixXd& sum) const {
  const double categories = axes_[static_cast<std::size_t>(axis)].cells();
  const auto [own, other] = category_weights(categories);
  const double log_own = std::log(own);
  const double log_other = std::log(other);
  const double half = 0.5 / categories;
  const Index n = centres_.rows() - 1;
  const auto centre = centres_.col(axis).head(n).array();
  for (Index j = 0; j < points.cols(); ++j) {
    const double x = points(axis, j);
    auto column = sum.col(j).head(n).array();
    if (categories == 2) {
      // Linear in the centre, 1/4 or 3/4: spaces of many booleans take half the time.
      const double slope = 2 * (x < 0.5 ? log_other - log_own : log_own - log_other);
      column += 0.5 * (log_own + log_other) + slope * (centre - 0.5);
    } else {
      for (Index k = 0; k < n; ++k) {
        column[k] += std::abs(centre[k] - x) < half ? log_own : log_other;
      }
    }
    sum(n, j) -= std::log(categories);
  }
}

MatrixXd ParzenEstimator::sample(Index count, RandomStream& stream) const {
  MatrixXd out(static_cast<Index>(axes_.size()), count);
  std::vector<double> cumulative(static_cast<std::size_t>(weights_.size()));
  std::partial_sum(weights_.begin(), weights_.end(), cumulative.begin());
  for (Index j = 0; j < count; ++j) {
    const auto found = std::upper_bound(cumulative.begin(), cumulative.end() - 1, stream.uniform());
    const auto kernel = static_cast<Index>(found - cumulative.begin());
    for (Index i = 0; i < out.rows(); ++i) {
      out(i, j) = axes_[static_cast<std::size_t>(i)].snapped(draw(i, kernel, stream));
    }
  }
  return out;
}

double ParzenEstimator::draw(Index axis, Index kernel, RandomStream& stream) const {
  const ParzenAxis& at = axes_[static_cast<std::size_t>(axis)];
  const double u = stream.uniform();
  const double centre = centres_(kernel, axis);
  if (at.kind() == ParzenAxis::Kind::kCategories) {
    if (kernel + 1 == centres_.rows()) return u;
    // The weight that exceeds the others' stays; the rest is spread evenly.
    const double spread = category_weights(at.cells()).second * at.cells();
    return u < spread ? u / spread : centre;
  }
  const double width = widths_(kernel, axis);
  const double low = normal_cdf(-centre / width);
  const double high = normal_cdf((1 - centre) / width);
  const double p = std::clamp(low + u * (high - low), 1e-300, 1 - 1e-16);
  return std::clamp(centre + width * normal_quantile(p), 0.0, 1.0);
}

}  // namespace asktell
