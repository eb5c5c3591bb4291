"""Frozen emulators of Bayesmark's tuning problems: microseconds an evaluation, the same value on
every machine, a known least value, and no scikit-learn.

    python -m asktell.benchmarks.problems.emulators make svm-wine-nll --out FOLDER
    python -m asktell.benchmarks.problems.emulators check svm-wine-nll

``make`` evaluates the live problem at 2000 Sobol points (at every point where there are fewer; the
file says at how many), fits extremely randomized trees (Geurts et al. 2006) at a fixed seed and
writes their arrays to <name>.npz; those in data/ are registered as "emulator/<name>". The trees are
grown on the ranks of the losses, so that the region of good points is not one leaf beside a few
huge losses; their leaves hold means of the losses themselves. ``check`` compares with the live
problem at 100 fresh points. A change of a committed emulator changes every result on it: give it
another name.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from asktell._space import Space

from .._problems import Array, Facts, Outcome, register_problem
from . import bayesmark
from ._requirements import package
from .forest import Forest, Threshold, from_sklearn, least

DATA = Path(__file__).parent / "data"
DEVELOPMENT = ("iris", "wine")  # data sets on which solvers may be developed; the rest is the test
POINTS = 2000
TREES = 30
LEAVES = 300
BOXES = 50_000  # of the search for the least value
CHECK_SEED = 1_000_003  # apart from that of the points an emulator is made of


class Scale:
    """Between native values and the coordinates that a forest is fitted in (log where the problem
    says so)."""

    def __init__(self, space: Space) -> None:
        parameters = space._core.parameters()
        self.log = np.array([bool(each["log"]) for each in parameters])
        self.whole = [each["kind"] != "real" for each in parameters]
        self.low = np.array([each["low"] for each in parameters])
        self.high = np.array([each["high"] for each in parameters])

    def scaled(self, points: Array) -> Array:
        return np.where(self.log, np.log(np.where(self.log, points, 1.0)), points)

    def threshold(self, feature: int, scaled: float) -> float:
        native = math.exp(scaled) if self.log[feature] else scaled
        return float(math.floor(native)) if self.whole[feature] else native

    def below(self) -> Array:
        """Just below the lower corner."""
        return np.where(self.whole, self.low - 1, np.nextafter(self.low, -math.inf))


def design(space: Space, count: int, seed: int) -> Array:
    """The first points of a scrambled Sobol sequence, n x d native values."""
    from asktell import Study

    study = Study(space=space, solver="sobol", seed=seed)
    return np.array([trial.vector() for trial in study.ask(count)], dtype=float)


def grid(space: Space, most: int) -> Array | None:
    """Every point of a space that has at most so many."""
    every = space._core.enumerate(most)
    return None if every is None else np.array([space._core.vector(each) for each in every])


def fitted(points: Array, losses: Array, scale: Scale, exact: bool) -> Forest:
    """Trees of single points, one being enough, where ``exact``."""
    ensemble = package("sklearn.ensemble", bayesmark.SCIKIT_LEARN, "an emulator")
    stats = package("scipy.stats", "scipy", "an emulator")
    shape = {"max_leaf_nodes": LEAVES, "min_samples_leaf": 2}
    model = ensemble.ExtraTreesRegressor(
        1 if exact else TREES, random_state=0, **({} if exact else shape)
    )
    scaled = scale.scaled(points)
    model.fit(scaled, stats.rankdata(losses))
    threshold: Threshold = scale.threshold
    return from_sklearn(model, losses, scaled, threshold)


def make(name: str, folder: Path, points: int = POINTS, boxes: int = BOXES) -> Path:
    """Evaluates, fits, finds the least value and writes ``folder/name.npz``."""
    task = bayesmark.task(name)
    scale = Scale(task.space)
    every = grid(task.space, points)
    x = design(task.space, points, seed=0) if every is None else every
    losses = np.array([task.loss(point) for point in x])
    kept = np.isfinite(losses)
    forest = fitted(x[kept], losses[kept], scale, exact=every is not None)
    start = min(x, key=lambda point: forest(point.tolist()))
    argmin, optimum, proven = least(forest, scale.below(), scale.high, start, boxes)
    facts = {
        "name": task.name,
        "optimum": optimum,
        "proven": proven,
        "argmin": argmin.tolist(),
        "points": len(x),
        "failed": int(np.sum(~kept)),
        "scikit-learn": package("sklearn", bayesmark.SCIKIT_LEARN, name).__version__,
    }
    path = folder / f"{task.name}.npz"
    np.savez_compressed(
        path,
        feature=forest.feature,
        right=forest.right,
        value=forest.value,
        roots=forest.roots,
        facts=np.array(json.dumps(facts)),
    )
    return path


@cache
def load(path: Path) -> tuple[Forest, dict[str, Any]]:
    with np.load(path) as arrays:
        forest = Forest(*(arrays[key] for key in ("feature", "right", "value", "roots")))
        return forest, json.loads(str(arrays["facts"]))


def correlation(name: str, count: int = 100, folder: Path = DATA) -> float:
    """Spearman's, between the emulator and the live problem at fresh points."""
    stats = package("scipy.stats", "scipy", "the check of an emulator")
    task, (forest, _) = bayesmark.task(name), load(folder / f"{name}.npz")
    points = design(task.space, count, CHECK_SEED)
    live = [task.loss(point) for point in points]
    emulated = [forest(point.tolist()) for point in points]
    return float(stats.spearmanr(live, emulated, nan_policy="omit").statistic)


def _register(path: Path) -> None:
    task = bayesmark.task(path.stem)

    @register_problem(
        f"emulator/{task.name}",
        f"frozen forest in place of bayesmark/{task.name}, made of its evaluations",
        reference="Turner et al. 2021 (problem), Geurts et al. 2006 (forest); ours",
    )
    def make_emulator() -> tuple[Facts, Any]:
        forest, known = load(path)
        facts = Facts(
            space=task.space,
            optimum=known["optimum"],
            proven=known["proven"],
            argmins=(tuple(known["argmin"]),),
            budget=bayesmark.BUDGET,
        )
        dimension = task.space._core.slots

        def evaluate(x: Array) -> Outcome:
            point = x.tolist()
            if len(point) != dimension:
                raise ValueError(
                    f'problem "emulator/{task.name}": the point has {len(point)} entries; '
                    f"it must have {dimension}"
                )
            return Outcome((forest(point),))

        return facts, evaluate


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Makes and checks frozen emulators.")
    parser.add_argument("do", choices=("make", "check"))
    parser.add_argument("names", nargs="+", help="such as svm-wine-nll")
    parser.add_argument("--points", type=int, default=POINTS, help="live evaluations to make it of")
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the emulators")
    options = parser.parse_args(arguments)
    for name in options.names:
        if options.do == "make":
            path = make(name, options.out, options.points)
            _, facts = load(path)
            known = "least" if facts["proven"] else "best known"
            print(f"{path}: {path.stat().st_size / 1e3:.0f} kB, {known} {facts['optimum']:.9g}")
        else:
            print(f"{name}: Spearman {correlation(name, folder=options.out):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
for _path in sorted(DATA.glob("*.npz")):
    _register(_path)
