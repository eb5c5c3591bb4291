"""HEBO (Cowen-Rivers et al. 2022) at its defaults: a Gaussian process on warped values, and a
Pareto front of acquisition functions.

Its own pins are not met by anything that installs today, so it is installed without them, with the
releases it runs on. Logarithmic scales are its `pow` and `pow_int`; an ordinal is the integer of
its level. Failures are NaN, which it leaves out.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from importlib import metadata
from typing import Any

import numpy as np
import pandas
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO

from . import adapter, scaling

ENVIRONMENT = "hebo"
REQUIREMENTS = (
    "numpy==1.26.4",
    "scipy==1.12.0",
    "pymoo==0.6.0.1",
    "scikit-learn==1.5.2",
    "torch==2.13.0",
    "gpytorch==1.15.2",
    "pandas==2.3.3",
    "catboost==1.2.10",
    "disjoint-set==0.9.0",
)
WITHOUT_DEPENDENCIES = ("HEBO==0.3.6",)
KINDS = ("real", "integer", "categorical", "ordinal", "boolean")
TAKES_POINTS = True
BATCH = True
SLOW = True


def version() -> str:
    return metadata.version("HEBO")


def described(parameter: adapter.Parameter) -> dict[str, Any]:
    if parameter.kind == "real":
        kind = "pow" if parameter.log else "num"
        bounds = {"lb": parameter.low, "ub": parameter.high}
        return {"name": parameter.name, "type": kind, **bounds}
    if parameter.kind == "boolean":
        return {"name": parameter.name, "type": "bool"}
    if parameter.kind == "categorical":
        return {"name": parameter.name, "type": "cat", "categories": list(range(parameter.levels))}
    low, high = scaling.whole_range(parameter)
    kind = "pow_int" if parameter.log else "int"
    return {"name": parameter.name, "type": kind, "lb": low, "ub": high}


class Optimizer(adapter.Optimizer):
    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        torch.set_num_threads(1)
        torch.manual_seed(task.seed)
        np.random.seed(task.seed)
        random.seed(task.seed)
        self._names = [each.name for each in task.parameters]
        space = DesignSpace().parse([described(each) for each in task.parameters])
        self._optimizer = HEBO(space, scramble_seed=task.seed)

    def ask(self, count: int) -> list[adapter.Point]:
        rows = self._optimizer.suggest(n_suggestions=count)[self._names].to_numpy(dtype=float)
        return [self._inside(row) for row in rows]

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        columns: dict[str, Any] = {}
        for i, each in enumerate(self.task.parameters):
            kind = {"real": float, "boolean": bool}.get(each.kind, int)
            columns[each.name] = [kind(point[i]) for point in points]
        values = np.array([outcome.value for outcome in outcomes])
        self._optimizer.observe(pandas.DataFrame(columns), values.reshape(-1, 1))

    def _inside(self, row: Sequence[float]) -> adapter.Point:
        """Powers of ten of logarithms may leave the bounds by an ulp."""
        point = []
        for each, x in zip(self.task.parameters, row):
            low, high = (each.low, each.high)
            if each.kind != "real":
                low, high = scaling.whole_range(each)
            point.append(min(max(float(x), float(low)), float(high)))
        return point
