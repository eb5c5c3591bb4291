// See batch.hpp.
#include <asktell/acquisition/batch.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/acquisition/moments.hpp>
#include <asktell/acquisition/spread_points.hpp>
#include <asktell/acquisition/truncated_normal.hpp>
#include <asktell/core/lbfgsb.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kSpread = 500;  // points of the search for the steepest mean
constexpr double kFlat = 1e-7;  // a smaller constant is no information
constexpr double kIfFlat = 10;
constexpr double kDifference = 1e-5;  // step of the second derivative along the gradient

// a - b; coordinates inactive (NaN) in one of the two differ by 1/2, as kernels have it.
VectorXd difference(const VectorXd& a, const VectorXd& b) {
  VectorXd out = a - b;
  for (Index i = 0; i < out.size(); ++i) {
    if (std::isnan(out[i])) out[i] = std::isnan(a[i]) && std::isnan(b[i]) ? 0 : 0.5;
  }
  return out;
}

}  // namespace

double lipschitz_constant(const Surrogate& model, const MatrixXd& data, std::uint64_t seed) {
  const Index d = data.rows();
  MatrixXd points(d, kSpread + data.cols()), slopes;
  points << spread_points(d, kSpread, seed), data;
  VectorXd mean, variance;
  model.predict(points, mean, variance, &slopes);
  Index steepest;
  slopes.colwise().norm().maxCoeff(&steepest);
  // Ascends |grad|^2 / 2, whose gradient is the derivative of grad along itself.
  const BatchedFunction negative = [&](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                                       Eigen::Ref<VectorXd> values,
                                       Eigen::Ref<MatrixXd> gradients) {
    MatrixXd at, up, down;
    model.predict(x, mean, variance, &at);
    const Eigen::RowVectorXd norms = at.colwise().norm().cwiseMax(1e-300);
    const MatrixXd step = kDifference * (at.array().rowwise() / norms.array()).matrix();
    model.predict(x + step, mean, variance, &up);
    model.predict(x - step, mean, variance, &down);
    values = -0.5 * norms.transpose().cwiseAbs2();
    gradients = (down - up) * (norms / (2 * kDifference)).asDiagonal();
  };
  const LbfgsbResult found = minimize_lockstep(negative, points.col(steepest), VectorXd::Zero(d),
                                               VectorXd::Ones(d), {.rounds = 200});
  const double constant = std::sqrt(-2 * found.values[0]);
  return constant < kFlat ? kIfFlat : constant;
}

LocalPenalization::LocalPenalization(const Acquisition& log_acquisition, const Surrogate& model,
                                     MatrixXd pending, double best, double lipschitz)
    : base_(log_acquisition), pending_(std::move(pending)), lipschitz_(lipschitz) {
  VectorXd mean, variance;
  model.predict(pending_, mean, variance);
  radius_ = mean.array() - best;
  deviation_ = variance.cwiseSqrt();
}

void LocalPenalization::evaluate(const MatrixXd& points, VectorXd& values,
                                 MatrixXd* gradients) const {
  base_.evaluate(points, values, gradients);
  for (Index j = 0; j < points.cols(); ++j) {
    for (Index i = 0; i < pending_.cols(); ++i) {
      const VectorXd away = difference(points.col(j), pending_.col(i));
      const double distance = away.norm();
      const TruncatedNormal outside((lipschitz_ * distance - radius_[i]) / deviation_[i]);
      values[j] += outside.log_cdf;
      if (!gradients || distance == 0) continue;
      const double slope = outside.ratio * lipschitz_ / (deviation_[i] * distance);
      const auto active = !points.col(j).array().isNaN() && !pending_.col(i).array().isNaN();
      gradients->col(j) += slope * active.select(away, 0);
    }
  }
}

double lie(Liar liar, const Eigen::Ref<const VectorXd>& values) {
  switch (liar) {
    case Liar::kLowest:
      return values.minCoeff();
    case Liar::kMean:
      return values.mean();
    case Liar::kHighest:
      break;
  }
  return values.maxCoeff();
}

}  // namespace asktell
