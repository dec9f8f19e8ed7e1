#!/bin/bash
# Runs the built agent under wine, in a folder of its own: the command line, then the service
# over HTTPS. Called by test.sh, which prepares wine.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

nscp=$PWD/build-windows/bin/nscp.exe
folder=$(mktemp -d)
log=$folder/service.log
options=(--settings "Z:$folder/nsclient.ini")
for token in certificate data log runtime storage; do
  options+=(--path-override "$token-path=Z:$folder/$token")
done
readonly wait_seconds=60

failed=0
# expect NAME PATTERN TEXT: the text matches the pattern of bash.
expect() {
  # shellcheck disable=SC2053  # a pattern
  if [[ $3 == $2 ]]; then
    echo "passed  $1"
  else
    printf 'FAILED  %s: expected %s, got\n%s\n' "$1" "$2" "$3"
    failed=$((failed + 1))
  fi
}

run() {
  timeout $wait_seconds wine "$nscp" "$@" 2>&1 | tr -d '\r'
  echo "code ${PIPESTATUS[0]}"
}

# wait_log COUNT PATTERN: until so many lines of the service's log match.
wait_log() {
  local until=$((SECONDS + wait_seconds))
  while [ "$(grep -c "$2" "$log")" -lt "$1" ]; do
    if [ $SECONDS -ge $until ]; then
      echo "FAILED  no $1 lines with \"$2\" in the log of the service:"
      cat "$log"
      exit 1
    fi
    sleep 0.1
  done
}

# Until every module that is enabled answers.
wait_ready() {
  local until=$((SECONDS + wait_seconds))
  until curl --insecure --silent --fail --output /dev/null --max-time 10 \
    "https://127.0.0.1:$port/health/ready"; do
    if [ $SECONDS -ge $until ]; then
      echo "FAILED  the agent is not ready:"
      cat "$log"
      exit 1
    fi
    sleep 0.1
  done
}

ask() {
  curl --insecure --silent --show-error --max-time $wait_seconds --user "admin:$password" \
    "https://127.0.0.1:$port/api/v2/$1" 2>&1
}

stop() {
  [ -z "${service:-}" ] || kill "$service"
  wait
  rm -rf "$folder"
}
trap stop EXIT

expect "the version is told" "NSClient++, Version: [0-9]*code 0" "$(run --version)"
expect "a query runs its module for one command" $'caf\u00e9\ncode 2' \
  "$(run client "${options[@]}" --module CheckHelpers --query check_critical \
    --argument $'message=caf\u00e9')"

expect "an event is reported" "Message reported successfully*code 0" \
  "$(run eventlog "${options[@]}" insert --level error --id 1 --arguments hello)"

port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
expect "the web server is installed" "*code 0" \
  "$(run web "${options[@]}" install --allowed-hosts 127.0.0.1 --port "$port")"
expect "modules are activated" "*code 0" \
  "$(run settings "${options[@]}" --activate-module CheckDisk CheckEventLog CheckHelpers CheckNet \
    CheckSystem CheckTaskSched CheckWMI)"
password=$(tr -d '\r' <"$folder/nsclient.ini" | sed -n 's/^password = //p' | head -n 1)

: >"$log"
wine "$nscp" service "${options[@]}" --log-backend console --run >"$log" 2>&1 </dev/null &
service=$!
wait_ready
expect "a check answers over HTTPS" '{"command":"check_cpu"*' \
  "$(ask queries/check_cpu/commands/execute)"
expect "a drive has a size" '*C: used*' \
  "$(ask 'queries/check_drivesize/commands/execute?drive=C:&warn=used>1%25')"
expect "this machine answers an echo" '*All 1 hosts are ok*' \
  "$(ask 'queries/check_ping/commands/execute?host=127.0.0.1')"
expect "services are judged" '{"command":"check_service"*"result":0*' \
  "$(ask 'queries/check_service/commands/execute?service=PlugPlay')"
expect "processes are read" '*"result":0*nscp.exe=started*' \
  "$(ask 'queries/check_process/commands/execute?process=nscp.exe&show-all')"
expect "the event log is read" "*No entries found*" \
  "$(ask queries/check_eventlog/commands/execute)"
expect "a module is unloaded" "Success*" "$(ask modules/CheckSystem/commands/unload)"
expect "its check says so" "*CheckSystem is not running*" \
  "$(ask queries/check_cpu/commands/execute)"
expect "it is loaded again" "Success*" "$(ask modules/CheckSystem/commands/load)"

expect "a performance counter is read" '*"result":0*up = [0-9]*' \
  "$(ask 'queries/check_pdh/commands/execute?counter=up:%5CSystem%5CSystem%20Up%20Time')"
expect "a value of the registry is read" '*"result":0*CurrentVersion: [0-9]*REG_SZ*' \
  "$(ask 'queries/check_registry_value/commands/execute?value=CurrentVersion&key=HKLM%5CSoftware%5CMicrosoft%5CWindows%20NT%5CCurrentVersion')"
expect "WMI answers" '*"result":0*"message":"Microsoft Windows*' \
  "$(ask 'queries/check_wmi/commands/execute?query=SELECT%20Caption%20FROM%20Win32_OperatingSystem')"
expect "the task scheduler answers, or says what it can't" '*"result":3*Failed to fetch tasks: *nosuch: *' \
  "$(ask 'queries/check_tasksched/commands/execute?folder=%5Cnosuch')"
worker=$(sed -n 's/.*CheckHelpers is ready, process \([0-9]*\).*/\1/p' "$log")
wine taskkill /f /pid "$worker" >/dev/null
wait_log 2 "CheckHelpers is ready"
expect "a killed worker is started again" '*"result":0*' \
  "$(ask queries/check_ok/commands/execute)"
[ $failed = 0 ]
