"""Nevergrad's NGOpt (Rapin and Teytaud 2018), which chooses a method by the space and the budget.

Bounds are given as `lower` and `upper`, without which it would start in a corner. A design is told
as points it has not asked for; where the method it has chosen takes none, its parametrization
begins at the best of them. A failure has the worst value so far.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import nevergrad
import numpy as np

from . import adapter, failures, pending, scaling

ENVIRONMENT = "nevergrad"
# Its meta-model takes arrays of one entry for numbers, which NumPy 2.4 no longer allows.
REQUIREMENTS = ("nevergrad==1.0.12", "numpy==2.3.5", "scipy==1.17.1")
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = False
SEVERAL_OBJECTIVES = True
CONSTRAINTS = True

Design = list[tuple[adapter.Point, Any, list[float]]]  # points, losses, violations


def version() -> str:
    warnings.simplefilter("ignore")  # on every loss of several objectives, and the like
    return str(nevergrad.__version__)


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self._filled = [failures.WorstSoFar() for _ in range(task.objectives)]
        self._box = all(each.kind == "real" and not each.log for each in task.parameters)
        self._pending = pending.Pending()
        self._design: Design = []
        self._optimizer: Any = None

    def ask(self, count: int) -> list[adapter.Point]:
        if self._optimizer is None:
            self._begin()
        points = []
        for _ in range(count):
            candidate = self._optimizer.ask()
            points.append(self._point(candidate.value))
            self._pending.add(points[-1], candidate)
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            values = outcome.objectives or (float("nan"),) * self.task.objectives
            losses = [filled(value) for filled, value in zip(self._filled, values)]
            loss = losses[0] if len(losses) == 1 else losses
            violation = [max(0.0, each) for each in outcome.constraints]
            candidate = self._pending.take(point)
            if candidate is None:
                self._design.append((point, loss, violation))
            else:
                self._tell(candidate, loss, violation)

    def _begin(self) -> None:
        self._make(None)
        try:
            for point, loss, violation in self._design:
                value = self._value(point)
                candidate = self._optimizer.parametrization.spawn_child(new_value=value)
                self._tell(candidate, loss, violation)
        except nevergrad.errors.TellNotAskedNotSupportedError:
            losses = [np.sum(loss) for _, loss, _ in self._design]
            self._make(self._design[int(np.argmin(losses))][0])

    def _make(self, start: adapter.Point | None) -> None:
        space = self._space(start)
        space.random_state.seed(self.task.seed)
        space.function.deterministic = not self.task.noisy
        self._optimizer = nevergrad.optimizers.NGOpt(
            parametrization=space, budget=self.task.budget, num_workers=self.task.batch
        )
        if self.task.objectives > 1:
            self._optimizer.num_objectives = self.task.objectives

    def _tell(self, candidate: Any, loss: Any, violation: list[float]) -> None:
        if violation:
            self._optimizer.tell(candidate, loss, violation)
        else:
            self._optimizer.tell(candidate, loss)

    def _space(self, start: adapter.Point | None) -> Any:
        task = self.task
        if self._box:
            bounds = {"lower": task.lower, "upper": task.upper}
            if start is not None:
                return nevergrad.p.Array(init=np.array(start), **bounds)
            return nevergrad.p.Array(shape=(task.dimension,), **bounds)
        parts = [part(each) for each in task.parameters]
        if start is not None:
            for made, each, x in zip(parts, task.parameters, start):
                made.value = x if each.kind == "real" else int(x)
        return nevergrad.p.Tuple(*parts)

    def _value(self, point: adapter.Point) -> Any:
        if self._box:
            return np.array(point)
        whole = [each.kind != "real" for each in self.task.parameters]
        return tuple(int(x) if as_int else x for as_int, x in zip(whole, point))

    def _point(self, value: Any) -> adapter.Point:
        """A point of the space; rounding may leave its bounds by an ulp."""
        values = [float(x) for x in value]
        for i, each in enumerate(self.task.parameters):
            low, high = (each.low, each.high) if each.kind == "real" else scaling.whole_range(each)
            values[i] = min(max(values[i], float(low)), float(high))
        return values


def part(parameter: adapter.Parameter) -> Any:
    """One parameter as Nevergrad describes it."""
    p = nevergrad.p
    if parameter.kind in ("categorical", "boolean"):
        made = p.Choice(list(range(parameter.levels)))
    elif parameter.kind == "ordinal":
        made = p.TransitionChoice(list(range(parameter.levels)))
    elif parameter.log:
        made = p.Log(lower=parameter.low, upper=parameter.high)
    else:
        made = p.Scalar(lower=parameter.low, upper=parameter.high)
    if parameter.kind == "integer":
        made.set_integer_casting()
    return made
