"""What users give as arrays, checked: one row a point, one number a value."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import OptionError, PointError

Array = npt.NDArray[np.float64]


def matrix(given: Any, name: str) -> Array:
    """A finite array of rows; PointError names what is wrong."""
    if hasattr(given, "toarray"):
        raise PointError(f"{name} is a sparse matrix; give {name}.toarray()", "point.sparse")
    array = floats(given, name)
    if array.ndim != 2:
        raise PointError(
            f"{name}: Expected 2D array, got {array.ndim}D array instead; give one row a point. "
            f"Reshape your data: {name}.reshape(-1, 1) for one input, {name}.reshape(1, -1) for "
            "one point",
            "point.shape",
        )
    for axis, what in enumerate(("sample", "feature")):
        if array.shape[axis] == 0:
            raise PointError(
                f"{name}: 0 {what}(s) (shape={array.shape}) while a minimum of 1 is required.",
                "point.shape",
            )
    if not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        raise PointError(
            f"{name}[{row}, {column}] is {array[row, column]}; inputs must not be NaN or inf (a "
            "failed evaluation is a NaN in y)",
            "point.not-finite",
        )
    return array


def floats(given: Any, name: str) -> Array:
    array = np.asarray(given)
    if array.dtype.kind == "c":
        raise PointError(f"{name}: Complex data not supported", "point.type")
    try:
        return np.array(array, dtype=np.float64, order="C")  # a copy: callers may change theirs
    except (TypeError, ValueError) as error:
        raise PointError(
            f"{name} is not an array of numbers ({error}); categories are given as codes",
            "point.type",
        ) from error


def vector(given: Any, name: str, size: int) -> Array:
    """One number a row, also from a single column."""
    if given is None:
        raise PointError(
            "GaussianProcess requires y to be passed, but the target y is None", "point.shape"
        )
    array = floats(given, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.shape != (size,):
        raise PointError(
            f"{name} has shape {array.shape} for {size} rows of X; give one number for each row",
            "point.shape",
        )
    return array


def variances(given: Any, size: int) -> Array:
    """Noise variances of the rows; one number is for all; none are an empty array."""
    if given is None:
        return np.empty(0)
    array = floats(given, "noise_variance")
    if array.ndim == 0:
        array = np.full(size, float(array))
    array = vector(array, "noise_variance", size)
    if not (np.isfinite(array) & (array >= 0)).all():
        bad = array[~(np.isfinite(array) & (array >= 0))][0]
        raise PointError(f"noise_variance holds {bad}; variances are >= 0", "point.noise")
    return array


def column_names(X: Any) -> npt.NDArray[np.object_] | None:
    """Names of a data frame's columns, when all of them are strings."""
    columns = getattr(X, "columns", None)
    if columns is None or not all(isinstance(each, str) for each in columns):
        return None
    return np.array(list(columns), dtype=object)


def integer(given: Any, name: str) -> int:
    try:
        number = operator.index(given)
    except TypeError:
        number = -1
    if 0 <= number < 2**63:
        return number
    raise OptionError(f"{name} is {given!r}; give an integer from 0 to 2**63 - 1", "option.value")


def random_seed(random_state: Any) -> int:
    """A seed from what scikit-learn calls a random state: integer, generator or None."""
    if random_state is None:
        random_state = np.random.default_rng()
    draw = getattr(random_state, "integers", None) or getattr(random_state, "randint", None)
    if draw is not None:
        return int(draw(0, 2**31))
    return integer(random_state, "random_state")
