// Moments of y = g(Z) for jointly normal Z and any g, by expansion in Hermite polynomials: with
// a_k = E[g(m + s Z) h_k(Z)], h_k the orthonormal ones, the mean is a_0 and the covariance of two
// values with correlation rho is sum_k a_k b_k rho^k (Mehler 1866). Twenty coefficients from a
// 20-point Gauss-Hermite rule: variances are exactly those of the rule, and covariance matrices are
// positive semidefinite.
#pragma once

#include <functional>

#include <Eigen/Core>

namespace asktell {

constexpr int kHermiteTerms = 20;

// g(i, z): the value of point i at z. mean, deviation: q. Returns the coefficients, q x 20.
Eigen::MatrixXd hermite_coefficients(const std::function<double(Eigen::Index, double)>& g,
                                     const Eigen::VectorXd& mean, const Eigen::VectorXd& deviation);

// From coefficients a (q x 20): the variances (q), and the covariance given the correlations of Z
// (q x q).
Eigen::VectorXd hermite_variance(const Eigen::MatrixXd& a);
Eigen::MatrixXd hermite_covariance(const Eigen::MatrixXd& a, const Eigen::MatrixXd& correlation);

// Derivatives of E[y] and Var[y] by the mean and the deviation of Z; a: coefficients of one point.
struct MomentSlopes {
  double mean_by_mean, mean_by_deviation, variance_by_mean, variance_by_deviation;
};
MomentSlopes hermite_slopes(const Eigen::RowVectorXd& a, double deviation);

}  // namespace asktell
