# shellcheck shell=bash
# For test-msi.sh and test-properties.sh, which read it: a Windows of its own for each case, and what
# they ask of the installer. They set `work`, a folder of theirs, and `logs`.
#   NSCP_MSI_LOGS  a folder for the installer's logs; they hold the passwords under wine
readonly wait_seconds=120
export WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
unset DISPLAY WINEPREFIX
keeper=
failed=0
logs=${NSCP_MSI_LOGS:-$work/logs}
mkdir -p "$logs"

stop_windows() {
  [ -z "$keeper" ] || exec {keeper}>&-
  keeper=
  wineserver -k
  wineserver -w
}
finish() {
  [ -z "${WINEPREFIX:-}" ] || stop_windows
  rm -rf "$work"
}
trap finish EXIT

# fresh NAME: a new Windows. A fresh one can run its services twice until it is started anew, and
# without a program that waits it ends its services with the last command. Files of Windows are
# shared with the template by hard links: nobody changes them, and wine writes its registry anew.
fresh() {
  [ -z "${WINEPREFIX:-}" ] || stop_windows
  if [ ! -d "$work/template" ]; then
    export WINEPREFIX=$work/template
    wineboot -i >/dev/null 2>&1
    stop_windows
  fi
  export WINEPREFIX=$work/$1
  cp -al "$work/template" "$WINEPREFIX"
  cp --remove-destination "$work"/template/*.reg "$WINEPREFIX/"
  exec {keeper}> >(exec wine cmd >/dev/null 2>&1)
  wine cmd /c exit >/dev/null 2>&1
  folder="$WINEPREFIX/drive_c/Program Files/NSClient++"
  # shellcheck disable=SC2034  # for test-properties.sh
  data="$WINEPREFIX/drive_c/ProgramData/NSClient++"
}

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

# install LOG WORDS...: msiexec's exit code, whose low byte is all that wine gives: 67 is 1603, 91 is 1627.
# Rarely wine gives 1, which is no code of msiexec's. Without a log the program was never started,
# and is started once more; with one, its end is shown.
install() {
  local log=$1 code attempt
  shift
  for attempt in 1 2; do
    timeout $wait_seconds wine msiexec "$@" /q /l*v "Z:$logs/$log.log" >/dev/null 2>&1
    code=$?
    [ $code = 1 ] && [ $attempt = 1 ] && [ ! -e "$logs/$log.log" ] || break
  done
  if [ $code = 1 ] && [ -e "$logs/$log.log" ]; then
    tr -d '\0' <"$logs/$log.log" | tail -n 20 >&2
  fi
  echo "code $code"
}

# said LOG WORDS: the line of the installer's log with these words.
said() { tr -d '\0' <"$logs/$1.log" | grep -a -m 1 "$2"; }

values() { tr -d '\r' <"$folder/$1" | sed 's/^\xef\xbb\xbf//' | grep -v '^;' | grep -v '^$'; }
# service NAME: the command of the service.
service() {
  wine reg query "HKLM\\System\\CurrentControlSet\\Services\\$1" 2>/dev/null | tr -d '\r' |
    grep ImagePath
}
# files FOLDER: all below it.
files() { (cd "$1" 2>/dev/null && find . -type f | LC_ALL=C sort | paste -sd ' '); }

# make_msis PROGRAMS: an old version and a new one; `old` and `new` name them.
make_msis() {
  local version
  for version in 0.1.0 0.2.0; do
    NSCP_MSI_OUT=$work bash packaging/windows/msi/make-msi.sh "$1" $version || exit 1
  done
  # shellcheck disable=SC2034  # for whoever reads this file
  old=Z:$work/NSCP-0.1.0-x64.msi
  # shellcheck disable=SC2034
  new=Z:$work/NSCP-0.2.0-x64.msi
}
