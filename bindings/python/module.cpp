// asktell._core: the library as Python sees it. The package around it (asktell/*.py) holds the
// names, defaults and conveniences; here are only thin functions.
#include "casters.hpp"

#include <asktell/core/registry.hpp>
#include <asktell/core/version.hpp>

PYBIND11_MODULE(_core, module) {
  namespace python = asktell::python;
  module.doc() = "The C++ library behind the asktell package; use the package instead.";
  python::bind_errors(module);
  python::bind_space(module);
  python::bind_queries(module);
  python::bind_study(module);
  python::bind_solvers(module);
  python::bind_vectors(module);
  python::bind_gaussian_process(module);
  python::bind_acquisition(module);
  python::bind_contract(module);
  python::bind_problems(module);
}
