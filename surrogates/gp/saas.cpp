// See saas.hpp.
#include <asktell/surrogates/gp/saas.hpp>

#include <cmath>
#include <limits>
#include <numbers>

#include <asktell/core/errors.hpp>
#include <asktell/core/lbfgsb.hpp>
#include <asktell/surrogates/sampling/box.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const GpMean kNoMean{.kind = GpMean::Kind::kFixed};

// Densities are those of the numbers x = (tau, lambda_1, ...), which the box maps to u.
class SaasPosterior final : public HyperPosterior {
 public:
  SaasPosterior(const Kernel& kernel, const GpData& data, const SaasOptions& saas)
      : likelihood_(kernel, data, kNoMean), free_({}, {}) {
    const std::vector<HyperParameter> parameters = model_parameters(kernel, data);
    theta_.resize(static_cast<Index>(parameters.size()));
    gradient_.resize(theta_.size());
    add({Prior::half_cauchy(saas.tau_scale), 0, 0, saas.tau_scale}, Part::kTau, -1);
    for (Index i = 0; i < theta_.size(); ++i) {
      const HyperParameter& parameter = parameters[static_cast<std::size_t>(i)];
      switch (parameter.role) {
        case HyperRole::kLengthscale:
          add({Prior::half_cauchy(saas.lambda_scale), 0, 0, saas.lambda_scale}, Part::kLambda, i);
          break;
        case HyperRole::kOutputscale:
          add(saas.outputscale, Part::kVariance, i);
          break;
        case HyperRole::kNoise:
          add(saas.noise, Part::kVariance, i);
          break;
        case HyperRole::kVariance:
          theta_[i] = 2 * std::log(saas.mean_deviation);
          break;
        default:
          throw OptionError("option.value",
                            "the kernel's hyper-parameter " + parameter.name +
                                " has no place in the SAAS prior; use length-scales, output "
                                "scales and constants (saas_kernel)");
      }
    }
    finish();
  }

  VectorXd start() const override { return free_.to_free(x_start_); }

  double evaluate(const VectorXd& u, VectorXd* gradient) override {
    double value = set_theta(u);
    value += likelihood_.evaluate(theta_, gradient ? gradient_.data() : nullptr);
    for (std::size_t p = 0; p < entries_.size(); ++p) {
      const auto at = static_cast<Index>(p);
      if (low_[at] == high_[at]) continue;
      value += entries_[p].prior.log_density(x_[at] - low_[at]);
    }
    if (gradient) {
      slopes();
      free_.pull_back(u, x_gradient_, *gradient);
    }
    return value;
  }

  VectorXd theta(const VectorXd& u) override {
    set_theta(u);
    return theta_;
  }

 private:
  enum class Part { kTau, kLambda, kVariance };
  struct Entry {
    Prior prior;
    Part part;
    Index theta;  // entry that it makes, with tau; -1: none of its own
  };

  void add(const HyperPrior& prior, Part part, Index theta) {
    entries_.push_back({prior.prior, part, theta});
    starts_.push_back(prior);
  }
  void finish() {
    const auto count = static_cast<Index>(entries_.size());
    low_.resize(count);
    high_.resize(count);
    x_start_.resize(count);
    x_gradient_.resize(count);
    for (Index p = 0; p < count; ++p) {
      const HyperPrior& prior = starts_[static_cast<std::size_t>(p)];
      low_[p] = prior.fixed ? prior.start : prior.low;
      high_[p] = prior.fixed ? prior.start : kInfinity;
      x_start_[p] = prior.fixed ? prior.start : std::max(prior.start, 1.1 * prior.low);
    }
    free_ = UnconstrainedBox(low_, high_);
  }

  // Returns the logarithm of the Jacobian of x.
  double set_theta(const VectorXd& u) {
    const double log_jacobian = free_.to_box(u, x_);
    for (std::size_t p = 1; p < entries_.size(); ++p) {
      const double log_x = std::log(x_[static_cast<Index>(p)]);
      theta_[entries_[p].theta] =
          entries_[p].part == Part::kLambda ? -0.5 * (std::log(x_[0]) + log_x) : log_x;
    }
    return log_jacobian;
  }

