#!/usr/bin/env bash
# Sets up what is missing, runs every test, and ends with `N passed, N failed, N skipped`.
# A stage reports its counts with `count`; one that ends without a report counts as a failure.
set -u
cd "$(dirname "$0")/.." || exit 1

build=$PWD/_build
export R_LIBS=$build/library${R_LIBS:+:$R_LIBS} LC_ALL=C.UTF-8
fuzz_seconds=${FUZZ_SECONDS:-30}

passed=0 failed=0 skipped=0
reported=no
count() {
  passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
  reported=yes
}
stage() {
  local started=$SECONDS before=$failed
  printf '\n== %s\n' "$1"
  reported=no
  "${@:2}"
  [ $reported = yes ] || { echo "$1: died"; count 0 1 0; }
  [ "$failed" = "$before" ] || failures+=("$1")
  printf '== %s: %d s\n' "$1" $((SECONDS - started))
}
failures=()

# A command that is one test.
one() { if "$@"; then count 1 0 0; else count 0 1 0; fi; }
# A command that is no test, but whose failure counts as one.
needed() { if "$@"; then count 0 0 0; else count 0 1 0; fi; }

# The GoogleTest binary of one compiler and its sanitizers.
core_tests() {
  local log=$build/core-$1.log status started ok bad skip
  make -s -j2 -C tests/core VARIANT="$1" tests || return
  timeout 600 "$build/core/$1/tests" "${@:2}" >"$log" 2>&1
  status=$?
  # A test that was started and never ended is the one that died.
  started=$(grep -c '^\[ RUN      \]' "$log")
  ok=$(grep -c '^\[       OK \] .* ms)$' "$log")
  skip=$(grep -c '^\[  SKIPPED \] .* ms)$' "$log")
  bad=$((started - ok - skip))
  if [ $status = 0 ] && [ "$started" != 0 ]; then
    grep -E -A1 ': Skipped$|^\[  PASSED' "$log"
  else
    grep -vE '^\[( RUN      |       OK |----------)\]' "$log"
    [ "$bad" != 0 ] || bad=1
  fi
  count "$ok" "$bad" "$skip"
}

fuzz() {
  make -s -j2 -C tests/core VARIANT=fuzz fuzzers || return
  local target log
  for target in tests/core/fuzz_*.cpp; do
    target=$build/core/fuzz/$(basename "$target" .cpp)
    log=$build/$(basename "$target").log
    mkdir -p "$target-corpus"
    if "$target" -max_total_time="$fuzz_seconds" -timeout=20 -artifact_prefix="$build/" \
      "$target-corpus" >"$log" 2>&1; then
      echo "$(basename "$target"): $(tail -n 1 "$log")"
      count 1 0 0
    else
      tail -n 60 "$log"
      count 0 1 0
    fi
  done
}

r_tests() {
  rm -f "$build/r-counts"
  timeout 900 Rscript tools/run-tests.R "$build/r-counts"
  [ ! -f "$build/r-counts" ] || count $(<"$build/r-counts")
}

mkdir -p "$build"
stage "set-up" needed tools/setup.sh test
stage "install" needed make -s install
stage "core, g++" core_tests g++
stage "core, clang++" core_tests clang++
stage "core, threads" core_tests thread --gtest_filter='*hread*:*arallel*'
stage "core, fuzz" fuzz
stage "R tests" r_tests
stage "R CMD check" one timeout 900 Rscript tools/check.R
stage "lintr" one Rscript tools/lint.R
stage "clang-format" one make -s check-format

printf '\n'
[ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
