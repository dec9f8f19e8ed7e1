# The libraries of cmake/NscpDependencies.cmake from the prefix of static Windows libraries.
# OpenSSL and Threads are already found there; the code generators are those of this machine.
find_package(absl CONFIG REQUIRED)
find_package(c-ares CONFIG REQUIRED)
find_package(protobuf CONFIG REQUIRED)
find_package(re2 CONFIG REQUIRED)
find_package(ZLIB REQUIRED)

find_program(NSCP_PROTOC protoc REQUIRED)
find_program(NSCP_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
find_path(NSCP_RAPIDJSON rapidjson/document.h REQUIRED)
find_path(NSCP_DOCTEST doctest/doctest.h REQUIRED)
find_path(NSCP_HTTPLIB httplib.h REQUIRED)

# Where the libraries' headers lie is nothing for programs to tell (cmake/NscpTargets.cmake).
add_compile_options(-fmacro-prefix-map=${NSCP_WINDOWS_PREFIX}/=prefix/)

# windows.h without its macros named min and max and without the first winsock.
target_compile_definitions(nscp_flags INTERFACE NOMINMAX WIN32_LEAN_AND_MEAN)

# gRPC is installed without CMake files of its own.
function(nscp_grpc_part name)
  add_library(nscp_part_${name} STATIC IMPORTED)
  set_target_properties(nscp_part_${name} PROPERTIES
    IMPORTED_LOCATION ${NSCP_WINDOWS_PREFIX}/lib/lib${name}.a
    INTERFACE_INCLUDE_DIRECTORIES ${NSCP_WINDOWS_PREFIX}/include)
  target_link_libraries(nscp_part_${name} INTERFACE ${ARGN})
endfunction()
nscp_grpc_part(gpr
  absl::base absl::cord absl::core_headers absl::memory absl::optional absl::random_random
  absl::status absl::str_format absl::strings absl::synchronization absl::time dbghelp)
nscp_grpc_part(upb)
nscp_grpc_part(address_sorting ws2_32)
nscp_grpc_part(grpc
  nscp_part_gpr nscp_part_upb nscp_part_address_sorting c-ares::cares re2::re2 OpenSSL::SSL
  OpenSSL::Crypto ZLIB::ZLIB absl::any_invocable absl::bind_front absl::flat_hash_map
  absl::flat_hash_set absl::function_ref absl::hash absl::inlined_vector absl::statusor
  absl::span absl::type_traits absl::utility ws2_32 crypt32 iphlpapi bcrypt)
nscp_grpc_part(grpc++ nscp_part_grpc protobuf::libprotobuf)

target_link_libraries(nscp_protobuf INTERFACE protobuf::libprotobuf Threads::Threads)
target_link_libraries(nscp_cares INTERFACE c-ares::cares ws2_32)
target_link_libraries(nscp_grpc INTERFACE nscp_protobuf nscp_part_grpc++)

# Debian's binary package is a shared library for Linux; the one header of its source package is
# all that is needed here.
add_library(nscp_httplib INTERFACE)
target_include_directories(nscp_httplib SYSTEM INTERFACE ${NSCP_HTTPLIB})
target_compile_definitions(nscp_httplib INTERFACE CPPHTTPLIB_OPENSSL_SUPPORT)
target_link_libraries(nscp_httplib INTERFACE
  OpenSSL::SSL OpenSSL::Crypto ws2_32 crypt32 gdi32)

# build.sh passes the folder that build-lua.sh made.
if(EXISTS "${NSCP_WINDOWS_LUA}/lib/liblua.a")
  add_library(nscp_lua STATIC IMPORTED)
  set_target_properties(nscp_lua PROPERTIES
    IMPORTED_LOCATION ${NSCP_WINDOWS_LUA}/lib/liblua.a
    INTERFACE_INCLUDE_DIRECTORIES ${NSCP_WINDOWS_LUA}/include)
endif()
