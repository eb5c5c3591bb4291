"""Any solver of asktell at its defaults, through its public Python interface; served by the
interpreter that has asktell. catalog.py names the methods, asktell-<solver>, and leaves of KINDS
what each solver declares."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from typing import Any

import asktell

from . import adapter, pending

ENVIRONMENT = ""
REQUIREMENTS = ()
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = False


def version() -> str:
    return metadata.version("asktell")


def parameter(given: adapter.Parameter) -> Any:
    if given.kind == "real":
        return asktell.Real(given.low, given.high, log=given.log)
    if given.kind == "integer":
        return asktell.Integer(int(given.low), int(given.high), log=given.log)
    if given.kind == "boolean":
        return asktell.Boolean()
    if given.kind == "ordinal":
        return asktell.Ordinal(list(given.choices))
    return asktell.Categorical(list(given.choices))


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task, solver: str) -> None:
        super().__init__(task)
        asktell.set_threads(1)
        names = [f"f{i}" for i in range(task.objectives)]
        self._study = asktell.Study(
            asktell.Space({each.name: parameter(each) for each in task.parameters}),
            solver=solver,
            seed=task.seed,
            n_trials=task.budget,  # of the run; told points do not count in it
            directions={name: "minimize" for name in names},
            constraints=[f"g{i}" for i in range(task.constraints)],
        )
        self._pending = pending.Pending()

    def ask(self, count: int) -> list[adapter.Point]:
        points = []
        for trial in self._study.ask(count):
            point = [float(value) for value in trial.vector()]
            self._pending.add(point, trial)
            points.append(point)
        best = self.recommend()
        while best is not None and len(points) < count:  # all of a finite space was evaluated
            points.append(best)
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            trial = self._pending.take(point)
            if trial is None:
                self._study.tell_point(self._params(point), self._answer(outcome))
            else:
                self._study.tell(trial, self._answer(outcome))

    def recommend(self) -> adapter.Point | None:
        trial = self._study.recommend()
        return None if trial is None else [float(value) for value in trial.vector()]

    def _answer(self, outcome: adapter.Outcome) -> Any:
        if not outcome.objectives:
            return asktell.Failure("failed")
        values = outcome.objectives
        if len(values) == 1 and not outcome.constraints:
            return values[0]  # NaN is recorded as a failure
        return asktell.Values(list(values), constraints=list(outcome.constraints))

    def _params(self, point: adapter.Point) -> dict[str, Any]:
        return {each.name: value(each, x) for each, x in zip(self.task.parameters, point)}


def value(parameter: adapter.Parameter, x: float) -> Any:
    """A native value as the parameter's own: a choice, a flag, a number."""
    if parameter.kind in ("categorical", "ordinal"):
        return parameter.choices[int(x)]
    return {"real": float, "integer": int, "boolean": bool}[parameter.kind](x)
