// Multi-task regression where every task is observed at every point: the covariance is then the
// Kronecker product of the tasks' and the inputs' plus noise, and eigen-decompositions of the two
// replace the Cholesky factor of the whole (Rakitsch et al. 2013, "It is all in the noise", noise
// of unequal tasks whitened away first): O(n^3 + T^3) in place of O(n^3 T^3). n points, T tasks.
#pragma once

#include <Eigen/Eigenvalues>
#include <memory>
#include <optional>
#include <vector>

#include <asktell/surrogates/gp/likelihood.hpp>
#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

// Observations of every task at every point.
struct IsotopicData {
  Eigen::MatrixXd x;                // d x n, without tasks, in order of first appearance
  Eigen::MatrixXd z;                // n x T
  std::vector<Eigen::Index> place;  // of each observation of the list, its column of x
  std::vector<Eigen::Index> task;   // and its task
  bool task_noise = true;           // a variance for each task; false: one for all
  Eigen::Index points() const { return x.cols(); }
  Eigen::Index tasks() const { return z.cols(); }
};

// For each column of x, the number of its place: columns equal in the first `dimension` coordinates
// share one, in order of first appearance. count: how many there are.
std::vector<Eigen::Index> places(const Eigen::MatrixXd& x, Eigen::Index dimension,
                                 Eigen::Index& count);

// The same data as a table, if each task is observed exactly once at every point and all noise is
// fitted, by task or in common; otherwise nothing.
std::optional<IsotopicData> isotopic(const GpData& data, Eigen::Index tasks);

// B (x) K + D (x) I in its eigenbasis, D whitened away first.
struct KroneckerSystem {
  // k: n x n; b: T x T; noise: T variances.
  void factorize(const Eigen::MatrixXd& k, const Eigen::MatrixXd& b, const Eigen::VectorXd& noise);
  // Finds the mean and the solution for z (n x T); returns z' Sigma^-1 z of the residuals.
  double solve(const Eigen::MatrixXd& z, const GpMean& mean);
  double log_determinant() const;

  Eigen::VectorXd root_noise;    // T: D^1/2
  Eigen::MatrixXd q;             // n x n, eigenvectors of K
  Eigen::VectorXd input_values;  // n, eigenvalues of K, not below 0
  Eigen::MatrixXd tasks;         // T x T: D^-1/2 V with V the eigenvectors of D^-1/2 B D^-1/2
  Eigen::VectorXd task_values;   // T, their eigenvalues
  Eigen::MatrixXd shrinkage;     // n x T: 1 / (1 + product of eigenvalues)
  Eigen::MatrixXd rotated;       // n x T: the solution in the eigenbasis
  double mean_value = 0, precision = 0;

 private:
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> of_inputs_, of_tasks_;
  Eigen::MatrixXd scratch_;
};

// MarginalLikelihood for isotopic data and one term. theta is that of
// multitask_kernel(d, T, rank) on the list: input kernel, F by columns, log v, log noise variances.
class IsotopicLikelihood {
 public:
  // All arguments must outlive the object. input: the kernel over the d coordinates.
  IsotopicLikelihood(const Kernel& input, const IsotopicData& data, Eigen::Index rank,
                     const GpMean& mean);
  Eigen::Index parameters() const;
  // -infinity where the covariance is not finite. gradient: parameters() numbers, set, or null.
  double evaluate(const Eigen::VectorXd& theta, double* gradient);
  double mean() const { return system_.mean_value; }
  int evaluations() const { return evaluations_; }

 private:
  void add_gradient(const Eigen::VectorXd& theta, double* gradient);

  const Kernel& input_;
  const IsotopicData& data_;
  const Eigen::Index rank_;
  const GpMean& mean_;
  std::unique_ptr<KernelEvaluation> evaluation_;
  KroneckerSystem system_;
  Eigen::MatrixXd k_, b_, scaled_;
  Eigen::VectorXd noise_;
  int evaluations_ = 0;
};

// GpPosterior for isotopic data; points carry their task as the last coordinate likewise.
class IsotopicPosterior final : public Surrogate {
 public:
  IsotopicPosterior(KernelPtr input, IsotopicData data, Eigen::Index rank, Eigen::VectorXd theta,
                    GpMean mean = {});
  const IsotopicData& data() const { return data_; }
  const Eigen::VectorXd& theta() const { return theta_; }
  double mean() const { return system_.mean_value; }
  double log_marginal_likelihood() const { return likelihood_; }
  const Eigen::MatrixXd& task_covariance() const { return b_; }  // B

  // points: (d + 1) x q; gradients likewise, 0 by the task.
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;
  // All tasks at each of q inputs (d x q): mean and variance, q x T.
  void predict_tasks(const Eigen::MatrixXd& inputs, Eigen::MatrixXd& mean,
                     Eigen::MatrixXd& variance) const;
  void joint(const Eigen::MatrixXd& points, Eigen::VectorXd& mean,
             Eigen::MatrixXd& covariance) const;
  // In the order of the list that the data came from.
  LeaveOneOut leave_one_out() const;
  // (Sigma^-1) of all tasks at one place, T x T, and the weights there.
  Eigen::MatrixXd precision_at(Eigen::Index place) const;
  const Eigen::MatrixXd& weights() const { return alpha_; }  // n x T: Sigma^-1 (z - mean)

 private:
  Eigen::MatrixXd rotate(const Eigen::MatrixXd& k) const;  // q' k

  KernelPtr input_;
  IsotopicData data_;
  Eigen::VectorXd theta_;
  KroneckerSystem system_;
  Eigen::MatrixXd b_;        // T x T
  Eigen::MatrixXd through_;  // T x T: B D^-1/2 V
  Eigen::MatrixXd alpha_;    // n x T
  Eigen::MatrixXd pulls_;    // n x T: alpha B, weights of k(X, x) in the mean of each task
  Eigen::MatrixXd losses_;   // n x T: weights of the squared rotated k(X, x) in the variance
  double likelihood_ = 0;
};

}  // namespace asktell
