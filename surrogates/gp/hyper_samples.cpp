// See hyper_samples.hpp.
#include <asktell/surrogates/gp/hyper_samples.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/sampling/box.hpp>
#include <asktell/surrogates/sampling/diagnostics.hpp>
#include <asktell/surrogates/sampling/laplace.hpp>
#include <asktell/surrogates/sampling/slice.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class BoxedPosterior final : public HyperPosterior {
 public:
  BoxedPosterior(const Kernel& kernel, const GpData& data, const GpPreset& preset)
      : parameters_(model_parameters(kernel, data)),
        box_(parameters_, preset),
        free_(box_.low, box_.high),
        likelihood_(kernel, data, preset.mean, FitCriterion::kMarginalLikelihood,
                    preset.profile_scale),
        profile_scale_(preset.profile_scale),
        theta_(box_.low),
        gradient_(box_.low.size()) {}

  VectorXd start() const override { return free_.to_free(box_.start); }
  VectorXd to_free(const VectorXd& theta) const { return free_.to_free(theta); }

  double evaluate(const VectorXd& u, VectorXd* gradient) override {
    double value = free_.to_box(u, theta_);
    double* slopes = gradient ? gradient_.data() : nullptr;
    value += likelihood_.evaluate(theta_, slopes);
    value += box_.log_prior(theta_, slopes);
    for (Index i = 0; i < theta_.size(); ++i) {
      if (!box_.logarithmic[static_cast<std::size_t>(i)] || box_.low[i] == box_.high[i]) continue;
      value += theta_[i];
      if (gradient) gradient_[i] += 1;
    }
    if (gradient) free_.pull_back(u, gradient_, *gradient);
    return value;
  }

  VectorXd theta(const VectorXd& u) override {
    free_.to_box(u, theta_);
    if (!profile_scale_) return theta_;
    likelihood_.evaluate(theta_, nullptr);
    VectorXd out = theta_;
    for (Index i = 0; i < out.size(); ++i) {
      const HyperRole role = parameters_[static_cast<std::size_t>(i)].role;
      if (role == HyperRole::kOutputscale || role == HyperRole::kNoise) {
        out[i] += std::log(likelihood_.scale());
      }
    }
    return out;
  }

 private:
  const std::vector<HyperParameter> parameters_;
  const HyperBox box_;
  const UnconstrainedBox free_;
  MarginalLikelihood likelihood_;
  const bool profile_scale_;
  VectorXd theta_, gradient_;
};

void check(const HyperSamplesOptions& options) {
  const auto at_least = [](const char* name, int value, int lowest) {
    if (value < lowest) {
      throw OptionError("option.value", std::string(name) + " is " + std::to_string(value) +
                                            "; it must be " + std::to_string(lowest) + " or more");
    }
  };
  at_least("kept", options.kept, 1);
  at_least("chains", options.chains, 1);
  at_least("watched", options.watched, 0);
  const bool slice = options.sampler == HyperSamplesOptions::Sampler::kSlice;
  at_least("draws", (slice ? options.cold_sweeps : options.cold).draws, 1);
  at_least("draws", (slice ? options.warm_sweeps : options.warm).draws, 1);
}

struct Chain {
  MatrixXd draws;   // of u
  MatrixXd thetas;  // of the same
  NutsState state;
  int divergences = 0;
  long evaluations = 0;
  bool failed = false;
};

// Where a chain begins: its last state, or near a mode, each chain at a point of its own. The
// metric is that of the curvature there, at the price of two gradients a parameter: without it the
// first windows of the warm-up crawl, and learn little.
NutsState first_state(const LogDensity& density, const VectorXd& start, bool dense, Index number,
                      RandomStream& stream) {
  const Laplace near = laplace(density, start, {.rounds = 50, .smallest_curvature = 0.1});
  if (near.failed) return {.position = near.mode};
  VectorXd moved = near.mode;
  for (Index i = 0; i < moved.size() && number > 0; ++i) moved[i] += 0.5 * stream.normal();
  const MatrixXd covariance = near.deviation * near.deviation.transpose();
  return {.position = std::isfinite(density(moved, nullptr)) ? moved : near.mode,
          .covariance = dense ? covariance : MatrixXd(covariance.diagonal())};
}

