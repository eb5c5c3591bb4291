// The registry for Python, and solvers written in Python: a class with ask and tell, replayed from
// the history by asktell/_solvers.py.
#include "casters.hpp"

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/threads.hpp>

namespace asktell::python {
namespace {

py::dict describe(const SolverInfo& info) {
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
  out["candidates"] = info.capabilities.candidates;
  out["beliefs"] = info.capabilities.beliefs;
  py::list kinds;
  for (std::size_t i = 0; i < kKindCount; ++i) {
    if (info.capabilities.parameter_kinds >> i & 1u) {
      kinds.append(std::string(name_of(static_cast<Kind>(i))));
    }
  }
  out["parameters"] = kinds;
  out["options"] = options_to_python(info.options);
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
  explicit PythonSolver(Kept replay) : replay_(std::move(replay)) {}

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
};

OptionSpec option_from(const std::string& name, const py::handle& given) {
  OptionSpec spec;
  spec.name = name;
  spec.default_value = value_from_python(given.attr("default"));
  spec.description = given.attr("description").cast<std::string>();
  spec.low = given.attr("low").cast<double>();
  spec.high = given.attr("high").cast<double>();
  spec.choices = given.attr("choices").cast<std::vector<std::string>>();
  const auto& data = spec.default_value.data();
  spec.type = std::holds_alternative<bool>(data)           ? "boolean"
              : std::holds_alternative<std::int64_t>(data) ? "integer"
              : std::holds_alternative<double>(data)       ? "real"
                                                           : "text";
  return spec;
}

Capabilities capabilities_from(const py::dict& given) {
  Capabilities out;
  const auto take = [&](const char* name, auto& field) {
    if (given.contains(name)) field = given[name].cast<std::remove_reference_t<decltype(field)>>();
  };
  take("conditional", out.conditional);
  take("known_constraints", out.known_constraints);
  take("noise", out.noise);
  take("repeats", out.repeats);
  take("needs_finite_space", out.needs_finite_space);
  take("max_dimension", out.max_dimension);
  if (!given.contains("parameters")) return out;
  out.parameter_kinds = 0;
  for (const py::handle name : given["parameters"]) {
    out.parameter_kinds |= kinds({kind_from_name(name.cast<std::string>())});
  }
  return out;
}

// entry: name, summary, reference, options (name -> Option), capabilities; make(options: dict)
// returns replay(space, answers, pending, count, seed, ask) -> points.
void register_solver(const py::dict& entry, const py::object& make) {
  SolverInfo info;
  info.name = entry["name"].cast<std::string>();
  info.summary = entry["summary"].cast<std::string>();
  info.reference = entry["reference"].cast<std::string>();
  info.capabilities = capabilities_from(entry["capabilities"].cast<py::dict>());
  for (const auto& [name, option] : entry["options"].cast<py::dict>()) {
    info.options.push_back(option_from(name.cast<std::string>(), option));
  }
  const Kept kept(make);
  info.make = [kept, name = info.name, specs = info.options](
                  const Problem&, const Assignment& options) -> std::unique_ptr<Solver> {
    check_option_names(specs, name, options);
    py::gil_scoped_acquire locked;
    py::dict given;
    for (const OptionSpec& spec : specs) {
      const auto found = options.find(spec.name);
      if (found != options.end()) check_option(spec, name, found->second);
      given[py::str(spec.name)] =
          value_to_python(found == options.end() ? spec.default_value : found->second);
    }
    return std::make_unique<PythonSolver>(Kept((*kept)(given)));
  };
  Registry::global().replace(std::move(info));
}

}  // namespace

py::list options_to_python(const std::vector<OptionSpec>& specs) {
  py::list options;
  for (const OptionSpec& option : specs) {
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
  return options;
}

void bind_solvers(py::module_& module) {
  module.def("solver_names", [] { return Registry::global().names(); });
  module.def(
      "solver_info", [](const std::string& name) { return describe(Registry::global().at(name)); },
      py::arg("name"));
  module.def("register_solver", &register_solver, py::arg("entry"), py::arg("make"));
  module.def("set_threads", &set_threads, py::arg("threads"));
}

}  // namespace asktell::python
