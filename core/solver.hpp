// Read this first: the whole contract between a study and its solvers.
//
//   study.ask()  ->  Solver::propose(history, request)  ->  the user evaluates  ->  study.tell(...)
//
// A solver is a function of the history. It sees everything that was asked and answered (History),
// what is wanted now (Request), and returns what to evaluate next (Proposals). There is no init, no
// update and no save: a fresh instance shown the same history proposes the same, bit for bit. It
// may keep what it computed (a Cholesky factor, a population absorbed up to some event) as a cache
// it can always rebuild from the history; History::revision tells when to start over.
//
// A new solver is one .cpp file in solvers/: a plain Options struct with a described schema, a
// class, and one ASKTELL_REGISTER_SOLVERS line (core/registry.hpp). See docs/adding-a-solver.md.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <asktell/core/event.hpp>
#include <asktell/core/history.hpp>
#include <asktell/core/outlook.hpp>
#include <asktell/core/problem.hpp>
#include <asktell/core/random.hpp>

namespace asktell {

// What is wanted now.
struct Request {
  std::int64_t ask = 0;    // number the first proposed trial will get: names the random streams
  std::size_t count = 1;   // proposals wanted; fewer (none) means that nothing is left to evaluate
  std::uint64_t seed = 0;  // of the study
  // Coordinates held at a value (ask(fixed =), context): dimension entries, NaN where free; empty
  // when all are free. The study overwrites them anyway; a solver that heeds them proposes better.
  std::vector<double> fixed = {};
  // The only points that may be proposed (Study::ask_from), `fixed` put in place already; empty:
  // the whole space. Given only to solvers that say they choose from lists.
  std::span<const Point> candidates = {};

  // The stream for one use inside this ask; proposal i of a batch takes offset i.
  RandomStream stream(Purpose purpose, std::size_t offset = 0) const {
    return {seed, purpose, static_cast<std::uint64_t>(ask) + offset};
  }
};

// What to evaluate next.
struct Proposal {
  Query query = {};
  Origin origin = Origin::kModel;
  std::vector<double> memo =
      {};                 // a few numbers for the next ask (History::memo): warm starts live here
  std::string note = {};  // for people: why this one, or why the fallback
};

class Solver {
 public:
  virtual ~Solver() = default;

  // Depends on nothing but the arguments. Called by one thread at a time. Pending trials are in the
  // history. A solver of Consult problems returns the whole group of queries that do not depend on
  // each other, whatever request.count.
  virtual std::vector<Proposal> propose(const History& history, const Request& request) = 0;

  // The told trial to use in the end: model-based solvers return the best posterior mean, so that
  // noise cannot win; -1 when nothing was told.
  virtual std::int64_t recommend(const History& history) { return history.best(); }

  // What going on may bring; nothing for solvers without a model of the values, or before it has
  // enough of them.
  virtual std::optional<Outlook> outlook(const History&) { return {}; }

  // One line on what the solver decided and why (`auto` names its choice); empty for most.
  virtual std::string description() const { return {}; }
};

// Kinds of parameters, as bits, in the order of enum Kind.
using Kinds = std::uint32_t;
constexpr Kinds kinds(std::initializer_list<Kind> list) {
  Kinds bits = 0;
  for (Kind kind : list) bits |= 1u << static_cast<unsigned>(kind);
  return bits;
}
inline constexpr Kinds kAllKinds = 0xffu;
inline constexpr Kinds kRealOnly = kinds({Kind::kReal});

// What a solver can take. A study refuses a mismatch at construction and names a solver that fits.
struct Capabilities {
  std::vector<Oracle> oracles = {Oracle::kEvaluate};
  Kinds parameter_kinds = kAllKinds;
  bool conditional = true;        // spaces with `when`
  bool known_constraints = true;  // linear forms and predicates over the parameters
  bool told_constraints = false;  // constraint values that come with the answer
  bool noise = true;              // false: assumes that repeating a point repeats the value
  bool gradients = false;         // uses told gradients
  bool candidates = false;        // chooses from a list of points, Request::candidates
  bool beliefs = false;           // heeds ParameterOptions::likely
  std::size_t max_objectives = 1;
  double max_dimension = std::numeric_limits<double>::infinity();
  bool needs_finite_space = false;
  bool repeats = false;  // proposes evaluated points again on purpose, whatever the noise (bandits)
  // Proposals take microseconds: the study then asks inside its lock, and saves a copy of the
  // history.
  bool instant = false;
};

}  // namespace asktell
