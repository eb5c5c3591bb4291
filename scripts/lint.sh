#!/usr/bin/env bash
# clang-format, the tree's own rules, ruff, mypy, and clang-tidy on what changed. With --fix:
# formats in place.
source "$(dirname "$0")/common.sh"
status=0
sources() { find "$@" -name build -prune -o \( -name '*.cpp' -o -name '*.hpp' -o -name '*.inc' -o -name '*.h' \) -print; }
mapfile -t cpp < <(sources asktell.hpp core surrogates acquisition solvers bindings benchmarks \
  tests examples 2>/dev/null | sort)
mapfile -t python < <(find bindings benchmarks tests examples scripts -name '*.py' | sort)

if [[ "${1:-}" == --fix ]]; then
  clang-format-14 -i "${cpp[@]}"
  "$venv/bin/ruff" check -q --fix "${python[@]}"
  "$venv/bin/ruff" format -q "${python[@]}"
  exit 0
fi

say "clang-format: ${#cpp[@]} files"
clang-format-14 --dry-run -Werror "${cpp[@]}" || status=1

say "rules of the tree"
/usr/bin/python3 scripts/check_tree.py || status=1

say "ruff: ${#python[@]} files"
"$venv/bin/ruff" check -q "${python[@]}" || status=1
"$venv/bin/ruff" format --check -q "${python[@]}" || status=1

say "mypy"
# The package as the wheel puts it together.
package="$build/typed/asktell"
rm -rf "$package" && mkdir -p "$package"
ln -s "$root"/bindings/python/asktell/* "$package"
ln -s "$root/benchmarks/python" "$package/benchmarks"
typed=("$package")
compgen -G "examples/*.py" >/dev/null && typed+=(examples/*.py)
MYPYPATH="$build/typed" "$venv/bin/mypy" --no-error-summary "${typed[@]}" || status=1

say "clang-tidy"
scripts/tidy.sh || status=1
exit "$status"
