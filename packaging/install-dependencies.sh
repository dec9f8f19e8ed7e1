#!/bin/sh
# Installs what building (and, with "test", testing) needs on Debian 12, by name and only where it
# is missing. docs/dependencies.md says what each is for.
#
# usage: packaging/install-dependencies.sh [group ...]
#   test               for the tests of this machine's build
#   windows            for the Windows build
#   wine               for the tests of the Windows build
#   msi                for the Windows installer
#   windows-libraries  for packaging/windows/build-deps.sh
set -eu

build="ccache cmake g++ git libc-ares-dev libcpp-httplib-dev libedit-dev libgrpc++-dev liblua5.4-dev
libprotobuf-dev libre2-dev libssl-dev
libsystemd-dev libzip-dev ninja-build openssl pkg-config procps protobuf-compiler protobuf-compiler-grpc rapidjson-dev"
test="clang clang-format clang-tidy curl doctest-dev icinga2-bin libclang-rt-14-dev lld python3
python3-grpcio python3-protobuf"
windows="g++-mingw-w64-x86-64-posix libz-mingw-w64-dev xz-utils"
wine="curl python3 wine wine64"
msi="faketime msitools python3 wixl"
windows_libraries="doctest-dev dpkg-dev make perl python3 unicode-data"

wanted=$build
for group in "$@"; do
  case $group in
    test) wanted="$wanted $test" ;;
    windows) wanted="$wanted $windows" ;;
    wine) wanted="$wanted $wine" ;;
    msi) wanted="$wanted $msi" ;;
    windows-libraries) wanted="$wanted $windows_libraries" ;;
    *) echo "$0: unknown group $group (test, windows, wine, msi, windows-libraries)" >&2; exit 64 ;;
  esac
done

missing=
for package in $wanted; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Missing packages:$missing" >&2
    echo "Install them as root: apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
  as_root=sudo
fi
echo "Installing:$missing"
$as_root apt-get update -q
# shellcheck disable=SC2086  # a list of names
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends $missing
