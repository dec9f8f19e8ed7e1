#!/bin/bash
# Makes the static library of Lua for Windows from Debian 12's source package (lua.lock), compiled
# as C++ as Debian's lua5.4-c++ is: its errors are exceptions, which end our functions in order. It
# takes seconds, and is no part of the prefix.
#
# usage: packaging/windows/build-lua.sh WORK-FOLDER
#   makes WORK-FOLDER/prefix, unless it is there
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=packaging/windows/sources.sh
. "$here/sources.sh"
if [ $# != 1 ]; then
  echo "usage: $0 WORK-FOLDER" >&2
  exit 64
fi
mkdir -p "$1"
work=$(cd "$1" && pwd)
triplet=x86_64-w64-mingw32
[ ! -e "$work/prefix/lib/liblua.a" ] || exit 0

read -r name versions < <(grep -v '^#' "$here/lua.lock")
private_apt update
# shellcheck disable=SC2086  # a list of versions
[ -d "$work/src/$name" ] || fetch "$name" $versions

# Debian's luaconf.h asks for the name of the system's folder of libraries, which no path of
# Windows has in it.
source=$work/src/$name/src
echo "#define DEB_HOST_MULTIARCH \"$triplet\"" >"$source/lua5.4-deb-multiarch.h"

rm -rf "$work/build" "$work/part"
mkdir -p "$work/build" "$work/part/lib" "$work/part/include"
# All but the two programs.
find "$source" -name 'l*.c' ! -name lua.c ! -name luac.c -printf '%f\n' | LC_ALL=C sort >"$work/sources"
xargs -P "$(nproc)" -I FILE $triplet-g++-posix -x c++ -std=c++17 -O2 -w -DLUA_COMPAT_5_3 \
  "-ffile-prefix-map=$work=." -c "$source/FILE" -o "$work/build/FILE.o" <"$work/sources"
sed "s|.*|$work/build/&.o|" "$work/sources" |
  xargs $triplet-ar rcsD "$work/part/lib/liblua.a"
cp "$source"/{lua,luaconf,lualib,lauxlib,lua5.4-deb-multiarch}.h "$source/lua.hpp" \
  "$work/part/include/"
# Whole or not there.
mv "$work/part" "$work/prefix"
