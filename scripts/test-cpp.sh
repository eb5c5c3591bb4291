#!/usr/bin/env bash
# The GoogleTest suites of the release build. One test: build/release/bin/test_core --gtest_filter=X
source "$(dirname "$0")/common.sh"
scripts/build.sh release
ctest --test-dir build/release --parallel "$jobs" --output-on-failure --no-tests=error
