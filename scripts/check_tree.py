"""Checks rules of the tree that no other tool knows.

- No source file is longer than 500 lines.
- A folder includes only itself and the folders above it: core, surrogates, acquisition, solvers,
  bindings. Benchmarks, tests and examples are outside of this order.
- Headers begin with a comment and have an include guard; nothing is left marked as unfinished.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["core", "surrogates", "acquisition", "solvers", "bindings"]
FOLDERS = [*ORDER, "benchmarks", "tests", "examples", "scripts"]
SUFFIXES = {".cpp", ".hpp", ".inc", ".h", ".c", ".py", ".sh"}
LIMIT = 500
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"](?:asktell/)?(\w+)/')
# Spelled in halves so that this file passes its own check.
WORDS = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "not " + "implemented"]
UNFINISHED = re.compile(r"\b(" + "|".join(WORDS) + r")\b", re.IGNORECASE)


def check(path: Path) -> list[str]:
    """The complaints about one file, each with its place."""
    name = path.relative_to(ROOT)
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    if len(lines) > LIMIT and path.suffix != ".pyi":
        found.append(f"{name}: {len(lines)} lines; at most {LIMIT}, split it by concept")
    if path.suffix in {".hpp", ".cpp"} and lines and not lines[0].startswith("//"):
        found.append(f"{name}:1: begins without a comment that says what it is for")
    if path.suffix == ".hpp" and not any(line.startswith("#pragma once") for line in lines):
        found.append(f"{name}: a header without #pragma once")
    folder = name.parts[0]
    for number, line in enumerate(lines, 1):
        included = INCLUDE.match(line)
        if included and folder in ORDER and included[1] in ORDER + ["benchmarks", "tests"]:
            target = included[1]
            if target not in ORDER or ORDER.index(target) > ORDER.index(folder):
                found.append(f"{name}:{number}: {folder}/ may not include {target}/")
        if UNFINISHED.search(line):
            found.append(f"{name}:{number}: marked as unfinished: {line.strip()}")
    return found


def main() -> int:
    files = [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES and "build" not in path.relative_to(ROOT).parts
    ]
    complaints = [complaint for path in files for complaint in check(path)]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"{len(files)} files, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
