# Installation of the library, its headers, the program, the CMake package and the pkg-config file.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/asktell")
set(header_dir "${CMAKE_INSTALL_INCLUDEDIR}/asktell")

# Two exports: users of the shared library look for Eigen only.
install(TARGETS asktell EXPORT asktellSharedTargets)
install(TARGETS asktell_static EXPORT asktellStaticTargets)
foreach(kind IN ITEMS Shared Static)
  install(EXPORT asktell${kind}Targets NAMESPACE asktell:: DESTINATION "${package_dir}")
endforeach()

foreach(folder IN ITEMS core surrogates acquisition solvers)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}" DESTINATION "${header_dir}"
          FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(FILES "${PROJECT_SOURCE_DIR}/asktell.hpp" DESTINATION "${header_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/bindings/c/asktell.h" DESTINATION "${header_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
if(TARGET asktell_program AND NOT SKBUILD)
  install(TARGETS asktell_program)
endif()

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/asktellConfig.cmake.in" "${PROJECT_BINARY_DIR}/asktellConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/asktellConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/asktellConfig.cmake"
              "${PROJECT_BINARY_DIR}/asktellConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FindNLopt.cmake"
        DESTINATION "${package_dir}")

file(RELATIVE_PATH asktell_prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file("${PROJECT_SOURCE_DIR}/cmake/asktell.pc.in" "${PROJECT_BINARY_DIR}/asktell.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/asktell.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
