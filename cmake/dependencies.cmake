# What the library is built with; docs/dependencies.md says what each is for.
# Users of the shared library need Eigen only; of the static one also the link dependencies.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(NLopt 2.7 REQUIRED MODULE)
find_package(SQLite3 3.35 REQUIRED)
if(NOT TARGET SQLite3::SQLite3) # its name before CMake 4.3
  add_library(SQLite3::SQLite3 ALIAS SQLite::SQLite3)
endif()
find_package(nlohmann_json 3.10 REQUIRED)
find_package(Boost 1.74 REQUIRED CONFIG)
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)

set(ASKTELL_LINK_DEPENDENCIES NLopt::nlopt SQLite3::SQLite3 Threads::Threads)
set(ASKTELL_COMPILE_DEPENDENCIES Eigen3::Eigen nlohmann_json::nlohmann_json Boost::headers
                                 ${ASKTELL_LINK_DEPENDENCIES})
target_include_directories(asktell_settings SYSTEM INTERFACE ${RANDOM123_INCLUDE_DIR})
