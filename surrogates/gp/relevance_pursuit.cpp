// See relevance_pursuit.hpp.
#include <asktell/surrogates/gp/relevance_pursuit.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <string>

#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kShares[] = {1, .75, .5, .4, .3, .2, .15, .1, .05};  // the released code's
const double kLog2Pi = std::log(2 * std::numbers::pi);

void check(const GpPreset& preset, const RelevancePursuitOptions& options) {
  if (preset.profile_scale) {
    throw OptionError("option.value", "prior \"" + preset.name +
                                          "\" profiles the output scale out, so extra noise has no "
                                          "unit; use another prior for a robust fit");
  }
  const auto share = [](const char* name, double value) {
    if (value > 0 && value <= 1) return;
    throw OptionError("option.value", std::string("relevance pursuit: ") + name + " is " +
                                          std::to_string(value) + "; it must be in (0, 1]");
  };
  share("step", options.step);
  share("cap", options.cap);
  share("mean_share", options.mean_share);
  if (!(options.trigger >= 0)) {
    throw OptionError("option.value", "relevance pursuit: trigger is " +
                                          std::to_string(options.trigger) +
                                          "; it must be 0 (always) or above");
  }
}

double log_choose(Index n, Index k) {
  const auto log_factorial = [](Index m) { return std::lgamma(static_cast<double>(m) + 1); };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

double support_prior(Index n, Index size, const RelevancePursuitOptions& options) {
  const double mean = std::max(1.0, options.mean_share * static_cast<double>(n));
  const double supports = options.count_supports ? log_choose(n, size) : 0;
  return -static_cast<double>(size) / mean - std::log(mean) - supports;
}

double largest_score(const VectorXd& z_scores) {
  if (z_scores.size() == 0) return 0;
  VectorXd size = z_scores.cwiseAbs();
  const auto middle = size.begin() + size.size() / 2;
  std::nth_element(size.begin(), middle, size.end());
  const double scale = std::min(1.0, 1.4826 * *middle);
  const double largest = size.maxCoeff();
  return largest > 0 ? largest / scale : 0;
}

// A support with its hyper-parameters, in search of the best.
struct Candidate {
  VectorXd theta, rho;
  RelevancePursuitStep step;
};

class Pursuit {
 public:
  Pursuit(const KernelPtr& kernel, const GpData& data, const GpPreset& preset,
          const RelevancePursuitOptions& options, RobustFit& out)
      : kernel_(kernel), data_(data), preset_(preset), options_(options), out_(out) {}

  // Adds one observation after another; returns the best support.
  Candidate forward() {
    const auto n = static_cast<double>(data_.size());
    const auto most = static_cast<Index>(std::floor(options_.cap * n));
    const auto step = static_cast<Index>(std::ceil(options_.step * n));
    Index refit_at = step;
    restart({out_.theta, VectorXd::Zero(data_.size()), out_.path[0]});
    Candidate best = now_;
    for (Index picked = 1; picked <= most && pick(); ++picked) {
      if (picked % step == 0 || picked == most) noise_->polish();
      const bool refit_due = picked == refit_at;
      if (refit_due) {
        refit();
        refit_at *= 2;
      }
      record(refit_due);
      if (now_.step.criterion() > best.step.criterion()) best = now_;
    }
    return best;
  }

  // Drops the smallest variances along kShares of n, each time fitted anew from 0.
  Candidate backward() {
    const Index n = data_.size();
    const auto most = static_cast<Index>(std::floor(options_.cap * static_cast<double>(n)));
    restart({out_.theta, VectorXd::Zero(n), out_.path[0]});
    Candidate best = now_;
    std::vector<Index> support(static_cast<std::size_t>(n));
    std::iota(support.begin(), support.end(), Index{0});
    for (double share : kShares) {
      const VectorXd last = noise_->rho();
      std::stable_sort(support.begin(), support.end(),
                       [&](Index a, Index b) { return last[a] > last[b]; });
      support.resize(static_cast<std::size_t>(share * static_cast<double>(n)));
      restart({now_.theta, VectorXd::Zero(n), now_.step});
      noise_->polish(support, 10, 1e-3);
      refit();
      record(true);
      const bool allowed = now_.step.size <= most;
      if (allowed && now_.step.criterion() > best.step.criterion()) best = now_;
    }
    return best;
  }

  // Support, variances and hyper-parameters in turn until the criterion gains little.
  Candidate settle(Candidate best) {
    for (int round = 0; round < 2 && best.step.size > 0; ++round) {
      restart(best);
      prune();
      refit();
      prune();
      record(true);
      const double gain = now_.step.criterion() - best.step.criterion();
      if (gain > 0) best = now_;
      if (gain < 0.1) break;
    }
    return best;
  }

 private:
  void restart(Candidate from) {
    now_ = std::move(from);
    noise_.emplace(kernel_, data_, now_.theta, preset_.mean, now_.rho);
  }

  bool pick() {
    VectorXd optimum = noise_->optimum();
    for (Index i = 0; i < optimum.size(); ++i) {
      if (noise_->rho()[i] > 0) optimum[i] = 0;
    }
    Index at = 0;
    if (!(optimum.maxCoeff(&at) > 0)) return false;
    noise_->set(at, optimum[at]);
    return true;
  }

  // Members of the support that cost the prior more than they bring the likelihood leave it.
  void prune() {
    noise_->polish();
    for (Index size = noise_->support(); size > 0; --size) {
      Index at = 0;
      const double loss = noise_->gains().minCoeff(&at);
      const double return_of_prior = support_prior(data_.size(), size - 1, options_) -
                                     support_prior(data_.size(), size, options_);
      if (loss >= return_of_prior) break;
      noise_->set(at, 0);
    }
    noise_->polish();
  }

  void refit() {
    const VectorXd rho = noise_->rho();
    const FitReport report = fit_members(*kernel_, with_extra_noise(data_, rho), {preset_},
                                         {&now_.theta, 1}, options_.fit)[0];
    ++out_.refits;
    out_.evaluations += report.evaluations;
    if (report.degraded) return;
    RelevancePursuitStep step = now_.step;
    step.log_prior = report.objective - report.likelihood;
    restart({report.theta, rho, step});
    noise_->polish();
  }

  void record(bool refitted) {
    now_.rho = noise_->rho();
    now_.step.size = noise_->support();
    now_.step.likelihood = noise_->likelihood();
    now_.step.support_prior = support_prior(data_.size(), now_.step.size, options_);
    now_.step.refitted = refitted;
    out_.path.push_back(now_.step);
  }

  const KernelPtr& kernel_;
  const GpData& data_;
  const GpPreset& preset_;
  const RelevancePursuitOptions& options_;
  RobustFit& out_;
  Candidate now_;
  std::optional<ExtraNoise> noise_;
};

void list_suspects(const VectorXd& z_scores, RobustFit& out) {
  for (Index i = 0; i < out.rho.size(); ++i) {
    if (out.rho[i] > 0) out.suspects.push_back({i, z_scores[i], out.rho[i]});
  }
  std::stable_sort(
      out.suspects.begin(), out.suspects.end(),
      [](const Suspect& a, const Suspect& b) { return std::abs(a.z_score) > std::abs(b.z_score); });
}

}  // namespace

