// The solver contract as data: a list of checks, each a plain function that throws Violation when a
// solver breaks its promise. Nothing here knows a test framework, so that solvers registered at run
// time (written in Python) are held to the same list.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <asktell/tests/conformance/sample.hpp>

namespace asktell::conformance {

class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Case {
  const char* name;     // letters only: part of a test's name
  const char* promise;  // what every solver promises
  void (*check)(const Subject&);
};

// All checks, and a part of them each; a check that does not concern a subject returns at once.
std::vector<Case> contract();
std::span<const Case> fit_cases();        // proposals fit the problem, misfits are refused
std::span<const Case> replay_cases();     // proposals depend on seed and history alone
std::span<const Case> survival_cases();   // strange answers
std::span<const Case> lifecycle_cases();  // pending, lapsed, amended, extended, many threads

// One subject for each oracle of the solver.
std::vector<Subject> subjects(const SolverInfo& info);

// Runs the named checks (all when empty) on a registered solver; one line a violation.
std::vector<std::string> violations(std::string_view solver,
                                    const std::vector<std::string>& names = {});

// For the checks themselves.
void require(bool kept, const std::string& what);
// Throws Violation when the query does not fit the problem.
void require_fit(const Query& query, const Problem& problem);
// Asks and tells `rounds` times (a group counts as one); fingerprints in the order asked.
using Tell = std::function<Answer(const Trial&, Answer truth)>;
std::vector<std::string> play(Study& study, World& world, std::size_t rounds,
                              const Tell& tell = {});
// The next proposals of a fresh instance shown the study's history.
std::vector<std::string> fresh_proposals(const Study& study, const Subject& subject);
void require_equal(const std::vector<std::string>& a, const std::vector<std::string>& b,
                   const std::string& what);

// A file that is gone afterwards.
class TemporaryFile {
 public:
  TemporaryFile();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace asktell::conformance
