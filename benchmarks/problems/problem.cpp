// The registry of test problems.
#include <algorithm>
#include <asktell/benchmarks/problems/families.hpp>
#include <asktell/benchmarks/problems/problem.hpp>
#include <asktell/core/registry.hpp>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace asktell::benchmarks {
namespace {

// `x` has as many entries as the space has slots, or std::invalid_argument.
void check_size(std::string_view name, std::size_t slots, TestProblem::Point x) {
  if (x.size() == slots) return;
  throw std::invalid_argument("problem \"" + std::string(name) + "\": the point has " +
                              std::to_string(x.size()) + " entries; it takes " +
                              std::to_string(slots));
}

// By suite, then words before numbers and numbers by size: f2 before f10.
bool comes_before(const std::string& a, const std::string& b) {
  const auto key = [](const std::string& name) {
    const std::size_t slash = name.find('/');
    const std::size_t digits = name.find_last_not_of("0123456789") + 1;
    const bool numbered = digits < name.size() && digits > slash;
    return std::tuple(name.substr(0, slash), name.substr(0, digits),
                      numbered ? std::stol(name.substr(digits)) : 0);
  };
  return key(a) < key(b);
}

}  // namespace

const ProblemRegistry& ProblemRegistry::global() {
  static const ProblemRegistry registry = [] {
    ProblemRegistry made;
    register_bbob(made);
    register_bbob_biobj(made);
    register_bbob_mixint(made);
    register_bbob_noisy(made);
    register_classic(made);
    register_constrained(made);
    register_control(made);
    register_discrete(made);
    register_linear_solvers(made);
    register_multi_fidelity(made);
    register_multi_objective(made);
    register_regression(made);
    return made;
  }();
  return registry;
}

void ProblemRegistry::add(ProblemInfo info) {
  const std::string name = info.name;
  if (!problems_.emplace(name, std::move(info)).second)
    throw std::logic_error("problem \"" + name + "\" is registered twice");
}

std::vector<std::string> ProblemRegistry::names() const {
  std::vector<std::string> found;
  for (const auto& [name, info] : problems_) found.push_back(name);
  std::ranges::sort(found, comes_before);
  return found;
}

const ProblemInfo& ProblemRegistry::at(std::string_view name) const {
  const auto found = problems_.find(name);
  if (found != problems_.end()) return found->second;
  const std::string near = nearest_name(name, names());
  throw std::invalid_argument(
      "problem \"" + std::string(name) + "\" is unknown" +
      (near.empty() ? "; `asktell problems` lists them" : "; did you mean \"" + near + "\"?"));
}

TestProblem make_problem(std::string_view name, const Assignment& options) {
  TestProblem problem = ProblemRegistry::global().at(name).make(options);
  const std::size_t slots = problem.space.slots();
  problem.evaluate = [name = std::string(name), slots,
                      inner = std::move(problem.evaluate)](TestProblem::Point x) {
    check_size(name, slots, x);
    return inner(x);
  };
  if (problem.observe) {
    problem.observe = [name = std::string(name), slots, inner = std::move(problem.observe)](
                          TestProblem::Point x, RandomStream& noise) {
      check_size(name, slots, x);
      return inner(x, noise);
    };
  }
  return problem;
}

Space box(std::span<const double> lower, std::span<const double> upper) {
  Space space;
  for (std::size_t i = 0; i < lower.size(); ++i)
    space.real("x" + std::to_string(i), lower[i], upper[i]);
  return space;
}

Space box(int dimension, double lower, double upper) {
  const std::vector<double> low(static_cast<std::size_t>(dimension), lower);
  const std::vector<double> high(low.size(), upper);
  return box(low, high);
}

}  // namespace asktell::benchmarks
