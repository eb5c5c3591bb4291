// The exchange between a study and whoever evaluates: closed variants of what can be asked and what
// can be answered. One ask/tell serves every oracle.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <asktell/core/space.hpp>

namespace asktell {

enum class Oracle { kEvaluate, kCompare, kPerturb, kConsult };

// Evaluate the objectives at a point (which carries fidelity and context parameters, if any).
struct Evaluate {
  Point point = {};
};

// Order the best `best` of the points, best first.
struct Compare {
  std::vector<Point> points = {};
  std::size_t best = 1;
};

// A permanent move x += scale * z(seed) of a vector that the library never sees.
struct Move {
  std::uint64_t seed = 0;
  double scale = 0;
};

// First make `moves` (they come from earlier answers), then measure the loss at x + scale z(seed)
// and at x - scale z(seed), on the same data. z is the Gaussian direction of core/random.hpp.
struct Perturb {
  std::uint64_t seed = 0;
  double scale = 0;
  std::vector<Move> moves = {};
};

// What a Consult wants to know, as bits.
enum Want : std::uint32_t {
  kWantValue = 1,
  kWantGradX = 2,
  kWantGradY = 4,
  kWantConstraints = 8,
  kWantJacobians = 16,  // of the constraints, in x and y
  kWantProduct = 32,    // Hessian-vector product along `direction`
};

// Value, gradients, constraints or products of a named function ("upper", "lower", ...) at (x, y).
// Vectors are in the user's units, not in the unit cube.
struct Consult {
  std::string function = {};
  std::uint32_t wants = 0;
  std::vector<double> x = {};
  std::vector<double> y = {};
  std::vector<double> direction = {};
  std::uint64_t seed = 0;  // names the mini-batch: equal seeds must see equal data
};

using Query = std::variant<Evaluate, Compare, Perturb, Consult>;

struct Values {
  std::vector<double> objectives = {};  // in the user's sign
  std::optional<double> noise_variance =
      {};                                // variance of the objective's noise at this point; 0 exact
  std::vector<double> constraints = {};  // <= 0 feasible
  std::vector<double> gradient = {};     // of the first objective, by slots; empty when unknown
  std::optional<double> cost = {};       // in any unit, the same for all trials
};

struct Ranking {
  std::vector<std::size_t> order = {};  // indices into Compare::points, best first
};

struct Losses {
  double plus = 0;
  double minus = 0;
};

// What was wanted, and nothing else.
struct Consulted {
  std::optional<double> value = {};
  std::vector<double> grad_x = {};
  std::vector<double> grad_y = {};
  std::vector<double> constraints = {};
  std::vector<double> jacobian_x = {};  // constraints x dim(x), row by row
  std::vector<double> jacobian_y = {};  // constraints x dim(y), row by row
  std::vector<double> product = {};
};

// A crash, a time-out, a NaN: information, not an exception.
struct Failure {
  std::string reason = {};
};

using Answer = std::variant<Values, Ranking, Losses, Consulted, Failure>;

Oracle oracle_of(const Query& query);
std::string_view name_of(Oracle oracle);  // "evaluate", "compare", "perturb", "consult"
Oracle oracle_from_name(std::string_view name);

// Strict JSON; points as {"x": 1.5, ...}. Queries need the space to be read back.
std::string to_json(const Query& query);
Query query_from_json(std::string_view json, const Space& space);
std::string to_json(const Answer& answer);
Answer answer_from_json(std::string_view json);

}  // namespace asktell
