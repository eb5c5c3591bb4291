"""BoTorch (Balandat et al. 2020), which is a library and has no loop of its own: the loops of its
documentation.

botorch        SingleTaskGP and LogEI with 10 restarts of 512 raw samples, as in its first example;
               qLogEI for batches and qLogNEI for noise, as its documentation advises. Starts from
               10 Sobol points where no design is told.
botorch-turbo  TuRBO-1 with the settings of its tutorial (Eriksson et al. 2019); see turbo.py.

Both see the unit cube; failures are told as the worst value so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from botorch import __version__, fit_gpytorch_mll
from botorch.acquisition import (
    LogExpectedImprovement,
    qLogExpectedImprovement,
    qLogNoisyExpectedImprovement,
)
from botorch.models import SingleTaskGP
from botorch.optim import optimize_acqf
from gpytorch.mlls import ExactMarginalLogLikelihood

from . import adapter, failures, scaling, turbo

ENVIRONMENT = "torch"
REQUIREMENTS = ("botorch==0.18.1", "torch==2.13.0", "gpytorch==1.15.2")
KINDS = ("real",)
TAKES_POINTS = True
BATCH = True
SLOW = {"botorch": True, "botorch-turbo": False}
VARIANTS = {"botorch": {"loop": "default"}, "botorch-turbo": {"loop": "turbo"}}

FIRST = 10  # points before the first model


def version() -> str:
    return str(__version__)


class Default:
    """Points of the unit cube from all that was told; values are maximized."""

    def __init__(self, task: adapter.Task) -> None:
        self._task = task
        self._sobol = torch.quasirandom.SobolEngine(task.dimension, scramble=True, seed=task.seed)
        self._model: Any = None

    def propose(self, x: Any, y: Any, pending: Any, count: int) -> Any:
        missing = FIRST - len(x) - len(pending)
        if missing > 0 or len(x) == 0:
            return self._sobol.draw(min(count, max(missing, 1)), dtype=torch.double)
        model = self._fit(x, y)
        waiting = pending if len(pending) else None
        if self._task.noisy:
            acquisition = qLogNoisyExpectedImprovement(model, x, X_pending=waiting)
        elif count > 1 or waiting is not None:
            acquisition = qLogExpectedImprovement(model, best_f=y.max(), X_pending=waiting)
        else:
            acquisition = LogExpectedImprovement(model, best_f=y.max())
        bounds = torch.stack([torch.zeros(x.shape[1]), torch.ones(x.shape[1])]).double()
        found, _ = optimize_acqf(acquisition, bounds, q=count, num_restarts=10, raw_samples=512)
        return found

    def best_mean(self, x: Any, y: Any) -> int:
        """The point of the best posterior mean."""
        with torch.no_grad():
            return int(self._fit(x, y).posterior(x).mean.argmax())

    @staticmethod
    def _fit(x: Any, y: Any) -> Any:
        model = SingleTaskGP(x, y)
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        return model


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task, loop: str) -> None:
        super().__init__(task)
        torch.set_num_threads(1)
        torch.manual_seed(task.seed)
        self._loop: Any = turbo.Turbo(task) if loop == "turbo" else Default(task)
        self._cube = scaling.UnitCube(task)
        self._points: list[adapter.Point] = []
        self._values: list[float] = []
        self._pending: list[adapter.Point] = []

    def ask(self, count: int) -> list[adapter.Point]:
        x, y = self._data()
        pending = tensor(self._pending, self.task.dimension)
        found = self._loop.propose(x, y, pending, count)
        points = [self._cube.leave(each) for each in found.tolist()]
        self._pending += [self._cube.enter(each) for each in points]
        return points

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            inside = self._cube.enter(point)
            if inside in self._pending:
                self._pending.remove(inside)
            self._points.append(inside)
            self._values.append(outcome.value)

    def recommend(self) -> adapter.Point | None:
        if not self.task.noisy or len(self._points) < 2:
            return None
        best = Default(self.task).best_mean(*self._data())
        return self._cube.leave(self._points[best])

    def _data(self) -> tuple[Any, Any]:
        """Points n x d of the unit cube, and values n x 1 to be maximized."""
        y = [[-value] for value in failures.filled(self._values)]
        return tensor(self._points, self.task.dimension), tensor(y, 1)


def tensor(rows: Sequence[Sequence[float]], columns: int) -> Any:
    return torch.tensor(rows, dtype=torch.double).reshape(len(rows), columns)