Chain run_chain(HyperPosterior& posterior, const HyperSamplesOptions& options,
                const NutsState* warm, Index number) {
  RandomStream stream(spread_seed(options.seed + static_cast<std::uint64_t>(number)),
                      Purpose::kFit);
  const LogDensity density = [&](const VectorXd& u, VectorXd* gradient) {
    return posterior.evaluate(u, gradient);
  };
  Chain chain;
  const NutsState start =
      warm ? *warm : first_state(density, posterior.start(), options.dense, number, stream);
  if (options.sampler == HyperSamplesOptions::Sampler::kSlice) {
    const ChainLength length = warm ? options.warm_sweeps : options.cold_sweeps;
    SliceDraws drawn = slice_sample(density, start.position,
                                    {.warm_up = length.warm_up, .draws = length.draws}, stream);
    chain.draws = std::move(drawn.draws);
    chain.state = {.position = std::move(drawn.position)};
    chain.evaluations = drawn.evaluations;
    chain.failed = drawn.failed;
  } else {
    const ChainLength length = warm ? options.warm : options.cold;
    NutsDraws drawn = nuts(density, start,
                           {.warm_up = length.warm_up,
                            .draws = length.draws,
                            .max_depth = options.max_depth,
                            .dense = options.dense},
                           stream);
    chain.draws = std::move(drawn.draws);
    chain.state = std::move(drawn.state);
    chain.divergences = drawn.divergences;
    chain.evaluations = drawn.evaluations;
    chain.failed = drawn.failed;
  }
  for (Index j = 0; j < chain.draws.cols(); ++j) {
    const VectorXd theta = posterior.theta(chain.draws.col(j));
    if (j == 0) chain.thetas.resize(theta.size(), chain.draws.cols());
    chain.thetas.col(j) = theta;
  }
  return chain;
}

double median(VectorXd values) {
  double* middle = values.data() + values.size() / 2;
  std::nth_element(values.data(), middle, values.data() + values.size());
  return *middle;
}

// Length-scales by which convergence is judged: indices into theta.
std::vector<Index> watched(const std::vector<HyperParameter>& parameters, const MatrixXd& thetas,
                           int count) {
  std::vector<Index> out;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].role == HyperRole::kLengthscale) out.push_back(static_cast<Index>(i));
  }
  if (count == 0 || out.size() <= static_cast<std::size_t>(count)) return out;
  VectorXd medians(thetas.rows());
  for (Index i : out) medians[i] = median(thetas.row(i).transpose());
  std::stable_sort(out.begin(), out.end(),
                   [&](Index a, Index b) { return medians[a] < medians[b]; });
  out.resize(static_cast<std::size_t>(count));
  return out;
}

// thetas: of all chains one after the other, `draws` each.
void diagnose(const MatrixXd& thetas, Index draws, const std::vector<HyperParameter>& parameters,
              const HyperSamplesOptions& options, HyperSamples& out) {
  const Index count = thetas.rows();
  out.r_hat.resize(count);
  out.effective_size.resize(count);
  for (Index i = 0; i < count; ++i) {
    const VectorXd row = thetas.row(i);
    const Eigen::Map<const MatrixXd> of_chains(row.data(), draws, row.size() / draws);
    out.r_hat[i] = split_r_hat(of_chains);
    out.effective_size[i] = bulk_effective_sample_size(of_chains);
  }
  for (Index i : watched(parameters, thetas, options.watched)) {
    // Too few draws to tell are not converged either.
    const bool known = std::isfinite(out.r_hat[i]);
    const double r_hat = known ? out.r_hat[i] : std::numeric_limits<double>::infinity();
    out.largest_r_hat = std::max(out.largest_r_hat, r_hat);
  }
  out.converged = out.largest_r_hat < options.max_r_hat;
}

}  // namespace

std::unique_ptr<HyperPosterior> hyper_posterior(const Kernel& kernel, const GpData& data,
                                                const GpPreset& preset) {
  return std::make_unique<BoxedPosterior>(kernel, data, preset);
}

