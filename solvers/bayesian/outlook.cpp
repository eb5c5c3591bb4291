// See outlook.hpp.
#include <asktell/solvers/bayesian/outlook.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/acquisition/optimum_samples.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kPaths = 64;
constexpr Index kCandidates = 512;  // that fill the space, besides the observations

bool all_reals(const Space& space) {
  const auto parameters = space.parameters();
  return std::all_of(parameters.begin(), parameters.end(), [](const Parameter& p) {
    return p.kind == Kind::kReal && p.step == 0 && p.when.empty();
  });
}

MatrixXd candidates(const Space& space, const Observations& data, std::uint64_t seed) {
  const auto d = static_cast<Index>(space.dimension());
  MatrixXd x(d, kCandidates + data.size());
  std::vector<double> slots(space.slots());
  RandomStream stream(seed, Purpose::kCandidates);
  for (Index j = 0; j < kCandidates; ++j) {
    const std::span<double> unit(x.col(j).data(), space.dimension());
    stream.fill_uniform(unit);
    space.from_unit(unit, slots);
    space.to_unit(slots, unit);
  }
  x.rightCols(data.size()) = data.x;
  return x;
}

// The lowest value of each of the paths.
VectorXd minima(const Space& space, const Observations& data, const GpPosterior& model,
                std::uint64_t seed) {
  const MatrixXd x = candidates(space, data, seed);
  RandomStream stream(seed, Purpose::kChoice);
  if (all_reals(space)) return sample_optima(model, x, kPaths, stream).values;
  const SamplePaths paths(model, kPaths, stream);
  MatrixXd values;
  paths.evaluate(model_points(space, x), values);
  return values.colwise().minCoeff().transpose();
}

Outlook model_outlook(const History& history, const Observations& data, const ChosenModel& model,
                      std::uint64_t seed) {
  const Space& space = history.space();
  const bool noisy = noise_of(history.problem(), data) == Noise::kSome;
  VectorXd mean;
  model.posterior.predict_mean(model.posterior.data().x, mean);
  const double best = noisy ? mean.minCoeff() : model.transform.apply(data.y.minCoeff());
  const double best_value = model.transform.inverse(best);
  const auto below = [&](double z) { return best_value - model.transform.inverse(z); };

  MaximizeRequest search;
  search.incumbents = data.incumbents();
  search.seed = spread_seed(seed);
  search.allowed = [&](const Point& point) { return space.satisfies_constraints(point.slots()); };
  const auto most = maximize_acquisition(LogExpectedImprovement(model.posterior, best), space,
                                         search, RandomStream(seed, Purpose::kCandidates));
  VectorXd lowest = minima(space, data, model.posterior, seed);
  std::sort(lowest.begin(), lowest.end());
  double sum = 0;
  for (double z : lowest) sum += std::max(0.0, below(z));
  Outlook out;
  out.expected_gain = most ? std::max(0.0, below(best - std::exp(most->value))) : 0;
  out.regret = sum / static_cast<double>(kPaths);
  out.regret_high = std::max(0.0, below(lowest[kPaths / 20]));
  return out;
}

}  // namespace

std::optional<Outlook> choice_outlook(const History& history, const ModelChoice& choice,
                                      std::span<const double> memo, std::size_t max_points) {
  const Observations data = collect_observations(history, max_points);
  if (history.told().size() < 3 || data.size() < 3) return {};
  std::vector<double> next_memo;
  const bool noisy = noise_of(history.problem(), data) == Noise::kSome;
  return model_outlook(history, data, choice.fit(data, noisy, memo, next_memo),
                       history.problem().seed);
}

}  // namespace asktell
