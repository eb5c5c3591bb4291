// The space of parameters, and its lossless map to the unit cube in which every solver works.
//
// A point has two numeric forms. *Slots* are native values, one double for each scalar part (a real
// or integer itself, the index of a choice or level, 0/1 for booleans and subset members, ranks of
// a permutation); NaN where a conditional parameter is inactive. *Coordinates* lie in the unit
// cube: reals are scaled (in the logarithm where declared), integers, levels and choices sit at the
// middle of equal cells, a permutation of n has n sort keys, a simplex of n has n - 1
// stick-breaking fractions (uniform coordinates give uniform points). Inactive coordinates are 0.5.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <asktell/core/value.hpp>

namespace asktell {

class Point;
class Space;

enum class Kind {
  kReal,
  kInteger,
  kCategorical,
  kBoolean,
  kOrdinal,
  kPermutation,
  kSubset,
  kSimplex
};
inline constexpr std::size_t kKindCount = 8;
std::string_view name_of(Kind kind);         // "real", "integer", ...
Kind kind_from_name(std::string_view name);  // SpaceError "space.kind"
enum class Role { kDesign, kFidelity, kContext };

// Active only when `parent` (scalar, declared earlier) is active and has one of `values`, or, when
// `values` is empty, lies in [low, high].
struct Condition {
  std::string parent = {};
  std::vector<Value> values = {};
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

struct ParameterOptions {
  bool log = false;                  // scale by the logarithm; real and integer with low > 0
  double step = 0;                   // > 0: low, low + step, ...; real and integer
  std::size_t size = 0;              // 0: scalar; n: vector of n; real and integer
  std::vector<Condition> when = {};  // all must hold
  Role role = Role::kDesign;
  Value default_value = {};  // what earlier trials had, when study.extend adds this parameter
  // Where the optimum is believed to lie; empty: nowhere in particular. Real, integer: {low, high},
  // an interval that holds it with a chance of two thirds (normal in the parameter's scale).
  // Choices and flags (false, true): a weight for each, in their order. A wrong belief costs
  // trials, but fades as they come in.
  std::vector<double> likely = {};
};

struct Parameter : ParameterOptions {
  std::string name = {};
  Kind kind = Kind::kReal;
  double low = 0;  // real, integer
  double high = 1;
  std::vector<Value> choices = {};  // categories or levels, in order
  std::size_t items = 0;            // permutation, subset, simplex
  std::size_t min_items = 0;        // subset
  std::size_t max_items = 0;

  std::size_t slots() const;        // native doubles it takes
  std::size_t coordinates() const;  // unit-cube coordinates it takes
  double cells() const;             // equal cells of each coordinate; 0: continuous
};

// One coordinate of the unit cube.
struct Coordinate {
  std::size_t parameter;  // index into Space::parameters()
  double cells;  // 0: continuous; k: k equal cells, the value sits at the middle of its cell
  bool ordered;  // false for categories
};

// Known before evaluation: sum of weights x parameter <= bound, or a predicate that is <= 0 or true
// where feasible. Predicates are recorded by name only; whoever asks must supply them again.
struct KnownConstraint {
  std::string name = {};
  std::vector<std::pair<std::string, double>> weights = {};  // linear form; empty for a predicate
  double bound = 0;
  std::function<double(const Point&)> predicate;  // <= 0 feasible; empty for a linear form
};

class Space {
 public:
  Space();
  // Each returns *this; each throws SpaceError (id "space.*") on a parameter that cannot be.
  Space& real(std::string name, double low, double high, ParameterOptions options = {});
  Space& integer(std::string name, std::int64_t low, std::int64_t high,
                 ParameterOptions options = {});
  Space& categorical(std::string name, std::vector<Value> choices, ParameterOptions options = {});
  Space& boolean(std::string name, ParameterOptions options = {});
  Space& ordinal(std::string name, std::vector<Value> levels, ParameterOptions options = {});
  Space& permutation(std::string name, std::size_t items, ParameterOptions options = {});
  Space& subset(std::string name, std::size_t items, std::size_t min_items = 0,
                std::size_t max_items = SIZE_MAX, ParameterOptions options = {});
  Space& simplex(std::string name, std::size_t items, ParameterOptions options = {});
  Space& add(Parameter parameter);

