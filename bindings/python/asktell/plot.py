"""Pictures of a study; needs matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._study import Study


def _axes(axes: Any) -> Any:
    if axes is not None:
        return axes
    import matplotlib.pyplot as plt

    return plt.subplots()[1]


def history(study: Study, axes: Any = None) -> Any:
    """Values of the trials, and the best so far; returns the matplotlib axes."""
    axes = _axes(axes)
    told = [trial for trial in study.trials() if trial.state == "told"]
    numbers = np.array([trial.number for trial in told])
    values = np.array([trial.value for trial in told])
    axes.plot(numbers, values, "o", alpha=0.6, label="trial")
    if len(values):
        best = np.maximum if study.directions[0] == "maximize" else np.minimum
        axes.step(numbers, best.accumulate(values), where="post", color="C3", label="best so far")
        axes.legend()
    axes.set_xlabel("trial")
    axes.set_ylabel(study.objectives[0])
    return axes


def parallel_coordinate(study: Study, axes: Any = None) -> Any:
    """One line a trial over its unit-cube coordinates, coloured by rank; returns the axes."""
    axes = _axes(axes)
    told = [trial for trial in study.trials() if trial.state == "told"]
    names = [str(p["name"]) for p in study._core.space().parameters()]
    rows = []
    for trial in told:
        unit = np.asarray(study._core.space().to_unit(trial.params))
        first = np.searchsorted(
            [c[0] for c in study._core.space().coordinates()], np.arange(len(names))
        )
        rows.append(unit[first])
    order = np.argsort(np.argsort([trial.value for trial in told]))
    if study.directions[0] == "maximize":
        order = len(told) - 1 - order
    import matplotlib

    colours = matplotlib.colormaps["viridis_r"]
    for row, rank in sorted(zip(rows, order), key=lambda pair: -pair[1]):
        axes.plot(range(len(names)), row, color=colours(rank / max(1, len(told) - 1)), alpha=0.7)
    axes.set_xticks(range(len(names)), names, rotation=30)
    axes.set_ylabel("unit-cube coordinate (dark: better)")
    return axes
