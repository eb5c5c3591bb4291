// When the hyper-parameters of a growing model are fitted again. Between fits observations are
// appended, which costs O(n^2) where a fit costs O(n^3) many times.
#pragma once

#include <Eigen/Core>

namespace asktell {

struct RefitSchedule {
  Eigen::Index always = 200;  // up to so many observations every one is worth a fit
  double growth = 0.05;       // beyond, this share more since the last fit
  double cold_growth = 0.25;  // and a fit from all starts after this share more since the last such
  // Mean square of the standardized errors of the last ten observations, each predicted before it
  // was seen: outside, the model has stopped to fit.
  double calm_low = 0.2, calm_high = 4;
  Eigen::Index window = 10;

  // n: observations now, fitted: at the last fit; errors: standardized one-step-ahead errors since
  // then, oldest first.
  bool due(Eigen::Index n, Eigen::Index fitted, const Eigen::VectorXd& errors) const {
    if (n <= always) return true;
    const auto grown = static_cast<double>(n - fitted);
    if (grown >= growth * static_cast<double>(fitted)) return true;
    if (errors.size() < window) return false;
    const double square = errors.tail(window).squaredNorm() / static_cast<double>(window);
    return square < calm_low || square > calm_high;
  }
  bool cold(Eigen::Index n, Eigen::Index cold_fitted) const {
    const auto grown = static_cast<double>(n - cold_fitted);
    return grown >= cold_growth * static_cast<double>(cold_fitted);
  }
};

}  // namespace asktell
