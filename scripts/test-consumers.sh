#!/usr/bin/env bash
# Programs that use asktell as others would: the installed package through CMake (shared, static)
# and pkg-config, in C++ and C, and the source tree through add_subdirectory.
source "$(dirname "$0")/common.sh"
[[ -f build/release/lib/libasktell.so ]] || scripts/build.sh release
scripts/install.sh
prefix="$build/prefix"

# project <name> <folder> <cmake option>...: configures, builds and runs build/consumer-<name>.
project() {
  local folder="$build/consumer-$1" sources="tests/consumers/$2"
  say "consumer: $1"
  rm -rf "$folder"
  cmake -S "$sources" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release "${@:3}" >"$folder.log" ||
    { cat "$folder.log"; die "cmake could not configure $sources"; }
  cmake --build "$folder" --parallel "$jobs" >"$folder.log" ||
    { tail -n 40 "$folder.log"; die "$sources does not build"; }
  ctest --test-dir "$folder" --output-on-failure --no-tests=error
}
project shared find_package -DCMAKE_PREFIX_PATH="$prefix" -DCOMPONENT=shared
project static find_package -DCMAKE_PREFIX_PATH="$prefix" -DCOMPONENT=static
project subdirectory add_subdirectory -DASKTELL_PARTIAL="$partial" -DASKTELL_WERROR="$werror"

say "consumer: pkg-config"
pc="$(dirname "$(find "$prefix" -name asktell.pc)")"
export PKG_CONFIG_PATH="$pc"
scratch="$build/consumer-pkgconfig"
rm -rf "$scratch"
mkdir -p "$scratch"
flags() { pkg-config "$@" asktell; }
read -ra cflags <<<"$(flags --cflags)"
read -ra shared <<<"$(flags --libs)"
read -ra static <<<"$(flags --static --libs | sed 's/-lasktell/-l:libasktell.a/')"
libdir="$(flags --variable=libdir)"
# As strict as users are: no warning may come from our headers.
warn=(-Wall -Wextra -Wpedantic -Werror)
g++ -std=c++20 "${warn[@]}" tests/consumers/cpp/main.cpp "${cflags[@]}" "${shared[@]}" \
  "-Wl,-rpath,$libdir" -o "$scratch/cpp"
gcc -std=c11 "${warn[@]}" tests/consumers/c/main.c "${cflags[@]}" "${shared[@]}" \
  "-Wl,-rpath,$libdir" -o "$scratch/c"
g++ -std=c++20 "${warn[@]}" tests/consumers/cpp/main.cpp "${cflags[@]}" "${static[@]}" \
  -o "$scratch/cpp_static"
passed=0
for program in cpp c cpp_static; do
  (cd "$scratch" && "./$program") || die "pkg-config consumer $program failed"
  passed=$((passed + 1))
done
if readelf -d "$scratch/cpp_static" | grep -q libasktell; then
  die "the static consumer still loads libasktell.so"
fi
echo "$passed passed, 0 failed"
