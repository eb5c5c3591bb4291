// Expected improvement when values are noisy or pending: over the lowest of the unknown latent
// values at a baseline of points (Letham et al. 2019, "Constrained Bayesian optimization with noisy
// experiments"), in logarithms (Ament et al. 2023). Values at the baseline are sampled jointly from
// Sobol normals; given them the improvement at a new point has a closed form, so that only the
// baseline is approximated and the result is smooth:
//
//   log mean_s EI(mean_s(x), deviation(x); min F_s),  F_s ~ N(mean_B, C_BB).
#pragma once

#include <optional>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/acquisition/joint_samples.hpp>
#include <asktell/surrogates/gp/posterior_covariance.hpp>

namespace asktell {

struct NoisyImprovementOptions {
  Eigen::Index samples = 128;   // of the baseline's values; a power of two is best
  Eigen::Index pruning = 2048;  // samples that decide which baseline points matter; 0: all stay
  std::uint64_t seed = 0;       // of the Sobol normals
};

class LogNoisyExpectedImprovement final : public Acquisition {
 public:
  // baseline: d x m, the points evaluated so far (m > 0). pending: d x p, points under evaluation
  // or already chosen for this batch (p may be 0): the best of their values counts as found, too.
  LogNoisyExpectedImprovement(const GpPosterior& model, const Eigen::MatrixXd& baseline,
                              const Eigen::MatrixXd& pending = {},
                              const NoisyImprovementOptions& options = {});
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

  // d x m': what is left of the baseline after pruning, then the pending points.
  const Eigen::MatrixXd& baseline() const { return baseline_; }
  const Eigen::VectorXd& incumbents() const { return incumbents_; }  // of each sample

 private:
  void evaluate_block(PosteriorCovariance::Evaluation& at, const Eigen::MatrixXd& block,
                      Eigen::Ref<Eigen::VectorXd> values, Eigen::MatrixXd* gradients) const;

  Eigen::MatrixXd baseline_;
  std::optional<PosteriorCovariance> random_;  // the r points of the baseline that are random
  Eigen::MatrixXd factor_;                     // r x r, of their covariance
  Eigen::MatrixXd weights_;                    // r x samples: C^-1 (F_s - mean)
  Eigen::VectorXd incumbents_;                 // min F_s
};

}  // namespace asktell
