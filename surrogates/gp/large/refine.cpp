// See refine.hpp.
#include <asktell/surrogates/gp/large/refine.hpp>

#include <cmath>
#include <functional>
#include <limits>

#include <asktell/core/lbfgsb.hpp>
#include <asktell/surrogates/gp/large/select.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kMoved = 0.2;  // share of a length-scale after which an order is stale

using Likelihood = std::function<double(const VectorXd& theta, double* gradient)>;

// A climb of likelihood plus priors from `start`.
Refined climb(const Likelihood& likelihood, const HyperBox& box, const VectorXd& start,
              int evaluations) {
  Refined out;
  out.theta = start.cwiseMax(box.low).cwiseMin(box.high);
  const BatchedFunction negative = [&](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                                       Eigen::Ref<VectorXd> values,
                                       Eigen::Ref<MatrixXd> gradients) {
    for (Index j = 0; j < x.cols(); ++j) {
      const VectorXd theta = x.col(j);
      values[j] = -likelihood(theta, gradients.col(j).data());
      values[j] -= box.log_prior(theta, gradients.col(j).data());
      gradients.col(j) *= -1;
      ++out.evaluations;
    }
  };
  const LbfgsbResult result = minimize_lockstep(
      negative, out.theta, box.low, box.high,
      {.rounds = evaluations, .memory = 10, .gradient_tolerance = 1e-3, .value_tolerance = 1e-7});
  out.degraded = !std::isfinite(result.values[0]);
  if (!out.degraded) out.theta = result.x.col(0);
  out.objective = -result.values[0];
  return out;
}

// Largest change of the logarithm of a length-scale.
double movement(const Kernel& kernel, const VectorXd& from, const VectorXd& to) {
  double most = 0;
  for (Index i = 0; i < kernel.parameter_count(); ++i) {
    if (kernel.parameters()[static_cast<std::size_t>(i)].role != HyperRole::kLengthscale) continue;
    most = std::max(most, std::abs(to[i] - from[i]));
  }
  return most;
}

}  // namespace

RefinedSparse refine_sparse(const Kernel& kernel, const GpData& data, const GpPreset& preset,
                            SparseKind kind, const VectorXd& theta, Index inducing,
                            const VectorXd& quality, const RefineOptions& options) {
  const HyperBox box(model_parameters(kernel, data), preset);
  const auto choose = [&](const VectorXd& at) -> MatrixXd {
    return data.x(Eigen::all, select_by_variance(kernel, at, data.x, inducing, quality).chosen);
  };
  RefinedSparse best;
  best.theta = theta;
  best.objective = -std::numeric_limits<double>::infinity();
  VectorXd at = theta;
  int evaluations = 0;
  for (int round = 0; round < options.rounds; ++round) {
    MatrixXd z = choose(at);
    SparseLikelihood likelihood(kernel, data, z, kind, preset.mean);
    const Refined climbed = climb(
        [&](const VectorXd& to, double* gradient) { return likelihood.evaluate(to, gradient); },
        box, at, options.evaluations);
    evaluations += climbed.evaluations;
    if (climbed.degraded) break;
    at = climbed.theta;
    if (climbed.objective <= best.objective) break;
    static_cast<Refined&>(best) = climbed;
    best.inducing = std::move(z);
  }
  best.evaluations = evaluations;
  best.degraded = best.inducing.cols() == 0;
  if (best.degraded) best.inducing = choose(theta);
  return best;
}

Refined refine_vecchia(const Kernel& kernel, const GpData& data, const GpPreset& preset,
                       const VectorXd& theta, Index predecessors, const RefineOptions& options) {
  HyperBox box(model_parameters(kernel, data), preset);
  box.low.tail(data.groups()) = theta.tail(data.groups());
  box.high.tail(data.groups()) = theta.tail(data.groups());
  Refined out;
  out.theta = theta;
  out.degraded = true;
  int evaluations = 0;
  for (int round = 0; round < options.rounds; ++round) {
    const VectorXd from = out.theta;
    VecchiaLikelihood likelihood(kernel, data, maximin_order(kernel, from, data.x, data.size()),
                                 from, predecessors, preset.mean);
    const Refined climbed = climb(
        [&](const VectorXd& to, double* gradient) { return likelihood.evaluate(to, gradient); },
        box, from, options.evaluations);
    evaluations += climbed.evaluations;
    if (climbed.degraded) break;
    out = climbed;
    if (movement(kernel, from, out.theta) < std::log1p(kMoved)) break;
  }
  out.evaluations = evaluations;
  return out;
}

}  // namespace asktell
