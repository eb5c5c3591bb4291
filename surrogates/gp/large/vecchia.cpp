// See vecchia.hpp. For one point let w' be the last row of L^-1, so that e = w' (z - mean) is
// standard normal, and let a be the predecessors' own weights S_c^-1 (z_c - mean). The derivative
// of log N(z_i | z_c) is tr((e (a w' + w a') + (e^2 - 1) w w') dS) / 2.
#include <asktell/surrogates/gp/large/vecchia.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <asktell/core/dense.hpp>
#include <asktell/core/threads.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kBlock = 64;  // points a piece of work
const double kLog2Pi = std::log(2 * std::numbers::pi);

}  // namespace

struct VecchiaLikelihood::Workspace {
  std::unique_ptr<KernelEvaluation> evaluation;
  std::vector<Index> members;  // the predecessors, then the point
  MatrixXd x, s, both;         // d x (c + 1); covariance, then its factor; values and ones
  VectorXd row, weights;
};

VecchiaLikelihood::VecchiaLikelihood(const Kernel& kernel, const GpData& data,
                                     const std::vector<Index>& order, const VectorXd& theta,
                                     Index neighbours, GpMean mean)
    : kernel_(kernel),
      data_(subset(data, order)),
      mean_(mean),
      pool_(std::make_unique<WorkspacePool<Workspace>>()) {
  data_.replicates = data.replicates;
  const Index n = data_.size(), m = std::clamp<Index>(neighbours, 0, std::max<Index>(n - 1, 0));
  predecessors_ = nearest_predecessors(kernel, theta, data_.x, m);
  rows_.setZero(m + 1, n);
  solved_.setZero(m, n);
  ones_.setZero(m, n);
  for (VectorXd* each : {&whitened_, &unit_, &log_deviation_}) each->resize(n);
  block_gradients_.resize(parameters(), (n + kBlock - 1) / kBlock);
}

VecchiaLikelihood::~VecchiaLikelihood() = default;

// body(workspace, point) for every point, in blocks.
template <typename Body>
void VecchiaLikelihood::for_blocks(const Body& body) {
  const auto make = [this] {
    auto workspace = std::make_unique<Workspace>();
    workspace->evaluation = kernel_.evaluation();
    return workspace;
  };
  parallel_for(static_cast<std::size_t>(data_.size()), kBlock,
               [&](std::size_t begin, std::size_t end) {
                 pool_->with(make, [&](Workspace& workspace) {
                   for (std::size_t i = begin; i < end; ++i) body(workspace, static_cast<Index>(i));
                 });
               });
}

// The predecessors of point i and their number; the point itself comes last.
Index VecchiaLikelihood::gather(Workspace& workspace, Index i) const {
  const Index c = std::min(i, predecessors_.rows());
  workspace.members.assign(predecessors_.col(i).begin(), predecessors_.col(i).begin() + c);
  workspace.members.push_back(i);
  workspace.x = data_.x(Eigen::all, workspace.members);
  return c;
}

bool VecchiaLikelihood::factorize(Workspace& workspace, Index i, const VectorXd& theta) {
  const double* log_noise = theta.data() + kernel_.parameter_count();
  const Index c = gather(workspace, i);
  MatrixXd& s = workspace.s;
  workspace.evaluation->symmetric(workspace.x, theta.data(), false, s);
  workspace.both.resize(c + 1, 2);
  for (Index j = 0; j <= c; ++j) {
    const Index member = workspace.members[static_cast<std::size_t>(j)];
    s(j, j) += data_.noise(member, log_noise);
    workspace.both(j, 0) = data_.z[member];
    workspace.both(j, 1) = 1;
  }
  if (!s.allFinite() || dense::cholesky(s) >= 0) return false;
  dense::solve_lower(s, workspace.both);
  whitened_[i] = workspace.both(c, 0);
  unit_[i] = workspace.both(c, 1);
  log_deviation_[i] = std::log(s(c, c));
  const auto inner = s.topLeftCorner(c, c);
  auto solved = workspace.both.topRows(c);
  dense::solve_lower_transposed(inner, solved);
  solved_.col(i).head(c) = solved.col(0);
  ones_.col(i).head(c) = solved.col(1);
  workspace.row = VectorXd::Unit(c + 1, c);
  dense::solve_lower_transposed(s, workspace.row);
  rows_.col(i).head(c + 1) = workspace.row;
  return true;
}

void VecchiaLikelihood::add_gradient(Workspace& workspace, Index i, const VectorXd& theta,
                                     double* gradient) {
  const Index own = kernel_.parameter_count(), c = gather(workspace, i);
  const double* log_noise = theta.data() + own;
  const double e = whitened_[i] - mean_value_ * unit_[i];
  const auto w = rows_.col(i).head(c + 1);
  VectorXd& a = workspace.weights;
  a.setZero(c + 1);
  a.head(c) = solved_.col(i).head(c) - mean_value_ * ones_.col(i).head(c);
  workspace.evaluation->symmetric(workspace.x, theta.data(), true, workspace.s);
  MatrixXd& by_covariance = workspace.both;
  by_covariance.noalias() = (e * a + (e * e - 1) * w) * w.transpose();
  by_covariance.noalias() += (e * w) * a.transpose();
  workspace.evaluation->hyper_gradient(by_covariance, 0.5, gradient);
  for (Index j = 0; j <= c && data_.fitted_noise; ++j) {
    const Index member = workspace.members[static_cast<std::size_t>(j)];
    const int group = data_.group(member);
    gradient[own + group] +=
        0.5 * by_covariance(j, j) * std::exp(log_noise[group]) * data_.share(member);
  }
}

double VecchiaLikelihood::evaluate(const VectorXd& theta, double* gradient) {
  const double* log_noise = theta.data() + kernel_.parameter_count();
  if (gradient) VectorXd::Map(gradient, theta.size()).setZero();
  log_deviation_.setConstant(std::numeric_limits<double>::quiet_NaN());
  for_blocks([&](Workspace& workspace, Index i) { factorize(workspace, i, theta); });
  if (!log_deviation_.allFinite()) return -std::numeric_limits<double>::infinity();
  mean_value_ = mean_.value;
  if (mean_.kind != GpMean::Kind::kFixed) {
    const double prior_weight =
        mean_.kind == GpMean::Kind::kNormal ? 1 / (mean_.deviation * mean_.deviation) : 0;
    mean_value_ = whitened_.dot(unit_) / (unit_.squaredNorm() + prior_weight);
  }
  double value = -0.5 * (whitened_ - mean_value_ * unit_).squaredNorm() - log_deviation_.sum() -
                 0.5 * static_cast<double>(data_.size()) * kLog2Pi;
  if (mean_.kind == GpMean::Kind::kNormal) {
    value += Prior::normal(0, mean_.deviation).log_density(mean_value_);
  }
  if (!gradient) return value + replicate_terms(data_, log_noise, nullptr);
  block_gradients_.setZero();
  for_blocks([&](Workspace& workspace, Index i) {
    add_gradient(workspace, i, theta, block_gradients_.col(i / kBlock).data());
  });
  for (Index block = 0; block < block_gradients_.cols(); ++block) {
    VectorXd::Map(gradient, theta.size()) += block_gradients_.col(block);
  }
  return value + replicate_terms(data_, log_noise, gradient + kernel_.parameter_count());
}

}  // namespace asktell
