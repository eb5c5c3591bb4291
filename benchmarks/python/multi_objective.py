"""Scores of sets of objective vectors. Everything is minimized; a point is a row.

Points that are infeasible or failed (a NaN) never count, nor do points that are not better than
the reference point in every objective. Neither the library nor SciPy measures hypervolumes yet, so
the measure is here.

[1] Zitzler, Thiele (1998), the hypervolume. [2] Beume, Fonseca, Lopez-Ibanez, Paquete, Vahrenhold
(2009), the sweep in three dimensions. [3] While, Bradstreet, Barone (2012), WFG, the recursion in
more. [4] Ishibuchi, Masuda, Tanigaki, Nojima (2015), IGD+.
"""

from __future__ import annotations

import bisect
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def non_dominated(points: ArrayLike, feasible: ArrayLike | None = None) -> Mask:
    """Which points no other one dominates; of equal points the first. n x m; returns n."""
    rows, counts = _checked(points, feasible)
    kept = np.zeros(len(rows), dtype=bool)
    front = np.empty_like(rows)
    size = 0
    # Whatever dominates a point comes before it in lexicographic order.
    for i in np.lexsort(rows.T[::-1]):
        if counts[i] and not (front[:size] <= rows[i]).all(axis=1).any():
            front[size] = rows[i]
            size += 1
            kept[i] = True
    return kept


def hypervolume(
    points: ArrayLike, reference: ArrayLike, feasible: ArrayLike | None = None
) -> float:
    """Volume that the points dominate below the reference point, exact up to rounding [1].

    points: n x m, in any order and with dominated ones; a few thousand for m = 3, hundreds beyond.
    """
    r = np.asarray(reference, dtype=float)
    inside = _inside(points, r, feasible)
    rows = np.asarray(points, dtype=float).reshape(-1, r.size)[inside]
    return _volume(rows, r)


def running_hypervolume(
    points: ArrayLike, reference: ArrayLike, feasible: ArrayLike | None = None
) -> Array:
    """The hypervolume after each point of a run: n x m; returns n.

    A point adds what it dominates alone, the volume of its box less what of it the front covers.
    """
    r = np.asarray(reference, dtype=float)
    inside = _inside(points, r, feasible)
    rows = np.asarray(points, dtype=float).reshape(-1, r.size)
    front = np.empty((0, r.size))
    total = 0.0
    curve = np.empty(len(rows))
    for i, point in enumerate(rows):
        if inside[i] and not (front <= point).all(axis=1).any():
            total += float(np.prod(r - point)) - _volume(np.maximum(front, point), r)
            front = np.vstack([front[~(point <= front).all(axis=1)], point])
        curve[i] = total
    return curve


def hypervolume_difference(volume: ArrayLike, maximum: float) -> Array:
    """Share of the maximal hypervolume that is missing: 1 for nothing found, 0 for the whole front,
    and below 0 where `maximum` was only the best known value."""
    if not maximum > 0:
        raise ValueError(f"hypervolume_difference: maximum is {maximum}; must be above 0")
    return 1 - np.asarray(volume, dtype=float) / maximum


def igd_plus(points: ArrayLike, front: ArrayLike, feasible: ArrayLike | None = None) -> float:
    """Mean over a sample of the true front of how far the nearest point is behind in the objectives
    in which it is worse [4]; infinity without a point that counts."""
    rows, counts = _checked(points, feasible)
    targets = np.asarray(front, dtype=float)
    if targets.ndim != 2 or targets.shape[1] != rows.shape[1] or not len(targets):
        raise ValueError(
            f"igd_plus: the front has the shape {targets.shape}; the points have "
            f"{rows.shape[1]} objectives"
        )
    if not counts.any():
        return math.inf
    rows = rows[counts]
    behind = [np.linalg.norm(np.maximum(rows - z, 0), axis=1).min() for z in targets]
    return float(np.mean(behind))


def _checked(points: ArrayLike, feasible: ArrayLike | None) -> tuple[Array, Mask]:
    """The points as an n x m array and which of them count."""
    rows = np.asarray(points, dtype=float)
    if rows.ndim != 2:
        raise ValueError(f"points are rows of an n x m array; this has the shape {rows.shape}")
    counts = np.isfinite(rows).all(axis=1)
    if feasible is not None:
        mask = np.asarray(feasible, dtype=bool)
        if mask.shape != (len(rows),):
            raise ValueError(
                f"feasible has the shape {mask.shape}; one entry for each of {len(rows)} points"
            )
        counts = counts & mask
    return rows, counts


def _inside(points: ArrayLike, reference: Array, feasible: ArrayLike | None) -> Mask:
    rows = np.asarray(points, dtype=float)
    if rows.size == 0:
        return np.zeros(0, dtype=bool)
    rows, counts = _checked(rows, feasible)
    if reference.shape != (rows.shape[1],):
        raise ValueError(
            f"the reference point has the shape {reference.shape}; the points have "
            f"{rows.shape[1]} objectives"
        )
    with np.errstate(invalid="ignore"):
        return np.asarray(counts & (rows < reference).all(axis=1))


def _volume(rows: Array, reference: Array) -> float:
    """Of points that are all better than the reference point in every objective."""
    if not len(rows):
        return 0.0
    if reference.size == 1:
        return float(reference[0] - rows.min())
    if reference.size == 2:
        return _area(rows, reference)
    if reference.size == 3:
        return _sweep(rows, reference)
    return _recursion(rows, reference)


def _area(rows: Array, reference: Array) -> float:
    """The staircase: each step reaches to the next point's first objective."""
    ordered = rows[np.argsort(rows[:, 0], kind="stable")]
    widths = np.diff(ordered[:, 0], append=reference[0])
    heights = reference[1] - np.minimum.accumulate(ordered[:, 1])
    return float(widths @ heights)


def _sweep(rows: Array, reference: Array) -> float:
    """Along the third objective, with the area of the other two kept up to date [2].

    `xs` rises and `ys` falls: the staircase of what was met so far, between two sentinels.
    """
    width, height, depth = (float(each) for each in reference)
    xs, ys = [-math.inf, width], [height, -math.inf]
    area, volume, level = 0.0, 0.0, 0.0
    for x, y, z in rows[np.argsort(rows[:, 2], kind="stable")].tolist():
        at = bisect.bisect_left(xs, x)
        if ys[at - 1] <= y or (xs[at] == x and ys[at] <= y):
            continue  # dominated
        volume += area * (z - level)
        level = z
        top, left = ys[at - 1], x
        end = at
        while ys[end] >= y:  # steps to the right that lie above are swallowed one by one
            area += (xs[end] - left) * (top - y)
            left, top = xs[end], ys[end]
            end += 1
        area += (xs[end] - left) * (top - y)
        xs[at:end], ys[at:end] = [x], [y]
    return volume + area * (depth - level)


def _recursion(rows: Array, reference: Array) -> float:
    """What each point dominates and no later one does [3]: the points come worst first in the last
    objective, so what is covered of a point's box has that box's extent there."""
    front = rows[non_dominated(rows)]
    front = front[np.argsort(-front[:, -1], kind="stable")]
    total = 0.0
    for i, point in enumerate(front):
        covered = np.maximum(front[i + 1 :, :-1], point[:-1])
        alone = float(np.prod(reference[:-1] - point[:-1])) - _volume(covered, reference[:-1])
        total += float(reference[-1] - point[-1]) * alone
    return total
