// See risk_measures.hpp.
#include <asktell/acquisition/risk_measures.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

// Costs' numbers in rising order; `first`: the place where the tail begins.
std::vector<Index> tail(const Eigen::Ref<const VectorXd>& costs, double level, Index& first) {
  if (!(level > 0 && level < 1) || costs.size() == 0) {
    throw OptionError("option.value", "risk level " + std::to_string(level) + " of " +
                                          std::to_string(costs.size()) +
                                          " costs; give a level between 0 and 1, and costs");
  }
  std::vector<Index> order(static_cast<std::size_t>(costs.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Index i, Index j) { return costs[i] < costs[j]; });
  first = static_cast<Index>(std::ceil(static_cast<double>(costs.size()) * level)) - 1;
  return order;
}

}  // namespace

double value_at_risk(const Eigen::Ref<const VectorXd>& costs, double level, VectorXd* weights) {
  Index first;
  const Index at = tail(costs, level, first)[static_cast<std::size_t>(first)];
  if (weights) *weights = VectorXd::Unit(costs.size(), at);
  return costs[at];
}

double conditional_value_at_risk(const Eigen::Ref<const VectorXd>& costs, double level,
                                 VectorXd* weights) {
  Index first;
  const std::vector<Index> order = tail(costs, level, first);
  const double share = 1 / static_cast<double>(costs.size() - first);
  if (weights) weights->setZero(costs.size());
  double sum = 0;
  for (std::size_t i = static_cast<std::size_t>(first); i < order.size(); ++i) {
    sum += share * costs[order[i]];
    if (weights) (*weights)[order[i]] = share;
  }
  return sum;
}

}  // namespace asktell
