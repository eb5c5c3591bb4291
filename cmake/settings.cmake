# Compiler settings of our own targets, in the interface target asktell_settings. Users of the
# library get none of them: warnings, sanitizers and optimization are their own affair.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
  set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Type of build" FORCE)
  endif()
endif()
# -O2: on the Gaussian-process kernels -O3 of g++ 12 gains nothing and costs a fifth more compile
# time; the heavy loops are Eigen's, which are vectorized by hand.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

# Builds of this tree in sibling folders (release, wheel, a consumer) share compiled objects: paths
# are hashed relative to the source tree.
find_program(ASKTELL_CCACHE ccache)
if(ASKTELL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
               CCACHE_SLOPPINESS=pch_defines,time_macros ${ASKTELL_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()

add_library(asktell_settings INTERFACE)
target_compile_options(
  asktell_settings
  INTERFACE -Wall -Wextra -Wpedantic $<$<BOOL:${ASKTELL_WERROR}>:-Werror>
            # The same sums on every machine: ARM compilers would otherwise fuse a*b+c.
            -ffp-contract=off)
if(ASKTELL_SANITIZE)
  target_compile_options(asktell_settings INTERFACE -fsanitize=${ASKTELL_SANITIZE} -O1 -g1
                                                    -fno-omit-frame-pointer)
  target_link_options(asktell_settings INTERFACE -fsanitize=${ASKTELL_SANITIZE})
  if(ASKTELL_SANITIZE MATCHES "undefined")
    target_compile_options(asktell_settings INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
