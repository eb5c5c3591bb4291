#!/usr/bin/env bash
# Every step of `make test`, each in its own script. All run, whatever fails; the last lines say
# what took how long and how many passed.
source "$(dirname "$0")/common.sh"
steps=(lint test-cpp test-crash test-python test-consumers test-docs test-examples test-gate
  test-threads test-sanitizers)
passed=0
failed=0
table=""
for step in "${steps[@]}"; do
  say "$step"
  begin=$SECONDS
  if "scripts/$step.sh"; then
    verdict=passed
    passed=$((passed + 1))
  else
    verdict=FAILED
    failed=$((failed + 1))
  fi
  table+="$(printf '%-18s %-7s %5d s' "$step" "$verdict" "$((SECONDS - begin))")"$'\n'
done
say "make test: $SECONDS s"
printf '%s' "$table"
echo "$passed passed, $failed failed"
((failed == 0))
