#!/usr/bin/env bash
# Sets up what is missing, runs every test, and ends with `N passed, N failed, N skipped`.
# A stage reports its counts with `count`; one that ends without a report counts as a failure.
set -u
cd "$(dirname "$0")/.." || exit 1

build=$PWD/_build
export R_LIBS=$build/library${R_LIBS:+:$R_LIBS} LC_ALL=C.UTF-8
# The package is compiled once: with ccache the check finds the objects of the installation, if both
# have the same flags and no debugging symbols, which hold the folder's name.
export R_MAKEVARS_USER=$PWD/tools/Makevars
[ ! -d /usr/lib/ccache ] || export PATH=/usr/lib/ccache:$PATH
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

# All that is built of the core, and the runs that need no more than one core beside each other.
build_core() {
  # No binary of an earlier build is left to run if this one fails.
  mkdir -p "$build/core" && find "$build/core" -type f -perm -u+x -delete
  make -s -j2 -C tests/core VARIANT=g++ tests &&
    make -s -j2 -C tests/core VARIANT=clang++ tests fuzzers &&
    make -s -j2 -C tests/core VARIANT=thread tests
}

run_core() {
  timeout 600 "$build/core/$1/tests" "${@:2}" >"$build/core-$1.log" 2>&1
  echo $? >"$build/core-$1.status"
}

core_tests() {
  rm -f "$build"/core-*.log "$build"/core-*.status
  run_core g++ &
  run_core clang++ &
  wait
  run_core thread --gtest_filter='*hread*:*arallel*'
  count_core g++
  count_core clang++
  count_core thread
}

# What one GoogleTest binary reported.
count_core() {
  local log=$build/core-$1.log status started ok bad skip
  status=$(<"$build/core-$1.status")
  # A test that was started and never ended is the one that died.
  started=$(grep -c '^\[ RUN      \]' "$log")
  ok=$(grep -c '^\[       OK \] .* ms)$' "$log")
  skip=$(grep -c '^\[  SKIPPED \] .* ms)$' "$log")
  bad=$((started - ok - skip))
  echo "$1:"
  if [ "$status" = 0 ] && [ "$started" != 0 ]; then
    grep -E -A1 ': Skipped$|^\[  PASSED' "$log"
  else
    grep -vE '^\[( RUN      |       OK |----------)\]' "$log"
    [ "$bad" != 0 ] || bad=1
  fi
  count "$ok" "$bad" "$skip"
}

fuzz() {
  local target name
  for target in tests/core/fuzz_*.cpp; do
    name=$(basename "$target" .cpp)
    run_fuzzer "$name" &
  done
  wait
  for target in tests/core/fuzz_*.cpp; do
    name=$(basename "$target" .cpp)
    if [ "$(<"$build/$name.status")" = 0 ]; then
      echo "$name: $(tail -n 1 "$build/$name.log")"
      count 1 0 0
    else
      tail -n 60 "$build/$name.log"
      count 0 1 0
    fi
  done
}

run_fuzzer() {
  mkdir -p "$build/core/$1-corpus"
  "$build/core/clang++/$1" -max_total_time="$fuzz_seconds" -timeout=20 \
    -artifact_prefix="$build/" "$build/core/$1-corpus" >"$build/$1.log" 2>&1
  echo $? >"$build/$1.status"
}

r_tests() {
  rm -f "$build/r-counts"
  timeout 900 Rscript tools/run-tests.R "$build/r-counts"
  [ ! -f "$build/r-counts" ] || count $(<"$build/r-counts")
}

# Under other options, in another locale and with a decimal comma: whatever reads, formats, sorts,
# names or prints. Left out for the time they take are files of arithmetic alone (random families,
# data sets, published numbers, attacks on releases), those that draw or measure what others make
# in the same way (pictures, ranges, composition), and those that make their own sessions.
hostile_tests() {
  local others='interrupt|layers|words-lint|bench|session|long-vector|pictures|table-mask|risk-data-odd'
  others+='|plot-(adjusted-range|compose)|logrank-(survdiff|combined|robust)|release-(attack|curves)'
  others+='|report-attack|.*(random|datasets|published)'
  rm -f "$build/hostile-counts"
  LC_ALL='' LANG=C.UTF-8 TEST_SESSION=hostile timeout 900 Rscript tools/run-tests.R \
    "$build/hostile-counts" "^(?!($others))"
  [ ! -f "$build/hostile-counts" ] || count $(<"$build/hostile-counts")
}

# The figures on the newest ggplot2; a skip, said aloud, where it can't be had in time.
newest_ggplot2() {
  local library=$build/newest
  if ! timeout 120 Rscript tools/newest-ggplot2.R "$library" 2>&1; then
    echo "skipped: the newest ggplot2 is not at hand"
    count 0 0 1
    return
  fi
  rm -f "$build/newest-counts"
  R_LIBS=$library:$R_LIBS timeout 300 Rscript tools/run-tests.R "$build/newest-counts" '^(plot|figure)'
  [ ! -f "$build/newest-counts" ] || count $(<"$build/newest-counts")
}

# What other packages make of our models and curves.
friends() {
  rm -f "$build/friends-counts"
  timeout 180 Rscript tools/run-friends.R "$build/friends-counts"
  [ ! -f "$build/friends-counts" ] || count $(<"$build/friends-counts")
}

# The report of `make demo`, as a reader opens it.
open_report() {
  rm -f "$build"/demo*
  timeout 300 Rscript tools/demo.R >"$build/demo.log" 2>&1 || { cat "$build/demo.log"; return 1; }
  timeout 300 Rscript tools/browse.R "$build/demo.html"
}

mkdir -p "$build"
stage "set-up" needed tools/setup.sh test
stage "install" needed make -s install
stage "core, build" needed build_core
stage "core, tests" core_tests
stage "core, fuzz" fuzz
stage "R tests" r_tests
stage "friends" friends
stage "R tests, hostile session" hostile_tests
stage "newest ggplot2" newest_ggplot2
stage "report in a browser" one open_report
stage "R CMD check" one timeout 900 Rscript tools/check.R --no-tests
stage "lintr" one Rscript tools/lint.R
stage "clang-format" one make -s check-format

printf '\n'
[ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
