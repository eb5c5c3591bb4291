"""Checks a built wheel: its size, its contents, and that its binaries find all they link.

Usage: check_wheel.py <wheel>. The wheel must be installed in the running environment.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from importlib import metadata, resources
from pathlib import Path

LIMIT = 15e6  # bytes; the size the project promises
# Part of every Linux with glibc and a C++ program; everything else must travel in the wheel.
SYSTEM = ("libc.so", "libm.so", "libgcc_s", "libstdc++", "libpthread", "ld-linux", "linux-vdso")


def foreign_libraries(binary: Path, package: Path) -> list[str]:
    """The libraries that the loader takes from neither the system's base nor the wheel."""
    listing = subprocess.run(["ldd", str(binary)], check=True, capture_output=True, text=True)
    lines = [line.strip() for line in listing.stdout.splitlines()]
    return [
        line
        for line in lines
        if not any(name in line.split("=>")[0] for name in SYSTEM)
        and str(package) not in str(Path(line.split("=>")[-1].split("(")[0].strip()).resolve())
    ]


def main() -> int:
    wheel = Path(sys.argv[1])
    problems = []
    size = wheel.stat().st_size
    if size >= LIMIT:
        problems.append(f"{wheel.name} has {size / 1e6:.1f} MB; the limit is {LIMIT / 1e6:.0f} MB")

    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("asktell/__init__.py", "asktell/py.typed", "/scripts/asktell"):
        if not any(name.endswith(wanted) for name in names):
            problems.append(f"{wheel.name} holds no {wanted}")
    requires = [r for r in metadata.requires("asktell") or [] if "extra ==" not in r]
    if [r.split(">")[0].split("=")[0].strip() for r in requires] != ["numpy"]:
        problems.append(f"the wheel requires {requires}; NumPy must be the only requirement")

    package = Path(str(resources.files("asktell"))).resolve()
    program = Path(sysconfig.get_path("scripts")) / "asktell"
    for binary in [program, *package.glob("*.so")]:
        for line in foreign_libraries(binary, package):
            problems.append(f"{binary.name} takes a library from outside the wheel: {line}")

    for problem in problems:
        print(f"check_wheel: {problem}", file=sys.stderr)
    if not problems:
        print(f"{wheel.name}: {size / 1e6:.1f} MB, {len(names)} files, needs {requires}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
