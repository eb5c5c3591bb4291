// See student_t.hpp.
#include <asktell/surrogates/gp/student_t.hpp>

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const GpMean& check(const GpMean& mean) {
  if (mean.kind == GpMean::Kind::kNormal) {
    throw OptionError("option.value",
                      "a mean with a normal prior cannot be combined with a scale that is "
                      "integrated out; use a profiled or a fixed mean");
  }
  return mean;
}

}  // namespace

StudentTPosterior::StudentTPosterior(KernelPtr kernel, GpData data, VectorXd theta, GpMean mean)
    : base_(std::move(kernel), std::move(data), std::move(theta), check(mean)),
      integrated_mean_(mean.kind == GpMean::Kind::kProfiled),
      degrees_(static_cast<double>(base_.size()) - (integrated_mean_ ? 1 : 0)) {
  const VectorXd residual = base_.data().z.array() - base_.mean();
  square_ = std::max(residual.dot(base_.weights()), 1e-300);
  ones_.setOnes(base_.size());
  dense::solve_lower(base_.factor(), ones_);
  precision_ = ones_.squaredNorm();
  dense::solve_lower_transposed(base_.factor(), ones_);
}

double StudentTPosterior::log_marginal_likelihood() const {
  return boost::math::lgamma(0.5 * degrees_) -
         0.5 * degrees_ * std::log(std::numbers::pi * square_) -
         base_.factor().diagonal().array().log().sum() -
         (integrated_mean_ ? 0.5 * std::log(precision_) : 0);
}

// (1 - 1' C^-1 k)^2 / 1' C^-1 1.
void StudentTPosterior::add_mean_variance(const MatrixXd& points, VectorXd& variance,
                                          MatrixXd* gradient) const {
  const auto evaluation = base_.kernel().evaluation();
  MatrixXd k;
  evaluation->cross(base_.data().x, points, base_.theta().data(), gradient != nullptr, k);
  const VectorXd share = 1 - (k.transpose() * ones_).array();
  variance += share.cwiseAbs2() / precision_;
  if (!gradient) return;
  evaluation->input_gradient(ones_ * share.transpose(), -2 / precision_, *gradient);
}

void StudentTPosterior::predict_t(const MatrixXd& points, VectorXd& location,
                                  VectorXd& scale_squared) const {
  base_.predict(points, location, scale_squared);
  if (integrated_mean_) add_mean_variance(points, scale_squared, nullptr);
  scale_squared *= this->scale_squared();
}

void StudentTPosterior::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                                MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  base_.predict(points, mean, variance, mean_gradient, variance_gradient);
  if (integrated_mean_) add_mean_variance(points, variance, variance_gradient);
  const double inflation = degrees_ > 2 ? degrees_ / (degrees_ - 2) : 1;
  variance *= scale_squared() * inflation;
  if (variance_gradient) *variance_gradient *= scale_squared() * inflation;
}

double student_t_constant(Index n) {
  const double half = 0.5 * static_cast<double>(n);
  return boost::math::lgamma(half) + half * (1 + std::numbers::ln2 - std::log(2 * half));
}

}  // namespace asktell
