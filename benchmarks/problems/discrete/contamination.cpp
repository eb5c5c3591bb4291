// Contamination control of a food supply chain of 25 stages: where to pay for prevention so that
// the share of contaminated food stays below a limit. Hu, Hu, Xu, Wang, Cao (2010), "Contamination
// control in food supply chain", in the form of Baptista & Poloczek (2018). The 100 scenarios are
// drawn from a seed of our own.
#include <array>
#include <cmath>
#include <vector>

#include <asktell/benchmarks/problems/discrete/discrete.hpp>

namespace asktell::benchmarks::discrete {
namespace {

constexpr int kStages = 25;
constexpr int kScenarios = 100;

// The optima of seeds 1, 2, ... by search of all points; bit i for parameter i.
constexpr std::array<std::uint64_t, 5> kOptima = {0x6dbbba, 0xb6dd6d, 0x6abada, 0x5adb76, 0xabb5b6};

struct ContaminationOptions {
  std::int64_t seed = 1;
};

class Chain {
 public:
  explicit Chain(std::int64_t seed) {
    RandomStream stream(static_cast<std::uint64_t>(seed), Purpose::kUser);
    for (Scenario& scenario : scenarios_) {
      scenario.initial = beta(1. / 30, stream);
      for (int i = 0; i < kStages; ++i) {
        scenario.spread.push_back(beta(3. / 17, stream));
        scenario.recovery.push_back(beta(7. / 3, stream));
      }
    }
  }

  double cost(TestProblem::Point prevention) const {
    constexpr double kLimit = 0.1;
    int contaminated = 0;
    for (const Scenario& scenario : scenarios_) {
      double share = scenario.initial;
      for (std::size_t i = 0; i < kStages; ++i) {
        const double x = prevention[i];
        share = scenario.spread[i] * (1 - x) * (1 - share) + (1 - scenario.recovery[i] * x) * share;
        contaminated += share > kLimit;
      }
    }
    double paid = 0;
    for (double x : prevention) paid += x;
    return paid + static_cast<double>(contaminated) / kScenarios;
  }

 private:
  struct Scenario {
    double initial = 0;
    std::vector<double> spread = {}, recovery = {};  // of each stage
  };

  // Beta(1, b) for the inverse of b.
  static double beta(double inverse, RandomStream& stream) {
    return 1 - std::pow(stream.uniform(), inverse);
  }

  std::array<Scenario, kScenarios> scenarios_;
};

TestProblem make(const ContaminationOptions& options) {
  TestProblem problem;
  const Chain chain(options.seed);
  problem.space = booleans(kStages);
  problem.argmins = {point_of(kOptima[static_cast<std::size_t>(options.seed - 1)], kStages)};
  problem.optimum = chain.cost(problem.argmins[0]);
  problem.budget = 250;
  problem.evaluate = [chain](TestProblem::Point x) {
    return Values{.objectives = {chain.cost(x)}};
  };
  return problem;
}

}  // namespace

void register_contamination(ProblemRegistry& registry) {
  registry.add(
      {.name = "discrete/contamination",
       .summary = "Where to pay for prevention in a food supply chain of 25 stages",
       .reference = "Baptista, Poloczek (2018), Bayesian optimization of combinatorial structures"},
      Schema<ContaminationOptions>().field("seed", &ContaminationOptions::seed, "of the scenarios",
                                           1, kOptima.size()),
      make);
}

}  // namespace asktell::benchmarks::discrete
