"""Points of a scrambled Sobol sequence, by SciPy; every cell of an integer, ordinal, categorical or
boolean parameter has the same share of the unit interval. It learns nothing from values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy
from scipy.stats import qmc

from . import adapter, scaling

ENVIRONMENT = "scipy"
REQUIREMENTS = ("scipy==1.17.1", "numpy==2.4.6")
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = False
SEVERAL_OBJECTIVES = True
CONSTRAINTS = True


def version() -> str:
    return f"scipy {scipy.__version__}"


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self._sequence = qmc.Sobol(task.dimension, rng=np.random.default_rng(task.seed))

    def ask(self, count: int) -> list[adapter.Point]:
        return [scaling.spread(self.task, row) for row in self._sequence.random(count).tolist()]

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        """Learns nothing."""
