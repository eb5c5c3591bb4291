// See version.hpp.
#include <asktell/core/version.hpp>

#include <asktell/core/dense.hpp>

namespace asktell {

std::string library_version() {
  return ASKTELL_VERSION;
}
std::string kernel_name() {
  return dense::kernel_name();
}

}  // namespace asktell
