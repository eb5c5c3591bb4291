// The families of test problems; each registers its problems from its own folder or file.
#pragma once

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {

void register_bbob(ProblemRegistry& registry);            // bbob/: noiseless
void register_bbob_biobj(ProblemRegistry& registry);      // bbob/
void register_bbob_mixint(ProblemRegistry& registry);     // bbob/
void register_bbob_noisy(ProblemRegistry& registry);      // bbob/
void register_classic(ProblemRegistry& registry);         // classic/
void register_control(ProblemRegistry& registry);         // control/
void register_discrete(ProblemRegistry& registry);        // discrete/
void register_linear_solvers(ProblemRegistry& registry);  // linear_solvers/

}  // namespace asktell::benchmarks
