#!/usr/bin/env bash
# dense_symbols.sh <nm> <object>...: the objects of the numeric kernels define one symbol each, the
# getter of their table. Any other that the linker sees, weak ones above all, could replace code of
# other files by code for an instruction set that the processor lacks (core/dense_kernels.hpp).
set -euo pipefail
nm="$1"
shift
failed=0
for object in "$@"; do
  others="$("$nm" --demangle --defined-only "$object" |
    grep -E ' [A-Zuvw] ' | grep -vE ' T asktell::dense::dense_kernels_[a-z0-9]+\(\)$' || true)"
  if [[ -n "$others" ]]; then
    printf '%s defines more than its getter:\n%s\n' "$object" "$others"
    failed=1
  fi
done
[[ $# -ge 1 ]] || { echo "no objects given"; failed=1; }
exit "$failed"
