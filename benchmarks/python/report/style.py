"""How a method looks in every plot: ours is one strong red, baselines are grey, peers keep the
colour that their place in the alphabet gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

OURS = "#c8102e"
_BASELINES = {"random": "#8a8a8a", "asktell-random": "#8a8a8a", "sobol": "#b3b3b3"}
_BASELINES["asktell-sobol"] = "#b3b3b3"
# Distinguishable also for most colour-blind readers; dashes tell the second round apart.
_PALETTE = (
    "#1f6fb4", "#2a9d5c", "#e08b00", "#7b4fb0", "#0a9ba8", "#8c564b", "#d46bb0", "#5f7d1f",
    "#3b3f8f",
)  # fmt: skip
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)))


@dataclass(frozen=True)
class Look:
    color: str
    dash: Any
    width: float
    order: int  # drawn last what is highest

    def line(self) -> dict[str, Any]:
        """Arguments of a matplotlib line."""
        return {
            "color": self.color,
            "linestyle": self.dash,
            "linewidth": self.width,
            "zorder": self.order,
        }


def looks(methods: Sequence[str], ours: str) -> dict[str, Look]:
    found, place = {}, 0
    for method in sorted(methods):
        if method == ours:
            found[method] = Look(OURS, "-", 2.8, 10)
        elif method in _BASELINES:
            dash = _DASHES[2] if method.endswith("random") else _DASHES[1]
            found[method] = Look(_BASELINES[method], dash, 1.4, 3)
        else:
            dash = _DASHES[place // len(_PALETTE) % len(_DASHES)]
            found[method] = Look(_PALETTE[place % len(_PALETTE)], dash, 1.5, 5)
            place += 1
    return found


def spread(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The heights moved apart, as little as a pass up and one down allow, to be `gap` apart."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    moved = list(heights)
    for previous, current in zip(order, order[1:]):
        moved[current] = max(moved[current], moved[previous] + gap)
    ceiling = high
    for i in reversed(order):
        moved[i] = max(min(moved[i], ceiling), low)
        ceiling = moved[i] - gap
    return moved
