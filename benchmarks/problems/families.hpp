// The families of test problems; each registers its problems from its own folder or file.
#pragma once

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {

void register_bbob(ProblemRegistry& registry);         // bbob/: noiseless
void register_classic(ProblemRegistry& registry);      // classic/
void register_constrained(ProblemRegistry& registry);  // constrained/: engineering, cec2006
void register_multi_objective(
    ProblemRegistry& registry);  // multi_objective/: zdt, dtlz, wfg, re, mo
void register_multi_fidelity(ProblemRegistry& registry);  // multi_fidelity/: mf-l1, mf2, mf

}  // namespace asktell::benchmarks
