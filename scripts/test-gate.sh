#!/usr/bin/env bash
# The regression gate: fails when a solver needs more evaluations, or more instructions a suggestion,
# than benchmarks/gate.json says. `make gate` writes that file anew, for a change that is meant.
source "$(dirname "$0")/common.sh"
[[ -x build/release/bin/bench_ask ]] || scripts/build.sh release
"$venv/bin/python" -c 'import asktell' 2>/dev/null || scripts/wheel.sh
cd "$build"
"$venv/bin/asktell-bench" gate "$root/benchmarks/gate.json" --programs "$build/release/bin" \
  --jobs "$jobs" "$@"
