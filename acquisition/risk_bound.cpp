// See risk_bound.hpp.
#include <asktell/acquisition/risk_bound.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/acquisition/risk_measures.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double RiskMeasure::operator()(const Eigen::Ref<const VectorXd>& costs, VectorXd* weights) const {
  switch (risk) {
    case Risk::kValueAtRisk:
      return value_at_risk(costs, level, weights);
    case Risk::kConditionalValueAtRisk:
      return conditional_value_at_risk(costs, level, weights);
    default:
      if (weights) {
        weights->setConstant(costs.size(), 1 / static_cast<double>(costs.size()));
      }
      return costs.mean();
  }
}

MatrixXd Environments::pairs(const MatrixXd& x) const {
  MatrixXd out(x.rows(), x.cols() * w.cols());
  for (Index j = 0; j < x.cols(); ++j) {
    auto block = out.middleCols(j * w.cols(), w.cols());
    block.colwise() = x.col(j);
    for (std::size_t i = 0; i < axes.size(); ++i) {
      if (!std::isnan(x(axes[i], j))) block.row(axes[i]) = w.row(static_cast<Index>(i));
    }
  }
  return out;
}

void RiskBound::evaluate(const MatrixXd& points, VectorXd& values, MatrixXd* gradients) const {
  constexpr Index kPairs = 1024;  // whose covariances with the data fit in memory
  const LowerConfidenceBound bound(model_, deviations_);  // negative costs
  const Index k = environments_.w.cols(), step = std::max<Index>(1, kPairs / k);
  MatrixXd slopes;
  VectorXd costs, weights;
  values.resize(points.cols());
  if (gradients) gradients->resize(points.rows(), points.cols());
  for (Index begin = 0; begin < points.cols(); begin += step) {
    const Index size = std::min(step, points.cols() - begin);
    bound.evaluate(environments_.pairs(points.middleCols(begin, size)), costs,
                   gradients ? &slopes : nullptr);
    costs = -costs;
    for (Index j = 0; j < size; ++j) {
      values[begin + j] = -measure_(costs.segment(j * k, k), gradients ? &weights : nullptr);
      if (gradients) gradients->col(begin + j) = slopes.middleCols(j * k, k) * weights;
    }
  }
  if (gradients) (*gradients)(environments_.axes, Eigen::all).setZero();
}

}  // namespace asktell
