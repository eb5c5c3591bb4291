// C++ exceptions become the Python classes of asktell/_errors.py, with their identifier.
#include "casters.hpp"

#include <asktell/core/errors.hpp>

namespace asktell::python {
namespace {

void raise(const char* class_name, const Error& error, const std::string* stored = nullptr) {
  const py::object type = py::module_::import("asktell._errors").attr(class_name);
  const py::object exception =
      stored != nullptr ? type(error.what(), error.id(), *stored) : type(error.what(), error.id());
  PyErr_SetObject(type.ptr(), exception.ptr());
}

void translate(std::exception_ptr pointer) {
  try {
    if (pointer) std::rethrow_exception(pointer);
  } catch (const ToldTwiceError& error) {
    const std::string stored = error.stored();
    raise("ToldTwiceError", error, &stored);
  } catch (const SpaceError& error) {
    raise("SpaceError", error);
  } catch (const PointError& error) {
    raise("PointError", error);
  } catch (const OptionError& error) {
    raise("OptionError", error);
  } catch (const SolverError& error) {
    raise("SolverError", error);
  } catch (const ModelError& error) {
    raise("ModelError", error);
  } catch (const StudyError& error) {
    raise("StudyError", error);
  } catch (const StorageError& error) {
    raise("StorageError", error);
  } catch (const Error& error) {
    raise("Error", error);
  }
}

}  // namespace

void bind_errors(py::module_&) {
  py::register_local_exception_translator(&translate);
}

}  // namespace asktell::python
