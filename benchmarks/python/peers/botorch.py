"""BoTorch (Balandat et al. 2020), which is a library and has no loop of its own: the loops of its
documentation.

botorch        SingleTaskGP and LogEI with 10 restarts of 512 raw samples, as in its first example;
               qLogEI for batches and qLogNEI for noise, as its documentation advises. Starts from
               10 Sobol points where no design is told.
botorch-turbo  TuRBO-1 with the settings of its tutorial (Eriksson et al. 2019); see turbo.py.

Both see the unit cube; a failure has the worst value so far.
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

from . import adapter, history, turbo

ENVIRONMENT = "torch"
REQUIREMENTS = ("botorch==0.18.1", "torch==2.13.0", "gpytorch==1.15.2")
KINDS = ("real",)
TAKES_POINTS = True
BATCH = True
SLOW = True
VARIANTS = {"botorch": {"loop": "default"}, "botorch-turbo": {"loop": "turbo"}}

FIRST = 10  # points before the first model


def version() -> str:
    return str(__version__)


class Optimizer(history.Optimizer):
    def __init__(self, task: adapter.Task, loop: str) -> None:
        super().__init__(task)
        torch.set_num_threads(1)
        torch.manual_seed(task.seed)
        self._sobol = torch.quasirandom.SobolEngine(task.dimension, scramble=True, seed=task.seed)
        self._turbo = turbo.Turbo(task, self._sobol) if loop == "turbo" else None

    def propose(self, count: int) -> Any:
        x, y = self._data()
        if self._turbo is not None:
            return self._turbo.propose(x, y, len(self.pending), count).tolist()
        missing = self.missing(FIRST)
        if missing > 0 or len(x) == 0:
            return self._sobol.draw(min(count, max(missing, 1)), dtype=torch.double).tolist()
        bounds = torch.stack([torch.zeros(x.shape[1]), torch.ones(x.shape[1])]).double()
        acquisition = self._acquisition(x, y, count)
        found, _ = optimize_acqf(acquisition, bounds, q=count, num_restarts=10, raw_samples=512)
        return found.tolist()

    def recommend(self) -> adapter.Point | None:
        """The evaluated point of the best posterior mean."""
        if not self.task.noisy or len(self.points) < 2:
            return None
        x, y = self._data()
        with torch.no_grad():
            return self.evaluated(int(fitted(x, y).posterior(x).mean.argmax()))

    def _acquisition(self, x: Any, y: Any, count: int) -> Any:
        model = fitted(x, y)
        waiting = tensor(self.pending, self.task.dimension) if self.pending else None
        if self.task.noisy:
            return qLogNoisyExpectedImprovement(model, x, X_pending=waiting)
        if count > 1 or waiting is not None:
            return qLogExpectedImprovement(model, best_f=y.max(), X_pending=waiting)
        return LogExpectedImprovement(model, best_f=y.max())

    def _data(self) -> tuple[Any, Any]:
        """Points n x d of the unit cube, and values n x 1 to be maximized."""
        y = [[-value] for value in self.values()]
        return tensor(self.points, self.task.dimension), tensor(y, 1)


def fitted(x: Any, y: Any) -> Any:
    model = SingleTaskGP(x, y)
    fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
    return model


def tensor(rows: Sequence[Sequence[float]], columns: int) -> Any:
    return torch.tensor(rows, dtype=torch.double).reshape(len(rows), columns)
