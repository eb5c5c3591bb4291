"""SMAC3 (Lindauer et al. 2022) through its ask and tell, at the defaults of two facades.

smac      HyperparameterOptimizationFacade: random forest, log EI
smac-gp   BlackBoxFacade: Gaussian process, EI

Told points replace its initial design, as in its example of a warm start. An evaluation that failed
is told as crashed, with the worst value so far as its cost. A noisy objective is not declared
deterministic, so that it repeats points.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ConfigSpace
import numpy as np
import smac
from smac import BlackBoxFacade, HyperparameterOptimizationFacade, Scenario
from smac.runhistory import StatusType, TrialInfo, TrialValue

from . import adapter, failures, pending

ENVIRONMENT = "smac"
REQUIREMENTS = ("smac==2.4.1", "ConfigSpace==1.2.2", "numpy==2.4.6", "scikit-learn==1.9.1")
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = {"smac": False, "smac-gp": True}
VARIANTS = {"smac": {"facade": "hyperparameters"}, "smac-gp": {"facade": "black-box"}}


def version() -> str:
    logging.disable(logging.WARNING)
    return str(smac.version)


def hyperparameter(parameter: adapter.Parameter) -> Any:
    name = parameter.name
    if parameter.kind == "real":
        bounds = (parameter.low, parameter.high)
        return ConfigSpace.Float(name, bounds, log=parameter.log)
    if parameter.kind == "integer":
        whole = (int(parameter.low), int(parameter.high))
        return ConfigSpace.Integer(name, whole, log=parameter.log)
    levels = list(range(parameter.levels))
    return ConfigSpace.Categorical(name, levels, ordered=parameter.kind == "ordinal")


def target(config: Any, seed: int = 0) -> float:
    """SMAC wants a function, and never calls it where it is asked and told."""
    raise RuntimeError("SMAC called the objective")


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task, facade: str) -> None:
        super().__init__(task)
        facades = {
            "hyperparameters": HyperparameterOptimizationFacade,
            "black-box": BlackBoxFacade,
        }
        self._facade: Any = facades[facade]
        self._space = ConfigSpace.ConfigurationSpace(seed=task.seed)
        self._space.add([hyperparameter(each) for each in task.parameters])
        self._folder = tempfile.mkdtemp(prefix="smac-")
        self._scenario = Scenario(
            self._space,
            n_trials=task.budget,
            seed=task.seed,
            deterministic=not task.noisy,
            output_directory=Path(self._folder),
        )
        self._filled = failures.WorstSoFar()
        self._pending = pending.Pending()
        self._design: list[tuple[Any, Any]] = []
        self._smac: Any = None

    def ask(self, count: int) -> list[adapter.Point]:
        if self._smac is None:
            self._begin()
        points = []
        for _ in range(count):
            trial = self._smac.ask()
            points.append([float(trial.config[each.name]) for each in self.task.parameters])
            self._pending.add(points[-1], trial)
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            failed = not np.isfinite(outcome.value)
            status = StatusType.CRASHED if failed else StatusType.SUCCESS
            value = TrialValue(cost=self._filled(outcome.value), status=status)
            trial = self._pending.take(point)
            if trial is None:
                self._design.append((self._configuration(point), value))
            else:
                self._smac.tell(trial, value, save=False)

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self) -> None:
        options: dict[str, Any] = {}
        if self._design:
            options["initial_design"] = self._facade.get_initial_design(
                self._scenario, n_configs=0, additional_configs=[each for each, _ in self._design]
            )
        self._smac = self._facade(self._scenario, target, overwrite=True, **options)
        for configuration, value in self._design:
            self._smac.tell(TrialInfo(configuration, seed=0), value, save=False)

    def _configuration(self, point: adapter.Point) -> Any:
        whole = [float if each.kind == "real" else int for each in self.task.parameters]
        named = zip(self.task.parameters, whole, point)
        values = {each.name: as_(x) for each, as_, x in named}
        return ConfigSpace.Configuration(self._space, values=values)
