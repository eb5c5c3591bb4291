"""Flags of gcc (GCC 12 manual, "Options That Control Optimization") on eight small kernels in C
(data/kernels.c): a level, 40 flags that are given as -f<name> or -fno-<name>, and 12 --param.

"program/gcc-size" is the size of the machine code, a function of the point and gcc's version.
"program/gcc-time" is the run time of the kernels: an observation takes the least of 7 runs after a
warm-up, the value without noise the least of 21. No flag may change what the program computes; it
checks its answers, and one that is wrong, like a compiler that fails, gives the value NaN.
"""

from __future__ import annotations

import math
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from asktell._space import Boolean, Categorical, Integer, Parameter, Space

from ..._problems import Array, Facts, Outcome, register_problem
from .._requirements import program

SOURCE = Path(__file__).parent.parent / "data" / "kernels.c"
RUNS, TRUE_RUNS = 7, 21
TIMEOUT = 60.0  # seconds of one compilation or run
REFERENCE = "GCC 12 manual, 3.11; kernels ours"

LEVELS = ["O0", "O1", "O2", "O3", "Os"]
FLAGS = """
align-functions align-jumps align-labels align-loops caller-saves code-hoisting crossjumping
cse-follow-jumps defer-pop expensive-optimizations gcse gcse-after-reload guess-branch-probability
if-conversion if-conversion2 inline-functions inline-small-functions ipa-cp ipa-sra ivopts
move-loop-invariants omit-frame-pointer optimize-sibling-calls peel-loops peephole2
predictive-commoning reorder-blocks rerun-cse-after-loop schedule-insns schedule-insns2 split-loops
strict-aliasing thread-jumps tree-loop-distribute-patterns tree-pre tree-slp-vectorize
tree-loop-vectorize tree-vrp unroll-loops unswitch-loops
""".split()
PARAMS: dict[str, Parameter] = {
    "early-inlining-insns": Integer(1, 100, log=True),
    "inline-min-speedup": Integer(1, 100),
    "inline-unit-growth": Integer(1, 400, log=True),
    "large-function-growth": Integer(1, 1000, log=True),
    "max-completely-peel-times": Integer(1, 64, log=True),
    "max-completely-peeled-insns": Integer(1, 1000, log=True),
    "max-inline-insns-auto": Integer(1, 400, log=True),
    "max-inline-insns-single": Integer(1, 400, log=True),
    "max-peel-times": Integer(1, 64, log=True),
    "max-unroll-times": Integer(1, 64, log=True),
    "max-unrolled-insns": Integer(1, 1000, log=True),
    "max-unswitch-insns": Integer(1, 400, log=True),
}
SPACE = Space({"level": Categorical(LEVELS), **{flag: Boolean() for flag in FLAGS}, **PARAMS})


def arguments(x: Array) -> list[str]:
    """Of gcc; PointError for a vector outside of the space."""
    params = SPACE._core.params([float(each) for each in x])
    flags = [f"-f{flag}" if params[flag] else f"-fno-{flag}" for flag in FLAGS]
    return [f"-{params['level']}", *flags, *(f"--param={key}={params[key]}" for key in PARAMS)]


def code_size(path: Path) -> int:
    """Bytes in the executable sections of a 64-bit little-endian ELF file (System V ABI, 4)."""
    image = path.read_bytes()
    if image[:6] != b"\x7fELF\x02\x01":
        raise OSError(f"{path} is no 64-bit little-endian ELF file; gcc-size knows no other")
    (table,) = struct.unpack_from("<Q", image, 40)
    entry_size, count = struct.unpack_from("<HH", image, 58)
    total = 0
    for index in range(count):
        header = struct.unpack_from("<IIQQQQ", image, table + index * entry_size)
        flags, size = header[2], header[5]
        total += size if flags & 4 else 0  # SHF_EXECINSTR
    return total


def _compiled(gcc: str, options: list[str], target: Path) -> bool:
    try:
        done = subprocess.run(
            [gcc, *options, str(SOURCE), "-lm", "-o", str(target)],
            capture_output=True,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


@register_problem(
    "program/gcc-size",
    "bytes of machine code of eight kernels, by gcc's level, 40 flags and 12 parameters",
    reference=REFERENCE,
)
def size_problem() -> tuple[Facts, Any]:
    gcc = program("gcc", "gcc", 'problem "program/gcc-size"')

    def evaluate(x: Array) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="asktell-gcc-") as folder:
            target = Path(folder) / "kernels.o"
            done = _compiled(gcc, [*arguments(x), "-c"], target)
            return Outcome((float(code_size(target)) if done else math.nan,))

    return Facts(space=SPACE, objectives=("bytes",), proven=False, budget=200), evaluate


@register_problem(
    "program/gcc-time",
    "seconds of eight kernels, by gcc's level, 40 flags and 12 parameters",
    reference=REFERENCE,
)
def time_problem() -> tuple[Facts, Any]:
    gcc = program("gcc", "gcc", 'problem "program/gcc-time"')

    def evaluate(x: Array, seed: int | None = None, draw: int = 0) -> Outcome:
        runs = TRUE_RUNS if seed is None else RUNS
        with tempfile.TemporaryDirectory(prefix="asktell-gcc-") as folder:
            target = Path(folder) / "kernels"
            if not _compiled(gcc, arguments(x), target):
                return Outcome((math.nan,))
            try:
                done = subprocess.run(
                    [str(target), str(runs)], capture_output=True, timeout=TIMEOUT, text=True
                )
            except subprocess.TimeoutExpired:
                return Outcome((math.nan,))
            return Outcome((float(done.stdout) if done.returncode == 0 else math.nan,))

    facts = Facts(space=SPACE, objectives=("seconds",), proven=False, budget=200, noisy=True)
    return facts, evaluate
