// See laplace.hpp.
#include <asktell/surrogates/sampling/laplace.hpp>

#include <Eigen/Eigenvalues>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include <asktell/core/lbfgsb.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kDegrees = 5;  // of freedom of the draws

// A point near a maximum; `start` itself when nothing finite was met.
VectorXd climb(const LogDensity& density, const VectorXd& start, const LaplaceOptions& options) {
  VectorXd at(start.size()), slope(start.size());
  const BatchedFunction function = [&](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                                       Eigen::Ref<VectorXd> values,
                                       Eigen::Ref<MatrixXd> gradients) {
    for (Index j = 0; j < x.cols(); ++j) {
      at = x.col(j);
      values[j] = -density(at, &slope);
      gradients.col(j) = -slope;
    }
  };
  const VectorXd low = start.array() - options.reach, high = start.array() + options.reach;
  const LbfgsbResult top = minimize_lockstep(function, start, low, high,
                                             {.rounds = options.rounds,
                                              .memory = 10,
                                              .gradient_tolerance = 1e-6,
                                              .value_tolerance = 1e-13});
  return std::isfinite(top.values[0]) ? VectorXd(top.x.col(0)) : start;
}

}  // namespace

MatrixXd negative_hessian(const LogDensity& density, const VectorXd& at, double step) {
  const Index d = at.size();
  MatrixXd out(d, d);
  VectorXd up(d), down(d), moved = at;
  for (Index i = 0; i < d; ++i) {
    moved[i] = at[i] + step;
    density(moved, &up);
    moved[i] = at[i] - step;
    density(moved, &down);
    moved[i] = at[i];
    out.col(i) = (down - up) / (2 * step);
  }
  return 0.5 * (out + out.transpose());
}

Laplace laplace(const LogDensity& density, const VectorXd& start, const LaplaceOptions& options) {
  const Index d = start.size();
  Laplace out;
  out.mode = climb(density, start, options);
  out.log_density = density(out.mode, nullptr);
  const MatrixXd curvature = negative_hessian(density, out.mode);
  out.failed = !std::isfinite(out.log_density) || !curvature.allFinite();
  if (out.failed) {
    out.deviation = MatrixXd::Identity(d, d);
    out.log_evidence = -std::numeric_limits<double>::infinity();
    return out;
  }
  const Eigen::SelfAdjointEigenSolver<MatrixXd> spectrum(curvature);
  out.lifted =
      static_cast<int>((spectrum.eigenvalues().array() < options.smallest_curvature).count());
  const VectorXd values = spectrum.eigenvalues().cwiseMax(options.smallest_curvature);
  out.deviation = spectrum.eigenvectors() * values.cwiseSqrt().cwiseInverse().asDiagonal();
  out.log_determinant = values.array().log().sum();
  out.log_evidence = out.log_density - 0.5 * out.log_determinant +
                     0.5 * static_cast<double>(d) * std::log(2 * std::numbers::pi);
  return out;
}

WeightedDraws laplace_draws(const Laplace& at, const LogDensity& density, Index count,
                            std::uint64_t seed) {
  const Index d = at.mode.size();
  const SobolPoints points(static_cast<std::size_t>(d) + 1, seed);
  const boost::math::chi_squared spread(kDegrees);
  std::vector<double> uniform(static_cast<std::size_t>(d) + 1);
  WeightedDraws out{MatrixXd(d, count), VectorXd(count), 0};
  VectorXd z(d), log_weights(count);
  for (Index j = 0; j < count; ++j) {
    points.point(static_cast<std::uint64_t>(j), uniform);
    const double scale =
        std::sqrt(kDegrees / boost::math::quantile(spread, uniform[static_cast<std::size_t>(d)]));
    for (Index i = 0; i < d; ++i)
      z[i] = scale * normal_quantile(uniform[static_cast<std::size_t>(i)]);
    const VectorXd draw = at.mode + at.deviation * z;
    out.draws.col(j) = draw;
    const double value = density(draw, nullptr);
    log_weights[j] = std::isfinite(value) ? value + 0.5 * (kDegrees + static_cast<double>(d)) *
                                                        std::log1p(z.squaredNorm() / kDegrees)
                                          : -std::numeric_limits<double>::infinity();
  }
  const double best = log_weights.size() > 0 ? log_weights.maxCoeff() : 0;
  if (std::isfinite(best)) {
    out.weights = (log_weights.array() - best).exp();
    out.weights /= out.weights.sum();
  } else {
    out.weights.setConstant(1 / static_cast<double>(count));
  }
  out.effective = 1 / out.weights.squaredNorm();
  return out;
}

}  // namespace asktell
