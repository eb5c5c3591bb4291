// Queries and answers as small Python classes with the fields of core/query.hpp.
#include "casters.hpp"

#include <array>

namespace asktell::python {
namespace {

struct WantName {
  Want bit;
  const char* name;
};
constexpr std::array<WantName, 6> kWants = {{{kWantValue, "value"},
                                             {kWantGradX, "grad_x"},
                                             {kWantGradY, "grad_y"},
                                             {kWantConstraints, "constraints"},
                                             {kWantJacobians, "jacobians"},
                                             {kWantProduct, "product"}}};

py::frozenset wants_of(std::uint32_t bits) {
  py::set names;
  for (const WantName& want : kWants) {
    if ((bits & want.bit) != 0) names.add(want.name);
  }
  return py::frozenset(names);
}

std::uint32_t wants_from(const std::vector<std::string>& names) {
  std::uint32_t bits = 0;
  for (const std::string& name : names) {
    bool known = false;
    for (const WantName& want : kWants) {
      if (name != want.name) continue;
      bits |= want.bit;
      known = true;
    }
    if (!known) {
      throw py::value_error("unknown want \"" + name +
                            "\"; use value, grad_x, grad_y, constraints, jacobians, product");
    }
  }
  return bits;
}

void bind_values(py::module_& module) {
  py::class_<Values>(module, "Values", "Answer to a point: objectives in the user's sign.")
      .def(py::init([](std::vector<double> objectives, std::optional<double> noise_variance,
                       std::vector<double> constraints, std::vector<double> gradient,
                       std::optional<double> cost) {
             return Values{std::move(objectives), noise_variance, std::move(constraints),
                           std::move(gradient), cost};
           }),
           py::arg("objectives"), py::kw_only(), py::arg("noise_variance") = py::none(),
           py::arg("constraints") = std::vector<double>(),
           py::arg("gradient") = std::vector<double>(), py::arg("cost") = py::none())
      .def_readonly("objectives", &Values::objectives)
      .def_readonly("noise_variance", &Values::noise_variance)
      .def_readonly("constraints", &Values::constraints)
      .def_readonly("gradient", &Values::gradient)
      .def_readonly("cost", &Values::cost);
  py::class_<Ranking>(module, "Ranking", "Answer to a comparison: indices, best first.")
      .def(py::init([](std::vector<std::size_t> order) { return Ranking{std::move(order)}; }),
           py::arg("order"))
      .def_readonly("order", &Ranking::order);
  py::class_<Losses>(module, "Losses", "Answer to a perturbation: the loss on either side.")
      .def(py::init([](double plus, double minus) {
             return Losses{plus, minus};
           }),
           py::arg("plus"), py::arg("minus"))
      .def_readonly("plus", &Losses::plus)
      .def_readonly("minus", &Losses::minus);
  py::class_<Failure>(module, "Failure", "Answer of an evaluation that gave none, and why.")
      .def(py::init([](std::string reason) { return Failure{std::move(reason)}; }),
           py::arg("reason"))
      .def_readonly("reason", &Failure::reason);
}

void bind_consult(py::module_& module) {
  py::class_<Consult>(module, "Consult",
                      "Asks for values, gradients or products of a named function at (x, y).")
      .def(py::init([](std::string function, const std::vector<std::string>& wants,
                       std::vector<double> x, std::vector<double> y, std::vector<double> direction,
                       std::uint64_t seed) {
             return Consult{std::move(function), wants_from(wants),    std::move(x),
                            std::move(y),        std::move(direction), seed};
           }),
           py::arg("function"), py::arg("wants"), py::arg("x"),
           py::arg("y") = std::vector<double>(), py::arg("direction") = std::vector<double>(),
           py::arg("seed") = 0)
      .def_readonly("function", &Consult::function)
      .def_property_readonly("wants", [](const Consult& query) { return wants_of(query.wants); })
      .def_property_readonly("x", [](const Consult& query) { return array_of(query.x); })
      .def_property_readonly("y", [](const Consult& query) { return array_of(query.y); })
      .def_property_readonly("direction",
                             [](const Consult& query) { return array_of(query.direction); })
      .def_readonly("seed", &Consult::seed);
  py::class_<Consulted>(module, "Consulted", "Answer to a Consult: what was wanted, nothing else.")
      .def(
          py::init([](std::optional<double> value, std::vector<double> grad_x,
                      std::vector<double> grad_y, std::vector<double> constraints,
                      std::vector<double> jacobian_x, std::vector<double> jacobian_y,
                      std::vector<double> product) {
            return Consulted{value,
                             std::move(grad_x),
                             std::move(grad_y),
                             std::move(constraints),
                             std::move(jacobian_x),
                             std::move(jacobian_y),
                             std::move(product)};
          }),
          py::kw_only(), py::arg("value") = py::none(), py::arg("grad_x") = std::vector<double>(),
          py::arg("grad_y") = std::vector<double>(), py::arg("constraints") = std::vector<double>(),
          py::arg("jacobian_x") = std::vector<double>(),
          py::arg("jacobian_y") = std::vector<double>(), py::arg("product") = std::vector<double>())
      .def_readonly("value", &Consulted::value)
      .def_readonly("grad_x", &Consulted::grad_x)
      .def_readonly("grad_y", &Consulted::grad_y)
      .def_readonly("constraints", &Consulted::constraints)
      .def_readonly("jacobian_x", &Consulted::jacobian_x)
      .def_readonly("jacobian_y", &Consulted::jacobian_y)
      .def_readonly("product", &Consulted::product);
}

}  // namespace

void bind_queries(py::module_& module) {
  bind_values(module);
  bind_consult(module);
  py::class_<Move>(module, "Move", "A permanent move x += scale * z(seed).")
      .def(py::init([](std::uint64_t seed, double scale) {
             return Move{seed, scale};
           }),
           py::arg("seed"), py::arg("scale"))
      .def_readonly("seed", &Move::seed)
      .def_readonly("scale", &Move::scale);
  py::class_<Perturb>(module, "Perturb",
                      "Make `moves`, then measure the loss at x + scale z(seed) and at x - scale "
                      "z(seed).")
      .def(py::init([](std::uint64_t seed, double scale, std::vector<Move> moves) {
             return Perturb{seed, scale, std::move(moves)};
           }),
           py::arg("seed"), py::arg("scale"), py::arg("moves") = std::vector<Move>())
      .def_readonly("seed", &Perturb::seed)
      .def_readonly("scale", &Perturb::scale)
      .def_readonly("moves", &Perturb::moves);
}

}  // namespace asktell::python
