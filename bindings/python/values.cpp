// Values, points and arrays between Python and C++. Integers stay integers, flags stay flags; NumPy
// scalars and arrays count as the numbers they hold.
#include "casters.hpp"

#include <asktell/core/errors.hpp>
#include <string_view>

namespace asktell::python {
namespace {

std::string type_name(py::handle object) {
  return Py_TYPE(object.ptr())->tp_name;
}

std::int64_t integer_from_python(py::handle object) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
  if (overflow != 0) {
    throw PointError("point.integer-range", "the integer " + std::string(py::str(object)) +
                                                " does not fit into 64 bits; scale it");
  }
  if (number == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return number;
}

std::string text_from_python(py::handle object) {
  Py_ssize_t size = 0;
  const char* letters = PyUnicode_AsUTF8AndSize(object.ptr(), &size);
  if (letters == nullptr) throw py::error_already_set();
  return {letters, static_cast<std::size_t>(size)};
}

bool is_sequence(py::handle object) {
  return PyList_Check(object.ptr()) || PyTuple_Check(object.ptr()) ||
         (py::isinstance<py::array>(object) && py::hasattr(object, "ndim") &&
          object.attr("ndim").cast<int>() > 0);
}

Value list_from_python(py::handle object) {
  std::vector<double> reals;
  std::vector<std::int64_t> integers;
  bool integral = true;
  for (const py::handle item : py::reinterpret_borrow<py::object>(object)) {
    const Value value = value_from_python(item);
    if (!value.is_number()) {
      throw PointError("point.list", "a list value holds " + std::string(py::repr(item)) +
                                         ", which is not a number; lists hold numbers only");
    }
    reals.push_back(value.number());
    const auto* whole = std::get_if<std::int64_t>(&value.data());
    integral = integral && whole != nullptr;
    if (integral) integers.push_back(*whole);
  }
  return integral ? Value(std::move(integers)) : Value(std::move(reals));
}

}  // namespace

Value value_from_python(py::handle object) {
  PyObject* const raw = object.ptr();
  if (raw == Py_None) return {};
  if (PyBool_Check(raw)) return Value(raw == Py_True);
  if (PyFloat_Check(raw)) return Value(PyFloat_AS_DOUBLE(raw));
  if (PyLong_Check(raw)) return Value(integer_from_python(object));
  if (PyUnicode_Check(raw)) return Value(text_from_python(object));
  if (is_sequence(object)) return list_from_python(object);
  const std::string_view type = Py_TYPE(raw)->tp_name;
  if (type == "numpy.bool_" || type == "numpy.bool") return Value(PyObject_IsTrue(raw) == 1);
  if (PyIndex_Check(raw)) {
    const auto whole = py::reinterpret_steal<py::object>(PyNumber_Index(raw));
    if (!whole) throw py::error_already_set();
    return Value(integer_from_python(whole));
  }
  if (Py_TYPE(raw)->tp_as_number != nullptr && Py_TYPE(raw)->tp_as_number->nb_float != nullptr) {
    const double number = PyFloat_AsDouble(raw);
    if (number == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    return Value(number);
  }
  throw PointError("point.type", std::string(py::repr(object)) + " of type " + type_name(object) +
                                     " is not a value; use None, a bool, a number, a string or a "
                                     "list of numbers");
}

py::object value_to_python(const Value& value) {
  struct Cast {
    py::object operator()(std::monostate) const { return py::none(); }
    py::object operator()(bool flag) const { return py::bool_(flag); }
    py::object operator()(std::int64_t integer) const { return py::int_(integer); }
    py::object operator()(double number) const { return py::float_(number); }
    py::object operator()(const std::string& text) const { return py::str(text); }
    py::object operator()(const std::vector<std::int64_t>& list) const { return py::cast(list); }
    py::object operator()(const std::vector<double>& list) const { return py::cast(list); }
  };
  return std::visit(Cast(), value.data());
}

py::dict params_of(const Point& point) {
  py::dict params;
  const Space& space = point.space();
  const auto parameters = space.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const double first = point.slots()[space.slot_offset(i)];
    if (first != first) continue;  // NaN: inactive
    params[py::str(parameters[i].name)] = value_to_python(point[parameters[i].name]);
  }
  return params;
}

py::array_t<double> array_of(const std::vector<double>& numbers) {
  return py::array_t<double>(static_cast<py::ssize_t>(numbers.size()), numbers.data());
}

py::array_t<double> array_of(const std::vector<double>& numbers, std::size_t rows,
                             std::size_t columns) {
  return py::array_t<double>({static_cast<py::ssize_t>(rows), static_cast<py::ssize_t>(columns)},
                             numbers.data());
}

Point point_from_python(const Space& space, py::handle object) {
  if (PyDict_Check(object.ptr())) return space.point(object.cast<Assignment>());
  const Value list = value_from_python(object);
  const std::vector<double> unit = list.list();
  if (unit.size() != space.dimension()) {
    throw PointError("point.size", "a point of " + std::to_string(unit.size()) +
                                       " coordinates was proposed; the space has " +
                                       std::to_string(space.dimension()));
  }
  return space.point_from_unit(unit);
}

}  // namespace asktell::python
