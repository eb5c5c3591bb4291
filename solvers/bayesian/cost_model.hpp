// What an evaluation will cost, learned from the costs that came with answers (Values::cost).
#pragma once

#include <optional>

#include <asktell/core/history.hpp>
#include <asktell/surrogates/gp/posterior.hpp>

namespace asktell {

// log cost = scale * z + constant, z the model's value.
struct CostModel {
  GpPosterior log_cost;
  double scale = 1;
};

// Whether there is something to learn: three trials told a cost, and not all the same.
bool tells_costs(const History& history);
// Of the latest hundred trials that told a cost; nothing when there is nothing to learn.
std::optional<CostModel> cost_model(const History& history);

}  // namespace asktell
