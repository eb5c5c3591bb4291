// What to maximize while trials are pending, or beside points chosen for the same batch: the
// model's uncertainty where the function may be low, and now and then an optimistic bound (Song et
// al. 2024, "The Vizier Gaussian process bandit algorithm", section 3.5). Expected improvement over
// believed values draws a batch together instead (docs/performance.md).
#pragma once

#include <memory>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/core/random.hpp>
#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

// believed: the model with the pending points at their means. Both must outlive what comes back.
std::unique_ptr<Acquisition> beside_pending(const GpPosterior& told, const GpPosterior& believed,
                                            RandomStream stream);

}  // namespace asktell