HyperSamples sample_posterior(const std::function<std::unique_ptr<HyperPosterior>()>& make,
                              const std::vector<HyperParameter>& parameters,
                              const HyperSamplesOptions& options, std::span<const NutsState> warm) {
  check(options);
  std::vector<std::unique_ptr<HyperPosterior>> posteriors;
  for (int c = 0; c < options.chains; ++c) posteriors.push_back(make());
  const Index size = posteriors[0]->start().size();
  // All chains are of one length, so they are warm only together.
  const bool all_warm = warm.size() >= posteriors.size() &&
                        std::all_of(warm.begin(), warm.end(), [&](const NutsState& state) {
                          return state.position.size() == size && state.position.allFinite();
                        });
  std::vector<Chain> chains(posteriors.size());
  parallel_for(chains.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) {
      chains[c] =
          run_chain(*posteriors[c], options, all_warm ? &warm[c] : nullptr, static_cast<Index>(c));
    }
  });

  HyperSamples out;
  Index draws = 0, width = 0;
  for (const Chain& chain : chains) {
    out.divergences += chain.divergences;
    out.evaluations += chain.evaluations;
    out.states.push_back(chain.state);
    draws = std::max(draws, chain.draws.cols());
    width += chain.draws.cols();
  }
  out.failed = width == 0;
  if (out.failed) return out;
  MatrixXd thetas(static_cast<Index>(parameters.size()), width);
  Index column = 0;
  for (const Chain& chain : chains) {
    if (chain.failed) continue;
    thetas.middleCols(column, draws) = chain.thetas;
    column += draws;
  }
  diagnose(thetas, draws, parameters, options, out);
  const Index kept = std::min<Index>(options.kept, width);
  for (Index k = 1; k <= kept; ++k) out.thetas.emplace_back(thetas.col(k * width / kept - 1));
  return out;
}

HyperSamples sample_hyperparameters(const Kernel& kernel, const GpData& data,
                                    const GpPreset& preset, const HyperSamplesOptions& options,
                                    std::span<const NutsState> warm) {
  return sample_posterior([&] { return hyper_posterior(kernel, data, preset); },
                          model_parameters(kernel, data), options, warm);
}

GpMixture hyper_mixture(const KernelPtr& kernel, const GpData& data,
                        const std::vector<VectorXd>& thetas, const GpMean& mean) {
  std::vector<GpPosterior> members;
  members.reserve(thetas.size());
  for (const VectorXd& theta : thetas) members.emplace_back(kernel, data, theta, mean);
  return GpMixture(std::move(members));
}

WeightedHyperSamples laplace_hyperparameters(const Kernel& kernel, const GpData& data,
                                             const GpPreset& preset, const VectorXd& start_theta,
                                             int count, std::uint64_t seed) {
  BoxedPosterior posterior(kernel, data, preset);
  const LogDensity density = [&](const VectorXd& u, VectorXd* gradient) {
    return posterior.evaluate(u, gradient);
  };
  WeightedHyperSamples out;
  const Laplace at = laplace(density, posterior.to_free(start_theta));
  out.failed = at.failed;
  out.log_evidence = at.log_evidence;
  if (at.failed) {
    out.thetas.push_back(start_theta);
    out.weights = VectorXd::Ones(1);
    out.effective = 1;
    return out;
  }
  const WeightedDraws drawn = laplace_draws(at, density, std::max(1, count), seed);
  for (Index j = 0; j < drawn.draws.cols(); ++j) {
    out.thetas.push_back(posterior.theta(drawn.draws.col(j)));
  }
  out.weights = drawn.weights;
  out.effective = drawn.effective;
  return out;
}

void weighted_moments(const std::vector<GpPosterior>& members, const VectorXd& weights,
                      const MatrixXd& points, VectorXd& mean, VectorXd& variance) {
  const double total = weights.sum();
  MatrixXd means(points.cols(), weights.size());
  mean.setZero(points.cols());
  variance.setZero(points.cols());
  VectorXd m, v;
  for (Index i = 0; i < weights.size(); ++i) {
    members[static_cast<std::size_t>(i)].predict(points, m, v);
    means.col(i) = m;
    mean += weights[i] / total * m;
    variance += weights[i] / total * v;
  }
  for (Index i = 0; i < weights.size(); ++i) {
    variance += weights[i] / total * (means.col(i) - mean).cwiseAbs2();
  }
}

}  // namespace asktell
