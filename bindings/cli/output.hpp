// What a program printed, as an answer: the last number is the value, `name=value` lines are
// further values, told constraints, cost or noise_variance.
#pragma once

#include <string>
#include <vector>

#include <asktell/core/problem.hpp>

namespace asktell::cli {

// Lines (or words of the command line) into Values; a Failure that says what is missing otherwise.
Answer values_from_output(const Problem& problem, const std::vector<std::string>& lines);

}  // namespace asktell::cli
