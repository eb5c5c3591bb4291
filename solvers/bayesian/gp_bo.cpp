// Bayesian optimization with a Gaussian process and log expected improvement (Ament et al. 2023,
// section 4), for noisy answers and batches what next_acquisition.hpp says; the model is one of
// several by leave-one-out density (model_choice.hpp), or one of values and gradients where these
// are told (gradient_search.hpp).
#include <cstdio>

#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/acquisition_solver.hpp>
#include <asktell/solvers/bayesian/gradient_search.hpp>
#include <asktell/solvers/bayesian/next_acquisition.hpp>

namespace asktell {
namespace {

struct GpBoOptions : AcquisitionOptions {
  double cost_exponent = 0;
};

Schema<GpBoOptions> schema() {
  auto out = acquisition_schema<GpBoOptions>();
  out.field(
      "cost_exponent", &GpBoOptions::cost_exponent,
      "improvement is divided by the expected cost to this power, learned from the costs told "
      "with answers; 0: costs do not matter",
      0, 4);
  return out;
}

class GpBoSolver final : public AcquisitionSolver {
 public:
  GpBoSolver(const Problem& problem, const GpBoOptions& options)
      : AcquisitionSolver(
            problem, options,
            {.name = "gp_bo",
             .variants = global_variants(static_cast<Eigen::Index>(problem.space.dimension()))}),
        cost_exponent_(options.cost_exponent) {}

 protected:
  void suggest(Ask& ask) override {
    cost_.reset();
    if (cost_exponent_ > 0) cost_ = cost_model(ask.history);
    if (!GradientSearch::worth(ask.observations)) return AcquisitionSolver::suggest(ask);
    std::vector<double> memo;
    GradientSearch search(ask, ask.history.memo(), memo);
    while (model_slots(ask) > 0) {
      const auto found = search.next(ask, weights(ask), maximize_options());
      if (found) {
        char note[96];
        std::snprintf(note, sizeof note, "log_ei %.3g, %s", found->value, search.name().c_str());
        ask.add(found->point, {.memo = memo, .note = note});
      } else if (!fall_back(ask, kNoCandidate)) {
        return;
      }
    }
  }

  std::optional<Maximum> maximum(const Slot& slot) const override {
    return maximum_of(*next_acquisition({slot.told, slot.believed}, slot.incumbent, slot.noisy(),
                                        slot.seed(), weights(slot.ask)),
                      slot);
  }
  std::string score(const Slot& slot) const override {
    return next_acquisition_name(
        {slot.told, slot.believed}, slot.noisy(),
        {.beliefs = guidance(slot.ask).has_value(), .cost = cost_.has_value()});
  }

 private:
  Weights weights(const Ask& ask) const {
    return {guidance(ask), cost_ ? &*cost_ : nullptr, cost_exponent_};
  }

  double cost_exponent_;
  std::optional<CostModel> cost_;  // of the ask
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(gp_bo) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  capabilities.beliefs = true;
  capabilities.gradients = true;
  registry.add<asktell::GpBoSolver>(
      {.name = "gp_bo",
       .summary = "Bayesian optimization with a Gaussian process and log expected improvement: the "
                  "fewest evaluations when each takes seconds or more, up to about 60 dimensions; "
                  "fewer still of smooth functions with told gradients.",
       .reference =
           "Hvarfner et al. 2024; Ament et al. 2023, section 4; Song et al. 2024, section 3.2",
       .capabilities = capabilities},
      asktell::schema());
}
