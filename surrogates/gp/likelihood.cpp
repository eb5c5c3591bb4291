// See likelihood.hpp.
#include <asktell/surrogates/gp/likelihood.hpp>

#include <cmath>
#include <limits>
#include <numbers>

#include <asktell/core/dense.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const double kLog2Pi = std::log(2 * std::numbers::pi);

}  // namespace

std::vector<HyperParameter> model_parameters(const Kernel& kernel, const GpData& data) {
  std::vector<HyperParameter> out = kernel.parameters();
  const Index groups = data.groups();
  for (Index g = 0; g < groups; ++g) {
    const std::string index = groups == 1 ? "" : "[" + std::to_string(g) + "]";
    out.push_back({"noise_variance" + index, HyperRole::kNoise, 1e-8, 10, 1e-2});
  }
  return out;
}

HyperBox::HyperBox(const std::vector<HyperParameter>& parameters, const GpPreset& preset) {
  const auto count = static_cast<Index>(parameters.size());
  low.resize(count);
  high.resize(count);
  start.resize(count);
  for (Index i = 0; i < count; ++i) {
    const HyperParameter& parameter = parameters[static_cast<std::size_t>(i)];
    const HyperPrior& prior = preset.of(parameter.role);
    const bool own = prior.low == 0 && prior.high == 0;
    low[i] = parameter.to_theta(own ? parameter.low : prior.low);
    high[i] = parameter.to_theta(own ? parameter.high : prior.high);
    const double from = parameter.to_theta(prior.start == 0 ? parameter.start : prior.start);
    start[i] = std::clamp(from, low[i], high[i]);
    if (prior.fixed) low[i] = high[i] = start[i];
    priors.push_back(prior.fixed ? Prior{} : prior.prior);
    logarithmic.push_back(parameter.logarithmic);
  }
}

double HyperBox::log_prior(const Eigen::Ref<const VectorXd>& theta, double* gradient) const {
  double sum = 0;
  for (Index i = 0; i < theta.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (priors[at].kind == Prior::Kind::kFlat) continue;
    const double natural = logarithmic[at] ? std::exp(theta[i]) : theta[i];
    sum += priors[at].log_density(natural);
    if (gradient) gradient[i] += priors[at].slope(natural);
  }
  return sum;
}

MarginalLikelihood::MarginalLikelihood(const Kernel& kernel, const GpData& data, const GpMean& mean,
                                       FitCriterion criterion, bool profile_scale)
    : kernel_(kernel),
      data_(data),
      mean_(mean),
      criterion_(criterion),
      profile_scale_(profile_scale),
      evaluation_(kernel.evaluation()) {
  const Index n = data.size();
  sigma_.resize(n, n);
  inverse_.resize(n, n);
  alpha_.resize(n);
  residual_.resize(n);
  solved_.resize(n, 2);
  noise_.resize(data.groups());
}

// Leaves alpha_ = Sigma^-1 (z - mean).
void MarginalLikelihood::solve_mean(const GpMean& mean) {
  mean_value_ = mean.value;
  if (mean.kind == GpMean::Kind::kFixed) {
    residual_ = data_.z.array() - mean_value_;
    alpha_ = residual_;
    dense::solve_lower(sigma_, alpha_);
  } else {
    solved_.col(0) = data_.z;
    solved_.col(1).setOnes();
    dense::solve_lower(sigma_, solved_);
    const double prior_weight =
        mean.kind == GpMean::Kind::kNormal ? 1 / (mean.deviation * mean.deviation) : 0;
    mean_value_ =
        solved_.col(1).dot(solved_.col(0)) / (solved_.col(1).squaredNorm() + prior_weight);
    residual_ = data_.z.array() - mean_value_;
    alpha_ = solved_.col(0) - mean_value_ * solved_.col(1);
  }
  dense::solve_lower_transposed(sigma_, alpha_);
}

