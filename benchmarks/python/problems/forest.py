"""A frozen regression forest: plain arrays, evaluated with nothing but Python's own arithmetic.

The nodes of all trees stand in one row, each tree depth first, so that the left child of node i is
node i + 1. A node with feature -1 is a leaf. The value of the forest is the mean of the leaves that
a point falls into; it is constant on boxes, so its least value can be bounded and found exactly.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Forest:
    """T trees with N nodes in all, in float32 so that every machine reads the same numbers."""

    feature: npt.NDArray[np.int8]  # N; -1: a leaf
    right: npt.NDArray[np.uint16]  # N; the right child, counted from the root of its tree
    value: npt.NDArray[np.float32]  # N; the threshold (left is <=), or the value of a leaf
    roots: npt.NDArray[np.int32]  # T

    def __post_init__(self) -> None:
        # Lists: an element of a list costs a third of one of an array.
        tree = np.searchsorted(self.roots, np.arange(len(self.feature)), side="right") - 1
        right = self.right.astype(np.int64) + self.roots[tree]
        object.__setattr__(self, "_lists", (self.feature.tolist(), right.tolist()))
        object.__setattr__(self, "_values", self.value.astype(float).tolist())
        object.__setattr__(self, "_starts", self.roots.tolist())

    def __call__(self, x: Sequence[float]) -> float:
        features, rights = self._lists  # type: ignore[attr-defined]
        values, starts = self._values, self._starts  # type: ignore[attr-defined]
        total = 0.0
        for node in starts:
            feature = features[node]
            while feature >= 0:
                node = node + 1 if x[feature] <= values[node] else rights[node]
                feature = features[node]
            total += values[node]
        return total / len(starts)  # type: ignore[no-any-return]

    def leaves(self, low: Array, high: Array) -> tuple[Array, Array, Array, npt.NDArray[np.int64]]:
        """Lower corners (L x d), upper corners, values and trees of the leaves in a box; a leaf
        holds the points with lower < x <= upper."""
        features, rights = self._lists  # type: ignore[attr-defined]
        found: list[tuple[Array, Array, float, int]] = []
        for tree, root in enumerate(self._starts):  # type: ignore[attr-defined]
            stack = [(root, low, high)]
            while stack:
                node, lower, upper = stack.pop()
                feature, value = features[node], float(self.value[node])
                if feature < 0:
                    found.append((lower, upper, value, tree))
                    continue
                left_upper, right_lower = upper.copy(), lower.copy()
                left_upper[feature] = min(value, upper[feature])
                right_lower[feature] = max(value, lower[feature])
                if lower[feature] < left_upper[feature]:
                    stack.append((node + 1, lower, left_upper))
                if right_lower[feature] < upper[feature]:
                    stack.append((rights[node], right_lower, upper))
        lowers, uppers, values, trees = zip(*found)
        return np.array(lowers), np.array(uppers), np.array(values), np.array(trees)


def from_sklearn(model: Any, to_native: Any) -> Forest:
    """The trees of a fitted forest; ``to_native(feature, threshold)`` undoes the scaling that it
    was fitted in."""
    feature, right, value, roots = [], [], [], []
    for estimator in model.estimators_:
        tree = estimator.tree_
        if not np.array_equal(tree.children_left[tree.feature >= 0], 1 + np.flatnonzero(
            tree.feature >= 0
        )):
            raise ValueError("the nodes of a tree do not stand depth first")
        roots.append(len(feature))
        for node in range(tree.node_count):
            inner = tree.children_left[node] >= 0
            feature.append(int(tree.feature[node]) if inner else -1)
            right.append(int(tree.children_right[node]) if inner else 0)
            value.append(
                to_native(feature[-1], float(tree.threshold[node]))
                if inner
                else float(tree.value[node][0, 0])
            )
    return Forest(
        np.array(feature, dtype=np.int8),
        np.array(right, dtype=np.uint16),
        np.array(value, dtype=np.float32),
        np.array(roots, dtype=np.int32),
    )
