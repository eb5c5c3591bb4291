// One suggestion with n observations, for counting instructions:
//
//   valgrind --tool=callgrind --toggle-collect=measured_ask bench_ask gp_bo 100
//
// prints what it asked for. The study is told n Sobol points of Hartmann-6, asks once (a cold fit),
// is told the value there and asks again; both asks are collected. Same version, same kernel
// (ASKTELL_KERNEL=baseline): the same instructions, whatever else the machine does.
#include <cstdlib>
#include <iostream>
#include <string>

#include <asktell/asktell.hpp>
#include <asktell/benchmarks/problems/problem.hpp>

namespace {

using asktell::Study;
using asktell::Trial;

constexpr std::uint64_t kSeed = 7;
constexpr std::int64_t kMostObservations = 100'000;

double value(const asktell::benchmarks::TestProblem& problem, const Trial& trial) {
  return problem.evaluate(trial.vector()).objectives[0];
}

}  // namespace

// A name without mangling, which the counting tool can be told.
extern "C" [[gnu::noinline]] void measured_ask(Study& study, Trial& out) {
  out = study.ask();
}

int main(int argc, char** argv) {
  const std::string solver = argc > 1 ? argv[1] : "gp_bo";
  const std::int64_t n = argc > 2 ? std::atoll(argv[2]) : 100;
  if (argc > 3 || n < 1 || n > kMostObservations) {
    std::cerr << "bench_ask <solver> <observations from 1 to " << kMostObservations << ">\n";
    return 2;
  }
  try {
    const auto problem = asktell::benchmarks::make_problem("classic/hartmann6");
    Study design({.space = problem.space, .seed = kSeed, .solver = "sobol"});
    Study study({.space = problem.space, .seed = kSeed, .solver = solver});
    for (std::int64_t i = 0; i < n; ++i) {
      const Trial trial = design.ask();
      study.tell_point(trial.point().values(),
                       asktell::Values{.objectives = {value(problem, trial)}});
    }
    Trial trial;
    for (int ask = 0; ask < 2; ++ask) {
      measured_ask(study, trial);
      study.tell(trial, value(problem, trial));
      std::cout << trial.point() << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << "bench_ask: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
