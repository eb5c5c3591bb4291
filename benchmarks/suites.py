"""Test problems by name: "bbob-f08-d05-i1" is BBOB function 8 in five dimensions, instance 1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.float64]

# Every structural group of BBOB at half the price: 2 or 3 functions of each.
BBOB_SHORT = (1, 2, 3, 6, 8, 10, 13, 15, 17, 20, 21, 24)
# Ours are developed on these instances; reports are made on the others.
BBOB_DEVELOPMENT = range(101, 106)

_NAME = re.compile(r"bbob-f(\d\d)-d(\d\d)-i(\d+)")


@dataclass(frozen=True)
class Box:
    """All that a method is told about a problem."""

    dimension: int
    lower: float
    upper: float

    def from_unit(self, unit: Point) -> Point:
        return self.lower + (self.upper - self.lower) * unit

    def to_unit(self, x: Point) -> Point:
        return (x - self.lower) / (self.upper - self.lower)


class Problem:
    """A test function to be minimized over a box, with its known optimum."""

    def __init__(self, name: str) -> None:
        match = _NAME.fullmatch(name)
        if not match:
            raise ValueError(f'problem "{name}": expected a name like "bbob-f08-d05-i1"')
        from asktell._benchmarks import Bbob

        self.name = name
        self.function, dimension, self.instance = (int(part) for part in match.groups())
        self._value = Bbob(self.function, dimension, self.instance)
        self.box = Box(dimension, self._value.lower, self._value.upper)
        self.optimum: float = self._value.optimum

    def __call__(self, x: Point) -> float:
        return float(self._value(x))


def bbob(
    functions: Iterable[int], dimensions: Iterable[int], instances: Iterable[int]
) -> list[str]:
    """Names, dimensions in the outer loop: small problems run first."""
    functions, instances = list(functions), list(instances)
    return [
        f"bbob-f{f:02d}-d{d:02d}-i{i}" for d in dimensions for f in functions for i in instances
    ]
