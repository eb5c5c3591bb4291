"""Pictures of a study and of a Gaussian process; needs matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._errors import OptionError
from ._gaussian_process import GaussianProcess
from ._study import Study
from ._surface import Axis, Surface, surface_of


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


def surrogate(model: GaussianProcess | Study, axes: Any = None) -> Any:
    """What a model believes: mean, two deviations to both sides, and the observations.

    model : a fitted GaussianProcess; or a Study, to whose trials one is fitted (its first
    objective, over the unit cube, written in the parameters' own units).
    One input: one picture. Two: maps of mean and deviation. More: the slice through the best
    observation along each input. Returns the axes, an array unless there is one input; ``axes``
    are drawn on when given.
    """
    surface = surface_of(model)
    count = len(surface.axes)
    if count == 2 and all(axis.joined for axis in surface.axes):
        panels = _panels(axes, 2)
        _maps(surface, panels)
        return panels
    panels = _panels(axes, count, same_values=True)
    for index, panel in enumerate(panels):
        _slice(surface, index, panel)
        if index % _COLUMNS == 0:
            panel.set_ylabel(surface.value_name)
    panels[0].legend(fontsize="small")
    return panels[0] if count == 1 else panels


def cross_validation(model: GaussianProcess | Study, axes: Any = None) -> Any:
    """Each observation beside its prediction from all others; returns the axes.

    Bars are two deviations, noise included. A good model's bars cross the diagonal for about 95 %
    of the observations, and its standardized errors have a deviation near 1: the title says both.
    """
    surface = surface_of(model)
    axes = _panels(axes, 1)[0]
    loo = surface.process.loo()
    actual = surface.process.y_train_[loo.index]
    inside = np.abs(actual - loo.mean) <= 2 * loo.deviation
    for chosen, colour, label in ((inside, "C0", "inside"), (~inside, "C3", "outside")):
        if chosen.any():
            axes.errorbar(
                actual[chosen],
                loo.mean[chosen],
                2 * loo.deviation[chosen],
                fmt="o",
                markersize=4,
                linewidth=1,
                color=colour,
                label=f"{label}: {chosen.sum()}",
            )
    ends = [min(actual.min(), loo.mean.min()), max(actual.max(), loo.mean.max())]
    axes.plot(ends, ends, color="0.5", linewidth=1, zorder=0)
    share = 100 * inside.mean()
    axes.set_title(
        f"{share:.0f} % of {len(actual)} within two deviations; "
        f"deviation of z: {np.std(loo.z):.2f}",
        fontsize="medium",
    )
    axes.set_xlabel(f"{surface.value_name}, observed")
    axes.set_ylabel("predicted from all others")
    axes.legend(fontsize="small")
    return axes


_COLUMNS = 3  # panels in a row


def _panels(axes: Any, count: int, same_values: bool = False) -> Any:
    """`count` axes in an array: those given, or new ones in a figure of a fitting size."""
    if axes is not None:
        given = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()
        if len(given) != count:
            raise OptionError(f"{len(given)} axes were given; {count} are needed", "option.value")
        return given
    import matplotlib.pyplot as plt

    columns = min(count, _COLUMNS)
    rows = -(-count // columns)
    size = (6.4, 4.8) if count == 1 else (4.2 * columns, 3.4 * rows)
    grid = plt.subplots(
        rows, columns, figsize=size, sharey=same_values, squeeze=False, layout="constrained"
    )[1]
    for unused in grid.ravel()[count:]:
        unused.remove()
    return grid.ravel()[:count]


def _name(axis: Axis, set_label: Any, set_ticks: Any) -> None:
    set_label(axis.name)
    if axis.ticks is not None:
        set_ticks(*axis.ticks)


def _slice(surface: Surface, index: int, panel: Any) -> None:
    """Along one input, through the best observation in all others."""
    axis = surface.axes[index]
    alone = len(surface.axes) == 1
    at = axis.grid(200)
    points = np.repeat(surface.X[[surface.best]], len(at), axis=0)
    points[:, index] = at
    mean, deviation = surface.predict(points)
    if axis.joined:
        panel.plot(at, mean, color="C0", label="mean")
        panel.fill_between(
            at,
            mean - 2 * deviation,
            mean + 2 * deviation,
            color="C0",
            alpha=0.2,
            linewidth=0,
            label="two deviations",
        )
    else:
        panel.errorbar(
            at, mean, 2 * deviation, fmt="s", color="C0", capsize=4, label="mean, two deviations"
        )
        panel.margins(x=0.3)
    fade = 1.0 if alone else 0.25  # elsewhere in the other inputs, so no part of the slice
    panel.plot(
        surface.X[:, index],
        surface.y,
        "o",
        color="0.2",
        markersize=4,
        alpha=fade,
        markeredgewidth=0,
        label="observations",
    )
    best = (surface.X[surface.best, index], surface.y[surface.best])
    panel.plot(*best, "*", color="C3", markersize=12, label="best")
    _name(axis, panel.set_xlabel, panel.set_xticks)


def _maps(surface: Surface, panels: Any) -> None:
    """Mean and deviation over two inputs."""
    across, up = surface.axes
    x, y = np.meshgrid(across.grid(80), up.grid(80))
    points = np.column_stack([x.ravel(), y.ravel()])
    maps = surface.predict(points)
    for panel, values, title, colours in zip(
        panels, maps, (f"{surface.value_name}: mean", "deviation"), ("viridis", "magma")
    ):
        filled = panel.contourf(x, y, values.reshape(x.shape), levels=20, cmap=colours)
        panel.figure.colorbar(filled, ax=panel)
        panel.plot(*surface.X.T, "o", color="white", markeredgecolor="0.2", markersize=4)
        best = surface.X[surface.best]
        panel.plot(*best, "*", color="C3", markeredgecolor="white", markersize=13)
        panel.set_title(title, fontsize="medium")
        _name(across, panel.set_xlabel, panel.set_xticks)
        _name(up, panel.set_ylabel, panel.set_yticks)
