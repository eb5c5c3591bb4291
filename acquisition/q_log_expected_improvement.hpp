// Expected improvement of q points together, in the smoothed form that BoTorch computes (Ament et
// al. 2023, section 4.2; botorch/acquisition/logei.py and utils/safe_math.py): joint samples from
// Sobol normals, fat-tailed stand-ins for max(0, .) and max. Meant for comparison and for small q;
// the exact treatment of pending points is LogNoisyExpectedImprovement.
#pragma once

#include <cstdint>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

// A number and its derivative.
struct Smooth {
  double value;
  double slope;
};
// max(0, x) with a tail that falls as 1 / x^2, and its logarithm.
Smooth fat_plus(double x, double tau);
Smooth log_fat_plus(double x, double tau);
// max of x_i with such a tail; weights (unless null): the derivatives by each, set.
double fat_max(const Eigen::Ref<const Eigen::VectorXd>& x, double tau,
               Eigen::VectorXd* weights = nullptr);
// The indicator of x > 0, for constraints; x in units of its width.
Smooth fat_moid(double x);

struct QLogImprovementOptions {
  Eigen::Index samples = 512;
  std::uint64_t seed = 0;
  double plus_width = 1e-6;  // of fat_plus, in units of standardized values
  double max_width = 1e-2;   // of fat_max, of logarithms
};

// A column holds the q points of one batch, one after the other: (q d) x columns.
class QLogExpectedImprovement final : public Acquisition {
 public:
  // best: lowest value so far, in the units of the model.
  QLogExpectedImprovement(const GpPosterior& model, Eigen::Index q, double best,
                          const QLogImprovementOptions& options = {});
  void evaluate(const Eigen::MatrixXd& batches, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const GpPosterior& model_;
  double best_;
  QLogImprovementOptions options_;
  Eigen::MatrixXd normals_;  // q x samples
};

}  // namespace asktell
