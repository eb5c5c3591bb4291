// The suites of constrained problems with one objective, one file each, and what they share.
#pragma once

#include <span>
#include <vector>

#include <asktell/benchmarks/problems/formula.hpp>

namespace asktell::benchmarks {

// engineering/: the fifteen problems of Yu, Picard, Ahmed 2024, and the textbook forms of those of
// them that differ from it ("-std").
void register_engineering_functions(ProblemRegistry& registry);  // closed forms in a box
void register_engineering_designs(ProblemRegistry& registry);    // structures and machines
void register_cec2006(ProblemRegistry& registry);                // cec2006/g01 ... g24

std::vector<FormulaProblem> cec2006_processes();  // of them, names without suite

// Keane's bump: the ratio is to be made large, so it is negated here; in [0, 10]^d.
Values keane_bump(TestProblem::Point x);
// g10 of CEC-2006 with `flow` = 1250.
Values heat_exchanger(TestProblem::Point x, double flow);

}  // namespace asktell::benchmarks
