#!/usr/bin/env bash
# tests/concurrency under the thread sanitizer. Without address randomization, since the runtime of
# g++ 12 cannot place its shadow memory on kernels that randomize 32 bits.
source "$(dirname "$0")/common.sh"
scripts/build.sh tsan
export TSAN_OPTIONS="halt_on_error=1:second_deadlock_stack=1"
fixed=()
setarch "$(uname -m)" -R true 2>/dev/null && fixed=(setarch "$(uname -m)" -R)
"${fixed[@]}" ctest --test-dir build/tsan --output-on-failure --no-tests=error
