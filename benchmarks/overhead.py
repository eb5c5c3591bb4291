#!/usr/bin/env python3
"""What asktell costs from Python and from the shell, beside the objective.

    python benchmarks/overhead.py                      # small: under a minute
    python benchmarks/overhead.py --full               # 100 000 trials, botorch-rust beside gp_bo

Prints one line a figure; --json FILE keeps them. Medians; one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

Figures = dict[str, float]
PARAMETERS = 20

# Read when NumPy, asktell and botorch-rust (Rayon) are imported.
THREADS = tuple(f"{name}_NUM_THREADS" for name in ("OMP", "OPENBLAS", "MKL", "RAYON"))
THREADS = (*THREADS, "ASKTELL_THREADS")


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def cube(dimension: int) -> dict[str, Any]:
    import asktell

    return {f"x{i}": asktell.Real(0, 1) for i in range(dimension)}


def import_time(repeats: int = 11) -> Figures:
    """In fresh interpreters, after NumPy is there."""
    code = (
        "import time, numpy; began = time.perf_counter(); import asktell; "
        "print(time.perf_counter() - began)"
    )
    times = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
        for _ in range(repeats)
    ]
    return {"import asktell beyond NumPy, ms": float(np.median(times)) * 1e3}


def ask_tell(trials: int) -> Figures:
    """Mean over a study that grows to `trials`, in memory and with a file."""
    import asktell

    def one(solver: str, dimension: int, file: str | None) -> float:
        study = asktell.Study(space=cube(dimension), solver=solver, seed=7, file=file)
        began = time.perf_counter()
        for _ in range(trials):
            study.tell(study.ask(), 1.0)
        return (time.perf_counter() - began) / trials * 1e6

    figures = {}
    for solver in ("random", "sobol"):
        for dimension in (2, PARAMETERS):
            name = f"ask + tell, {solver}, {dimension} parameters, in memory, us"
            figures[name] = one(solver, dimension, None)
    with tempfile.TemporaryDirectory() as folder:
        added = one("random", 2, f"{folder}/study.db")
    name = "ask + tell, random, 2 parameters, with a file, us"
    return {**figures, name: added}


def command_time(command: list[str], repeats: int = 5) -> float:
    """Median milliseconds of a program, start and end included."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - began)
    return float(np.median(times)) * 1e3


def many_trials(trials: int) -> Figures:
    """A study of so many trials of 20 parameters: in memory, and as a file read by the shell."""
    import asktell

    title = f"{trials} trials of {PARAMETERS} parameters"
    before = resident_megabytes()
    study = asktell.Study(space=cube(PARAMETERS), solver="random", seed=7)
    for i in range(trials):
        study.tell(study.ask(), float(i % 1009))
    figures = {f"{title}: memory, MB": resident_megabytes() - before}
    began = time.perf_counter()
    for _ in range(1000):
        study.tell(study.ask(), 1.0)
    figures[f"{title}: next ask + tell, us"] = (time.perf_counter() - began) * 1e3
    began = time.perf_counter()
    study.best()
    figures[f"{title}: best, ms"] = (time.perf_counter() - began) * 1e3
    del study

    program = shutil.which("asktell", path=sysconfig.get_path("scripts")) or shutil.which("asktell")
    if program is None:
        raise RuntimeError("the asktell program is not installed beside this Python nor on PATH")
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/study.db"
        study = asktell.Study(space=cube(PARAMETERS), solver="random", seed=7, file=file)
        began = time.perf_counter()
        for i in range(trials):
            study.tell(study.ask(), float(i % 1009))
        figures[f"{title}: ask + tell into a file, us"] = (
            (time.perf_counter() - began) / trials * 1e6
        )
        del study
        figures[f"{title}: file, MB"] = Path(file).stat().st_size / 1e6
        figures["asktell best from the shell, ms"] = command_time([program, "best", file])
        began = time.perf_counter()
        study = asktell.Study(file=file)
        study.ask()
        figures[f"{title}: open the file and ask, ms"] = (time.perf_counter() - began) * 1e3
    return figures


def header_time() -> Figures:
    """The compiler over a file that includes the main header and nothing else."""
    tree = Path(__file__).resolve().parent.parent / "build/release/asktell-include"
    if not tree.exists():
        return {}
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as source:
        source.write("#include <asktell/asktell.hpp>\nint main() {}\n")
        source.flush()
        flags = ["-std=c++20", f"-I{tree}", "-isystem", "/usr/include/eigen3", "-fsyntax-only"]
        return {"main header, compiled alone, ms": command_time(["g++", *flags, source.name])}


def wheel_size(wheel: Path) -> Figures:
    return {f"{wheel.name}, MB": wheel.stat().st_size / 1e6}


# --- gp_bo beside botorch-rust ---


def hartmann6(x: np.ndarray) -> float:
    """Dixon and Szego (1978); minimum -3.32237."""
    a = np.array(
        [
            [10, 3, 17, 3.5, 1.7, 8],
            [0.05, 10, 17, 0.1, 8, 14],
            [3, 3.5, 1.7, 10, 17, 8],
            [17, 8, 0.05, 10, 0.1, 14],
        ]
    )
    p = 1e-4 * np.array(
        [
            [1312, 1696, 5569, 124, 8283, 5886],
            [2329, 4135, 8307, 3736, 1004, 9991],
            [2348, 1451, 3522, 2883, 3047, 6650],
            [4047, 8828, 8732, 5743, 1091, 381],
        ]
    )
    terms = np.exp(-np.sum(a * (x - p) ** 2, axis=1))
    return float(-np.dot([1.0, 1.2, 3.0, 3.2], terms))


