// Problems and true answers for the contract: for each solver and oracle the richest problem that
// its capabilities allow.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <asktell/core/history.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/study.hpp>

namespace asktell::conformance {

// A solver under one of its oracles.
struct Subject {
  SolverInfo info = {};
  Oracle oracle = Oracle::kEvaluate;
};

enum class Names { kPlain, kMirrored };  // mirrored: other letters, in the opposite order
enum class Extent { kNormal, kWider };   // wider: an extension of the normal space

// Seed 11, minimized, in memory, noise unknown.
StudyOptions sample(const Subject& subject, Names names = Names::kPlain,
                    Extent extent = Extent::kNormal);

// Spaces with a single point, or, where the kinds allow none, with two.
StudyOptions tiny_sample(const Subject& subject);

// The true functions. Smooth in the unit cube, values of order one; Consult problems are a
// quadratic pair; Perturb problems a quadratic of a vector that lives here.
class World {
 public:
  explicit World(Problem problem) : problem_(std::move(problem)) {}
  Answer answer(const Query& query);
  static double value(const Point& point);
  static std::vector<double> gradient(const Point& point);  // by slots; spaces of reals

 private:
  Consulted consulted(const Consult& query) const;

  Problem problem_;
  std::vector<double> vector_ = std::vector<double>(20, 1.0);
  std::mutex mutex_;
};

// An answer of the right kind with every number replaced.
Answer replaced(Answer answer, const std::function<double(double)>& number);

// Exact text of what was asked, without the names of parameters.
std::string fingerprint(const Query& query);

}  // namespace asktell::conformance
