// The families of test problems; each registers its problems from its own folder or file.
#pragma once

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {

void register_bbob(ProblemRegistry& registry);         // bbob/: noiseless
void register_bbob_biobj(ProblemRegistry& registry);   // bbob/
void register_bbob_mixint(ProblemRegistry& registry);  // bbob/
void register_bbob_noisy(ProblemRegistry& registry);   // bbob/
void register_classic(ProblemRegistry& registry);      // classic/

}  // namespace asktell::benchmarks
