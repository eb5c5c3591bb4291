// See box.hpp.
#include <asktell/surrogates/sampling/box.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kMargin = 1e-6;  // to_free keeps this share of the box away from its ends

// 1 / (1 + exp(-u)), and the logarithm of its derivative s (1 - s).
double logistic(double u) {
  return 1 / (1 + std::exp(-u));
}
double log_logistic_slope(double u) {
  return -std::abs(u) - 2 * std::log1p(std::exp(-std::abs(u)));
}

}  // namespace

UnconstrainedBox::UnconstrainedBox(VectorXd low, VectorXd high)
    : low_(std::move(low)), high_(std::move(high)) {
  for (Index i = 0; i < low_.size(); ++i) {
    if (!(low_[i] <= high_[i])) {
      throw OptionError("option.value", "bounds of parameter " + std::to_string(i) + " are " +
                                            std::to_string(low_[i]) + " and " +
                                            std::to_string(high_[i]) +
                                            "; the lower one must not exceed the upper one");
    }
    if (low_[i] < high_[i]) free_.push_back(i);
  }
}

UnconstrainedBox::Bounds UnconstrainedBox::bounds(Index i) const {
  if (std::isfinite(low_[i])) return std::isfinite(high_[i]) ? Bounds::kBoth : Bounds::kLower;
  return std::isfinite(high_[i]) ? Bounds::kUpper : Bounds::kNone;
}

VectorXd UnconstrainedBox::to_free(const VectorXd& x) const {
  VectorXd u(size());
  for (Index k = 0; k < size(); ++k) {
    const Index i = free_[static_cast<std::size_t>(k)];
    switch (bounds(i)) {
      case Bounds::kNone:
        u[k] = x[i];
        break;
      case Bounds::kLower:
        u[k] = std::log(std::max(kMargin, x[i] - low_[i]));
        break;
      case Bounds::kUpper:
        u[k] = -std::log(std::max(kMargin, high_[i] - x[i]));
        break;
      case Bounds::kBoth: {
        const double share =
            std::clamp((x[i] - low_[i]) / (high_[i] - low_[i]), kMargin, 1 - kMargin);
        u[k] = std::log(share / (1 - share));
      }
    }
  }
  return u;
}

double UnconstrainedBox::to_box(const VectorXd& u, VectorXd& x) const {
  x = low_;
  double log_jacobian = 0;
  for (Index k = 0; k < size(); ++k) {
    const Index i = free_[static_cast<std::size_t>(k)];
    switch (bounds(i)) {
      case Bounds::kNone:
        x[i] = u[k];
        break;
      case Bounds::kLower:
        x[i] = low_[i] + std::exp(u[k]);
        log_jacobian += u[k];
        break;
      case Bounds::kUpper:
        x[i] = high_[i] - std::exp(-u[k]);
        log_jacobian -= u[k];
        break;
      case Bounds::kBoth:
        x[i] = low_[i] + (high_[i] - low_[i]) * logistic(u[k]);
        log_jacobian += std::log(high_[i] - low_[i]) + log_logistic_slope(u[k]);
    }
  }
  return log_jacobian;
}

void UnconstrainedBox::pull_back(const VectorXd& u, const VectorXd& gradient, VectorXd& out) const {
  out.resize(size());
  for (Index k = 0; k < size(); ++k) {
    const Index i = free_[static_cast<std::size_t>(k)];
    switch (bounds(i)) {
      case Bounds::kNone:
        out[k] = gradient[i];
        break;
      case Bounds::kLower:
        out[k] = gradient[i] * std::exp(u[k]) + 1;
        break;
      case Bounds::kUpper:
        out[k] = gradient[i] * std::exp(-u[k]) - 1;
        break;
      case Bounds::kBoth: {
        const double share = logistic(u[k]);
        out[k] = gradient[i] * (high_[i] - low_[i]) * share * (1 - share) + 1 - 2 * share;
      }
    }
  }
}

}  // namespace asktell
