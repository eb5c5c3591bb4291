// The suites of multi-objective problems, one file each, and what they share.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <vector>

#include <asktell/benchmarks/problems/formula.hpp>

namespace asktell::benchmarks {

void register_zdt(ProblemRegistry& registry);                 // zdt/zdt1 ... zdt6
void register_dtlz(ProblemRegistry& registry);                // dtlz/dtlz1 ... dtlz7
void register_wfg(ProblemRegistry& registry);                 // wfg/wfg1 ... wfg9
void register_re(ProblemRegistry& registry);                  // re/re21 ... re61
void register_constrained_fronts(ProblemRegistry& registry);  // mo/bnh and so on

std::vector<double> dtlz2(TestProblem::Point x, std::size_t objectives);

// The RE suite's: summed up over constraints that are met where g >= 0.
double violation(std::initializer_list<double> g);
std::vector<FormulaProblem> re_two_objectives();   // names without suite, without reference points
std::vector<FormulaProblem> re_more_objectives();  // of at least three

}  // namespace asktell::benchmarks
