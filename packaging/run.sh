#!/bin/bash
# Builds the agent, makes its settings at the first start, and runs it in the foreground.
#
# usage: packaging/run.sh
#   NSCP_PORT  the port of the HTTPS interface (8443)
set -euo pipefail

cd "$(dirname "$0")/.."
# Modules that others may write to are refused.
umask 022
port=${NSCP_PORT:-8443}
if [[ ! $port =~ ^[0-9]{1,5}$ ]] || ((port < 1 || port > 65535)); then
  echo "NSCP_PORT is \"$port\": it must be a number from 1 to 65535" >&2
  exit 1
fi
# The agent would stay loaded and try again; a person at a terminal wants to know now.
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  echo "Port $port of 127.0.0.1 is taken. Choose another: NSCP_PORT=9443 $0" >&2
  exit 1
fi

sh packaging/install-dependencies.sh
cmake --preset release
cmake --build build --target agent

run=$PWD/build/run
ini=$run/nsclient.ini
mkdir -p "$run"
options=(--settings "$ini")
for token in certificate data log runtime; do
  options+=(--path-override "$token-path=$run/$token")
done

umask 077
first=no
[ -s "$ini" ] || first=yes
# Keeps the password that stands in the file, and makes one where none does.
installed=$(build/bin/nscp web "${options[@]}" install --allowed-hosts 127.0.0.1 --port "$port")
password=$(sed -n 's/^Login using this password //p' <<<"$installed")
if [ $first = yes ]; then
  build/bin/nscp settings "${options[@]}" --activate-module CheckHelpers CheckSystem
  build/bin/nscp settings "${options[@]}" --path /settings/WEB/server --key "bind to" \
    --set 127.0.0.1
fi

cat <<EOT

The agent answers on https://127.0.0.1:$port as user admin, password $password
Settings and log are in $run. Try it:

  curl -k -u admin:$password https://127.0.0.1:$port/api/v2/queries/check_cpu/commands/execute

EOT
exec build/bin/nscp service "${options[@]}" --log-backend console --run
