// Kernels: values, likelihoods, hyper-parameter gradients and posteriors of each against
// independent numbers (50-digit arithmetic on data set D2), and every derivative against central
// differences.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/likelihood.hpp>
#include <asktell/surrogates/gp/posterior.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

namespace k = kernels;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using k::Metric;
using samples::central_differences;
using samples::d2;
using samples::kZero;
using samples::point;

constexpr double kNoise = 0.01;
const GpMean kTenth{.kind = GpMean::Kind::kFixed, .value = 0.1};

double value(const Kernel& kernel, const VectorXd& theta, const MatrixXd& a, const MatrixXd& b) {
  MatrixXd out;
  kernel.evaluation()->cross(a, b, theta.data(), false, out);
  return out(0, 0);
}

// One row of the table: kernel, natural hyper-parameters, what comes out.
struct Row {
  const char* name;
  KernelPtr kernel;
  VectorXd natural;
  double k12, likelihood;
  VectorXd gradient;  // by the logarithms, then the log noise
  double mean, variance, mean_other, variance_other, covariance;
  VectorXd mean_gradient, variance_gradient;  // at (.5, .5); empty: not tabulated
};

KernelPtr periodic() {
  return k::scaled(k::stationary({.form = k::Form::kRbf,
                                  .columns = {0, 1},
                                  .metrics = {Metric::kPeriodic, Metric::kPeriodic}}));
}

std::vector<Row> rows() {
  const VectorXd common{{.4, .7, 1.3}};
  const auto stationary = [](k::Form form) { return k::scaled(k::stationary(form, 2)); };
  return {
      {"rbf", stationary(k::Form::kRbf), common, .595183370303, -12.938770037749,
       VectorXd{{-14.3739222348, -9.91990943619, 5.86624290359, .759758954885}}, .61516626942,
       .0305826571116, .0110780915758, .0199474732438, .0160330241728,
       VectorXd{{2.83830821285, -1.54221229013}}, VectorXd{{-.183348305678, -.196530165857}}},
      {"matern12", stationary(k::Form::kMatern12), common, .372456235918, -7.8223754406446,
       VectorXd{{-.0726193161664, -.375041389648, -.704843414141, -.00211431276343}}, .339371319367,
       .493540361336, .0781356650552, .508583682138, .0682759545354,
       VectorXd{{3.86310038043, -.392197776114}}, VectorXd{{-1.86851461696, -.999238056205}}},
      {"matern32", stationary(k::Form::kMatern32), common, .472118095001, -8.4352248364159,
       VectorXd{{-1.77376064145, -1.59267808628, .674485099533, .0454301905093}}, .488479321495,
       .161648372876, .0174774376206, .144459762074, .0396674118656,
       VectorXd{{4.3613172238, -.740847019148}}, VectorXd{{-1.32225880263, -.796691283662}}},
      {"matern52", stationary(k::Form::kMatern52), common, .508373098375, -9.143316275617,
       VectorXd{{-3.89033002947, -2.98956932447, 1.72716173512, .115662811188}}, .519737827066,
       .0939809409618, -.0182869541692, .0719027135115, .0302985631401,
       VectorXd{{4.06346274558, -.929218989214}}, VectorXd{{-.810819138473, -.562991755775}}},
      {"rational quadratic", stationary(k::Form::kRationalQuadratic), VectorXd{{.4, .7, 1.5, 1.3}},
       .693139930062, -11.47612344968,
       VectorXd{{-9.31092662987, -6.84181284457, -.700003124079, 4.59863834809, .459072338651}},
       .538653175153, .0468480512026, -.0317362624515, .0317504079791, .0191818497279,
       VectorXd{{3.61306439477, -1.12915561062}}, VectorXd{{-.355118624827, -.293835597432}}},
      {"periodic", periodic(), VectorXd{{.4, .7, .8, 1.25, 1.3}}, 5.88686250488e-7,
       -7.5937450602401,
       VectorXd{{.112042410922, .0226988510764, -.477623249516, .0157129114303, -1.70465815413,
                 -.0133177683949}},
       .181341395662, 1.27988856857, .0384001484838, 1.28388761562, 2.28026757359e-5,
       VectorXd{{3.18527576789, .379454251513}}, VectorXd{{-1.38252295577, -.199630688526}}},
      // Weights a / l^2: their logarithms move the likelihood by minus half of what those of l do.
      {"linear", k::linear({0, 1}), VectorXd{{1.3 / .16, 1.3 / .49}}, .00663265306122,
       -93.83402461519, VectorXd{{-.5 * .92774162705, .5 * .242361419195, 94.0704994755}}, .1, 0,
       .0550271818536, .00169073460063, 0, VectorXd(), VectorXd()},
      {"additive", k::additive({{0}, {1}}), VectorXd{{.4, .65, .7, .65}}, .779767240753,
       -26.653792230667, VectorXd(), .368693987853, .0344599273473, -.414005560159, .0232859535666,
       .0148423247804, VectorXd{{6.53570734267, -1.27413006076}},
       VectorXd{{-.27230613596, -.114437527035}}},
  };
}

