// Posteriors, updates and fits against independent numbers (50-digit arithmetic on D1, D2, D3; the
// default of BoTorch 0.18.1 for the fit) and against their definitions.
#include <gtest/gtest.h>

#include <Eigen/Cholesky>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::central_differences;
using samples::d1;
using samples::d3;
using samples::kZero;
using samples::point;
using samples::scaled_matern;
using samples::standardized_d3;

const VectorXd kD1Theta{{std::log(.25), 0, std::log(.05)}};

GpPosterior d1_model(GpMean mean = kZero) {
  return GpPosterior(scaled_matern(1), d1(), kD1Theta, mean);
}

struct At {
  double mean, variance;
};
At at(const Surrogate& model, double x) {
  VectorXd mean, variance;
  model.predict(point({x}), mean, variance);
  return {mean[0], variance[0]};
}

TEST(Posterior, MatchesD1) {
  const GpPosterior model = d1_model();
  EXPECT_NEAR(model.log_marginal_likelihood(), -6.9653423498446, 1e-12);
  const VectorXd alpha{
      {2.01315117793, -2.50886540179, .0386822022557, 2.47280457424, -1.9823304566}};
  EXPECT_LT((model.weights() - alpha).norm(), 1e-10);
  EXPECT_NEAR(model.factor()(4, 3), .618894645202, 1e-12);
  EXPECT_NEAR(at(model, .5).mean, .473143318128, 1e-12);
  EXPECT_NEAR(at(model, .5).variance, .0701411550897, 1e-12);
  VectorXd mean;
  MatrixXd covariance;
  MatrixXd two(1, 2);
  two << .5, .6;
  model.joint(two, mean, covariance);
  EXPECT_NEAR(mean[1], .976167273516, 1e-12);
  EXPECT_NEAR(covariance(0, 1), .06505577163, 1e-12);
}

TEST(Posterior, RefusesAThetaOfOtherParameters) {
  const VectorXd without_noise = kD1Theta.head(2);
  EXPECT_THROW(GpPosterior(scaled_matern(1), d1(), without_noise, kZero), OptionError);
}

TEST(Posterior, LeaveOneOutMatchesD1) {
  const LeaveOneOut loo = d1_model().leave_one_out();
  const VectorXd mean{
      {-.629600461198, .102821382572, .129058686936, -.0797523855243, .698416700456}};
  const VectorXd variance{
      {.461763861248, .359852458378, .541368170458, .477090829504, .62977224423}};
  EXPECT_LT((loo.mean - mean).norm(), 1e-11);
  EXPECT_LT((loo.variance - variance).norm(), 1e-11);
  EXPECT_NEAR(loo.log_density.sum(), -7.5539432950301, 1e-12);
}

TEST(Posterior, LeaveOneOutCriterionHasTheTabulatedGradient) {
  const KernelPtr kernel = scaled_matern(1);
  const GpData data = d1();
  MarginalLikelihood criterion(*kernel, data, kZero, FitCriterion::kLeaveOneOut);
  VectorXd gradient(3);
  EXPECT_NEAR(criterion.evaluate(kD1Theta, gradient.data()), -7.5539432950301, 1e-11);
  EXPECT_NEAR(gradient[0], -4.67385994646, 1e-10);
  EXPECT_NEAR(gradient[2], .318020099134, 1e-11);
}

TEST(Posterior, ProfiledMeanMatchesD1) {
  const GpPosterior model = d1_model(GpMean());
  EXPECT_NEAR(model.mean(), .014729007573758, 1e-13);
  EXPECT_NEAR(model.log_marginal_likelihood(), -6.9650960654016, 1e-12);
  EXPECT_NEAR(at(model, .5).mean, .473550575093, 1e-12);
  EXPECT_NEAR(at(model, .5).variance + model.mean_variance(point({.5}))[0], .0704778759838, 1e-12);
}

TEST(Posterior, RemovingAPointUpdatesTheFactor) {
  GpPosterior model = d1_model();
  model.remove(2);
  EXPECT_NEAR(model.factor()(2, 2), 1.01343094855, 1e-11);
  EXPECT_NEAR(model.factor()(3, 2), .629458519014, 1e-11);
  EXPECT_NEAR(model.factor()(3, 3), .807412226593, 1e-11);
  EXPECT_NEAR(model.log_marginal_likelihood(), -6.3528266359384, 1e-12);
}

TEST(Posterior, AppendingMatchesD1AndRemovingUndoesIt) {
  GpPosterior model = d1_model();
  model.append(Eigen::RowVectorXd{{.60, .32}}, VectorXd{{.9, -.1}});
  EXPECT_NEAR(at(model, .5).mean, .447742202252, 1e-11);
  EXPECT_NEAR(at(model, .5).variance, .0433096530975, 1e-12);
  EXPECT_NEAR(model.log_marginal_likelihood(), -7.7256209679204, 1e-11);
  model.remove(6);
  model.remove(5);
  EXPECT_NEAR(at(model, .5).mean, .473143318128, 1e-11);
  EXPECT_LT((model.factor() - d1_model().factor()).cwiseAbs().maxCoeff(), 1e-10);
}

