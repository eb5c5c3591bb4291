"""Folders of invented runs, in the format of real ones, for the tests of loading and reporting."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from asktell.benchmarks.results import Cell

Value = Any  # a number, a list of objectives or None


def write_about(
    folder: Path,
    problems: Mapping[str, Mapping[str, Any]],
    methods: Mapping[str, Mapping[str, Any]],
    **settings: Any,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "format": 1,
        "settings": {"side": "development", "budget": "20d", "start": "design", **settings},
        "problems": problems,
        "methods": methods,
        "commands": [
            {
                "command": ["asktell-bench", "develop"],
                "commit": "0123456789ab",
                "date": "2026-11-27",
            }
        ],
        "machine": {"system": "Linux", "processor": "invented", "cores": 2, "python": "3.11"},
    }
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")


def write_cell(
    folder: Path,
    cell: Cell,
    values: Sequence[Value],
    last: Mapping[str, Any] | None = None,
    ask_ns: float = 1e6,
    x: Sequence[Sequence[float]] | None = None,
    **columns: Sequence[Any],
) -> Path:
    """A log with these values; `columns` adds further entries to each line, `last` a last line."""
    path = cell.path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = []
    for t, f in enumerate(values, 1):
        line = {"problem": cell.problem, "method": cell.method, "version": "1.0"}
        line.update(
            {"seed": cell.seed, "t": t, "x": list(x[t - 1]) if x is not None else [0.0, 0.0]}
        )
        line.update({"f": f, "ask_ns": ask_ns, "tell_ns": 1e4})
        line.update({key: column[t - 1] for key, column in columns.items()})
        if f is None:
            line["failed"] = "no value"
        if t == 1:
            line["first"] = True
        rows.append(json.dumps(line))
    rows += [json.dumps(last)] if last else []
    path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    return path


# Methods by the power of ten that their regret falls by in a run, and the seconds an ask takes.
PLANTED = {
    "asktell-auto": (4.0, 3e-3),
    "asktell-random": (0.8, 1e-5),
    "asktell-sobol": (1.0, 1e-5),
    "botorch": (3.4, 0.7),
    "optuna-tpe": (1.6, 4e-3),
    "pycma": (2.0, 2e-4),
}


def write_folder(
    folder: Path,
    functions: Sequence[int] = (1, 8, 10, 15, 21),
    dimensions: Sequence[int] = (2, 5),
    seeds: int = 5,
    methods: Mapping[str, tuple[float, float]] = PLANTED,
    seed: int = 0,
    **extra: Any,
) -> Path:
    """Runs whose regret falls from about 100 at the planted rates; functions above 14 favour
    "pycma" and "asktell-sobol", so that "asktell-auto" loses somewhere."""
    rng = np.random.default_rng(seed)
    labels = {
        f"bbob/f{f}:dimension={d},instance=101": (f, d) for f in functions for d in dimensions
    }
    facts = {
        label: {"dimension": d, "budget": 20 * d, "optimum": 10.0 * f, "objectives": 1,
                "constraints": 0, "proven": True, "noisy": False}
        for label, (f, d) in labels.items()
    }  # fmt: skip
    write_about(folder, facts, {m: {"version": "1.0"} for m in methods}, **extra)
    for label, (f, d) in labels.items():
        start = rng.uniform(1.5, 2.5, size=seeds)
        for method, (power, seconds) in methods.items():
            if f > 14 and method in ("pycma", "asktell-sobol"):
                power += 3
            for s in range(seeds):
                values = _planted_run(rng, 20 * d, start[s], power / math.sqrt(d) * 1.5)
                points = rng.uniform(-5, 5, size=(20 * d, d))
                ask = np.exp(rng.normal(math.log(seconds), 0.3, size=20 * d)) * 1e9
                write_cell(
                    folder,
                    Cell(method, label, s + 1),
                    (values + 10.0 * f).tolist(),
                    x=points,
                    ask_ns=float(np.median(ask)),
                )
    return folder


def _planted_run(
    rng: np.random.Generator, budget: int, start: float, power: float
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Regrets whose running minimum falls from 10^start by about `power` decades."""
    progress = np.linspace(0, 1, budget) ** 0.8
    trend = start - power * rng.uniform(0.8, 1.2) * progress
    return np.asarray(10 ** (trend + rng.exponential(0.6, size=budget)), dtype=float)
