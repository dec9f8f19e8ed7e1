#!/bin/bash
# Runs every fuzz program of a build for a while, on its first inputs and what it finds from there.
# What it found stays in the build folder; the inputs in tests/fuzz are not touched.
#
# usage: tests/fuzz/run.sh BUILD SECONDS-FOR-EACH
set -uo pipefail
build=$1
seconds=$2
shopt -s nullglob
programs=("$build"/fuzz/*_fuzz)
if [ ${#programs[@]} = 0 ]; then
  echo "$0: no fuzz program in $build/fuzz: build with the preset fuzz" >&2
  exit 1
fi

run() {
  local program=$1 name found
  name=$(basename "$program" _fuzz)
  found=$build/fuzz/found/$name
  mkdir -p "$found"
  local seeds=() words=()
  [ -d "tests/fuzz/$name" ] && seeds=("tests/fuzz/$name")
  [ -f "tests/fuzz/$name.dict" ] && words=("-dict=tests/fuzz/$name.dict")
  if "$program" "${words[@]}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="$build/fuzz/$name-" "$found" "${seeds[@]}" >"$build/fuzz/$name.log" 2>&1
  then
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz/$name.log") runs, nothing found"
  else
    echo "$name: FAILED
$(tail -30 "$build/fuzz/$name.log")"
    return 1
  fi
}
export -f run
export build seconds

# One for each processor; xargs fails when one of them has.
printf '%s\0' "${programs[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'shopt -s nullglob; run "$1"' fuzz
