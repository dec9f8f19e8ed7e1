# Helpers that every room's CMakeLists.txt uses, so that warnings, sanitizers and the
# place of tests are decided once.

# Flags of our own code; generated code does not get them.
add_library(nscp_flags INTERFACE)
target_include_directories(nscp_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(nscp_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(nscp_flags INTERFACE -O0 -g1)
endif()
if(NSCP_SANITIZE)
  target_compile_options(nscp_flags INTERFACE
    -fsanitize=${NSCP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(nscp_flags INTERFACE -fsanitize=${NSCP_SANITIZE})
endif()

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
endfunction()

function(nscp_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  nscp_platform_sources(sources ${ARG_SOURCES})
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE nscp_flags ${ARG_LINK})
endfunction()

# nscp_unit_test(NAME SOURCES a_test.cpp ... LINK target ...)
# One doctest program beside its room; `ctest -L unit` runs them all.
function(nscp_unit_test name)
  if(NOT NSCP_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  nscp_platform_sources(sources ${ARG_SOURCES})
  add_executable(${name} ${sources} ${CMAKE_SOURCE_DIR}/tests/unit/doctest_main.cpp)
  target_link_libraries(${name} PRIVATE nscp_flags nscp_doctest ${ARG_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
