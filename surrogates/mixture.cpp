// See mixture.hpp.
#include <asktell/surrogates/mixture.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

void mixture_moments(std::span<const Surrogate* const> members, const MatrixXd& points,
                     VectorXd& mean, VectorXd& variance, MatrixXd* mean_gradient,
                     MatrixXd* variance_gradient) {
  if (members.size() == 1) {
    members[0]->predict(points, mean, variance, mean_gradient, variance_gradient);
    return;
  }
  const Index q = points.cols(), d = points.rows();
  const auto count = static_cast<Index>(members.size());
  const double share = 1 / static_cast<double>(count);
  const bool slopes = mean_gradient || variance_gradient;
  MatrixXd means(q, count);
  std::vector<MatrixXd> mean_slopes(members.size());
  MatrixXd dv, sum_dv = MatrixXd::Zero(d, q);
  VectorXd m, v;
  variance.setZero(q);
  for (Index i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    members[at]->predict(points, m, v, slopes ? &mean_slopes[at] : nullptr,
                         variance_gradient ? &dv : nullptr);
    means.col(i) = m;
    variance += share * v;
    if (variance_gradient) sum_dv += share * dv;
  }
  mean = means.rowwise().mean();
  if (mean_gradient) mean_gradient->setZero(d, q);
  for (Index i = 0; i < count; ++i) {
    const VectorXd off = means.col(i) - mean;
    variance += share * off.cwiseAbs2();
    const MatrixXd& dm = mean_slopes[static_cast<std::size_t>(i)];
    if (mean_gradient) *mean_gradient += share * dm;
    if (variance_gradient) sum_dv += 2 * share * (dm * off.asDiagonal());
  }
  if (variance_gradient) *variance_gradient = std::move(sum_dv);
}

SurrogateMixture::SurrogateMixture(std::vector<std::unique_ptr<Surrogate>> members)
    : members_(std::move(members)) {
  for (const auto& member : members_) views_.push_back(member.get());
}

void SurrogateMixture::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                               MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  mixture_moments(views_, points, mean, variance, mean_gradient, variance_gradient);
}

}  // namespace asktell
