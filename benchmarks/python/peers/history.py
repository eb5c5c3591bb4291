"""The part that peers without a state of their own share: what was told and what is pending, in
scaled coordinates, with the worst value so far for failures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import adapter, failures, scaling


class Optimizer(adapter.Optimizer):
    """Points are proposed by ``propose``, from ``points``, ``values()`` and ``pending``."""

    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self.points: list[adapter.Point] = []
        self.pending: list[adapter.Point] = []
        self.coordinates = scaling.Coordinates(task)
        self.outcomes: list[adapter.Outcome] = []
        self._own_start: int | None = None

    def propose(self, count: int) -> Sequence[Sequence[float]] | Any:
        """At most ``count`` points, in the same coordinates."""
        raise NotImplementedError

    def values(self) -> list[float]:
        return failures.filled([each.value for each in self.outcomes])

    def missing(self, start: int) -> int:
        """How many of ``start`` first points are still to be asked; 0 where a design was told."""
        if self._own_start is None:
            self._own_start = start if len(self.points) < 2 else 0
        return max(self._own_start - len(self.points) - len(self.pending), 0)

    def ask(self, count: int) -> list[adapter.Point]:
        asked = [self.coordinates.leave(each) for each in self.propose(count)]
        self.pending += [self.coordinates.enter(each) for each in asked]
        return asked

    def tell(self, points: Sequence[adapter.Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            inside = self.coordinates.enter(point)
            if inside in self.pending:
                self.pending.remove(inside)
            self.points.append(inside)
            self.outcomes.append(outcome)

    def evaluated(self, number: int) -> adapter.Point:
        """A told point as the runner knows it."""
        return self.coordinates.leave(self.points[number])
