"""Ax (Bakshy et al. 2018) through its Client, with the generation strategy it chooses by itself:
Sobol points, then BoTorch.

Told points are attached trials, which count as its first ones. Failures are told as failed trials.
An ordinal is an ordered choice.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from importlib import metadata
from typing import Any

import torch
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig

from . import adapter, pending

ENVIRONMENT = "torch"
REQUIREMENTS = ("ax-platform==1.3.1", "botorch==0.18.1", "torch==2.13.0")
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = True
SEVERAL_OBJECTIVES = True
CONSTRAINTS = True


def version() -> str:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    return metadata.version("ax-platform")


def configuration(parameter: adapter.Parameter) -> Any:
    name = parameter.name
    if parameter.kind in ("real", "integer"):
        return RangeParameterConfig(
            name=name,
            bounds=(parameter.low, parameter.high),
            parameter_type="float" if parameter.kind == "real" else "int",
            scaling="log" if parameter.log else None,
        )
    if parameter.kind == "boolean":
        return ChoiceParameterConfig(name=name, values=[False, True], parameter_type="bool")
    return ChoiceParameterConfig(
        name=name,
        values=list(range(parameter.levels)),
        parameter_type="int",
        is_ordered=parameter.kind == "ordinal",
    )


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        torch.set_num_threads(1)
        torch.manual_seed(task.seed)
        self._client = Client(random_seed=task.seed)
        self._client.configure_experiment([configuration(each) for each in task.parameters])
        self._objectives = [f"f{i}" for i in range(task.objectives)]
        self._constraints = [f"g{i}" for i in range(task.constraints)]
        self._client.configure_optimization(
            objective=", ".join(f"-{name}" for name in self._objectives),
            outcome_constraints=[f"{name} <= 0" for name in self._constraints] or None,
        )
        self._pending = pending.Pending()

    def ask(self, count: int) -> list[adapter.Point]:
        points = []
        for index, params in self._client.get_next_trials(max_trials=count).items():
            points.append([float(params[each.name]) for each in self.task.parameters])
            self._pending.add(points[-1], index)
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            index = self._pending.take(point)
            if index is None:
                index = self._client.attach_trial(self._params(point))
            if not outcome.objectives:
                self._client.mark_trial_failed(index)
                continue
            names = [*self._objectives, *self._constraints]
            values = [*outcome.objectives, *outcome.constraints]
            self._client.complete_trial(index, raw_data=dict(zip(names, values)))

    def _params(self, point: adapter.Point) -> dict[str, Any]:
        kinds = {"real": float, "boolean": bool}
        return {
            each.name: kinds.get(each.kind, int)(x) for each, x in zip(self.task.parameters, point)
        }
