// Coordinate descent with an active set: Friedman, Hastie, Tibshirani (2010), "Regularization paths
// for generalized linear models via coordinate descent", Journal of Statistical Software 33,
// section 2.
#include <algorithm>
#include <asktell/benchmarks/problems/regression/weighted_lasso.hpp>
#include <asktell/core/random.hpp>
#include <cmath>

namespace asktell::benchmarks::regression {
namespace {

using Eigen::Index;

constexpr int kMostSweeps = 20'000;

double soft_threshold(double value, double threshold) {
  return std::copysign(std::max(std::abs(value) - threshold, 0.), value);
}

class CoordinateDescent {
 public:
  CoordinateDescent(const Data& data, const VectorXd& penalties)
      : data_(data),
        penalties_(penalties),
        curvature_(data.x.colwise().squaredNorm() / static_cast<double>(data.x.rows())),
        residual_(data.y),
        coefficients_(VectorXd::Zero(data.x.cols())) {}

  // The largest change of a slope over all coordinates, or over those that are not 0.
  double sweep(bool active_only) {
    double largest = 0;
    for (Index j = 0; j < coefficients_.size(); ++j) {
      if (active_only && coefficients_[j] == 0) continue;
      largest = std::max(largest, step(j));
    }
    return largest;
  }

  const VectorXd& coefficients() const { return coefficients_; }

 private:
  double step(Index j) {
    if (curvature_[j] == 0) return 0;
    const auto column = data_.x.col(j);
    const double slope = column.dot(residual_) / static_cast<double>(residual_.size());
    const double moved =
        soft_threshold(slope + curvature_[j] * coefficients_[j], penalties_[j]) / curvature_[j];
    const double change = moved - coefficients_[j];
    if (change == 0) return 0;
    residual_ -= change * column;
    coefficients_[j] = moved;
    return std::abs(change) * curvature_[j];
  }

  const Data& data_;
  const VectorXd& penalties_;
  VectorXd curvature_;
  VectorXd residual_;
  VectorXd coefficients_;
};

}  // namespace

double Data::largest_penalty() const {
  return (x.transpose() * y).cwiseAbs().maxCoeff() / static_cast<double>(x.rows());
}

Data correlated_data(int rows, const VectorXd& coefficients, double correlation,
                     double signal_to_noise, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  const double innovation = std::sqrt(1 - correlation * correlation);
  Data data;
  data.x.resize(rows, coefficients.size());
  for (Index i = 0; i < rows; ++i) {
    data.x(i, 0) = stream.normal();
    for (Index j = 1; j < coefficients.size(); ++j)
      data.x(i, j) = correlation * data.x(i, j - 1) + innovation * stream.normal();
  }
  VectorXd noise(rows);
  for (double& each : noise) each = stream.normal();
  data.y = data.x * coefficients;
  data.y += data.y.norm() / (noise.norm() * signal_to_noise) * noise;
  return data;
}

VectorXd weighted_lasso(const Data& data, const VectorXd& penalties, double tolerance) {
  CoordinateDescent descent(data, penalties);
  const double small = tolerance * data.largest_penalty();
  int sweeps = 0;
  while (++sweeps < kMostSweeps && descent.sweep(false) > small) {
    while (++sweeps < kMostSweeps && descent.sweep(true) > small) {
    }
  }
  return descent.coefficients();
}

CrossValidation::CrossValidation(const Data& data, int folds) {
  const Index rows = data.x.rows();
  Index begin = 0;
  for (Index fold = 0; fold < folds; ++fold) {
    const Index count = rows / folds + (fold < rows % folds ? 1 : 0);
    const Index after = rows - begin - count;
    Fold made;
    made.held_out = {data.x.middleRows(begin, count), data.y.segment(begin, count)};
    made.train.x.resize(rows - count, data.x.cols());
    made.train.x << data.x.topRows(begin), data.x.bottomRows(after);
    made.train.y.resize(rows - count);
    made.train.y << data.y.head(begin), data.y.tail(after);
    folds_.push_back(std::move(made));
    begin += count;
  }
}

double CrossValidation::error(const VectorXd& penalties) const {
  double total = 0;
  for (const Fold& fold : folds_) {
    const VectorXd missed =
        fold.held_out.y - fold.held_out.x * weighted_lasso(fold.train, penalties);
    total += missed.squaredNorm() / static_cast<double>(missed.size());
  }
  return total / static_cast<double>(folds_.size());
}

}  // namespace asktell::benchmarks::regression
