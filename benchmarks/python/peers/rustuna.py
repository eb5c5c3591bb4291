"""Rustuna (the Optuna project's own implementation in Rust) with TPE, its default sampler.

An ordinal is the integer of its level. Failures are told as failed trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from typing import Any

import rustuna

from . import adapter, pending

ENVIRONMENT = "rustuna"
REQUIREMENTS = ("rustuna==0.2.0",)
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = False
SEVERAL_OBJECTIVES = True
CONSTRAINTS = True


def version() -> str:
    return metadata.version("rustuna")


def distribution(parameter: adapter.Parameter) -> Any:
    distributions = rustuna.distributions
    if parameter.kind == "real":
        return distributions.FloatDistribution(parameter.low, parameter.high, log=parameter.log)
    if parameter.kind == "integer":
        low, high = int(parameter.low), int(parameter.high)
        return distributions.IntDistribution(low, high, log=parameter.log)
    if parameter.kind == "ordinal":
        return distributions.IntDistribution(0, parameter.levels - 1)
    return distributions.CategoricalDistribution(list(range(parameter.levels)))


def suggest(trial: Any, parameter: adapter.Parameter) -> float:
    name = parameter.name
    if parameter.kind == "real":
        return float(trial.suggest_float(name, parameter.low, parameter.high, log=parameter.log))
    if parameter.kind == "integer":
        low, high = int(parameter.low), int(parameter.high)
        return float(trial.suggest_int(name, low, high, log=parameter.log))
    if parameter.kind == "ordinal":
        return float(trial.suggest_int(name, 0, parameter.levels - 1))
    return float(trial.suggest_categorical(name, list(range(parameter.levels))))


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self._distributions = {each.name: distribution(each) for each in task.parameters}
        self._study = rustuna.create_study(
            directions=["minimize"] * task.objectives,
            sampler=rustuna.samplers.TPESampler(seed=task.seed),
        )
        self._pending = pending.Pending()

    def ask(self, count: int) -> list[adapter.Point]:
        points = []
        for _ in range(count):
            trial = self._study.ask()
            points.append([suggest(trial, each) for each in self.task.parameters])
            self._pending.add(points[-1], trial)
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        failed = rustuna.trial.TrialState.FAIL
        for point, outcome in zip(points, outcomes):
            trial = self._pending.take(point)
            if trial is None:
                trial = self._enqueued(point)
            if not outcome.objectives:
                self._study.tell(trial.number, state=failed)
                continue
            for i, value in enumerate(outcome.constraints):
                trial.set_constraint(f"g{i}", value)
            self._study.tell(trial.number, list(outcome.objectives))

    def _enqueued(self, point: adapter.Point) -> Any:
        """A trial of a point that the sampler did not choose."""
        whole = [float if each.kind == "real" else int for each in self.task.parameters]
        named = zip(self.task.parameters, whole, point)
        self._study.enqueue_trial({each.name: as_(x) for each, as_, x in named})
        trial = self._study.ask()
        for each in self.task.parameters:
            suggest(trial, each)
        return trial
