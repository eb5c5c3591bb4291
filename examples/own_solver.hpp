// A solver from start to end: the (1+1) evolution strategy with the one-fifth success rule
// (Rechenberg 1973; Kern et al. 2004, section 2). docs/adding-a-solver.md explains it line by line.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <asktell/core/registry.hpp>

struct OnePlusOneOptions {
  double step = 0.2;
};

class OnePlusOne final : public asktell::Solver {
 public:
  OnePlusOne(const asktell::Problem&, OnePlusOneOptions options) : options_(options) {}

  std::vector<asktell::Proposal> propose(const asktell::History& history,
                                         const asktell::Request& request) override {
    double step = options_.step;
    std::int64_t best = -1;
    for (std::int64_t trial : history.told()) {  // nothing is kept: the history says it all
      const bool better =
          best < 0 || history.objectives()(0, trial) < history.objectives()(0, best);
      if (better) best = trial;
      step = std::clamp(step * std::exp(better ? 0.8 : -0.2), 1e-6, 1.0);
    }
    std::vector<asktell::Proposal> out;
    for (std::size_t i = 0; i < request.count; ++i) {
      asktell::RandomStream stream = request.stream(asktell::Purpose::kDesign, i);
      for (double reach = step; reach < 1e6; reach *= 2) {  // only a finite space needs a second go
        asktell::Point point = mutated(history, best, reach, request.fixed, stream);
        if (history.contains(point.slots())) continue;
        out.push_back({.query = asktell::Evaluate{std::move(point)}});
        break;
      }
    }
    return out;
  }

 private:
  static asktell::Point mutated(const asktell::History& history, std::int64_t best, double reach,
                                const std::vector<double>& fixed, asktell::RandomStream& stream) {
    std::vector<double> unit(history.dimension());
    for (std::size_t i = 0; i < unit.size(); ++i) {
      unit[i] = best < 0 ? stream.uniform()
                         : history.points()(Eigen::Index(i), best) + reach * stream.normal();
      unit[i] = std::abs(std::remainder(unit[i], 2.0));  // reflected into the cube at its walls
      if (!fixed.empty() && !std::isnan(fixed[i])) unit[i] = fixed[i];
    }
    return history.space().point_from_unit(unit);
  }

  OnePlusOneOptions options_;
};

ASKTELL_REGISTER_SOLVERS(one_plus_one) {
  asktell::Capabilities can;
  can.parameter_kinds = asktell::kinds({asktell::Kind::kReal, asktell::Kind::kInteger});
  can.known_constraints = can.conditional = false;
  can.instant = true;
  registry.add<OnePlusOne>(
      {.name = "one_plus_one",
       .summary = "(1+1) evolution strategy: a first try for noisy functions of a few parameters.",
       .reference = "Rechenberg 1973; Kern et al. 2004, section 2",
       .capabilities = can},
      asktell::Schema<OnePlusOneOptions>().field("step", &OnePlusOneOptions::step,
                                                 "first step, in units of the cube", 1e-6, 1));
}
