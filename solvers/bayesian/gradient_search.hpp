// The search of gp_bo and the portfolio where gradients are told: values and partial derivatives
// are observations of one Gaussian process (Wu et al. 2017, "Bayesian optimization with
// gradients"), so that a trial says d + 1 things and not one; the next point is where expected
// improvement is largest. For spaces that fill the cube.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/next_acquisition.hpp>
#include <asktell/surrogates/gp/gradient_data.hpp>

namespace asktell {

class GradientSearch {
 public:
  // Whether gradients were told, and trials are so few that their covariances can be factored.
  static bool worth(const Observations& data);

  // Fits what is due. memo: what the last ask left in next_memo; empty: cold. Deterministic in its
  // arguments.
  GradientSearch(const Ask& ask, std::span<const double> memo, std::vector<double>& next_memo);

  // The next point, beside the trials pending and proposed so far; nothing where none is allowed.
  std::optional<Maximum> next(const Ask& ask, const Weights& weights,
                              const MaximizeOptions& options = {});
  // In notes.
  std::string name() const;

 private:
  GradientSearch(const Ask& ask, const std::vector<Eigen::Index>& sound,
                 std::span<const double> memo, std::vector<double>& next_memo);

  // What was told; then points believed to have their means: pending ones, and those that failed or
  // whose values are far above all others, which are not believed to be better than the incumbent.
  GradientGp model_;
  double incumbent_ = 0;
  Eigen::Index believed_ = 0;
};

}  // namespace asktell
