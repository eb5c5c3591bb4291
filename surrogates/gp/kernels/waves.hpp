// Random waves sin(p(x)), cos(p(x)) whose mean product is a stationary kernel (private to the
// kernels): paired, so that the variance of a draw is exact everywhere (Rahimi & Recht 2007; Wilson
// et al. 2020, "Efficiently sampling functions from Gaussian process posteriors", section 2).
#pragma once

#include <asktell/surrogates/gp/kernels/embedding.hpp>

namespace asktell::kernels {

// Phases of one stationary kernel: p = omega' e(x) + a random angle for every category. Frequencies
// of a Matern or rational quadratic kernel are normal with a random scale; a category's mismatch
// adds to the distance under that same scale, so it becomes an angle that is 0 with the
// probability exp(-scale mismatch / 2), else uniform.
class WavePhases {
 public:
  WavePhases(Form form, double shape, const Embedding& embedding, Eigen::VectorXd theta,
             Eigen::Index waves, RandomStream& stream);

  // phases: waves x n, set or added to.
  void set(const Eigen::MatrixXd& x, bool add, Eigen::MatrixXd& phases) const;
  // Given weights = dL/dphase (waves x n): out.col(j) += dL/dx_j.
  void input_gradient(const Eigen::MatrixXd& x, const Eigen::MatrixXd& weights,
                      Eigen::MatrixXd& out) const;
  // Of the phases by e(x): waves x rows of e.
  const Eigen::MatrixXd& frequencies() const { return frequencies_; }

 private:
  bool turns(Eigen::Index wave, std::size_t category) const;
  double angle(Eigen::Index wave, std::size_t category, double value) const;
  void add_angles(std::size_t category, const Eigen::MatrixXd& x, Eigen::MatrixXd& phases) const;

  Embedding embedding_;
  Eigen::VectorXd theta_;
  Eigen::MatrixXd frequencies_;                     // waves x rows of e
  Eigen::VectorXd scales_;                          // of each wave
  std::uint64_t seed_;                              // of the categories' angles
  std::vector<std::vector<Eigen::Index>> turning_;  // of each category: waves with angles, not 0
};

class WaveMap final : public FeatureMap {
 public:
  WaveMap(Form form, double shape, const Embedding& embedding, Eigen::VectorXd theta,
          Eigen::Index count, RandomStream& stream);
  // Product of kernels of waves: phases add. Both have the same number of waves.
  static std::unique_ptr<WaveMap> product(const WaveMap& a, const WaveMap& b);

  Eigen::Index size() const override { return 2 * waves_; }
  void map(const Eigen::MatrixXd& x, Eigen::MatrixXd& phi) const override;
  void input_gradient(const Eigen::MatrixXd& x, const Eigen::MatrixXd& weights,
                      Eigen::MatrixXd& out) const override;

 private:
  WaveMap() = default;
  Eigen::MatrixXd phases(const Eigen::MatrixXd& x) const;

  std::vector<WavePhases> parts_;
  Eigen::Index waves_ = 0;
};

}  // namespace asktell::kernels
