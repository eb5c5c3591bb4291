// Uniform random search: independent uniform points of the unit cube (Bergstra and Bengio 2012,
// "Random search for hyper-parameter optimization", section 2.1). Known constraints are met by
// rejection; a finite space is walked without repetition unless the objective is noisy.
#include <asktell/core/registry.hpp>
#include <asktell/solvers/design/feasible.hpp>

namespace asktell {
namespace {

struct RandomOptions {};

class RandomSolver final : public Solver {
 public:
  RandomSolver(const Problem&, RandomOptions) {}

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    std::vector<Proposal> out;
    out.reserve(request.count);
    Visited visited(history, request);
    for (std::size_t i = 0; i < request.count; ++i) {
      RandomStream stream = request.stream(Purpose::kDesign, i);
      auto draw = sampler_.draw(history, visited, request, stream);
      if (!draw) break;
      visited.add(draw->point);
      out.push_back({.query = Evaluate{std::move(draw->point)},
                     .origin = draw->origin,
                     .note = std::move(draw->note)});
    }
    return out;
  }

 private:
  FeasibleSampler sampler_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(random) {
  asktell::Capabilities capabilities;
  capabilities.candidates = true;
  capabilities.told_constraints = true;
  capabilities.max_objectives = SIZE_MAX;
  capabilities.instant = true;
  registry.add<RandomSolver>(
      {.name = "random",
       .summary = "Uniform random points: the yardstick, and the first choice when thousands of "
                  "evaluations run at once.",
       .reference = "Bergstra and Bengio 2012, section 2.1",
       .capabilities = capabilities},
      Schema<RandomOptions>());
}
