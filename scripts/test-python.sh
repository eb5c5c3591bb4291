#!/usr/bin/env bash
# The wheel: built, measured, checked to need nothing but NumPy; then all Python tests against it.
source "$(dirname "$0")/common.sh"
need tests/python
scripts/wheel.sh
"$venv/bin/python" scripts/check_wheel.py "$build"/dist/asktell-*.whl
scripts/stubs.sh --check
# From outside the tree, so that the installed package is tested and not the sources.
cd "$build"
PATH="$venv/bin:$PATH" "$venv/bin/python" -m pytest -c "$root/pyproject.toml" \
  --rootdir "$root" "${@:-$root/tests}"
