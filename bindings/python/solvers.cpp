// The registry for Python, and solvers written in Python: a class with ask and tell, replayed from
// the history by asktell/_solvers.py.
#include "casters.hpp"

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/threads.hpp>

namespace asktell::python {
namespace {

py::dict describe(const SolverInfo& info) {
  py::list options;
  for (const OptionSpec& option : info.options) {
    py::dict fields;
    fields["name"] = option.name;
    fields["type"] = option.type;
    fields["default"] = option.default_value;
    fields["description"] = option.description;
    fields["low"] = option.low;
    fields["high"] = option.high;
    fields["choices"] = option.choices;
    options.append(fields);
  }
  py::list oracles;
  for (Oracle oracle : info.capabilities.oracles) oracles.append(std::string(name_of(oracle)));
  py::dict out;
  out["name"] = info.name;
  out["summary"] = info.summary;
  out["reference"] = info.reference;
  out["oracles"] = oracles;
  out["told_constraints"] = info.capabilities.told_constraints;
  out["max_dimension"] = info.capabilities.max_dimension;
  out["max_objectives"] = info.capabilities.max_objectives;
  out["needs_finite_space"] = info.capabilities.needs_finite_space;
  out["parameter_kinds"] = info.capabilities.parameter_kinds;
  out["options"] = options;
  return out;
}

// Everything told in the order of trial numbers, as (params, value or None for a failure).
py::list answers_of(const History& history) {
  py::list out;
  const auto objectives = history.objectives();
  for (std::size_t i = 0; i < history.size(); ++i) {
    const TrialState state = history.state(i);
    if (state != TrialState::kTold && state != TrialState::kFailed) continue;
    const Query query = history.query(i);
    py::object value = py::none();
    if (state == TrialState::kTold) value = py::float_(objectives(0, static_cast<Eigen::Index>(i)));
    out.append(py::make_tuple(i, params_of(std::get<Evaluate>(query).point), value));
  }
  return out;
}

class PythonSolver final : public Solver {
 public:
  PythonSolver(Kept replay, Problem problem)
      : replay_(std::move(replay)), problem_(std::move(problem)) {}

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    py::gil_scoped_acquire locked;
    py::list pending;
    for (std::int64_t trial : history.pending()) {
      pending.append(
          params_of(std::get<Evaluate>(history.query(static_cast<std::size_t>(trial))).point));
    }
    const py::object points = (*replay_)(history.space(), answers_of(history), pending,
                                         request.count, request.seed, request.ask);
    std::vector<Proposal> out;
    for (const py::handle point : points) {
      out.push_back({.query = Evaluate{point_from_python(history.space(), point)}});
    }
    return out;
  }

 private:
  Kept replay_;
  Problem problem_;
};

// make(options: dict) returns replay(space, answers, pending, count, seed, ask) -> points.
void register_solver(const std::string& name, const std::string& summary, const py::object& make) {
  SolverInfo info;
  info.name = name;
  info.summary = summary;
  info.reference = "written in Python";
  const Kept kept(make);
  info.make = [kept](const Problem& problem, const Assignment& options) -> std::unique_ptr<Solver> {
    py::gil_scoped_acquire locked;
    py::dict given;
    for (const auto& [key, value] : options) given[py::str(key)] = value_to_python(value);
    return std::make_unique<PythonSolver>(Kept((*kept)(given)), problem);
  };
  Registry::global().replace(std::move(info));
}

}  // namespace

void bind_solvers(py::module_& module) {
  module.def("solver_names", [] { return Registry::global().names(); });
  module.def(
      "solver_info", [](const std::string& name) { return describe(Registry::global().at(name)); },
      py::arg("name"));
  module.def("register_solver", &register_solver, py::arg("name"), py::arg("summary"),
             py::arg("make"));
  module.def("set_threads", &set_threads, py::arg("threads"));
}

}  // namespace asktell::python
