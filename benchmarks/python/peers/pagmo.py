"""pagmo (Biscani and Izzo 2020), by its Python package pygmo; it wants a function and is turned
inside out (callback.py).

pagmo-sade   self-adaptive differential evolution (jDE, Brest et al. 2006)
pagmo-cmaes  CMA-ES, with its option for points inside the bounds

Populations of 20, as in its tutorials: the told design and random points. One that has converged is
followed by a new one. It sees the unit cube; a failure has the worst value so far.
"""

from __future__ import annotations

from typing import Any

import pygmo

from . import adapter, callback

ENVIRONMENT = "pagmo"
REQUIREMENTS = ("pygmo==2.20.0",)
KINDS = ("real",)
TAKES_POINTS = True
BATCH = False
SLOW = False
VARIANTS = {"pagmo-sade": {"algorithm": "sade"}, "pagmo-cmaes": {"algorithm": "cmaes"}}

POPULATION = 20


def version() -> str:
    return str(pygmo.__version__)


class Box:
    """The problem as pygmo wants it."""

    def __init__(self, function: callback.Function, dimension: int) -> None:
        self._function = function
        self._dimension = dimension

    def fitness(self, x: Any) -> list[float]:
        return [self._function(x)]

    def get_bounds(self) -> tuple[list[float], list[float]]:
        return [0.0] * self._dimension, [1.0] * self._dimension

    def __deepcopy__(self, memo: dict[int, Any]) -> Box:
        return self  # pygmo copies problems; the function belongs to one thread


class Optimizer(callback.Optimizer):
    def __init__(self, task: adapter.Task, algorithm: str) -> None:
        super().__init__(task)
        self._algorithm = algorithm
        self._design: list[tuple[adapter.Point, float]] = []

    def begin_at(self, point: adapter.Point, value: float) -> None:
        self._design.append((point, value))

    def restart(self) -> None:
        self._design = []

    def minimize(self, function: callback.Function) -> None:
        problem = pygmo.problem(Box(function, self.task.dimension))
        population = pygmo.population(problem, size=0, seed=self.seed)
        for x, value in self._design:
            population.push_back(x, [value])
        while len(population) < POPULATION:
            population.push_back(population.random_decision_vector())
        generations = self.task.budget  # more than there can be
        if self._algorithm == "sade":
            method = pygmo.sade(gen=generations, seed=self.seed)
        else:
            method = pygmo.cmaes(gen=generations, force_bounds=True, seed=self.seed)
        pygmo.algorithm(method).evolve(population)
