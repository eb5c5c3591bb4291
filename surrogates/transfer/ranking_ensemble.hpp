// Transfer from earlier tasks by an ensemble of their models with that of the present one, weighted
// by how well each ranks the present data (Feurer et al. 2018, "Scalable meta-learning for Bayesian
// optimization using ranking-weighted Gaussian process ensembles"). Models are in standardized
// values of their own tasks: only the order of values is compared.
#pragma once

#include <cstdint>
#include <vector>

#include <asktell/surrogates/gp/posterior.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

// Ordered pairs (i, j) in which exactly one of predicted[i] < predicted[j] and values[i] <
// values[j] holds.
Eigen::Index ranking_loss(const Eigen::Ref<const Eigen::VectorXd>& predicted,
                          const Eigen::Ref<const Eigen::VectorXd>& values);

struct RankingOptions {
  Eigen::Index samples = 256;  // of the functions at the target's points
  std::uint64_t seed = 0;
  // A base model whose median loss is above the target's 95 % quantile gets no weight: many poor
  // models would otherwise share much of it.
  bool guard = true;
};

// Weights of the base models, then of the target (sum 1): the share of samples in which each ranks
// best, ties shared. Samples of base models are joint; those of the target are of its leave-one-out
// predictions. With fewer than three points all weight is shared equally: ranks say nothing yet.
Eigen::VectorXd ranking_weights(const std::vector<const GpPosterior*>& base,
                                const GpPosterior& target, const RankingOptions& options = {});

// Mean sum_i w_i mean_i and variance sum_i w_i^2 variance_i.
class RankingEnsemble final : public Surrogate {
 public:
  // The models must outlive the ensemble; those of weight 0 are not asked.
  RankingEnsemble(std::vector<const Surrogate*> models, Eigen::VectorXd weights)
      : models_(std::move(models)), weights_(std::move(weights)) {}
  const Eigen::VectorXd& weights() const { return weights_; }
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;

 private:
  std::vector<const Surrogate*> models_;
  Eigen::VectorXd weights_;
};

}  // namespace asktell
