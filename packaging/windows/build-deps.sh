#!/bin/bash
# Makes the prefix of static Windows libraries from Debian 12's source packages (deps.lock): about
# 15 minutes on two cores. Nothing outside the work folder changes.
#
# usage: packaging/windows/build-deps.sh WORK-FOLDER
#   makes WORK-FOLDER/prefix and WORK-FOLDER/prefix.tar.xz; run again, it goes on where it stopped
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
prefix=$work/prefix
triplet=x86_64-w64-mingw32
jobs=$(nproc)
# Sources of the agent's programs do not tell where they were built. INADDRSZ is what Debian's
# patch of c-ares needs and mingw-w64 lacks.
export CFLAGS="-DINADDRSZ=4 -ffile-prefix-map=$work=."
export CXXFLAGS=$CFLAGS

need() {
  local missing=
  for program in apt-get cmake dpkg-source ninja perl protoc python3 $triplet-g++-posix; do
    command -v "$program" >/dev/null || missing="$missing $program"
  done
  for file in /usr/share/unicode/UnicodeData.txt /usr/include/rapidjson/document.h \
    /usr/include/doctest/doctest.h /usr/$triplet/lib/libz.a; do
    [ -e "$file" ] || missing="$missing $file"
  done
  [ -z "$missing" ] && return
  echo "Missing:$missing" >&2
  echo "Install them: packaging/install-dependencies.sh windows windows-libraries" >&2
  exit 1
}

fetch_all() {
  private_apt update
  while read -r name versions; do
    case $name in '' | '#'*) continue ;; esac
    # shellcheck disable=SC2086  # a list of versions
    [ -d "$work/src/$name" ] || fetch "$name" $versions
  done <"$here/deps.lock"
}

configure() {
  local name=$1
  shift
  cmake -S "$work/src/$name" -B "$work/build/$name" -G Ninja -Wno-dev \
    -DCMAKE_TOOLCHAIN_FILE="$here/toolchain.cmake" -DNSCP_WINDOWS_PREFIX="$prefix" \
    -DCMAKE_BUILD_TYPE=MinSizeRel -DCMAKE_INSTALL_PREFIX="$prefix" -DBUILD_SHARED_LIBS=OFF \
    -DBUILD_TESTING=OFF -DCMAKE_CXX_STANDARD=17 -DCMAKE_CXX_STANDARD_REQUIRED=ON \
    -DCMAKE_CXX_EXTENSIONS=OFF "$@"
}

install_cmake() {
  configure "$@"
  ninja -C "$work/build/$1" -j "$jobs" install
}

make_abseil() { install_cmake abseil -DABSL_PROPAGATE_CXX_STD=ON; }

make_c_ares() {
  install_cmake c-ares -DCARES_STATIC=ON -DCARES_SHARED=OFF -DCARES_BUILD_TOOLS=OFF
}

# Debian's source lacks the tables that are made from Unicode's data.
make_re2() {
  make -C "$work/src/re2" REBUILD_TABLES=1 \
    re2/perl_groups.cc re2/unicode_casefold.cc re2/unicode_groups.cc
  install_cmake re2 -DRE2_BUILD_TESTING=OFF
}

# OPENSSLDIR is where OpenSSL looks for its configuration: a folder that only administrators can
# write, set here because Configure does not take a Windows path on this system.
make_openssl() {
  local nowhere=C:/Windows/System32/no-openssl
  mkdir -p "$work/build/openssl" "$prefix/lib" "$prefix/include"
  cd "$work/build/openssl"
  CC=gcc-posix "$work/src/openssl/Configure" mingw64 --cross-compile-prefix=$triplet- no-shared \
    no-tests no-engine no-legacy no-autoload-config --prefix="$prefix" --libdir=lib \
    -D_WIN32_WINNT=0x0A00 -Os "-ffile-prefix-map=$work=."
  make -j "$jobs" OPENSSLDIR=$nowhere ENGINESDIR=$nowhere MODULESDIR=$nowhere \
    build_generated libcrypto.a libssl.a
  cp libcrypto.a libssl.a "$prefix/lib/"
  cp -r "$work/src/openssl/include/openssl" "$prefix/include/"
  cp include/openssl/*.h "$prefix/include/openssl/"
}

make_protobuf() {
  install_cmake protobuf -Dprotobuf_BUILD_TESTS=OFF -Dprotobuf_BUILD_PROTOC_BINARIES=OFF
}

# gRPC installs nothing unless all of it is built, so what is needed is copied by hand. The code
# generators are those of this machine; Protobuf_PROTOC_LIBRARY must only be a file.
make_grpc() {
  local options=() part
  for part in CPP CSHARP NODE OBJECTIVE_C PHP PYTHON RUBY; do
    options+=("-DgRPC_BUILD_GRPC_${part}_PLUGIN=OFF")
  done
  for part in ABSL CARES PROTOBUF RE2 SSL ZLIB; do
    options+=("-DgRPC_${part}_PROVIDER=package")
  done
  configure grpc "${options[@]}" -DgRPC_BUILD_TESTS=OFF -DgRPC_BUILD_CODEGEN=OFF \
    -DgRPC_BUILD_CSHARP_EXT=OFF -DgRPC_BENCHMARK_PROVIDER=none \
    -DProtobuf_PROTOC_EXECUTABLE="$(command -v protoc)" \
    -DProtobuf_PROTOC_LIBRARY="$prefix/lib/libprotobuf.a" \
    -DCMAKE_PROJECT_grpc_INCLUDE="$here/grpc_pch.cmake"
  ninja -C "$work/build/grpc" -j "$jobs" grpc++
  for part in grpc++ grpc gpr upb address_sorting; do
    cp "$work/build/grpc/lib$part.a" "$prefix/lib/"
  done
  cp -r "$work/src/grpc/include/grpc" "$work/src/grpc/include/grpcpp" "$prefix/include/"
}

# Header-only libraries: /usr/include itself must never be on the path of this compiler.
make_headers() {
  cp -r /usr/include/rapidjson /usr/include/doctest "$prefix/include/"
  cp "$work/src/cpp-httplib/httplib.h" "$prefix/include/"
}

make_archive() {
  rm -rf "$prefix/share" "$prefix/lib/pkgconfig"
  tar -C "$work" --sort=name --mtime=@1700000000 --owner=0 --group=0 --numeric-owner \
    -cJf "$work/prefix.tar.xz" prefix
  (cd "$work" && sha256sum prefix.tar.xz)
}

# Each part in a shell of its own, its output in a file, once. It is started in the background
# because bash ignores "set -e" inside a command whose success is asked for.
part() {
  local name=$1 began=$SECONDS
  [ -e "$work/done/$name" ] && return
  ("make_$name" >"$work/$name.log" 2>&1) &
  if ! wait $!; then
    tail -n 30 "$work/$name.log" >&2
    echo "Making $name failed; all its output is in $work/$name.log" >&2
    exit 1
  fi
  touch "$work/done/$name"
  printf '%-10s %5d s\n' "$name" $((SECONDS - began))
}

need
mkdir -p "$work/done" "$prefix/lib" "$prefix/include"
fetch_all
for name in abseil c_ares re2 openssl protobuf grpc headers archive; do
  part $name
done