class OurGp:
    """gp_bo at its defaults."""

    def __init__(self, points: np.ndarray, values: list[float]) -> None:
        import asktell

        self._study = asktell.Study(space=cube(points.shape[1]), solver="gp_bo", seed=7)
        for x, value in zip(points, values, strict=True):
            self._study.tell_point({f"x{i}": float(v) for i, v in enumerate(x)}, value)

    def ask(self) -> np.ndarray:
        self._trial = self._study.ask()
        return np.asarray(self._trial.vector())

    def tell(self, x: np.ndarray, value: float) -> None:
        self._study.tell(self._trial, value)


class BotorchRust:
    """SingleTaskGP and LogExpectedImprovement, 10 restarts from 512 points, as its page shows."""

    def __init__(self, points: np.ndarray, values: list[float]) -> None:
        self._x = points
        self._y = -np.array(values)  # it maximizes

    def ask(self) -> np.ndarray:
        from botorch_rs.acquisition import LogExpectedImprovement
        from botorch_rs.fit import fit_gpytorch_mll
        from botorch_rs.mlls import ExactMarginalLogLikelihood
        from botorch_rs.models import SingleTaskGP
        from botorch_rs.optim import optimize_acqf

        model = SingleTaskGP(self._x, self._y[:, None])
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        gain = LogExpectedImprovement(model, best_f=float(self._y.max()))
        bounds = np.array([[0.0] * self._x.shape[1], [1.0] * self._x.shape[1]])
        x, _ = optimize_acqf(gain, bounds=bounds, q=1, num_restarts=10, raw_samples=512)
        return np.asarray(x).reshape(-1)

    def tell(self, x: np.ndarray, value: float) -> None:
        self._x = np.vstack([self._x, x])
        self._y = np.append(self._y, -value)


def timed_steps(make: Callable[[np.ndarray, list[float]], Any], points: np.ndarray) -> list[float]:
    """Seconds of the first ask with all data new, and of four times tell and ask after it."""
    optimizer = make(points, [hartmann6(x) for x in points])
    began = time.perf_counter()
    x = optimizer.ask()
    seconds = [time.perf_counter() - began]
    for _ in range(4):
        value = hartmann6(x)
        began = time.perf_counter()
        optimizer.tell(x, value)
        x = optimizer.ask()
        seconds.append(time.perf_counter() - began)
    return seconds


def gp_against_botorch_rust(told: int, sets: int) -> Figures:
    """Hartmann-6; both packages in turn on the same points, after one unmeasured round."""
    first: dict[str, list[float]] = {"gp_bo": [], "botorch-rust": []}
    later: dict[str, list[float]] = {"gp_bo": [], "botorch-rust": []}
    makers = {"gp_bo": OurGp, "botorch-rust": BotorchRust}
    for repeat in range(-1, sets):
        points = np.random.default_rng(100 + repeat).uniform(size=(told, 6))
        for method, make in makers.items():
            seconds = timed_steps(make, points)
            if repeat >= 0:
                first[method].append(seconds[0])
                later[method].extend(seconds[1:])
    figures = {}
    for what, times in (("first ask", first), ("tell + ask", later)):
        ours, theirs = (float(np.median(times[method])) for method in makers)
        title = f"{what} at n = {told}, d = 6"
        figures[f"{title}: gp_bo, ms"] = ours * 1e3
        version = metadata.version("botorch-rust")
        figures[f"{title}: botorch-rust {version}, ms"] = theirs * 1e3
        figures[f"{title}: botorch-rust / gp_bo"] = theirs / ours
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--full", action="store_true", help="100 000 trials; gp_bo to n = 500")
    parser.add_argument("--wheel", type=Path, help="a wheel whose size is reported")
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument("--only", help="of import,header,ask_tell,many,gp: the ones to run")
    options = parser.parse_args()
    full = options.full
    parts: dict[str, Callable[[], Figures]] = {
        "import": import_time,
        "header": header_time,
        "ask_tell": lambda: ask_tell(20_000 if full else 5_000),
        "many": lambda: many_trials(100_000 if full else 10_000),
        "gp": lambda: gp_against_botorch_rust(100, 3),
    }
    if full:
        parts["gp_500"] = lambda: gp_against_botorch_rust(500, 2)
    wanted = options.only.split(",") if options.only else list(parts)
    unknown = set(wanted) - set(parts)
    if unknown:
        parser.error(f"--only: {', '.join(sorted(unknown))}; known are {', '.join(parts)}")
    if any(os.environ.get(name) != "1" for name in THREADS):  # start again with one thread
        environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)
    figures: Figures = {}
    if options.wheel:
        parts["wheel"] = lambda: wheel_size(options.wheel)
        wanted.append("wheel")
    for part in wanted:
        for title, value in parts[part]().items():
            figures[title] = value
            print(f"{title:<60} {value:12.4g}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
