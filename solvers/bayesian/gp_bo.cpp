// Bayesian optimization with a Gaussian process and log expected improvement (Ament et al. 2023,
// section 4): the model is the best of several by leave-one-out density (model_choice.hpp); beside
// pending trials and in batches, exploration of what they leave unknown (beside_pending.hpp).
#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/acquisition_solver.hpp>
#include <asktell/solvers/bayesian/beside_pending.hpp>

namespace asktell {
namespace {

class GpBoSolver final : public AcquisitionSolver {
 public:
  GpBoSolver(const Problem& problem, const AcquisitionOptions& options)
      : AcquisitionSolver(
            problem, options,
            {.name = "gp_bo",
             .score = "log_ei",
             .variants = model_variants(static_cast<Eigen::Index>(problem.space.dimension()))}) {}

 protected:
  std::optional<Maximum> maximum(const Slot& slot) const override {
    if (slot.pending.cols() == 0) {
      return maximum_of(LogExpectedImprovement(slot.told, slot.incumbent), slot);
    }
    return maximum_of(*beside_pending(slot.told, slot.believed, slot.stream(Purpose::kFit)), slot);
  }
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(gp_bo) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  registry.add<GpBoSolver>(
      {.name = "gp_bo",
       .summary = "Bayesian optimization with a Gaussian process and log expected improvement: the "
                  "fewest evaluations when each takes seconds or more, up to about 60 dimensions.",
       .reference =
           "Hvarfner et al. 2024; Ament et al. 2023, section 4; Song et al. 2024, section 3.2",
       .capabilities = capabilities},
      acquisition_schema<AcquisitionOptions>());
}