TEST(Posterior, ManyUpdatesEqualAFreshFactorization) {
  RandomStream stream(4, Purpose::kUser);
  GpData all;
  all.x.resize(3, 120);
  all.z.resize(120);
  for (Index j = 0; j < 120; ++j) {
    for (Index i = 0; i < 3; ++i) all.x(i, j) = stream.uniform();
    all.z[j] = stream.normal();
  }
  const VectorXd theta{{-.5, -.2, -1, .2, -6}};
  std::vector<Index> kept(20);
  for (Index i = 0; i < 20; ++i) kept[static_cast<std::size_t>(i)] = i;
  GpPosterior model(scaled_matern(3), subset(all, kept), theta);
  for (Index i = 20; i < 120; ++i) {
    model.append(all.x.col(i), all.z.segment(i, 1));
    kept.push_back(i);
    if (i % 3 == 0) {
      model.remove(i % 17);
      kept.erase(kept.begin() + i % 17);
    }
  }
  const GpPosterior fresh(scaled_matern(3), subset(all, kept), theta);
  EXPECT_LT((model.weights() - fresh.weights()).norm(), 1e-9 * fresh.weights().norm());
  EXPECT_NEAR(model.log_marginal_likelihood(), fresh.log_marginal_likelihood(), 1e-9);
}

TEST(Posterior, GivenNoiseMatchesD1) {
  GpData data = d1();
  data.fitted_noise = false;
  data.given_noise = VectorXd{{.01, .2, .05, .001, .1}};
  const GpPosterior model(scaled_matern(1), data, kD1Theta.head(2), kZero);
  EXPECT_NEAR(model.log_marginal_likelihood(), -6.876274736083, 1e-12);
  EXPECT_NEAR(at(model, .5).mean, .482112315541, 1e-12);
  EXPECT_NEAR(at(model, .5).variance, .0677414356306, 1e-12);
}

TEST(Posterior, MergedReplicatesKeepLikelihoodAndPosterior) {
  GpData data = d1();
  data.x.conservativeResize(1, 7);
  data.x.rightCols(2).setConstant(.20);
  data.z.conservativeResize(7);
  data.z.tail(2) = VectorXd{{-.6, -1.0}};
  const KernelPtr kernel = scaled_matern(1);
  const GpPosterior separate(kernel, data, kD1Theta, kZero);
  EXPECT_NEAR(separate.log_marginal_likelihood(), -7.2238068622903, 1e-12);
  EXPECT_NEAR(at(separate, .5).mean, .479138389404, 1e-11);
  EXPECT_NEAR(at(separate, .5).variance, .0699857234669, 1e-12);
  std::vector<Index> member;
  const GpData merged = merge_replicates(data, member);
  ASSERT_EQ(merged.size(), 5);
  EXPECT_EQ(member[6], 1);
  const GpPosterior together(kernel, merged, kD1Theta, kZero);
  EXPECT_NEAR(together.log_marginal_likelihood(), -7.0323559251009, 1e-12);
  EXPECT_NEAR(at(together, .5).mean, .479138389404, 1e-11);
  EXPECT_NEAR(at(together, .5).variance, .0699857234669, 1e-12);
  MarginalLikelihood exact(*kernel, data, kZero), grouped(*kernel, merged, kZero);
  VectorXd a(3), b(3);
  EXPECT_NEAR(exact.evaluate(kD1Theta, a.data()), grouped.evaluate(kD1Theta, b.data()), 1e-12);
  EXPECT_LT((a - b).norm(), 1e-11);
}

TEST(Posterior, FantasiesMatchD1AndLeaveTheModelAlone) {
  const GpPosterior model = d1_model();
  const Fantasy believed(model, point({.6}));
  EXPECT_NEAR(at(believed, .5).mean, .473143318128, 1e-12);
  EXPECT_NEAR(at(believed, .5).variance, .043333662631, 1e-12);
  const Fantasy told(model, point({.6}), VectorXd{{-.55}});
  EXPECT_NEAR(at(told, .5).mean, -.155743506983, 1e-11);
  EXPECT_NEAR(at(told, .5).variance, .043333662631, 1e-12);
  EXPECT_NEAR(at(model, .5).variance, .0701411550897, 1e-12);
  VectorXd mean, variance;
  MatrixXd dmean, dvariance;
  told.predict(point({.53}), mean, variance, &dmean, &dvariance);
  const VectorXd x{{.53}};
  EXPECT_NEAR(dmean(0, 0),
              central_differences([&](const VectorXd& p) { return at(told, p[0]).mean; }, x)[0],
              1e-7);
  EXPECT_NEAR(dvariance(0, 0),
              central_differences([&](const VectorXd& p) { return at(told, p[0]).variance; }, x)[0],
              1e-7);
}

