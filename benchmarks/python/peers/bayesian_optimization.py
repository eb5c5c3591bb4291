"""The package bayesian-optimization (Nogueira 2014) at its defaults: a Gaussian process with Matern
5/2 and upper confidence bounds; constant liars for batches, as its documentation advises.

Without a told design it begins with 5 random points, as its `maximize` does. Reals run from 0 to 1;
an ordinal is the integer of its level. A failure has the worst value so far.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from bayes_opt import BayesianOptimization, acquisition

from . import adapter, failures, scaling

ENVIRONMENT = "bayesian-optimization"
REQUIREMENTS = ("bayesian-optimization==3.4.0", "numpy==2.4.6", "scikit-learn==1.9.1")
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = False

FIRST = 5


def version() -> str:
    warnings.simplefilter("ignore")  # on duplicates and on fits that did not converge
    return metadata.version("bayesian-optimization")


def bounds(parameter: adapter.Parameter) -> Any:
    if parameter.kind == "real":
        return (0.0, 1.0)
    if parameter.kind in ("categorical", "boolean"):
        return tuple(str(level) for level in range(parameter.levels))
    return (*scaling.whole_range(parameter), int)


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self._coordinates = scaling.Coordinates(task)
        self._filled = failures.WorstSoFar()
        liar = acquisition.ConstantLiar(acquisition.UpperConfidenceBound(kappa=2.576))
        self._optimizer = BayesianOptimization(
            f=None,
            pbounds={each.name: bounds(each) for each in task.parameters},
            acquisition_function=liar if task.batch > 1 else None,
            random_state=task.seed,
            verbose=0,
            allow_duplicate_points=True,  # small spaces and noise give points twice
        )
        self._start: list[Any] | None = None

    def ask(self, count: int) -> list[adapter.Point]:
        if self._start is None:
            own = FIRST if len(self._optimizer.space) == 0 else 0
            self._start = self._optimizer.random_sample(own)
        found = []
        for _ in range(count):
            if self._start:
                found.append(self._start.pop())
            elif len(self._optimizer.space) == 0:
                found += self._optimizer.random_sample(1)
            else:
                found.append(self._optimizer.suggest())
        return [self._point(each) for each in found]

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            value = self._filled(outcome.value)
            self._optimizer.register(params=self._params(point), target=-value)

    def _params(self, point: adapter.Point) -> dict[str, Any]:
        params: dict[str, Any] = {}
        inside = self._coordinates.enter(point)
        for each, x in zip(self.task.parameters, inside):
            if each.kind in ("categorical", "boolean"):
                params[each.name] = str(int(x))
            else:
                params[each.name] = x if each.kind == "real" else int(x)
        return params

    def _point(self, params: dict[str, Any]) -> adapter.Point:
        return self._coordinates.leave([float(params[each.name]) for each in self.task.parameters])