VectorXd with_noise(const VectorXd& natural) {
  VectorXd theta(natural.size() + 1);
  theta << natural.array().log().matrix(), std::log(kNoise);
  return theta;
}

TEST(Kernels, ValuesMatchTheTable) {
  const GpData data = d2();
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    const double k12 = value(*row.kernel, row.natural.array().log(), data.x.col(0), data.x.col(1));
    EXPECT_NEAR(k12 / row.k12, 1, 1e-9);
  }
}

TEST(Kernels, LikelihoodsAndTheirGradientsMatchTheTable) {
  const GpData data = d2();
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    MarginalLikelihood likelihood(*row.kernel, data, kTenth);
    VectorXd gradient(likelihood.parameters());
    const double at = likelihood.evaluate(with_noise(row.natural), gradient.data());
    EXPECT_NEAR(at, row.likelihood, 1e-10 * std::abs(row.likelihood) + 1e-11);
    for (Index i = 0; i < row.gradient.size(); ++i) {
      EXPECT_NEAR(gradient[i], row.gradient[i], 1e-9 * (1 + std::abs(row.gradient[i]))) << i;
    }
  }
}

TEST(Kernels, PosteriorsMatchTheTable) {
  MatrixXd points(2, 2);
  points << .5, .2, .5, .4;
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    const GpPosterior model(row.kernel, d2(), with_noise(row.natural), kTenth);
    VectorXd mean, variance;
    MatrixXd covariance, dmean, dvariance;
    model.joint(points, mean, covariance);
    EXPECT_NEAR(mean[0], row.mean, 2e-10);
    EXPECT_NEAR(mean[1], row.mean_other, 2e-10);
    EXPECT_NEAR(covariance(0, 0), row.variance, 1e-10);
    EXPECT_NEAR(covariance(1, 1), row.variance_other, 1e-10);
    EXPECT_NEAR(covariance(0, 1), row.covariance, 1e-10);
    VectorXd mean_alone, variance_alone;
    model.predict(points, mean_alone, variance_alone, &dmean, &dvariance);
    EXPECT_LT((mean_alone - mean).norm(), 1e-12);
    EXPECT_LT((variance_alone - covariance.diagonal()).norm(), 1e-12);
    for (Index i = 0; i < row.mean_gradient.size(); ++i) {
      EXPECT_NEAR(dmean(i, 0), row.mean_gradient[i], 1e-9);
      EXPECT_NEAR(dvariance(i, 0), row.variance_gradient[i], 1e-9);
    }
  }
}

TEST(Kernels, SumOfSquaredExponentialAndLinearMatchesTheTable) {
  const KernelPtr kernel = k::sum({k::scaled(k::stationary(k::Form::kRbf, 2)), k::linear({0, 1})});
  const GpData data = d2();
  VectorXd theta(6);
  theta << std::log(.4), std::log(.7), std::log(1.3), std::log(.6), std::log(.6), std::log(kNoise);
  EXPECT_NEAR(value(*kernel, theta, data.x.col(0), data.x.col(1)), .547183370303, 1e-11);
  MarginalLikelihood likelihood(*kernel, data, kTenth);
  VectorXd gradient(6);
  EXPECT_NEAR(likelihood.evaluate(theta, gradient.data()), -12.64394948052, 1e-10);
  EXPECT_NEAR(gradient[0], -13.7391578762, 1e-9);
  EXPECT_NEAR(gradient[1], -8.79105214288, 1e-9);
  EXPECT_NEAR(gradient[2], 5.20718639066, 1e-9);
  EXPECT_NEAR(gradient[3] + gradient[4], .160734795359, 1e-9);  // one weight for both in the table
  EXPECT_NEAR(gradient[5], .705909419086, 1e-9);
  const GpPosterior model(kernel, data, theta, kTenth);
  VectorXd mean, variance;
  MatrixXd dmean, dvariance;
  model.predict(point({.5, .5}), mean, variance, &dmean, &dvariance);
  EXPECT_NEAR(mean[0], .603423846165, 1e-10);
  EXPECT_NEAR(variance[0], .031598049295, 1e-11);
  EXPECT_NEAR(dmean(0, 0), 2.85316757084, 1e-9);
  EXPECT_NEAR(dvariance(1, 0), -.202242455402, 1e-9);
}

