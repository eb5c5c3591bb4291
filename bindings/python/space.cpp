// The space: one class with an `add` that takes every kind, filled by asktell/_space.py, which owns
// the spellings users see.
#include "casters.hpp"

#include <asktell/core/errors.hpp>
#include <limits>

namespace asktell::python {
namespace {

constexpr const char* kRoleNames[] = {"design", "fidelity", "context"};

std::vector<Condition> conditions_from(const py::list& list) {
  std::vector<Condition> conditions;
  for (const py::handle item : list) {
    const auto [parent, values, low, high] =
        item.cast<std::tuple<std::string, std::vector<Value>, double, double>>();
    conditions.push_back({parent, values, low, high});
  }
  return conditions;
}

Role role_from(const std::string& name) {
  for (std::size_t i = 0; i < std::size(kRoleNames); ++i) {
    if (name == kRoleNames[i]) return static_cast<Role>(i);
  }
  throw SpaceError("space.role",
                   "role \"" + name + "\" is unknown; use \"design\", \"fidelity\" or \"context\"");
}

void add_parameter(Space& space, const std::string& kind, const std::string& name,
                   const py::dict& fields, const py::dict& shared) {
  ParameterOptions options;
  options.log = shared["log"].cast<bool>();
  options.step = shared["step"].cast<double>();
  options.size = shared["size"].cast<std::size_t>();
  options.when = conditions_from(shared["when"].cast<py::list>());
  options.role = role_from(shared["role"].cast<std::string>());
  options.default_value = value_from_python(shared["default"]);
  options.likely = shared["likely"].cast<std::vector<double>>();
  if (kind == "real") {
    space.real(name, fields["low"].cast<double>(), fields["high"].cast<double>(), options);
  } else if (kind == "integer") {
    space.integer(name, fields["low"].cast<std::int64_t>(), fields["high"].cast<std::int64_t>(),
                  options);
  } else if (kind == "categorical") {
    space.categorical(name, fields["choices"].cast<std::vector<Value>>(), options);
  } else if (kind == "boolean") {
    space.boolean(name, options);
  } else if (kind == "ordinal") {
    space.ordinal(name, fields["choices"].cast<std::vector<Value>>(), options);
  } else if (kind == "permutation") {
    space.permutation(name, fields["items"].cast<std::size_t>(), options);
  } else if (kind == "subset") {
    space.subset(name, fields["items"].cast<std::size_t>(), fields["min_items"].cast<std::size_t>(),
                 fields["max_items"].cast<std::size_t>(), options);
  } else if (kind == "simplex") {
    space.simplex(name, fields["items"].cast<std::size_t>(), options);
  } else {
    throw SpaceError("space.kind", "parameter \"" + name + "\": kind \"" + kind + "\" is unknown");
  }
}

// `predicate(params)` returns a number (<= 0 feasible) or a bool (True feasible).
void add_predicate(Space& space, const std::string& name, const py::object& predicate) {
  const Kept kept(predicate);
  space.constraint(name, [kept, name](const Point& point) {
    py::gil_scoped_acquire locked;
    const py::object answer = (*kept)(params_of(point));
    const Value value = value_from_python(answer);
    if (std::holds_alternative<bool>(value.data())) return value.integer() != 0 ? -1.0 : 1.0;
    if (!value.is_number()) {
      throw SpaceError("space.predicate", "constraint \"" + name + "\" returned " +
                                              std::string(py::repr(answer)) +
                                              "; return a bool, or a number that is <= 0 where "
                                              "feasible");
    }
    return value.number();
  });
}

py::dict describe(const Parameter& parameter) {
  py::dict fields;
  fields["name"] = parameter.name;
  fields["kind"] = std::string(name_of(parameter.kind));
  fields["low"] = parameter.low;
  fields["high"] = parameter.high;
  fields["choices"] = parameter.choices;
  fields["items"] = parameter.items;
  fields["min_items"] = parameter.min_items;
  fields["max_items"] = parameter.max_items;
  fields["log"] = parameter.log;
  fields["step"] = parameter.step;
  fields["size"] = parameter.size;
  fields["role"] = kRoleNames[static_cast<std::size_t>(parameter.role)];
  fields["default"] = parameter.default_value;
  fields["likely"] = parameter.likely;
  fields["slots"] = parameter.slots();
  py::list when;
  for (const Condition& condition : parameter.when) {
    when.append(py::make_tuple(condition.parent, condition.values, condition.low, condition.high));
  }
  fields["when"] = when;
  return fields;
}

py::list describe_constraints(const Space& space) {
  py::list list;
  for (const KnownConstraint& constraint : space.constraints()) {
    list.append(
        py::make_tuple(constraint.name, constraint.weights, constraint.bound,
                       !static_cast<bool>(constraint.predicate) && constraint.weights.empty()));
  }
  return list;
}

py::object enumerate(const Space& space, std::size_t limit) {
  std::optional<std::vector<std::vector<double>>> points;
  {
    py::gil_scoped_release unlocked;
    points = space.enumerate(limit);
  }
  if (!points) return py::none();
  py::list list;
  for (std::vector<double>& slots : *points) list.append(params_of(Point(space, std::move(slots))));
  return list;
}

}  // namespace

void bind_space(py::module_& module) {
  py::class_<Space>(module, "Space", "Parameters and known constraints.")
      .def(py::init<>())
      .def("copy", [](const Space& space) { return Space(space); })
      .def("add", &add_parameter, py::arg("kind"), py::arg("name"), py::arg("fields"),
           py::arg("shared"))
      .def(
          "add_linear", [](Space& space, const std::string& text) { space.constraint(text); },
          py::arg("linear"))
      .def("add_predicate", &add_predicate, py::arg("name"), py::arg("predicate"))
      .def("parameters",
           [](const Space& space) {
             py::list list;
             for (const Parameter& parameter : space.parameters()) list.append(describe(parameter));
             return list;
           })
      .def("constraints", &describe_constraints)
      .def_property_readonly("dimension", &Space::dimension)
      .def_property_readonly("slots", &Space::slots)
      .def("coordinates",
           [](const Space& space) {
             std::vector<std::tuple<std::size_t, double, bool>> list;
             for (const Coordinate& coordinate : space.coordinates()) {
               list.emplace_back(coordinate.parameter, coordinate.cells, coordinate.ordered);
             }
             return list;
           })
      .def("feasible_share", &Space::feasible_share, py::arg("samples") = 10000,
           py::arg("seed") = 0, Unlocked())
      .def("check_feasible", &Space::check_feasible, Unlocked())
      .def("enumerate", &enumerate, py::arg("limit"))
      .def(
          "satisfies",
          [](const Space& space, const Assignment& values) {
            py::gil_scoped_release unlocked;
            return space.satisfies_constraints(space.point(values).slots());
          },
          py::arg("values"))
      .def(
          "point",
          [](const Space& space, const Assignment& values) {
            return params_of(space.point(values));
          },
          py::arg("values"))
      .def(
          "to_unit",
          [](const Space& space, const Assignment& values) {
            return array_of(space.point(values).unit());
          },
          py::arg("values"))
      .def(
          "from_unit",
          [](const Space& space, const std::vector<double>& unit) {
            return params_of(space.point_from_unit(unit));
          },
          py::arg("unit"))
      .def(
          "vector",
          [](const Space& space, const Assignment& values) {
            return array_of(space.point(values).vector());
          },
          py::arg("values"))
      .def(
          "params",
          [](const Space& space, std::vector<double> slots) {
            return params_of(space.point_from_slots(std::move(slots)));
          },
          py::arg("vector"))
      .def("to_json", &Space::to_json)
      .def_static(
          "from_json", [](const std::string& json) { return Space::from_json(json); },
          py::arg("json"))
      .def("difference", &Space::difference, py::arg("other"));
}

}  // namespace asktell::python
