# shellcheck shell=bash
# Source this file: it runs groups of tests, adds up their results, and ends with one line that says it all.
#
#   results_begin <folder>                   logs go there
#   results_run <name> <counter> <command>   runs a group, shows its output, counts with one of the counters below
#   results_skip <name> <reason>             a group that cannot run here; a failure with CI=true
#   results_end                              prints the totals; fails if anything did
#
# A counter reads the log of a group and prints `passed failed skipped`.

results_begin() {
  results_folder=$1 results_passed=0 results_failed=0 results_skipped=0
  results_bad_groups=()
  mkdir -p "$results_folder"
}

results_run() {
  local name=$1 counter=$2 status=0 passed failed skipped
  shift 2
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$results_folder/$name.log" || status=$?
  read -r passed failed skipped < <("$counter" "$results_folder/$name.log")
  # A group that dies on the way has counted nothing; one that counts failures must not end well.
  if ((status != 0 && failed == 0 || passed + failed + skipped == 0)); then failed=$((failed + 1)); fi
  results_add "$name" "$passed" "$failed" "$skipped"
}

results_skip() {
  printf '\n== %s\n' "$1"
  echo "skipped: $2"
  results_add "$1" 0 0 1
}

results_add() {
  local name=$1 passed=$2 failed=$3 skipped=$4
  if [[ ${CI:-} == true ]] && ((skipped > 0)); then
    echo "$name: with CI=true nothing may be skipped"
    failed=$((failed + skipped)) skipped=0
  fi
  results_passed=$((results_passed + passed))
  results_failed=$((results_failed + failed))
  results_skipped=$((results_skipped + skipped))
  if ((failed > 0)); then results_bad_groups+=("$name"); fi
}

results_end() {
  printf '\n'
  if ((results_failed > 0)); then echo "failed in: ${results_bad_groups[*]} (logs in $results_folder)"; fi
  if ((results_skipped > 0)); then echo "$results_skipped skipped"; fi
  echo "$results_passed passed, $results_failed failed"
  ((results_failed == 0))
}

# sum_of <extended regular expression with one group> <file>: adds up all numbers that the group matches.
sum_of() { sed -nE "s/.*$1.*/\1/p" "$2" | awk '{sum += $1} END {print sum + 0}'; }

count_lines() { grep -cE "$1" "$2" || true; }

count_ctest() {
  echo "$(count_lines '^ *[0-9]+/[0-9]+ Test .* Passed ' "$1")" \
    "$(count_lines '^ *[0-9]+/[0-9]+ Test .*\*\*\*(Failed|Timeout|Exception|Not Run|Bad)' "$1")" \
    "$(count_lines '^ *[0-9]+/[0-9]+ Test .*\*\*\*Skipped' "$1")"
}

count_unittest() {
  local ran failed skipped
  ran=$(sum_of '^Ran ([0-9]+) tests?' "$1")
  # One test may fail at many places, each counted by unittest.
  failed=$(($(sum_of 'failures=([0-9]+)' "$1") + $(sum_of 'errors=([0-9]+)' "$1")))
  skipped=$(sum_of 'skipped=([0-9]+)' "$1")
  echo "$((ran > failed + skipped ? ran - failed - skipped : 0)) $failed $skipped"
}

# Scenarios that are only reported fail nothing.
count_conformance() {
  echo "$(count_lines '^  ok ' "$1") $(count_lines '^  FAIL (required|beyond) ' "$1") 0"
}

count_node() {
  # The sign before the word is `#` or an i in a circle, depending on the reporter.
  echo "$(sum_of '^[^ ]+ pass ([0-9]+)$' "$1") $(sum_of '^[^ ]+ fail ([0-9]+)$' "$1")" \
    "$(sum_of '^[^ ]+ skipped ([0-9]+)$' "$1")"
}
