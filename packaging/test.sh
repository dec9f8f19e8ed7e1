#!/bin/bash
# Builds everything and runs every test.
#
# usage: packaging/test.sh [--ci] [stage ...]
#   --ci    fail where a tool for a stage is missing, instead of saying that it is skipped; the unit
#           tests run in stage asan alone, which is where they find most
#   stages: dependencies format release unit arch contract conformance chaos bench asan fuzz windows
#           (default: all)
set -uo pipefail
cd "$(dirname "$0")/.."
# Modules that others may write to are refused.
umask 022

ci=no
stages=()
for argument in "$@"; do
  case $argument in
    --ci) ci=yes ;;
    -*) echo "usage: $0 [--ci] [stage ...]" >&2; exit 64 ;;
    *) stages+=("$argument") ;;
  esac
done
if [ ${#stages[@]} = 0 ]; then
  stages=(dependencies format release)
  [ $ci = yes ] || stages+=(unit)
  stages+=(arch contract conformance chaos bench asan fuzz windows)
fi
unit_tests=ON
case " ${stages[*]} " in *" unit "*) ;; *) unit_tests=OFF ;; esac
jobs=$(nproc)
fuzz_seconds=${NSCP_FUZZ_SECONDS:-3}
table=()
failed=0
log=$(mktemp)
failures=$(mktemp)
trap 'rm -f "$log" "$failures"' EXIT

stage_dependencies() { sh packaging/install-dependencies.sh test; }

stage_format() {
  git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
}

stage_release() {
  cmake --preset release -D NSCP_UNIT_TESTS=$unit_tests && cmake --build build
}
stage_unit() { ctest --test-dir build -L unit --output-on-failure -j "$jobs"; }
stage_arch() { ctest --test-dir build -L arch --output-on-failure; }
stage_contract() { ctest --test-dir build -L contract --output-on-failure -j "$jobs"; }
stage_conformance() {
  ctest --test-dir build -L conformance --output-on-failure -j "$jobs"
}
# That it measures; what it measures on a machine for tests says nothing.
stage_bench() { ctest --test-dir build -L bench --output-on-failure; }
# Alone on the machine: these hold promises of time against killed processes.
stage_chaos() { ctest --test-dir build -L chaos --output-on-failure; }

# Without the tests of the command line (cli_test has its rooms), of pages and of what is written in
# Python: they would see little new here, and take the longest.
stage_asan() {
  local elsewhere='contract_test_(api_tour|cli_.*|completion|pages|python_script|reference|rest_openapi|sample_python)'
  cmake --preset asan && cmake --build build-asan &&
    ctest --test-dir build-asan -L 'unit|contract' -E "$elsewhere" --output-on-failure -j "$jobs"
}

stage_fuzz() {
  cmake --preset asan && cmake --build build-asan --target nscp_fuzz &&
    bash tests/fuzz/run.sh build-asan "$fuzz_seconds"
}

stage_windows() { bash packaging/windows/test.sh; }

for stage in "${stages[@]}"; do
  if ! declare -F "stage_$stage" >/dev/null; then
    echo "$0: there is no stage $stage" >&2
    exit 64
  fi
  printf '\n=== %s\n' "$stage"
  began=$SECONDS
  NSCP_CI=$ci "stage_$stage" 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  took=$((SECONDS - began))
  result=passed
  if [ $code = 77 ]; then
    result=skipped
  elif [ $code != 0 ]; then
    result="FAILED ($code)"
    failed=$((failed + 1))
    # Told again at the end, where it is not buried.
    {
      printf '\n=== %s failed; its errors and last lines:\n' "$stage"
      grep -E 'error:|FAILED|\*\*\*(Failed|Timeout|Exception)' "$log" | head -n 20
      echo ...
      tail -n 40 "$log"
    } >>"$failures"
  fi
  table+=("$(printf '%-14s %6d s  %s' "$stage" "$took" "$result")")
done

cat "$failures"
printf '\n%-14s %8s  %s\n' stage time result
printf '%s\n' "${table[@]}"
printf '%-14s %6d s\n' total "$SECONDS"
printf '\n%d passed, %d failed\n' $((${#table[@]} - failed)) "$failed"
[ "$failed" = 0 ]