  Space& linear_constraint(std::vector<std::pair<std::string, double>> weights, double bound,
                           std::string name = "");
  Space& constraint(std::string name,
                    std::function<double(const Point&)> predicate);  // <= 0 feasible
  Space& constraint(std::string_view linear);                        // "x + 2*y <= 3" or ">="

  bool empty() const;
  std::span<const Parameter> parameters() const;
  std::span<const KnownConstraint> constraints() const;
  std::span<const Coordinate> coordinates() const;
  std::optional<std::size_t> find(std::string_view name) const;  // index of a parameter
  std::size_t slot_offset(std::size_t parameter) const;
  std::size_t coordinate_offset(std::size_t parameter) const;
  std::size_t slots() const;
  std::size_t dimension() const;  // coordinates

  // Maps between slots and coordinates; sizes slots() and dimension(). from_unit clamps to the
  // cube, marks inactive parameters NaN, and from_unit(to_unit(s)) == s for all but reals, where it
  // holds to a few ulp of the range.
  void to_unit(std::span<const double> slots, std::span<double> unit) const;
  void from_unit(std::span<const double> unit, std::span<double> slots) const;

  bool satisfies_constraints(std::span<const double> slots) const;  // known constraints
  // Fraction of `samples` Philox-uniform points that satisfy the known constraints (1 without any).
  double feasible_share(std::size_t samples = 10000, std::uint64_t seed = 0) const;
  // All points (slots) of a finite space in lexicographic order, constraints respected; nullopt
  // when there are more than `limit` or infinitely many.
  std::optional<std::vector<std::vector<double>>> enumerate(std::size_t limit) const;

  // Points. All throw PointError (id "point.*") when a value does not fit; bounds get one ulp of
  // grace.
  Point point(const Assignment& values) const;
  Point point_from_json(std::string_view json) const;
  Point point_from_slots(std::vector<double> slots) const;
  Point point_from_unit(std::span<const double> unit) const;
  // Coordinates of a partial assignment, NaN where free (ask(fixed = ...)).
  std::vector<double> partial_unit(const Assignment& values) const;

  // Slots of a point of `older`, of which this space is an extension (wider bounds, more choices,
  // more parameters with default_value). Throws SpaceError "space.extend" naming what is not an
  // extension.
  std::vector<double> adopt(const Space& older, std::span<const double> slots) const;
  void check_extends(const Space& older) const;

  std::string to_json() const;  // strict JSON, keys in a fixed order
  static Space from_json(std::string_view json);
  std::string difference(const Space& other) const;  // one line a changed parameter; "" when equal
  bool predicates_missing() const;                   // loaded from JSON and not supplied again
  Space with_predicates_of(const Space& other) const;  // by the constraints' names
  // Refuses (SpaceError "space.infeasible") when known constraints leave less than about 1e-5.
  void check_feasible() const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;  // copy-on-write: copies of a space are cheap
  Impl& edit();
};

// A point of a space: read-only named values on top of slots.
class Point {
 public:
  Point() = default;
  Point(Space space, std::vector<double> slots);  // unchecked; use Space::point for user input

  Value operator[](std::string_view name) const;  // absent when inactive; PointError when unknown
  bool has(std::string_view name) const;          // known and active
  Assignment values() const;                      // active parameters
  std::vector<double> vector() const;             // slots
  std::vector<double> unit() const;               // coordinates
  std::string to_json() const;  // {"x": 1.5, "kernel": "rbf"}, in the space's order
  const Space& space() const { return space_; }
  std::span<const double> slots() const { return slots_; }
  bool empty() const { return slots_.empty(); }

 private:
  Space space_;
  std::vector<double> slots_;
};

bool operator==(const Point& a, const Point& b);                  // equal slots, NaN equal to NaN
std::ostream& operator<<(std::ostream& out, const Point& point);  // "x = 3.1416, y = 2.275"

}  // namespace asktell
