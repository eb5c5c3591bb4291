// A solver of the user's own, in the user's own program, with nothing but the installed headers:
// registered at run time and chosen by name.
#include <asktell/asktell.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/solver.hpp>

#include <memory>

namespace {

// Proposes the middle of the space, then steps towards a corner by halves.
class Corner final : public asktell::Solver {
 public:
  std::vector<asktell::Proposal> propose(const asktell::History& history,
                                         const asktell::Request& request) override {
    const asktell::Space& space = history.problem().space;
    const std::vector<double> at(space.dimension(), 1.0 / (2.0 + double(request.ask)));
    return {{.query = asktell::Evaluate{space.point_from_unit(at)}}};
  }
};

}  // namespace

int main() {
  asktell::Registry::global().add(
      asktell::SolverInfo{.name = "corner",
                          .summary = "Walks to a corner.",
                          .make = [](const asktell::Problem&, const asktell::Assignment&) {
                            return std::make_unique<Corner>();
                          }});
  asktell::Study study({.space = asktell::Space().real("x", 0, 1), .seed = 1, .solver = "corner"});
  for (int i = 0; i < 4; ++i) {
    asktell::Trial trial = study.ask();
    study.tell(trial, trial["x"]);
  }
  // Asks 0 to 3 lie at 1/2, 1/3, 1/4, 1/5.
  return study.best().number() == 3 ? 0 : 1;
}
