// The kernels to build from. Trees are put together with scaled, sum and product:
//
//   namespace k = asktell::kernels;
//   auto kernel = k::scaled(k::matern52(d));                              // the default
//   auto mixed = k::scaled(k::stationary({.columns = {0, 1, 2},
//       .metrics = {k::Metric::kDifference, k::Metric::kDifference, k::Metric::kHamming}}));
//   auto multi_task = k::product(k::matern52(d), k::task(d, 3));          // coordinate d: the task
//
// Formulas: Rasmussen & Williams 2006, chapter 4; those of other sources are named below.
#pragma once

#include <string_view>
#include <vector>

#include <asktell/core/dense.hpp>
#include <asktell/surrogates/gp/kernels/kernel.hpp>

namespace asktell::kernels {

using dense::Form;

// How two values of one coordinate differ, as a part of the squared distance that the form takes.
enum class Metric {
  kDifference,   // (x - z)^2 / l^2; a missing value (NaN) counts as 1/2
  kHamming,      // [x != z] / l^2: categories (Optuna, Vizier; with kRbf also SMAC)
  kHammingMean,  // 2 [x != z] / (m l), m such coordinates: with kRbf, BoTorch's categories
  kActivity,     // [x missing != z missing] / l^2
  kPeriodic,     // 2 (1 - cos(2 pi (x - z) / p)) / l^2: with kRbf, the periodic kernel
  kArc,          // chord of an arc of radius 1/l; missing values lie at its centre (Swersky et al.
                 // 2013, "Raiders of the lost architecture")
};

struct StationaryOptions {
  Form form = Form::kMatern52;
  std::vector<Eigen::Index> columns = {};  // coordinates looked at
  std::vector<Metric> metrics = {};        // one a column; empty: kDifference
  bool ard = true;                         // a length-scale for each column; false: one for all
  // Kumaraswamy warp x -> 1 - (1 - x^c1)^c0 of each kDifference coordinate, two exponents each
  // (Snoek et al. 2014, "Input warping for Bayesian optimization of non-stationary functions").
  bool warp = false;
};

KernelPtr stationary(StationaryOptions options);
// All of d coordinates, by difference, with a length-scale each.
KernelPtr stationary(Form form, Eigen::Index dimension);
KernelPtr matern52(Eigen::Index dimension);

// sum_i v_i (x_i - 1/2)(z_i - 1/2).
KernelPtr linear(std::vector<Eigen::Index> columns);
// Linear on the sphere: b0 + b1 S(x)' S(z) with S the inverse stereographic projection of the
// scaled point (Doumont et al. 2025, "We still don't understand high-dimensional Bayesian
// optimization", the kernel of their released code).
KernelPtr spherical_linear(std::vector<Eigen::Index> columns);
// A variance that all points share.
KernelPtr constant();
// Covariance B of tasks, B = F F' + diag(v) with F tasks x rank; the coordinate holds the task's
// number 0, 1, ... (Bonilla et al. 2007, "Multi-task Gaussian process prediction").
KernelPtr task(Eigen::Index column, Eigen::Index tasks, Eigen::Index rank = 1);

// outputscale * kernel.
KernelPtr scaled(KernelPtr kernel);
KernelPtr sum(std::vector<KernelPtr> terms);
KernelPtr product(std::vector<KernelPtr> factors);

// Mean over groups of coordinates of matern52 on each (Duvenaud et al. 2011, "Additive Gaussian
// processes", with groups given); an output scale each.
KernelPtr additive(const std::vector<std::vector<Eigen::Index>>& groups,
                   Form form = Form::kMatern52);

// "matern52", "matern32", "matern12", "rbf", "rational_quadratic": a form's name, and back; throws
// OptionError for another name.
std::string_view name(Form form);
Form form(std::string_view name);

// Columns 0, ..., dimension - 1.
std::vector<Eigen::Index> all_columns(Eigen::Index dimension);

}  // namespace asktell::kernels
