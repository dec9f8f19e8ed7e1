# Helpers that every room's CMakeLists.txt uses, so that warnings, sanitizers and the
# place of tests are decided once.

# Where programs are installed: on Windows all in one folder.
if(WIN32)
  set(NSCP_PROGRAM_FOLDER .)
  set(NSCP_MODULES_FOLDER modules)
else()
  set(NSCP_PROGRAM_FOLDER sbin)
  set(NSCP_LIBRARY_FOLDER lib/nsclient)
  set(NSCP_MODULES_FOLDER lib/nsclient/modules)
endif()

# Programs name places in the sources as they are in the repository: nothing of the build machine
# is in them, and the same sources give the same bytes in any folder. Generated code too.
add_compile_options(-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)

# Flags of our own code; generated code does not get them.
add_library(nscp_flags INTERFACE)
target_include_directories(nscp_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(nscp_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
# clang is here for the fuzzer's sake; the warnings that are errors are gcc's.
target_compile_options(nscp_flags INTERFACE $<IF:$<CXX_COMPILER_ID:Clang>,-w,-Werror>)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(nscp_flags INTERFACE -O0 -g1)
endif()
if(NSCP_SANITIZE)
  # Without what the processor, the address sanitizer or the compiler sees in any case: it
  # would only take longer to compile.
  set(sanitize -fsanitize=${NSCP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
      -fno-sanitize=null,alignment,vptr,function,object-size)
  if(NSCP_FUZZ)
    list(APPEND sanitize -fsanitize=fuzzer-no-link
         -fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/tests/fuzz/library_ignorelist.txt)
  endif()
  # Not what tests the code: it takes half of its time to compile, and finds nothing.
  target_compile_options(nscp_flags INTERFACE
    "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:NSCP_UNSANITIZED>>>:${sanitize}>")
  target_link_options(nscp_flags INTERFACE -fsanitize=${NSCP_SANITIZE})
endif()

if(NOT WIN32)
  # A library that a program calls nothing of costs it memory and time at its start.
  target_link_options(nscp_flags INTERFACE -Wl,--as-needed)
endif()

# With NSCP_UNITY all sources of a target are compiled as one: the headers of gRPC and Protobuf
# are most of what a build costs. So names in unnamed namespaces must not meet within a target.
# *_win32.cpp stay alone, whose headers define macros, and so do tests that do not ask for it.
set(NSCP_UNITY_BATCH 24)  # of many sources: two processors have something to do to the end
function(nscp_unity name)
  if(NOT NSCP_UNITY)
    return()
  endif()
  set_target_properties(${name} PROPERTIES UNITY_BUILD ON
    UNITY_BUILD_BATCH_SIZE ${NSCP_UNITY_BATCH})
  # GCC takes a source that is included for a header.
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  get_target_property(sources ${name} SOURCES)
  list(FILTER sources INCLUDE REGEX "_win32\\.c(pp)?$")
  set_source_files_properties(${sources} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# nscp_library(NAME SOURCES a.cpp ... LINK target ...)
# A room's static library. On Windows *_posix.cpp is left out, elsewhere *_win32.cpp.
function(nscp_platform_sources out)
  set(kept)
  foreach(source IN LISTS ARGN)
    if(WIN32 AND source MATCHES "_posix\\.c(pp)?$")
      continue()
    elseif(NOT WIN32 AND source MATCHES "_win32\\.c(pp)?$")
      continue()
    endif()
    list(APPEND kept ${source})
  endforeach()
  set(${out} ${kept} PARENT_SCOPE)
endfunction()

function(nscp_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  nscp_platform_sources(sources ${ARG_SOURCES})
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC nscp_flags ${ARG_LINK})
  nscp_unity(${name})
endfunction()

# What Windows shows of a program's file.
if(WIN32)
  enable_language(RC)
endif()
function(nscp_version_resource name)
  if(NOT WIN32)
    return()
  endif()
  set(VERSION ${PROJECT_VERSION})
  string(REPLACE "." "," NUMBERS "${PROJECT_VERSION},0")
  set(FILE ${name}.exe)
  set(WHAT "NSClient++ ${name}")
  set(TYPE 0x1L)
  configure_file(${CMAKE_SOURCE_DIR}/packaging/windows/version.rc.in
    ${CMAKE_CURRENT_BINARY_DIR}/${name}.rc @ONLY)
  target_sources(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}.rc)
endfunction()

function(nscp_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  nscp_platform_sources(sources ${ARG_SOURCES})
  add_executable(${name} ${sources})
  nscp_version_resource(${name})
  target_link_libraries(${name} PRIVATE nscp_flags ${ARG_LINK})
  nscp_unity(${name})
endfunction()

# nscp_heavy(TARGET ... HEADERS header ...)
# These headers are most of what the targets' sources read: they are read once for each target.
# Of libraries and generated ones only: one of ours would be known to sources that do not include
# it, and its `#pragma once` does not hold where a cache gives the compiled one to another folder.
set(NSCP_MESSAGES <nscp/v1/host.pb.h> <nscp/v1/modules.pb.h> <nscp/v1/queries.pb.h>
  <nscp/v1/settings.pb.h> <nscp/v1/telemetry.pb.h>)
function(nscp_heavy)
  cmake_parse_arguments(ARG "" "" "HEADERS" ${ARGN})
  foreach(target IN LISTS ARG_UNPARSED_ARGUMENTS)
    if(TARGET ${target})
      target_precompile_headers(${target} PRIVATE ${ARG_HEADERS})
    endif()
  endforeach()
endfunction()

# nscp_unit_test(NAME [UNITY] SOURCES a_test.cpp ... LINK target ...)
# One doctest program beside its room; `ctest -L unit` runs them all. UNITY is for rooms of many
# tests: they are compiled together where NSCP_UNITY says so.
function(nscp_unit_test name)
  if(NOT NSCP_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "UNITY" "" "SOURCES;LINK" ${ARGN})
  nscp_platform_sources(sources ${ARG_SOURCES})
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE nscp_flags nscp_doctest_main ${ARG_LINK})
  if(ARG_UNITY)
    nscp_unity(${name})
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  # What is tested is optimised; optimising the tests would only make building slower.
  # Nobody debugs them under Windows, where linking lines of code costs most.
  target_compile_options(${name} PRIVATE -O0 $<IF:$<BOOL:${WIN32}>,-g0,-g1>)
  set_target_properties(${name} PROPERTIES NSCP_UNSANITIZED ON)
  if(NOT NSCP_UNIT_TESTS)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

# nscp_module(NAME [SAMPLE] MANIFEST file.json.in MAIN main.cpp LINK library ...)
# A module's program and its manifest, side by side in bin/modules. On Windows all modules are one
# program (workers/windows), which knows the main() of each by another name. A SAMPLE stands in
# bin/samples and is neither installed nor part of that program.
function(nscp_module name)
  cmake_parse_arguments(ARG "SAMPLE" "MANIFEST;MAIN" "LINK" ${ARGN})
  set(folder ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/modules)
  if(ARG_SAMPLE AND WIN32)
    return()
  elseif(ARG_SAMPLE)
    set(folder ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/samples)
  endif()
  if(WIN32)
    set(NSCP_PROGRAM ../nscp-module.exe)
    nscp_library(${name}_main SOURCES ${ARG_MAIN} LINK ${ARG_LINK} nscp_sdk)
    target_compile_definitions(${name}_main PRIVATE main=NscpMain${name})
    set_property(GLOBAL APPEND PROPERTY NSCP_MODULES ${name})
  else()
    set(NSCP_PROGRAM ${name})
    nscp_executable(${name} SOURCES ${ARG_MAIN} LINK ${ARG_LINK} nscp_sdk)
    set_target_properties(${name} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${folder} INSTALL_RPATH "$ORIGIN/..")
    if(NOT ARG_SAMPLE)
      set_property(GLOBAL APPEND PROPERTY NSCP_PROGRAMS ${name})
      install(TARGETS ${name} RUNTIME DESTINATION ${NSCP_MODULES_FOLDER})
    endif()
  endif()
  configure_file(${ARG_MANIFEST} ${folder}/${name}.json @ONLY)
  if(ARG_SAMPLE)
    return()
  endif()
  install(FILES ${folder}/${name}.json DESTINATION ${NSCP_MODULES_FOLDER})
endfunction()

# nscp_manifest_part(VARIABLE file.json.in): a part that manifests share, with the values of the
# caller's variables, for an @VARIABLE@ in a manifest.
function(nscp_manifest_part variable file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  string(CONFIGURE "${text}" text @ONLY)
  string(STRIP "${text}" text)
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

# nscp_realtime_keys(VARIABLE "what is judged"): the keys that every real-time filter has.
function(nscp_realtime_keys variable filtered)
  nscp_manifest_part(text ${CMAKE_SOURCE_DIR}/workers/checks/realtime_keys.json.in)
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()
