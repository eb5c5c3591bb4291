// What gp_bo and the portfolio maximize for the next point. Exact answers: log expected improvement
// (Ament et al. 2023, section 4); beside pending trials, or points chosen for the same batch, the
// model's uncertainty where the function may be low, and now and then an optimistic bound (Song et
// al. 2024, "The Vizier Gaussian process bandit algorithm", section 3.5): expected improvement over
// believed values draws a batch together instead. Noisy answers: improvement on the lowest of the
// unknown values at the points told and pending (Letham et al. 2019, section 3). Measured in
// docs/performance.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/solvers/bayesian/belief.hpp>
#include <asktell/solvers/bayesian/cost_model.hpp>
#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

// told: the model of what was told; believed: after its points the pending ones, at their means.
// Both must outlive what comes back.
struct ToldAndBelieved {
  const GpPosterior& told;
  const GpPosterior& believed;

  Eigen::Index pending() const { return believed.size() - told.size(); }
};

// What improvement is weighed by: beliefs about the optimum, and the cost of an evaluation to the
// power `cost_exponent` (expected improvement per unit of cost at 1; Snoek et al. 2012,
// section 3.2).
struct Weights {
  std::optional<Guidance> beliefs = {};
  const CostModel* cost = nullptr;
  double cost_exponent = 1;

  bool any() const { return beliefs || cost; }
};

// `acquisition`, in logarithms, weighed; the cost model must outlive what comes back, here and
// below.
std::unique_ptr<Acquisition> weighed(std::unique_ptr<Acquisition> acquisition,
                                     const Weights& weights, Eigen::Index dimension);

// incumbent: the model's value at the lowest told. With weights the acquisition beside pending
// trials is improvement over believed values: a bound on the uncertainty is not to be weighed.
std::unique_ptr<Acquisition> next_acquisition(ToldAndBelieved models, double incumbent, bool noisy,
                                              std::uint64_t seed, const Weights& weights = {});

// Its name in notes.
struct Weighed {
  bool beliefs = false, cost = false;
};
std::string next_acquisition_name(ToldAndBelieved models, bool noisy, Weighed by = {});

}  // namespace asktell
