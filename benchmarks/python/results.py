"""The files of a benchmark run: one JSON-lines file a cell (method, problem, seed).

    DIR/settings.json                           what all cells share
    DIR/optuna-tpe/bbob-f08-d05-i1/seed3.jsonl  one line an evaluation

    {"problem": "bbob-f08-d05-i1", "method": "optuna-tpe", "version": "5.0.0", "seed": 3, "t": 1,
     "x": [...], "f": 82.1, "optimum": 79.48, "ask_ns": 310211, "tell_ns": 55012}

A cell is finished when it has as many lines as its budget, or ends with a line that says why it
stopped ("end"). A torn last line, left by a killed run, is dropped; the cell is then run again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Line = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """What must not change between the runs into one folder."""

    budget: str  # "20d": 20 evaluations a dimension; "100": for every problem
    start: str  # "design": the same Sobol points for all; "own": each method's own start
    ask_limit: float  # seconds

    def evaluations(self, dimension: int) -> int:
        if self.budget.endswith("d"):
            return int(float(self.budget[:-1]) * dimension)
        return int(self.budget)

    def keep(self, folder: Path) -> None:
        """Writes them, or raises ValueError naming what differs from those of the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "settings.json"
        if not path.exists():
            path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
            return
        kept = asdict(Settings.load(folder))
        changed = [
            f"{name} was {kept[name]!r}, now {value!r}"
            for name, value in asdict(self).items()
            if kept[name] != value
        ]
        if changed:
            raise ValueError(f"{folder} holds a run with other settings: {'; '.join(changed)}")

    @staticmethod
    def load(folder: Path) -> Settings:
        path = folder / "settings.json"
        if not path.exists():
            raise ValueError(f"{folder} holds no benchmark run: it has no settings.json")
        return Settings(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Cell:
    method: str
    problem: str
    seed: int

    def path(self, folder: Path) -> Path:
        return folder / self.method / self.problem / f"seed{self.seed}.jsonl"


def read_lines(path: Path) -> list[Line]:
    """The lines of a cell; none when it was not begun. Raises ValueError for a broken line that is
    not the last."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    rows = text.split("\n")
    rows.pop()  # what follows the last newline: nothing, or a line cut short
    lines = []
    for number, row in enumerate(rows, 1):
        try:
            lines.append(json.loads(row))
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}:{number}: not a JSON line: {error}") from error
    return lines


def is_finished(lines: list[Line], budget: int) -> bool:
    return bool(lines) and (len(lines) >= budget or "end" in lines[-1])


def cells(folder: Path) -> Iterator[Cell]:
    for path in sorted(folder.glob("*/*/seed*.jsonl")):
        method, problem, name = path.relative_to(folder).parts
        yield Cell(method, problem, int(name.removeprefix("seed").removesuffix(".jsonl")))


@dataclass
class Results:
    """The finished cells that all methods share, so that every comparison is paired."""

    methods: list[str]
    versions: dict[str, str]
    problems: list[str]
    dimensions: dict[str, int]
    optima: dict[str, float]
    seeds: list[int]
    # problem -> m x s x t; infinity after the end of a run that was stopped early
    values: dict[str, Array]
    best: dict[str, Array]  # running minimum of those
    ask_seconds: dict[str, Array]  # method -> all asks
    tell_seconds: dict[str, Array]
    left_out: int  # cells that are unfinished or that some method lacks

    def regret(self, problem: str) -> Array:
        """m x s x t, never below zero by rounding."""
        return np.maximum(self.best[problem] - self.optima[problem], 0)


def load(folder: Path) -> Results:
    """Reads a run. Raises ValueError when no seed was finished by all methods on all problems."""
    settings = Settings.load(folder)
    logs: dict[Cell, list[Line]] = {}
    found = list(cells(folder))
    for cell in found:
        lines = read_lines(cell.path(folder))
        evaluations = [line for line in lines if "f" in line]
        if not evaluations:
            continue
        if is_finished(lines, settings.evaluations(len(evaluations[0]["x"]))):
            logs[cell] = evaluations
    methods = sorted({cell.method for cell in logs})
    problems = sorted({cell.problem for cell in logs})
    seeds = [
        seed
        for seed in sorted({cell.seed for cell in logs})
        if all(Cell(m, p, seed) in logs for m in methods for p in problems)
    ]
    if not seeds:
        raise ValueError(f"{folder}: no seed was finished by every method on every problem")
    used = {p: [[logs[Cell(m, p, s)] for s in seeds] for m in methods] for p in problems}
    first = {p: used[p][0][0][0] for p in problems}
    dimensions = {p: len(first[p]["x"]) for p in problems}

    values = {p: _values(used[p], settings.evaluations(dimensions[p])) for p in problems}

    def nanoseconds(method: int, key: str) -> Array:
        runs = [run for p in problems for run in used[p][method]]
        return np.array([line[key] for run in runs for line in run], dtype=float)

    return Results(
        methods=methods,
        versions={m: used[problems[0]][i][0][0]["version"] for i, m in enumerate(methods)},
        problems=problems,
        dimensions=dimensions,
        optima={p: float(first[p]["optimum"]) for p in problems},
        seeds=seeds,
        values=values,
        best={p: np.minimum.accumulate(values[p], axis=2) for p in problems},
        ask_seconds={m: nanoseconds(i, "ask_ns") * 1e-9 for i, m in enumerate(methods)},
        tell_seconds={m: nanoseconds(i, "tell_ns") * 1e-9 for i, m in enumerate(methods)},
        left_out=len(found) - len(methods) * len(problems) * len(seeds),
    )


def _values(runs: list[list[list[Line]]], budget: int) -> Array:
    """m x s x t from the lines of each run."""
    values = np.full((len(runs), len(runs[0]), budget), np.inf)
    for m, of_method in enumerate(runs):
        for s, lines in enumerate(of_method):
            told = [line["f"] if line["f"] is not None else np.inf for line in lines][:budget]
            values[m, s, : len(told)] = told
    return values
