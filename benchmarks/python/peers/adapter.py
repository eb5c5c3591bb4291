"""What a peer is given and must do. This file and those beside it run in the peer's own Python
environment, without asktell: they import nothing but the standard library, NumPy and the peer.

Points are vectors of native values, one entry a parameter: reals and integers as they are, the
index of a category or level, 0 or 1 for flags. Everything is minimized.

Adding a peer is one file here. It has

    ENVIRONMENT = "torch"                # build/peers/<name>; peers may share one; "" for the
                                         # interpreter of the runner itself
    REQUIREMENTS = ("botorch==0.18.1",)  # for pip, pinned; empty for built-in peers
    KINDS = ("real", "integer")          # parameters it takes as they are
    TAKES_POINTS = True                  # whether `tell` of points it did not ask for is used
    BATCH = True                         # whether it may be asked again before it is told
    SLOW = False                         # True: over a second an ask at 50 points

    def version() -> str: ...
    class Optimizer(adapter.Optimizer): ...

and may have

    WITHOUT_DEPENDENCIES = ("HEBO==0.3.6",)  # installed last, whatever these require
    VARIANTS = {"optuna-gp": {"sampler": "gp"}}  # names of methods, keywords of Optimizer; without,
                                         # there is one method, named as the file
    SEVERAL_OBJECTIVES = False           # whether it minimizes several objectives
    CONSTRAINTS = False                  # whether it uses the values of constraints
    DETERMINISTIC = True                 # whether the seed fixes the points

KINDS and the flags may be mappings from the names of VARIANTS where these differ. The constants are
read without importing the file (catalog.py), so they are literals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Point = list[float]


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: str  # "real", "integer", "categorical", "ordinal", "boolean"
    low: float  # real, integer
    high: float
    log: bool
    choices: tuple[Any, ...]  # categories or levels

    @property
    def levels(self) -> int:
        """How many values a categorical, ordinal or boolean parameter has."""
        return 2 if self.kind == "boolean" else len(self.choices)


@dataclass(frozen=True)
class Task:
    """All that a method is told about a problem and a run."""

    parameters: tuple[Parameter, ...]
    budget: int  # evaluations, those of a given design included
    seed: int  # from 1
    batch: int = 1  # points asked together
    objectives: int = 1
    constraints: int = 0
    noisy: bool = False

    @property
    def dimension(self) -> int:
        return len(self.parameters)

    @property
    def lower(self) -> Point:
        """The box of a space of real parameters."""
        return [each.low for each in self.parameters]

    @property
    def upper(self) -> Point:
        return [each.high for each in self.parameters]


@dataclass(frozen=True)
class Outcome:
    """What one evaluation gave; no objectives at all when it failed."""

    objectives: tuple[float, ...]
    constraints: tuple[float, ...] = ()  # met where <= 0

    @property
    def value(self) -> float:
        """The first objective; NaN for a failure."""
        return self.objectives[0] if self.objectives else math.nan


class Optimizer:
    """One run of a method on a task."""

    def __init__(self, task: Task) -> None:
        self.task = task

    def ask(self, count: int) -> list[Point]:
        """At least one and at most ``count`` points to evaluate."""
        raise NotImplementedError

    def tell(self, points: Sequence[Point], outcomes: Sequence[Outcome]) -> None:
        """The outcomes of points that were asked for, or, before the first ask, of a design."""
        raise NotImplementedError

    def recommend(self) -> Point | None:
        """An evaluated point that is held to be best; None: the best value seen."""
        return None

    def close(self) -> None:
        """Ends the run, such as a thread that waits for values."""
