// The registry of test problems in asktell._core; asktell/benchmarks/_problems.py owns what users
// see.
#include <string>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <asktell/benchmarks/problems/problem.hpp>
#include <asktell/bindings/python/casters.hpp>

namespace asktell::python {
namespace {

using benchmarks::ProblemInfo;
using benchmarks::ProblemRegistry;
using benchmarks::TestProblem;

using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;

TestProblem::Point vector_of(const Array& x) {
  if (x.ndim() != 1) throw std::invalid_argument("a point is a vector; this has another shape");
  return {x.data(), static_cast<std::size_t>(x.size())};
}

py::tuple answer_of(const Values& values) {
  return py::make_tuple(values.objectives, values.constraints, values.cost.value_or(1.0));
}

py::tuple evaluate(const TestProblem& problem, const Array& x) {
  Values values;
  const TestProblem::Point point = vector_of(x);
  {
    py::gil_scoped_release release;
    values = problem.evaluate(point);
  }
  return answer_of(values);
}

py::tuple observe(const TestProblem& problem, const Array& x, std::uint64_t seed,
                  std::uint64_t draw) {
  if (!problem.observe) return evaluate(problem, x);
  Values values;
  const TestProblem::Point point = vector_of(x);
  {
    py::gil_scoped_release release;
    RandomStream noise(seed, Purpose::kUser, draw);
    values = problem.observe(point, noise);
  }
  return answer_of(values);
}

py::dict info_of(const std::string& name) {
  const ProblemInfo& info = ProblemRegistry::global().at(name);
  return py::dict(py::arg("name") = info.name, py::arg("summary") = info.summary,
                  py::arg("reference") = info.reference,
                  py::arg("options") = options_to_python(info.options));
}

TestProblem make(const std::string& name, const py::dict& given) {
  Assignment options;
  for (const auto& [key, value] : given) {
    options[key.cast<std::string>()] = value_from_python(value);
  }
  return benchmarks::make_problem(name, options);
}

}  // namespace

void bind_problems(py::module_& module) {
  module.def(
      "problem_names", [] { return ProblemRegistry::global().names(); }, "All, sorted.");
  module.def("problem_info", &info_of, py::arg("name"),
             "Name, summary, reference and described options.");
  py::class_<TestProblem>(module, "TestProblem", "A test problem; see benchmarks/problems.")
      .def("evaluate", &evaluate, py::arg("x"),
           "(objectives, constraints, cost) at a vector of native values, without noise.")
      .def("observe", &observe, py::arg("x"), py::arg("seed"), py::arg("draw"),
           "The same with the problem's noise, named by a seed and the number of the draw.")
      .def_readonly("space", &TestProblem::space)
      .def_readonly("objectives", &TestProblem::objectives)
      .def_readonly("constraints", &TestProblem::constraints)
      .def_readonly("optimum", &TestProblem::optimum)
      .def_readonly("proven", &TestProblem::proven)
      .def_readonly("argmins", &TestProblem::argmins)
      .def_readonly("reference_point", &TestProblem::reference_point)
      .def_readonly("hypervolume", &TestProblem::hypervolume)
      .def_readonly("target", &TestProblem::target)
      .def_readonly("budget", &TestProblem::budget)
      .def_property_readonly("noisy",
                             [](const TestProblem& p) { return static_cast<bool>(p.observe); });
  module.def("make_problem", &make, py::arg("name"), py::arg("options"));
}

}  // namespace asktell::python
