#!/bin/bash
# Builds the agent and its installer for Windows and, where wine is there, runs the unit tests, the
# agent, and two cases of the installer.
#
# usage: packaging/windows/test.sh
#   NSCP_CI=yes  installs wine where it is missing
# exit code 77: there are no Windows libraries at hand (build.sh makes them)
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

# Before the build, for that writes down what runs the tests.
if [ "${NSCP_CI:-no}" = yes ]; then
  sh packaging/install-dependencies.sh wine || exit 1
fi

# Making them would take longer than all of CI has.
NSCP_WINDOWS_MAKE=no bash packaging/windows/build.sh || exit $?

# GCC 12 for Windows frees a thread's variables before it runs their destructors: a program that
# has such destructors writes into freed memory when a thread ends.
for program in build-windows/bin/*.exe; do
  if x86_64-w64-mingw32-nm "$program" | grep -q __cxa_thread_atexit; then
    echo "$program has thread_local variables with destructors (packaging/windows/README.md)"
    exit 1
  fi
done

if ! command -v wine >/dev/null; then
  echo "wine is not installed: the programs were built and linked, and not run"
  exit 0
fi

# gateway_http_test is left out: it holds the web server to the last detail of sockets, and wine's
# are not Windows' (README.md). test-agent.sh asks the running agent over HTTPS instead.
# A program that wine never starts is started once more; one that fails has failed.
inside=packaging/windows/in-windows.sh
bash $inside ctest --preset windows -j "$(nproc)" -E '^gateway_http_test$' --timeout 60 \
  --repeat after-timeout:2 || exit 1
bash $inside bash packaging/windows/test-agent.sh || exit 1
# What holds for every check, the pages made of what they say, and scripts.
black_box=(tests/contract/test_{every_check,reference}.py)
[ ! -e build-windows/bin/modules/LUAScript.json ] || black_box+=(tests/contract/test_lua_script.py)
NSCP_BIN_DIR=$PWD/build-windows/bin PYTHONPATH=$PWD/tests \
  bash $inside python3 -B -m unittest "${black_box[@]}" || exit 1
bash packaging/windows/test-msi.sh build-windows/bin installed refused
