// Which of many points to keep: inducing points by conditional variance, orders that spread, and
// subsets for a fit. Points are columns (d x n); all choices are deterministic.
#pragma once

#include <Eigen/Core>
#include <vector>

#include <asktell/surrogates/gp/data.hpp>
#include <asktell/surrogates/gp/kernels/kernel.hpp>

namespace asktell {

struct VarianceSelection {
  std::vector<Eigen::Index> chosen;  // in the order of choice
  Eigen::VectorXd remaining;         // n; prior variance of each point given the chosen ones
};

// Up to `count` columns of x, each the one of the largest variance given those before it: a pivoted
// Cholesky factorization of the prior covariance (Burt et al. 2020, "Convergence of sparse
// variational inference in Gaussian processes regression"). quality: n factors of the standard
// deviation, so that points which look promising come first (Moss et al. 2023, "Inducing point
// allocation for sparse Gaussian processes in high-throughput Bayesian optimisation"); empty: all
// 1. Stops early when no variance exceeds `tolerance` times the largest prior variance. O(n
// count^2) and n x count numbers.
VarianceSelection select_by_variance(const Kernel& kernel, const Eigen::VectorXd& theta,
                                     const Eigen::MatrixXd& x, Eigen::Index count,
                                     const Eigen::VectorXd& quality = {}, double tolerance = 1e-6);

// The first `count` columns of a maximin order: after those of `first`, always the column farthest
// from all chosen ones (by closeness.hpp). Without `first` it begins at the column closest to the
// coordinates' medians. `first` is part of the result. O(n count).
std::vector<Eigen::Index> maximin_order(const Kernel& kernel, const Eigen::VectorXd& theta,
                                        const Eigen::MatrixXd& x, Eigen::Index count,
                                        std::vector<Eigen::Index> first = {});

// `count` observations to fit hyper-parameters on: a share of the lowest values, the others spread
// around them by maximin_order.
std::vector<Eigen::Index> best_and_spread(const Kernel& kernel, const Eigen::VectorXd& theta,
                                          const GpData& data, Eigen::Index count,
                                          double best_share = 0.2);

}  // namespace asktell
