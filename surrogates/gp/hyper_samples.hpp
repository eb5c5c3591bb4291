// Hyper-parameters of a Gaussian process as draws of their posterior instead of one optimum: by the
// No-U-Turn sampler, by slice sampling (Snoek et al. 2012, "Practical Bayesian optimization of
// machine learning algorithms") or by Laplace's approximation. A mixture over the draws knows how
// little a few data say about them.
//
// A prior is a density of the number itself (see prior.hpp), so the density of its logarithm has
// the number as a factor. Fits leave that factor out; an integral must not.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/sampling/nuts.hpp>

namespace asktell {

// A posterior of hyper-parameters over coordinates u without bounds, Jacobian included. Holds its
// workspace: one object for each thread.
class HyperPosterior {
 public:
  virtual ~HyperPosterior() = default;
  virtual Eigen::VectorXd start() const = 0;  // u where chains begin when nothing is known
  // Log density up to a constant, and its gradient unless null (sized by the caller).
  virtual double evaluate(const Eigen::VectorXd& u, Eigen::VectorXd* gradient) = 0;
  // The model's theta, as model_parameters() lists it.
  virtual Eigen::VectorXd theta(const Eigen::VectorXd& u) = 0;
};

// The marginal likelihood times the priors of a preset, in their box. A mean that the preset finds
// by least squares is at its optimum for each theta; a profiled scale likewise, which is its
// integral under Jeffreys' prior up to a constant (student_t.hpp). All arguments must outlive the
// object.
std::unique_ptr<HyperPosterior> hyper_posterior(const Kernel& kernel, const GpData& data,
                                                const GpPreset& preset);

struct ChainLength {
  int warm_up = 0, draws = 0;
};

struct HyperSamplesOptions {
  enum class Sampler { kNuts, kSlice };
  Sampler sampler = Sampler::kNuts;
  ChainLength cold{512, 256};        // BoTorch's; the paper of SAAS takes 256 and 256
  ChainLength warm{64, 64};          // from the state of the last run
  ChainLength cold_sweeps{50, 128};  // of the slice sampler, over all coordinates
  ChainLength warm_sweeps{10, 128};
  int kept = 16;      // draws, evenly spaced, that are returned
  int chains = 1;     // run on several threads; the result does not depend on how many
  int max_depth = 6;  // of NUTS
  bool dense = true;  // metric of NUTS
  // Converged: the split R-hat of the logarithm of each of the shortest `watched` length-scales (by
  // median; 0: of all) is below max_r_hat.
  int watched = 0;
  double max_r_hat = 1.05;
  std::uint64_t seed = 0;
};

struct HyperSamples {
  std::vector<Eigen::VectorXd> thetas;  // the kept draws; empty when failed
  std::vector<NutsState> states;        // of each chain: what a warm run starts from
  // Of each entry of theta over all draws (not only those kept): 1 and their number where fixed.
  Eigen::VectorXd r_hat, effective_size;
  double largest_r_hat = 1;  // of the watched length-scales
  int divergences = 0;       // of all chains after warm-up
  long evaluations = 0;
  bool converged = false;  // else do not trust the draws: use an ensemble of optima (gp_ensemble)
  bool failed = false;     // no chain could start
};

// `make` is called once for each chain. warm: states of a run before, of a posterior with as many
// coordinates (others are ignored). Throws OptionError for options out of range.
HyperSamples sample_posterior(const std::function<std::unique_ptr<HyperPosterior>()>& make,
                              const std::vector<HyperParameter>& parameters,
                              const HyperSamplesOptions& options = {},
                              std::span<const NutsState> warm = {});

HyperSamples sample_hyperparameters(const Kernel& kernel, const GpData& data,
                                    const GpPreset& preset, const HyperSamplesOptions& options = {},
                                    std::span<const NutsState> warm = {});

// Posteriors at the draws, to be predicted from with equal weights.
GpMixture hyper_mixture(const KernelPtr& kernel, const GpData& data,
                        const std::vector<Eigen::VectorXd>& thetas, const GpMean& mean);

// The cheap alternative: a normal density at the mode of the posterior of u (found from
// `start_theta`, a fit's optimum), a few quasi-random draws of it and their weights.
struct WeightedHyperSamples {
  std::vector<Eigen::VectorXd> thetas;
  Eigen::VectorXd weights;  // sum 1
  double effective = 0;     // 1 / sum of squared weights
  double log_evidence = 0;  // of the data, if the priors are normalized
  bool failed = false;      // no mode: one draw, at the start
};
WeightedHyperSamples laplace_hyperparameters(const Kernel& kernel, const GpData& data,
                                             const GpPreset& preset,
                                             const Eigen::VectorXd& start_theta, int count = 8,
                                             std::uint64_t seed = 0);

// Mean and variance of a mixture with weights of any sum, at q points (d x q).
void weighted_moments(const std::vector<GpPosterior>& members, const Eigen::VectorXd& weights,
                      const Eigen::MatrixXd& points, Eigen::VectorXd& mean,
                      Eigen::VectorXd& variance);

}  // namespace asktell
