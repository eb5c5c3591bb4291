"""Points that were asked for, each with what its package wants back when the value is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Pending:
    def __init__(self) -> None:
        self._handles: dict[tuple[float, ...], list[Any]] = {}

    def add(self, point: Sequence[float], handle: Any) -> None:
        self._handles.setdefault(tuple(point), []).append(handle)

    def take(self, point: Sequence[float]) -> Any:
        """The handle of a point, the oldest of equal ones; None for one never asked for."""
        handles = self._handles.get(tuple(point))
        if not handles:
            return None
        handle = handles.pop(0)
        if not handles:
            del self._handles[tuple(point)]
        return handle
