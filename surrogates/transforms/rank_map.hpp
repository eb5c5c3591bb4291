// Output transforms that look at the order of the values: increasing maps through one knot a
// value. Small values are good.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace asktell {

// Increasing, piecewise linear. Without knots: the identity.
struct RankMap {
  std::vector<double> from = {};  // ascending, all different
  std::vector<double> to = {};    // never descending
  double slope_below = 1;         // beyond the first and the last knot; 0 holds their value
  double slope_above = 1;

  double value(double y) const;
  double inverse(double z) const;  // the lowest y with value(y) = z
};

// Half-rank warp (Song et al. 2024, "The Vizier Gaussian process bandit algorithm", section 3.2):
// values above the median become normal quantiles of their rank, scaled by the spread of the better
// half; the better half is untouched. Beyond the worst value the last segment goes on. Without
// knots when all values are equal. y: finite, largest magnitude about 1 (squares are taken).
RankMap half_rank_map(const Eigen::VectorXd& y);

// Gaussian copula (Salinas et al. 2020, "A quantile-based approach for hyperparameter transfer
// learning"): normal quantiles of (rank - 1) / (n - 1), equal values at their mean rank, held
// within copula_clip(n) of 0 and 1; values beyond the known ones take the ends.
RankMap copula_map(const Eigen::VectorXd& y);

// min(0.1, 1 / (4 n^(1/4) sqrt(pi log n))).
double copula_clip(Eigen::Index n);

}  // namespace asktell
