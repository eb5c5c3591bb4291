// The data sets D1, D2 and D3 on which independent numbers were computed (50-digit arithmetic;
// rows with scikit-learn equivalents agree with scikit-learn to 1e-12), and central differences.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <functional>

#include <asktell/surrogates/gp/data.hpp>
#include <asktell/surrogates/gp/prior.hpp>

namespace asktell::samples {

inline GpData d1() {
  GpData data;
  data.x = Eigen::RowVectorXd{{.05, .20, .45, .70, .90}};
  data.z = Eigen::VectorXd{{.30, -.80, .15, 1.10, -.55}};
  return data;
}

inline GpData d2() {
  GpData data;
  data.x.resize(2, 6);
  data.x << .10, .40, .80, .60, .25, .95, .20, .90, .30, .60, .70, .85;
  data.z = Eigen::VectorXd{{1.0, -.5, .3, .8, -1.2, .1}};
  return data;
}

inline GpData d3() {
  GpData data;
  data.x.resize(2, 12);
  data.x << .2549, .0098, .7646, .5195, .2744, .0293, .7841, .5390, .2939, .0488, .8037, .5585,
      .0698, .6397, .2095, .7794, .3492, .9190, .4889, .0587, .6286, .1984, .7682, .3381;
  data.z = Eigen::VectorXd{
      {.6383, .4855, .6636, 1.4549, .7574, .9689, .7072, 1.0366, 1.0246, .2304, .8987, 1.0644}};
  return data;
}

inline GpData standardized_d3() {
  GpData data = d3();
  data.z = (data.z.array() - .82754166666667) / .31808022561021;
  return data;
}

// A mean held at 0.
inline const GpMean kZero{.kind = GpMean::Kind::kFixed};

inline KernelPtr scaled_matern(Eigen::Index d) {
  return kernels::scaled(kernels::matern52(d));
}

// Column 0, 1, ... of a matrix from a list of points.
inline Eigen::MatrixXd point(std::initializer_list<double> values) {
  Eigen::MatrixXd out(static_cast<Eigen::Index>(values.size()), 1);
  Eigen::Index i = 0;
  for (double value : values) out(i++, 0) = value;
  return out;
}

inline Eigen::VectorXd central_differences(const std::function<double(const Eigen::VectorXd&)>& f,
                                           const Eigen::VectorXd& at, double h = 1e-5) {
  Eigen::VectorXd out(at.size());
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    Eigen::VectorXd up = at, down = at;
    up[i] += h;
    down[i] -= h;
    out[i] = (f(up) - f(down)) / (2 * h);
  }
  return out;
}

}  // namespace asktell::samples
