#!/usr/bin/env python3
"""Runs methods on problems: every (problem, method, seed) is a cell, a JSON-lines file in --out.

    python benchmarks/runner.py --out results            # small: minutes on two cores
    python benchmarks/runner.py --out results --full     # for claims: days; stop and go on at will

A run that is started again skips the finished cells. All methods get the same box, the same number
of evaluations and, unless --start own, the same scrambled Sobol points to begin with.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import peers
import suites
from peers.asktell_solver import sobol_design
from results import Cell, Settings, is_finished, read_lines
from suites import Point, Problem

METHODS = ["asktell-auto", "asktell-random", "optuna-tpe", "pycma"]
FULL_METHODS = [*METHODS, "asktell-gp_bo", "asktell-sobol"]

# One thread a method: two cells run side by side, and ask times are those of one core.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ASKTELL_THREADS")
# Seeds of the design lie apart from those of the methods, so that a Sobol solver does not
# repeat it.
DESIGN_SEED = 1_000_000


def numbers(text: str) -> list[int]:
    """ "1-3,7" -> [1, 2, 3, 7]."""
    found: list[int] = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        found.extend(range(int(low), int(high or low) + 1))
    return found


def design(problem: Problem, budget: int, seed: int) -> list[Point]:
    """max(5, 2 (d + 1)) points, but at most a quarter of the budget."""
    count = min(max(5, 2 * (problem.box.dimension + 1)), budget // 4)
    return sobol_design(problem.box, count, DESIGN_SEED + seed)


def run_cell(cell: Cell, settings: Settings, folder: Path) -> str:
    """Runs one cell from its beginning; returns why it stopped before its budget, or nothing."""
    method = peers.find(cell.method)
    problem = Problem(cell.problem)
    budget = settings.evaluations(problem.box.dimension)
    start = design(problem, budget, cell.seed) if settings.start == "design" else []
    optimizer = method.make(problem.box, budget, cell.seed, start)
    path = cell.path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    name = {"problem": cell.problem, "method": cell.method, "version": method.version}
    common = {**name, "seed": cell.seed, "optimum": problem.optimum}
    end = ""
    with path.open("w", encoding="utf-8") as log:
        for t in range(1, budget + 1):
            began = time.perf_counter_ns()
            x = optimizer.ask()
            asked = time.perf_counter_ns()
            value = problem(x)
            evaluated = time.perf_counter_ns()
            optimizer.tell(x, value)
            told = time.perf_counter_ns()
            line = {
                **common,
                "t": t,
                "x": x.tolist(),
                "f": value if math.isfinite(value) else None,
                "ask_ns": asked - began,
                "tell_ns": told - evaluated,
            }
            log.write(json.dumps(line, allow_nan=False) + "\n")
            if (asked - began) * 1e-9 > settings.ask_limit and t < budget:
                end = f"ask {t} took {(asked - began) * 1e-9:.0f} s"
                log.write(json.dumps({**common, "end": end}) + "\n")
                break
    return end


def work(cell: Cell, settings: Settings, folder: Path) -> tuple[Cell, str, str]:
    """run_cell in a worker process: (cell, early end, error)."""
    try:
        return cell, run_cell(cell, settings, folder), ""
    except Exception as error:  # one cell's failure must not end the others
        return cell, "", f"{type(error).__name__}: {error}"


def unfinished(wanted: list[Cell], settings: Settings, folder: Path) -> list[Cell]:
    def done(cell: Cell) -> bool:
        dimension = int(cell.problem.split("-")[2].removeprefix("d"))
        return is_finished(read_lines(cell.path(folder)), settings.evaluations(dimension))

    return [cell for cell in wanted if not done(cell)]


def run(wanted: list[Cell], settings: Settings, folder: Path, jobs: int) -> list[str]:
    """Runs what is not finished; returns the errors."""
    settings.keep(folder)
    remaining = unfinished(wanted, settings, folder)
    print(f"{len(wanted)} cells, {len(wanted) - len(remaining)} of them finished before")
    for name in THREADS:
        os.environ[name] = "1"
    errors = []
    began = time.monotonic()
    # Fresh interpreters: a forked one would keep the threads and the settings of this one.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=jobs, mp_context=context) as pool:
        futures = [pool.submit(work, cell, settings, folder) for cell in remaining]
        for count, future in enumerate(as_completed(futures), 1):
            cell, end, error = future.result()
            where = f"{cell.method} {cell.problem} seed {cell.seed}"
            if error:
                errors.append(f"{where}: {error}")
            if error or end:
                print(f"{where}: {error or end}", file=sys.stderr)
            if count % 20 == 0 or count == len(remaining):
                left = (time.monotonic() - began) / count * (len(remaining) - count)
                print(f"{count}/{len(remaining)} cells, about {left / 60:.1f} min left", flush=True)
    return errors


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of the results")
    parser.add_argument("--full", action="store_true", help="all functions, 2-20 d, 20 seeds, 30 d")
    parser.add_argument("--methods", help="such as asktell-gp_bo,optuna-tpe,pycma")
    parser.add_argument("--functions", type=numbers, help="of BBOB, such as 1-5,8")
    parser.add_argument("--dims", type=numbers, help="such as 2,5")
    parser.add_argument("--instances", type=numbers, help="such as 1-3")
    parser.add_argument("--seeds", type=numbers, help="such as 1-5; from 1")
    parser.add_argument("--budget", help="evaluations: 20d for 20 a dimension, or a number")
    parser.add_argument("--start", choices=("design", "own"), default="design")
    parser.add_argument("--ask-limit", type=float, default=60, help="seconds, then a run ends")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args(arguments)
    full = options.full
    options.methods = options.methods.split(",") if options.methods else None
    options.methods = options.methods or (FULL_METHODS if full else METHODS)
    options.functions = options.functions or (range(1, 25) if full else suites.BBOB_SHORT)
    options.dims = options.dims or ([2, 5, 10, 20] if full else [2, 5])
    options.instances = options.instances or (range(1, 6) if full else [1])
    options.seeds = options.seeds or (range(1, 21) if full else range(1, 4))
    options.budget = options.budget or ("30d" if full else "20d")
    return options


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    settings = Settings(options.budget, options.start, options.ask_limit)
    problems = suites.bbob(options.functions, options.dims, options.instances)
    for name in options.methods:
        print(f"{name} {peers.find(name).version}")  # a missing package stops here, by its name
    wanted = [Cell(m, p, s) for p in problems for s in options.seeds for m in options.methods]
    errors = run(wanted, settings, options.out, options.jobs)
    if errors:
        print(f"{len(errors)} cells failed; the first: {errors[0]}", file=sys.stderr)
        return 1
    print(f"done; now: python benchmarks/report.py {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
