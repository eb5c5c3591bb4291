// One run of one NLopt method in the unit cube, as a body for CallbackBridge.
#pragma once

#include <nlopt.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include <asktell/solvers/local/callback_bridge.hpp>

namespace asktell {

// How a method treats an evaluation that failed, and what it may be given.
enum class OnFailure {
  kInfinity,  // compares values only: +infinity is the worst of them
  kSpread,  // computes with values: the worst so far plus the spread so far, to keep models finite
};

struct NloptMethod {
  const char* name;
  nlopt_algorithm algorithm;
  bool local;       // from a start point, converges, is started again elsewhere
  bool gradients;   // needs gradients: told ones, else differences
  bool told;        // takes inequality constraints
  bool population;  // has a population size
  OnFailure on_failure;
  std::size_t min_dimension;  // a dummy coordinate is added below that
  double max_dimension;       // where memory or time of the method's own linear algebra ends
  nlopt_algorithm inner;      // local method of MLSL and AUGLAG; NLOPT_NUM_ALGORITHMS: none
  const char* summary;
  const char* reference;
};

struct NloptSetup {
  NloptMethod method = {};
  std::vector<double> start = {};  // dimension() of the space
  double initial_step = 0;
  double tolerance = 0;
  std::size_t constraints = 0;
  std::size_t population = 0;  // 0: NLopt's own
  unsigned long seed = 0;
};

// Runs NLopt to its end against the bridge. NLopt's random numbers are seeded on this thread, to
// which they belong, so runs of one process do not touch each other.
CallbackBridge::Body nlopt_body(NloptSetup setup);

}  // namespace asktell
