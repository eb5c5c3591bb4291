// Points for designs and fallbacks: inside the space, within the known constraints, and, where a
// repeated evaluation tells nothing new, not visited before.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <asktell/core/solver.hpp>

namespace asktell {

// Whether the space has finitely many points (however many).
bool is_finite(const Space& space);

// Whether evaluating a point again may tell something new: only when noise is known to be there.
bool repeats_inform(const Problem& problem);

// The points one ask may not propose again: those of the history and those already chosen.
class Visited {
 public:
  Visited() = default;  // of a request that may repeat anything
  Visited(const History& history, const Request& request);
  bool contains(std::span<const double> slots) const;
  void add(const Point& point) { chosen_.push_back(point); }

 private:
  const History* history_ = nullptr;
  bool matters_ = false;  // in finite spaces and lists of candidates, unless answers are noisy
  std::vector<Point> chosen_;
};

// A coordinate brought back into [0, 1], reflected at the walls.
double reflected(double coordinate);

// Coordinates with the request's fixed ones put in their place.
void put_fixed(std::span<const double> fixed, std::span<double> unit);

struct Draw {
  Point point = {};
  Origin origin = Origin::kDesign;
  std::string note = {};
};

// Draws uniform points by rejection.
class FeasibleSampler {
 public:
  // Uniform points tried in a row; spaces that pass Space::check_feasible succeed far earlier.
  static constexpr std::size_t kDraws = 20000;
  // Tried after that when no feasible point is known from which to step.
  static constexpr std::size_t kLastDraws = 2000000;
  // Larger finite spaces are not enumerated; there, unvisited points are found by drawing.
  static constexpr std::size_t kEnumerated = 100000;

  // A uniform point (of the request's candidates, if there are any), or nothing when the whole
  // finite space or list was visited. Throws SolverError "solver.infeasible" when no point within
  // the known constraints can be found.
  std::optional<Draw> draw(const History& history, const Visited& visited, const Request& request,
                           RandomStream& stream);

 private:
  std::optional<Point> try_uniform(const Space& space, const Visited& visited,
                                   std::span<const double> fixed, RandomStream& stream,
                                   std::size_t draws);
  std::optional<Draw> draw_listed(const Space& space, const Visited& visited,
                                  std::span<const Point> candidates, RandomStream& stream) const;
  std::optional<Draw> draw_enumerated(const History& history, const Visited& visited,
                                      std::span<const double> fixed, RandomStream& stream);
  std::optional<Draw> step_inside(const History& history, std::span<const double> fixed,
                                  RandomStream& stream);

  // All points of a small finite space; rebuilt when the space was extended.
  std::optional<std::vector<std::vector<double>>> points_;
  std::string enumerated_;  // the space they belong to, as JSON
};

}  // namespace asktell
