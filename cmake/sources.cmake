# Sources by glob, and the include tree of the build.

# asktell_sources(<variable> <folder>...): all .cpp files below the folders. A folder without any
# is an error, so that a lost file is noticed, unless ASKTELL_PARTIAL is on.
function(asktell_sources variable)
  set(all)
  foreach(folder IN LISTS ARGN)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
    if(NOT found AND ASKTELL_PARTIAL)
      message(STATUS "asktell: no sources yet in ${folder}/")
    elseif(NOT found)
      message(FATAL_ERROR "asktell: no .cpp file below ${folder}/, where sources are expected")
    endif()
    list(APPEND all ${found})
  endforeach()
  set(${variable} ${all} PARENT_SCOPE)
endfunction()

# asktell_link_includes(<variable>): a folder from which <asktell/core/space.hpp> and
# <asktell/asktell.h> resolve as they do after installation. It lies directly in the top build
# folder so that ccache sees the same relative path in every build of this tree.
function(asktell_link_includes variable)
  set(root "${CMAKE_BINARY_DIR}/asktell-include")
  file(MAKE_DIRECTORY "${root}/asktell")
  foreach(entry IN ITEMS core surrogates acquisition solvers bindings benchmarks tests examples
                asktell.hpp)
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${entry}" "${root}/asktell/${entry}" SYMBOLIC)
  endforeach()
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/bindings/c/asktell.h" "${root}/asktell/asktell.h"
       SYMBOLIC)
  set(${variable} "${root}" PARENT_SCOPE)
endfunction()
