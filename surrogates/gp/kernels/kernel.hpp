// Covariance functions as trees of nodes: a node is evaluated on whole matrices of points, and its
// derivatives come from one pass back through the tree (reverse-mode differentiation with the
// matrix as the unit), so that sums and products of kernels cost one pass each and no virtual call
// is made per pair of points. Points are columns (d x n); coordinates are meant to lie in the unit
// cube.
//
// Hyper-parameters enter as one vector theta, in the order of parameters(): logarithms of what is
// positive (length-scales, variances), the number itself where the sign is free.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <string>
#include <vector>

#include <asktell/core/random.hpp>

namespace asktell {

// What a hyper-parameter means; priors are given by role.
enum class HyperRole {
  kLengthscale,
  kOutputscale,
  kVariance,  // of a linear kernel's weights, or of a constant
  kShape,     // the rational quadratic's
  kPeriod,
  kAngle,   // how far apart the ends of a conditional parameter's range are
  kWarp,    // exponents of the Kumaraswamy warp
  kFactor,  // a task's loading, of either sign
  kTask,    // a task's own variance
  kMix,     // a logit
  kNoise,
};

struct HyperParameter {
  std::string name;  // "lengthscale[3]"
  HyperRole role;
  double low, high;         // natural space
  double start;             // natural space; where a fit begins when no prior says otherwise
  bool logarithmic = true;  // theta holds the logarithm

  double to_theta(double natural) const;
  double to_natural(double theta) const;
};

// A finite set of functions phi with k(x, z) = E[phi(x)' phi(z)] over its random draw: prior
// samples of the process are phi(x)' w with w ~ N(0, I).
class FeatureMap {
 public:
  virtual ~FeatureMap() = default;
  virtual Eigen::Index size() const = 0;
  // x: d x n; phi: size x n.
  virtual void map(const Eigen::MatrixXd& x, Eigen::MatrixXd& phi) const = 0;
  // out.col(j) += sum_m weights(m, j) dphi_m(x_j)/dx; weights: size x n, out: d x n.
  virtual void input_gradient(const Eigen::MatrixXd& x, const Eigen::MatrixXd& weights,
                              Eigen::MatrixXd& out) const = 0;
};

// One evaluation of a kernel, with the buffers its derivatives need. Buffers keep their size, so
// that repeated evaluations of equal shape allocate nothing. Not for several threads at once.
class KernelEvaluation {
 public:
  virtual ~KernelEvaluation() = default;
  // k(x_i, x_j) for all pairs of the n columns into k (n x n, both triangles). With slopes,
  // hyper_gradient may follow.
  virtual void symmetric(const Eigen::MatrixXd& x, const double* theta, bool slopes,
                         Eigen::MatrixXd& k) = 0;
  // The same of which only the lower triangle is asked for, as a factorization does: the upper one
  // is then unspecified.
  virtual void lower(const Eigen::MatrixXd& x, const double* theta, bool slopes,
                     Eigen::MatrixXd& k) {
    symmetric(x, theta, slopes, k);
  }
  // k(a_i, b_j): n x m. With slopes, input_gradient may follow.
  virtual void cross(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, const double* theta,
                     bool slopes, Eigen::MatrixXd& k) = 0;
  // After symmetric: gradient[p] += factor sum_ij w_ij dk_ij/dtheta_p, for symmetric w.
  virtual void hyper_gradient(const Eigen::MatrixXd& w, double factor, double* gradient) = 0;
  // The same, after symmetric or lower, for a w of which the lower triangle is given; the upper one
  // may be written.
  virtual void hyper_gradient_lower(Eigen::MatrixXd& w, double factor, double* gradient);
  // After cross: out.col(j) += factor sum_i w_ij dk(a_i, b_j)/db_j; out: d x m.
  virtual void input_gradient(const Eigen::MatrixXd& w, double factor, Eigen::MatrixXd& out) = 0;
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual const std::vector<HyperParameter>& parameters() const = 0;
  virtual std::unique_ptr<KernelEvaluation> evaluation() const = 0;
  // k(x_j, x_j) for each column of x, and the gradient of that: out.col(j) += w_j dk(x_j, x_j)/dx_j
  // (both arguments move).
  virtual void diagonal(const Eigen::MatrixXd& x, const double* theta,
                        Eigen::VectorXd& k) const = 0;
  virtual void diagonal_gradient(const Eigen::MatrixXd& x, const double* theta,
                                 const Eigen::VectorXd& w, Eigen::MatrixXd& out) const = 0;
  // `count` random waves where the kernel has no finite set of its own (Rahimi & Recht 2007,
  // "Random features for large-scale kernel machines").
  virtual std::unique_ptr<FeatureMap> features(const double* theta, Eigen::Index count,
                                               RandomStream& stream) const = 0;

  Eigen::Index parameter_count() const { return static_cast<Eigen::Index>(parameters().size()); }
};

using KernelPtr = std::shared_ptr<const Kernel>;

// theta at the parameters' own starts.
Eigen::VectorXd starting_theta(const Kernel& kernel);

}  // namespace asktell