  // From the likelihood's gradient by theta to the posterior's by x.
  void slopes() {
    x_gradient_.setZero();
    for (std::size_t p = 0; p < entries_.size(); ++p) {
      const auto at = static_cast<Index>(p);
      const Entry& entry = entries_[p];
      if (low_[at] < high_[at]) {
        x_gradient_[at] += entry.prior.slope(x_[at] - low_[at]) / (x_[at] - low_[at]);
      }
      if (entry.part == Part::kTau) continue;
      const double slope = gradient_[entry.theta];
      if (entry.part == Part::kVariance) {
        x_gradient_[at] += slope / x_[at];
      } else {
        x_gradient_[at] -= 0.5 * slope / x_[at];
        x_gradient_[0] -= 0.5 * slope / x_[0];
      }
    }
  }

  MarginalLikelihood likelihood_;
  UnconstrainedBox free_;
  std::vector<Entry> entries_;      // of x; the first is tau
  std::vector<HyperPrior> starts_;  // of each
  VectorXd low_, high_, x_start_, x_, x_gradient_;
  VectorXd theta_, gradient_;
};

}  // namespace

KernelPtr saas_kernel(KernelPtr stationary) {
  return kernels::sum({kernels::scaled(std::move(stationary)), kernels::constant()});
}

std::unique_ptr<HyperPosterior> saas_posterior(const Kernel& kernel, const GpData& data,
                                               const SaasOptions& saas) {
  return std::make_unique<SaasPosterior>(kernel, data, saas);
}

HyperSamples sample_saas(const Kernel& kernel, const GpData& data, const SaasOptions& saas,
                         const HyperSamplesOptions& options, std::span<const NutsState> warm) {
  constexpr int kWatched = 8;
  HyperSamplesOptions own = options;
  if (own.watched == 0) own.watched = kWatched;
  return sample_posterior([&] { return saas_posterior(kernel, data, saas); },
                          model_parameters(kernel, data), own, warm);
}

std::vector<double> saas_taus(int count, double scale) {
  std::vector<double> taus;
  for (int k = 0; k < count; ++k) {
    taus.push_back(scale * std::tan(0.5 * std::numbers::pi * (k + 0.5) / count));
  }
  return taus;
}

std::vector<GpPreset> map_saas_ensemble(Index dimension, int count) {
  std::vector<GpPreset> members;
  for (const double tau : saas_taus(count)) {
    members.push_back(gp_preset("map_saas", dimension));
    members.back().lengthscale.prior.b = tau;
  }
  return members;
}

KernelPtr additive_saas_kernel(Index dimension, int count) {
  std::vector<KernelPtr> terms;
  for (int k = 0; k < count; ++k) terms.push_back(kernels::scaled(kernels::matern52(dimension)));
  return kernels::sum(std::move(terms));
}

FitReport fit_additive_saas(const Kernel& kernel, const GpData& data, const FitOptions& options) {
  const GpPreset preset = gp_preset("map_saas", data.dimension());
  const std::vector<HyperParameter> parameters = model_parameters(kernel, data);
  HyperBox box(parameters, preset);
  std::vector<std::size_t> lengthscales;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].role == HyperRole::kLengthscale) lengthscales.push_back(i);
  }
  const auto dimension = static_cast<std::size_t>(data.dimension());
  const std::vector<double> taus = saas_taus(static_cast<int>(lengthscales.size() / dimension));
  for (std::size_t k = 0; k < lengthscales.size(); ++k) {
    box.priors[lengthscales[k]].b = taus[k / dimension];
  }

  MarginalLikelihood likelihood(kernel, data, preset.mean);
  const BatchedFunction function = [&](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                                       Eigen::Ref<VectorXd> values,
                                       Eigen::Ref<MatrixXd> gradients) {
    for (Index j = 0; j < x.cols(); ++j) {
      double* gradient = gradients.col(j).data();
      const double value = likelihood.evaluate(x.col(j), gradient);
      values[j] = -(value + box.log_prior(x.col(j), gradient));
      gradients.col(j) *= -1;
    }
  };
  FitReport out;
  const LbfgsbResult best = minimize_lockstep(function, box.start, box.low, box.high,
                                              {.rounds = options.cold_rounds,
                                               .memory = 10,
                                               .gradient_tolerance = options.gradient_tolerance,
                                               .value_tolerance = options.value_tolerance});
  out.optimized = std::isfinite(best.values[0]);
  out.degraded = !out.optimized;
  out.theta = out.optimized ? VectorXd(best.x.col(0)) : box.start;
  out.evaluations = likelihood.evaluations();
  out.likelihood = likelihood.evaluate(out.theta, nullptr);
  out.objective = out.likelihood + box.log_prior(out.theta, nullptr);
  out.active_bounds = static_cast<int>(
      ((out.theta.array() <= box.low.array()) || (out.theta.array() >= box.high.array())).count());
  return out;
}

}  // namespace asktell
