// The list of solvers and the check of capabilities; see registry.hpp.
#include <asktell/core/registry.hpp>

#include <algorithm>
#include <array>

#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string space_mismatch(const Capabilities& can, const Problem& problem) {
  bool finite = true;
  for (const Parameter& parameter : problem.space.parameters()) {
    finite &= parameter.cells() > 0;
    const auto kind = static_cast<unsigned>(parameter.kind);
    if (!(can.parameter_kinds >> kind & 1u)) {
      return "takes no " + std::string(name_of(static_cast<Kind>(kind))) + " parameters (\"" +
             parameter.name + "\")";
    }
    if (!can.beliefs && !parameter.likely.empty()) {
      return "takes no beliefs about the optimum (likely, of \"" + parameter.name + "\")";
    }
    if (!can.conditional && !parameter.when.empty()) {
      return "takes no conditional parameters (\"" + parameter.name + "\")";
    }
  }
  const auto dimension = static_cast<double>(problem.space.dimension());
  if (dimension > can.max_dimension) {
    return "takes at most " + std::to_string(static_cast<long>(can.max_dimension)) +
           " dimensions, the space has " + std::to_string(problem.space.dimension());
  }
  if (!can.known_constraints && !problem.space.constraints().empty()) {
    return "takes no known constraints (\"" + problem.space.constraints()[0].name + "\")";
  }
  if (can.needs_finite_space && !finite) return "needs a finite space; this one is continuous";
  return {};
}

}  // namespace

Registry& Registry::global() {
  static Registry registry = [] {
    Registry filled;
    registration::register_all(filled);
    return filled;
  }();
  return registry;
}

void Registry::add(SolverInfo info) {
  const std::string name = info.name;
  if (!solvers_.emplace(name, std::move(info)).second) {
    throw SolverError("solver.duplicate",
                      "a solver named \"" + name + "\" is registered already; choose another name");
  }
}

void Registry::replace(SolverInfo info) {
  std::string name = info.name;
  solvers_.insert_or_assign(std::move(name), std::move(info));
}

const SolverInfo& Registry::at(std::string_view name) const {
  const auto found = solvers_.find(name);
  if (found != solvers_.end()) return found->second;
  const std::string near = nearest_name(name, names());
  throw SolverError("solver.unknown",
                    "no solver is named \"" + std::string(name) + "\"" +
                        (near.empty() ? "; " : "; did you mean \"" + near + "\"? ") +
                        "Registered: " + join(names()));
}

std::vector<std::string> Registry::names() const {
  std::vector<std::string> out;
  for (const auto& [name, info] : solvers_) out.push_back(name);
  return out;
}

std::unique_ptr<Solver> Registry::make(std::string_view name, const Problem& problem,
                                       const Assignment& options) const {
  const SolverInfo& info = at(name);
  const std::string lacking = mismatch(info, problem);
  if (lacking.empty()) return info.make(problem, options);
  std::vector<std::string> fitting;
  for (const auto& [other, candidate] : solvers_) {
    if (mismatch(candidate, problem).empty()) fitting.push_back(other);
  }
  throw SolverError("solver.capability",
                    "solver \"" + info.name + "\" " + lacking +
                        (fitting.empty() ? "; no registered solver can take this problem"
                                         : "; use one of: " + join(fitting)));
}

std::string Registry::mismatch(const SolverInfo& info, const Problem& problem) {
  const Capabilities& can = info.capabilities;
  if (std::find(can.oracles.begin(), can.oracles.end(), problem.oracle) == can.oracles.end()) {
    return "does not answer with \"" + std::string(name_of(problem.oracle)) + "\" queries";
  }
  if (problem.objectives.size() > can.max_objectives) {
    return "takes " + std::to_string(can.max_objectives) + " objective(s), the problem has " +
           std::to_string(problem.objectives.size());
  }
  if (!can.told_constraints && !problem.constraints.empty()) {
    return "takes no told constraints (\"" + problem.constraints[0] + "\")";
  }
  if (!can.noise && problem.noise_variance > 0) return "assumes an objective without noise";
  return space_mismatch(can, problem);
}

}  // namespace asktell
