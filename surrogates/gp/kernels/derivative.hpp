// Covariances of a process together with its partial derivatives (Solak et al. 2003, "Derivative
// observations in Gaussian process models of dynamic systems"): an ordinary kernel over points that
// carry one coordinate more, which says what is meant there. Posterior, likelihood, fits and
// updates then treat an observed partial derivative as any other observation.
#pragma once

#include <asktell/surrogates/gp/kernels/kernels.hpp>

namespace asktell::kernels {

struct DerivativeOptions {
  Form form = Form::kMatern52;
  // Partial derivatives are taken by x_i / unit_i, so that their variances are of the order of the
  // values' when the units are near the length-scales; empty: 1.
  Eigen::VectorXd unit = {};
  // Variance of a constant added to the values, which their derivatives do not see: an unknown mean
  // that is integrated out. Of unit amplitude, as the kernel.
  double constant = 0;
};

// Columns of d + 1 coordinates: a point x, then 0 for f(x) or i + 1 for unit_i df/dx_i. Parameters
// as those of stationary(form, d). The process must have a derivative: OptionError for Matern 1/2.
KernelPtr derivative(Eigen::Index dimension, DerivativeOptions options = {});

}  // namespace asktell::kernels
