"""Scales for peers that know none: real parameters in [0, 1], in which one on a logarithmic scale
is its logarithm. Exact at the bounds, and never outside of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from . import adapter


def to_unit(parameter: adapter.Parameter, value: float) -> float:
    low, high, x = parameter.low, parameter.high, value
    if parameter.log:
        low, high, x = math.log(low), math.log(high), math.log(x)
    return min(max((x - low) / (high - low), 0.0), 1.0)


def from_unit(parameter: adapter.Parameter, share: float) -> float:
    low, high = parameter.low, parameter.high
    if share <= 0 or share >= 1:
        return low if share <= 0 else high
    if parameter.log:
        value = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    else:
        value = low + share * (high - low)
    return min(max(value, low), high)


class Coordinates:
    """Points as peers see them that know no logarithmic scale: a real parameter runs from 0 to 1,
    every other one keeps its values, which are whole numbers."""

    def __init__(self, task: adapter.Task) -> None:
        self._parameters = task.parameters

    def enter(self, point: Sequence[float]) -> adapter.Point:
        return [
            to_unit(each, x) if each.kind == "real" else float(x)
            for each, x in zip(self._parameters, point)
        ]

    def leave(self, point: Sequence[float]) -> adapter.Point:
        """The nearest point of the space."""
        values = []
        for each, x in zip(self._parameters, point):
            if each.kind == "real":
                values.append(from_unit(each, float(x)))
            else:
                low, high = whole_range(each)
                values.append(min(max(float(round(x)), float(low)), float(high)))
        return values

    def bounds(self) -> list[tuple[float, float]]:
        return [
            (0.0, 1.0) if each.kind == "real" else whole_range(each) for each in self._parameters
        ]


def whole_range(parameter: adapter.Parameter) -> tuple[int, int]:
    """The least and the greatest value of a parameter that is not real."""
    if parameter.kind == "integer":
        return int(parameter.low), int(parameter.high)
    return 0, parameter.levels - 1


def spread(task: adapter.Task, shares: Sequence[float]) -> adapter.Point:
    """A point of any space from one of [0, 1)^d, so that uniform shares give uniform values
    (of the logarithm where the scale is logarithmic)."""
    point = []
    for parameter, share in zip(task.parameters, shares):
        if parameter.kind == "real":
            point.append(from_unit(parameter, share))
            continue
        low, high = whole_range(parameter)
        if parameter.log:
            value = math.exp(math.log(low) + share * (math.log(high + 1) - math.log(low)))
        else:
            value = low + share * (high + 1 - low)
        point.append(float(min(max(math.floor(value), low), high)))
    return point
