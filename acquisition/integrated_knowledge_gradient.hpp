// Optimization of F(x) = sum_w p_w f(x, w), the mean over an environment w that an evaluation of f
// fixes but the user does not control later: Bayesian quadrature optimization (Toscano-Palmerin &
// Frazier 2018, "Bayesian optimization with expensive integrands"). F is a Gaussian process like f,
// and an observation at (x, w) moves the mean of F along
//
//   sum_w' p_w' c((x', w'), (x, w)) / sqrt(s^2(x, w) + noise) Z.
#pragma once

#include <asktell/acquisition/knowledge_gradient.hpp>

namespace asktell {

// Environments and their probabilities (or the nodes and weights of a quadrature).
struct Environment {
  Eigen::MatrixXd w;  // e x K: values of the last e coordinates of a point of the model
  Eigen::VectorXd p;  // K, sum 1
};

// Choices with all their environments, as points of the model, wherever the coordinates of the
// environment are.
struct ChoicePairs {
  Eigen::MatrixXd points;  // d x M K, the environments of one choice beside each other
  Eigen::VectorXd p;       // K, sum 1
};

// Mean and covariance of F at the choices, and its covariance with f at any points.
class IntegratedPosterior {
 public:
  // choices: (d - e) x M.
  IntegratedPosterior(const GpPosterior& model, const Eigen::MatrixXd& choices,
                      const Environment& environment);
  IntegratedPosterior(const GpPosterior& model, ChoicePairs pairs);

  Eigen::Index size() const { return choices_; }
  const PosteriorCovariance& set() const { return set_; }  // at all pairs
  const Eigen::VectorXd& mean() const { return mean_; }    // M
  Eigen::MatrixXd covariance() const;                      // M x M
  // From rows for all pairs (M K x q) to rows for the choices (M x q), and weights back.
  Eigen::MatrixXd integrate(const Eigen::MatrixXd& of_pairs) const;
  Eigen::MatrixXd spread(const Eigen::MatrixXd& by_choices) const;

 private:
  Eigen::Index choices_;
  Eigen::VectorXd p_;
  PosteriorCovariance set_;  // M K points, the environments of one choice beside each other
  Eigen::VectorXd mean_;
};

// Log knowledge gradient of F over the choices, for an observation of f at the d coordinates (x, w)
// of each point.
class IntegratedKnowledgeGradient final : public Acquisition {
 public:
  IntegratedKnowledgeGradient(const GpPosterior& model, const Eigen::MatrixXd& choices,
                              const Environment& environment, const Eigen::MatrixXd& pending = {},
                              const KnowledgeGradientOptions& options = {});
  IntegratedKnowledgeGradient(const GpPosterior& model, ChoicePairs pairs,
                              const Eigen::MatrixXd& pending = {},
                              const KnowledgeGradientOptions& options = {});
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  PendingFantasies fantasies_;
  IntegratedPosterior integrated_;
  Eigen::MatrixXd intercepts_;  // M x S
  double noise_variance_;
};

}  // namespace asktell
