// A test problem: what it asks for, what is known of its solution, and its formula. All objectives
// are minimized, constraints are met where they are <= 0, points are slots (core/space.hpp).
//
//   auto problem = asktell::benchmarks::make_problem("bbob/f8", {{"dimension", 5}});
//   double regret = problem.evaluate(x).objectives[0] - problem.optimum;
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <asktell/core/options.hpp>
#include <asktell/core/query.hpp>
#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>

namespace asktell::benchmarks {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct TestProblem {
  using Point = std::span<const double>;  // space.slots() native values

  Space space = {};  // fidelity parameters have Role::kFidelity
  std::vector<std::string> objectives = {"value"};
  std::vector<std::string> constraints = {};
  // One objective: the least feasible value (at full fidelity), and points (slots) that attain it.
  double optimum = kUnknown;
  bool proven = true;  // false: `optimum` is the best known value
  std::vector<std::vector<double>> argmins = {};
  // Several objectives: the published reference point and the hypervolume of the whole front.
  std::vector<double> reference_point = {};
  double hypervolume = kUnknown;
  std::vector<double> target = {};  // values of the fidelity parameters where `optimum` holds
  std::int64_t budget = 0;          // evaluations at full cost that results are reported at

  // The noise-free answer; Values::cost where evaluations differ in it, 1 at full fidelity. Safe to
  // call from many threads; x has space.slots() entries, which make_problem's wrapper checks.
  std::function<Values(Point x)> evaluate = {};
  // The answer with noise; empty for a deterministic problem.
  std::function<Values(Point x, RandomStream& noise)> observe = {};
};

struct ProblemInfo {
  std::string name = {};       // "bbob/f8": suite / problem
  std::string summary = {};    // one sentence
  std::string reference = {};  // authors, year, where the definition stands
  std::vector<OptionSpec> options = {};
  std::function<TestProblem(const Assignment& options)> make = {};
};

class ProblemRegistry {
 public:
  static const ProblemRegistry& global();

  // make(options) builds the problem; it throws std::invalid_argument for options that do not fit
  // together (those outside of the schema's ranges never reach it).
  template <typename Options, typename Make>
  void add(ProblemInfo info, Schema<Options> schema, Make make) {
    info.options = schema.specs();
    info.make = [name = info.name, schema, make](const Assignment& values) {
      return make(schema.parse(name, values));
    };
    add(std::move(info));
  }
  void add(ProblemInfo info);  // std::logic_error for a name that is taken

  std::vector<std::string> names() const;  // sorted, f2 before f10
  // std::invalid_argument, with the nearest name, when it is unknown.
  const ProblemInfo& at(std::string_view name) const;

 private:
  std::map<std::string, ProblemInfo, std::less<>> problems_;
};

// Also checks the size of every point that is evaluated (std::invalid_argument).
TestProblem make_problem(std::string_view name, const Assignment& options = {});

// For formulas: one real parameter x0, x1, ... a coordinate.
Space box(std::span<const double> lower, std::span<const double> upper);
Space box(int dimension, double lower, double upper);

}  // namespace asktell::benchmarks
