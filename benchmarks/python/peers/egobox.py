"""egobox (Lafage 2022): efficient global optimization in Rust, `Egor`, and for several objectives
`Belfegor`, at their defaults: mixtures of Gaussian processes and log EI.

It keeps nothing: each ask gives it all data. Batches are its qEI; points that are pending have the
best value so far, as in its strategy CLMIN. Failures are left out, as by its REJECTION. Without a
told design it starts from its Latin hypercube. Reals run from 0 to 1.
"""

from __future__ import annotations

import math
from importlib import metadata
from typing import Any

import egobox
import numpy as np

from . import adapter, history, scaling

ENVIRONMENT = "egobox"
REQUIREMENTS = ("egobox==1.0.0", "numpy==2.4.6")
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = False
SEVERAL_OBJECTIVES = True
CONSTRAINTS = True


def version() -> str:
    return metadata.version("egobox")


def specification(parameter: adapter.Parameter) -> Any:
    if parameter.kind == "real":
        return egobox.XSpec(egobox.XType.FLOAT, [0.0, 1.0])
    if parameter.kind in ("categorical", "boolean"):
        return egobox.XSpec(egobox.XType.ENUM, [parameter.levels])
    low, high = scaling.whole_range(parameter)
    return egobox.XSpec(egobox.XType.INT, [float(low), float(high)])


class Optimizer(history.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self._space = [specification(each) for each in task.parameters]
        size = max(task.dimension + 1, 5)  # its own rule
        self._start = egobox.lhs(self._space, size, seed=task.seed).tolist()

    def propose(self, count: int) -> Any:
        missing = self.missing(len(self._start))
        if missing > 0:
            first = len(self._start) - missing
            return self._start[first : first + count]
        if sum(math.isfinite(each.value) for each in self.outcomes) < 2:  # all have failed
            return egobox.lhs(self._space, count, seed=self.task.seed + len(self.points))
        x, y = self._data()
        return self._method(count).suggest(x, y, seed=self.task.seed)

    def _method(self, count: int) -> Any:
        task = self.task
        if task.objectives > 1:
            return egobox.Belfegor(
                self._space,
                n_obj=task.objectives,
                n_cstr=task.constraints,
                moo_config=egobox.MooConfig(batch=count),
                seed=task.seed,
            )
        return egobox.Egor(
            self._space,
            n_cstr=task.constraints,
            qei_config=egobox.QEiConfig(batch=count),
            seed=task.seed,
        )

    def _data(self) -> tuple[Any, Any]:
        """Points n x d and answers n x (objectives, constraints)."""
        rows = [
            (point, [*outcome.objectives, *outcome.constraints])
            for point, outcome in zip(self.points, self.outcomes)
            if math.isfinite(outcome.value)
        ]
        best = np.min([answer for _, answer in rows], axis=0).tolist()
        rows += [(point, best) for point in self.pending]
        return np.array([point for point, _ in rows]), np.array([answer for _, answer in rows])
