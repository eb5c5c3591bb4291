// Wrappers that weigh any acquisition given in logarithms: by what the user believes about where
// the optimum lies (Hvarfner et al. 2022, "piBO: augmenting acquisition functions with user beliefs
// for Bayesian optimization"), and by what an evaluation costs (Snoek et al. 2012; cooling: Lee et
// al. 2020, "Cost-aware Bayesian optimization").
#pragma once

#include <functional>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// log(max(value - lowest, 1e-12)): for acquisitions that are no logarithms (confidence bounds,
// Thompson samples), lowest a value that those of interest exceed.
class LogAbove final : public Acquisition {
 public:
  LogAbove(const Acquisition& acquisition, double lowest) : base_(acquisition), lowest_(lowest) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Acquisition& base_;
  double lowest_;
};

// Log density of the belief at a point of the unit cube (-infinity: excluded); its gradient (d)
// unless null.
using LogPrior = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd* gradient)>;

// log acquisition + (decay / iterations) log(prior + 1e-12).
class PriorGuided final : public Acquisition {
 public:
  // iterations: proposals made by the model so far, this one included (>= 1). decay: a tenth of the
  // budget is the authors' choice. dimension: of the cube. Throws OptionError when the prior is not
  // above zero anywhere in the cube (at 1024 Sobol points) or not a number.
  PriorGuided(const Acquisition& log_acquisition, LogPrior prior, double decay, double iterations,
              Eigen::Index dimension);
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Acquisition& base_;
  LogPrior prior_;
  double exponent_;
};

// log acquisition - exponent log(cost), cost the mean of a log-normal model: improvement for a unit
// of cost when the exponent is 1.
class CostWeighted final : public Acquisition {
 public:
  // log_cost: model of the logarithm of the cost up to scale: log cost = scale * z + constant.
  CostWeighted(const Acquisition& log_acquisition, const Surrogate& log_cost, double exponent = 1,
               double scale = 1)
      : base_(log_acquisition), log_cost_(log_cost), exponent_(exponent), scale_(scale) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Acquisition& base_;
  const Surrogate& log_cost_;
  double exponent_, scale_;
};

// Exponent that falls from 1, when the initial design is paid, to 0, when the budget is used.
double cost_cooling(double budget, double used, double initial);
// Logarithm of a cost as it is told: costs below 1e-6 count as that; throws PointError for NaN.
double log_cost(double cost);

}  // namespace asktell
