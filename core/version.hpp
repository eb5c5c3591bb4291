// Version of the library and the arithmetic it runs with; both are recorded with every ask.
#pragma once

#include <string>

#define ASKTELL_VERSION "0.1.0"

namespace asktell {

std::string library_version();
// "avx512", "avx2", or "baseline", the arithmetic that every x86-64 and ARM machine shares: what
// dense.hpp chose for the processor, or what ASKTELL_KERNEL names. Throws OptionError when the
// processor does not support that.
std::string kernel_name();

}  // namespace asktell
