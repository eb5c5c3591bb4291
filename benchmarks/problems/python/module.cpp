// The Python module asktell._benchmarks: the BBOB functions, callable on one point (a vector of d)
// or on many (rows of an n x d array). Instances pickle, so that worker processes can take them.
#include <span>
#include <stdexcept>
#include <string>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <asktell/benchmarks/problems/bbob.hpp>

namespace py = pybind11;
using asktell::benchmarks::Bbob;

namespace {

using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;

py::object evaluate(const Bbob& problem, const Array& x) {
  const auto d = static_cast<std::size_t>(problem.dimension());
  if (x.ndim() == 1) {
    return py::float_(problem({x.data(), static_cast<std::size_t>(x.size())}));
  }
  if (x.ndim() != 2 || static_cast<std::size_t>(x.shape(1)) != d) {
    throw std::invalid_argument("bbob: points are a vector of " + std::to_string(d) +
                                " numbers or an array of n rows of them");
  }
  py::array_t<double> values(x.shape(0));
  double* out = values.mutable_data();
  const double* row = x.data();
  const py::ssize_t rows = x.shape(0);
  {
    py::gil_scoped_release release;
    for (py::ssize_t i = 0; i < rows; ++i, row += d) out[i] = problem({row, d});
  }
  return values;
}

}  // namespace

PYBIND11_MODULE(_benchmarks, module) {
  module.doc() = "Test problems with known optima.";
  py::class_<Bbob>(module, "Bbob",
                   "A noiseless BBOB function f1 to f24, to be minimized over [-5, 5]^d.")
      .def(py::init<int, int, std::int64_t>(), py::arg("function"), py::arg("dimension"),
           py::arg("instance") = 1)
      .def("__call__", &evaluate, py::arg("x"),
           "The value at one point (a vector) or at each row of an n x d array.")
      .def_property_readonly("function", &Bbob::function)
      .def_property_readonly("dimension", &Bbob::dimension)
      .def_property_readonly("instance", &Bbob::instance)
      .def_property_readonly("name", &Bbob::name)
      .def_property_readonly("optimum", &Bbob::optimum, "The least value.")
      .def_property_readonly(
          "argmin",
          [](const Bbob& problem) {
            return py::array_t<double>(static_cast<py::ssize_t>(problem.argmin().size()),
                                       problem.argmin().data());
          },
          "A point of the least value.")
      .def_property_readonly("lower", &Bbob::lower)
      .def_property_readonly("upper", &Bbob::upper)
      .def(py::pickle(
          [](const Bbob& problem) {
            return py::make_tuple(problem.function(), problem.dimension(), problem.instance());
          },
          [](const py::tuple& state) {
            return Bbob(state[0].cast<int>(), state[1].cast<int>(), state[2].cast<std::int64_t>());
          }))
      .def("__repr__", [](const Bbob& problem) {
        return "Bbob(function=" + std::to_string(problem.function()) +
               ", dimension=" + std::to_string(problem.dimension()) +
               ", instance=" + std::to_string(problem.instance()) + ")";
      });
}
