// See version.hpp.
#include <asktell/core/version.hpp>

namespace asktell {

std::string library_version() {
  return ASKTELL_VERSION;
}
std::string kernel_name() {
  return "baseline";
}

}  // namespace asktell
