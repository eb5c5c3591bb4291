// Rejection sampling within known constraints; see feasible.hpp.
#include <asktell/solvers/design/feasible.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/core/errors.hpp>

namespace asktell {

bool is_finite(const Space& space) {
  const auto parameters = space.parameters();
  return std::all_of(parameters.begin(), parameters.end(), [](const Parameter& parameter) {
    if (parameter.kind == Kind::kReal) return parameter.step > 0;
    return parameter.kind != Kind::kSimplex;
  });
}

bool repeats_inform(const Problem& problem) {
  return problem.noise_variance > 0;
}

Visited::Visited(const History& history, const Request& request)
    : history_(&history),
      matters_((is_finite(history.space()) || !request.candidates.empty()) &&
               !repeats_inform(history.problem())) {}

bool Visited::contains(std::span<const double> slots) const {
  if (!matters_) return false;
  if (history_->contains(slots)) return true;
  return std::any_of(chosen_.begin(), chosen_.end(), [&](const Point& point) {
    const auto other = point.slots();
    return std::equal(
        slots.begin(), slots.end(), other.begin(), other.end(),
        [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
  });
}

double reflected(double coordinate) {
  return std::abs(std::remainder(coordinate, 2.0));
}

void put_fixed(std::span<const double> fixed, std::span<double> unit) {
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    if (!std::isnan(fixed[i])) unit[i] = fixed[i];
  }
}

std::optional<Point> FeasibleSampler::try_uniform(const Space& space, const Visited& visited,
                                                  std::span<const double> fixed,
                                                  RandomStream& stream, std::size_t draws) {
  std::vector<double> unit(space.dimension());
  const bool constrained = !space.constraints().empty();
  for (std::size_t i = 0; i < draws; ++i) {
    stream.fill_uniform(unit);
    put_fixed(fixed, unit);
    Point point = space.point_from_unit(unit);
    if (constrained && !space.satisfies_constraints(point.slots())) continue;
    if (!visited.contains(point.slots())) return point;
  }
  return {};
}

std::optional<Draw> FeasibleSampler::draw_listed(const Space& space, const Visited& visited,
                                                 std::span<const Point> candidates,
                                                 RandomStream& stream) const {
  std::vector<const Point*> left;
  for (const Point& candidate : candidates) {
    if (!space.satisfies_constraints(candidate.slots())) continue;
    if (!visited.contains(candidate.slots())) left.push_back(&candidate);
  }
  if (left.empty()) return {};
  return Draw{.point = *left[stream.integer(left.size())]};
}

std::optional<Draw> FeasibleSampler::draw_enumerated(const History& history, const Visited& visited,
                                                     std::span<const double> fixed,
                                                     RandomStream& stream) {
  const Space& space = history.space();
  std::vector<std::size_t> left;
  std::vector<double> unit(space.dimension()), pinned, slots(space.slots());
  for (std::size_t i = 0; i < points_->size(); ++i) {
    const auto& candidate = (*points_)[i];
    if (visited.contains(candidate)) continue;
    if (!fixed.empty()) {
      space.to_unit(candidate, unit);
      pinned = unit;
      put_fixed(fixed, pinned);
      space.from_unit(pinned, slots);
      if (!(Point(space, slots) == Point(space, candidate))) continue;
    }
    left.push_back(i);
  }
  if (!left.empty()) {
    const std::size_t chosen = left[stream.integer(left.size())];
    return Draw{.point = space.point_from_slots((*points_)[chosen])};
  }
  if (fixed.empty()) return {};
  // Held values leave nothing new, yet someone asks under these very values: repeat.
  if (auto point = try_uniform(space, Visited(), fixed, stream, kDraws)) {
    return Draw{std::move(*point), Origin::kReplicate,
                "every point with these fixed values was visited"};
  }
  return {};
}

// From a known feasible point towards a random one, halving until the constraints hold.
std::optional<Draw> FeasibleSampler::step_inside(const History& history,
                                                 std::span<const double> fixed,
                                                 RandomStream& stream) {
  constexpr int kHalvings = 40;  // to 1e-12 of the cube
  const Space& space = history.space();
  const auto points = history.points();
  const auto slots = history.slots();
  std::vector<Eigen::Index> known;
  for (Eigen::Index i = 0; i < slots.cols(); ++i) {
    const std::span<const double> column(slots.col(i).data(), space.slots());
    if (space.satisfies_constraints(column)) known.push_back(i);
  }
  if (known.empty()) return {};
  const Eigen::Index from = known[stream.integer(known.size())];
  std::vector<double> towards(space.dimension()), unit(space.dimension());
  stream.fill_uniform(towards);
  double share = 0.5;
  for (int i = 0; i < kHalvings; ++i, share /= 2) {
    for (std::size_t k = 0; k < unit.size(); ++k) {
      const double start = points(static_cast<Eigen::Index>(k), from);
      unit[k] = start + share * (towards[k] - start);
    }
    put_fixed(fixed, unit);
    Point point = space.point_from_unit(unit);
    if (!space.satisfies_constraints(point.slots())) continue;
    return Draw{std::move(point), Origin::kFallback,
                "no uniform point in " + std::to_string(kDraws) +
                    " met the known constraints; a step from trial " + std::to_string(from)};
  }
  return {};
}

std::optional<Draw> FeasibleSampler::draw(const History& history, const Visited& visited,
                                          const Request& request, RandomStream& stream) {
  constexpr std::size_t kQuick = 64;  // enough unless most of the space is visited or infeasible
  const Space& space = history.space();
  const std::span<const double> fixed = request.fixed;
  if (!request.candidates.empty()) {
    return draw_listed(space, visited, request.candidates, stream);
  }
  if (auto point = try_uniform(space, visited, fixed, stream, kQuick)) {
    return Draw{.point = std::move(*point)};
  }
  const bool finite = is_finite(space);
  if (finite) {
    std::string name = space.to_json();
    if (name != enumerated_) {
      points_ = space.enumerate(kEnumerated);
      enumerated_ = std::move(name);
    }
    // Under noise nothing counts as visited, so that rejection below fails for constraints only.
    if (points_ && !repeats_inform(history.problem())) {
      return draw_enumerated(history, visited, fixed, stream);
    }
  }
  if (auto point = try_uniform(space, visited, fixed, stream, kDraws)) {
    return Draw{.point = std::move(*point)};
  }
  if (auto step = step_inside(history, fixed, stream)) {
    if (finite && visited.contains(step->point.slots())) step->origin = Origin::kReplicate;
    return step;
  }
  if (auto point = try_uniform(space, visited, fixed, stream, kLastDraws)) {
    return Draw{.point = std::move(*point)};
  }
  throw SolverError("solver.infeasible",
                    "none of " + std::to_string(kLastDraws) +
                        " random points meets the known constraints; tell or enqueue one that "
                        "does, or loosen the constraints");
}

}  // namespace asktell
