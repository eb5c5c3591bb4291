// Entropy searches: values of 40 digits (mpmath), quadrature for the exact gain of a noisy
// observation, gradients by differences.
#include <asktell/acquisition/entropy_search.hpp>

#include <numbers>

#include "acquisition_samples.hpp"

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::row;
using samples::value_at;

// A latent value with mean g and deviation 1 everywhere: with a minimum at 0 the argument is g.
class Everywhere final : public Surrogate {
 public:
  explicit Everywhere(double mean) : mean_(mean) {}
  void predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance, MatrixXd*,
               MatrixXd*) const override {
    mean.setConstant(points.cols(), mean_);
    variance.setOnes(points.cols());
  }

 private:
  double mean_;
};

// g, MES, GIBBON for a noise variance equal to the latent one, GIBBON without noise.
constexpr double kTable[][4] = {
    {-100, 5.024308644242053, 0.3465236227518356, 4.605470026132918},
    {-5, 2.09873847617412, 0.3304869506786303, 1.710244620069653},
    {-1, 1.078454006928773, 0.2557889259883731, 0.8069798964455382},
    {0, 0.6931471805599453, 0.1915900514842529, 0.5061527669386269},
    {1, 0.3165537644930391, 0.1023798234891691, 0.2312667713520555},
    {3, 0.008007568527936689, 0.003344463423152803, 0.006711448447361723}};

TEST(MaxValueEntropySearch, MatchesHighPrecisionValues) {
  for (const auto& [g, mes, noisy, exact] : kTable) {
    const Everywhere model(g);
    const VectorXd minima = VectorXd::Zero(1), x = VectorXd::Zero(1);
    EXPECT_NEAR(value_at(MaxValueEntropySearch(model, minima), x), mes, 1e-13) << g;
    EXPECT_NEAR(value_at(Gibbon(model, minima, 1), x), noisy, 1e-13) << g;
    EXPECT_NEAR(value_at(Gibbon(model, minima, 0), x), exact, 1e-12) << g;
  }
  // alpha ~ log|g| + log(2 pi) / 2 - 1/2, with no digit lost where Phi(g) is 0 in double.
  const double g = -1e6, limit = std::log(1e6) + 0.5 * std::log(2 * std::numbers::pi) - 0.5;
  EXPECT_NEAR(value_at(MaxValueEntropySearch(Everywhere(g), VectorXd::Zero(1)), VectorXd::Zero(1)),
              limit, 1e-9);
}

TEST(Gibbon, IsALowerBoundOfTheExactNoisyGain) {
  // g, rho^2, exact gain by quadrature of the extended skew-normal entropy.
  constexpr double kExact[][3] = {{0, .5, .19314718055995},
                                  {1, .5, .10412738700961},
                                  {-1, .5, .25646641699824},
                                  {1, .9, .22860893382122},
                                  {2, .9, .060069079020907}};
  for (const auto& [g, share, gain] : kExact) {
    const Everywhere model(g);
    const double bound =
        value_at(Gibbon(model, VectorXd::Zero(1), 1 / share - 1), VectorXd::Zero(1));
    EXPECT_LE(bound, gain);
    EXPECT_GT(bound, 0.88 * gain);
  }
}

TEST(EntropySearch, PosteriorExampleIsReproduced) {
  const GpPosterior model = samples::w1();
  const VectorXd minima{{-1.2, -1.5, -2.0}};
  EXPECT_NEAR(value_at(MaxValueEntropySearch(model, minima), row({.75})), .35861717368921, 1e-12);
  EXPECT_NEAR(value_at(Gibbon(model, minima, .01), row({.75})), .24644738520561, 1e-12);
  const JointEntropySearch joint(model, {row({.97}), VectorXd{{-1.6}}});
  EXPECT_NEAR(value_at(joint, row({.75})), .17065368254297, 1e-11);
}

