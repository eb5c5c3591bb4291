#!/usr/bin/env bash
# Installs the release build into build/prefix, as a user would into /usr/local.
source "$(dirname "$0")/common.sh"
need build/release/lib/libasktell.so bindings/c/asktell.h
rm -rf "$build/prefix"
cmake --install build/release --prefix "$build/prefix" >"$build/install.log"
