// Sampled functions: the tabulated one (50-digit arithmetic on D1), moments against the exact
// posterior, gradients, and what an append does to them.
#include <gtest/gtest.h>

#include <asktell/surrogates/gp/pathwise.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using samples::central_differences;
using samples::d1;
using samples::point;

GpPosterior d1_model() {
  return GpPosterior(kernels::scaled(kernels::matern52(1)), d1(),
                     VectorXd{{std::log(.25), 0, std::log(.05)}}, {.kind = GpMean::Kind::kFixed});
}

// Waves of frequencies (.5, -1.3) / .25: [sin, sin, cos, cos] / sqrt 2.
class GivenWaves : public FeatureMap {
 public:
  Index size() const override { return 4; }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    phi.resize(4, x.cols());
    for (Index j = 0; j < x.cols(); ++j) {
      const double a = 2 * x(0, j), b = -5.2 * x(0, j);
      phi.col(j) << std::sin(a), std::sin(b), std::cos(a), std::cos(b);
    }
    phi *= std::sqrt(0.5);
  }
  void input_gradient(const MatrixXd&, const MatrixXd&, MatrixXd&) const override {}
};

TEST(SamplePaths, MatchesTheTabulatedSample) {
  MatrixXd phi;
  GivenWaves().map(Eigen::RowVectorXd{{.2, .45}}, phi);
  EXPECT_NEAR(phi.col(0).dot(phi.col(1)), .572540695257, 1e-12);
  const SamplePaths path(d1_model(), std::make_unique<GivenWaves>(), VectorXd{{.7, -.4, 1.1, .2}},
                         VectorXd{{.1, -.2, .05, 0, .15}});
  const VectorXd expected{
      {.983922709254, -2.28995617282, -.895013744671, 2.69703096891, -2.10883210041}};
  EXPECT_LT((path.update_weights().col(0) - expected).norm(), 1e-10);
  MatrixXd value;
  path.evaluate(point({.5}), value);
  EXPECT_NEAR(value(0, 0), .443292693088, 1e-12);
}

TEST(SamplePaths, HaveTheMomentsOfThePosterior) {
  const GpPosterior model = d1_model();
  MatrixXd points(1, 3);
  points << .1, .5, .62;
  VectorXd mean;
  MatrixXd covariance, values;
  model.joint(points, mean, covariance);
  RandomStream stream(5, Purpose::kUser);
  const Index draws = 20000;
  // Independent features for every 100 functions: one set alone is off by its own error.
  MatrixXd all(3, draws);
  for (Index begin = 0; begin < draws; begin += 100) {
    const SamplePaths paths(model, 100, stream, 512);
    paths.evaluate(points, values);
    all.middleCols(begin, 100) = values;
  }
  const VectorXd sample_mean = all.rowwise().mean();
  const MatrixXd centred = all.colwise() - sample_mean;
  const MatrixXd sample = centred * centred.transpose() / static_cast<double>(draws - 1);
  for (Index i = 0; i < 3; ++i) {
    EXPECT_NEAR(sample_mean[i], mean[i], 4 * std::sqrt(covariance(i, i) / draws));
    for (Index j = 0; j < 3; ++j) {
      const double error = std::sqrt(
          (covariance(i, i) * covariance(j, j) + covariance(i, j) * covariance(i, j)) / draws);
      EXPECT_NEAR(sample(i, j), covariance(i, j), 4 * error);
    }
  }
}

TEST(SamplePaths, GradientsMatchDifferences) {
  const GpPosterior model = d1_model();
  RandomStream stream(6, Purpose::kUser);
  const SamplePaths paths(model, 3, stream, 64);
  VectorXd values;
  MatrixXd gradients, all;
  paths.evaluate(1, point({.37}), values, gradients);
  paths.evaluate(point({.37}), all);
  EXPECT_NEAR(values[0], all(0, 1), 1e-12);
  const VectorXd expected = central_differences(
      [&](const VectorXd& x) {
        MatrixXd out;
        paths.evaluate(x, out);
        return out(0, 1);
      },
      VectorXd{{.37}}, 1e-6);
  EXPECT_NEAR(gradients(0, 0), expected[0], 1e-5 * (1 + std::abs(expected[0])));
}

TEST(SamplePaths, FollowAnAppendAndStayTheSameElsewhere) {
  GpPosterior model = d1_model();
  RandomStream stream(7, Purpose::kUser);
  SamplePaths paths(model, 2, stream, 256);
  MatrixXd before, after;
  paths.evaluate(point({.05}), before);
  VectorXd told(1);
  MatrixXd at_new;
  paths.evaluate(point({.6}), at_new);
  told[0] = at_new(0, 0);  // what the first function has there
  model.append(point({.6}), told);
  paths.follow(model, stream);
  paths.evaluate(point({.05}), after);
  EXPECT_NEAR(after(0, 0), before(0, 0), 0.2);  // told its own value up to noise
  paths.evaluate(point({.6}), at_new);
  EXPECT_NEAR(at_new(0, 1), told[0], 4 * std::sqrt(.05));
}

}  // namespace
}  // namespace asktell
