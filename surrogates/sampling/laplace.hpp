// Laplace's approximation of a posterior: a normal density at its mode, by which it is integrated
// (MacKay 2003, "Information theory, inference, and learning algorithms", chapter 27), and draws
// with weights that correct for the difference.
#pragma once

#include <Eigen/Core>

#include <asktell/surrogates/sampling/log_density.hpp>

namespace asktell {

// -d^2 log density, by central differences of the gradient, made symmetric; d x d.
Eigen::MatrixXd negative_hessian(const LogDensity& density, const Eigen::VectorXd& at,
                                 double step = 1e-4);

struct LaplaceOptions {
  int rounds = 100;   // evaluations on the way to the mode at most
  double reach = 10;  // from the start, in a coordinate
  // Eigenvalues of the negative Hessian below this are set to it: there is hardly a mode that way.
  double smallest_curvature = 1e-3;
};

struct Laplace {
  Eigen::VectorXd mode;
  Eigen::MatrixXd deviation;   // square root of the covariance: mode + deviation z, z ~ N(0, I)
  double log_density = 0;      // at the mode
  double log_determinant = 0;  // of the negative Hessian
  double log_evidence = 0;     // of the integral of the density
  int lifted = 0;              // eigenvalues that were too small
  bool failed = false;         // the density at the start, or about the mode, is not finite
};

// At the maximum that bounded L-BFGS finds from `start`.
Laplace laplace(const LogDensity& density, const Eigen::VectorXd& start,
                const LaplaceOptions& options = {});

// Draws of the approximation with tails of five degrees of freedom, from scrambled Sobol points,
// and their shares in the posterior.
struct WeightedDraws {
  Eigen::MatrixXd draws;    // d x count
  Eigen::VectorXd weights;  // count, sum 1
  double effective = 0;     // 1 / sum of squared weights: count when all are alike
};
WeightedDraws laplace_draws(const Laplace& at, const LogDensity& density, Eigen::Index count,
                            std::uint64_t seed);

}  // namespace asktell
