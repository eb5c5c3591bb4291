// Vecchia's approximation of the likelihood (Vecchia 1988; Katzfuss & Guinness 2021, "A general
// framework for Vecchia approximations of Gaussian processes"): in some order, each value given
// only the m closest of those before it,
//
//   log p(z) ~ sum_i log N(z_i | z_c(i)).
//
// O(n m^3) for an evaluation. Limits: with smooth kernels, little noise and more than a few
// dimensions, near points do not screen off far ones, and the sum may be hundreds below the exact
// log marginal likelihood. Compare it only with itself at the same order, and do not fit noise with
// it where another model can.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include <asktell/core/workspace_pool.hpp>
#include <asktell/surrogates/gp/large/closeness.hpp>
#include <asktell/surrogates/gp/likelihood.hpp>

namespace asktell {

class VecchiaLikelihood {
 public:
  // order: all n columns of data.x, for instance by maximin_order. The `neighbours` closest
  // predecessors of each are found at `theta` and held. kernel must outlive the object.
  VecchiaLikelihood(const Kernel& kernel, const GpData& data,
                    const std::vector<Eigen::Index>& order, const Eigen::VectorXd& theta,
                    Eigen::Index neighbours = 30, GpMean mean = {});
  ~VecchiaLikelihood();

  Eigen::Index parameters() const { return kernel_.parameter_count() + data_.groups(); }

  // Without priors. -infinity where a block cannot be factorized. gradient: parameters() numbers,
  // set, or null.
  double evaluate(const Eigen::VectorXd& theta, double* gradient);

  double mean() const { return mean_value_; }  // at the last theta

 private:
  struct Workspace;

  template <typename Body>
  void for_blocks(const Body& body);
  Eigen::Index gather(Workspace& workspace, Eigen::Index i) const;
  bool factorize(Workspace& workspace, Eigen::Index i, const Eigen::VectorXd& theta);
  void add_gradient(Workspace& workspace, Eigen::Index i, const Eigen::VectorXd& theta,
                    double* gradient);

  const Kernel& kernel_;
  GpData data_;  // in order
  const GpMean mean_;
  NeighbourTable predecessors_;  // m x n
  std::unique_ptr<WorkspacePool<Workspace>> pool_;
  // Of each point, with L the factor of the covariance of its predecessors and itself (last):
  Eigen::MatrixXd rows_;           // m + 1 x n: the last row of L^-1
  Eigen::MatrixXd solved_, ones_;  // m x n: covariance of the predecessors^-1 times z, and times 1
  Eigen::VectorXd whitened_, unit_;  // n: the last of L^-1 z, and of L^-1 1
  Eigen::VectorXd log_deviation_;    // n: log of the last pivot
  Eigen::MatrixXd block_gradients_;  // parameters x blocks: summed in order
  double mean_value_ = 0;
};

}  // namespace asktell