TEST(Kernels, UnitFormsMatchTheirFormulas) {
  // At r = .5, 1, 2.
  const std::vector<std::pair<k::Form, std::vector<double>>> expected = {
      {k::Form::kRbf, {.8824969025846, .60653065971263, .13533528323661}},
      {k::Form::kMatern12, {.60653065971263, .36787944117144, .13533528323661}},
      {k::Form::kMatern32, {.78488765395745, .48335772459651, .13973135019231}},
      {k::Form::kMatern52, {.82864914241813, .52399410883182, .1386602191385}},
      {k::Form::kRationalQuadratic, {.88686362107433, .64951905283833, .28056585887485}}};
  for (const auto& [form, values] : expected) {
    const KernelPtr kernel = k::stationary(form, 1);
    VectorXd theta = VectorXd::Zero(kernel->parameter_count());
    if (form == k::Form::kRationalQuadratic) theta[1] = std::log(1.5);
    for (std::size_t i = 0; i < 3; ++i) {
      const double r = 0.5 * std::pow(2, i);
      EXPECT_NEAR(value(*kernel, theta, point({0}), point({r})), values[i], 1e-13);
    }
  }
  const KernelPtr wave =
      k::stationary({.form = k::Form::kRbf, .columns = {0}, .metrics = {Metric::kPeriodic}});
  EXPECT_NEAR(value(*wave, VectorXd{{std::log(.7), std::log(1.3)}}, point({.2}), point({.7})),
              .028201241364707, 1e-14);
}

TEST(Kernels, CategoriesByMeanMismatchMatchTheTable) {
  const KernelPtr kernel = k::stationary({.form = k::Form::kRbf,
                                          .columns = {1, 2},
                                          .metrics = {Metric::kHammingMean, Metric::kHammingMean}});
  const VectorXd theta{{std::log(.7), std::log(1.2)}};
  const MatrixXd first = point({.1, 0, 2});
  EXPECT_NEAR(value(*kernel, theta, first, point({.4, 1, 0})), .322725752156, 1e-12);
  EXPECT_NEAR(value(*kernel, theta, first, point({.8, 0, 1})), .6592406302, 1e-10);
  EXPECT_NEAR(value(*kernel, theta, first, point({.6, 2, 2})), .489541659557, 1e-12);
}

GpData mixed_data() {
  GpData data;
  data.x.resize(3, 5);
  data.x << .1, .4, .8, .6, .25, 0, 1, 0, 2, 1, 2, 0, 1, 2, 1;
  data.z = VectorXd{{.5, -.2, 1.1, .3, -.9}};
  return data;
}

TEST(Kernels, MixedSpacesMatchTheTable) {
  const auto x = [] { return k::scaled(k::stationary({.columns = {0}})); };
  const auto c = [] {
    return k::scaled(k::stationary({.form = k::Form::kRbf,
                                    .columns = {1, 2},
                                    .metrics = {Metric::kHammingMean, Metric::kHammingMean}}));
  };
  // .6 (k_x + .8 k_c) + .9 k_x k_c
  const KernelPtr kernel = k::sum({x(), c(), k::product({x(), c()})});
  VectorXd natural(11);
  natural << .5, .6, .7, 1.2, .48, .5, .9, .7, 1.2, 1, .02;
  const GpPosterior model(kernel, mixed_data(), natural.array().log(), kZero);
  EXPECT_NEAR(model.log_marginal_likelihood(), -6.4761661893816, 1e-11);
  VectorXd mean, variance;
  model.predict(point({.5, 0, 2}), mean, variance);
  EXPECT_NEAR(mean[0], .752859738662, 1e-11);
  EXPECT_NEAR(variance[0], .499675098332, 1e-11);
}

