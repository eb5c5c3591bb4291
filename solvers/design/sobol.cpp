// Scrambled Sobol points (Owen 1998, "Scrambling Sobol' and Niederreiter-Xing points"; direction
// numbers of Joe and Kuo 2008). The memo holds the number of the next point of the sequence, so
// points that break a known constraint or were visited are skipped once and for all, and a batch,
// a reopened study and another process continue where the journal ends.
#include <asktell/core/registry.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/solvers/design/feasible.hpp>

namespace asktell {
namespace {

struct SobolOptions {
  std::int64_t skipped = 10000;  // a feasible share of 1e-3 is missed once in e^10 asks
};

class SobolSolver final : public Solver {
 public:
  SobolSolver(const Problem& problem, SobolOptions options)
      : options_(options), points_(problem.space.dimension(), problem.seed) {}

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    std::vector<Proposal> out;
    out.reserve(request.count);
    Visited visited(history, request);
    const auto memo = history.memo();
    std::uint64_t next = memo.empty() ? 0 : static_cast<std::uint64_t>(memo[0]);
    for (std::size_t i = 0; i < request.count; ++i) {
      auto draw = next_point(history, visited, request, next);
      if (!draw) {
        RandomStream stream = request.stream(Purpose::kFallback, i);
        draw = sampler_.draw(history, visited, request, stream);
        if (!draw) break;
        if (draw->origin == Origin::kDesign) draw->origin = Origin::kFallback;
        if (draw->note.empty()) {
          draw->note = "random: " + std::to_string(options_.skipped) +
                       " Sobol points in a row were infeasible or visited";
        }
      }
      visited.add(draw->point);
      out.push_back({.query = Evaluate{std::move(draw->point)},
                     .origin = draw->origin,
                     .memo = {static_cast<double>(next)},
                     .note = std::move(draw->note)});
    }
    return out;
  }

 private:
  std::optional<Draw> next_point(const History& history, const Visited& visited,
                                 const Request& request, std::uint64_t& next) {
    const Space& space = history.space();
    std::vector<double> unit(space.dimension());
    for (std::int64_t tries = 0; tries <= options_.skipped; ++tries) {
      points_.point(next++, unit);
      put_fixed(request.fixed, unit);
      Point point = space.point_from_unit(unit);
      if (!space.satisfies_constraints(point.slots())) continue;
      if (!visited.contains(point.slots())) return Draw{.point = std::move(point)};
    }
    return {};
  }

  SobolOptions options_;
  SobolPoints points_;
  FeasibleSampler sampler_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(sobol) {
  asktell::Capabilities capabilities;
  capabilities.told_constraints = true;
  capabilities.max_objectives = SIZE_MAX;
  capabilities.max_dimension = SobolPoints::kMaxDimension;
  capabilities.instant = true;
  registry.add<SobolSolver>(
      {.name = "sobol",
       .summary = "Scrambled Sobol points: covers the space more evenly than random points; for "
                  "maps of the whole space and for many evaluations at once.",
       .reference = "Owen 1998; Joe and Kuo 2008",
       .capabilities = capabilities},
      Schema<SobolOptions>().field(
          "skipped", &SobolOptions::skipped,
          "points of the sequence skipped in a row (infeasible or visited) before a random point "
          "is taken",
          0, 1e9));
}
