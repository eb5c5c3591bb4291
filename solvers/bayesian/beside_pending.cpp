// See beside_pending.hpp.
#include <asktell/solvers/bayesian/beside_pending.hpp>

#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/acquisition/pure_exploration.hpp>

namespace asktell {

constexpr double kOptimism = 0.25;  // share of bounds

std::unique_ptr<Acquisition> beside_pending(const GpPosterior& told, const GpPosterior& believed,
                                            RandomStream stream) {
  const PendingAware models{told, 0, believed, 0};
  return bound_or_exploration(models, believed.data().x, kVizierDeviations,
                              stream.uniform() < kOptimism);
}

}  // namespace asktell
