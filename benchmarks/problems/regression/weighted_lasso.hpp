// The weighted Lasso, its cross-validated error as a function of the penalties, and synthetic data
// for it.
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace asktell::benchmarks::regression {

using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Data {
  MatrixXd x;  // rows x features
  VectorXd y;

  // The least penalty, equal for all features, at which every coefficient is 0.
  double largest_penalty() const;
};

// Standard normal features with correlations `correlation`^|i - j|, and y = x coefficients + noise
// with |x coefficients| / |noise| = signal_to_noise.
Data correlated_data(int rows, const VectorXd& coefficients, double correlation,
                     double signal_to_noise, std::uint64_t seed);

// The w that minimizes |y - x w|^2 / (2 rows) + sum_j penalties[j] |w[j]|, by coordinate descent
// from 0 until no coordinate's step changes its slope by more than `tolerance` times the largest
// penalty of the data.
VectorXd weighted_lasso(const Data& data, const VectorXd& penalties, double tolerance = 1e-6);

// Contiguous parts of the rows, the larger ones first.
class CrossValidation {
 public:
  CrossValidation(const Data& data, int folds);

  // Mean over the folds of the mean squared error on a fold of what is fitted to the others.
  double error(const VectorXd& penalties) const;

 private:
  struct Fold {
    Data train, held_out;
  };
  std::vector<Fold> folds_;
};

}  // namespace asktell::benchmarks::regression
