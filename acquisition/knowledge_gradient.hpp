// Knowledge gradient: how much lower the lowest posterior mean is expected to be after one more
// observation (Frazier, Powell & Dayanik 2009; Scott, Frazier & Powell 2011, "The correlated
// knowledge gradient for simulation optimization of continuous parameters using Gaussian process
// regression"). After an observation at x the mean moves along
//
//   c(x', x) / sqrt(s^2(x) + noise) Z,  Z ~ N(0, 1),
//
// so that over finitely many choices x' its value is that of an envelope of lines. In logarithms.
#pragma once

#include <cstdint>
#include <limits>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/acquisition/pending_fantasies.hpp>

namespace asktell {

struct KnowledgeGradientOptions {
  double noise_variance =
      std::numeric_limits<double>::quiet_NaN();  // of an observation; NaN: the model's
  Eigen::Index fantasies = 16;                   // of pending observations
  std::uint64_t seed = 0;                        // of the fantasies
};

// Knowledge gradient over given choices.
class DiscreteKnowledgeGradient : public Acquisition {
 public:
  enum class Candidate {
    kApart,   // x is where one looks, not one of the choices
    kChoice,  // x may be chosen, too (Scott et al. 2011)
    // May be chosen, but gains count from the best choice without it: expected improvement of the
    // posterior mean under noise (Frazier 2018, "A tutorial on Bayesian optimization", section
    // 4.2). Without noise and with the data as choices this is expected improvement.
    kExtra,
  };
  // choices: d x M, M > 0. pending: d x p, p may be 0.
  DiscreteKnowledgeGradient(const GpPosterior& model, Eigen::MatrixXd choices,
                            const Eigen::MatrixXd& pending = {},
                            const KnowledgeGradientOptions& options = {},
                            Candidate candidate = Candidate::kApart);
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  struct Block;
  void evaluate_block(Block& block, const Eigen::MatrixXd& points,
                      Eigen::Ref<Eigen::VectorXd> values, Eigen::MatrixXd* gradients) const;

  PendingFantasies fantasies_;
  PosteriorCovariance choices_;
  Eigen::MatrixXd intercepts_;  // M x S: negative means at the choices
  double noise_variance_;
  Candidate candidate_;
};

// Expected improvement of the lowest posterior mean at the data and the new point.
class LogPosteriorMeanImprovement final : public DiscreteKnowledgeGradient {
 public:
  explicit LogPosteriorMeanImprovement(const GpPosterior& model,
                                       const Eigen::MatrixXd& pending = {},
                                       const KnowledgeGradientOptions& options = {})
      : DiscreteKnowledgeGradient(model, model.data().x, pending, options, Candidate::kExtra) {}
};

}  // namespace asktell
