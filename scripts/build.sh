#!/usr/bin/env bash
# build.sh release | program | asan | tsan: one build of the tree, in build/<name>.
# "program" is the release build without tests and benchmarks.
source "$(dirname "$0")/common.sh"
case "${1:-release}" in
  release)
    configure release -DASKTELL_TESTS=ON -DASKTELL_BENCHMARKS=ON -DASKTELL_EXAMPLES=ON
    compile release
    ;;
  program)
    # Keeps the tests of a tree that was configured for them.
    [[ -f "$build/release/CMakeCache.txt" ]] ||
      configure release -DASKTELL_TESTS=OFF -DASKTELL_BENCHMARKS=OFF -DASKTELL_EXAMPLES=ON
    compile release --target asktell_program asktell asktell_examples
    ;;
  asan)
    configure asan -DASKTELL_SANITIZE=address,undefined -DASKTELL_EXAMPLES=OFF \
      -DASKTELL_BENCHMARKS=OFF
    compile asan
    ;;
  tsan)
    configure tsan -DASKTELL_SANITIZE=thread -DASKTELL_EXAMPLES=OFF -DASKTELL_BENCHMARKS=OFF \
      -DASKTELL_PROGRAM=OFF -DASKTELL_TEST_FOLDERS=concurrency
    compile tsan
    ;;
  *) die "build.sh knows release, program, asan and tsan, not \"$1\"" ;;
esac
