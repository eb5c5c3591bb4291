"""A frozen regression forest: plain arrays, evaluated with nothing but Python's own arithmetic.

The nodes of all trees stand in one row, each tree depth first, so that the left child of node i is
node i + 1. A node with feature -1 is a leaf. The value of the forest is the mean of the leaves that
a point falls into; it is constant on boxes, so its least value can be bounded and found exactly.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Threshold = Callable[[int, float], float]  # (feature, scaled threshold) -> native threshold


class Forest:
    """T trees with N nodes in all, in float32 so that every machine reads the same numbers.

    Parameters
    ----------
    feature : int8, N
        -1 for a leaf.
    right : uint16, N
        The right child, counted from the root of its tree.
    value : float32, N
        The threshold (left is <=), or the value of a leaf.
    roots : int32, T
    """

    def __init__(
        self,
        feature: npt.NDArray[np.int8],
        right: npt.NDArray[np.uint16],
        value: npt.NDArray[np.float32],
        roots: npt.NDArray[np.int32],
    ) -> None:
        self.feature, self.right, self.value, self.roots = feature, right, value, roots
        tree = np.searchsorted(roots, np.arange(len(feature)), side="right") - 1
        # Lists: an element of a list costs a third of one of an array.
        self._features: list[int] = feature.tolist()
        self._rights: list[int] = (right.astype(np.int64) + roots[tree]).tolist()
        self._values: list[float] = value.astype(float).tolist()
        self._starts: list[int] = roots.tolist()

    def __call__(self, x: Sequence[float]) -> float:
        features, rights, values = self._features, self._rights, self._values
        total = 0.0
        for node in self._starts:
            feature = features[node]
            while feature >= 0:
                node = node + 1 if x[feature] <= values[node] else rights[node]
                feature = features[node]
            total += values[node]
        return total / len(self._starts)

    def leaves(self, low: Array, high: Array) -> tuple[Array, Array, Array, npt.NDArray[np.int64]]:
        """Lower corners (L x d), upper corners, values and trees of the leaves in a box; a leaf
        holds the points with lower < x <= upper."""
        found: list[tuple[Array, Array, float, int]] = []
        for tree, root in enumerate(self._starts):
            stack = [(root, low, high)]
            while stack:
                node, lower, upper = stack.pop()
                feature, value = self._features[node], self._values[node]
                if feature < 0:
                    found.append((lower, upper, value, tree))
                    continue
                left_upper, right_lower = upper.copy(), lower.copy()
                left_upper[feature] = min(value, upper[feature])
                right_lower[feature] = max(value, lower[feature])
                if lower[feature] < left_upper[feature]:
                    stack.append((node + 1, lower, left_upper))
                if right_lower[feature] < upper[feature]:
                    stack.append((self._rights[node], right_lower, upper))
        lowers, uppers, values, trees = zip(*found)
        return np.array(lowers), np.array(uppers), np.array(values), np.array(trees)


def from_sklearn(model: Any, values: Array, points: Array, to_native: Threshold) -> Forest:
    """The trees of a fitted forest, with leaves that are the means of ``values`` (n) over the
    ``points`` (n x d, as the model was fitted to) in them."""
    nodes: list[tuple[int, int, float]] = []
    roots = []
    for estimator, place in zip(model.estimators_, model.apply(points).T):
        tree = estimator.tree_
        roots.append(len(nodes))
        count = np.bincount(place, minlength=tree.node_count)
        means = np.bincount(place, values, tree.node_count) / np.maximum(count, 1)

        def grow(node: int, tree: Any = tree, means: Any = means) -> None:
            here, left = len(nodes), int(tree.children_left[node])
            if left < 0:
                nodes.append((-1, 0, float(means[node])))
                return
            feature = int(tree.feature[node])
            nodes.append((feature, 0, to_native(feature, float(tree.threshold[node]))))
            grow(left)
            nodes[here] = (feature, len(nodes) - roots[-1], nodes[here][2])
            grow(int(tree.children_right[node]))

        grow(0)
    feature, right, value = zip(*nodes)
    return Forest(
        np.array(feature, dtype=np.int8),
        np.array(right, dtype=np.uint16),
        np.array(value, dtype=np.float32),
        np.array(roots, dtype=np.int32),
    )


def least(
    forest: Forest, low: Array, high: Array, start: Array, limit: int
) -> tuple[Array, float, bool]:
    """A minimizer with low < x <= high, its value, and whether no other point is better.

    Best-first branch and bound: the mean over trees of the least leaf that meets a box bounds the
    forest from below, and is its value once each tree has one leaf left. ``start`` is the point
    that is returned when ``limit`` boxes find none better.
    """
    lowers, uppers, values, trees = forest.leaves(low, high)
    count = len(forest.roots)

    def bound(leaves: npt.NDArray[np.int32]) -> float:
        begins = np.flatnonzero(np.diff(trees[leaves], prepend=-1))
        return float(np.minimum.reduceat(values[leaves], begins).sum()) / count

    ties = itertools.count()
    leaves = np.arange(len(values), dtype=np.int32)
    boxes = [(bound(leaves), next(ties), low, high, leaves)]
    best, best_value = start, forest(start.tolist())
    # Sums in another order differ in the last digits; the forest's own value is what counts.
    rounding = 1e-12 * float(np.abs(values).max())
    for _ in range(limit):
        if not boxes:
            return best, best_value, True
        least_bound, _, lower, upper, leaves = heapq.heappop(boxes)
        value = forest(upper.tolist())
        if value < best_value:
            best, best_value = upper, value
        if least_bound >= best_value - rounding:
            return best, best_value, True
        feature, threshold = _split(lowers[leaves], uppers[leaves], lower, upper)
        left_upper, right_lower = upper.copy(), lower.copy()
        left_upper[feature] = right_lower[feature] = threshold
        for begin, end, kept in (
            (lower, left_upper, leaves[lowers[leaves, feature] < threshold]),
            (right_lower, upper, leaves[uppers[leaves, feature] > threshold]),
        ):
            least_there = bound(kept)
            if least_there < best_value:
                heapq.heappush(boxes, (least_there, next(ties), begin, end, kept))
    return best, best_value, False


def _split(lowers: Array, uppers: Array, lower: Array, upper: Array) -> tuple[int, float]:
    """The feature with the most faces of leaves inside the box, and the median of these faces."""
    inside = (uppers < upper) & (uppers > lower)
    feature = int(np.argmax(inside.sum(axis=0)))
    faces = np.sort(uppers[inside[:, feature], feature])
    return feature, float(faces[len(faces) // 2])
