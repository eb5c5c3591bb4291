"""How long a suggestion takes: tell + ask with n observations, one thread, all methods in turn.

The data set is frozen (Hartmann-6 in six dimensions, Ackley in others; scrambled Sobol points), so
that models are fitted to something real while evaluating costs nothing. A measurement tells n
points, asks once with all of them new (`first_ms`), and then tells one more and asks again, a few
times, on the method's own schedule of refits. Methods take turns at every (dimension, n, repeat),
so that whatever else the machine does meets them alike. The first call of each process, with its
imports and compilation, is a figure of its own (`first_call_ms`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from . import run_folder
from ._problems import Problem, problem
from .peers import catalog
from .peers.adapter import Outcome
from .peers.client import PeerFailure, Served
from .run_folder import Settings
from .runner import sobol_points, task_of

SIZES = (10, 20, 50, 100, 200, 500, 1000)
DIMENSIONS = (2, 6, 20, 60)
STEADY = 3  # asks after one more told point, a repeat
_SETTINGS = Settings(side="test", budget="own")


def data_problem(dimension: int) -> Problem:
    if dimension == 6:
        return problem("classic/hartmann6")
    return problem("classic/ackley", dimension=dimension)


def data_set(source: Problem, count: int, seed: int) -> tuple[list[list[float]], list[Outcome]]:
    """Points and outcomes; those of a smaller count are the first of a larger one."""
    points = sobol_points(source, count, seed)
    return points, [Outcome(source.evaluate(x).objectives) for x in points]


@dataclass
class Measured:
    """The times of one method at one (dimension, n), in milliseconds; one entry a repeat."""

    first: list[float] = field(default_factory=list)
    ask: list[float] = field(default_factory=list)
    tell: list[float] = field(default_factory=list)

    def row(self, method: str, dimension: int, n: int) -> dict[str, Any]:
        both = np.array(self.ask) + np.array(self.tell)
        return {
            "method": method,
            "dimension": dimension,
            "n": n,
            "first_ms": float(np.median(self.first)),
            "ask_ms": float(np.median(self.ask)),
            "tell_ms": float(np.median(self.tell)),
            "median_ms": float(np.median(both)),
            "p95_ms": float(np.quantile(both, 0.95)),
            "calls": len(both),
        }


def measure(
    served: Served, source: Problem, n: int, seed: int, limit: float, into: Measured
) -> float:
    """One repeat; returns the longest ask in seconds. PeerFailure when the method fails."""
    points, outcomes = data_set(source, n + STEADY, seed)
    served.make(task_of(source, 2 * (n + STEADY), seed, _SETTINGS))
    told = served.tell(points[:n], outcomes[:n], limit)
    asked = served.ask(1, limit)
    into.first.append((told + asked.ns) / 1e6)
    longest = asked.ns
    for _ in range(STEADY):
        # What the method asked for is answered with the value there.
        value = Outcome(source.evaluate(asked.points[0]).objectives)
        told = served.tell(asked.points, [value], limit)
        asked = served.ask(1, limit)
        into.ask.append(asked.ns / 1e6)
        into.tell.append(told / 1e6)
        longest = max(longest, asked.ns)
    return longest / 1e9


def warm_up(served: Served, limit: float) -> float:
    """The first suggestion of the process, imports included, in milliseconds."""
    served.start()
    source = data_problem(2)
    points, outcomes = data_set(source, 10, 1)
    made = served.make(task_of(source, 40, 1, _SETTINGS))
    told = served.tell(points, outcomes, limit)
    return (served.import_ns + made + told + served.ask(1, limit).ns) / 1e6


def run(
    names: Sequence[str],
    dimensions: Sequence[int],
    sizes: Sequence[int],
    repeats: int,
    limit: float,
    folder: Path,
    command: Sequence[str] = (),
) -> Path:
    """Measures and writes DIR/latency.json; ValueError for methods that cannot be measured."""
    methods = [catalog.find(name) for name in names]
    for method in methods:
        if not method.takes_points:
            raise ValueError(f"{method.name} takes no told points, so it has no n observations")
        method.require()
    os.environ["ASKTELL_THREADS"] = "1"
    rows: list[dict[str, Any]] = []
    described: dict[str, dict[str, Any]] = {}
    stopped: dict[tuple[str, int], str] = {}
    with ExitStack() as stack:
        served = {method.name: stack.enter_context(Served(method)) for method in methods}
        for name, each in served.items():
            first = warm_up(each, max(limit, 300.0))
            described[name] = {"version": each.version, "first_call_ms": first}
            print(f"{name} {each.version}: first suggestion after {first:.0f} ms", flush=True)
        for dimension in dimensions:
            for n in sorted(sizes):
                for row in _in_turn(served, dimension, n, repeats, limit, stopped):
                    rows.append({**row, "first_call_ms": described[row["method"]]["first_call_ms"]})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "latency.json"
    result = {
        "command": list(command),
        "commit": run_folder.commit(),
        "machine": run_folder.machine(),
        "methods": described,
        "limit_s": limit,
        "repeats": repeats,
        "rows": rows,
        "stopped": [
            {"method": name, "dimension": d, "reason": why} for (name, d), why in stopped.items()
        ],
    }
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return path


def _in_turn(
    served: dict[str, Served],
    dimension: int,
    n: int,
    repeats: int,
    limit: float,
    stopped: dict[tuple[str, int], str],
) -> list[dict[str, Any]]:
    """All methods at one (dimension, n); one that takes over the limit is not measured beyond."""
    source = data_problem(dimension)
    measured = {name: Measured() for name in served}
    for repeat in range(1, repeats + 1):
        for name, each in served.items():
            if (name, dimension) in stopped:
                continue
            try:
                longest = measure(each, source, n, repeat, limit, measured[name])
            except PeerFailure as failure:
                stopped[name, dimension] = f"n = {n}: {failure.reason}"
                print(f"{name} d = {dimension} {failure}", file=sys.stderr)
                continue
            if longest > limit / 4:  # the next n would take a multiple of it
                stopped[name, dimension] = f"an ask took {longest:.1f} s at n = {n}"
    rows = [times.row(name, dimension, n) for name, times in measured.items() if times.ask]
    for row in rows:
        print(
            f"d = {dimension:2} n = {n:4} {row['method']:22} first {row['first_ms']:10.3f} ms, "
            f"then {row['median_ms']:10.3f} ms (95 %: {row['p95_ms']:.3f})",
            flush=True,
        )
    return rows
