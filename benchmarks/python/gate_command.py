"""The regression gate: a fixed part of the development set, minutes on two cores, and the
instructions of a suggestion, against a committed baseline.

It is made of development problems only, as it is run on every change: instances 101 and 102 of
twelve BBOB functions, and emulators of tuning iris and wine.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from . import gate, instructions, runner, suites
from .results import load
from .run_folder import Settings

METHODS = (
    "asktell-auto",
    "asktell-gp_bo",
    "asktell-nlopt.bobyqa",
    "asktell-nlopt.cobyla",
    "asktell-random",
    "asktell-sobol",
)
PROBLEMS = (
    f"bbob/f{suites.BBOB_SHORT}:dimension={{2,5}},instance={{101,102}}",
    "emulator/*-{iris,wine}-nll",
)
SEEDS = range(1, 6)
SETTINGS = Settings(side="development", budget="20d")


def measure(programs: Path, jobs: int) -> tuple[Any, dict[str, int]]:
    """The results of the fixed set, and the instructions of a suggestion."""
    with tempfile.TemporaryDirectory(prefix="asktell-gate-") as folder:
        path = Path(folder)
        labels = suites.expand(PROBLEMS)
        runner.run(METHODS, labels, list(SEEDS), SETTINGS, path, jobs=jobs, quiet=True)
        return load(path), instructions.counts(programs)


def main(baseline: Path, update: bool, programs: Path, jobs: int) -> int:
    """0 when nothing became worse. ValueError when the baseline is missing."""
    if not update and not baseline.exists():
        raise ValueError(f"{baseline} is missing; write it with --update")
    results, counts = measure(programs, jobs)
    if update:
        made = {**gate.make_baseline(results), "instructions": counts}
        baseline.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        print(f"written to {baseline}")
        return 0
    kept = json.loads(baseline.read_text(encoding="utf-8"))
    verdict = gate.compare(kept, results)
    print(verdict)
    slower = instructions.worse(kept["instructions"], counts)
    for line in slower:
        print(f"WORSE {line}")
    passed = verdict.passed and not slower
    print(f"gate: {'passed' if passed else 'FAILED'}; a change that is meant: make gate")
    return 0 if passed else 1
