#!/usr/bin/env bash
# clang-tidy on the .cpp files that changed against origin/main, or, when that is where we are,
# against the commit before. `tidy.sh --all` takes every file, `tidy.sh FILE...` those.
# Bounded: at most ASKTELL_TIDY_MAX files (the most changed ones), so that CI's time is.
source "$(dirname "$0")/common.sh"
# A configuration of its own, in which every file is compiled alone.
configure tidy -DASKTELL_UNITY=OFF -DASKTELL_TESTS=ON -DASKTELL_BENCHMARKS=ON -DASKTELL_EXAMPLES=ON

changed() {
  local base
  base="$(git merge-base HEAD origin/main 2>/dev/null || true)"
  if [[ -z "$base" || ("$base" == "$(git rev-parse HEAD)" && -z "$(git status --porcelain)") ]]; then
    base="$(git rev-parse -q --verify HEAD~1 2>/dev/null || git hash-object -t tree /dev/null)"
  fi
  # Most changed lines first.
  git diff --numstat --diff-filter=d "$base" -- '*.cpp' | sort -k1,1nr -k3 | cut -f3
}

case "${1:-}" in
  --all) mapfile -t files < <(git ls-files '*.cpp') ;;
  "") mapfile -t files < <(changed) ;;
  *) files=("$@") ;;
esac
# clang cannot read g++'s precompiled headers, which the tests have; it reads the plain ones.
sed -E 's/ -Winvalid-pch -include [^ ]*cmake_pch\.hxx//' -i \
  "$build/tidy/compile_commands.json"
# Only what the release build compiles: consumers and Python modules have builds of their own.
known=()
for file in "${files[@]}"; do
  grep -qF "\"$root/$file\"" "$build/tidy/compile_commands.json" && known+=("$file")
done
limit="${ASKTELL_TIDY_MAX:-16}"
[[ "${1:-}" == --all ]] && limit=100000
chosen=("${known[@]:0:limit}")
echo "${#chosen[@]} of ${#known[@]} changed files (the most changed; all: scripts/tidy.sh --all)"
((${#chosen[@]})) || exit 0
printf '%s\0' "${chosen[@]}" |
  xargs -0 -n 1 -P "$jobs" clang-tidy-14 --quiet -p "$build/tidy" 2>/dev/null
