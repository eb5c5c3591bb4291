"""Runs methods on problems: every (method, problem, seed) is a cell with a log of its own.

All methods get the same space, the same number of evaluations and, unless the start is their own,
the same scrambled Sobol points to begin with, which are told to those that take points. A cell that
is finished is not run again, and one that was interrupted is run from its beginning. A method that
raises, crashes, hangs or leaves the space is recorded as such: the run is scored with the best it
had, and a point outside of the space is a failed evaluation.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from . import results, run_folder
from ._problems import Problem, from_label
from .peers import catalog
from .peers.adapter import Outcome, Parameter, Task
from .peers.client import PeerFailure, Served
from .results import Cell
from .run_folder import Settings

# Seeds of the design lie apart from those of the methods, so that a Sobol method does not repeat
# it.
DESIGN_SEED = 1_000_000
# Cells of one method that are served by one process, one after the other.
CHUNK = 8


def task_of(problem: Problem, budget: int, seed: int, settings: Settings) -> Task:
    """What a method is told about a problem."""
    return Task(
        parameters=tuple(
            Parameter(
                name=each["name"],
                kind=each["kind"],
                low=float(each["low"]),
                high=float(each["high"]),
                log=bool(each["log"]),
                choices=tuple(each["choices"]),
            )
            for each in problem.parameters
        ),
        budget=budget,
        seed=seed,
        batch=max(settings.batch, settings.pending),
        objectives=len(problem.objectives),
        constraints=len(problem.constraints),
        noisy=problem.noisy,
    )


def unfit(method: catalog.Method, problem: Problem, settings: Settings) -> str:
    """Why a method cannot be run on a problem; "" when it can."""
    kinds = {each["kind"] for each in problem.parameters}
    lacking = sorted(kinds - set(method.kinds))
    if lacking:
        return f"takes no {', '.join(lacking)} parameters"
    if any(each["role"] == "fidelity" for each in problem.parameters):
        return "has no fidelities"
    if any(each["when"] for each in problem.parameters):
        return "takes no conditional parameters"
    if len(problem.objectives) > 1 and not method.several_objectives:
        return "takes one objective"
    if problem.constraints and not method.constraints:
        return "takes no constraints"
    if settings.batch * settings.pending > 1 and not method.batch:
        return "takes no batches"
    return ""


def sobol_points(problem: Problem, count: int, seed: int) -> list[list[float]]:
    """The first points of a scrambled Sobol sequence; those of a smaller count are among them."""
    import asktell

    study = asktell.Study(space=problem.space, solver="sobol", seed=seed)
    return [[float(v) for v in trial.vector()] for trial in study.ask(count)] if count else []


def design(problem: Problem, budget: int, seed: int) -> list[list[float]]:
    """The common start: max(5, 2 (d + 1)) points, at most a quarter of the budget."""
    count = min(max(5, 2 * (problem.dimension + 1)), budget // 4)
    return sobol_points(problem, count, DESIGN_SEED + seed)


def outside(parameters: Sequence[Parameter], x: Sequence[float]) -> str:
    """What is wrong with a point, "" when it lies in the space (bounds get an ulp or so of grace).

    Raises nothing: a point of the wrong length is wrong as well.
    """
    if len(x) != len(parameters):
        return f"out of bounds: {len(x)} values for {len(parameters)} parameters"
    for value, each in zip(x, parameters):
        low, high = (
            (each.low, each.high)
            if each.kind in ("real", "integer")
            else (0.0, float(max(len(each.choices) - 1, 1)))
        )
        grace = 4 * math.ulp(max(abs(low), abs(high))) if each.kind == "real" else 0.0
        if not low - grace <= value <= high + grace:
            return f"out of bounds: {each.name} = {value!r} is not in [{low:g}, {high:g}]"
        if each.kind != "real" and value != round(value):
            return f"out of bounds: {each.name} = {value!r} is not whole"
    return ""


@dataclass
class Log:
    """The lines of one cell."""

    file: TextIO
    common: dict[str, Any]
    t: int = 0

    def write(self, **fields: Any) -> None:
        self.file.write(json.dumps({**self.common, **fields}, allow_nan=False) + "\n")

    def end(self, reason: str) -> None:
        self.write(end=reason)


class Run:
    """One cell: a problem, its log and what is still out."""

    def __init__(self, served: Served, problem: Problem, cell: Cell, settings: Settings) -> None:
        self.served = served
        self.problem = problem
        self.cell = cell
        self.settings = settings
        self.budget = settings.evaluations(problem)
        self.task = task_of(problem, self.budget, cell.seed, settings)

    def into(self, log: Log) -> str:
        """Evaluates until the budget is spent; returns why it ended before, or nothing."""
        self.log = log
        try:
            self.served.make(self.task)
            if self.settings.start == "design":
                self._start()
            while log.t < self.budget:
                self._step_asynchronous() if self.settings.pending > 1 else self._step()
            if self.problem.noisy:
                self._recommend()
        except PeerFailure as failure:
            if failure.details:
                print(failure, file=sys.stderr)
            log.end(failure.reason)
            return failure.reason
        return ""

    def _start(self) -> None:
        points = design(self.problem, self.budget, self.cell.seed)
        outcomes = [self._evaluate(x, {"design": True, "ask_ns": 0, "tell_ns": 0}) for x in points]
        if points and self.served.method.takes_points:
            self.served.tell(points, outcomes, self.settings.ask_limit)

    def _step(self) -> None:
        """Asks for a batch, evaluates it and tells it."""
        count = min(self.settings.batch, self.budget - self.log.t)
        asked = self.served.ask(count, self.settings.ask_limit)
        lines = [self._measured(x, asked.ns // len(asked.points)) for x in asked.points]
        spent = self.served.tell(
            asked.points, [outcome for outcome, _ in lines], self.settings.ask_limit
        )
        for _, line in lines:
            first = {"first": True} if asked.first else {}
            self.log.write(**line, tell_ns=spent // len(lines), **first)

    def _step_asynchronous(self) -> None:
        """Keeps `pending` points out and tells one of them, chosen by the seed, at a time."""
        random = np.random.default_rng([self.cell.seed, 1])
        out: list[tuple[list[float], int, bool]] = []
        while self.log.t < self.budget:
            while len(out) < min(self.settings.pending, self.budget - self.log.t):
                asked = self.served.ask(1, self.settings.ask_limit)
                out.append((asked.points[0], asked.ns, asked.first))
            x, spent, first = out.pop(int(random.integers(len(out))))
            outcome, line = self._measured(x, spent)
            told = self.served.tell([x], [outcome], self.settings.ask_limit)
            self.log.write(**line, tell_ns=told, **({"first": True} if first else {}))

    def _evaluate(self, x: list[float], more: dict[str, Any]) -> Outcome:
        outcome, line = self._measured(x, 0)
        self.log.write(**{**line, **more})
        return outcome

    def _measured(self, x: list[float], ask_ns: int) -> tuple[Outcome, dict[str, Any]]:
        """The outcome of the next evaluation and its line."""
        self.log.t += 1
        shown = [value if math.isfinite(value) else None for value in x]
        line: dict[str, Any] = {"t": self.log.t, "x": shown, "f": None, "ask_ns": ask_ns}
        wrong = outside(self.task.parameters, x)
        if not wrong:
            try:
                seen = self.problem.observe(x, self.cell.seed, self.log.t)
            except Exception as error:  # the problem failed here, which is an outcome
                wrong = f"{type(error).__name__}: {error}"
            else:
                if all(map(math.isfinite, (*seen.objectives, *seen.constraints))):
                    return Outcome(seen.objectives, seen.constraints), line | self._seen(x, seen)
                wrong = f"value is {seen.objectives}, constraints {seen.constraints}"
        return Outcome(()), line | {"failed": wrong}

    def _seen(self, x: list[float], seen: Any) -> dict[str, Any]:
        several = len(seen.objectives) > 1
        fields: dict[str, Any] = {"f": list(seen.objectives) if several else seen.objectives[0]}
        if seen.constraints:
            fields["g"] = list(seen.constraints)
        if seen.cost != 1:
            fields["cost"] = seen.cost
        if self.problem.noisy:
            fields["true"] = self.problem.evaluate(x).objectives[0]
        return fields

    def _recommend(self) -> None:
        point = self.served.recommend(self.settings.ask_limit)
        if point is not None and not outside(self.task.parameters, point):
            self.log.write(recommended=point, true=self.problem.evaluate(point).objectives[0])


def run_cell(served: Served, cell: Cell, settings: Settings, folder: Path) -> str:
    """Runs one cell from its beginning; returns why it stopped before its budget, or nothing."""
    problem = from_label(cell.problem)
    path = cell.path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        served.start()
    except PeerFailure as failure:
        served.version = served.version or "unknown"
        reason = failure.reason
    else:
        reason = ""
    common = {
        "problem": cell.problem,
        "method": cell.method,
        "version": served.version,
        "seed": cell.seed,
    }
    with path.open("w", encoding="utf-8") as file:
        log = Log(file, common)
        if reason:
            log.end(reason)
            return reason
        return Run(served, problem, cell, settings).into(log)


def run_chunk(
    cells: Sequence[Cell], settings: Settings, folder: Path
) -> list[tuple[Cell, str, float]]:
    """Runs cells of one method in one process of its own: (cell, early end, seconds) of each."""
    done = []
    with Served(catalog.find(cells[0].method)) as served:
        for cell in cells:
            began = time.monotonic()
            end = run_cell(served, cell, settings, folder)
            done.append((cell, end, time.monotonic() - began))
    return done


def pin(cores: Any) -> None:
    """Gives a worker a core of its own, which the methods it serves inherit."""
    os.environ["ASKTELL_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {cores.get()})


def chunks(cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    """Cells of one method together, in the order given."""
    chunk: list[Cell] = []
    for cell in cells:
        if chunk and (chunk[0].method != cell.method or len(chunk) == CHUNK):
            yield chunk
            chunk = []
        chunk.append(cell)
    if chunk:
        yield chunk


def remaining(
    cells: Sequence[Cell], problems: dict[str, Problem], settings: Settings, folder: Path
) -> list[Cell]:
    """Those that are not finished."""
    return [
        cell
        for cell in cells
        if not results.is_finished(
            results.read_lines(cell.path(folder)), settings.evaluations(problems[cell.problem])
        )
    ]


def execute(
    cells: Sequence[Cell], settings: Settings, folder: Path, jobs: int, quiet: bool = False
) -> list[str]:
    """Runs the cells on `jobs` cores; returns what ended early."""
    context = multiprocessing.get_context("spawn")
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    cores = context.Queue()
    for job in range(jobs):
        cores.put(available[job % len(available)])
    ended: list[str] = []
    count, began = 0, time.monotonic()
    with ProcessPoolExecutor(jobs, context, initializer=pin, initargs=(cores,)) as pool:
        futures = [pool.submit(run_chunk, chunk, settings, folder) for chunk in chunks(cells)]
        for future in as_completed(futures):
            for cell, end, _ in future.result():
                count += 1
                if end:
                    ended.append(f"{cell.method} {cell.problem} seed {cell.seed}: {end}")
                    print(ended[-1], file=sys.stderr)
            if quiet:
                continue
            left = (time.monotonic() - began) / count * (len(cells) - count)
            print(f"{count}/{len(cells)} cells, about {left / 60:.1f} min left", flush=True)
    return ended


def describe(method: catalog.Method) -> dict[str, Any]:
    """Version and packages of a method; PeerFailure when it cannot even be imported."""
    with Served(method.require()) as served:
        served.start()
        return {
            "version": served.version,
            "import_ms": served.import_ns / 1e6,
            "environment": method.environment,
            "packages": served.packages,
        }


def run(
    names: Sequence[str],
    labels: Sequence[str],
    seeds: Sequence[int],
    settings: Settings,
    folder: Path,
    *,
    jobs: int = 1,
    command: Sequence[str] = (),
    quiet: bool = False,
) -> list[str]:
    """Runs every method on every problem and seed that it fits and that is not finished.

    Returns what ended early, one line each. Raises ValueError or RuntimeError, before anything is
    run, for a method that is unknown or not installed and for a folder of other settings.
    """
    methods = [catalog.find(name) for name in names]
    problems = {label: from_label(label) for label in labels}
    described = {method.name: describe(method) for method in methods}
    cells = []
    for method in methods:
        about = described[method.name]
        print(f"{method.name} {about['version']}")
        why = {label: unfit(method, problems[label], settings) for label in labels}
        about["problems"] = [label for label in labels if not why[label]]
        about["seeds"] = list(seeds)
        about["unfit"] = {label: reason for label, reason in why.items() if reason}
        for reason, count in Counter(about["unfit"].values()).items():
            first = next(label for label, each in about["unfit"].items() if each == reason)
            more = f" and {count - 1} more" if count > 1 else ""
            print(f"{method.name} is not run on {first}{more}: it {reason}", file=sys.stderr)
        cells += [Cell(method.name, label, seed) for label in about["problems"] for seed in seeds]
    with run_folder.claimed(folder):
        run_folder.record(folder, settings, list(problems.values()), described, command)
        rest = remaining(cells, problems, settings, folder)
        print(f"{len(cells)} cells, {len(cells) - len(rest)} of them finished before")
        return execute(rest, settings, folder, jobs, quiet) if rest else []
