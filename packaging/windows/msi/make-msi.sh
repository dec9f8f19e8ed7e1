#!/bin/bash
# Makes the MSI from programs that are built. The same input gives the same bytes.
#
# usage: packaging/windows/msi/make-msi.sh [PROGRAMS [VERSION]]
#   PROGRAMS  the folder with nscp.exe and modules/ (default: build-windows/bin)
#   VERSION   default: that of CMakeLists.txt
#   NSCP_MSI_OUT       where the MSI goes (default: build-windows)
#   SOURCE_DATE_EPOCH  the time in it (default: that of the last commit)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
programs=$(cd "${1:-$root/build-windows/bin}" && pwd)
version=${2:-$(sed -n 's/^project(nscp VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")}
out=${NSCP_MSI_OUT:-$root/build-windows}
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
triplet=x86_64-w64-mingw32
# This product's for ever: by it Windows Installer knows versions of one product.
upgrade_code=8B0B3C5E-6A0B-4F0C-9A44-5D6E3C2F7A10
export SOURCE_DATE_EPOCH=$epoch TZ=UTC

sh "$root/packaging/install-dependencies.sh" windows msi
if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
  echo "$0: the version \"$version\" is not three numbers, which an MSI needs" >&2
  exit 64
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
msi=$work/nscp.msi

# uuid5 NAME...: one for each, the same for the same name.
uuid5() {
  python3 -c 'import sys, uuid
for name in sys.argv[2:]:
    print(str(uuid.uuid5(uuid.UUID(sys.argv[1]), name)).upper())' "$upgrade_code" "$@"
}

stage() {
  local program
  mkdir -p "$work/payload/modules"
  for program in nscp nscp-module nscp-fetch; do
    $triplet-strip -o "$work/payload/$program.exe" "$programs/$program.exe"
  done
  cp "$programs"/modules/*.json "$work/payload/modules/"
  if [ -e "$programs/modules/LUAScript.json" ]; then
    mkdir -p "$work/payload/lua"
    cp "$root"/workers/lua_script/scripts/*.lua "$work/payload/lua/"
  fi
  # Windows' own editor shows lines that end with LF alone as one.
  sed 's/$/\r/' "$root/LICENSE" >"$work/payload/license.txt"
  sed -e "s/@VERSION@/$version/g" -e "s/@NUMBERS@/${version//./,},0/g" \
    -e "s/@FILE@/ca.dll/; s/@WHAT@/Installer actions/" -e 's/@TYPE@/0x2L/' \
    "$here/../version.rc.in" >"$work/ca.rc"
  $triplet-windres --codepage=65001 "$work/ca.rc" "$work/ca.res.o"
  $triplet-gcc-posix -std=c11 -Wall -Wextra -Werror -Os -s -shared -static \
    -o "$work/payload/ca.dll" "$here/actions_win32.c" "$work/ca.res.o" \
    -Wl,--kill-at,--no-insert-timestamp,--disable-auto-image-base -lmsi
  find "$work/payload" -exec touch -h -d "@$epoch" {} +
}

# component NAME GUID FILE: one of one file.
component() {
  cat <<COMPONENT
      <Component Id="$1" Guid="$2" Win64="yes">
        <File Id="${3##*/}" Source="payload/$3" KeyPath="yes" />
      </Component>
COMPONENT
}

# The scripts that come with LUAScript, in its feature.
write_scripts() {
  local scripts ids i
  scripts=("$work"/payload/lua/*.lua)
  scripts=("${scripts[@]##*/}")
  mapfile -t ids < <(uuid5 "${scripts[@]/#/component lua/}")
  echo '<ComponentGroup Id="LuaScriptFiles" Directory="LuaFolder">'
  for i in "${!scripts[@]}"; do
    component "Lua${scripts[i]%.lua}" "${ids[i]}" "lua/${scripts[i]}"
  done
  echo '</ComponentGroup>'
}

# A component for each manifest, in the group of its feature (features.txt).
write_modules() {
  local modules ids i module feature more
  declare -A groups=([MainProgram]='')
  modules=("$work"/payload/modules/*.json)
  modules=("${modules[@]##*/}")
  modules=("${modules[@]%.json}")
  mapfile -t ids < <(uuid5 "${modules[@]/#/component }")
  for i in "${!modules[@]}"; do
    module=${modules[i]}
    feature=$(awk -v m="$module" '$1 == m { print $2 }' "$here/features.txt")
    if [ -z "$feature" ]; then
      echo "$0: say in features.txt which feature the module $module belongs to" >&2
      return 1
    fi
    groups[$feature]+=$(component "Module$module" "${ids[i]}" "modules/$module.json")
  done
  {
    echo '<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi"><Fragment>'
    for feature in $(printf '%s\n' "${!groups[@]}" | LC_ALL=C sort); do
      echo "<ComponentGroup Id=\"${feature}Modules\" Directory=\"ModulesFolder\">"
      echo "${groups[$feature]}"
      echo "</ComponentGroup>"
    done
    [ ! -d "$work/payload/lua" ] || write_scripts
    echo '</Fragment></Wix>'
  } >"$work/modules.wxs"
  for feature in $(printf '%s\n' "${!groups[@]}" | LC_ALL=C sort); do
    [ "$feature" = MainProgram ] && continue
    more=
    [ "$feature" != LuaScript ] || more='<ComponentGroupRef Id="LuaScriptFiles" />'
    echo "<Feature Id=\"$feature\" Level=\"1\" Title=\"$feature\" AllowAdvertise=\"no\">" \
      "<ComponentGroupRef Id=\"${feature}Modules\" />$more</Feature>"
  done >"$work/features"
  sed -e "/@FEATURES@/{r $work/features" -e 'd}' "$here/nscp.wxs" >"$work/nscp.wxs"
}

# A tool with the clock standing still, for it writes the time.
steady() {
  NO_FAKE_STAT=1 faketime -f "$(date -u -d "@$epoch" '+%Y-%m-%d %H:%M:%S')" "$@"
}

# What wixl does not understand it tells and leaves out: that must not pass. It takes no absolute
# paths.
run_wixl() {
  if ! (cd "$work" && steady wixl -a x64 -D "VERSION=$version" -D PAYLOAD=payload \
    -D "PRODUCT=$(uuid5 "product $version")" -D "UPGRADE=$upgrade_code" \
    -o nscp.msi nscp.wxs modules.wxs 2>wixl.log); then
    cat "$work/wixl.log" >&2
    return 1
  fi
  if grep -E 'WARNING|CRITICAL' "$work/wixl.log" >&2; then
    echo "$0: wixl left something out" >&2
    return 1
  fi
}

change() { steady msibuild "$msi" -q "$1"; }

# What wixl has no word for, or writes in another order each time. Tables in the repository have LF
# line ends, msibuild wants CRLF.
fix_tables() {
  local table action number condition
  for table in "$here"/tables/*.idt; do
    sed 's/$/\r/' "$table" >"$work/$(basename "$table")"
    steady msibuild "$msi" -i "$work/$(basename "$table")"
  done
  while read -r action number condition; do
    case $action in '' | '#'*) continue ;; esac
    change "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Condition\`, \`Sequence\`)
      VALUES ('$action', '$condition', $number)"
  done <"$here/actions.txt"
  # Behind InstallInitialize: a failed upgrade brings the old version back.
  change "UPDATE \`InstallExecuteSequence\` SET \`Sequence\` = 1501
    WHERE \`Action\` = 'RemoveExistingProducts'"
  for action in InstallServices StartServices; do
    change "UPDATE \`InstallExecuteSequence\` SET \`Condition\` = 'VersionNT AND NOT NO_SERVICE'
      WHERE \`Action\` = '$action'"
  done
  # They pass from the user's msiexec to the service that installs.
  change "UPDATE \`Property\` SET \`Value\` = '$(secure_properties)'
    WHERE \`Property\` = 'SecureCustomProperties'"
  steady msibuild "$msi" -s "Installation Database" "NSClient++" "x64;1033" \
    "{$(uuid5 "package $version")}"
}

secure_properties() {
  local own
  own=$(sed -n '/kSettings\[\]/,/};/p' "$here/actions_win32.c" | grep -o '"[A-Z0-9_]*"' | tr -d '"' |
    paste -sd ';')
  echo "$(msiinfo export "$msi" Property | awk -F '\t' '$1 == "SecureCustomProperties" { print $2 }' |
    tr -d '\r');$own;INSTALLLOCATION;SERVICE_NAME;APP_TITLE;NO_SERVICE"
}

# The order that the actions rely on, by name: each behind the one before it.
check_order() {
  msiinfo export "$msi" InstallExecuteSequence | tr -d '\r' | awk -F '\t' 'NR > 3 { print $1, $3 }' \
    >"$work/sequence"
  local action number last=0 before=the\ start
  for action in AppSearch UseSavedLocation CostInitialize CostFinalize PrepareActions \
    InstallValidate InstallInitialize RemoveExistingProducts StopServices WaitForEnd CloseFirewall \
    DeleteServices CleanUp RemoveFiles RemoveFolders CreateFolders InstallFiles UndoSettings \
    ApplySettings KeepSettings UndoFirewall OpenFirewall InstallServices MsiConfigureServices \
    StartServices InstallFinalize; do
    number=$(awk -v a="$action" '$1 == a { print $2 }' "$work/sequence")
    if [ -z "$number" ] || [ "$number" -le "$last" ]; then
      echo "$0: the action $action (${number:-missing}) does not come behind $before ($last):" >&2
      sort -n -k 2 "$work/sequence" >&2
      return 1
    fi
    last=$number
    before=$action
  done
}

stage
write_modules
run_wixl
fix_tables
check_order
mkdir -p "$out"
mv "$msi" "$out/NSCP-$version-x64.msi"
echo "$out/NSCP-$version-x64.msi: $(stat -c %s "$out/NSCP-$version-x64.msi") bytes," \
  "sha256 $(sha256sum "$out/NSCP-$version-x64.msi" | cut -d ' ' -f 1)"
