"""Any solver of asktell, through its public Python interface."""

from __future__ import annotations

from typing import Any

import numpy as np
from suites import Box, Point

from peers.adapter import Make


def version() -> str:
    from importlib import metadata

    return metadata.version("asktell")


def space(box: Box) -> dict[str, Any]:
    import asktell

    return {f"x{i}": asktell.Real(box.lower, box.upper) for i in range(box.dimension)}


class Optimizer:
    def __init__(self, solver: str, box: Box, seed: int, design: list[Point]) -> None:
        import asktell

        self._study = asktell.Study(space=space(box), solver=solver, seed=seed)
        for x in design:
            self._study.enqueue({f"x{i}": float(value) for i, value in enumerate(x)})
        self._trial: Any = None

    def ask(self) -> Point:
        self._trial = self._study.ask()
        return np.asarray(self._trial.vector(), dtype=float)

    def tell(self, x: Point, value: float) -> None:
        self._study.tell(self._trial, value)


def maker(solver: str) -> Make:
    return lambda box, budget, seed, design: Optimizer(solver, box, seed, design)


def sobol_design(box: Box, count: int, seed: int) -> list[Point]:
    """The first points of a scrambled Sobol sequence: the common start of all methods."""
    import asktell

    study = asktell.Study(space=space(box), solver="sobol", seed=seed)
    return [np.asarray(trial.vector(), dtype=float) for trial in study.ask(count)]