TEST(Posterior, OnePointMatchesItsFormula) {
  GpData data;
  data.x = point({.3});
  data.z = VectorXd{{2.}};
  const GpPosterior model(scaled_matern(1), data, kD1Theta, kZero);
  EXPECT_NEAR(model.log_marginal_likelihood(), -2.8480955200513, 1e-12);
  EXPECT_NEAR(at(model, .5).mean, 1.22753585993, 1e-10);
  EXPECT_NEAR(at(model, .5).variance, .604453374553, 1e-11);
}

TEST(Posterior, DuplicatesWithoutNoiseAreFactorizedWithJitterThatIsReported) {
  GpData data;
  data.x = Eigen::RowVectorXd{{.3, .3}};
  data.z = VectorXd{{1., 1.}};
  data.fitted_noise = false;
  const KernelPtr kernel = kernels::stationary(kernels::Form::kRbf, 1);
  const GpPosterior model(kernel, data, VectorXd{{0.}}, kZero);
  EXPECT_GT(model.jitter(), 0);
  EXPECT_NEAR(at(model, .3).mean, 1, 1e-6);
  // The likelihoods with a given jitter.
  const double expected[] = {6.5258897152869, 5.3745971687898, 4.2233046222928};
  for (int i = 0; i < 3; ++i) {
    data.given_noise = VectorXd::Constant(2, 1e-8 * std::pow(10, i));
    EXPECT_NEAR(GpPosterior(kernel, data, VectorXd{{0.}}, kZero).log_marginal_likelihood(),
                expected[i], 1e-6);
  }
}

TEST(Fit, ProfiledScaleMatchesD1) {
  const KernelPtr kernel = scaled_matern(1);
  const GpData data = d1();
  MarginalLikelihood centred(*kernel, data, kZero, FitCriterion::kMarginalLikelihood, true);
  centred.evaluate(kD1Theta, nullptr);
  EXPECT_NEAR(centred.scale(), 1.28544135759, 1e-10);  // 6.42720678794 / 5
  const GpMean profiled;
  MarginalLikelihood likelihood(*kernel, data, profiled, FitCriterion::kMarginalLikelihood, true);
  VectorXd gradient(3);
  const double value = likelihood.evaluate(kD1Theta, gradient.data());
  VectorXd explicit_theta = kD1Theta;
  explicit_theta.tail(2).array() += std::log(likelihood.scale());
  MarginalLikelihood plain(*kernel, data, profiled);
  EXPECT_NEAR(plain.evaluate(explicit_theta, nullptr), value, 1e-12);
  const VectorXd expected = central_differences(
      [&](const VectorXd& theta) { return likelihood.evaluate(theta, nullptr); }, kD1Theta);
  EXPECT_LT((gradient - expected).norm(), 1e-7);
}

FitOptions precise() {
  return {.cold_rounds = 300, .gradient_tolerance = 1e-8, .value_tolerance = 1e-14};
}

TEST(Fit, FindsTheOptimumOfTheBotorchDefault) {
  const GpPreset preset = gp_preset("botorch", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const GpData data = standardized_d3();
  const FitReport fit = fit_members(*kernel, data, {preset}, {}, precise())[0];
  EXPECT_NEAR(fit.objective, -11.310404724132, 1e-9);
  EXPECT_NEAR(fit.likelihood, -11.369132051022, 1e-6);
  EXPECT_NEAR(std::exp(fit.theta[0]), .255207892827, 1e-6);
  EXPECT_NEAR(std::exp(fit.theta[1]), .513886024745, 1e-6);
  EXPECT_NEAR(std::exp(fit.theta[3]), .00599648084114, 1e-7);
  const GpPosterior model(kernel, data, fit.theta);
  EXPECT_NEAR(model.mean(), .24707212523, 1e-6);
  VectorXd mean, variance;
  model.predict(point({.5, .5}), mean, variance);
  EXPECT_NEAR(mean[0], 1.23448009793, 1e-6);
  EXPECT_NEAR(variance[0], .0119632162405, 1e-7);
}

TEST(Fit, FindsTheOptimumWithAMatern52Kernel) {
  GpPreset preset = gp_preset("botorch", 2);
  preset.form = kernels::Form::kMatern52;
  const KernelPtr kernel = preset_kernel(preset, 2);
  const FitReport fit = fit_members(*kernel, standardized_d3(), {preset}, {}, precise())[0];
  EXPECT_NEAR(fit.objective, -12.632474473207, 1e-9);
  EXPECT_NEAR(std::exp(fit.theta[0]), .268564711675, 1e-6);
  EXPECT_NEAR(std::exp(fit.theta[1]), .609441136618, 1e-6);
}

GpPreset likelihood_alone(kernels::Form form) {
  GpPreset preset = gp_preset("none", 2);
  preset.form = form;
  preset.lengthscale.low = .025;
  preset.lengthscale.high = 100;
  preset.noise.low = 1e-4;
  preset.noise.high = 7;
  return preset;
}

TEST(Fit, FindsTheGlobalOptimumAmongLocalOnes) {
  // 14 of 40 random starts end in optima of -2.757 or -2.760.
  const GpPreset preset = likelihood_alone(kernels::Form::kRbf);
  const KernelPtr kernel = preset_kernel(preset, 2);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    FitOptions options = precise();
    options.seed = seed;
    const FitReport fit = fit_members(*kernel, d3(), {preset}, {}, options)[0];
    EXPECT_NEAR(fit.objective, 4.5082559109599, 1e-8);
    EXPECT_NEAR(std::exp(fit.theta[3]), .000128239477541, 1e-8);
    EXPECT_NEAR(std::exp(fit.theta[2]), 1.12028119277, 1e-3);
  }
}

