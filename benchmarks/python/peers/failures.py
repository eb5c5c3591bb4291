"""What a peer that knows no failures is told in their place: the worst value seen so far."""

from __future__ import annotations

import math
from collections.abc import Sequence

# Where nothing else has been seen yet, and so nothing is known of the scale.
NOTHING_SEEN = 1e10


def filled(values: Sequence[float]) -> list[float]:
    """All values so far, with the worst finite one for each failure (NaN)."""
    finite = [value for value in values if math.isfinite(value)]
    worst = max(finite, default=0.0)
    return [value if math.isfinite(value) else worst for value in values]


class WorstSoFar:
    """The same for peers that are told one value at a time and keep it."""

    def __init__(self) -> None:
        self._worst = -math.inf

    def __call__(self, value: float) -> float:
        if math.isfinite(value):
            self._worst = max(self._worst, value)
            return value
        return self._worst if math.isfinite(self._worst) else NOTHING_SEEN