TEST(Kernels, CategoriesInsideTheDistanceMatchTheTable) {
  // r^2 = 4 D^2 + 1.5 [.] + .8 [.], a = 1.2.
  const KernelPtr kernel = k::scaled(
      k::stationary({.columns = {0, 1, 2},
                     .metrics = {Metric::kDifference, Metric::kHamming, Metric::kHamming}}));
  VectorXd natural(5);
  natural << .5, 1 / std::sqrt(1.5), 1 / std::sqrt(.8), 1.2, .02;
  const GpPosterior model(kernel, mixed_data(), natural.array().log(), kZero);
  EXPECT_NEAR(model.log_marginal_likelihood(), -5.9572553694388, 1e-11);
  VectorXd mean, variance;
  model.predict(point({.5, 0, 2}), mean, variance);
  EXPECT_NEAR(mean[0], .666173468614, 1e-11);
  EXPECT_NEAR(variance[0], .530740733551, 1e-11);
}

TEST(Kernels, ArcKeepsMissingValuesEquallyFarFromAll) {
  const KernelPtr kernel = k::stationary({.columns = {0}, .metrics = {Metric::kArc}});
  const VectorXd theta{{0, std::log(.5)}};
  const MatrixXd missing = point({std::nan("")});
  EXPECT_NEAR(value(*kernel, theta, point({.2}), point({.7})), .66604161542, 1e-11);
  EXPECT_NEAR(value(*kernel, theta, point({.2}), missing), .523994108832, 1e-12);
  EXPECT_NEAR(value(*kernel, theta, point({.9}), missing), .523994108832, 1e-12);
  EXPECT_NEAR(value(*kernel, theta, missing, missing), 1, 1e-15);
}

TEST(Kernels, SphericalLinearMatchesTheTable) {
  // l = (.5, 1) on the unit square, w = 0, both shares 1/2.
  const KernelPtr kernel = k::spherical_linear({0, 1});
  const VectorXd theta{{std::log(.5), 0, 0, 0}};
  EXPECT_NEAR(value(*kernel, theta, point({.1, .2}), point({.4, .9})), .524767974952, 1e-11);
}

TEST(Kernels, KumaraswamyWarpMatchesTheTable) {
  // Warped distances are differences of w(x); c1 = .5, c0 = 2.
  const KernelPtr kernel = k::stationary({.form = k::Form::kRbf, .columns = {0}, .warp = true});
  const VectorXd theta{{0, std::log(2.), std::log(.5)}};
  const double x[] = {0, .1, .5, .9, 1};
  const double w[] = {.000632355532, .532455705016, .914213562373, .997366591774, 1};
  for (int i = 1; i < 5; ++i) {
    const double r = w[i] - w[0];
    EXPECT_NEAR(value(*kernel, theta, point({x[0]}), point({x[i]})), std::exp(-0.5 * r * r), 1e-11);
  }
}

TEST(Kernels, TwoTasksMatchTheTable) {
  // B = (1, .8)' (1, .8) + diag(.1, .3), noise .01 and .04 by task.
  GpData data;
  data.x.resize(2, 6);
  data.x << .1, .4, .7, .9, .2, .6, 0, 0, 0, 0, 1, 1;
  data.z = VectorXd{{.2, .9, .4, -.5, .8, .7}};
  data.noise_group = {0, 0, 0, 0, 1, 1};
  const KernelPtr kernel =
      k::product({k::stationary({.form = k::Form::kRbf, .columns = {0}}), k::task(1, 2)});
  VectorXd theta(7);
  theta << std::log(.3), 1, .8, std::log(.1), std::log(.3), std::log(.01), std::log(.04);
  const GpPosterior model(kernel, data, theta, kZero);
  EXPECT_NEAR(model.log_marginal_likelihood(), -4.7872874168312, 1e-11);
  MatrixXd points(2, 2);
  points << .5, .5, 1, 0;
  VectorXd mean;
  MatrixXd covariance;
  model.joint(points, mean, covariance);
  EXPECT_NEAR(mean[0], .912869882181, 1e-11);
  EXPECT_NEAR(covariance(0, 0), .0478328318294, 1e-12);
  EXPECT_NEAR(mean[1], .91914156674, 1e-11);
  EXPECT_NEAR(covariance(1, 1), .0138618680367, 1e-12);
  EXPECT_NEAR(covariance(0, 1), .00442014014441, 1e-12);

  // Coregionalization with a second term: B2 of (.3, -.5), Matern-5/2 of l = .1.
  const KernelPtr both =
      k::sum({kernel, k::product({k::stationary({.columns = {0}}), k::task(1, 2)})});
  VectorXd longer(12);
  longer << theta.head(5), std::log(.1), .3, -.5, -60, -60, theta.tail(2);
  EXPECT_NEAR(GpPosterior(both, data, longer, kZero).log_marginal_likelihood(), -5.6586386746097,
              1e-10);
}

