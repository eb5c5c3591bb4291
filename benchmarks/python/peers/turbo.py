"""TuRBO-1 (Eriksson, Pearce, Gardner, Turner, Poloczek 2019) with the settings of BoTorch's
tutorial: Thompson sampling in a trust region around the best point, started anew from 2 d Sobol
points where the region has become too small. Its batches of 4 are those that are asked for here."""

from __future__ import annotations

import math
from typing import Any

import gpytorch
import torch
from botorch import fit_gpytorch_mll
from botorch.exceptions import ModelFittingError
from botorch.generation import MaxPosteriorSampling
from botorch.models import SingleTaskGP

from . import adapter

FIRST_LENGTH, LEAST_LENGTH, GREATEST_LENGTH = 0.8, 0.5**7, 1.6
SUCCESSES = 10  # in a row until the region is doubled


class Turbo:
    """Points of the unit cube from all that was told; values are maximized."""

    def __init__(self, task: adapter.Task, sobol: Any) -> None:
        self._dimension = task.dimension
        self._sobol = sobol
        self._failures = math.ceil(max(4.0 / task.batch, task.dimension / task.batch))
        self._begin(0)

    def _begin(self, at: int) -> None:
        """A new trust region, which knows only what was told from number ``at`` on."""
        self._from = at
        self._length = FIRST_LENGTH
        self._best = -math.inf
        self._seen = at  # told values that the region's size has taken in
        self._good = 0
        self._bad = 0

    def propose(self, x: Any, y: Any, pending: int, count: int) -> Any:
        self._absorb(y)
        if self._length < LEAST_LENGTH:
            self._begin(len(x))
        x, y = x[self._from :], y[self._from :]
        missing = 2 * self._dimension - len(x) - pending
        if missing > 0 or len(x) < 2:
            return self._sobol.draw(min(count, max(missing, 1)), dtype=torch.double)
        with gpytorch.settings.max_cholesky_size(float("inf")):
            return self._sample(self._fit(x, y), x, y, count)

    def _absorb(self, y: Any) -> None:
        """Resizes the region by what was told since the last ask."""
        new = y[self._seen :]
        if len(new) == 0:
            return
        top = float(new.max())
        # The first points of a region are its start; successes are counted after them.
        if self._seen >= self._from + 2 * self._dimension:
            better = top > self._best + 1e-3 * abs(self._best)
            self._good, self._bad = (self._good + 1, 0) if better else (0, self._bad + 1)
        if self._good == SUCCESSES:
            self._length, self._good = min(2.0 * self._length, GREATEST_LENGTH), 0
        elif self._bad == self._failures:
            self._length, self._bad = self._length / 2.0, 0
        self._best = max(self._best, top)
        self._seen = len(y)

    def _fit(self, x: Any, y: Any) -> Any:
        scaled = (y - y.mean()) / y.std().clamp_min(1e-12)
        kernel = gpytorch.kernels.ScaleKernel(
            gpytorch.kernels.MaternKernel(
                nu=2.5,
                ard_num_dims=self._dimension,
                lengthscale_constraint=gpytorch.constraints.Interval(0.005, 4.0),
            )
        )
        noise = gpytorch.constraints.Interval(1e-8, 1e-3)
        likelihood = gpytorch.likelihoods.GaussianLikelihood(noise_constraint=noise)
        model = SingleTaskGP(x, scaled, covar_module=kernel, likelihood=likelihood)
        try:
            fit_gpytorch_mll(gpytorch.mlls.ExactMarginalLogLikelihood(model.likelihood, model))
        except ModelFittingError:
            pass  # goes on with the values it has, as the tutorial's later versions do
        return model

    def _sample(self, model: Any, x: Any, y: Any, count: int) -> Any:
        center = x[y.argmax()]
        weights = model.covar_module.base_kernel.lengthscale.squeeze(0).detach()
        weights = weights / weights.mean()
        weights = weights / torch.prod(weights.pow(1.0 / len(weights)))
        low = torch.clamp(center - weights * self._length / 2.0, 0.0, 1.0)
        high = torch.clamp(center + weights * self._length / 2.0, 0.0, 1.0)
        candidates = min(5000, max(2000, 200 * self._dimension))
        shares = torch.quasirandom.SobolEngine(self._dimension, scramble=True).draw(
            candidates, dtype=torch.double
        )
        moved = low + (high - low) * shares
        # Each candidate differs from the center in about 20 coordinates, and in one at least.
        mask = torch.rand(candidates, self._dimension) <= min(20.0 / self._dimension, 1.0)
        still = torch.where(mask.sum(dim=1) == 0)[0]
        mask[still, torch.randint(0, self._dimension, (len(still),))] = True
        moved = torch.where(mask, moved, center)
        with torch.no_grad():
            return MaxPosteriorSampling(model=model, replacement=False)(moved, num_samples=count)
