// See pending_fantasies.hpp.
#include <asktell/acquisition/pending_fantasies.hpp>

#include <asktell/acquisition/blocks.hpp>
#include <asktell/acquisition/joint_samples.hpp>
#include <asktell/core/dense.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

PendingFantasies::PendingFantasies(const GpPosterior& model, const MatrixXd& pending, Index count,
                                   std::uint64_t seed)
    : base_(model), set_(model, pending), weights_(MatrixXd::Zero(0, 1)) {
  if (pending.cols() == 0) return;
  given_ = std::make_unique<const GpPosterior>(conditioned(model, pending));
  // The last rows of the factor are those of the covariance of the pending observations given the
  // data: weights C^-1 (y - mean) = L'^-1 normals.
  const MatrixXd corner = given_->factor().bottomRightCorner(pending.cols(), pending.cols());
  weights_ = base_normals(pending.cols(), count, seed);
  dense::solve_lower_transposed(corner, weights_);
}

MatrixXd PendingFantasies::shifts(const MatrixXd& points) const {
  MatrixXd out = MatrixXd::Zero(points.cols(), count());
  if (empty()) return out;
  PosteriorCovariance::Evaluation at(set_);
  in_blocks(points, [&](Index begin, const MatrixXd& block) {
    at.evaluate(block, false);
    out.middleRows(begin, block.cols()).noalias() = at.covariance().transpose() * weights_;
  });
  return out;
}

}  // namespace asktell
