#!/bin/bash
# Installs, upgrades and removes the MSI under wine, silently, each case in a Windows of its own.
#
# usage: packaging/windows/test-msi.sh [PROGRAMS [CASE...]]
#   PROGRAMS  the folder with nscp.exe and modules/ (default: build-windows/bin)
#   CASE      installed, refused, rolled_back, port_taken, service_commands, failed_upgrade,
#             registry (default: all)
#   NSCP_MSI_LOGS  as msi/wine.sh tells
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

programs=${1:-build-windows/bin}
cases=("${@:2}")
[ ${#cases[@]} != 0 ] || cases=(installed refused rolled_back port_taken
  service_commands failed_upgrade registry)
# Wine's own msiexec doubles a backslash at the end, and loses double quotes.
readonly key='k\y $!%&(){}[X]^=;,`~é'
work=$(mktemp -d)
# shellcheck source=packaging/windows/msi/wine.sh
. packaging/windows/msi/wine.sh

ask() {
  curl --insecure --silent --show-error --max-time 10 --user "admin:$key" \
    "https://127.0.0.1:$port/api/v2/$1" 2>&1
}
# Until nobody listens: wine's "net stop" does not wait.
wait_silence() {
  local until=$((SECONDS + wait_seconds))
  while ask info | grep -q version && [ $SECONDS -lt $until ]; do
    sleep 0.1
  done
}
# Until the service answers.
wait_answer() {
  local until=$((SECONDS + wait_seconds))
  until ask info | grep -q version; do
    if [ $SECONDS -ge $until ]; then
      echo "FAILED  no answer on port $port within $wait_seconds s"
      find "$folder" -name '*.log' -exec tail -n 20 {} +
      failed=$((failed + 1))
      return 1
    fi
    sleep 0.2
  done
}

port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
make_msis "$programs"
given=(CONF_WEB=1 "NSCLIENT_PWD=$key" "CONF_SET=/settings/WEB/server;port;$port")

uninstall_string() {
  wine reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s \
    /v QuietUninstallString 2>/dev/null | grep -a msiexec
}

installed() {
  expect "a silent install" "code 0" "$(install install /i "$old" "${given[@]}")"
  expect "boot.ini" $'[[]settings]\n1 = ini://${shared-path}/nsclient.ini' "$(values boot.ini)"
  expect "the password arrives as it is" 1 \
    "$(values nsclient.ini | grep -c -x -F "password = $key")"
  expect "the service is registered" '*nscp.exe*service --run --name nscp*' "$(service nscp)"
  expect "it is among the programs" '*msiexec.exe /X{*} /qn*' "$(uninstall_string)"
  wait_answer && expect "it answers over HTTPS" '*CheckSystem*' "$(ask modules)"
  expect "the service stops" '*stopped successfully*' "$(wine net stop nscp 2>/dev/null)"
  wait_silence
  expect "and answers no more" '*onnect*' "$(ask info)"
  expect "it starts again" '*started successfully*' "$(wine net start nscp 2>/dev/null)"
  wait_answer && expect "and answers" '*CheckSystem*' "$(ask modules)"
  expect "nothing of the copies is left" "" "$(find "$folder" -name install-backup)"

  printf '[mine]\r\nkey = value\r\n' >>"$folder/nsclient.ini"
  cp "$folder/nsclient.ini" "$work/edited.ini"
  expect "an upgrade" "code 0" "$(install upgrade /i "$new")"
  expect "it keeps the settings" "same" "$(cmp "$work/edited.ini" "$folder/nsclient.ini" && echo same)"
  wait_answer && expect "the upgraded service answers" '*CheckSystem*' "$(ask modules)"
  expect "a downgrade is refused" "code 67" "$(install downgrade /i "$old")"
  expect "and changes nothing" "same" "$(cmp "$work/edited.ini" "$folder/nsclient.ini" && echo same)"
  rm "$folder/nscp-module.exe"
  expect "a repair" "code 0" "$(install repair /i "$new" REINSTALL=ALL REINSTALLMODE=vomus)"
  expect "it brings back what is missing" "*nscp-module.exe*" "$(files "$folder")"

  expect "a removal" "code 0" "$(install remove /x "$new")"
  expect "it leaves the user's settings alone" "./nsclient.ini" "$(files "$folder")"
  expect "and no service" "" "$(service nscp)"
  expect "and no entry among the programs" "" "$(uninstall_string)"
  expect "and nothing elsewhere" "" "$(cd "$WINEPREFIX/drive_c" &&
    ls -d ProgramData/nscp* ProgramData/NSClient* users/*/AppData/Roaming/storage 2>/dev/null)"
}

# The service stays, says so, and takes the port when it is free.
port_taken() {
  local holder until=$((SECONDS + wait_seconds))
  exec {holder}> >(exec python3 -c 'import socket, sys
held = socket.create_server(("0.0.0.0", int(sys.argv[1])))
sys.stdin.read()' "$port")
  expect "an install while the port is taken" "code 0" "$(install port /i "$old" "${given[@]}")"
  until grep -q "$port" "$folder/log/nsclient.log" 2>/dev/null || [ $SECONDS -ge $until ]; do
    sleep 0.2
  done
  expect "the log says so" "*Failed to bind*$port*the port is taken" "$(grep -m 1 "$port" "$folder/log/nsclient.log")"
  exec {holder}>&-
  wait_answer && expect "later it answers" '*CheckSystem*' "$(ask modules)"
}

refused() {
  expect "what can't be applied ends the install" "code 67" \
    "$(install refused /i "$old" CONFIGURATION_TYPE=foo://x)"
  expect "and says why in the log" "*Undefined settings protocol: foo*" \
    "$(said refused "could not be applied")"
  expect "and leaves no file" "" "$(files "$folder")"
  expect "and no service" "" "$(service nscp)"
  expect "an install without a service" "code 0" \
    "$(install bare /i "$old" NO_SERVICE=1 MONITORING_TOOL=none CONF_WEB=1 \
      ADDLOCAL=ALL REMOVE=NSCAPlugin)"
  expect "has none" "" "$(service nscp)"
  expect "makes a password" '*WEBServer = enabled*password = ????????????????' \
    "$(values nsclient.ini)"
  expect "leaves out a feature" "no" \
    "$([ -e "$folder/modules/Scheduler.json" ] && echo yes || echo no)"
}

# What has been written already is put back when a later action fails, here that of a service whose
# name no system takes.
rolled_back() {
  mkdir -p "$folder"
  printf '[mine]\r\nkey = value\r\n' >"$folder/nsclient.ini"
  cp "$folder/nsclient.ini" "$work/mine.ini"
  expect "an install that fails late" "code 91" \
    "$(install late /i "$old" CONF_WEB=1 'SERVICE_NAME=no/name')"
  expect "puts the settings back" "same" \
    "$(cmp "$work/mine.ini" "$folder/nsclient.ini" && echo same)"
  expect "and leaves nothing else" "./nsclient.ini" "$(files "$folder")"
}

registry() {
  expect "an install with settings in the registry" "code 0" \
    "$(install registry /i "$old" NO_SERVICE=1 MONITORING_TOOL=OP5)"
  expect "says so in boot.ini" \
    $'[[]settings]\n1 = registry://HKEY_LOCAL_MACHINE/software/NSClient++' "$(values boot.ini)"
  expect "leaves nsclient.ini empty" "" "$(values nsclient.ini)"
  expect "writes them there" '*CheckSystem*enabled*' \
    "$(wine reg query 'HKLM\software\NSClient++\modules' 2>/dev/null | tr -d '\r')"
}

# agent WORDS...: the installed program.
agent() { timeout $wait_seconds wine "$folder/nscp.exe" "$@" 2>&1 | tr -d '\r'; }

# The commands that manage a service, with one that no installer made.
service_commands() {
  expect "an install without a service" "code 0" \
    "$(install bare /i "$old" NO_SERVICE=1 MONITORING_TOOL=none)"
  agent settings --activate-module CheckHelpers >/dev/null
  # Wine knows no recovery after an error, and the answer says so.
  expect "a service is installed" "Service installed successfully!*" \
    "$(agent service --install --name extra --description "An agent")"
  expect "with a quoted program" '*"C:?Program Files?NSClient++?nscp.exe" service --run --name extra' \
    "$(service extra)"
  expect "behind the network" '*REG_MULTI_SZ*Tcpip*' \
    "$(wine reg query 'HKLM\System\CurrentControlSet\Services\extra' /v DependOnService 2>/dev/null)"
  expect "a second one of its name is refused" "ERROR: Service installation failed of 'extra' *" \
    "$(agent service --install --name extra)"
  expect "it is told of" $'Installed services: \nextra: "C:?Program Files*nscp.exe" service*' \
    "$(agent service --info --name extra)"
  expect "it starts" "Service started successfully!" "$(agent service --start --name extra)"
  expect "and answers" 'well' "$(agent check check_ok message=well)"
  expect "it is started again" "Service started successfully!" \
    "$(agent service --restart --name extra)"
  expect "it stops" "Service stopped successfully!" "$(agent service --stop --name extra)"
  expect "it says so" '*shutting down*' "$(tail -n 5 "$folder/log/nsclient.log")"
  mv "$folder/boot.ini" "$work/boot.ini"
  mkdir "$folder/boot.ini"
  expect "one that can't read boot.ini ends with a code of its own" \
    "ERROR: Service failed to start: it ended with its own exit code 2; *" \
    "$(agent service --start --name extra)"
  expect "and its log says why" '*The service failed to start: *boot.ini*' \
    "$(tail -n 2 "$folder/log/nsclient.log")"
  rmdir "$folder/boot.ini"
  mv "$work/boot.ini" "$folder/boot.ini"
  expect "it is removed" "Service deinstalled successfully!" \
    "$(agent service --uninstall --name extra)"
  expect "and gone" $'Installed services: \nextra: ' "$(agent service --info --name extra)"
  expect "what is not there can't be started" "ERROR: Service failed to start: *" \
    "$(agent service --start --name extra)"
}

# Wine does not bring the old version back, as Windows does.
failed_upgrade() {
  expect "an install" "code 0" "$(install first /i "$old" NO_SERVICE=1)"
  cp "$folder/nsclient.ini" "$work/first.ini"
  expect "an upgrade that fails" "code 67" \
    "$(install second /i "$new" NO_SERVICE=1 CONFIGURATION_TYPE=foo://x)"
  expect "keeps the settings" "same" \
    "$(cmp "$work/first.ini" "$folder/nsclient.ini" && echo same)"
}

for name in "${cases[@]}"; do
  echo "case $name"
  fresh "$name"
  "$name"
done
[ $failed = 0 ]
