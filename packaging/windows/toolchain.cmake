# Windows x64 programs with Debian's mingw-w64: the compilers with POSIX threads by their full
# names, since what the short ones mean is for the machine's administrator to decide.
# NSCP_WINDOWS_PREFIX is the folder with the static libraries (README.md beside this file).
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES NSCP_WINDOWS_PREFIX)

set(triplet x86_64-w64-mingw32)
set(CMAKE_C_COMPILER ${triplet}-gcc-posix)
set(CMAKE_CXX_COMPILER ${triplet}-g++-posix)
set(CMAKE_RC_COMPILER ${triplet}-windres)
set(CMAKE_AR ${triplet}-gcc-ar-posix CACHE STRING "")
set(CMAKE_RANLIB ${triplet}-gcc-ranlib-posix CACHE STRING "")

set(CMAKE_FIND_ROOT_PATH ${NSCP_WINDOWS_PREFIX} /usr/${triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_PREFIX_PATH ${NSCP_WINDOWS_PREFIX})
set(OPENSSL_ROOT_DIR ${NSCP_WINDOWS_PREFIX})
set(OPENSSL_USE_STATIC_LIBS TRUE)
# Found by itself, it would be the import library of a DLL.
set(ZLIB_LIBRARY /usr/${triplet}/lib/libz.a CACHE FILEPATH "")

# Windows 10 and Server 2016 are the oldest that the agent runs on.
set(windows_version "-D_WIN32_WINNT=0x0A00 -DWINVER=0x0A00")
set(CMAKE_C_FLAGS_INIT "${windows_version}")
set(CMAKE_CXX_FLAGS_INIT "${windows_version}")
# No program needs a DLL beside those of Windows.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -static-libgcc -static-libstdc++")

find_program(NSCP_WINE NAMES wine DOC "Runs the unit tests")
if(NSCP_WINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${NSCP_WINE})
endif()
