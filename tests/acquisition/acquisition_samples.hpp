// What the tests of acquisitions share: the worked example W1 and a model in two dimensions, points
// to try, and gradients checked by central differences of fourth order.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/core/random.hpp>
#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell::samples {

// W1: Matern-5/2, l = .25, noise .01, mean 0, X = (.05, .3, .55, .9), y = (.2, -.8, .6, 1.1), to be
// maximized: signs are turned here. Expected numbers of W1 in the tests are from 40-digit
// arithmetic (mpmath).
inline GpPosterior w1(double noise = 0.01) {
  GpData data;
  data.x = Eigen::RowVectorXd{{.05, .30, .55, .90}};
  data.z = Eigen::VectorXd{{-.20, .80, -.60, -1.10}};
  return GpPosterior(kernels::scaled(kernels::matern52(1)), data,
                     Eigen::VectorXd{{std::log(0.25), 0, std::log(noise)}},
                     {.kind = GpMean::Kind::kFixed});
}
constexpr double kW1Best = -1.1;

// Ten observations of a smooth function of two inputs, little noise.
inline GpPosterior smooth2(double noise = 1e-3) {
  GpData data;
  data.x.resize(2, 10);
  data.x << .05, .92, .31, .64, .48, .15, .77, .86, .40, .58,  //
      .11, .24, .83, .57, .35, .68, .93, .05, .02, .79;
  data.z = (5 * data.x.row(0).array()).sin() + 2 * (data.x.row(1).array() - .4).square() - .5;
  return GpPosterior(kernels::scaled(kernels::matern52(2)), data,
                     Eigen::VectorXd{{std::log(.35), std::log(.6), 0, std::log(noise)}},
                     {.kind = GpMean::Kind::kFixed});
}

inline Eigen::MatrixXd row(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::RowVectorXd>(values.begin(),
                                              static_cast<Eigen::Index>(values.size()));
}

inline Eigen::MatrixXd uniform_points(Eigen::Index d, Eigen::Index count, std::uint64_t seed) {
  Eigen::MatrixXd out(d, count);
  RandomStream(seed, Purpose::kUser)
      .fill_uniform({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

// Twenty points: the first on two bounds, the second within 1e-4 of a datum.
inline Eigen::MatrixXd probes(const GpPosterior& model) {
  Eigen::MatrixXd out = uniform_points(model.dimension(), 20, 11);
  out.col(0).setZero();
  out(0, 0) = 1;
  out.col(1) = model.data().x.col(3).array() + 4e-5;
  return out;
}

inline double value_at(const Acquisition& acquisition, const Eigen::VectorXd& x) {
  Eigen::VectorXd value;
  acquisition.evaluate(x, value);
  return value[0];
}

// Values with and without gradients agree, and gradients are those of the values.
inline void expect_gradients(const Acquisition& acquisition, const Eigen::MatrixXd& points,
                             double tolerance = 1e-6, double h = 1e-4) {
  Eigen::VectorXd values, plain;
  Eigen::MatrixXd gradients;
  acquisition.evaluate(points, values, &gradients);
  acquisition.evaluate(points, plain);
  ASSERT_EQ(gradients.rows(), points.rows());
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    EXPECT_NEAR(values[j], plain[j], 1e-12 * (1 + std::abs(plain[j]))) << j;
    Eigen::VectorXd expected(points.rows());
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      const auto moved = [&](double step) {
        Eigen::VectorXd x = points.col(j);
        x[i] += step;
        return value_at(acquisition, x);
      };
      expected[i] = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
    }
    EXPECT_LT((gradients.col(j) - expected).norm(), tolerance * (1 + expected.norm()))
        << "point " << j << ": " << gradients.col(j).transpose() << " for " << expected.transpose();
  }
}

}  // namespace asktell::samples