GpData with_extra_noise(const GpData& data, const VectorXd& rho) {
  GpData out = data;
  if (out.given_noise.size() == 0) {
    out.given_noise = rho;
  } else {
    out.given_noise += rho;
  }
  return out;
}

ExtraNoise::ExtraNoise(const KernelPtr& kernel, const GpData& data, const VectorXd& theta,
                       const GpMean& mean, VectorXd rho)
    : mean_(mean), z_(data.z), rho_(std::move(rho)), inverse_(data.size(), data.size()) {
  const GpData noisy = with_extra_noise(data, rho_);
  const GpPosterior model(kernel, noisy, theta, mean);
  dense::inverse_from_cholesky(model.factor(), inverse_);
  log_determinant_ = 2 * model.factor().diagonal().array().log().sum();
  solved_z_ = inverse_ * z_;
  solved_one_ = inverse_.rowwise().sum();
  solve_mean();
  if (data.replicates.empty()) return;
  MarginalLikelihood exact(*kernel, noisy, mean);
  replicates_ = exact.evaluate(theta, nullptr) - likelihood();
}

void ExtraNoise::solve_mean() {
  mean_value_ = mean_.value;
  if (mean_.kind != GpMean::Kind::kFixed) {
    const bool normal = mean_.kind == GpMean::Kind::kNormal;
    const double prior_weight = normal ? 1 / (mean_.deviation * mean_.deviation) : 0;
    mean_value_ = solved_z_.sum() / (solved_one_.sum() + prior_weight);
  }
  alpha_ = solved_z_ - mean_value_ * solved_one_;
}

