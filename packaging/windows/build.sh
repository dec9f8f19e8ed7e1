#!/bin/bash
# Builds the agent for Windows x64 in build-windows/.
#
# usage: packaging/windows/build.sh            all of it with its unit tests, and the installer
#        packaging/windows/build.sh msi        the agent alone, and the installer
#        packaging/windows/build.sh TARGET...  these targets
# The static Windows libraries are looked for in this order:
#   NSCP_WINDOWS_PREFIX  a folder with them, as build-deps.sh makes it
#   ../shared/windows-deps/prefix.tar.xz, where it is of today's recipe (prefix.key) and whole
#   NSCP_WINDOWS_CACHE   a folder for those of each recipe (default: build-windows/deps); what is not
#                        there yet build-deps.sh makes, in about 15 minutes
#   NSCP_WINDOWS_MAKE=no  makes none: exit code 77 where there are none
# Lua's library, which takes seconds, build-lua.sh makes in any case.
set -euo pipefail
cd "$(dirname "$0")/../.."

archive=$PWD/../shared/windows-deps/prefix.tar.xz
cache=${NSCP_WINDOWS_CACHE:-$PWD/build-windows/deps}
prefix=${NSCP_WINDOWS_PREFIX:-}

# What the libraries are made of; prefix.key has that of the ready archive.
recipe_key() {
  (cd packaging/windows && cat deps.lock build-deps.sh grpc_pch.cmake grpc_pch.inc &&
    grep -E 'C_COMPILER|CXX_COMPILER|FLAGS|windows_version' toolchain.cmake) | sha256sum | cut -c 1-16
}
is_made() { [ -e "$1/done/archive" ] && [ -e "$1/prefix/lib/libgrpc++.a" ]; }

unpack_archive() {
  local sum
  sum=$(cut -d ' ' -f 1 packaging/windows/prefix.sha256)
  [ "$(cat "$prefix/.sha256" 2>/dev/null || true)" = "$sum" ] && return
  echo "$sum  $archive" | sha256sum --check --quiet
  rm -rf "$prefix"
  mkdir -p build-windows
  tar -C build-windows -xJf "$archive"
  echo "$sum" >"$prefix/.sha256"
}

key=$(recipe_key)
if [ -n "$prefix" ]; then
  if [ ! -e "$prefix/lib/libgrpc++.a" ]; then
    echo "NSCP_WINDOWS_PREFIX is \"$prefix\": there is no lib/libgrpc++.a in it" >&2
    exit 1
  fi
elif [ -e "$archive" ] && [ "$(cat packaging/windows/prefix.key)" = "$key" ]; then
  prefix=$PWD/build-windows/prefix
  unpack_archive
else
  if ! is_made "$cache/$key"; then
    if [ "${NSCP_WINDOWS_MAKE:-yes}" = no ]; then
      echo "There are no Windows libraries of the recipe $key: neither $archive nor $cache/$key." \
        "packaging/windows/build.sh makes them, in about 15 minutes"
      exit 77
    fi
    echo "Making the Windows libraries in $cache/$key: about 15 minutes, once for this recipe"
    sh packaging/install-dependencies.sh windows windows-libraries
    bash packaging/windows/build-deps.sh "$cache/$key"
  fi
  prefix=$cache/$key/prefix
fi
sh packaging/install-dependencies.sh windows windows-libraries

lua=$cache/lua-$(cat packaging/windows/{lua.lock,build-lua.sh} | sha256sum | cut -c 1-16)
if ! bash packaging/windows/build-lua.sh "$lua"; then
  [ "${NSCP_WINDOWS_MAKE:-yes}" = no ] || exit 1
  echo "There is no Lua library: this build is one without LUAScript"
fi

cmake --preset windows -D "NSCP_WINDOWS_PREFIX=$prefix" -D "NSCP_WINDOWS_LUA=$lua/prefix"
case ${1:-} in
  '') cmake --build build-windows ;;
  msi) cmake --build build-windows --target agent ;;
  *)
    cmake --build build-windows --target "$@"
    exit
    ;;
esac
bash packaging/windows/msi/make-msi.sh
