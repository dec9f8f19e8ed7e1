#!/bin/bash
# Runs every fuzz program of a build for a while, on its first inputs and what it finds from there.
# What it found stays in the build folder; the inputs in tests/fuzz are not touched.
#
# usage: tests/fuzz/run.sh BUILD SECONDS-FOR-EACH
set -uo pipefail
build=$1
seconds=$2
failed=0
shopt -s nullglob
programs=("$build"/fuzz/*_fuzz)
if [ ${#programs[@]} = 0 ]; then
  echo "$0: no fuzz program in $build/fuzz: build with the preset fuzz" >&2
  exit 1
fi
for program in "${programs[@]}"; do
  name=$(basename "$program" _fuzz)
  found=$build/fuzz/found/$name
  mkdir -p "$found"
  seeds=()
  [ -d "tests/fuzz/$name" ] && seeds=("tests/fuzz/$name")
  words=()
  [ -f "tests/fuzz/$name.dict" ] && words=("-dict=tests/fuzz/$name.dict")
  if "$program" "${words[@]}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="$build/fuzz/$name-" "$found" "${seeds[@]}" >"$build/fuzz/$name.log" 2>&1
  then
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz/$name.log") runs, nothing found"
  else
    echo "$name: FAILED"
    tail -30 "$build/fuzz/$name.log"
    failed=$((failed + 1))
  fi
done
[ "$failed" = 0 ]
