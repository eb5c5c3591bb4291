"""dlib's global_function_search (King 2017): an upper bound of the function after Malherbe and
Vayatis (2017) in turn with a quadratic trust region around the best point.

A told design is given as its initial evaluations. Integers, ordinals and booleans are its integer
variables. A failure has the worst value so far. Its seed fixes the points.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from typing import Any

import dlib

from . import adapter, failures, pending, scaling

ENVIRONMENT = "dlib"
REQUIREMENTS = ("dlib-bin==20.0.1.post1",)
KINDS = ("real", "integer", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = False

NOISE = 0.001  # its default of relative_noise_magnitude, which this constructor has none for


def version() -> str:
    return metadata.version("dlib-bin")


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self._coordinates = scaling.Coordinates(task)
        self._filled = failures.WorstSoFar()
        self._pending = pending.Pending()
        self._told: list[Any] = []
        self._search: Any = None

    def ask(self, count: int) -> list[adapter.Point]:
        if self._search is None:
            self._search = self._begin()
        points = []
        for _ in range(count):
            request = self._search.get_next_x()
            points.append(self._coordinates.leave(list(request.x)))
            self._pending.add(points[-1], request)
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            value = -self._filled(outcome.value)  # it maximizes
            request = self._pending.take(point)
            if request is not None:
                request.set(value)
            else:
                at = self._coordinates.enter(point)
                self._told.append(dlib.function_evaluation(at, value))

    def _begin(self) -> Any:
        low, high = (list(map(float, each)) for each in zip(*self._coordinates.bounds()))
        whole = [each.kind != "real" for each in self.task.parameters]
        box = dlib.function_spec(low, high, whole)
        search = dlib.global_function_search([box], [self._told], NOISE)
        search.set_seed(self.task.seed)
        return search
