// Thompson sampling: each proposal is the minimum of a function drawn for it alone from the
// posterior (Thompson 1933; Wilson et al. 2020, "Efficiently sampling functions from Gaussian
// process posteriors"). Draws differ, so that large batches spread without being told of each other
// (Kandasamy et al. 2018, "Parallelised Bayesian optimisation via Thompson sampling").
#include <asktell/acquisition/thompson.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/acquisition_solver.hpp>

namespace asktell {
namespace {

class ThompsonSolver final : public AcquisitionSolver {
 public:
  ThompsonSolver(const Problem& problem, const AcquisitionOptions& options)
      : AcquisitionSolver(
            problem, options,
            {.name = "thompson",
             .score = "minus the path",
             .variants = model_variants(static_cast<Eigen::Index>(problem.space.dimension())),
             .believe = false,
             .max_pending = 128}) {}

 protected:
  std::optional<Maximum> maximum(const Slot& slot) const override {
    RandomStream stream = slot.stream(Purpose::kChoice);
    const SamplePaths path(slot.told, 1, stream);
    return maximum_of(ThompsonSample(path, 0), slot);
  }
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(thompson) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  registry.add<asktell::ThompsonSolver>(
      {.name = "thompson",
       .summary = "Thompson sampling of a Gaussian process, one drawn function a proposal: batches "
                  "of hundreds, many workers.",
       .reference = "Thompson 1933; Wilson et al. 2020; Kandasamy et al. 2018",
       .capabilities = capabilities},
      asktell::acquisition_schema<asktell::AcquisitionOptions>());
}