// r values merged into one at a point: the part of their likelihood that their mean does not hold.
double MarginalLikelihood::replicate_terms(const double* log_noise, double* gradient) const {
  double sum = 0;
  for (std::size_t g = 0; g < data_.replicates.size() && data_.fitted_noise; ++g) {
    const Replicates& about = data_.replicates[g];
    const double precision = std::exp(-log_noise[g]);
    sum += -0.5 * about.extra * (kLog2Pi + log_noise[g]) - 0.5 * about.log_counts -
           0.5 * about.squares * precision;
    if (gradient) gradient[g] += -0.5 * about.extra + 0.5 * about.squares * precision;
  }
  return sum;
}

// Replaces the inverse P by the matrix whose product with dSigma, halved, is the derivative of the
// leave-one-out density (Rasmussen & Williams 2006, equation 5.13, gathered for all parameters).
void MarginalLikelihood::leave_one_out_weights(double& value) {
  const Index n = data_.size();
  dense::mirror_lower(inverse_);
  const auto precision = inverse_.diagonal().array();
  const auto alpha = alpha_.array();
  value = 0.5 * (precision.log() - kLog2Pi - alpha.square() / precision).sum();
  weights_.resize(n, n);
  for (Index j = 0; j < n; ++j) {
    const double p = inverse_(j, j);
    weights_.col(j) = (1 + alpha_[j] * alpha_[j] / p) / p * inverse_.col(j);
    residual_[j] = alpha_[j] / p;
  }
  dense::column_dots(inverse_, residual_, solved_.col(0));
  // The factor is not needed any more: its place takes the product.
  dense::multiply(false, false, -1, weights_, inverse_, 0, sigma_);
  for (Index j = 0; j < n; ++j) {
    inverse_.col(j) = sigma_.col(j) + solved_(j, 0) * alpha_ + alpha_[j] * solved_.col(0);
  }
}

void MarginalLikelihood::add_noise(const double* log_noise) {
  for (Index g = 0; g < noise_.size(); ++g) noise_[g] = std::exp(log_noise[g]);
  for (Index i = 0; i < data_.size(); ++i) {
    if (data_.given_noise.size() > 0) sigma_(i, i) += data_.given_noise[i];
    if (data_.fitted_noise) sigma_(i, i) += noise_[data_.group(i)] * data_.share(i);
  }
}

double MarginalLikelihood::evaluate(const Eigen::Ref<const VectorXd>& theta, double* gradient) {
  ++evaluations_;
  const Index n = data_.size(), own = kernel_.parameter_count();
  const double* log_noise = theta.data() + own;
  evaluation_->lower(data_.x, theta.data(), gradient != nullptr, sigma_);
  add_noise(log_noise);
  if (gradient) VectorXd::Map(gradient, theta.size()).setZero();
  if (dense::cholesky(sigma_) >= 0) return -std::numeric_limits<double>::infinity();
  solve_mean(mean_);
  const double square = residual_.dot(alpha_);
  scale_ = profile_scale_ ? std::max(square, 1e-300) / static_cast<double>(n) : 1;
  double value = -0.5 * (square / scale_ + static_cast<double>(n) * std::log(scale_)) -
                 sigma_.diagonal().array().log().sum() - 0.5 * static_cast<double>(n) * kLog2Pi;
  if (mean_.kind == GpMean::Kind::kNormal) {
    value += Prior::normal(0, mean_.deviation).log_density(mean_value_);
  }
  const bool leave_one_out = criterion_ == FitCriterion::kLeaveOneOut;
  if (!gradient && !leave_one_out) return value + replicate_terms(log_noise, nullptr);

  dense::inverse_lower_from_cholesky(sigma_, inverse_);
  if (leave_one_out) {
    leave_one_out_weights(value);
  } else {
    // dLML = tr((alpha alpha' - Sigma^-1) dSigma) / 2; the mean is at its optimum and moves
    // nothing.
    dense::outer_minus_lower(1 / scale_, alpha_, inverse_);
  }
  if (!gradient) return value;
  evaluation_->hyper_gradient_lower(inverse_, 0.5, gradient);
  if (data_.fitted_noise) {
    for (Index i = 0; i < n; ++i) {
      const int group = data_.group(i);
      gradient[own + group] += 0.5 * inverse_(i, i) * noise_[group] * data_.share(i);
    }
  }
  if (leave_one_out) return value;
  return value + replicate_terms(log_noise, gradient + own);
}

}  // namespace asktell
