// See weighted.hpp.
#include <asktell/acquisition/weighted.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <asktell/acquisition/moments.hpp>
#include <asktell/acquisition/spread_points.hpp>
#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kFloor = 1e-12;  // added to a prior, and kept of a shifted acquisition
constexpr double kSmallestCost = 1e-6;
constexpr Index kLooks = 1024;  // points at which a prior is looked for

void require_mass(const LogPrior& prior, Index dimension) {
  const MatrixXd points = spread_points(dimension, kLooks, 0);
  bool positive = false;
  for (Index i = 0; i < kLooks; ++i) {
    const double value = prior(points.col(i), nullptr);
    if (std::isnan(value)) {
      throw OptionError("option.prior",
                        "the prior of the optimum is NaN inside the space; give the logarithm of "
                        "a density, -infinity where it is zero");
    }
    positive = positive || value > -HUGE_VAL;
  }
  if (positive) return;
  throw OptionError("option.prior",
                    "the prior of the optimum is zero at all of " + std::to_string(kLooks) +
                        " points of the space; give one that puts mass inside the bounds");
}

}  // namespace

void LogAbove::evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const {
  base_.evaluate(points, values, gradients);
  for (Index j = 0; j < values.size(); ++j) {
    const double above = values[j] - lowest_;
    values[j] = std::log(std::max(above, kFloor));
    if (gradients) gradients->col(j) *= above > kFloor ? 1 / above : 0;
  }
}

PriorGuided::PriorGuided(const Acquisition& log_acquisition, LogPrior prior, double decay,
                         double iterations, Index dimension)
    : base_(log_acquisition), prior_(std::move(prior)), exponent_(decay / iterations) {
  require_mass(prior_, dimension);
}

void PriorGuided::evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const {
  static const double kLogFloor = std::log(kFloor);
  base_.evaluate(points, values, gradients);
  VectorXd slope(points.rows());
  for (Index j = 0; j < points.cols(); ++j) {
    const double log_prior = prior_(points.col(j), gradients ? &slope : nullptr);
    const double top = std::max(log_prior, kLogFloor);
    const double total = top + std::log(std::exp(log_prior - top) + std::exp(kLogFloor - top));
    values[j] += exponent_ * total;
    const double share = std::exp(log_prior - total);
    if (gradients && share > 0) gradients->col(j) += exponent_ * share * slope;
  }
}

void CostWeighted::evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const {
  VectorXd costs;
  MatrixXd slopes;
  base_.evaluate(points, values, gradients);
  evaluate_moments(
      log_cost_, points, costs, gradients ? &slopes : nullptr,
      [this](double mean, double deviation) {
        const double spread = scale_ * deviation;
        return MomentScore{scale_ * mean + 0.5 * spread * spread, scale_, scale_ * spread};
      });
  values -= exponent_ * costs;
  if (gradients) *gradients -= exponent_ * slopes;
}

double cost_cooling(double budget, double used, double initial) {
  if (!(budget > initial)) return 0;
  return std::clamp((budget - used) / (budget - initial), 0.0, 1.0);
}

double log_cost(double cost) {
  if (std::isnan(cost)) {
    throw PointError("point.cost", "a cost is NaN; tell what the evaluation took, or no cost");
  }
  return std::log(std::max(cost, kSmallestCost));
}

}  // namespace asktell
