// Have Markov chains mixed, and what are their draws worth? Vehtari, Gelman, Simpson, Carpenter,
// Buerkner 2021, "Rank-normalization, folding, and localization: an improved R-hat for assessing
// convergence of MCMC". Draws of one quantity are a matrix draws x chains; every chain is split in
// halves first, so one chain is enough.
#pragma once

#include <Eigen/Core>

namespace asktell {

// Square root of the total over the within-half variance: 1 when all halves agree. NaN with fewer
// than four draws a chain or draws that are not finite; 1 when all draws are equal.
double split_r_hat(const Eigen::MatrixXd& draws);

// The larger of split_r_hat of the draws' normal scores and of those of their distances from the
// median: also sees heavy tails and chains that differ in spread only (section 4).
double rank_r_hat(const Eigen::MatrixXd& draws);

// Independent draws whose mean is as accurate as these draws' mean: autocorrelations of all halves,
// summed up to where Geyer's initial monotone sequence ends (section 3.2; Geyer 1992). At most
// N log10(N) of N draws; N when all are equal; NaN as above.
double effective_sample_size(const Eigen::MatrixXd& draws);

// The same of the draws' normal scores: the "bulk" effective sample size.
double bulk_effective_sample_size(const Eigen::MatrixXd& draws);

}  // namespace asktell
