#!/usr/bin/env bash
# All benchmarks: overhead in C++ and Python, then solvers and peers on the development set. Small by
# default, a few minutes on two cores; `benchmarks/run.sh --full` makes the figures of
# docs/performance.md and takes days for the last part, which may be interrupted and started again.
#
# Needs what `make benchmark` builds: build/release, the wheel in build/dist and build/venv.
set -euo pipefail
cd "$(dirname "$0")/.."
here=benchmarks
python="${PYTHON:-build/venv/bin/python}"
bench="$(dirname "$python")/asktell-bench"
programs="${PROGRAMS:-build/release/bin}"
full="${1:-}"
out="${OUT:-build/benchmarks/$([[ -n "$full" ]] && echo full || echo small)}"
if [[ -n "$full" && "$full" != --full ]]; then
  echo "run.sh knows --full, not \"$full\"" >&2
  exit 2
fi
for need in "$python" "$bench" "$programs/bench_overhead" "$programs/bench_zo_step" \
  "$programs/bench_gp_objective" "$programs/bench_gp_models" "$programs/bench_gp_large"; do
  [[ -x "$need" ]] || { echo "$need is missing; run: make benchmark" >&2; exit 1; }
done
mkdir -p "$out"
"$python" -m pip install -q --disable-pip-version-check -r $here/requirements.txt

echo "== overhead in C++"
"$programs/bench_overhead" --benchmark_out="$out/overhead.json" --benchmark_out_format=json
echo "== one step of zo.sgd"
"$programs/bench_zo_step" "$([[ -n "$full" ]] && echo 1e8 || echo 1e7)" | tee "$out/zo_step.txt"

echo "== Gaussian process"
"$programs/bench_gp_objective" | tee "$out/gp_objective.txt"
"$programs/bench_gp_models" ${full:+--full} --out "$out/gp_models"
"$programs/bench_gp_large" "$([[ -n "$full" ]] && echo 10000 || echo 3000)" | tee "$out/gp_large.txt"

echo "== overhead in Python and from the shell"
wheel=(build/dist/asktell-*.whl)
[[ -f "${wheel[0]}" ]] && wheel=(--wheel "${wheel[0]}") || wheel=()
"$python" $here/overhead.py ${full:+--full} "${wheel[@]}" --json "$out/overhead_python.json"

echo "== solvers and peers on BBOB"
# Peers whose environments are built (make peers); without any, ours alone.
methods="$("$bench" methods | awk '$2 == "ready" && /^(optuna-tpe|pycma|botorch-rust|nevergrad|egobox) / {print $1}')"
methods="asktell-auto,asktell-gp_bo,asktell-random,asktell-sobol${methods:+,${methods//$'\n'/,}}"
"$bench" develop --out "$out/development" --methods "$methods" ${full:+--full}
echo "== milliseconds a suggestion"
"$bench" latency --out "$out/development" --methods "$methods" ${full:+--full}
"$bench" report "$out/development"
