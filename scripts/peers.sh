#!/usr/bin/env bash
# Builds the isolated environments of the peers that asktell is compared with, in build/peers: all of
# them, or those that are named. What is up to date is left alone.
source "$(dirname "$0")/common.sh"
PYTHONPATH=benchmarks/python nice /usr/bin/python3 -m peers.environments --folder "$build/peers" "$@"
