// Knowledge gradient over a continuum of choices, by the hybrid of Pearce et al. (2022, "One-shot
// hybrid knowledge gradient"): for each of n quantiles z_j of the observation to come the best
// choice x_j is found, and the value of x is that of the discrete knowledge gradient over these,
// the lowest posterior mean and the data. It is a lower bound within percents of the exact value.
//
// The bound is not stationary in the x_j, so gradients are those of x and all x_j together: an
// acquisition of (n + 1) d numbers ("one-shot"). values() is what x itself is worth.
#pragma once

#include <asktell/acquisition/knowledge_gradient.hpp>

namespace asktell {

class HybridKnowledgeGradient final : public Acquisition {
 public:
  // candidates: d x N, N > 0, where searches of choices begin: points that fill the cube and some
  // near the best. pending: d x p; choices then are those for the mean, values average fantasies.
  HybridKnowledgeGradient(const GpPosterior& model, const Eigen::MatrixXd& candidates,
                          const Eigen::MatrixXd& pending = {},
                          const KnowledgeGradientOptions& options = {}, Eigen::Index quantiles = 5);

  Eigen::Index quantiles() const { return z_.size(); }
  // Columns: x, then its n choices: (n + 1) d numbers each.
  void evaluate(const Eigen::MatrixXd& columns, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

  // points (d x q) with the best choices of each: (n + 1) d x q.
  Eigen::MatrixXd with_choices(const Eigen::MatrixXd& points) const;
  // Log knowledge gradient of each of q points.
  Eigen::VectorXd values(const Eigen::MatrixXd& points) const;

  struct Maximum {
    Eigen::VectorXd x;
    double value;
  };
  // From d x m starts, all variables together and then the choices once more. Coordinates of x that
  // `held` names stay as they are in each start.
  Maximum maximize(const Eigen::MatrixXd& starts, const std::vector<Eigen::Index>& held = {},
                   int rounds = 50) const;

 private:
  struct Column;
  Eigen::MatrixXd first_choices(const Eigen::MatrixXd& points, const Eigen::VectorXd& roots) const;
  void evaluate_column(Column& column, const Eigen::MatrixXd& points) const;

  PendingFantasies fantasies_;
  PosteriorCovariance candidates_;  // N
  Eigen::VectorXd candidate_means_;
  double noise_variance_;
  Eigen::VectorXd z_;                           // quantiles
  std::unique_ptr<PosteriorCovariance> fixed_;  // the data and the lowest mean
  Eigen::MatrixXd intercepts_;                  // of those, one column a fantasy
};

}  // namespace asktell
