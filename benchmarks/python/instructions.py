"""Instructions of a suggestion, counted by callgrind: the same on a busy machine as on an idle one.

The program is bench_ask (benchmarks/ask.cpp), with the baseline kernels and one thread, so that the
count depends on the code, the compiler and the C library alone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

# (solver, observations)
CASES = (("random", 100), ("sobol", 100), ("auto", 50), ("gp_bo", 20), ("gp_bo", 100))
TOLERANCE = 0.10


def count(programs: Path, solver: str, observations: int) -> int:
    """Instructions of two asks; RuntimeError when valgrind or the program is not there or fails."""
    program = programs / "bench_ask"
    if not program.exists():
        raise RuntimeError(f"{program} is missing; run: make build")
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise RuntimeError("valgrind counts the instructions; install it: apt-get install valgrind")
    command = [
        valgrind,
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        "--toggle-collect=measured_ask",
        str(program),
        solver,
        str(observations),
    ]
    environment = {**os.environ, "ASKTELL_KERNEL": "baseline", "ASKTELL_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    found = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    if done.returncode != 0 or not found:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
    return int(found[1])


def counts(programs: Path) -> dict[str, int]:
    """The count of every case, by "solver observations"."""
    return {f"{solver} {n}": count(programs, solver, n) for solver, n in CASES}


def worse(baseline: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """One line for each case that needs more instructions than the tolerance allows, or is gone."""
    lines = []
    for case, before in baseline.items():
        if case not in now:
            lines.append(f"an ask of {case} observations is no longer counted")
        elif now[case] > before * (1 + TOLERANCE):
            more = 100 * (now[case] / before - 1)
            lines.append(
                f"an ask of {case} observations takes {now[case]:,} instructions, "
                f"{more:.0f} % more than {before:,}"
            )
    return lines
