// Problems of binary and categorical parameters whose optima are known; each file registers one.
#pragma once

#include <cstdint>
#include <vector>

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks::discrete {

void register_ackley(ProblemRegistry& registry);
void register_binary_quadratic(ProblemRegistry& registry);
void register_contamination(ProblemRegistry& registry);
void register_ising(ProblemRegistry& registry);
void register_kernel_draw(ProblemRegistry& registry);
void register_labs(ProblemRegistry& registry);
void register_maxsat(ProblemRegistry& registry);

Space booleans(int count);  // x0, x1, ...

// Bit i of a word is parameter i of the point.
std::vector<double> point_of(std::uint64_t bits, int count);
std::uint64_t bits_of(TestProblem::Point x);

}  // namespace asktell::benchmarks::discrete
