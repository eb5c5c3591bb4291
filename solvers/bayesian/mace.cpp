// See mace.hpp.
#include <asktell/solvers/bayesian/mace.hpp>

#include <cmath>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {
constexpr double kMargin = 1e-4;  // by which the incumbent is to be improved
}  // namespace

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
    values(0, j) = bound - settings_.deviations * deviation;
    values(1, j) = -log_expected_improvement(seen, deviation, best).value;
    values(2, j) = -log_normal_cdf((best - seen) / deviation);
  }
}

}  // namespace asktell