TEST(EntropySearch, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2();
  const MatrixXd points = samples::probes(model), pending = samples::uniform_points(2, 2, 7);
  const Fantasy with_pending(model, pending);
  const VectorXd near{{-1.3, -1.6, -2.2}}, inside{{1, 1.5}};  // the latter: arguments far below 0
  for (const VectorXd& minima : {near, inside}) {
    samples::expect_gradients(MaxValueEntropySearch(model, minima), points, 1e-5);
    samples::expect_gradients(Gibbon(model, minima, 1e-3), points, 1e-5);
    samples::expect_gradients(Gibbon(model, minima, 1e-3, &with_pending), points, 1e-5);
  }
  const OptimumSamples optima{samples::uniform_points(2, 3, 8), near};
  samples::expect_gradients(JointEntropySearch(model, optima), points, 1e-5);
  samples::expect_gradients(JointEntropySearch(model, {optima.points, VectorXd{{1, 1, 2}}}), points,
                            1e-5);
}

// Chain rule of information: with pending points believed, less is left to learn beside them.
TEST(Gibbon, TheBatchTermIsTheRatioOfVariances) {
  const GpPosterior model = samples::w1();
  const Fantasy with_pending(model, row({.75}));
  const VectorXd minima{{-1.2, -1.5}};
  VectorXd mean, before, after;
  model.predict(row({.8}), mean, before);
  with_pending.predict(row({.8}), mean, after);
  const double alone = value_at(Gibbon(model, minima, .01), row({.8}));
  const double beside = value_at(Gibbon(model, minima, .01, &with_pending), row({.8}));
  EXPECT_NEAR(beside - alone, 0.5 * std::log((after[0] + .01) / (before[0] + .01)), 1e-12);
}

// mpmath, 40 digits.
TEST(GumbelFit, MatchesHighPrecisionValues) {
  const GumbelFit fit(VectorXd{{0, .5, 1, .8}}, VectorXd{{1, .5, .2, .6}});
  EXPECT_NEAR(fit.lower_quartile, 1.0200615521539589, 1e-14);
  EXPECT_NEAR(fit.median, 1.1916477433729085, 1e-14);
  EXPECT_NEAR(fit.upper_quartile, 1.4283564445044388, 1e-14);
  EXPECT_NEAR(fit.location, 1.0964857989753654, 1e-13);
  EXPECT_NEAR(fit.scale, .25964144523614324, 1e-13);
  EXPECT_NEAR(fit.quantile(.1), .8799364095173516, 1e-13);
  EXPECT_NEAR(fit.quantile(.5), 1.1916477433729085, 1e-13);
  EXPECT_NEAR(fit.quantile(.9), 1.6807744241509657, 1e-13);
}

TEST(OptimumSamples, MinimaAreBelowWhatIsKnownAndTheCeilingHolds) {
  const GpPosterior model = samples::w1();
  MatrixXd candidates(1, 201);
  candidates.row(0).setLinSpaced(0, 1);
  RandomStream stream(1, Purpose::kCandidates);
  const VectorXd free = sample_minima(model, candidates, 2000, stream);
  // The maximum of a fine grid cannot lie far below the largest posterior mean, 1.134 (8001-point
  // grid); independent normals overstate it.
  EXPECT_LT(free.mean(), -1.134);
  const VectorXd capped = sample_minima(model, candidates, 50, stream, -1.9);
  EXPECT_LE(capped.maxCoeff(), -1.9);
}

TEST(OptimumSamples, PathMinimaAgreeWithJointSamplesOnAGrid) {
  const GpPosterior model = samples::w1();
  MatrixXd grid(1, 201), joint;
  grid.row(0).setLinSpaced(0, 1);
  RandomStream stream(2, Purpose::kCandidates);
  const Index count = 256;
  const OptimumSamples found = sample_optima(model, grid, count, stream);
  VectorXd mean;
  model.joint(grid, mean, joint);
  joint.diagonal().array() += 1e-9;
  const MatrixXd factor = joint.llt().matrixL();
  MatrixXd normals(201, count);
  stream.fill_normal({normals.data(), static_cast<std::size_t>(normals.size())});
  const VectorXd lowest = ((factor * normals).colwise() + mean).colwise().minCoeff();
  const double spread = std::sqrt((lowest.array() - lowest.mean()).square().mean());
  EXPECT_NEAR(found.values.mean(), lowest.mean(), 4 * spread * std::sqrt(2.0 / count));
  EXPECT_GE(found.points.minCoeff(), 0);
  EXPECT_LE(found.points.maxCoeff(), 1);
}

}  // namespace
}  // namespace asktell
