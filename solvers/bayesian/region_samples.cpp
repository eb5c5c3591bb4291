// See region_samples.hpp.
#include <asktell/solvers/bayesian/region_samples.hpp>

#include <cmath>
#include <span>

#include <asktell/core/lbfgsb.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr int kRounds = 30;  // of the refinement

}  // namespace

RegionSamples::RegionSamples(const GpPosterior& model, Space space,
                             RegionGeometry::Candidates region, MatrixXd candidates, Index slots,
                             RandomStream& stream)
    : space_(std::move(space)),
      region_(std::move(region)),
      paths_(std::make_shared<const SamplePaths>(model, slots, stream)),
      candidates_(std::move(candidates)),
      taken_(static_cast<std::size_t>(candidates_.cols()), false) {
  paths_->evaluate(model_points(space_, candidates_), values_);
}

Index RegionSamples::best(Index slot) const {
  Index best = -1;
  for (Index j = 0; j < values_.rows(); ++j) {
    if (taken_[static_cast<std::size_t>(j)]) continue;
    if (best < 0 || values_(j, slot) < values_(best, slot)) best = j;
  }
  return best;
}

Point RegionSamples::point(Index candidate) const {
  return space_.point_from_unit({candidates_.col(candidate).data(), space_.dimension()});
}

Point RegionSamples::refined(Index candidate, Index slot) const {
  const VectorXd start = candidates_.col(candidate);
  VectorXd low = start, high = start;
  for (Index i = 0; i < start.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool held = !region_.fixed.empty() && !std::isnan(region_.fixed[at]);
    if (space_.coordinates()[at].cells > 0 || held || start[i] == region_.centre[i]) continue;
    low[i] = std::min(start[i], region_.box.low[i]);
    high[i] = std::max(start[i], region_.box.high[i]);
  }
  const BatchedFunction function = [&](const Eigen::Ref<const MatrixXd>& x, std::span<const Index>,
                                       Eigen::Ref<VectorXd> values,
                                       Eigen::Ref<MatrixXd> gradients) {
    VectorXd value;
    MatrixXd gradient;
    paths_->evaluate(slot, model_points(space_, x), value, gradient);
    values = value;
    gradients = gradient;
  };
  const VectorXd x = minimize_lockstep(function, start, low, high, {.rounds = kRounds}).x.col(0);
  return space_.point_from_unit({x.data(), space_.dimension()});
}

}  // namespace asktell
