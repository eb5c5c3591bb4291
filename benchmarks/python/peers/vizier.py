"""Open Source Vizier's GP-UCB-PE bandit (Song et al. 2024), its default algorithm.

It runs with JAX and Flax of 2024 only. Failures are told as infeasible trials. Every ask compiles
anew and takes 13 to 20 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from typing import Any

import jax
from vizier import algorithms, pyvizier
from vizier._src.algorithms.designers import gp_ucb_pe

from . import adapter, pending, scaling

ENVIRONMENT = "vizier"
REQUIREMENTS = (
    "google-vizier==0.1.24",
    "jax==0.4.35",
    "jaxlib==0.4.35",
    "flax==0.8.5",
    "optax==0.2.3",
    "chex==0.1.90",
    "equinox==0.11.7",
    "jaxopt==0.8.3",
    "tensorflow-probability==0.25.0",
    "typeguard==2.13.3",
    "cvxpy==1.9.3",
)
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = True


def version() -> str:
    return metadata.version("google-vizier")


def add(root: Any, parameter: adapter.Parameter) -> None:
    name = parameter.name
    scale = pyvizier.ScaleType.LOG if parameter.log else pyvizier.ScaleType.LINEAR
    if parameter.kind == "real":
        root.add_float_param(name, parameter.low, parameter.high, scale_type=scale)
    elif parameter.kind in ("categorical", "boolean"):
        root.add_categorical_param(name, [str(level) for level in range(parameter.levels)])
    else:
        low, high = scaling.whole_range(parameter)
        root.add_int_param(name, low, high, scale_type=scale)


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        problem = pyvizier.ProblemStatement()
        for each in task.parameters:
            add(problem.search_space.root, each)
        problem.metric_information.append(
            pyvizier.MetricInformation("f", goal=pyvizier.ObjectiveMetricGoal.MINIMIZE)
        )
        self._designer = gp_ucb_pe.VizierGPUCBPEBandit(problem, rng=jax.random.PRNGKey(task.seed))
        self._pending = pending.Pending()
        self._active: dict[int, Any] = {}
        self._next = 1

    def ask(self, count: int) -> list[adapter.Point]:
        points = []
        for suggestion in self._designer.suggest(count):
            trial = self._trial(suggestion.parameters)
            self._active[trial.id] = trial
            values = [trial.parameters.get_value(each.name) for each in self.task.parameters]
            points.append([float(value) for value in values])
            self._pending.add(points[-1], trial)
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        completed = []
        for point, outcome in zip(points, outcomes):
            trial = self._pending.take(point)
            if trial is None:
                trial = self._trial(self._params(point))
            self._active.pop(trial.id, None)
            if outcome.objectives:
                trial.complete(pyvizier.Measurement({"f": outcome.value}))
            else:
                trial.complete(pyvizier.Measurement(), infeasibility_reason="failed")
            completed.append(trial)
        self._designer.update(
            algorithms.CompletedTrials(completed),
            algorithms.ActiveTrials(list(self._active.values())),
        )

    def _trial(self, parameters: Any) -> Any:
        trial = pyvizier.Trial(parameters=parameters, id=self._next)
        self._next += 1
        return trial

    def _params(self, point: adapter.Point) -> dict[str, Any]:
        params: dict[str, Any] = {}
        for each, x in zip(self.task.parameters, point):
            if each.kind in ("categorical", "boolean"):
                params[each.name] = str(int(x))
            else:
                params[each.name] = x if each.kind == "real" else int(x)
        return params
