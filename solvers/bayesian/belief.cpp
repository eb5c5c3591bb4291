// See belief.hpp.
#include <asktell/solvers/bayesian/belief.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kLeastDeviation = 0.005;  // of the range: an interval may be a single value

// Coordinate of a value of the parameter, which is brought into its bounds.
double coordinate_of(Parameter parameter, double value) {
  parameter.when.clear();
  parameter.size = 0;
  Space alone;
  alone.add(parameter);
  const double slot = std::clamp(value, parameter.low, parameter.high);
  double unit = 0;
  alone.to_unit({&slot, 1}, {&unit, 1});
  return unit;
}

double mass_below(double centre, double deviation, double x) {
  return normal_cdf((x - centre) / deviation);
}

}  // namespace

Belief::Belief(const Space& space) {
  const auto parameters = space.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    if (parameter.likely.empty()) continue;
    Factor factor;
    if (parameter.kind == Kind::kReal || parameter.kind == Kind::kInteger) {
      const double low = coordinate_of(parameter, parameter.likely[0]);
      const double high = coordinate_of(parameter, parameter.likely[1]);
      const double cells = parameter.cells();
      factor.centre = (low + high) / 2;  // two thirds lie within one deviation to each side
      factor.deviation =
          std::max({(high - low) / 2, kLeastDeviation, cells > 0 ? 0.5 / cells : 0.0});
      factor.below = mass_below(factor.centre, factor.deviation, 0);
      factor.inside = mass_below(factor.centre, factor.deviation, 1) - factor.below;
      factor.log_unit =
          std::log(factor.deviation * std::sqrt(2 * std::numbers::pi) * factor.inside);
    } else {
      const double sum = std::accumulate(parameter.likely.begin(), parameter.likely.end(), 0.0);
      for (double weight : parameter.likely) factor.weights.push_back(weight / sum);
    }
    for (std::size_t k = 0; k < parameter.coordinates(); ++k) {
      factor.coordinate = static_cast<Index>(space.coordinate_offset(i) + k);
      factors_.push_back(factor);
    }
  }
}

double Belief::log_density(const VectorXd& x, VectorXd* gradient) const {
  double sum = 0;
  if (gradient) gradient->setZero(x.size());
  for (const Factor& factor : factors_) {
    const double at = x[factor.coordinate];
    if (std::isnan(at)) continue;
    if (!factor.weights.empty()) {
      const auto cells = static_cast<double>(factor.weights.size());
      const double cell = std::clamp(std::floor(at * cells), 0.0, cells - 1);
      sum += std::log(factor.weights[static_cast<std::size_t>(cell)] * cells);
      continue;
    }
    const double z = (at - factor.centre) / factor.deviation;
    sum -= 0.5 * z * z + factor.log_unit;
    if (gradient) (*gradient)[factor.coordinate] = -z / factor.deviation;
  }
  return sum;
}

void Belief::shape(std::span<double> unit) const {
  for (const Factor& factor : factors_) {
    double& at = unit[static_cast<std::size_t>(factor.coordinate)];
    if (factor.weights.empty()) {
      const double p = factor.below + at * factor.inside;
      at = std::clamp(factor.centre + factor.deviation * normal_quantile(p), 0.0, 1.0);
      continue;
    }
    double left = at;
    std::size_t cell = 0;
    while (cell + 1 < factor.weights.size() && left >= factor.weights[cell]) {
      left -= factor.weights[cell++];
    }
    at = (static_cast<double>(cell) + 0.5) / static_cast<double>(factor.weights.size());
  }
}

}  // namespace asktell
