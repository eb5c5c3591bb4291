// See mace.hpp.
#include <asktell/solvers/bayesian/mace.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {
constexpr double kMargin = 1e-4;  // by which the incumbent is to be improved
constexpr double kDelta = 0.01;   // of the confidence bound
}  // namespace

double hebo_kappa(Eigen::Index values, std::size_t batch, Eigen::Index parameters) {
  const double t = std::max(1.0, std::floor(static_cast<double>(values) /
                                            static_cast<double>(std::max<std::size_t>(1, batch))));
  const double pi = std::numbers::pi;
  return std::sqrt((2 + 0.5 * static_cast<double>(parameters)) * std::log(t) +
                   std::log(3 * pi * pi / (3 * kDelta)));
}

void Mace::evaluate(const Eigen::MatrixXd& points, Eigen::MatrixXd& values) {
  Eigen::VectorXd mean, variance;
  model_.predict(points, mean, variance);
  if (settings_.observations) variance.array() += settings_.noise;
  values.resize(3, points.cols());
  const double perturbation = std::sqrt(2 * settings_.noise);
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    const double deviation = std::sqrt(variance[j]);
    const double bound = mean[j] + perturbation * stream_.normal();
    const double seen = mean[j] + perturbation * stream_.normal();
    const double best = settings_.incumbent - kMargin;
    values(0, j) = bound - settings_.kappa * deviation;
    values(1, j) = -log_expected_improvement(seen, deviation, best).value;
    values(2, j) = -log_normal_cdf((best - seen) / deviation);
  }
}

}  // namespace asktell
