"""CMA-ES of pycma at its defaults: step size 0.3 of the box, restarts with twice the population.

It takes no initial design; the design is evaluated first and its best point is where the first run
starts, as its documentation advises for known good points. Without one it starts at random.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from suites import Box, Point


def version() -> str:
    import cma

    return str(cma.__version__)


class Optimizer:
    def __init__(self, box: Box, budget: int, seed: int, design: list[Point]) -> None:
        import cma  # here, so that importing it is not timed as an ask

        self._cma = cma
        self._box = box
        self._seed = seed
        self._random = np.random.default_rng(seed)
        self._design = list(design)
        self._start = self._random.uniform(size=box.dimension)  # unit cube, as all below
        self._start_value = np.inf
        self._run: Any = None
        self._asked: list[Point] = []
        self._told: list[float] = []

    def ask(self) -> Point:
        if self._design:
            return self._design[0]
        if self._run is None:
            self._run = self._new_run({})
        if len(self._told) == len(self._asked):
            self._asked, self._told = self._run.ask(), []
        return self._box.from_unit(np.asarray(self._asked[len(self._told)]))

    def tell(self, x: Point, value: float) -> None:
        if self._design:
            self._design.pop(0)
            if value < self._start_value:
                self._start, self._start_value = self._box.to_unit(x), value
            return
        self._told.append(value)
        if len(self._told) < len(self._asked):
            return
        self._run.tell(self._asked, self._told)
        if self._run.stop():
            self._start = self._random.uniform(size=self._box.dimension)
            self._run = self._new_run({"popsize": 2 * self._run.popsize})
            self._asked, self._told = [], []

    def _new_run(self, options: dict[str, Any]) -> Any:
        self._seed += 1  # pycma takes 0 as "from the clock"
        common = {"bounds": [0, 1], "seed": self._seed, "verbose": -9}
        return self._cma.CMAEvolutionStrategy(self._start, 0.3, {**common, **options})
