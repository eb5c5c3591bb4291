// What all binding files share: values to and from Python, Python objects that C++ may keep, and
// the functions that fill the module.
//
// Rule of the lock: a Study method may wait for the study's own mutex, and whoever holds that mutex
// may need the interpreter (predicates, solvers written in Python). So every call into a Study or a
// Trial releases the interpreter lock first, without exception.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <asktell/core/options.hpp>
#include <asktell/core/study.hpp>

namespace asktell::python {

namespace py = pybind11;

using Unlocked = py::call_guard<py::gil_scoped_release>;

// A Python object kept by C++: copied and destroyed on any thread, with or without the lock. After
// the interpreter's end it is left alone.
class __attribute__((visibility("hidden"))) Kept {
 public:
  explicit Kept(py::object object)
      : object_(new py::object(std::move(object)), [](py::object* held) {
          if (Py_IsInitialized() == 0) {
            held->release();
            delete held;
            return;
          }
          py::gil_scoped_acquire locked;
          delete held;
        }) {}
  const py::object& operator*() const { return *object_; }
  const py::object* operator->() const { return object_.get(); }

 private:
  std::shared_ptr<py::object> object_;
};

// Python value of any scalar or list of numbers; raises PointError for anything else.
Value value_from_python(py::handle object);
py::object value_to_python(const Value& value);

// Active parameters of a point, in the order of the space.
py::dict params_of(const Point& point);
// A numpy array with a copy of the numbers, of the given shape (row-major).
py::array_t<double> array_of(const std::vector<double>& numbers);
py::array_t<double> array_of(const std::vector<double>& numbers, std::size_t rows,
                             std::size_t columns);

// Described options, one dict each.
py::list options_to_python(const std::vector<OptionSpec>& specs);

// A point as a solver may give it: unit-cube coordinates (array, list) or named values (dict).
Point point_from_python(const Space& space, py::handle object);

void bind_errors(py::module_& module);
void bind_space(py::module_& module);
void bind_queries(py::module_& module);
void bind_study(py::module_& module);
void bind_solvers(py::module_& module);
void bind_vectors(py::module_& module);
void bind_gaussian_process(py::module_& module);
void bind_acquisition(py::module_& module);
void bind_contract(py::module_& module);  // tests/python/contract.cpp
void bind_problems(py::module_& module);  // benchmarks/problems/python/problems.cpp

}  // namespace asktell::python

namespace pybind11::detail {

template <>
struct type_caster<asktell::Value> {
  PYBIND11_TYPE_CASTER(asktell::Value, const_name("object"));
  bool load(handle source, bool) {
    value = asktell::python::value_from_python(source);
    return true;
  }
  static handle cast(const asktell::Value& value, return_value_policy, handle) {
    return asktell::python::value_to_python(value).release();
  }
};

}  // namespace pybind11::detail
