// What a sample of costs under equally likely environments says about its bad end (Rockafellar &
// Uryasev 2000; Cakmak et al. 2020, "Bayesian optimization of risk measures").
#pragma once

#include <Eigen/Core>

namespace asktell {

// With n costs in rising order and i = ceil(n level) - 1, 0 < level < 1. weights, unless null: the
// derivatives by each cost, set.
// The i-th cost, counted from 0: the lowest that at least the share `level` stays within.
double value_at_risk(const Eigen::Ref<const Eigen::VectorXd>& costs, double level,
                     Eigen::VectorXd* weights = nullptr);
// The mean of the i-th and all higher ones.
double conditional_value_at_risk(const Eigen::Ref<const Eigen::VectorXd>& costs, double level,
                                 Eigen::VectorXd* weights = nullptr);

}  // namespace asktell
