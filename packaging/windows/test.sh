#!/bin/bash
# Builds the agent for Windows and, where wine is there, runs its unit tests and the agent.
#
# usage: packaging/windows/test.sh
#   NSCP_CI=yes  installs wine where it is missing
# exit code 77: there is no prefix of Windows libraries (build.sh)
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

bash packaging/windows/build.sh || exit $?

# GCC 12 for Windows frees a thread's variables before it runs their destructors: a program that
# has such destructors writes into freed memory when a thread ends.
for program in build-windows/bin/*.exe; do
  if x86_64-w64-mingw32-nm "$program" | grep -q __cxa_thread_atexit; then
    echo "$program has thread_local variables with destructors (packaging/windows/README.md)"
    exit 1
  fi
done

if [ "${NSCP_CI:-no}" = yes ]; then
  sh packaging/install-dependencies.sh wine || exit 1
fi
if ! command -v wine >/dev/null; then
  echo "wine is not installed: the programs were built and linked, and not run"
  exit 0
fi

# A Windows of our own in the build folder, without a screen, .NET or a browser.
unset DISPLAY
export WINEPREFIX=$PWD/build-windows/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
if [ ! -e "$WINEPREFIX/system.reg" ]; then
  wineboot -i || exit 1
fi
stop_wine() {
  exec {keeper}>&-
  wineserver -k
  wineserver -w
}
# A fresh one can run its services twice until it is started anew.
wineserver -k
wineserver -w
# One program that waits for its input to end keeps the others from starting Windows each time.
exec {keeper}> >(exec wine cmd >/dev/null 2>&1)
trap stop_wine EXIT
# Windows is up when one program has run to its end.
wine cmd /c exit

# gateway_http_test is left out: it holds the web server to the last detail of sockets, and wine's
# are not Windows' (README.md). test-agent.sh asks the running agent over HTTPS instead.
# A program that wine never starts is started once more; one that fails has failed.
ctest --preset windows -j "$(nproc)" -E '^gateway_http_test$' --timeout 60 \
  --repeat after-timeout:2 || exit 1
bash packaging/windows/test-agent.sh
