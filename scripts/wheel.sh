#!/usr/bin/env bash
# Builds the wheel into build/dist and installs it into build/venv. Incremental: the build folder
# build/wheel stays, and ccache shares its objects with build/release.
source "$(dirname "$0")/common.sh"
need pyproject.toml README.md bindings/python/asktell/__init__.py "$venv/bin/pip"
rm -rf "$build/dist"
log="$build/wheel.log"
"$venv/bin/pip" wheel --no-build-isolation --no-deps -w "$build/dist" \
  --config-settings=cmake.define.ASKTELL_WERROR="$werror" \
  --config-settings=cmake.define.ASKTELL_PARTIAL="$partial" -v . >"$log" 2>&1 ||
  { grep -E 'error|Error|FAILED' "$log" | head -n 40; tail -n 30 "$log"; die "no wheel: $log"; }
"$venv/bin/pip" install -q --no-deps --force-reinstall --no-index "$build"/dist/asktell-*.whl
ls -l "$build"/dist/*.whl | awk '{printf "%s: %.1f MB\n", $NF, $5 / 1e6}'
