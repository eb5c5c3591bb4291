#!/usr/bin/env bash
# Runs the code blocks of README.md and docs/*.md; see tests/docs/README.md.
source "$(dirname "$0")/common.sh"
need README.md docs tests/docs/run_blocks.py
[[ -f build/release/lib/libasktell.so ]] || scripts/build.sh release
scripts/install.sh
"$venv/bin/python" -c 'import asktell' 2>/dev/null || scripts/wheel.sh
export PATH="$build/prefix/bin:$venv/bin:$PATH"
run=("$venv/bin/python" tests/docs/run_blocks.py --prefix "$build/prefix")
"${run[@]}" --failures 6 tests/docs/fixtures/broken.md
if (($#)); then
  "${run[@]}" "$@"
else
  "${run[@]}" README.md docs/*.md
  diff -u docs/solvers.md <(asktell solvers --format markdown) ||
    die "docs/solvers.md is out of date; run: make reference"
  diff -u docs/problems.md <(asktell problems --format markdown) ||
    die "docs/problems.md is out of date; run: make reference"
fi
