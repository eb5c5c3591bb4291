// Version of the library and the arithmetic it runs with; both are recorded with every ask.
#pragma once

#include <string>

#define ASKTELL_VERSION "0.1.0"

namespace asktell {

std::string library_version();
// "baseline": the arithmetic every x86-64 and ARM machine shares, the only one of this version.
std::string kernel_name();

}  // namespace asktell