double ExtraNoise::likelihood() const {
  const VectorXd residual = z_.array() - mean_value_;
  double value =
      -0.5 * (residual.dot(alpha_) + log_determinant_ + static_cast<double>(z_.size()) * kLog2Pi);
  if (mean_.kind == GpMean::Kind::kNormal) {
    value += Prior::normal(0, mean_.deviation).log_density(mean_value_);
  }
  return value + replicates_;
}

VectorXd ExtraNoise::optimum() const {
  const Eigen::ArrayXd variance = inverse_.diagonal().array().inverse();
  const Eigen::ArrayXd error = alpha_.array() * variance;
  return (error.square() - (variance - rho_.array())).max(0).matrix();
}

VectorXd ExtraNoise::slopes() const {
  return 0.5 * (alpha_.array().square() - inverse_.diagonal().array());
}

VectorXd ExtraNoise::z_scores() const {
  const Eigen::ArrayXd variance = inverse_.diagonal().array().inverse();
  return alpha_.array() * variance / (variance - rho_.array()).max(1e-300).sqrt();
}

VectorXd ExtraNoise::gains() const {
  const Eigen::ArrayXd with = inverse_.diagonal().array().inverse();
  const Eigen::ArrayXd without = (with - rho_.array()).max(1e-300);
  const Eigen::ArrayXd square = (alpha_.array() * with).square();
  const Eigen::ArrayXd gain = 0.5 * (square / without + without.log() - square / with - with.log());
  return (rho_.array() > 0).select(gain, HUGE_VAL).matrix();
}

void ExtraNoise::set(Index i, double rho) {
  const double change = rho - rho_[i];
  if (change == 0) return;
  rho_[i] = rho;
  // (Sigma + change e e')^-1 by Sherman & Morrison; the determinant by the same number.
  const double ratio = 1 + change * inverse_(i, i);
  const double factor = change / ratio;
  const VectorXd column = inverse_.col(i);
  log_determinant_ += std::log(ratio);
  solved_z_ -= factor * solved_z_[i] * column;
  solved_one_ -= factor * solved_one_[i] * column;
  inverse_.noalias() -= factor * column * column.transpose();
  solve_mean();
}

void ExtraNoise::polish(int sweeps, double tolerance) {
  std::vector<Index> which;
  for (Index i = 0; i < rho_.size(); ++i) {
    if (rho_[i] > 0) which.push_back(i);
  }
  polish(which, sweeps, tolerance);
}

void ExtraNoise::polish(const std::vector<Index>& which, int sweeps, double tolerance) {
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    const double before = likelihood();
    for (Index i : which) {
      const double variance = 1 / inverse_(i, i), error = alpha_[i] * variance;
      set(i, std::max(0.0, error * error - (variance - rho_[i])));
    }
    if (likelihood() - before < tolerance) break;
  }
}

RobustFit fit_robust(const KernelPtr& kernel, const GpData& data, const GpPreset& preset,
                     const VectorXd& warm, const RelevancePursuitOptions& options) {
  check(preset, options);
  RobustFit out;
  out.ordinary = fit_members(*kernel, data, {preset}, {&warm, 1}, options.fit)[0];
  out.theta = out.ordinary.theta;
  out.rho = VectorXd::Zero(data.size());
  out.evaluations = out.ordinary.evaluations;
  out.path.push_back({0, out.ordinary.likelihood, out.ordinary.objective - out.ordinary.likelihood,
                      support_prior(data.size(), 0, options), true});
  if (!out.ordinary.optimized || options.cap * static_cast<double>(data.size()) < 1) return out;
  const ExtraNoise ordinary(kernel, data, out.theta, preset.mean, out.rho);
  out.triggered = options.trigger == 0 || largest_score(ordinary.z_scores()) > options.trigger;
  if (!out.triggered) return out;

  Pursuit pursuit(kernel, data, preset, options, out);
  const Candidate best = pursuit.settle(options.backward ? pursuit.backward() : pursuit.forward());
  out.theta = best.theta;
  out.rho = best.rho;
  list_suspects(ExtraNoise(kernel, data, out.theta, preset.mean, out.rho).z_scores(), out);
  return out;
}

}  // namespace asktell
