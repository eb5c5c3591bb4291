// Batches and pending points for acquisitions that know nothing of them: local penalization
// (Gonzalez et al. 2016, "Batch Bayesian optimization via local penalization", as in GPyOpt), lies
// about values to come (Ginsbourger et al. 2010, "Kriging is well-suited to parallelize
// optimization"), and pure exploration beside confidence bounds (Contal et al. 2013; Song et al.
// 2024, "The Vizier Gaussian process bandit algorithm").
#pragma once

#include <cstdint>
#include <limits>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// Largest gradient of the posterior mean that a search over the unit cube finds: 500 Sobol points
// and `data` (d x n), the best refined. Not below a small number: 10 stands for a flat mean.
double lipschitz_constant(const Surrogate& model, const Eigen::MatrixXd& data,
                          std::uint64_t seed = 0);

// Adds for each pending point the log probability that x lies outside the ball around it in which
// no value can be as low as `best` if the function changes at most `lipschitz` a unit of distance.
class LocalPenalization final : public Acquisition {
 public:
  // log_acquisition: in logarithms. pending: d x p.
  LocalPenalization(const Acquisition& log_acquisition, const Surrogate& model,
                    Eigen::MatrixXd pending, double best, double lipschitz);
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Acquisition& base_;
  Eigen::MatrixXd pending_;             // d x p
  Eigen::VectorXd radius_, deviation_;  // p; of each ball, in units of the values
  double lipschitz_;
};

// What a model without covariances is told about pending points. With values to be minimized the
// highest spreads a batch, the lowest draws it together.
enum class Liar { kLowest, kMean, kHighest };
double lie(Liar liar, const Eigen::Ref<const Eigen::VectorXd>& values);

}  // namespace asktell
