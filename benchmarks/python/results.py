"""The files of a benchmark run and what they say.

    DIR/run.json                                                   what all cells share
    DIR/logs/optuna-tpe/bbob.f8_dimension=5,instance=1/seed3.jsonl  a cell: one line an evaluation

    {"problem": "bbob/f8:dimension=5,instance=1", "method": "optuna-tpe", "version": "5.0.0",
     "seed": 3, "t": 1, "x": [...], "f": 82.1, "ask_ns": 310211, "tell_ns": 55012}

with "true" (noise-free f), "g" (constraints), "cost" (of another fidelity) and "failed" (why f is
null) where they apply, and at most one last line: {"end": reason} of a run that stopped before its
budget, or {"recommended": [...], "true": v}. Of run.json this module reads "problems": {label:
facts} (see Facts) and "methods": {name: {"problems": [...], "seeds": [...]}}, both lists only for
a method that was meant to run on a part. incumbent.py makes curves of these runs.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Line = dict[str, Any]

_ENDINGS = ("end", "recommended")
_POINT = re.compile(r'"x": ?\[[^\[\]"]*\], ?')


def folder_name(label: str) -> str:
    """A problem's label as the name of a folder."""
    return label.replace("/", ".").replace(":", "_")


@dataclass(frozen=True, order=True)
class Cell:
    method: str
    problem: str  # label
    seed: int

    def path(self, folder: Path) -> Path:
        return folder / "logs" / self.method / folder_name(self.problem) / f"seed{self.seed}.jsonl"

    def __str__(self) -> str:
        return f"{self.method} on {self.problem}, seed {self.seed}"


@dataclass(frozen=True)
class Facts:
    """What run.json says of a problem; JSON's null stands for NaN."""

    dimension: int
    budget: float  # evaluations of a run, in units of one at full cost
    optimum: float = math.nan
    proven: bool = True  # False: `optimum` is the best known value
    objectives: int = 1
    constraints: int = 0
    reference_point: tuple[float, ...] = ()
    hypervolume: float = math.nan
    noisy: bool = False

    @staticmethod
    def read(label: str, given: Mapping[str, Any]) -> Facts:
        """From JSON; keys of others are ignored. ValueError when dimension or budget is missing."""
        for key in ("dimension", "budget"):
            if not isinstance(given.get(key), (int, float)) or given[key] <= 0:
                raise ValueError(
                    f'run.json: problem "{label}" has {key} {given.get(key)!r}; it must be a '
                    "positive number"
                )
        known = {key: given[key] for key in Facts.__dataclass_fields__ if key in given}
        for key in ("optimum", "hypervolume"):
            if known.get(key, 0) is None:
                known[key] = math.nan
        known["reference_point"] = tuple(known.get("reference_point", ()))
        return Facts(**known)


@dataclass(frozen=True)
class Run:
    """The evaluations of a cell, in order."""

    version: str
    values: Array  # t x objectives, infinity for a failed evaluation
    true: Array  # t, noise-free value of a noisy problem, else empty
    constraints: Array  # t x constraints
    cost: Array  # t
    ask_seconds: Array
    tell_seconds: Array
    first_call: float  # seconds of the first ask, imports and compilation included; NaN if unmarked
    failures: tuple[str, ...] = ()  # reasons of failed evaluations
    end: str = ""  # why it stopped before its budget
    recommended: float = math.nan  # true value of the recommended point


