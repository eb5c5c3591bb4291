"""NLopt (Johnson 2007), whose algorithms want a function and are turned inside out (callback.py).

nlopt-crs2         controlled random search with local mutation (Price 1983, Kaelo and Ali 2006)
nlopt-direct-l     locally biased DIRECT (Gablonsky and Kelley 2001); it has no randomness
nlopt-mlsl-bobyqa  multi-level single linkage with low-discrepancy starts, BOBYQA for the local part
nlopt-cobyla       linear approximations in a trust region (Powell 1994)

All see the unit cube, without a stopping rule but the local tolerance that MLSL needs; one that
ends is started again from a random point. CRS2 and COBYLA begin at the best point of a told design,
as their starting point is meant for; the others have none. A failure has the worst value so far.
"""

from __future__ import annotations

import math
from typing import Any

import nlopt
import numpy as np

from . import adapter, callback

ENVIRONMENT = "nlopt"
REQUIREMENTS = ("nlopt==2.11.0", "numpy==2.4.6")
KINDS = ("real",)
TAKES_POINTS = {
    "nlopt-crs2": True,
    "nlopt-direct-l": False,
    "nlopt-mlsl-bobyqa": False,
    "nlopt-cobyla": True,
}
BATCH = False
SLOW = False
VARIANTS = {
    "nlopt-crs2": {"algorithm": "GN_CRS2_LM"},
    "nlopt-direct-l": {"algorithm": "GN_DIRECT_L"},
    "nlopt-mlsl-bobyqa": {"algorithm": "G_MLSL_LDS", "local": "LN_BOBYQA"},
    "nlopt-cobyla": {"algorithm": "LN_COBYLA"},
}


def version() -> str:
    return str(nlopt.__version__)


class Optimizer(callback.Optimizer):
    def __init__(self, task: adapter.Task, algorithm: str, local: str = "") -> None:
        super().__init__(task)
        self._algorithm = algorithm
        self._local = local
        self._rng = np.random.default_rng(task.seed)
        self._start = self._rng.random(task.dimension)
        self._start_value = math.inf

    def begin_at(self, point: adapter.Point, value: float) -> None:
        if value < self._start_value:
            self._start, self._start_value = np.array(point), value

    def restart(self) -> None:
        self._start = self._rng.random(self.task.dimension)

    def minimize(self, function: callback.Function) -> None:
        nlopt.srand(self.seed)  # its generator belongs to the thread
        optimizer = self._make(self._algorithm)
        if self._local:
            local = self._make(self._local)
            local.set_ftol_rel(1e-8)
            local.set_xtol_rel(1e-8)
            optimizer.set_local_optimizer(local)
        optimizer.set_min_objective(lambda x, gradient: function(x))
        try:
            optimizer.optimize(self._start)
        except (nlopt.RoundoffLimited, RuntimeError):
            pass  # no further progress from here: the next ask starts it again

    def _make(self, algorithm: str) -> Any:
        optimizer = nlopt.opt(getattr(nlopt, algorithm), self.task.dimension)
        optimizer.set_lower_bounds(np.zeros(self.task.dimension))
        optimizer.set_upper_bounds(np.ones(self.task.dimension))
        return optimizer