TEST(Fit, HonoursItsBounds) {
  const GpPreset preset = likelihood_alone(kernels::Form::kMatern52);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const FitReport fit = fit_members(*kernel, d3(), {preset}, {}, precise())[0];
  EXPECT_NEAR(fit.objective, 2.69567, 1e-5);
  EXPECT_EQ(fit.theta[3], std::log(1e-4));
  EXPECT_EQ(fit.active_bounds, 1);
  EXPECT_NEAR(std::exp(fit.theta[0]), .7185, 1e-3);
  EXPECT_NEAR(std::exp(fit.theta[1]), 1.5927, 1e-3);
}

TEST(Fit, WarmStartFromTheOptimumStaysThere) {
  const GpPreset preset = gp_preset("botorch", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const GpData data = standardized_d3();
  const FitReport cold = fit_members(*kernel, data, {preset}, {}, precise())[0];
  const std::vector<VectorXd> warm{cold.theta};
  const FitReport again = fit_members(*kernel, data, {preset}, warm)[0];
  EXPECT_LE(again.evaluations, 3);
  EXPECT_NEAR(again.objective, cold.objective, 1e-9);
}

TEST(Fit, MembersAreFittedAsIfAlone) {
  const GpData data = standardized_d3();
  const std::vector<GpPreset> members = gp_ensemble(2);
  const KernelPtr kernel = preset_kernel(members[0], 2);
  const std::vector<FitReport> together = fit_members(*kernel, data, members);
  for (std::size_t m = 0; m < members.size(); ++m) {
    EXPECT_EQ(fit_members(*kernel, data, {members[m]})[0].theta, together[m].theta);
  }
}

TEST(Fit, TooFewOrEqualValuesKeepThePriorsMode) {
  GpData data = standardized_d3();
  data.z.setConstant(2);
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const FitReport fit = fit_members(*kernel, data, {preset})[0];
  EXPECT_FALSE(fit.optimized);
  EXPECT_NEAR(std::exp(fit.theta[0]), .35 * std::sqrt(2.) * std::exp(-.75 * .75), 1e-12);
}

TEST(Mixture, MomentsAndGradientsAreThoseOfTheMixture) {
  std::vector<GpPosterior> members;
  for (const double l : {.2, .4, .8}) {
    members.emplace_back(scaled_matern(1), d1(), VectorXd{{std::log(l), 0, std::log(.01)}});
  }
  const GpMixture mixture(members);
  double mean = 0, square = 0;
  for (const GpPosterior& member : members) {
    mean += at(member, .33).mean / 3;
    square += (at(member, .33).variance + std::pow(at(member, .33).mean, 2)) / 3;
  }
  EXPECT_NEAR(at(mixture, .33).mean, mean, 1e-14);
  EXPECT_NEAR(at(mixture, .33).variance, square - mean * mean, 1e-14);
  VectorXd m, v;
  MatrixXd dm, dv, covariance;
  mixture.predict(point({.33}), m, v, &dm, &dv);
  const VectorXd x{{.33}};
  EXPECT_NEAR(dm(0, 0),
              central_differences([&](const VectorXd& p) { return at(mixture, p[0]).mean; }, x)[0],
              1e-7);
  EXPECT_NEAR(
      dv(0, 0),
      central_differences([&](const VectorXd& p) { return at(mixture, p[0]).variance; }, x)[0],
      1e-7);
  mixture.joint(point({.33}), m, covariance);
  EXPECT_NEAR(covariance(0, 0), v[0], 1e-12);
}

}  // namespace
}  // namespace asktell
