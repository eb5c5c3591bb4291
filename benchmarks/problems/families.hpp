// The families of test problems; each registers its problems from its own folder.
#pragma once

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {

// bbob/
void register_bbob(ProblemRegistry& registry);
void register_bbob_biobj(ProblemRegistry& registry);
void register_bbob_mixint(ProblemRegistry& registry);
void register_bbob_noisy(ProblemRegistry& registry);

void register_classic(ProblemRegistry& registry);          // classic/
void register_constrained(ProblemRegistry& registry);      // constrained/: engineering, cec2006
void register_control(ProblemRegistry& registry);          // control/
void register_discrete(ProblemRegistry& registry);         // discrete/
void register_linear_solvers(ProblemRegistry& registry);   // linear_solvers/
void register_multi_fidelity(ProblemRegistry& registry);   // multi_fidelity/: mf-l1, mf2, mf
void register_multi_objective(ProblemRegistry& registry);  // multi_objective/: zdt, dtlz, wfg, re
void register_regression(ProblemRegistry& registry);       // regression/: lasso

}  // namespace asktell::benchmarks
