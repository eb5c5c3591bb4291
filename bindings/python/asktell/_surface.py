"""A Gaussian process with names and units, so that asktell.plot can draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ._arrays import Array
from ._errors import PointError, StudyError
from ._gaussian_process import GaussianProcess
from ._study import Study


@dataclass(frozen=True)
class Axis:
    """One input: its range, the values that matter when it has few, and how they are written."""

    name: str
    low: float
    high: float
    levels: Array | None = None  # all values it takes; None for a continuous one
    joined: bool = True  # whether a line between its values means something
    ticks: tuple[list[float], list[str]] | None = None  # in the user's units; None: the numbers

    def grid(self, count: int) -> Array:
        return np.linspace(self.low, self.high, count) if self.levels is None else self.levels


@dataclass(frozen=True)
class Surface:
    """A fitted process, its axes, the observations that did not fail, and the best of them."""

    process: GaussianProcess
    axes: list[Axis]
    value_name: str
    best: int  # row of X

    @property
    def X(self) -> Array:
        return self.process.X_train_[np.isfinite(self.process.y_train_)]

    @property
    def y(self) -> Array:
        return self.process.y_train_[np.isfinite(self.process.y_train_)]

    def predict(self, points: Array) -> tuple[Array, Array]:
        """Mean and deviation; points have no column names to compare."""
        mean, deviation = self.process._core.predict(points)
        return mean, deviation


def surface_of(model: Any) -> Surface:
    """The surface of a fitted GaussianProcess, or of one fitted to a study's trials."""
    if isinstance(model, Study):
        return _of_study(model)
    if not isinstance(model, GaussianProcess):
        raise PointError(
            f"{type(model).__name__} cannot be drawn; give a GaussianProcess or a Study",
            "point.type",
        )
    model._fitted()
    X = model.X_train_
    names = getattr(model, "feature_names_in_", [f"x{i}" for i in range(X.shape[1])])
    codes = {int(i) % X.shape[1] for i in (model.categorical or ())}
    if model.tasks:
        codes.add(X.shape[1] - 1)
    axes = []
    for i, name in enumerate(names):
        low, high = float(X[:, i].min()), float(X[:, i].max())
        if model.bounds is not None:
            low, high = np.asarray(model.bounds, dtype=float)[i]
        levels = np.unique(X[:, i]) if i in codes else None
        axes.append(Axis(str(name), low, high, levels, joined=i not in codes))
    finite = model.y_train_[np.isfinite(model.y_train_)]
    return Surface(model, axes, "value", int(np.argmin(finite)))


def _of_study(study: Study) -> Surface:
    """A process fitted to the trials told: unit-cube coordinates, but codes for categories."""
    if str(study._core.oracle()) != "evaluate":
        raise StudyError("the study asks for no values, so there is nothing to draw", "study.order")
    trials = [trial for trial in study.trials() if trial.state == "told"]
    if not trials:
        raise PointError("the study has no trial with a value yet", "point.no-values")
    values = np.array([trial.answer.objectives[0] for trial in trials])
    space = study._core.space()
    coordinates = [Coordinate(*each) for each in space.coordinates()]
    units = np.array([space.to_unit(trial.params) for trial in trials])
    points = np.column_stack([c.of_unit(units[:, i]) for i, c in enumerate(coordinates)])
    process = GaussianProcess(
        categorical=[i for i, c in enumerate(coordinates) if c.category] or None,
        bounds=[(0.0, max(1.0, c.cells)) if c.category else (0.0, 1.0) for c in coordinates],
        seed=study.seed % 2**63,
    ).fit(points, values)
    best = int(np.argmax(values) if study.directions[0] == "maximize" else np.argmin(values))
    axes = [_axis(space, coordinates, i, units[best]) for i in range(len(coordinates))]
    return Surface(process, axes, study.objectives[0], best)


@dataclass(frozen=True)
class Coordinate:
    """One coordinate of a space's unit cube, as the space describes it."""

    parameter: int
    cells: float  # values, each at the middle of its cell; 0: continuous
    ordered: bool

    @property
    def category(self) -> bool:
        return self.cells > 0 and not self.ordered

    def of_unit(self, unit: Any) -> Any:
        return np.floor(unit * self.cells) if self.category else unit

    def to_unit(self, value: float) -> float:
        return (value + 0.5) / self.cells if self.category else value


def _axis(space: Any, coordinates: list[Coordinate], index: int, centre: Array) -> Axis:
    """The axis of a coordinate, with the parameter's own values at its ticks."""
    this = coordinates[index]
    part = [i for i, c in enumerate(coordinates) if c.parameter == this.parameter].index(index)
    parameter = space.parameters()[this.parameter]
    name = str(parameter["name"])
    levels = None
    if 0 < this.cells <= 30:
        levels = this.of_unit((np.arange(this.cells) + 0.5) / this.cells)
    at = np.linspace(0, 1, 5) if levels is None else levels[:: max(1, len(levels) // 6)]
    labels = []
    for value in at:
        point = centre.copy()
        point[index] = this.to_unit(value)
        own = space.from_unit(point.tolist()).get(name)
        if isinstance(own, (list, tuple)):  # one of several coordinates
            own = own[part] if parameter["size"] > 1 else ""
        labels.append(f"{own:.2g}" if isinstance(own, float) else str(own))
    if labels == ["None"] * len(labels) and parameter["when"]:
        labels, name = [""] * len(labels), f"{name} (inactive at the best)"
    elif parameter["size"] > 1:
        name = f"{name}[{part}]"
    low, high = (0.0, 1.0) if levels is None else (float(levels[0]), float(levels[-1]))
    return Axis(name, low, high, levels, not this.category, (list(at), labels))
