#!/usr/bin/env bash
# Calls the demo with the program, the examples and the Python environment of the build on the PATH.
source "$(dirname "$0")/common.sh"
need examples/demo.sh build/release/bin/asktell
export PATH="$build/release/bin:$venv/bin:$PATH"
export LD_LIBRARY_PATH="$build/release/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec examples/demo.sh "$@"