// A kernel of every node, on points with a category and missing values.
std::vector<std::pair<KernelPtr, GpData>> all_nodes() {
  GpData data;
  data.x.resize(4, 9);
  RandomStream stream(3, Purpose::kUser);
  for (Index j = 0; j < 9; ++j) {
    data.x.col(j) << stream.uniform(), stream.uniform(), static_cast<double>(j % 3),
        j % 4 == 0 ? std::nan("") : stream.uniform();
  }
  data.x(0, 0) = 0;
  data.x(0, 1) = 1;  // bounds
  data.x.topRows(2).col(5) = data.x.topRows(2).col(4);
  data.z = data.x.row(0).transpose().array().sin() + data.x.row(2).transpose().array();
  std::vector<KernelPtr> out;
  for (const k::Form form : {k::Form::kRbf, k::Form::kMatern12, k::Form::kMatern32,
                             k::Form::kMatern52, k::Form::kRationalQuadratic}) {
    out.push_back(k::scaled(k::stationary(
        {.form = form,
         .columns = {0, 1, 2, 3},
         .metrics = {Metric::kDifference, Metric::kPeriodic, Metric::kHamming, Metric::kArc}})));
  }
  out.push_back(k::stationary({.columns = {0, 1}, .warp = true}));
  out.push_back(k::stationary({.columns = {0, 1}, .ard = false}));
  out.push_back(
      k::stationary({.columns = {0, 2, 3},
                     .metrics = {Metric::kDifference, Metric::kHammingMean, Metric::kActivity}}));
  out.push_back(k::sum({k::matern52(2), k::linear({0, 1}), k::constant()}));
  out.push_back(k::product({k::linear({0}), k::matern52(2), k::task(2, 3, 2)}));
  out.push_back(k::scaled(k::spherical_linear({0, 1})));
  out.push_back(k::additive({{0}, {1}, {0, 1}}));
  std::vector<std::pair<KernelPtr, GpData>> pairs;
  for (auto& kernel : out) pairs.emplace_back(kernel, data);
  return pairs;
}

VectorXd random_theta(const Kernel& kernel, Index noises, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  VectorXd theta(kernel.parameter_count() + noises);
  for (Index i = 0; i < theta.size(); ++i) theta[i] = 0.6 * stream.normal() - 0.3;
  if (noises > 0) theta[theta.size() - 1] = std::log(0.02);
  return theta;
}

TEST(Kernels, HyperGradientsMatchDifferences) {
  for (const auto& [kernel, data] : all_nodes()) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      const VectorXd theta = random_theta(*kernel, 1, seed);
      MarginalLikelihood likelihood(*kernel, data, GpMean());
      VectorXd gradient(theta.size());
      likelihood.evaluate(theta, gradient.data());
      const VectorXd expected = central_differences(
          [&](const VectorXd& at) { return likelihood.evaluate(at, nullptr); }, theta);
      for (Index i = 0; i < theta.size(); ++i) {
        EXPECT_NEAR(gradient[i], expected[i], 1e-6 * (1 + std::abs(expected[i])))
            << kernel->parameters()[0].name << " parameter " << i << " of " << theta.size();
      }
    }
  }
}

