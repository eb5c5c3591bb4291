// See confidence_bound.hpp.
#include <asktell/acquisition/confidence_bound.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <asktell/acquisition/moments.hpp>

namespace asktell {
namespace {

constexpr double kPi = std::numbers::pi;

}  // namespace

double hebo_deviations(double d, double n, double q) {
  constexpr double kDelta = 0.01;
  const double rounds = std::max(1.0, std::floor(n / q));
  return std::sqrt((2 + d / 2) * std::log(rounds) + std::log(3 * kPi * kPi / (3 * kDelta)));
}

double smac_deviations(double d, double n) {
  return std::sqrt(2 * std::log(d * n * n));
}

double srinivas_deviations(double points, double t, double delta) {
  return std::sqrt(2 * std::log(points * t * t * kPi * kPi / (6 * delta)));
}

double kandasamy_deviations(double d, double t) {
  return std::sqrt(0.2 * d * std::log(2 * t));
}

void LowerConfidenceBound::evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                                    Eigen::MatrixXd* gradients) const {
  evaluate_moments(model_, points, values, gradients, [this](double mean, double deviation) {
    return MomentScore{deviations_ * deviation - mean, -1, deviations_};
  });
}

}  // namespace asktell
