# Finds NLopt and defines NLopt::nlopt. The library with the C++ algorithms (StoGO, AGS), which
# Debian packages apart as nlopt_cxx, holds the whole C interface too and is taken when present.
find_path(NLopt_INCLUDE_DIR nlopt.h)
find_library(NLopt_LIBRARY NAMES nlopt_cxx nlopt)
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(NLopt_PC QUIET nlopt)
  set(NLopt_VERSION ${NLopt_PC_VERSION})
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  NLopt
  REQUIRED_VARS NLopt_LIBRARY NLopt_INCLUDE_DIR
  VERSION_VAR NLopt_VERSION)

if(NLopt_FOUND AND NOT TARGET NLopt::nlopt)
  add_library(NLopt::nlopt UNKNOWN IMPORTED)
  set_target_properties(NLopt::nlopt PROPERTIES IMPORTED_LOCATION "${NLopt_LIBRARY}"
                                                INTERFACE_INCLUDE_DIRECTORIES "${NLopt_INCLUDE_DIR}")
endif()
mark_as_advanced(NLopt_INCLUDE_DIR NLopt_LIBRARY)
