// Random smooth observations of any size, and what several tests of models for many points ask of a
// model.
#pragma once

#include <gtest/gtest.h>

#include <asktell/core/random.hpp>
#include <asktell/surrogates/gp/kernels/kernels.hpp>
#include <asktell/surrogates/surrogate.hpp>
#include <asktell/tests/surrogates/gp_samples.hpp>

namespace asktell::samples {

// n uniform points of the cube; values sum sin(5 x_i) plus a little noise.
inline GpData observations(Eigen::Index n, Eigen::Index d, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  GpData data;
  data.x.resize(d, n);
  data.z.resize(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index i = 0; i < d; ++i) data.x(i, j) = stream.uniform();
    data.z[j] = (5 * data.x.col(j)).array().sin().sum() + 0.1 * stream.normal();
  }
  return data;
}

// Gradients of mean and variance at all points against central differences of predict, which must
// also give the same numbers with and without gradients.
inline void expect_input_gradients(const Surrogate& model, const Eigen::MatrixXd& points,
                                   double tolerance = 1e-6) {
  using Eigen::VectorXd;
  VectorXd mean, variance, mean_alone, variance_alone;
  Eigen::MatrixXd dm, dv;
  model.predict(points, mean, variance, &dm, &dv);
  model.predict(points, mean_alone, variance_alone);
  EXPECT_LT((mean - mean_alone).norm(), 1e-12);
  EXPECT_LT((variance - variance_alone).norm(), 1e-12);
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    const auto part = [&](bool of_mean) {
      return central_differences(
          [&](const VectorXd& x) {
            VectorXd m, v;
            model.predict(x, m, v);
            return of_mean ? m[0] : v[0];
          },
          points.col(j));
    };
    EXPECT_LT((dm.col(j) - part(true)).norm(), tolerance * (1 + dm.col(j).norm()));
    EXPECT_LT((dv.col(j) - part(false)).norm(), tolerance * (1 + dv.col(j).norm()));
  }
}

}  // namespace asktell::samples
