// Lower confidence bound, mean - sqrt(beta) deviation, and the schedules of beta that the field
// uses. With t the number of observations. Schedules with guarantees explore too much in practice
// (the default is Vizier's constant).
#pragma once

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// Deviations below the mean in Vizier's default (google/vizier, acquisitions.py).
inline constexpr double kVizierDeviations = 1.8;

// Each returns sqrt(beta), the number of deviations.
// HEBO (Cowen-Rivers et al. 2022; hebo.py): d inputs, n observations, batches of q, delta = 0.01.
double hebo_deviations(double d, double n, double q);
// SMAC3 (Lindauer et al. 2022): beta = 2 log(d n^2).
double smac_deviations(double d, double n);
// Srinivas et al. 2010, theorem 1, finitely many points: beta = 2 log(points t^2 pi^2 / (6 delta)).
double srinivas_deviations(double points, double t, double delta);
// Kandasamy et al. 2015, "High dimensional Bayesian optimisation and bandits via additive models":
// beta = 0.2 d log(2 t).
double kandasamy_deviations(double d, double t);

// -(mean - deviations * deviation): not in logarithms.
class LowerConfidenceBound final : public Acquisition {
 public:
  explicit LowerConfidenceBound(const Surrogate& model, double deviations = kVizierDeviations)
      : model_(model), deviations_(deviations) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Surrogate& model_;
  double deviations_;
};

}  // namespace asktell
