// Hyper-parameters of models for many points: maximum a posteriori from one start, over all points.
#pragma once

#include <asktell/surrogates/gp/large/sparse.hpp>
#include <asktell/surrogates/gp/large/vecchia.hpp>

namespace asktell {

struct RefineOptions {
  int rounds = 2;        // choices of inducing points or orders, each followed by a climb
  int evaluations = 15;  // of a climb at most
};

struct Refined {
  Eigen::VectorXd theta;
  double objective = 0;  // likelihood or bound plus log priors at theta
  int evaluations = 0;
  bool degraded = false;  // nothing could be evaluated; theta is where it began
};

struct RefinedSparse : Refined {
  Eigen::MatrixXd inducing;  // d x m
};

// From theta: inducing points by select_by_variance, a climb with them held, and again. The best of
// all pairs of points and hyper-parameters is kept. quality: as in select_by_variance.
RefinedSparse refine_sparse(const Kernel& kernel, const GpData& data, const GpPreset& preset,
                            SparseKind kind, const Eigen::VectorXd& theta, Eigen::Index inducing,
                            const Eigen::VectorXd& quality = {}, const RefineOptions& options = {});

// From theta: a maximin order, a climb with it held, and again when a length-scale moved by more
// than a fifth. Noise variances stay as they are.
Refined refine_vecchia(const Kernel& kernel, const GpData& data, const GpPreset& preset,
                       const Eigen::VectorXd& theta, Eigen::Index predecessors,
                       const RefineOptions& options = {});

}  // namespace asktell
