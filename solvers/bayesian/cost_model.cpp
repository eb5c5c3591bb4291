// See cost_model.hpp.
#include <asktell/solvers/bayesian/cost_model.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <asktell/acquisition/weighted.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>

namespace asktell {
namespace {

using Eigen::Index;

constexpr std::size_t kLatest = 100;  // they are fitted from nothing at each ask
constexpr std::size_t kFewest = 3;

Observations told_costs(const History& history) {
  Observations out;
  for (std::int64_t trial : history.told()) {
    if (!std::isnan(history.cost(static_cast<std::size_t>(trial)))) out.trials.push_back(trial);
  }
  std::sort(out.trials.begin(), out.trials.end());
  if (out.trials.size() > kLatest) {
    out.trials.erase(out.trials.begin(), out.trials.end() - std::ptrdiff_t{kLatest});
  }
  const auto n = static_cast<Index>(out.trials.size());
  out.total = n;
  out.x.resize(static_cast<Index>(history.dimension()), n);
  out.y.resize(n);
  out.noise.setConstant(n, -1);
  out.failed.assign(out.trials.size(), false);
  for (Index i = 0; i < n; ++i) {
    const std::int64_t trial = out.trials[static_cast<std::size_t>(i)];
    out.x.col(i) = history.points().col(trial);
    out.y[i] = log_cost(history.cost(static_cast<std::size_t>(trial)));
  }
  return out;
}

}  // namespace

std::optional<CostModel> cost_model(const History& history) {
  const Observations costs = told_costs(history);
  if (costs.trials.size() < kFewest || costs.y.minCoeff() == costs.y.maxCoeff()) return {};
  const ModelChoice choice(history.space(),
                           affine_variants(static_cast<Index>(history.dimension())));
  std::vector<double> unused;
  // Costs are measured, so noisy: no model takes them for exact.
  ChosenModel model = choice.fit(costs, true, {}, unused);
  return CostModel{std::move(model.posterior),
                   model.transform.unit() * model.transform.deviation()};
}

}  // namespace asktell
