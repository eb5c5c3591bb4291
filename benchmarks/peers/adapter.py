"""The interface behind which every optimizer runs, and how a method is found by its name.

A peer is one file in this folder with `version()` and a class `Optimizer`. It imports its package
inside, so that a missing one stops only the runs that need it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from suites import Box, Point

# Name of a method -> module in this folder.
PEERS = {"optuna-tpe": "optuna_tpe", "pycma": "pycma"}


class Optimizer(Protocol):
    """Proposes one point at a time.

    Built with what every method is told: the box, the budget, a seed >= 1 and the initial design
    (n points in the box, maybe none), which counts within the budget and is evaluated first.
    """

    def ask(self) -> Point: ...

    def tell(self, x: Point, value: float) -> None: ...


Make = Callable[[Box, int, int, "list[Point]"], Optimizer]


@dataclass(frozen=True)
class Method:
    name: str
    version: str
    make: Make


def find(name: str) -> Method:
    """The method of this name. Raises ValueError when there is none, ImportError when its package
    is missing."""
    if name.startswith("asktell-"):
        from peers import asktell_solver

        solver = name.removeprefix("asktell-")
        return Method(name, asktell_solver.version(), asktell_solver.maker(solver))
    if name not in PEERS:
        known = ", ".join(["asktell-<solver>", *PEERS])
        raise ValueError(f'method "{name}" is unknown; known are {known}')
    module = importlib.import_module(f"peers.{PEERS[name]}")
    return Method(name, module.version(), module.Optimizer)
