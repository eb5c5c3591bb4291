// Several related outputs in one Gaussian process: k((x, s), (z, t)) = sum over terms of B_st k(x,
// z) with B = F F' + diag(v) (Bonilla et al. 2007, "Multi-task Gaussian process prediction"; with
// several terms the linear model of coregionalization, Alvarez et al. 2012). A point is its d input
// coordinates and, as the last coordinate, the number of its task, 0, 1, ...; any task may be
// observed anywhere; where every task is observed at every point, isotopic.hpp is the faster form.
#pragma once

#include <memory>
#include <vector>

#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/gp/isotopic.hpp>

namespace asktell {

// product(stationary, task), `terms` of them added; each factor F is tasks x rank. There is no
// output scale: B is one.
KernelPtr multitask_kernel(Eigen::Index dimension, Eigen::Index tasks, Eigen::Index rank = 1,
                           kernels::Form form = kernels::Form::kMatern52, Eigen::Index terms = 1);

// The list of observations as the model takes it: x (d x n) with the tasks as row d. With
// task_noise each task has a noise variance of its own, else all share one. Throws OptionError for
// a task below 0 or lists of different length.
GpData multitask_data(const Eigen::MatrixXd& x, const Eigen::VectorXd& z,
                      const std::vector<int>& task, bool task_noise = true);

// Values standardized within each task: tasks measured in other units, or shifted, are then alike.
// A task with fewer than two values, or equal ones, takes the pooled deviation of the others.
struct TaskScales {
  Eigen::VectorXd mean, deviation;  // T; n - 1 in the denominator
  Eigen::VectorXd standardize(const Eigen::VectorXd& y, const std::vector<int>& task) const;
  Eigen::VectorXd restore(const Eigen::VectorXd& z, const std::vector<int>& task) const;
};
TaskScales task_scales(const Eigen::VectorXd& y, const std::vector<int>& task, Eigen::Index tasks);

// Spearman's rank correlation of each task with the task observed most (itself: 1), over pairs of
// each of the task's points with the nearest one of that task. 0.5 with fewer than 4 pairs.
Eigen::VectorXd task_correlations(const GpData& data, Eigen::Index tasks);

// Deterministic starting values for a kernel of multitask_kernel: first column of F
// +- sqrt(0.9 rho), rho the mean size of the other tasks' correlations above (within 0.1 ...
// 0.95) and the sign theirs; v = 0.1.
// Further columns are orthogonal to the first (parallel ones would stay parallel), further terms
// have a third of the length-scale each.
Eigen::VectorXd multitask_start(const Kernel& kernel, const GpData& data, const GpPreset& preset,
                                Eigen::Index tasks);

// Whether the other tasks help the target: mean log predictive densities of its values, each
// predicted without any observation at the same point (of another task neither: where the target is
// asked for next, there is none).
struct TransferCheck {
  double multitask = 0, single = 0;
  Eigen::Index observations = 0;
  bool helps = true;     // multitask >= single: use the multi-task model
  FitReport single_fit;  // of the target's own model: preset_kernel(preset, d)
};

struct MultitaskOptions {
  Eigen::Index rank = 1;
  Eigen::Index terms = 1;
  int target = -1;  // task to check the transfer for; -1: no check
  FitOptions fit = {};
};

struct MultitaskFit {
  FitReport report;
  KernelPtr kernel;  // of multitask_kernel
  bool kronecker = false;
  std::shared_ptr<const Surrogate> posterior;  // of (d + 1)-dimensional points
  TransferCheck transfer;
};

// Fits the hyper-parameters of multitask_kernel (form and priors: the preset's) from
// multitask_start, or from `warm`, by the Kronecker form where data allow it. Throws OptionError
// for a preset that profiles the output scale out, and for options out of range.
MultitaskFit fit_multitask(const GpData& data, Eigen::Index tasks, const GpPreset& preset,
                           const Eigen::VectorXd& warm = {}, const MultitaskOptions& options = {});

// The check alone, for models already fitted: density of the target under either kind of posterior.
double target_log_density(const GpPosterior& model, int target);
double target_log_density(const IsotopicPosterior& model, int target);

}  // namespace asktell
