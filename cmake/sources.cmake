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

# asktell_unity(<target> [<folder>...]): compiles the target's files (those below the folders, when
# some are given) a few at a time as one, as their headers cost more than they do. Not solvers: they
# are written by many hands, and each has its `schema()`. Not files with compiler settings of their
# own, which must not reach the code of others.
set(asktell_compiled_alone core/perturb.cpp core/dense_kernels_baseline.cpp
                           core/dense_kernels_avx2.cpp core/dense_kernels_avx512.cpp)
function(asktell_unity target)
  if(NOT ASKTELL_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE name)
    string(REGEX REPLACE "/.*" "" folder "${name}")
    if((ARGN AND NOT folder IN_LIST ARGN) OR name IN_LIST asktell_compiled_alone)
      set_source_files_properties("${source}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()

# The numeric kernels, once for each instruction set (core/dense_kernels.hpp says why that is safe).
# Their loops are vectors in the source; what an optimizer must know is that nobody reads errno.
foreach(kernel IN ITEMS baseline avx2 avx512)
  set(options -fno-math-errno)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND kernel STREQUAL "avx2")
    list(APPEND options -mavx2 -mfma)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND kernel STREQUAL "avx512")
    list(APPEND options -mavx512f -mfma)
  endif()
  set_source_files_properties("${PROJECT_SOURCE_DIR}/core/dense_kernels_${kernel}.cpp"
                              PROPERTIES COMPILE_OPTIONS "${options}")
endforeach()
