// What is to be solved, as far as a solver may know it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <asktell/core/query.hpp>
#include <asktell/core/space.hpp>

namespace asktell {

enum class Direction { kMinimize, kMaximize };

struct Objective {
  std::string name = "value";
  Direction direction = Direction::kMinimize;

  // What takes a value from the user's sign to that of solvers, which minimize, and back.
  double sign() const { return direction == Direction::kMaximize ? -1.0 : 1.0; }
};

struct Problem {
  Space space = {};        // x of Consult problems; empty for Perturb
  Space lower_space = {};  // y of Consult problems: the lower level's variables
  Oracle oracle = Oracle::kEvaluate;
  std::vector<Objective> objectives = {{}};
  std::vector<std::string> constraints = {};  // names of told constraints, <= 0 feasible
  double noise_variance = -1;  // < 0: unknown; 0: deterministic; > 0: known and constant
  std::int64_t n_trials = 0;   // budget of the study; 0: unlimited
  std::uint64_t seed = 0;
};

}  // namespace asktell
