"""Turns an optimizer that wants a function inside out: it runs in a thread, which waits in the
function until the value is told. The time of an ask is that from handing over the last value to the
next point, so it has everything the optimizer computes. ``Optimizer`` is the peer made of it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence

from . import adapter, failures, scaling
from .adapter import Point

Function = Callable[[Sequence[float]], float]


class Closed(BaseException):
    """Unwinds the optimizer's thread when its run is over."""


class Inverted:
    """``minimize(f)`` as asks and tells; one point at a time.

    >>> run = Inverted(lambda f: scipy.optimize.minimize(f, [0, 0]))
    >>> point = run.ask()       # None when the optimizer has returned
    >>> run.tell(1.5)
    """

    def __init__(self, minimize: Callable[[Function], object]) -> None:
        self._points: queue.SimpleQueue[Point | BaseException | None] = queue.SimpleQueue()
        self._values: queue.SimpleQueue[float | None] = queue.SimpleQueue()
        self._told: float | None = None
        self._minimize = minimize
        self._thread: threading.Thread | None = None

    def ask(self) -> Point | None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        else:
            self._values.put(self._told)
        answer = self._points.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def tell(self, value: float) -> None:
        self._told = value

    def close(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            self._values.put(None)
            self._thread.join(10)

    def _run(self) -> None:
        try:
            self._minimize(self._function)
        except Closed:
            return
        except BaseException as error:
            self._points.put(error)
            return
        self._points.put(None)

    def _function(self, x: Sequence[float]) -> float:
        self._points.put([float(value) for value in x])
        value = self._values.get()
        if value is None:
            raise Closed
        return value


class Optimizer(adapter.Optimizer):
    """A callback-only peer in the scaled coordinates of ``coordinates``: a run of ``minimize`` that
    ends before the budget is followed by another one with another seed. A failure has the worst
    value so far."""

    def __init__(self, task: adapter.Task) -> None:
        super().__init__(task)
        self.coordinates = scaling.Coordinates(task)
        self.seed = task.seed
        self._filled = failures.WorstSoFar()
        self._run: Inverted | None = None

    def minimize(self, function: Function) -> None:
        """One run, from what ``begin_at`` was given or ``restart`` chose."""
        raise NotImplementedError

    def begin_at(self, point: Point, value: float) -> None:
        """Takes one point of a told design, before the first run."""
        raise NotImplementedError

    def restart(self) -> None:
        """Chooses the start of a further run."""
        raise NotImplementedError

    def ask(self, count: int) -> list[Point]:
        while True:
            if self._run is None:
                self._run = Inverted(self.minimize)
            x = self._run.ask()
            if x is not None:
                return [self.coordinates.leave(x)]
            self._run = None
            self.seed += 1_000_000
            self.restart()

    def tell(self, points: Sequence[Point], outcomes: Sequence[adapter.Outcome]) -> None:
        for point, outcome in zip(points, outcomes):
            value = self._filled(outcome.value)
            if self._run is None:
                self.begin_at(self.coordinates.enter(point), value)
            else:
                self._run.tell(value)

    def close(self) -> None:
        if self._run is not None:
            self._run.close()
