#!/bin/bash
# What each property of the MSI makes of boot.ini and nsclient.ini: the cases of NSClient++'s own
# tests of its installer, through msiexec under wine, each in a Windows of its own. Both files are
# compared whole: without comments, sorted, sections and keys in lower case; a password that was made
# is <made>.
#
# usage: packaging/windows/test-properties.sh [PROGRAMS [CASE...]]
#   PROGRAMS  the folder with nscp.exe and modules/ (default: build-windows/bin)
#   CASE      names of cases (default: all)
# Tokens like ${shared-path} are the agent's.
# shellcheck disable=SC2016
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

programs=${1:-build-windows/bin}
wanted=("${@:2}")
began=$SECONDS
work=$(mktemp -d)
# shellcheck source=packaging/windows/msi/wine.sh
. packaging/windows/msi/wine.sh

# flat FILE: its settings, a line each.
flat() {
  tr -d '\r' 2>/dev/null <"$1" | sed 's/^\xef\xbb\xbf//' | awk '
    /^[;#]/ || /^[ \t]*$/ { next }
    /^\[/ { section = tolower($0); next }
    {
      split($0, parts, / *= */)
      key = parts[1]
      value = substr($0, index($0, "=") + 1)
      sub(/^ +/, "", value)
      if (key == "password" && length(value) == 16 && value ~ /^[A-Za-z0-9]*$/) value = "<made>"
      print section tolower(key) "=" value
    }' | LC_ALL=C sort
}
lines() { printf '%s\n' "$@" | grep -v '^$' | LC_ALL=C sort; }
# without PATTERN LINES
without() { grep -v -E "$1" <<<"$2"; }
same() {
  if [ "$2" = "$3" ]; then
    echo "passed  $1"
  else
    echo "FAILED  $1: expected -, got +"
    diff -u0 <(echo "$2") <(echo "$3") | tail -n +4
    failed=$((failed + 1))
  fi
}

readonly url_of_ini='ini://${shared-path}/nsclient.ini'
readonly boot="[settings]1=$url_of_ini"
readonly tls_given=(TLS_VERIFY_MODE=none TLS_VERSION=1.2)
readonly tls=$'[tls]verify mode=none\n[tls]version=1.2'
readonly web=(CONF_WEB=enabled NSCLIENT_PWD=1234567890)
readonly registry=registry://HKEY_LOCAL_MACHINE/software/NSClient++
checks=$(printf '[/modules]%s=enabled\n' checkdisk checkeventlog checkexternalscripts checkhelpers \
  checknscp checksystem)
secure=$'[/settings/nrpe/server]insecure=false\n[/settings/nrpe/server]tls version=tlsv1.2+
[/settings/nrpe/server]verify mode=peer-cert'
insecure=${secure/=false/=true}
insecure=${insecure/peer-cert/none}
others=$'[/modules]nrpeserver=enabled\n[/modules]webserver=enabled'
local_hosts='[/settings/default]allowed hosts=127.0.0.1'
std=$(lines "$checks" "$others" "$secure" "$local_hosts" '[/settings/default]password=<made>')
std_given=${std/<made>/1234567890}
# The same as a file, as an earlier installation left it.
std_file() {
  printf '[/modules]\n'
  printf '%s = enabled\n' CheckDisk CheckEventLog CheckExternalScripts CheckHelpers CheckNSCP \
    CheckSystem NRPEServer
  printf 'WEBServer = %s\n\n[/settings/NRPE/server]\ninsecure = false\n' "$1"
  printf 'tls version = tlsv1.2+\nverify mode = peer-cert\n\n'
  printf '[/settings/default]\nallowed hosts = 127.0.0.1\npassword = %s\n' "$2"
}

# A web server of the test, with a certificate that nobody knows.
start_server() {
  mkdir "$work/web"
  printf '[/modules]\nCheckHelpers = enabled\n[/settings/default]\nallowed hosts = 10.0.0.1\n%s\n' \
    $'[/settings/NRPE/server]\nssl options = no-sslv2' >"$work/web/agent.ini"
  openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
  exec {server}< <(exec python3 - "$work" 2>/dev/null <<'PY'
import functools, http.server, ssl, sys
work = sys.argv[1]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=work + "/web")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(work + "/certificate.pem", work + "/key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
PY
  )
  server_process=$!
  read -r server_port <&"$server"
  rest=https://127.0.0.1:$server_port/agent.ini
}

seed() {
  mkdir -p "$folder"
  cat >"$folder/nsclient.ini"
}

# check NAME BOOT INI [FOLDER]
check() {
  same "$1: boot.ini" "$(lines "$2")" "$(flat "$folder/boot.ini")"
  same "$1: nsclient.ini" "$(lines "$3")" "$(flat "${4:-$folder}/nsclient.ini")"
  expect "$1: no copies are left" "no" "$([ -e "$folder/install-backup" ] && echo yes || echo no)"
}
# run NAME WORDS...: installs without a service, which would only take time.
run() {
  expect "$1: msiexec" "code 0" "$(install "$1" /i "$old" NO_SERVICE=1 "${@:2}")"
  expect "$1: nscp.exe" "yes" "$([ -e "$folder/nscp.exe" ] && echo yes || echo no)"
}
# plain NAME BOOT INI WORDS...
plain() {
  run "$1" "${@:4}"
  check "$1" "$2" "$3"
}

# Wine shows rights as modes, and lets nothing be inherited: so the folder's own.
others() { stat -c %a "$1" | tail -c 2; }

normal-install() {
  # With its service, which must not write into the file either.
  expect "$1: msiexec" "code 0" "$(install "$1" /i "$old" ADDLOCAL=ALL)"
  expect "$1: the service" '*nscp.exe*service --run --name nscp*' "$(service nscp)"
  check "$1" "$boot" "$std"
  local module missing=
  for module in nscp.exe nscp-module.exe nscp-fetch.exe license.txt \
    modules/{CheckSystem,CheckDisk,CheckHelpers,CheckNSCP,WEBServer,Scheduler}.json; do
    [ -e "$folder/$module" ] || missing="$missing $module"
  done
  same "$1: files" "" "$missing"
}
normal-upgrade() {
  { std_file enabled old-password; printf '[foo]\nbar = baz\n'; } | seed
  local before
  before=$(sha256sum <"$folder/nsclient.ini")
  plain "$1" "$boot" "$(lines "${std/<made>/old-password}" '[foo]bar=baz')" ADDLOCAL=ALL
  expect "$1: by a new version" "code 0" "$(install "$1-new" /i "$new" NO_SERVICE=1)"
  check "$1" "$boot" "$(lines "${std/<made>/old-password}" '[foo]bar=baz')"
  same "$1: not a byte changed" "$before" "$(sha256sum <"$folder/nsclient.ini")"
}
normal-install-without-monitoring-tool() { plain "$1" "$boot" "" MONITORING_TOOL=none; }
web-only() {
  plain "$1" "$boot" $'[/modules]webserver=enabled\n[/settings/default]allowed hosts=1.2.3.4
[/settings/default]password=1234567890' MONITORING_TOOL=NONE "${web[@]}" ALLOWED_HOSTS=1.2.3.4
}
password-enabled-web-server() { plain "$1" "$boot" "$std_given" "${web[@]}"; }
upgrade-and-enabled-web-server() {
  std_file disabled old-password | seed
  plain "$1" "$boot" "$std_given" "${web[@]}"
}
configuration-not-allowed() {
  std_file enabled old-password | seed
  local before
  before=$(sha256sum <"$folder/nsclient.ini")
  plain "$1" "$boot" "${std/<made>/old-password}" ALLOW_CONFIGURATION=0 "${web[@]}"
  same "$1: not a byte changed" "$before" "$(sha256sum <"$folder/nsclient.ini")"
}
insecure-nrpe() { plain "$1" "$boot" "${std/"$secure"/"$insecure"}" NRPEMODE=LEGACY; }
boot.ini-normal-config() { plain "$1" "$boot"$'\n'"$tls" "$std" "${tls_given[@]}"; }
boot.ini-rest-config() {
  plain "$1" "[settings]1=$rest"$'\n'"$tls" "" "${tls_given[@]}" "CONFIGURATION_TYPE=$rest"
  expect "$1: the store is read" '*checkhelpers=enabled*' \
    "$(wine "$folder/nscp.exe" settings --list 2>&1 | tr -d '\r' | tr '[:upper:]' '[:lower:]')"
}
boot.ini-rest-config-without-monitoring-tool() {
  plain "$1" "[settings]1=$rest"$'\n'"$tls" "" "${tls_given[@]}" "CONFIGURATION_TYPE=$rest" \
    MONITORING_TOOL=none
}
boot.ini-rest-config-verified() {
  plain "$1" "[settings]1=$rest" "" "CONFIGURATION_TYPE=$rest"
  expect "$1: a server that nobody knows is not believed" '*certificate*' \
    "$(wine "$folder/nscp.exe" settings --list 2>&1 | tr -d '\r' | tr '[:upper:]' '[:lower:]')"
}
boot.ini-rest-import-with-nrpe() {
  plain "$1" "$boot"$'\n'"$tls" "[/modules]checkhelpers=enabled
[/modules]nrpeserver=enabled
$secure
[/settings/nrpe/server]ssl options=
[/settings/default]allowed hosts=10.0.0.1" "${tls_given[@]}" "IMPORT_CONFIG=$rest"
}
import-that-fails() {
  expect "$1: msiexec" "code 67" \
    "$(install "$1" /i "$old" NO_SERVICE=1 "IMPORT_CONFIG=${rest%.ini}.no-such")"
  expect "$1: the log says why" '*IMPORT_CONFIG*' "$(said "$1" 'could not be applied')"
  same "$1: nothing is left" "" "$(files "$folder")"
}
registry-settings() {
  plain "$1" "[settings]1=$registry" "" "CONFIGURATION_TYPE=$registry"
  expect "$1: they are there" '*CheckSystem*enabled*' \
    "$(wine reg query 'HKLM\software\NSClient++\modules' 2>/dev/null | tr -d '\r')"
}
op5() { plain "$1" "[settings]1=$registry" "" MONITORING_TOOL=OP5; }
op5-ini-file() {
  plain "$1" "$boot" "$(lines "$checks" "$insecure" '[/includes]op5=op5.ini' \
    '[/modules]nrpeserver=enabled' '[/modules]nscaclient=enabled' \
    '[/modules]nsclientserver=enabled')" MONITORING_TOOL=OP5 "CONFIGURATION_TYPE=$url_of_ini"
}
feature-deselected() {
  plain "$1" "$boot" "$std" ADDLOCAL=ALL REMOVE=NSCAPlugin
  same "$1: its files" "no" "$([ -e "$folder/modules/Scheduler.json" ] && echo yes || echo no)"
}
enrolled-upgrade() {
  { std_file enabled old; printf '[/includes]\nfleet = ${fleet-folder}/fleet.ini\n'; } | seed
  plain "$1" "$boot" \
    "$(lines "${std/<made>/old}" '[/includes]fleet=${fleet-folder}/fleet.ini')" ADDLOCAL=ALL
}

readonly modern=$'[layout]mode=modern\n'$boot
layout-modern-install() {
  expect "$1: msiexec" "code 0" "$(install "$1" /i "$old" LAYOUT=modern)"
  check "$1" "$modern" "$std" "$data"
  same "$1: closed to others" 0 "$(others "$data")"
  same "$1: none beside the program" "no" "$([ -e "$folder/nsclient.ini" ] && echo yes || echo no)"
  expect "$1: a removal" "code 0" "$(install "$1-remove" /x "$old")"
  same "$1: leaves the settings" "./nsclient.ini" "$(files "$data")"
  same "$1: and no program" "" "$(files "$folder")"
  expect "$1: installed again" "code 0" \
    "$(install "$1-again" /i "$new" NO_SERVICE=1 LAYOUT=modern)"
  check "$1" "$modern" "$std" "$data"
}
layout-modern-upgrade() {
  { std_file enabled old-password; printf '[foo]\nbar = baz\n'; } | seed
  mkdir -p "$folder/security"
  echo mine >"$folder/security/own.pem"
  echo roots >"$folder/security/windows-ca.pem"
  run "$1" LAYOUT=modern
  local ini
  ini=$(lines "${std/<made>/old-password}" '[foo]bar=baz')
  check "$1" "$modern" "$ini" "$data"
  same "$1: closed to others" 0 "$(others "$data")"
  same "$1: moved" "./nsclient.ini ./security/own.pem" "$(files "$data")"
  same "$1: what stays" "roots" "$(cat "$folder/security/windows-ca.pem")"
  same "$1: none beside the program" "" \
    "$(cd "$folder" && ls -d nsclient.ini security/own.pem 2>/dev/null)"
  # The next one, and one that asks for what only a command may do.
  expect "$1: the second upgrade" "code 0" \
    "$(install "$1-second" /i "$new" NO_SERVICE=1 LAYOUT=legacy)"
  expect "$1: says what it ignores" '*LAYOUT=legacy is ignored*' "$(said "$1-second" 'is ignored')"
  check "$1" "$modern" "$ini" "$data"
  same "$1: still none beside the program" "" "$(cd "$folder" && ls -d nsclient.ini 2>/dev/null)"
  expect "$1: back by hand" '*Using the legacy layout now*' \
    "$(wine "$folder/nscp.exe" settings --migrate-layout legacy 2>&1)"
  check "$1" "${modern/=modern/=legacy}" "$ini"
}
layout-modern-in-a-folder-of-others() {
  mkdir -p "$data"
  chmod 777 "$data"
  echo planted >"$data/nsclient.ini"
  std_file enabled old-password | seed
  expect "$1: msiexec" "code 67" "$(install "$1" /i "$old" NO_SERVICE=1 LAYOUT=modern)"
  expect "$1: says why" '*is not empty*' "$(said "$1" 'could not be applied')"
  same "$1: the settings stay" "${std/<made>/old-password}" "$(flat "$folder/nsclient.ini")"
  same "$1: and no others" "./nsclient.ini" "$(files "$folder")"
}

passwords() {
  # Wine's msiexec loses double quotes, makes one blank of several, and doubles a backslash at the
  # end.
  local password number=0 again=()
  for password in 'a b c' '$!%&(){}[]^=;,`~' 'café ÄÖ€' '[X] [NSCLIENT_PWD]' '${exe-path}' \
    "it's" '; none' 'back\slash' '#;=' '%PATH% !x!' '<>|&'; do
    number=$((number + 1))
    expect "$1: msiexec" "code 0" "$(install "$1-$number" /i "$old" NO_SERVICE=1 MONITORING_TOOL=none \
      CONF_WEB=1 "NSCLIENT_PWD=$password" "${again[@]}")"
    again=(REINSTALL=ALL REINSTALLMODE=vomus)
    same "$1: $password" "password = $password" "$(tr -d '\r' <"$folder/nsclient.ini" | grep ^password)"
  done
}
password-that-can-not-be() {
  local password
  for password in ' before' 'behind '; do
    expect "$1: msiexec" "code 67" \
      "$(install "$1" /i "$old" NO_SERVICE=1 CONF_WEB=1 "NSCLIENT_PWD=$password")"
    expect "$1: says why" '*begins or ends with a blank*' "$(said "$1" 'could not be applied')"
    same "$1: nothing is left" "" "$(files "$folder")"
  done
}
password-empty() {
  plain "$1" "$boot" $'[/modules]webserver=enabled\n[/settings/default]password=<made>' \
    MONITORING_TOOL=none CONF_WEB=1 NSCLIENT_PWD=
}

readonly cases=(normal-install normal-upgrade normal-install-without-monitoring-tool web-only
  password-enabled-web-server upgrade-and-enabled-web-server configuration-not-allowed insecure-nrpe
  boot.ini-normal-config boot.ini-rest-config boot.ini-rest-config-without-monitoring-tool
  boot.ini-rest-config-verified boot.ini-rest-import-with-nrpe import-that-fails registry-settings op5
  op5-ini-file feature-deselected enrolled-upgrade layout-modern-install layout-modern-upgrade
  layout-modern-in-a-folder-of-others passwords password-that-can-not-be password-empty)
[ ${#wanted[@]} != 0 ] || wanted=("${cases[@]}")

make_msis "$programs"
start_server
stop_server() {
  kill "$server_process"
  finish
}
trap stop_server EXIT
for name in "${wanted[@]}"; do
  started=$SECONDS
  fresh "$name"
  "$name" "$name"
  echo "case $name: $((SECONDS - started)) s"
  rm -rf "${WINEPREFIX:?}/drive_c/Program Files"
done
echo "${#wanted[@]} cases in $((SECONDS - began)) s, $failed failures"
[ $failed = 0 ]
