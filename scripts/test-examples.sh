#!/usr/bin/env bash
# Runs every example with what the wheel and the release build installed, each in a folder of its
# own. examples/run-all.sh, when there is one, decides how; else: each program, script and .py file.
source "$(dirname "$0")/common.sh"
need examples build/release
[[ -x "$build/prefix/bin/asktell" ]] || scripts/install.sh
"$venv/bin/python" -c 'import asktell' 2>/dev/null || scripts/wheel.sh
export PATH="$build/prefix/bin:$build/release/bin:$venv/bin:$PATH" MPLBACKEND=Agg
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0
try() {
  local name="$1" begin=$SECONDS
  mkdir -p "$scratch/$name"
  if (cd "$scratch/$name" && timeout 300 "${@:2}" >output.txt 2>&1); then
    passed=$((passed + 1))
    printf '%-32s passed %4d s\n' "$name" "$((SECONDS - begin))"
  else
    failed=$((failed + 1))
    printf '%-32s FAILED\n' "$name"
    tail -n 30 "$scratch/$name/output.txt"
  fi
}
mapfile -t found < <(find examples -type f \( -name '*.cpp' -o -name '*.py' -o -name '*.sh' \) |
  sort)
((${#found[@]})) || die "examples/ holds no example"
for file in "${found[@]}"; do
  name="$(basename "$file")"
  # A file that says "run by: X" in its first lines is part of another example.
  head -n 12 "$file" | grep -q 'run by:' && continue
  case "$file" in
    *.cpp) try "$name" "$build/release/bin/${name%.cpp}" ;;
    *.py) try "$name" "$venv/bin/python" "$root/$file" ;;
    *.sh) try "$name" bash "$root/$file" ;;
  esac
done
echo "$passed passed, $failed failed"
((failed == 0))
