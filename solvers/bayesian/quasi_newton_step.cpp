// See quasi_newton_step.hpp.
#include <asktell/solvers/bayesian/quasi_newton_step.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kWidest = 0.25;  // half width of the box at most, of the unit cube, and
constexpr double kWider = 3;  // times the distance of the nearest trial before the incumbent, and
constexpr double kNarrower = 0.5;   // of the nearest since, which did not lower it
constexpr double kShortest = 1e-9;  // step worth an evaluation, of the unit cube,
constexpr double kLeast = 1e-12;    // and its gain, of the largest value or the range of values
constexpr double kNear = 0.1;       // of the step: so close, a pending trial is the same step
constexpr int kHalvings = 10;
constexpr int kRidges = 40;

// The incumbent and the trials around it, in the coordinates that move.
struct Around {
  double value;
  VectorXd centre, gradient;       // of the incumbent
  std::vector<VectorXd> steps;     // to the others, the farthest first
  std::vector<VectorXd> changes;   // of the gradient there
  std::vector<double> curvatures;  // along each step, times its squared length
  double width = kWidest;          // of the box of the next step, half
};

// What a quadratic function through value and gradient at the incumbent bends along a step, by the
// gradient at its end, or by the value there if that is more: a step that led up must become
// shorter.
double curvature(const Around& around, const VectorXd& step, const VectorXd& change, double value) {
  const double by_value = 2 * (value - around.value - around.gradient.dot(step));
  return std::max(step.dot(change), by_value);
}

Around around_incumbent(const Observations& data, const std::vector<Index>& free,
                        const std::vector<Index>& held) {
  const Index best = data.best();
  Around out{data.y[best], data.x(free, best), data.gradient(free, best), {}, {}, {}};
  std::vector<std::pair<double, Index>> others;  // by distance
  for (Index i = 0; i < data.size(); ++i) {
    const double length = (data.x(free, i) - out.centre).lpNorm<Eigen::Infinity>();
    const bool beside = length > 0 && data.x(held, i) == data.x(held, best);
    if (beside && data.gradient.col(i).allFinite()) others.emplace_back(length, i);
  }
  std::sort(others.begin(), others.end(), std::greater<>());
  for (const auto& [length, i] : others) {
    const VectorXd step = data.x(free, i) - out.centre;
    out.width = std::min(out.width, length * (i < best ? kWider : kNarrower));
    const VectorXd change = data.gradient(free, i) - out.gradient;
    const double bend = curvature(out, step, change, data.y[i]);
    if (!(bend > 0)) continue;
    out.steps.push_back(step);
    // With at least that curvature along the step.
    out.changes.push_back(change + (bend - step.dot(change)) / step.squaredNorm() * step);
    out.curvatures.push_back(bend);
  }
  return out;
}

// Positive definite.
MatrixXd hessian(const Around& around) {
  const Index d = around.centre.size();
  double scale = around.gradient.norm() / kWidest;
  if (!around.steps.empty()) {
    scale = around.curvatures.back() / around.steps.back().squaredNorm();
  }
  MatrixXd out = MatrixXd::Identity(d, d) * scale;
  for (std::size_t i = 0; i < around.steps.size(); ++i) {
    const VectorXd image = out * around.steps[i];
    const double former = around.steps[i].dot(image);
    if (!(former > 0) || !std::isfinite(around.changes[i].squaredNorm())) continue;
    out += around.changes[i] * around.changes[i].transpose() / around.curvatures[i] -
           image * image.transpose() / former;
  }
  return out;
}

double change_along(const MatrixXd& b, const VectorXd& g, const VectorXd& step) {
  return g.dot(step) + step.dot(b * step) / 2;
}

// Where g' s + s' B s / 2 is stationary in the coordinates that stay within low <= s <= high; the
// others are on their bound.
VectorXd newton_step(const MatrixXd& b, const VectorXd& g, const VectorXd& low,
                     const VectorXd& high) {
  VectorXd step = VectorXd::Zero(g.size());
  std::vector<Index> inside;
  for (Index i = 0; i < g.size(); ++i) {
    if (!(low[i] == 0 && g[i] > 0) && !(high[i] == 0 && g[i] < 0)) inside.push_back(i);
  }
  while (!inside.empty()) {
    step(inside).setZero();
    const VectorXd slope = g + b * step;
    const VectorXd wanted = -b(inside, inside).ldlt().solve(slope(inside));
    step(inside) = wanted.cwiseMax(low(inside)).cwiseMin(high(inside));
    std::vector<Index> kept;
    for (std::size_t i = 0; i < inside.size(); ++i) {
      if (step[inside[i]] == wanted[static_cast<Index>(i)]) kept.push_back(inside[i]);
    }
    if (kept.size() == inside.size()) break;
    inside = std::move(kept);
  }
  return step;
}

// The same, no coordinate longer than `width`: by a multiple of the identity added to B, which in
// the end makes it a step against the gradient.
VectorXd step_within(const MatrixXd& b, const VectorXd& g, const VectorXd& low,
                     const VectorXd& high, double width) {
  MatrixXd ridged = b;
  double ridge = 1e-3 * g.norm() / width;
  VectorXd step = newton_step(b, g, low, high);
  for (int i = 0; i < kRidges; ++i, ridge *= 3) {
    if (step.lpNorm<Eigen::Infinity>() <= width && change_along(b, g, step) < 0) break;
    ridged.diagonal() = b.diagonal().array() + ridge;
    step = newton_step(ridged, g, low, high);
  }
  return step;
}

}  // namespace

std::optional<LocalStep> quasi_newton_step(const Observations& data, const MatrixXd& pending,
                                           const Space& space, std::span<const double> fixed,
                                           const std::function<bool(const Point&)>& allowed) {
  const Index best = data.best();
  if (data.gradient.cols() == 0 || !data.gradient.col(best).allFinite()) return {};
  std::vector<Index> free, held;
  for (Index i = 0; i < data.x.rows(); ++i) {
    const bool moves = fixed.empty() || std::isnan(fixed[static_cast<std::size_t>(i)]);
    (moves ? free : held).push_back(i);
  }
  for (Index i : held) {
    if (data.x(i, best) != fixed[static_cast<std::size_t>(i)]) return {};
  }
  const Around around = around_incumbent(data, free, held);
  const MatrixXd b = hessian(around);
  VectorXd step =
      step_within(b, around.gradient, -around.centre, 1 - around.centre.array(), around.width);
  const double spread = std::max(data.y.maxCoeff() - around.value, std::abs(around.value));
  VectorXd target = data.x.col(best);
  for (int i = 0; i < kHalvings; ++i, step /= 2) {
    const double predicted = change_along(b, around.gradient, step);
    const double length = step.lpNorm<Eigen::Infinity>();
    if (!(-predicted > kLeast * spread) || length < kShortest) return {};
    target(free) = around.centre + step;
    const auto closeness = (pending.colwise() - target).cwiseAbs().colwise().maxCoeff();
    if (pending.cols() > 0 && closeness.minCoeff() < kNear * length) return {};
    Point point = space.point_from_unit({target.data(), space.dimension()});
    if (allowed(point)) return LocalStep{std::move(point), around.value + predicted};
  }
  return {};
}

}  // namespace asktell
