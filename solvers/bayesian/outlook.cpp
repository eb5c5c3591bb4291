// See outlook.hpp.
#include <asktell/solvers/bayesian/outlook.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/solvers/bayesian/space_points.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kPaths = 64;
constexpr Index kCandidates = 512;  // that fill the space, besides the observations

// The lowest value of each of the paths.
VectorXd minima(const Space& space, const GpPosterior& model, std::uint64_t seed) {
  MaximizeRequest everywhere;
  everywhere.seed = seed;
  const MatrixXd spread = model_points(space, unit_points_of_space(space, everywhere, kCandidates));
  MatrixXd candidates(spread.rows(), spread.cols() + model.size());
  candidates << spread, model.data().x;
  RandomStream stream(seed, Purpose::kChoice);
  return sampled_optima(space, everywhere, model, candidates, kPaths, stream).values;
}

Outlook outlook_of(const History& history, const Observations& data, Noise noise,
                   const ChosenModel& model) {
  const Space& space = history.space();
  const std::uint64_t seed = history.problem().seed;
  const double best = incumbent_value(data, noise, model.posterior);
  const double best_value = model.transform.inverse(best);
  const auto below = [&](double z) {
    return std::max(0.0, best_value - model.transform.inverse(z));
  };

  MaximizeRequest search;
  search.incumbents = data.incumbents();
  search.seed = spread_seed(seed);
  search.allowed = [&](const Point& point) { return space.satisfies_constraints(point.slots()); };
  const auto most = maximize_acquisition(LogExpectedImprovement(model.posterior, best), space,
                                         search, RandomStream(seed, Purpose::kCandidates));
  VectorXd lowest = minima(space, model.posterior, seed);
  std::sort(lowest.begin(), lowest.end());
  Outlook out;
  out.expected_gain = most ? below(best - std::exp(most->value)) : 0;
  out.regret = lowest.unaryExpr(below).mean();
  out.regret_high = below(lowest[kPaths / 20]);
  return out;
}

}  // namespace

std::optional<Outlook> model_outlook(const History& history, const Observations& data,
                                     const ModelChoice& choice, std::span<const double> memo) {
  if (history.told().size() < 3 || data.size() < 3) return {};
  std::vector<double> next_memo;
  const Noise noise = noise_of(history.problem(), data);
  return outlook_of(history, data, noise, choice.fit(data, noise == Noise::kSome, memo, next_memo));
}

}  // namespace asktell
