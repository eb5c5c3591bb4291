// What a model expects of going on: the largest expected improvement, and how far below the best
// value the function may still go, from functions drawn from the posterior (Wilson 2024, "Stopping
// Bayesian optimization with probabilistic regret bounds", for minima of sampled paths as the
// measure of what is left).
#pragma once

#include <optional>
#include <span>

#include <asktell/solvers/bayesian/model_choice.hpp>

namespace asktell {

// memo: as the choice of model left it. Nothing before three values are told.
std::optional<Outlook> model_outlook(const History& history, const Observations& data,
                                     const ModelChoice& choice, std::span<const double> memo);

}  // namespace asktell