def read_lines(path: Path, points: bool = True) -> list[Line]:
    """The lines of a cell; none when it was not begun. A torn last line is left out; any other
    broken line raises ValueError with file and line number. Without `points` it is twice as fast
    and "x" is missing."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    rows = (text if points else _POINT.sub("", text)).split("\n")
    rows.pop()  # what follows the last newline: nothing, or a line cut short
    if rows and not _is_json(rows[-1]):
        rows.pop()
    return _parsed(path, rows)


def repair(path: Path) -> bool:
    """Removes a torn last line from the file; whether there was one."""
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    last = whole[whole.rfind(b"\n", 0, len(whole) - 1) + 1 :]
    if whole and not _is_json(last.decode("utf-8", "replace")):
        whole = whole[: len(whole) - len(last)]
    if len(whole) == len(data):
        return False
    path.write_bytes(whole)
    return True


def _is_json(row: str) -> bool:
    try:
        json.loads(row)
    except json.JSONDecodeError:
        return False
    return True


def _parsed(path: Path, rows: Sequence[str]) -> list[Line]:
    # One call for the whole file takes half the time of one a line.
    if all(row[:1] == "{" and row[-1:] == "}" for row in rows):
        try:
            lines = json.loads("[" + ",".join(rows) + "]")
            if len(lines) == len(rows):
                return _checked(path, lines)
        except json.JSONDecodeError:
            pass
    lines = []
    for number, row in enumerate(rows, 1):
        try:
            lines.append(json.loads(row))
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}:{number}: not a JSON line: {error}") from error
    return _checked(path, lines)


def _checked(path: Path, lines: list[Any]) -> list[Line]:
    last = len(lines)
    for number, line in enumerate(lines, 1):
        if not isinstance(line, dict):
            raise ValueError(f"{path}:{number}: not a JSON object")
        if "f" in line:
            if line.get("t") != number:
                raise ValueError(f"{path}:{number}: evaluation {line.get('t')} out of order")
        elif number < last or not any(key in line for key in _ENDINGS):
            raise ValueError(f"{path}:{number}: neither an evaluation (f) nor a last line")
    return lines


def is_finished(lines: Sequence[Line], budget: float) -> bool:
    """Whether a cell has spent its budget or says why it stopped before."""
    if not lines:
        return False
    if "end" in lines[-1]:
        return True
    spent = sum(float(line.get("cost", 1)) for line in lines if "f" in line)
    return spent >= budget * (1 - 1e-9)


def to_run(lines: Sequence[Line], facts: Facts) -> Run:
    evaluations = [line for line in lines if "f" in line]
    last = lines[-1] if "f" not in lines[-1] else {}

    def column(key: str, default: float) -> Array:
        return np.array([line.get(key, default) for line in evaluations], dtype=float)

    values = _table([line["f"] for line in evaluations], facts.objectives)
    ask = column("ask_ns", math.nan) * 1e-9
    first = [seconds for line, seconds in zip(evaluations, ask) if line.get("first")]
    return Run(
        version=str(evaluations[0].get("version", "")) if evaluations else "",
        values=values,
        true=column("true", math.nan) if facts.noisy else np.empty(0),
        constraints=_table([line.get("g") for line in evaluations], facts.constraints),
        cost=column("cost", 1),
        ask_seconds=ask,
        tell_seconds=column("tell_ns", math.nan) * 1e-9,
        first_call=float(first[0]) if first else math.nan,
        failures=tuple(
            str(evaluations[t].get("failed") or "no finite value")
            for t in np.flatnonzero(np.isinf(values).any(axis=1))
        ),
        end=str(last.get("end", "")),
        recommended=_number(last.get("true")) if "recommended" in last else math.nan,
    )


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _table(rows: list[Any], width: int) -> Array:
    """n x width; a row that is null, or has an entry that is no finite number, is infinite."""
    if width == 1:
        rows = [row[0] if isinstance(row, list) else row for row in rows]
        table = np.array(rows, dtype=float).reshape(-1, 1)  # None becomes NaN
    else:
        none = [math.nan] * width
        table = np.array([row or none for row in rows], dtype=float).reshape(len(rows), width)
    table[~np.isfinite(table).all(axis=1)] = math.inf
    return table


@dataclass
class Results:
    """All that a folder holds; a Paired (incumbent.py) is what some methods share of it."""

    folder: Path
    about: dict[str, Any]  # run.json
    facts: dict[str, Facts]
    runs: dict[Cell, Run] = field(default_factory=dict)  # finished ones
    unfinished: list[Cell] = field(default_factory=list)
    missing: list[Cell] = field(default_factory=list)  # meant to run, never begun
    broken: dict[str, str] = field(default_factory=dict)  # file: what is wrong with it

    @property
    def methods(self) -> list[str]:
        named = {cell.method for cell in self.runs} | {cell.method for cell in self.unfinished}
        return sorted(named | set(self.about.get("methods", {})))

    @property
    def problems(self) -> list[str]:
        return [p for p in self.facts if any(cell.problem == p for cell in self.runs)]

    @property
    def seeds(self) -> list[int]:
        return sorted({cell.seed for cell in self.runs})

    @property
    def random(self) -> str | None:
        """Random search, which scores are normalized by."""
        found = [m for m in ("random", "asktell-random") if m in self.methods]
        return found[0] if found else None

    def of(self, method: str) -> dict[Cell, Run]:
        return {cell: run for cell, run in self.runs.items() if cell.method == method}

    def on(self, problem: str) -> dict[Cell, Run]:
        return {cell: run for cell, run in self.runs.items() if cell.problem == problem}

    def ended_early(self) -> dict[Cell, str]:
        return {cell: run.end for cell, run in sorted(self.runs.items()) if run.end}

    def version(self, method: str) -> str:
        versions = {run.version for run in self.of(method).values() if run.version}
        return ", ".join(sorted(versions)) or "unknown"


def read_about(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    if not path.exists():
        raise ValueError(f"{folder} holds no benchmark run: it has no run.json")
    about = json.loads(path.read_text(encoding="utf-8"))
    if about.get("format") != 1:
        raise ValueError(f"{path}: format is {about.get('format')!r}; this version reads 1")
    return dict(about)


def load(folder: Path) -> Results:
    """Reads a run. Cells with broken lines are left out and listed. ValueError when the folder is
    none, or no cell is finished."""
    about = read_about(folder)
    facts = {label: Facts.read(label, each) for label, each in about.get("problems", {}).items()}
    results = Results(folder, about, facts)
    labels = {folder_name(label): label for label in facts}
    for path in sorted((folder / "logs").glob("*/*/seed*.jsonl")):
        method, name, file = path.relative_to(folder / "logs").parts
        seed = file[len("seed") : -len(".jsonl")]
        if name not in labels or not seed.isdigit():
            results.broken[str(path)] = "run.json names no such problem, or the seed is no number"
            continue
        try:
            _add(results, Cell(method, labels[name], int(seed)), path)
        except (ValueError, TypeError, UnicodeDecodeError) as error:
            results.broken[str(path)] = str(error)
    if not results.runs:
        wrong = next(iter(results.broken.values()), "")
        raise ValueError(f"{folder}: no cell is finished{'; ' if wrong else ''}{wrong}")
    results.missing = _missing_cells(results)
    return results


def _add(results: Results, cell: Cell, path: Path) -> None:
    lines = read_lines(path, points=False)
    facts = results.facts[cell.problem]
    for line in lines[:1]:
        written = tuple(line.get(key) for key in ("method", "problem", "seed"))
        if "f" in line and written != (cell.method, cell.problem, cell.seed):
            raise ValueError(f"{path}:1: the line is of another cell: {written}")
    if is_finished(lines, facts.budget):
        results.runs[cell] = to_run(lines, facts)
    else:
        results.unfinished.append(cell)


def _missing_cells(results: Results) -> list[Cell]:
    """Cells that nobody began, of the problems and seeds that each method was meant to run on."""
    begun = {*results.runs, *results.unfinished}
    broken = {Path(path) for path in results.broken}
    seeds = sorted({cell.seed for cell in begun})
    missing = []
    for method in results.methods:
        stated = results.about.get("methods", {}).get(method, {})
        for problem in stated.get("problems") or results.facts:
            for seed in stated.get("seeds") or seeds:
                cell = Cell(method, problem, seed)
                if cell not in begun and cell.path(results.folder) not in broken:
                    missing.append(cell)
    return missing
