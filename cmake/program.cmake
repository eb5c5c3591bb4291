# The asktell program, one file: the library and the test problems are linked in statically.
find_package(CLI11 2.1 REQUIRED)
asktell_sources(program_sources bindings/cli benchmarks/problems/program)
if(program_sources)
  add_executable(asktell_program ${program_sources})
  target_link_libraries(asktell_program PRIVATE asktell_settings asktell_problems
                                                asktell_static CLI11::CLI11
                                                nlohmann_json::nlohmann_json Boost::headers)
  set_target_properties(asktell_program PROPERTIES OUTPUT_NAME asktell)
  asktell_unity(asktell_program)
endif()
