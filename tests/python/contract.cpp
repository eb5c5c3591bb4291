// The solver contract as part of asktell._core, so that solvers registered in Python are held to it
// (asktell/testing.py). It shares the module's registry, hence it is no module of its own.
#include <asktell/bindings/python/casters.hpp>
#include <asktell/tests/conformance/contract.hpp>

namespace asktell::python {

void bind_contract(py::module_& module) {
  module.def("contract_checks", [] {
    py::dict out;
    for (const conformance::Case& one : conformance::contract()) out[one.name] = one.promise;
    return out;
  });
  module.def(
      "contract_violations",
      [](const std::string& solver, const std::vector<std::string>& names) {
        return conformance::violations(solver, names);
      },
      py::arg("solver"), py::arg("names"), Unlocked());
}

}  // namespace asktell::python
