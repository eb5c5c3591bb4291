"""Optuna 5 (Akiba et al. 2019) and four of its samplers at their defaults.

optuna-tpe    tree-structured Parzen estimators, its default
optuna-gp     its Gaussian process (GPSampler)
optuna-cmaes  CMA-ES; a told design gives its first mean, as x0 is meant for, and is told besides
optuna-nsga2  for several objectives

An ordinal is the integer of its level. Failures are told as failed trials.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import optuna

from . import adapter, pending

ENVIRONMENT = "torch"
REQUIREMENTS = ("optuna==5.0.0", "cmaes==0.13.1", "torch==2.13.0", "scipy==1.17.1")
KINDS = {
    "optuna-tpe": ("real", "integer", "categorical", "ordinal", "boolean"),
    "optuna-gp": ("real", "integer", "categorical", "ordinal", "boolean"),
    "optuna-cmaes": ("real", "integer", "ordinal"),
    "optuna-nsga2": ("real", "integer", "categorical", "ordinal", "boolean"),
}
TAKES_POINTS = True
BATCH = True
SLOW = False
VARIANTS = {
    "optuna-tpe": {"sampler": "tpe"},
    "optuna-gp": {"sampler": "gp"},
    "optuna-cmaes": {"sampler": "cmaes"},
    "optuna-nsga2": {"sampler": "nsga2"},
}
SEVERAL_OBJECTIVES = {
    "optuna-tpe": True,
    "optuna-gp": True,
    "optuna-cmaes": False,
    "optuna-nsga2": True,
}
CONSTRAINTS = {
    "optuna-tpe": True,
    "optuna-gp": True,
    "optuna-cmaes": False,
    "optuna-nsga2": True,
}


def version() -> str:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    return str(optuna.__version__)


def distribution(parameter: adapter.Parameter) -> Any:
    if parameter.kind == "real":
        return optuna.distributions.FloatDistribution(
            parameter.low, parameter.high, log=parameter.log
        )
    if parameter.kind == "integer":
        return optuna.distributions.IntDistribution(
            int(parameter.low), int(parameter.high), log=parameter.log
        )
    if parameter.kind == "ordinal":
        return optuna.distributions.IntDistribution(0, parameter.levels - 1)
    return optuna.distributions.CategoricalDistribution(list(range(parameter.levels)))


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task, sampler: str) -> None:
        super().__init__(task)
        self._sampler = sampler
        self._distributions = {each.name: distribution(each) for each in task.parameters}
        self._study = optuna.create_study(
            directions=["minimize"] * task.objectives, sampler=self._make({})
        )
        self._pending = pending.Pending()

    def ask(self, count: int) -> list[adapter.Point]:
        points = []
        for _ in range(count):
            trial = self._study.ask(self._distributions)
            points.append([float(trial.params[name]) for name in self._distributions])
            self._pending.add(points[-1], trial)
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            trial = self._pending.take(point)
            if trial is None:
                self._study.add_trial(self._told(point, outcome))
            elif not outcome.objectives:
                self._study.tell(trial, state=optuna.trial.TrialState.FAIL)
            else:
                for name, value in constraints(outcome).items():
                    trial.set_constraint(name, value)
                self._study.tell(trial, list(outcome.objectives))
        if self._sampler == "cmaes" and len(self._study.trials) == len(points):
            best = self._best()
            if best is not None:
                self._study.sampler = self._make({"x0": best})

    def _told(self, point: adapter.Point, outcome: adapter.Outcome) -> Any:
        failed = not outcome.objectives
        states = optuna.trial.TrialState
        return optuna.trial.create_trial(
            state=states.FAIL if failed else states.COMPLETE,
            params=self._params(point),
            distributions=self._distributions,
            values=None if failed else list(outcome.objectives),
            constraints=constraints(outcome),
        )

    def _params(self, point: adapter.Point) -> dict[str, Any]:
        whole = [float if each.kind == "real" else int for each in self.task.parameters]
        return {name: as_(x) for name, as_, x in zip(self._distributions, whole, point)}

    def _best(self) -> dict[str, Any] | None:
        """The parameters of the best trial; None where all have failed."""
        try:
            return dict(self._study.best_params)
        except ValueError:
            return None

    def _make(self, options: dict[str, Any]) -> Any:
        samplers = {
            "tpe": optuna.samplers.TPESampler,
            "gp": optuna.samplers.GPSampler,
            "cmaes": optuna.samplers.CmaEsSampler,
            "nsga2": optuna.samplers.NSGAIISampler,
        }
        return samplers[self._sampler](seed=self.task.seed, **options)


def constraints(outcome: adapter.Outcome) -> dict[str, float]:
    return {f"g{i}": value for i, value in enumerate(outcome.constraints)}
