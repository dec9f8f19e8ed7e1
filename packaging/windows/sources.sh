# shellcheck shell=bash
# For build-deps.sh and build-lua.sh, which read it: Debian's source packages. They set `work`, a
# folder of theirs. apt checks the archive's signature.
#   NSCP_DEBIAN_MIRROR  a mirror other than http://deb.debian.org

# apt with lists of its own, so that the machine needs no deb-src line and keeps its state.
private_apt() {
  local key="[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
  local mirror=${NSCP_DEBIAN_MIRROR:-http://deb.debian.org}
  mkdir -p "$work"/apt/{lists,cache}/partial
  cat >"$work/apt/sources.list" <<LIST
deb-src $key $mirror/debian bookworm main
deb-src $key $mirror/debian bookworm-updates main
deb-src $key $mirror/debian-security bookworm-security main
LIST
  apt-get -q -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" "$@"
}

# fetch NAME VERSION ...: unpacks the first version that the archive has into $work/src/NAME.
fetch() {
  local name=$1 version
  shift
  mkdir -p "$work/download" "$work/src"
  for version in "$@"; do
    if (cd "$work/download" &&
      private_apt source --only-source --download-only "$name=$version"); then
      # A file's name holds no epoch; none of these packages has one.
      rm -rf "$work/src/$name.part"
      dpkg-source -x "$work/download/${name}_$version.dsc" "$work/src/$name.part"
      mv "$work/src/$name.part" "$work/src/$name"
      return
    fi
  done
  echo "None of the locked versions of $name is in the archive: $*" >&2
  return 1
}
