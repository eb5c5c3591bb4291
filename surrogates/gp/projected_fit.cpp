// See projected_fit.hpp.
#include <asktell/surrogates/gp/projected_fit.hpp>

#include <limits>

#include <asktell/core/lbfgsb.hpp>
#include <asktell/surrogates/gp/gaussian_process.hpp>

namespace asktell {

Eigen::VectorXd projected_fit(const std::function<GpObjective(const Eigen::VectorXd&)>& objective,
                              const Eigen::MatrixXd& starts, const Eigen::VectorXd& low,
                              const Eigen::VectorXd& high, int rounds) {
  const auto negative = [&](const Eigen::MatrixXd& x, Eigen::VectorXd& values,
                            Eigen::MatrixXd& gradients) {
    values.resize(x.cols());
    gradients.resize(x.rows(), x.cols());
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const GpObjective at = objective(x.col(j));
      values[j] = -at.value;
      gradients.col(j) = -at.gradient;
    }
  };
  const LbfgsbOptions options{.rounds = rounds, .gradient_tolerance = 1e-4};
  const LbfgsbResult result = minimize_lockstep(negative, starts, low, high, options);
  Eigen::Index best = 0;
  if (!(result.values.minCoeff(&best) < std::numeric_limits<double>::infinity())) return {};
  return result.x.col(best);
}

}  // namespace asktell
