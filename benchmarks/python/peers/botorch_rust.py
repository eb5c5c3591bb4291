"""botorch-rust, which has BoTorch's interface: the same loop as in botorch.py (SingleTaskGP, LogEI,
10 restarts of 512 raw samples, 10 Sobol points where no design is told; qLogEI for batches and
qLogNEI for noise), on its own arrays of NumPy.

It sees the unit cube; a failure has the worst value so far.
"""

from __future__ import annotations

from importlib import metadata
from typing import Any

import numpy as np
from botorch_rs.acquisition import (
    LogExpectedImprovement,
    qLogExpectedImprovement,
    qLogNoisyExpectedImprovement,
)
from botorch_rs.fit import fit_gpytorch_mll
from botorch_rs.mlls import ExactMarginalLogLikelihood
from botorch_rs.models import SingleTaskGP
from botorch_rs.optim import optimize_acqf
from scipy.stats import qmc

from . import adapter, history

ENVIRONMENT = "botorch-rust"
REQUIREMENTS = ("botorch-rust==0.3.0", "numpy==2.4.6", "scipy==1.17.1")
KINDS = ("real",)
TAKES_POINTS = True
BATCH = True
SLOW = False

FIRST = 10  # points before the first model


def version() -> str:
    return metadata.version("botorch-rust")


class Optimizer(history.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        np.random.seed(task.seed)
        self._sobol = qmc.Sobol(task.dimension, rng=np.random.default_rng(task.seed))

    def propose(self, count: int) -> Any:
        missing = self.missing(FIRST)
        if missing > 0 or not self.points:
            return self._sobol.random(min(count, max(missing, 1)))
        bounds = np.array([[0.0] * self.task.dimension, [1.0] * self.task.dimension])
        acquisition = self._acquisition(count)
        # Unlike BoTorch it takes the seed of its starts here; another one for each ask.
        options = {"seed": 100_000 * self.task.seed + len(self.points) + len(self.pending)}
        found, _ = optimize_acqf(
            acquisition, bounds, q=count, num_restarts=10, raw_samples=512, options=options
        )
        return np.asarray(found)

    def recommend(self) -> adapter.Point | None:
        """The evaluated point of the best posterior mean."""
        if not self.task.noisy or len(self.points) < 2:
            return None
        x, y = self._data()
        return self.evaluated(int(np.argmax(np.asarray(fitted(x, y).posterior(x).mean))))

    def _acquisition(self, count: int) -> Any:
        x, y = self._data()
        model = fitted(x, y)
        waiting = np.array(self.pending) if self.pending else None
        if self.task.noisy:
            return qLogNoisyExpectedImprovement(model, x, X_pending=waiting)
        if count > 1 or waiting is not None:
            return qLogExpectedImprovement(model, best_f=y.max(), X_pending=waiting)
        return LogExpectedImprovement(model, best_f=y.max())

    def _data(self) -> tuple[Any, Any]:
        """Points n x d of the unit cube, and values n x 1 to be maximized."""
        return np.array(self.points), -np.array(self.values())[:, None]


def fitted(x: Any, y: Any) -> Any:
    model = SingleTaskGP(x, y)
    fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
    return model
