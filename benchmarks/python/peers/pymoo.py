"""pymoo (Blank and Deb 2020) through its ask and tell, at its defaults.

pymoo-de     differential evolution, population 100
pymoo-ga     genetic algorithm, population 100; MixedVariableGA, population 50, for mixed spaces
pymoo-nsga2  for several objectives; for mixed spaces MixedVariableGA with NSGA-II's survival

Told points are members of the first population, which random points complete. An ordinal is the
integer of its level. A failure has the worst value so far. Reals run from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pymoo
from pymoo.algorithms.moo.nsga2 import NSGA2, RankAndCrowding
from pymoo.algorithms.soo.nonconvex.de import DE
from pymoo.algorithms.soo.nonconvex.ga import GA
from pymoo.core.mixed import MixedVariableGA
from pymoo.core.population import Population
from pymoo.core.problem import Problem
from pymoo.core.termination import NoTermination
from pymoo.core.variable import Binary, Choice, Integer, Real

from . import adapter, failures, scaling

ENVIRONMENT = "pymoo"
REQUIREMENTS = ("pymoo==0.6.2", "numpy==2.4.6", "scipy==1.17.1")
KINDS = {
    "pymoo-de": ("real",),
    "pymoo-ga": ("real", "integer", "categorical", "ordinal", "boolean"),
    "pymoo-nsga2": ("real", "integer", "categorical", "ordinal", "boolean"),
}
TAKES_POINTS = True
BATCH = False
SLOW = False
VARIANTS = {
    "pymoo-de": {"algorithm": "de"},
    "pymoo-ga": {"algorithm": "ga"},
    "pymoo-nsga2": {"algorithm": "nsga2"},
}
SEVERAL_OBJECTIVES = {"pymoo-de": False, "pymoo-ga": False, "pymoo-nsga2": True}
CONSTRAINTS = True


def version() -> str:
    return str(pymoo.__version__)


def variable(parameter: adapter.Parameter) -> Any:
    if parameter.kind == "real":
        return Real(bounds=(0.0, 1.0))
    if parameter.kind == "boolean":
        return Binary()
    if parameter.kind == "categorical":
        return Choice(options=list(range(parameter.levels)))
    return Integer(bounds=scaling.whole_range(parameter))


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task, algorithm: str) -> None:
        super().__init__(task)
        self._name = algorithm
        self._mixed = any(each.kind != "real" for each in task.parameters)
        self._coordinates = scaling.Coordinates(task)
        self._filled = [failures.WorstSoFar() for _ in range(task.objectives)]
        self._rng = np.random.default_rng(task.seed)
        self._told: list[tuple[adapter.Point, list[float], tuple[float, ...]]] = []
        self._algorithm: Any = None
        self._population: Any = None
        self._asked: list[adapter.Point] = []  # of the members of the population handed out
        self._answers: dict[int, tuple[list[float], tuple[float, ...]]] = {}

    def ask(self, count: int) -> list[adapter.Point]:
        if self._algorithm is None:
            self._begin()
        while self._population is None or len(self._answers) == len(self._population):
            self._next_population()
        first = len(self._asked)
        members = self._population[first : first + count]
        self._asked += [self._point(each.X) for each in members]
        return self._asked[first:]

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            values = outcome.objectives or (float("nan"),) * self.task.objectives
            filled = [fill(value) for fill, value in zip(self._filled, values)]
            constraints = outcome.constraints or (0.0,) * self.task.constraints
            if self._algorithm is None:
                self._told.append((point, filled, constraints))
                continue
            for member, asked in enumerate(self._asked):
                if asked == point and member not in self._answers:
                    self._answers[member] = filled, constraints
                    break

    def _begin(self) -> None:
        task = self.task
        if self._mixed:
            kinds: dict[str, Any] = {
                "vars": {each.name: variable(each) for each in task.parameters}
            }
        else:
            kinds = {"n_var": task.dimension, "xl": 0.0, "xu": 1.0}
        problem = Problem(n_obj=task.objectives, n_ieq_constr=task.constraints, **kinds)
        self._algorithm = self._make()
        self._algorithm.setup(problem, termination=NoTermination(), seed=task.seed, verbose=False)

    def _make(self) -> Any:
        """The algorithm with the told points in its first population."""
        methods = {"de": DE, "ga": GA, "nsga2": NSGA2}
        method: Any = MixedVariableGA if self._mixed else methods[self._name]
        options: dict[str, Any] = {}
        if self._mixed and self._name == "nsga2":
            options["survival"] = RankAndCrowding()
        if self._told:
            size = max(method().pop_size, len(self._told))
            start = [point for point, _, _ in self._told]
            while len(start) < size:
                start.append(
                    scaling.spread(self.task, self._rng.random(self.task.dimension).tolist())
                )
            options["sampling"] = self._sampling(start)
        return method(**options)

    def _sampling(self, points: Sequence[adapter.Point]) -> Any:
        inside = [self._coordinates.enter(each) for each in points]
        members = [self._named(each) for each in inside] if self._mixed else np.array(inside)
        return Population.new("X", members)

    def _named(self, inside: adapter.Point) -> dict[str, Any]:
        types = {"real": float, "boolean": bool}
        return {
            each.name: types.get(each.kind, int)(x) for each, x in zip(self.task.parameters, inside)
        }

    def _next_population(self) -> None:
        if self._population is not None:
            answers = [self._answers[member] for member in range(len(self._population))]
            self._population.set("F", np.array([values for values, _ in answers]))
            self._population.set("G", np.array([constraints for _, constraints in answers]))
            for each in self._population:
                each.evaluated.update(["F", "G", "H"])
            self._algorithm.tell(infills=self._population)
        self._population = self._algorithm.ask()
        self._asked, self._answers = [], {}
        # The first population begins with the told points, whose values are known.
        for member, (point, values, constraints) in enumerate(self._told):
            self._asked.append(point)
            self._answers[member] = values, constraints
        self._told = []

    def _point(self, x: Any) -> adapter.Point:
        if self._mixed:
            x = [x[each.name] for each in self.task.parameters]
        return self._coordinates.leave([float(each) for each in x])
