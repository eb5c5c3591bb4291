// Bayesian optimization with a Gaussian process and log expected improvement (Ament et al. 2023,
// section 4), for noisy answers and batches what next_acquisition.hpp says; the model is one of
// several by leave-one-out density (model_choice.hpp).
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/acquisition_solver.hpp>
#include <asktell/solvers/bayesian/next_acquisition.hpp>

namespace asktell {
namespace {

class GpBoSolver final : public AcquisitionSolver {
 public:
  GpBoSolver(const Problem& problem, const AcquisitionOptions& options)
      : AcquisitionSolver(
            problem, options,
            {.name = "gp_bo",
             .variants = model_variants(static_cast<Eigen::Index>(problem.space.dimension()))}) {}

 protected:
  std::optional<Maximum> maximum(const Slot& slot) const override {
    return maximum_of(*next_acquisition({slot.told, slot.believed}, slot.incumbent, slot.noisy(),
                                        slot.seed(), guidance(slot.ask)),
                      slot);
  }
  std::string score(const Slot& slot) const override {
    return next_acquisition_name({slot.told, slot.believed}, slot.noisy(),
                                 guidance(slot.ask).has_value());
  }
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(gp_bo) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  capabilities.beliefs = true;
  registry.add<GpBoSolver>(
      {.name = "gp_bo",
       .summary = "Bayesian optimization with a Gaussian process and log expected improvement: the "
                  "fewest evaluations when each takes seconds or more, up to about 60 dimensions.",
       .reference =
           "Hvarfner et al. 2024; Ament et al. 2023, section 4; Song et al. 2024, section 3.2",
       .capabilities = capabilities},
      acquisition_schema<AcquisitionOptions>());
}
