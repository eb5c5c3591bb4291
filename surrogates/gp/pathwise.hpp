// Samples of the whole posterior function, by Matheron's rule (Wilson et al. 2020, "Efficiently
// sampling functions from Gaussian process posteriors"): a draw from the prior in random features,
// corrected where data are,
//
//   f(x) = m(x) + phi(x)' w + k(x, X) (K + noise)^-1 (z - m - Phi' w - e),  e ~ N(0, noise).
//
// A sample is a function: the same at every call, with exact gradients. A point costs
// O(n + features).
#pragma once

#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

class SamplePaths {
 public:
  // `count` independent functions from `stream`; `features` random waves for kernels without finite
  // features of their own.
  SamplePaths(const GpPosterior& model, Eigen::Index count, RandomStream& stream,
              Eigen::Index features = 1024);
  // From given features, weights (features x count) and noise draws (n x count).
  SamplePaths(const GpPosterior& model, std::unique_ptr<FeatureMap> features,
              Eigen::MatrixXd weights, Eigen::MatrixXd noise);

  Eigen::Index count() const { return weights_.cols(); }
  // values: q x count at the q columns of points.
  void evaluate(const Eigen::MatrixXd& points, Eigen::MatrixXd& values) const;
  // One function, and its gradient (d x q).
  void evaluate(Eigen::Index path, const Eigen::MatrixXd& points, Eigen::VectorXd& values) const;
  void evaluate(Eigen::Index path, const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd& gradients) const;

  // The same functions given more data: observations appended to the model since. Prior draw and
  // old noise stay; noise of the new ones is drawn from `stream`.
  void follow(const GpPosterior& model, RandomStream& stream);

  const Eigen::MatrixXd& update_weights() const { return update_; }

 private:
  void solve(const GpPosterior& model);
  template <typename Use>
  void by_blocks(const Eigen::MatrixXd& points, bool gradients, Use use) const;

  KernelPtr kernel_;
  Eigen::VectorXd theta_;
  Eigen::MatrixXd x_;  // d x n
  double mean_ = 0;
  std::shared_ptr<const FeatureMap> features_;
  Eigen::MatrixXd weights_;  // features x count
  Eigen::MatrixXd noise_;    // n x count
  Eigen::MatrixXd update_;   // n x count
};

}  // namespace asktell
