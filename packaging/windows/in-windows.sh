#!/bin/bash
# Runs a command with a Windows of wine that is up: in build-windows/wine, made when there is none,
# without a screen, .NET or a browser. All of it has ended when the command has.
#
# usage: packaging/windows/in-windows.sh COMMAND [ARGUMENT...]
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

unset DISPLAY
export WINEPREFIX=$root/build-windows/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
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

"$@"
