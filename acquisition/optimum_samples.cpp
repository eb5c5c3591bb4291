// See optimum_samples.hpp.
#include <asktell/acquisition/optimum_samples.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/core/lbfgsb.hpp>
#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSmallestVariance = 1e-8;  // of a candidate
constexpr Index kStarts = 2;                // of the search for the minimum of each path

// y with P(all normals < y) = p, by bisection.
double quantile_of_maximum(const VectorXd& mean, const VectorXd& deviation, double p) {
  double low = (mean - 3 * deviation).minCoeff(), high = (mean + 5 * deviation).maxCoeff();
  const double target = std::log(p);
  while (true) {
    const double y = 0.5 * (low + high);
    if (!(y > low && y < high)) return y;
    double sum = 0;
    for (Index i = 0; i < mean.size() && sum >= target; ++i) {
      sum += log_normal_cdf((y - mean[i]) / deviation[i]);
    }
    (sum < target ? low : high) = y;
  }
}

}  // namespace

GumbelFit::GumbelFit(const VectorXd& mean, const VectorXd& deviation)
    : lower_quartile(quantile_of_maximum(mean, deviation, 0.25)),
      median(quantile_of_maximum(mean, deviation, 0.5)),
      upper_quartile(quantile_of_maximum(mean, deviation, 0.75)) {
  scale =
      (lower_quartile - upper_quartile) / (std::log(std::log(4.0 / 3)) - std::log(std::log(4.0)));
  location = median + scale * std::log(std::log(2.0));
  scale = std::abs(scale);
}

double GumbelFit::quantile(double p) const {
  return location - scale * std::log(-std::log(p));
}

VectorXd sample_minima(const Surrogate& model, const MatrixXd& candidates, Index count,
                       RandomStream& stream, double ceiling) {
  VectorXd mean, variance;
  model.predict(candidates, mean, variance);
  const GumbelFit fit(-mean, variance.cwiseMax(kSmallestVariance).cwiseSqrt());
  VectorXd out(count);
  for (Index s = 0; s < count; ++s) out[s] = std::min(-fit.quantile(stream.uniform()), ceiling);
  return out;
}

OptimumSamples sample_optima(const GpPosterior& model, const MatrixXd& candidates, Index count,
                             RandomStream& stream, Index features) {
  const SamplePaths paths(model, count, stream, features);
  MatrixXd values;
  paths.evaluate(candidates, values);
  const Index d = candidates.rows(), each = std::min(kStarts, candidates.cols());
  MatrixXd starts(d, each * count);
  for (Index s = 0; s < count; ++s) {
    for (Index i = 0; i < each; ++i) {
      Index at;
      values.col(s).minCoeff(&at);
      starts.col(s * each + i) = candidates.col(at);
      values(at, s) = HUGE_VAL;
    }
  }
  VectorXd value;
  MatrixXd slope;
  const BatchedFunction of_paths = [&](const Eigen::Ref<const MatrixXd>& x,
                                       std::span<const Index> which, Eigen::Ref<VectorXd> f,
                                       Eigen::Ref<MatrixXd> gradients) {
    for (Index j = 0; j < x.cols(); ++j) {
      paths.evaluate(which[static_cast<std::size_t>(j)] / each, x.col(j), value, slope);
      f[j] = value[0];
      gradients.col(j) = slope;
    }
  };
  const LbfgsbResult found =
      minimize_lockstep(of_paths, starts, VectorXd::Zero(d), VectorXd::Ones(d));
  OptimumSamples out{MatrixXd(d, count), VectorXd(count)};
  for (Index s = 0; s < count; ++s) {
    Index at;
    out.values[s] = found.values.segment(s * each, each).minCoeff(&at);
    out.points.col(s) = found.x.col(s * each + at);
  }
  return out;
}

OptimumSamples sample_optima_among(const GpPosterior& model, const MatrixXd& candidates,
                                   Index count, RandomStream& stream, Index features) {
  MatrixXd values;
  SamplePaths(model, count, stream, features).evaluate(candidates, values);
  OptimumSamples out{MatrixXd(candidates.rows(), count), VectorXd(count)};
  for (Index s = 0; s < count; ++s) {
    Index at;
    out.values[s] = values.col(s).minCoeff(&at);
    out.points.col(s) = candidates.col(at);
  }
  return out;
}

}  // namespace asktell
