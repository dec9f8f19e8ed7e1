# The libraries that Debian 12's packages give (docs/dependencies.md says what for). For Windows
# they come from the prefix that packaging/windows/ names.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)

add_library(nscp_protobuf INTERFACE)
add_library(nscp_grpc INTERFACE)
add_library(nscp_zip INTERFACE)
add_library(nscp_edit INTERFACE)
if(WIN32)
  include(${CMAKE_SOURCE_DIR}/packaging/windows/dependencies.cmake)
else()
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(PROTOBUF REQUIRED IMPORTED_TARGET protobuf)
  # Without TLS: what passes between our processes is a Unix socket with tokens. Asked for by hand
  # and once: pkg-config takes seconds for its forty libraries, pkg_check_modules asks ten times.
  if(NOT DEFINED NSCP_GRPC_LIBRARIES)
    execute_process(COMMAND ${PKG_CONFIG_EXECUTABLE} --libs grpc++_unsecure
      OUTPUT_VARIABLE grpc OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed)
      message(FATAL_ERROR "gRPC's library without TLS is missing: install libgrpc++-dev")
    endif()
    separate_arguments(grpc)
    list(FILTER grpc INCLUDE REGEX "^-l")
    list(REMOVE_DUPLICATES grpc)
    set(NSCP_GRPC_LIBRARIES ${grpc} CACHE INTERNAL "what gRPC is linked with")
  endif()
  pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
  pkg_check_modules(ZIP REQUIRED IMPORTED_TARGET libzip)
  pkg_check_modules(EDIT REQUIRED IMPORTED_TARGET libedit)
  target_link_libraries(nscp_protobuf INTERFACE PkgConfig::PROTOBUF Threads::Threads)
  target_link_libraries(nscp_grpc INTERFACE nscp_protobuf ${NSCP_GRPC_LIBRARIES})
  target_link_libraries(nscp_zip INTERFACE PkgConfig::ZIP)
  target_link_libraries(nscp_edit INTERFACE PkgConfig::EDIT)
  add_library(nscp_httplib INTERFACE)
  target_link_libraries(nscp_httplib INTERFACE PkgConfig::HTTPLIB)
  find_program(NSCP_PROTOC protoc REQUIRED)
  find_program(NSCP_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
  find_path(NSCP_RAPIDJSON rapidjson/document.h REQUIRED)
  find_path(NSCP_DOCTEST doctest/doctest.h REQUIRED)
endif()

add_library(nscp_rapidjson INTERFACE)
target_include_directories(nscp_rapidjson SYSTEM INTERFACE ${NSCP_RAPIDJSON})
add_library(nscp_doctest INTERFACE)
target_include_directories(nscp_doctest SYSTEM INTERFACE ${NSCP_DOCTEST})
# The main() of all unit tests, compiled once.
add_library(nscp_doctest_main OBJECT EXCLUDE_FROM_ALL
  ${CMAKE_SOURCE_DIR}/tests/unit/doctest_main.cpp)
target_link_libraries(nscp_doctest_main PUBLIC nscp_flags nscp_doctest)
if(WIN32)
  # GCC 12 for Windows frees a thread's variables before it runs their destructors. Without
  # variables of their own, threads whose checks fail at once may mix their texts, no more.
  target_compile_definitions(nscp_doctest_main PRIVATE DOCTEST_THREAD_LOCAL=)
endif()
