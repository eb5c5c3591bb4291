#!/usr/bin/env bash
# Kills processes at random moments while they ask and tell; tests/crash holds the driver. The
# number of rounds is ASKTELL_CRASH_ROUNDS (200).
source "$(dirname "$0")/common.sh"
[[ -x build/release/bin/test_crash ]] || scripts/build.sh release
export ASKTELL_CRASH_ROUNDS="${ASKTELL_CRASH_ROUNDS:-200}"
build/release/bin/test_crash "$@"
