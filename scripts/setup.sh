#!/usr/bin/env bash
# Installs what a build (setup.sh build) or the tests (setup.sh test) need: Debian packages, as root
# or through sudo, and a Python environment in build/venv. Does nothing when all is there.
source "$(dirname "$0")/common.sh"
level="${1:-test}"

packages=(g++ cmake ninja-build ccache pkg-config python3-dev python3-venv ca-certificates
  libeigen3-dev libnlopt-dev libnlopt-cxx-dev libboost-dev libsqlite3-dev nlohmann-json3-dev
  librandom123-dev libcli11-dev)
requirements="scripts/requirements-build.txt"
case "$level" in
  build) ;;
  test)
    packages+=(git libgtest-dev libbenchmark-dev clang-format-14 clang-tidy-14 valgrind)
    requirements="scripts/requirements-test.txt"
    ;;
  *) die "setup.sh knows \"build\" and \"test\", not \"$level\"" ;;
esac

installed="$(dpkg-query -W -f='${Package} ${Status}\n' 2>/dev/null |
  awk '$NF == "installed" {print $1}')"
missing=()
for package in "${packages[@]}"; do
  grep -qxF "$package" <<<"$installed" || missing+=("$package")
done

as_root() {
  if [[ "$(id -u)" == 0 ]]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    command -v sudo >/dev/null || die "root or sudo is needed to install: ${missing[*]}"
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}
if ((${#missing[@]})); then
  say "installing Debian packages: ${missing[*]}"
  install=(apt-get install -y -q --no-install-recommends "${missing[@]}")
  as_root "${install[@]}" >"$build/apt.log" 2>&1 ||
    { as_root apt-get update -q && as_root "${install[@]}"; } >"$build/apt.log" 2>&1 ||
    { tail -n 20 "$build/apt.log"; die "apt-get could not install: ${missing[*]}"; }
fi

# The stamp names the requirements that the environment was made from.
stamp="$venv/asktell-$level.sha256"
wanted="$(cat scripts/requirements-*.txt | sha256sum)"
if [[ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]]; then
  say "Python environment in build/venv ($requirements)"
  [[ -x "$venv/bin/python" ]] || /usr/bin/python3 -m venv "$venv"
  "$venv/bin/pip" install -q -r "$requirements"
  echo "$wanted" >"$stamp"
fi
