# Sourced by every script here: where things are, and a few words they share.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
# Debian's own tools before any others, so that every machine builds with the same ones.
export PATH="/usr/bin:/bin:$PATH"
# One name of the compiler for all builds, or ccache takes it for several.
export CC=/usr/bin/gcc CXX=/usr/bin/g++
export PIP_DISABLE_PIP_VERSION_CHECK=1
build="$root/build"
venv="$build/venv"
jobs="${ASKTELL_JOBS:-$(nproc)}"
werror="$([[ -n "${CI:-}" ]] && echo ON || echo OFF)"
partial="${ASKTELL_PARTIAL:-OFF}"

say() { printf '\n== %s\n' "$*"; }
die() {
  printf 'asktell: %s\n' "$*" >&2
  exit 1
}

# need <path>...: the paths exist, or the run fails.
need() {
  local path
  for path in "$@"; do
    [[ -e "$path" ]] || die "$path is missing; ${NEED_HINT:-the tree is incomplete}"
  done
}

# configure <folder of build/> <cmake option>...
configure() {
  local folder="$1"
  shift
  cmake -S "$root" -B "$build/$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DASKTELL_WERROR="$werror" -DASKTELL_PARTIAL="$partial" "$@" >"$build/$folder.configure.log" ||
    { cat "$build/$folder.configure.log"; die "cmake could not configure build/$folder"; }
}

compile() { cmake --build "$build/$1" --parallel "$jobs" "${@:2}"; }
mkdir -p "$build"
