"""CMA-ES of pycma (Hansen 2016) at its defaults, with step size 0.3 of the box as its documentation
advises, and a restart with twice the population from a random point whenever it stops.

A told design gives the first mean, its best point; without one this is random. Integers, ordinals
and booleans are given as its `integer_variables`. A failure has the worst value so far.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cma
import numpy as np

from . import adapter, failures, scaling

ENVIRONMENT = "pycma"
REQUIREMENTS = ("cma==4.5.0", "numpy==2.4.6")
KINDS = ("real", "integer", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = False


def version() -> str:
    return str(cma.__version__)


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self._coordinates = scaling.Coordinates(task)
        self._whole = [i for i, each in enumerate(task.parameters) if each.kind != "real"]
        bounds = np.array(self._coordinates.bounds(), dtype=float)
        # Half a cell beyond the ends, so that all whole numbers have cells of one size.
        bounds[self._whole] += [-0.5, 0.5]
        self._low, self._high = bounds.T
        self._rng = np.random.default_rng(task.seed)
        self._seed = task.seed
        self._start: Any = None
        self._start_value = math.inf
        self._filled = failures.WorstSoFar()
        self._run: Any = None
        self._population: list[Any] = []
        self._asked: list[adapter.Point] = []  # one a member of the population handed out
        self._values: dict[int, float] = {}

    def ask(self, count: int) -> list[adapter.Point]:
        if self._run is None:
            self._begin({})
        if len(self._asked) == len(self._population):
            # Also while some are pending: a generation may be larger than the population's size.
            self._population += self._run.ask(None if not self._population else 1)
        first = len(self._asked)
        members = self._population[first : first + count]
        self._asked += [self._coordinates.leave(each) for each in members]
        return self._asked[first:]

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            value = self._filled(outcome.value)
            if self._run is None:
                self._told_before(point, value)
                continue
            for member, asked in enumerate(self._asked):
                if asked == point and member not in self._values:
                    self._values[member] = value
                    break
        if self._population and len(self._values) == len(self._population):
            self._end_generation()

    def _told_before(self, point: adapter.Point, value: float) -> None:
        if value < self._start_value:
            self._start, self._start_value = np.array(self._coordinates.enter(point)), value

    def _end_generation(self) -> None:
        values = [self._values[member] for member in range(len(self._population))]
        self._run.tell(self._population, values)
        self._population, self._asked, self._values = [], [], {}
        if self._run.stop():
            self._start = None
            self._begin({"popsize": 2 * self._run.popsize})

    def _begin(self, options: dict[str, Any]) -> None:
        if self._start is None:
            self._start = self._rng.uniform(self._low, self._high)
        common = {
            "bounds": [self._low.tolist(), self._high.tolist()],
            "CMA_stds": (self._high - self._low).tolist(),
            "integer_variables": self._whole,
            "seed": self._seed,
            "verbose": -9,
        }
        self._run = cma.CMAEvolutionStrategy(self._start, 0.3, {**common, **options})
        self._seed += 1_000_000  # for the next start
