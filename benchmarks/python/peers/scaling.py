"""The unit cube, in which a parameter on a logarithmic scale is its logarithm: for peers that know
neither the one nor the other. Exact at the bounds, and never outside of them."""

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


class UnitCube:
    """Points of a space of real parameters, and of the unit cube."""

    def __init__(self, task: adapter.Task) -> None:
        self._parameters = task.parameters

    def enter(self, point: Sequence[float]) -> adapter.Point:
        return [to_unit(each, x) for each, x in zip(self._parameters, point)]

    def leave(self, point: Sequence[float]) -> adapter.Point:
        return [from_unit(each, float(x)) for each, x in zip(self._parameters, point)]
