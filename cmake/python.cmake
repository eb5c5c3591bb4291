# The Python module asktell._core and what else goes into the wheel.
# The wheel needs nothing but NumPy and the C++ runtime: the library is linked in statically; the
# shared NLopt and SQLite lie in asktell/_libs. They stay shared with their own names, NLopt because
# of the LGPL of its Luksan part, SQLite because two copies of it in one process (ours and the one
# of Python's sqlite3) would undo each other's file locks (sqlite.org/howtocorrupt.html, 2.2.1).
find_package(Python 3.9 REQUIRED COMPONENTS Interpreter Development.Module)
find_package(pybind11 2.12 REQUIRED CONFIG)

# With the solver contract, for solvers written in Python (asktell.testing), and the test problems.
asktell_sources(module_sources bindings/python tests/python tests/conformance
                benchmarks/problems/python)
list(FILTER module_sources EXCLUDE REGEX "_test\\.cpp$")
pybind11_add_module(_core MODULE NO_EXTRAS ${module_sources})
target_link_libraries(_core PRIVATE asktell_settings asktell_problems asktell_static Boost::headers
                                    nlohmann_json::nlohmann_json)
# The library's symbols stay inside the module.
target_link_options(_core PRIVATE -Wl,--exclude-libs,ALL -Wl,--gc-sections)
set_target_properties(_core PROPERTIES INSTALL_RPATH "$ORIGIN/_libs")
install(TARGETS _core DESTINATION asktell COMPONENT python)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/benchmarks/python/" DESTINATION asktell/benchmarks
        COMPONENT python PATTERN __pycache__ EXCLUDE)
asktell_unity(_core bindings)

# asktell_vendor(<library>): installs a shared library under the name the loader asks for.
function(asktell_vendor library)
  file(REAL_PATH "${library}" file)
  execute_process(COMMAND ${CMAKE_READELF} -d "${file}" OUTPUT_VARIABLE dynamic
                  COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "SONAME[^[]*\\[([^]]+)\\]" matched "${dynamic}")
  if(NOT matched)
    message(FATAL_ERROR "asktell: ${file} is no shared library; the wheel needs a shared one")
  endif()
  install(FILES "${file}" DESTINATION asktell/_libs RENAME ${CMAKE_MATCH_1} COMPONENT python)
endfunction()
asktell_vendor("${NLopt_LIBRARY}")
asktell_vendor("${SQLite3_LIBRARY}")

# The program itself, not a Python wrapper around it: it starts in milliseconds. It finds _libs
# from the bin/ of a virtual environment, of Debian's Python, and of `pip install --target`.
if(TARGET asktell_program AND SKBUILD)
  set(python_lib "python${Python_VERSION_MAJOR}.${Python_VERSION_MINOR}")
  set_target_properties(
    asktell_program
    PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/${python_lib}/site-packages/asktell/_libs;\
$ORIGIN/../lib/${python_lib}/dist-packages/asktell/_libs;$ORIGIN/../asktell/_libs")
  install(TARGETS asktell_program RUNTIME DESTINATION "${SKBUILD_SCRIPTS_DIR}" COMPONENT python)
endif()
