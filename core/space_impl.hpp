// What a Space holds (private): parameters with their offsets, resolved conditions, known
// constraints.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <asktell/core/space.hpp>

namespace asktell {

// A condition with names resolved: slots of the parent, and the slot values that satisfy it.
struct ResolvedCondition {
  std::size_t slot;
  std::vector<double> values;  // empty: low <= slot <= high
  double low;
  double high;
};

// A linear constraint over slots; parameters that are inactive contribute nothing.
struct ResolvedLinear {
  std::vector<std::pair<std::size_t, double>> terms;  // slot, weight
  double bound;
};

struct Space::Impl {
  std::vector<Parameter> parameters;
  std::vector<Coordinate> coordinates;
  std::vector<std::size_t> slot_offsets;
  std::vector<std::size_t> coordinate_offsets;
  std::vector<std::vector<ResolvedCondition>> conditions;  // by parameter
  std::vector<KnownConstraint> constraints;
  std::vector<ResolvedLinear> linear;  // by constraint; no terms for a predicate
  std::size_t slots = 0;
};

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();  // inactive slots

// Slot of a value that a scalar parameter takes; PointError when it takes no such value.
double slot_of(const Parameter& parameter, const Value& value);
Value value_of_slot(const Parameter& parameter, double slot);
// One coordinate, either way; parameter is not permutation, subset or simplex.
double coordinate_of_slot(const Parameter& parameter, double slot);
double slot_of_coordinate(const Parameter& parameter, double coordinate);
bool active(const std::vector<ResolvedCondition>& conditions, std::span<const double> slots);

}  // namespace asktell
