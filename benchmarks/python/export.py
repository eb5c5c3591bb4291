"""A run in the formats of other tools, so that their own post-processing reads it.

COCO (Hansen et al. 2021; the files that cocopp reads): for each method a folder with an index a
function (.info) and, for each dimension, the improvements (.dat) and all evaluations (.tdat).
IOHprofiler (Doerr et al. 2018; read by IOHanalyzer and iohinspector): for each method and function
a description (.json) and, for each dimension, all evaluations (.dat).
Seeds are repeated runs of an instance in both. A failed evaluation does not improve anything.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .results import Array, Cell, Facts, Results, load, read_lines

_COCO_SUITES = ("bbob", "bbob-noisy", "bbob-mixint")


@dataclass(frozen=True)
class _Function:
    """A problem without dimension and instance."""

    suite: str
    number: int
    name: str
    options: str  # others than dimension and instance


@dataclass
class _Trial:
    dimension: int
    instance: int
    optimum: float
    points: list[list[float]]
    values: Array  # what is scored: noise-free values; infinity where an evaluation failed
    measured: Array


def to_coco(folder: Path, target: Path) -> list[str]:
    """Writes target/<method> for each method; give those folders to cocopp. Returns the labels of
    the problems that COCO has no place for; ValueError when these are all."""
    results = load(folder)
    fitting = [p for p in results.problems if _fits_coco(p, results.facts[p])]
    if not fitting:
        raise ValueError(
            f"{folder}: no problem of {', '.join(_COCO_SUITES)} with a known optimum; COCO's "
            "format has no place for others, IOHprofiler's has"
        )
    for method, function, trials in _functions(results, fitting):
        base = target / method
        data = base / f"data_f{function.number}"
        data.mkdir(parents=True, exist_ok=True)
        index = []
        for dimension in sorted({trial.dimension for trial in trials}):
            same = [trial for trial in trials if trial.dimension == dimension]
            stem = f"bbobexp_f{function.number}_DIM{dimension}"
            for suffix, every in ((".dat", False), (".tdat", True)):
                text = "".join(_coco_rows(trial, every) for trial in same)
                (data / (stem + suffix)).write_text(text, encoding="ascii")
            runs = ", ".join(
                f"{t.instance}:{t.values.size}|{t.values.min() - t.optimum:.1e}" for t in same
            )
            index.append(
                f"suite = '{function.suite}', funcId = {function.number}, DIM = {dimension}, "
                f"Precision = 1.000e-08, algId = '{method}', coco_version = '2.8.2', "
                "logger = 'bbob', data_format = 'bbob-new'\n"
                f"% asktell-bench, version {results.version(method)}\n"
                f"{data.name}/{stem}.dat, {runs}\n"
            )
        (base / f"bbobexp_f{function.number}.info").write_text("".join(index), encoding="utf-8")
    return [p for p in results.problems if p not in fitting]


def to_ioh(folder: Path, target: Path) -> list[str]:
    """Writes target/<method> for each method. Returns the labels of the problems with several
    objectives, which are left out; ValueError when these are all."""
    results = load(folder)
    fitting = [p for p in results.problems if results.facts[p].objectives == 1]
    if not fitting:
        raise ValueError(f"{folder}: every problem has several objectives")
    for method, function, trials in _functions(results, fitting):
        base = target / method
        name = _file_name(
            f"{function.name}_{function.options}" if function.options else function.name
        )
        data = base / f"data_f{function.number}_{name}"
        data.mkdir(parents=True, exist_ok=True)
        scenarios = []
        for dimension in sorted({trial.dimension for trial in trials}):
            same = [trial for trial in trials if trial.dimension == dimension]
            file = data / f"IOHprofiler_f{function.number}_DIM{dimension}.dat"
            file.write_text("".join(map(_ioh_rows, same)), encoding="ascii")
            scenarios.append(
                {
                    "dimension": dimension,
                    "path": f"{data.name}/{file.name}",
                    "runs": [_ioh_run(trial) for trial in same],
                }
            )
        described = {
            "version": "0.3.22",
            "suite": function.suite,
            "function_id": function.number,
            "function_name": name,
            "maximization": False,
            "algorithm": {"name": method, "info": f"version {results.version(method)}"},
            "attributes": ["evaluations", "raw_y"],
            "scenarios": scenarios,
        }
        path = base / f"IOHprofiler_f{function.number}_{name}.json"
        path.write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    return [p for p in results.problems if p not in fitting]


def _fits_coco(label: str, facts: Facts) -> bool:
    suite, _, rest = label.partition(":")[0].partition("/")
    known = facts.objectives == 1 and not facts.constraints and not math.isnan(facts.optimum)
    return suite in _COCO_SUITES and bool(re.fullmatch(r"f\d+", rest)) and known


def _functions(
    results: Results, labels: list[str]
) -> Iterator[tuple[str, _Function, list[_Trial]]]:
    """(method, function, its runs) with those that evaluated nothing left out."""
    places = _numbered(labels)
    for method in results.methods:
        grouped: dict[_Function, list[_Trial]] = {}
        for cell in sorted(results.of(method)):
            if cell.problem in places and results.runs[cell].values.size:
                trial = _trial(results, cell)
                if np.isfinite(trial.values).any():
                    grouped.setdefault(places[cell.problem], []).append(trial)
        for function, trials in grouped.items():
            yield method, function, trials


def _numbered(labels: list[str]) -> dict[str, _Function]:
    """BBOB's functions keep their numbers; others get their place in their suite's alphabet."""
    parts = {label: _parts(label) for label in labels}
    found = {}
    for label, (suite, name, options) in parts.items():
        number = re.fullmatch(r"f(\d+)", name)
        if number and suite.startswith("bbob"):
            place = int(number[1])
        else:
            peers = sorted({(n, o) for s, n, o in parts.values() if s == suite})
            place = peers.index((name, options)) + 1
        found[label] = _Function(suite, place, name, options)
    return found


def _parts(label: str) -> tuple[str, str, str]:
    name, _, options = label.partition(":")
    suite, slash, rest = name.partition("/")
    others = [
        option
        for option in options.split(",")
        if option and not option.startswith(("dimension=", "instance="))
    ]
    return (suite, rest, ",".join(others)) if slash else ("other", suite, ",".join(others))


def _trial(results: Results, cell: Cell) -> _Trial:
    run, facts = results.runs[cell], results.facts[cell.problem]
    lines = [line for line in read_lines(cell.path(results.folder)) if "f" in line]
    instance = re.search(r"\binstance=(\d+)", cell.problem)
    measured = run.values[:, 0]
    bad = ~np.isfinite(measured) | (run.constraints > 0).any(axis=1)
    scored = run.true if facts.noisy else measured
    return _Trial(
        dimension=facts.dimension,
        instance=int(instance[1]) if instance else 1,
        optimum=facts.optimum,
        points=[line["x"] for line in lines],
        values=np.where(bad, np.inf, scored),
        measured=measured,
    )


def _coco_rows(trial: _Trial, every: bool) -> str:
    """A header and the improvements, the first and the last evaluation; or all of them."""
    best, least = np.minimum.accumulate(trial.values), np.minimum.accumulate(trial.measured)
    rows = [
        "% f evaluations | g evaluations | best noise-free fitness - Fopt "
        f"({trial.optimum:.12e}) + sum g_i+ | measured fitness | best measured fitness or "
        "single-digit g-values | x1 | x2...\n"
    ]
    last = best.size - 1
    for t in range(best.size):
        if every or t in (0, last) or best[t] < best[t - 1]:
            # Before anything succeeded there is no value; the largest number stands for it.
            figures = [best[t] - trial.optimum, trial.measured[t], least[t]]
            shown = " ".join(f"{min(each, 1e300):+.9e}" for each in figures)
            rows.append(f"{t + 1} 0 {shown} {_coordinates(trial.points[t])}\n")
    return "".join(rows)


def _coordinates(point: list[float]) -> str:
    """NaN, a parameter that is not active, has no place in these formats."""
    return " ".join(f"{0.0 if each is None else each:+.4e}" for each in point)


def _ioh_rows(trial: _Trial) -> str:
    worst = trial.values[np.isfinite(trial.values)].max()
    rows = [
        f"{t} {min(value, worst):.10f}\n" if abs(value) < 1e6 else f"{t} {min(value, worst):.10e}\n"
        for t, value in enumerate(trial.values, 1)
    ]
    return "evaluations raw_y\n" + "".join(rows)


def _ioh_run(trial: _Trial) -> dict[str, Any]:
    best = int(np.argmin(trial.values))
    return {
        "instance": trial.instance,
        "evals": int(trial.values.size),
        "best": {"evals": best + 1, "y": float(trial.values[best]), "x": trial.points[best]},
    }


def _file_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.=-]+", "-", text)