TEST(Kernels, PosteriorGradientsMatchDifferences) {
  for (const auto& [kernel, data] : all_nodes()) {
    const GpPosterior model(kernel, data, random_theta(*kernel, 1, 5));
    const VectorXd at{{.37, .61, 1, .44}};
    VectorXd mean, variance;
    MatrixXd dmean, dvariance;
    model.predict(at, mean, variance, &dmean, &dvariance);
    const auto part = [&](bool want_mean) {
      return [&, want_mean](const VectorXd& x) {
        VectorXd m, v;
        model.predict(x, m, v);
        return want_mean ? m[0] : v[0];
      };
    };
    const VectorXd by_mean = central_differences(part(true), at);
    const VectorXd by_variance = central_differences(part(false), at);
    for (const Index i : {0, 1, 3}) {  // 2 is a category
      EXPECT_NEAR(dmean(i, 0), by_mean[i], 1e-6 * (1 + std::abs(by_mean[i])));
      EXPECT_NEAR(dvariance(i, 0), by_variance[i], 1e-6 * (1 + std::abs(by_variance[i])));
    }
  }
}

TEST(Kernels, DerivativesAtADataPointAreFinite) {
  for (const auto& [kernel, data] : all_nodes()) {
    const GpPosterior model(kernel, data, random_theta(*kernel, 1, 6));
    VectorXd mean, variance;
    MatrixXd dmean, dvariance;
    model.predict(data.x, mean, variance, &dmean, &dvariance);
    EXPECT_TRUE(mean.allFinite() && variance.allFinite() && dmean.allFinite() &&
                dvariance.allFinite());
  }
}

TEST(Kernels, MatricesArePositiveSemidefinite) {
  for (const auto& [kernel, data] : all_nodes()) {
    const VectorXd theta = random_theta(*kernel, 0, 7);
    MatrixXd matrix;
    kernel->evaluation()->symmetric(data.x, theta.data(), false, matrix);
    const double lowest = Eigen::SelfAdjointEigenSolver<MatrixXd>(matrix).eigenvalues()[0];
    EXPECT_GT(lowest, -1e-10 * static_cast<double>(data.size()) * matrix.diagonal().mean());
    VectorXd diagonal;
    kernel->diagonal(data.x, theta.data(), diagonal);
    EXPECT_LT((diagonal - matrix.diagonal()).norm(), 1e-12 * diagonal.norm());
  }
}

TEST(Kernels, RandomFeaturesReproduceTheKernel) {
  // The mean of phi(x)' phi(z) over draws is k(x, z); with 2e5 waves within 5 standard errors of
  // at most 1/sqrt(waves) each.
  for (const auto& [kernel, data] : all_nodes()) {
    const VectorXd theta = random_theta(*kernel, 0, 8);
    MatrixXd matrix, phi;
    kernel->evaluation()->symmetric(data.x, theta.data(), false, matrix);
    RandomStream stream(11, Purpose::kUser);
    const auto features = kernel->features(theta.data(), 40000, stream);
    features->map(data.x, phi);
    const double largest = matrix.diagonal().maxCoeff();
    EXPECT_LT((phi.transpose() * phi - matrix).cwiseAbs().maxCoeff(), 5 * largest / std::sqrt(2e4));
  }
}

TEST(Kernels, FeatureGradientsMatchDifferences) {
  for (const auto& [kernel, data] : all_nodes()) {
    const VectorXd theta = random_theta(*kernel, 0, 9);
    RandomStream stream(12, Purpose::kUser);
    const auto features = kernel->features(theta.data(), 32, stream);
    VectorXd weights(features->size());
    stream.fill_normal({weights.data(), static_cast<std::size_t>(weights.size())});
    const VectorXd at{{.3, .8, 2, .55}};
    MatrixXd gradient = MatrixXd::Zero(4, 1);
    features->input_gradient(at, weights, gradient);
    const VectorXd expected = central_differences(
        [&](const VectorXd& x) {
          MatrixXd phi;
          features->map(x, phi);
          return weights.dot(phi.col(0));
        },
        at, 1e-7);  // some waves are short
    for (const Index i : {0, 1, 3}) {
      EXPECT_NEAR(gradient(i, 0), expected[i], 1e-5 * (1 + std::abs(expected[i])));
    }
  }
}

TEST(Kernels, UnknownFormNamesTheKnownOnes) {
  try {
    k::form("matern2");
    FAIL();
  } catch (const OptionError& error) {
    EXPECT_NE(std::string(error.what()).find("\"matern52\""), std::string::npos);
  }
}

}  // namespace
}  // namespace asktell
