# benchmarks/problems: the test problems as a library (also used by tests/benchmarks, the program and
# the Python module; built where one of them is). Every other .cpp file in benchmarks/ is a program
# named bench_<file>.
file(GLOB_RECURSE problem_sources CONFIGURE_DEPENDS
     "${PROJECT_SOURCE_DIR}/benchmarks/problems/*.cpp")
list(FILTER problem_sources EXCLUDE REGEX "/problems/(python|program)/")
if(problem_sources)
  add_library(asktell_problems STATIC EXCLUDE_FROM_ALL ${problem_sources})
  target_link_libraries(asktell_problems PRIVATE asktell_settings PUBLIC Eigen3::Eigen)
  target_include_directories(asktell_problems PUBLIC ${include_dir})
  set_target_properties(asktell_problems PROPERTIES POSITION_INDEPENDENT_CODE ON)
elseif(NOT ASKTELL_PARTIAL)
  message(FATAL_ERROR "asktell: no .cpp file below benchmarks/problems/")
endif()

if(ASKTELL_BENCHMARKS)
  find_package(benchmark 1.7 REQUIRED)
  file(GLOB_RECURSE programs CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/benchmarks/*.cpp")
  list(FILTER programs EXCLUDE REGEX "/benchmarks/problems/")
  foreach(source IN LISTS programs)
    cmake_path(GET source STEM name)
    add_executable(bench_${name} ${source})
    target_link_libraries(bench_${name} PRIVATE asktell_settings asktell asktell_problems
                                                nlohmann_json::nlohmann_json benchmark::benchmark)
  endforeach()
endif()
