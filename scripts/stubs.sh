#!/usr/bin/env bash
# Writes the type stubs of the compiled module into bindings/python/asktell; with --check only
# compares them with what is there. The module comes from the installed wheel.
source "$(dirname "$0")/common.sh"
target="$root/bindings/python/asktell"
fresh="$(mktemp -d)"
trap 'rm -rf "$fresh"' EXIT
(cd "$fresh" && "$venv/bin/pybind11-stubgen" -o "$fresh" asktell._core)
"$venv/bin/ruff" format -q --isolated --line-length 100 "$fresh"
find "$fresh/asktell" -name '*.pyi' | while read -r stub; do
  kept="$target/${stub#"$fresh"/asktell/}"
  if [[ "${1:-}" == --check ]]; then
    diff -u "$kept" "$stub" >&2 || die "$kept is out of date; run: make stubs"
  else
    cp "$stub" "$kept"
  fi
done
