// Samples of where and how low the minimum of the function may be, given the model: what the
// entropy searches gain information about.
#pragma once

#include <limits>

#include <asktell/surrogates/gp/pathwise.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// The maximum of independent normals, fitted by its quartiles with a Gumbel distribution (Wang &
// Jegelka 2017, "Max-value entropy search for efficient Bayesian optimization", section 3.1).
struct GumbelFit {
  GumbelFit(const Eigen::VectorXd& mean, const Eigen::VectorXd& deviation);
  double quantile(double p) const;  // 0 < p < 1

  double lower_quartile, median, upper_quartile;  // exact, of the maximum
  double location, scale;
};

// Minima from the Gumbel fit to the values at `candidates` (d x m; hundreds that fill the cube, and
// the data): count numbers, none above `ceiling`. With noise, a ceiling of the lowest posterior
// mean of the data less five deviations of the noise is safe (the authors' code).
Eigen::VectorXd sample_minima(const Surrogate& model, const Eigen::MatrixXd& candidates,
                              Eigen::Index count, RandomStream& stream,
                              double ceiling = std::numeric_limits<double>::infinity());

struct OptimumSamples {
  Eigen::MatrixXd points;  // d x count
  Eigen::VectorXd values;  // latent
};

// Minimizers of functions drawn from the posterior (Wilson et al. 2020): for each, the lowest two
// of the candidates are refined in the unit cube.
OptimumSamples sample_optima(const GpPosterior& model, const Eigen::MatrixXd& candidates,
                             Eigen::Index count, RandomStream& stream,
                             Eigen::Index features = 1024);

// The same for spaces that are no cube: each minimizer is one of the candidates.
OptimumSamples sample_optima_among(const GpPosterior& model, const Eigen::MatrixXd& candidates,
                                   Eigen::Index count, RandomStream& stream,
                                   Eigen::Index features = 1024);

}  // namespace asktell
