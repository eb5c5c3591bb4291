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

// Of the latest hundred trials that told a cost; nothing unless there are three, and not all alike.
std::optional<CostModel> cost_model(const History& history);

}  // namespace asktell
