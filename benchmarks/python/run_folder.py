"""DIR/run.json: what was asked for and what made it (results.py reads it and the logs).

{"format": 1, "settings": {...}, "problems": {label: facts}, "methods": {name: {"version",
 "packages", "problems", "seeds", ...}}, "commands": [...], "machine": {...}}
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ._problems import Problem
from .results import read_about


@dataclass(frozen=True)
class Settings:
    """What must not change between the runs into one folder."""

    side: str  # "development" or "test"
    budget: str  # "20d+10": 20 evaluations a dimension and 10; "100"; "own": the problem's
    start: str = "design"  # the same Sobol points for all; "own": each method's own start
    batch: int = 1  # points asked and told together
    pending: int = 1  # > 1: asynchronous, so many points out at any time
    ask_limit: float = 60  # seconds

    def __post_init__(self) -> None:
        if self.budget != "own" and not re.fullmatch(r"\d+(d(\+\d+)?)?", self.budget):
            raise ValueError(
                f'budget is "{self.budget}"; give evaluations ("100"), evaluations a dimension '
                '("20d", "20d+10"), or "own" for the budget of each problem'
            )
        if self.start not in ("design", "own"):
            raise ValueError(f'start is "{self.start}"; it is "design" or "own"')
        if min(self.batch, self.pending) < 1 or (self.batch > 1 and self.pending > 1):
            raise ValueError(
                f"batch is {self.batch} and pending is {self.pending}; both are at least 1, and "
                "one of them is 1"
            )

    def evaluations(self, problem: Problem) -> int:
        if self.budget == "own":
            return int(problem.budget)
        each, has_d, more = self.budget.partition("d")
        if not has_d:
            return int(each)
        return int(each) * problem.dimension + int(more or 0)


def facts_of(problem: Problem, settings: Settings) -> dict[str, Any]:
    """What a report must know of a problem, without having to make it again."""

    def number(value: float) -> float | None:
        return value if math.isfinite(value) else None

    return {
        "dimension": problem.dimension,
        "budget": settings.evaluations(problem),
        "objectives": len(problem.objectives),
        "constraints": len(problem.constraints),
        "optimum": number(problem.optimum),
        "proven": problem.proven,
        "noisy": problem.noisy,
        "reference_point": list(problem.reference_point),
        "hypervolume": number(problem.hypervolume),
    }


def machine() -> dict[str, Any]:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        processor = re.search(r"model name\s*:\s*(.*)", text)
    except OSError:
        processor = None
    return {
        "system": platform.platform(),
        "processor": processor[1] if processor else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def commit() -> str:
    """The commit of the working tree the command was started in, "+" when it had changes."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keeps other runs out of the folder meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ValueError(
                f"another run is writing into {folder}; wait for it, or give another --out"
            ) from error
        yield


def _merge(folder: Path, name: str, before: dict[str, Any], made: dict[str, Any]) -> None:
    """Takes over on what else a method was run; ValueError when it was another version."""
    if before["version"] != made["version"]:
        raise ValueError(
            f"{folder} holds runs of {name} {before['version']}, and it is {made['version']} now; "
            "give another --out"
        )
    for key in ("problems", "seeds"):
        made[key] = list(dict.fromkeys([*before[key], *made[key]]))


def record(
    folder: Path,
    settings: Settings,
    problems: Sequence[Problem],
    methods: dict[str, dict[str, Any]],
    command: Sequence[str],
) -> None:
    """Adds a run to run.json; ValueError naming what differs from the runs that are there."""
    run: dict[str, Any] = {"format": 1, "settings": asdict(settings)}
    if (folder / "run.json").exists():
        run = read_about(folder)
        changed = [
            f"{name} was {run['settings'].get(name)!r}, now {value!r}"
            for name, value in asdict(settings).items()
            if run["settings"].get(name) != value
        ]
        if changed:
            raise ValueError(f"{folder} holds a run with other settings: {'; '.join(changed)}")
        for name, made in methods.items():
            _merge(folder, name, run["methods"].get(name, made), made)
    run.setdefault("problems", {}).update(
        {each.label: facts_of(each, settings) for each in problems}
    )
    run.setdefault("methods", {}).update(methods)
    run.setdefault("commands", []).append(
        {
            "command": list(command),
            "commit": commit(),
            "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        }
    )
    run["machine"] = machine()
    fresh = folder / "run.json.new"
    fresh.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    fresh.replace(folder / "run.json")
