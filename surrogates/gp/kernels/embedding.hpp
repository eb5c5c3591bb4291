// Coordinates as a stationary kernel sees them (private to the kernels): a map e with
// |e(x) - e(z)|^2 the sum of the squared distances of the numeric coordinates. Everything that is
// derived from a distance is derived from e by the chain rule.
#pragma once

#include <asktell/surrogates/gp/kernels/kernels.hpp>

namespace asktell::kernels {

class Embedding {
 public:
  Embedding() = default;
  explicit Embedding(const StationaryOptions& options);

  const std::vector<HyperParameter>& parameters() const { return parameters_; }
  Eigen::Index rows() const { return rows_; }  // of e(x)
  bool categorical() const { return !categories_.empty(); }

  // x: d x n; u: rows() x n.
  void apply(const Eigen::MatrixXd& x, const double* theta, Eigen::MatrixXd& u) const;
  // Given g = dL/du: gradient[p] += factor dL/dtheta_p, and out.col(j) += factor dL/dx_j.
  void hyper_gradient(const Eigen::MatrixXd& x, const double* theta, const Eigen::MatrixXd& u,
                      const Eigen::MatrixXd& g, double factor, double* gradient) const;
  void input_gradient(const Eigen::MatrixXd& x, const double* theta, const Eigen::MatrixXd& g,
                      double factor, Eigen::MatrixXd& out) const;

  // r2(i, j) += what the categories of a_i and b_j add.
  void add_mismatches(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, const double* theta,
                      Eigen::MatrixXd& r2) const;
  // The same for the pairs of one set, in the lower triangle.
  void add_mismatches_lower(const Eigen::MatrixXd& x, const double* theta,
                            Eigen::MatrixXd& r2) const;
  // gradient[p] += factor sum_ij w_ij slope_ij dr2_ij/dtheta_p for the categories' parameters; w
  // and slope are symmetric, their lower triangles are read.
  void mismatch_gradient(const Eigen::MatrixXd& x, const double* theta, const Eigen::MatrixXd& w,
                         const Eigen::MatrixXd& slope, double factor, double* gradient) const;

  struct Category {
    Eigen::Index column;
    Metric metric;
    Eigen::Index lengthscale;  // index into theta
  };
  const std::vector<Category>& categories() const { return categories_; }
  double mismatch(const Category& category, const double* theta) const;
  static bool differ(Metric metric, double x, double z);

 private:
  struct Numeric {
    Eigen::Index column;
    Metric metric;
    Eigen::Index row;          // first of its one or two rows of e(x)
    Eigen::Index lengthscale;  // indices into theta
    Eigen::Index extra = -1;   // period or angle
    Eigen::Index warp = -1;    // log c0; log c1 follows
  };
  double frequency(const Numeric& numeric, const double* theta) const;
  Eigen::Index add_parameter(HyperParameter parameter);

  std::vector<HyperParameter> parameters_;
  std::vector<Numeric> numerics_;
  std::vector<Category> categories_;
  Eigen::Index rows_ = 0;
  double mean_share_ = 1;  // 2 / number of kHammingMean columns
};

// Kumaraswamy warp and its derivatives, exact at both ends: w(x) = 1 - (1 - u^c1)^c0 with
// u = x (1 - 2e) + e, e = 1e-7.
struct Warped {
  double value, by_x, by_log_c0, by_log_c1;
};
Warped kumaraswamy(double x, double c0, double c1);

}  // namespace asktell::kernels
