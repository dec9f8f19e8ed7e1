#!/bin/bash
# Builds the agent and its unit tests for Windows x64 in build-windows/.
#
# usage: packaging/windows/build.sh [target ...]
#   NSCP_WINDOWS_PREFIX  a folder with the static Windows libraries, as build-deps.sh makes it
#                        (default: ../shared/windows-deps/prefix.tar.xz, unpacked and checked)
# exit code 77: there is no prefix
set -euo pipefail
cd "$(dirname "$0")/../.."

archive=$PWD/../shared/windows-deps/prefix.tar.xz
prefix=${NSCP_WINDOWS_PREFIX:-}
if [ -z "$prefix" ] && [ ! -e "$archive" ]; then
  echo "No Windows libraries at $archive. Make them with packaging/windows/build-deps.sh FOLDER" \
    "and say where: NSCP_WINDOWS_PREFIX=FOLDER/prefix $0"
  exit 77
fi
sh packaging/install-dependencies.sh windows

if [ -z "$prefix" ]; then
  prefix=$PWD/build-windows/prefix
  sum=$(cut -d ' ' -f 1 packaging/windows/prefix.sha256)
  if [ "$(cat "$prefix/.sha256" 2>/dev/null || true)" != "$sum" ]; then
    echo "$sum  $archive" | sha256sum --check --quiet
    rm -rf "$prefix"
    mkdir -p build-windows
    tar -C build-windows -xJf "$archive"
    echo "$sum" >"$prefix/.sha256"
  fi
elif [ ! -e "$prefix/lib/libgrpc++.a" ]; then
  echo "NSCP_WINDOWS_PREFIX is \"$prefix\": there is no lib/libgrpc++.a in it" >&2
  exit 1
fi

cmake --preset windows -D "NSCP_WINDOWS_PREFIX=$prefix"
targets=()
[ $# = 0 ] || targets=(--target "$@")
cmake --build build-windows "${targets[@]}"
