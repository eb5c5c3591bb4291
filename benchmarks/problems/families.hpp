// The families of test problems; each registers its problems from its own folder or file.
#pragma once

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {

void register_bbob(ProblemRegistry& registry);     // bbob/: noiseless
void register_classic(ProblemRegistry& registry);  // classic/

}  // namespace asktell::benchmarks
