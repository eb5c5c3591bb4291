// The vector half of Perturb: moves made in place on NumPy arrays of float32 or float64.
#include "casters.hpp"

#include <asktell/core/errors.hpp>

namespace asktell::python {
namespace {

// The array's own memory; refuses what would need a copy.
template <typename T>
std::span<T> memory_of(py::array& array) {
  return {static_cast<T*>(array.mutable_data()), static_cast<std::size_t>(array.size())};
}

template <typename Body>
auto on_memory(py::array& array, Body body) {
  if ((array.flags() & py::array::c_style) == 0 || !array.writeable()) {
    throw PointError("point.array",
                     "the vector must be contiguous and writable, so that it can be moved in "
                     "place; pass numpy.ascontiguousarray(x)");
  }
  if (py::isinstance<py::array_t<float>>(array)) return body(memory_of<float>(array));
  if (py::isinstance<py::array_t<double>>(array)) return body(memory_of<double>(array));
  throw PointError("point.array", "the vector holds " + std::string(py::str(array.dtype())) +
                                      "; float32 and float64 can be moved in place");
}

void apply_move(py::array array, const Move& move) {
  on_memory(array, [&](auto span) {
    py::gil_scoped_release unlocked;
    apply(span, move);
  });
}

Losses measure_losses(py::array array, const Perturb& query, const py::function& loss) {
  return on_memory(array, [&](auto span) {
    py::gil_scoped_release unlocked;
    return measure(span, query, [&loss] {
      py::gil_scoped_acquire locked;
      return loss().cast<double>();
    });
  });
}

}  // namespace

void bind_vectors(py::module_& module) {
  module.def("apply", &apply_move, py::arg("array"), py::arg("move"),
             "Moves the array in place: array += move.scale * z(move.seed).");
  module.def("measure", &measure_losses, py::arg("array"), py::arg("query"), py::arg("loss"),
             "Makes the query's moves, then measures loss() on both sides of the array.");
}

}  // namespace asktell::python
