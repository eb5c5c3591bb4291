"""Optuna's tree-structured Parzen estimator at its defaults."""

from __future__ import annotations

from typing import Any

import numpy as np
from suites import Box, Point


def version() -> str:
    import optuna

    return str(optuna.__version__)


class Optimizer:
    def __init__(self, box: Box, budget: int, seed: int, design: list[Point]) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._names = [f"x{i}" for i in range(box.dimension)]
        self._distributions: dict[str, Any] = {
            name: optuna.distributions.FloatDistribution(box.lower, box.upper)
            for name in self._names
        }
        self._study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
        for x in design:
            self._study.enqueue_trial(dict(zip(self._names, map(float, x), strict=True)))
        self._trial: Any = None

    def ask(self) -> Point:
        self._trial = self._study.ask(self._distributions)
        return np.array([self._trial.params[name] for name in self._names])

    def tell(self, x: Point, value: float) -> None:
        self._study.tell(self._trial, value)
