// See pathwise.hpp.
#include <asktell/surrogates/gp/pathwise.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/core/dense.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kBlock = 64;  // points at a time: phi of a block stays in the second cache

MatrixXd normals(Index rows, Index columns, RandomStream& stream) {
  MatrixXd out(rows, columns);
  stream.fill_normal({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

MatrixXd noise_draws(const GpPosterior& model, Index begin, Index count, RandomStream& stream) {
  MatrixXd out = normals(model.size() - begin, count, stream);
  for (Index i = 0; i < out.rows(); ++i) out.row(i) *= std::sqrt(model.noise(begin + i));
  return out;
}

}  // namespace

SamplePaths::SamplePaths(const GpPosterior& model, Index count, RandomStream& stream,
                         Index features)
    : features_(model.kernel().features(model.theta().data(), features, stream)) {
  weights_ = normals(features_->size(), count, stream);
  noise_ = noise_draws(model, 0, count, stream);
  solve(model);
}

SamplePaths::SamplePaths(const GpPosterior& model, std::unique_ptr<FeatureMap> features,
                         MatrixXd weights, MatrixXd noise)
    : features_(std::move(features)), weights_(std::move(weights)), noise_(std::move(noise)) {
  solve(model);
}

void SamplePaths::solve(const GpPosterior& model) {
  kernel_ = model.kernel_ptr();
  theta_ = model.theta();
  x_ = model.data().x;
  mean_ = model.mean();
  MatrixXd phi;
  features_->map(x_, phi);
  update_ = -noise_;
  dense::multiply(true, false, -1, phi, weights_, 1, update_);
  update_.colwise() += (model.data().z.array() - mean_).matrix();
  dense::solve_lower(model.factor(), update_);
  dense::solve_lower_transposed(model.factor(), update_);
}

void SamplePaths::follow(const GpPosterior& model, RandomStream& stream) {
  const Index before = noise_.rows();
  noise_.conservativeResize(model.size(), Eigen::NoChange);
  noise_.bottomRows(model.size() - before) = noise_draws(model, before, count(), stream);
  solve(model);
}

// use(begin, points, features, covariances with the data, evaluation) of a block.
template <typename Use>
void SamplePaths::by_blocks(const MatrixXd& points, bool gradients, Use use) const {
  const auto evaluation = kernel_->evaluation();
  MatrixXd phi, k;
  for (Index begin = 0; begin < points.cols(); begin += kBlock) {
    const MatrixXd block = points.middleCols(begin, std::min(kBlock, points.cols() - begin));
    features_->map(block, phi);
    evaluation->cross(x_, block, theta_.data(), gradients, k);
    use(begin, block, phi, k, *evaluation);
  }
}

void SamplePaths::evaluate(const MatrixXd& points, MatrixXd& values) const {
  values.resize(points.cols(), count());
  by_blocks(points, false, [&](Index begin, const MatrixXd& block, auto& phi, auto& k, auto&) {
    auto out = values.middleRows(begin, block.cols());
    dense::multiply(true, false, 1, phi, weights_, 0, out);
    dense::multiply(true, false, 1, k, update_, 1, out);
  });
  values.array() += mean_;
}

void SamplePaths::evaluate(Index path, const MatrixXd& points, VectorXd& values) const {
  values.resize(points.cols());
  by_blocks(points, false, [&](Index begin, const MatrixXd& block, auto& phi, auto& k, auto&) {
    auto out = values.segment(begin, block.cols());
    dense::column_dots(phi, weights_.col(path), out);
    out += k.transpose() * update_.col(path);
  });
  values.array() += mean_;
}

void SamplePaths::evaluate(Index path, const MatrixXd& points, VectorXd& values,
                           MatrixXd& gradients) const {
  values.resize(points.cols());
  gradients.setZero(points.rows(), points.cols());
  MatrixXd part;
  by_blocks(points, true, [&](Index begin, const MatrixXd& block, auto& phi, auto& k, auto& at) {
    const Index size = block.cols();
    auto out = values.segment(begin, size);
    dense::multiply(true, false, 1, phi, weights_.col(path), 0, out);
    dense::multiply(true, false, 1, k, update_.col(path), 1, out);
    part.setZero(points.rows(), size);
    features_->input_gradient(block, weights_.col(path).replicate(1, size), part);
    at.input_gradient(update_.col(path).replicate(1, size), 1, part);
    gradients.middleCols(begin, size) = part;
  });
  values.array() += mean_;
}

}  // namespace asktell
