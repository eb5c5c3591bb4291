#!/usr/bin/env bash
# The GoogleTest suites under the address and undefined-behaviour sanitizers.
source "$(dirname "$0")/common.sh"
scripts/build.sh asan
export ASAN_OPTIONS="detect_stack_use_after_return=1:strict_string_checks=1"
export UBSAN_OPTIONS="print_stacktrace=1"
ctest --test-dir build/asan --parallel "$jobs" --output-on-failure --no-tests=error
