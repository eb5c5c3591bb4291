"""Uniform random points, on the logarithm of a parameter with a logarithmic scale, by NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import adapter, scaling

ENVIRONMENT = ""
REQUIREMENTS = ()
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True  # it needs none; taken so that it runs after the common start like the others
BATCH = True
SLOW = False
# A file of that name would hide the standard library's.
VARIANTS: dict[str, dict[str, str]] = {"random": {}}
SEVERAL_OBJECTIVES = True
CONSTRAINTS = True


def version() -> str:
    return f"numpy {np.__version__}"


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self._rng = np.random.default_rng(task.seed)

    def ask(self, count: int) -> list[adapter.Point]:
        shares = self._rng.random((count, self.task.dimension))
        return [scaling.spread(self.task, row) for row in shares.tolist()]

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        """Learns nothing."""
