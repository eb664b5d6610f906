# What `cmake --install` and `cpack -G DEB` deliver, in two parts:
#   runtime      the program hydrant and its documents
#   development  the libraries, headers and CMake files with which others build servers of their own; they ask for
#                find_package(hydrant) and link hydrant::server

include(CMakePackageConfigHelpers)

set(hydrant_folders base protocol bus store net providers runtime actors gateway app)
set(hydrant_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/hydrant")

# One name for all that a server needs.
add_library(hydrant_server INTERFACE)
target_link_libraries(hydrant_server INTERFACE hydrant::app)
set_target_properties(hydrant_server PROPERTIES EXPORT_NAME server)
add_library(hydrant::server ALIAS hydrant_server)

# Includes run from the root of the project, so that root is what users get as their include directory.
target_include_directories(hydrant_options INTERFACE "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/hydrant>")
# Which warnings others want is for them to say.
get_target_property(hydrant_warnings hydrant_options INTERFACE_COMPILE_OPTIONS)
set_target_properties(hydrant_options PROPERTIES EXPORT_NAME options
  INTERFACE_COMPILE_OPTIONS "$<BUILD_INTERFACE:${hydrant_warnings}>")

list(TRANSFORM hydrant_folders PREPEND hydrant_ OUTPUT_VARIABLE hydrant_libraries)
install(TARGETS hydrant_options hydrant_server ${hydrant_libraries}
  EXPORT hydrant_targets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
foreach(folder IN LISTS hydrant_folders)
  install(DIRECTORY ${folder} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/hydrant" COMPONENT development
    FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(EXPORT hydrant_targets NAMESPACE hydrant:: FILE hydrantTargets.cmake DESTINATION "${hydrant_cmake_dir}"
  COMPONENT development)
configure_package_config_file(cmake/hydrantConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/hydrantConfig.cmake"
  INSTALL_DESTINATION "${hydrant_cmake_dir}" NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change what a tool is written against.
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/hydrantConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/hydrantConfig.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/hydrantConfigVersion.cmake"
  cmake/FindCAF.cmake
  DESTINATION "${hydrant_cmake_dir}" COMPONENT development)

if(TARGET hydrant)
  install(TARGETS hydrant RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime)
endif()
install(FILES README.md CHANGELOG.md LICENSE docs/configuration.md docs/operations.md docs/ARCHITECTURE.md
  DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT runtime)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hydrant)
set(CPACK_PACKAGE_CONTACT "The Hydrant maintainers <maintainers@hydrant.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "MCP (Model Context Protocol) server")
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_BINARY_DIR}/packages")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "The server, one program that needs no other service.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "Libraries and headers to build a server with tools of one's own.")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME hydrant)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION net)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# The demo tools read the time zones when they are asked for one, which no tool for packages can see.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME hydrant-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "libboost1.81-dev, libcaf-dev, libcli11-dev, libhiredis-dev, libhowardhinnant-date-dev, libnats-dev, libre2-dev, libsimdjson-dev, libspdlog-dev, libssl-dev, nlohmann-json3-dev, pkg-config, prometheus-cpp-dev")
include(CPack)
