"""Scores of sets of objective vectors against exact small sets, closed forms of whole fronts and
another program's values (moocore 0.3.2, exact rationals)."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from asktell.benchmarks import from_label, problem
from asktell.benchmarks.multi_objective import (
    Array,
    hypervolume,
    hypervolume_difference,
    igd_plus,
    non_dominated,
    running_hypervolume,
)

S2 = [(1, 5), (2, 3), (4, 2), (6, 1)]
S3 = [(1, 4, 3), (2, 2, 4), (3, 3, 1), (4, 1, 2), (2, 5, 2)]
S4 = [(1, 4, 3, 2), (2, 2, 4, 3), (3, 3, 1, 4), (4, 1, 2, 1), (2, 5, 2, 2), (3, 2, 3, 2)]


def lcg_points(dimension: int, count: int) -> Array:
    """Points of the generator x <- (1103515245 x + 12345) mod 2^31, from 42."""
    state, values = 42, []
    for _ in range(dimension * count):
        state = (1103515245 * state + 12345) % 2**31
        values.append(state / 2**31)
    return np.array(values).reshape(count, dimension)


@pytest.mark.parametrize(
    ("points", "reference", "volume", "exclusive"),
    [
        (S2, (7, 6), 20, (1, 4, 2, 1)),
        (S3, (5, 6, 5), 42, (5, 3, 9, 5, 1)),
        (S4, (5, 6, 5, 5), 126, (16, 4, 8, 31, 5, 7)),
    ],
)
def test_volumes_of_exact_small_sets(
    points: list[tuple[int, ...]],
    reference: tuple[int, ...],
    volume: float,
    exclusive: tuple[int, ...],
) -> None:
    assert hypervolume(points, reference) == volume
    for i, alone in enumerate(exclusive):
        assert hypervolume(points[:i] + points[i + 1 :], reference) == volume - alone
    for order in itertools.permutations(range(len(reference))):
        turned = np.array(points)[:, order]
        assert hypervolume(turned[::-1], np.array(reference)[list(order)]) == volume


@pytest.mark.parametrize(
    ("objectives", "steps", "volume"),
    [(2, 10, 33 / 50), (3, 12, 60499 / 54000), (4, 6, 123019 / 90000), (5, 4, 622329 / 400000)],
)
def test_volumes_of_simplex_lattices(objectives: int, steps: int, volume: float) -> None:
    lattice = [
        row for row in itertools.product(range(steps + 1), repeat=objectives) if sum(row) == steps
    ]
    assert hypervolume(np.array(lattice) / steps, [1.1] * objectives) == pytest.approx(
        volume, rel=1e-13
    )


@pytest.mark.parametrize(
    ("objectives", "count", "front", "volume"),
    [
        (2, 50, 5, 0.942273544448299),
        (3, 50, 11, 0.817121034105253),
        (4, 40, 15, 0.569676502769177),
        (5, 30, 20, 0.348588089725442),
        (6, 20, 17, 0.136359538839007),
    ],
)
def test_fronts_and_volumes_of_pseudo_random_points(
    objectives: int, count: int, front: int, volume: float
) -> None:
    points = lcg_points(objectives, count)
    kept = non_dominated(points)
    assert kept.sum() == front
    assert hypervolume(points, np.ones(objectives)) == pytest.approx(volume, abs=1e-14)
    assert hypervolume(points[kept], np.ones(objectives)) == pytest.approx(volume, abs=1e-14)


def test_first_front_of_a_sorted_set_keeps_one_of_equal_points() -> None:
    points = [(1, 5), (2, 3), (4, 2), (6, 1), (2, 6), (3, 4), (5, 5), (6, 6), (4, 3), (2, 3)]
    assert np.flatnonzero(non_dominated(points)).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("objectives", [1, 2, 3, 4, 5])
def test_running_volume_is_that_of_every_prefix(objectives: int) -> None:
    points = np.round(2 * lcg_points(objectives, 30), 1)  # ties, and points outside
    feasible = np.arange(30) % 4 != 1
    curve = running_hypervolume(points, [1.5] * objectives, feasible)
    for t in range(30):
        prefix = hypervolume(points[: t + 1], [1.5] * objectives, feasible[: t + 1])
        assert curve[t] == pytest.approx(prefix, abs=1e-13)
    assert curve[-1] > 0


def test_infeasible_failed_and_outside_points_never_count() -> None:
    points = [*S2, (0, 0), (math.nan, 0), (-5, 6), (7, -5), (-math.inf, 1)]
    feasible = [True] * 4 + [False] + [True] * 4
    assert hypervolume(points, (7, 6), feasible) == 20
    assert running_hypervolume(points, (7, 6), feasible)[3:].tolist() == [20] * 6
    assert non_dominated(points, feasible).tolist() == [True] * 4 + [False] * 2 + [True] * 2 + [
        False
    ]
    assert hypervolume(S2, (7, 6), [False] * 4) == 0
    assert hypervolume(np.empty((0, 2)), (7, 6)) == 0
    assert running_hypervolume([], (7, 6)).tolist() == []


def test_igd_plus_counts_only_what_is_worse() -> None:
    front = [(0.5, 4.5), (1.5, 2.5), (3, 1.5), (5.5, 0.5), (7, 0.25)]
    assert igd_plus(S2, front) == pytest.approx(0.797870866462, abs=1e-12)
    assert igd_plus(front, front) == 0
    assert igd_plus([(0, 0)], front) == 0  # better than the front is not behind it
    assert igd_plus(S2, front, [False] * 4) == math.inf


def test_difference_is_the_missing_share() -> None:
    assert hypervolume_difference([0, 60, 120], 120).tolist() == [1, 0.5, 0]
    with pytest.raises(ValueError, match="maximum is 0"):
        hypervolume_difference(1, 0)
    with pytest.raises(ValueError, match="maximum is nan"):
        hypervolume_difference(1, math.nan)


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match=r"\(3,\); the points have 2"):
        hypervolume(S2, (7, 6, 5))
    with pytest.raises(ValueError, match=r"feasible has the shape \(1,\)"):
        hypervolume(S2, (7, 6), [True])
    with pytest.raises(ValueError, match="rows of an n x m array"):
        non_dominated([1, 2, 3])
    with pytest.raises(ValueError, match="front has the shape"):
        igd_plus(S2, [(1, 2, 3)])


@pytest.mark.parametrize(
    ("name", "count", "volume"),
    [
        ("zdt/zdt1", 10, 0.813925945409),
        ("zdt/zdt1", 50, 0.865873856535),
        ("zdt/zdt1", 100, 0.871409368921),
        ("zdt/zdt2", 10, 0.489835390947),
        ("zdt/zdt2", 50, 0.533198667222),
        ("zdt/zdt2", 100, 0.538299833350),
    ],
)
def test_volume_of_points_spread_over_a_front(name: str, count: int, volume: float) -> None:
    zdt = problem(name)
    points = []
    for f1 in np.linspace(0, 1, count):
        x = np.zeros(zdt.dimension)
        x[0] = f1
        points.append(zdt.evaluate(x).objectives)
    assert hypervolume(points, [1.1, 1.1]) == pytest.approx(volume, abs=1e-12)


def spread(label: str) -> tuple[Array, Array]:
    """A few thousand points of a front in two objectives, and which of them are feasible."""
    asked = from_label(label)
    name = asked.name
    t = np.linspace(0, 1, 4001)
    x = np.full((t.size, asked.dimension), 0.5)
    if name.startswith("zdt") or name == "dtlz/dtlz7":
        x[:] = 0
    elif name.startswith("wfg"):
        x[:] = 0.35
        x[:, :2] = (t if name != "wfg/wfg1" else t**50)[:, None]
        x *= 2 * np.arange(1, asked.dimension + 1)
    if not name.startswith("wfg"):
        x[:, 0] = t
    outcomes = [asked.evaluate(row) for row in x]
    points = np.array([each.objectives for each in outcomes])
    return points, np.array([each.feasible for each in outcomes])


@pytest.mark.parametrize(
    "label",
    [
        "zdt/zdt1",
        "zdt/zdt2:reference=1.1",
        "zdt/zdt3:reference=1.1",
        "zdt/zdt4:reference=1.1",
        "zdt/zdt6:reference=1.1",
        "dtlz/dtlz1:objectives=2,reference=1.0",
        "dtlz/dtlz2:objectives=2",
        "dtlz/dtlz3:objectives=2,reference=1.1",
        "dtlz/dtlz5:objectives=2",
        "dtlz/dtlz7:objectives=2",
        "wfg/wfg1:objectives=2",
        "wfg/wfg2:objectives=2",
        "wfg/wfg3:objectives=2",
        "wfg/wfg4:objectives=2",
        "wfg/wfg7:objectives=2",
        "mo/c2-dtlz2",
    ],
)
def test_the_registered_maximum_is_that_of_a_dense_front(label: str) -> None:
    points, feasible = spread(label)
    asked = from_label(label)
    volume = hypervolume(points, asked.reference_point, feasible)
    maximum = asked.hypervolume
    assert volume <= maximum * (1 + 1e-9)
    assert volume == pytest.approx(maximum, rel=3e-3)


def test_three_objectives_of_dtlz_approach_their_maxima() -> None:
    t = np.linspace(0, 1, 60)
    for name in ("dtlz/dtlz2", "dtlz/dtlz5", "dtlz/dtlz7"):
        asked = problem(name)
        x = np.full((t.size**2, asked.dimension), 0.5 if name != "dtlz/dtlz7" else 0.0)
        x[:, :2] = np.array(list(itertools.product(t, t)))
        points = np.array([asked.evaluate(row).objectives for row in x])
        volume = hypervolume(points, asked.reference_point)
        assert volume <= asked.hypervolume
        assert volume == pytest.approx(asked.hypervolume, rel=0.03)


def test_srn_needs_both_ends_of_its_front() -> None:
    """Often only x1 = -2.5 is quoted: 41575.05 of 42689.7058 (from optimality conditions)."""
    srn = problem("mo/srn")
    line = [(-2.5, x2) for x2 in np.linspace(2.5, math.sqrt(225 - 6.25), 4000)]
    ends = [(3 * x2 - 10, x2) for x2 in np.linspace(2.5, 3.7, 2000)]
    arc = [(x1, math.sqrt(225 - x1 * x1) - 1e-12) for x1 in np.linspace(-4.841, -2.5, 2000)]
    quoted = [srn.evaluate(np.array(x)).objectives for x in line]
    assert hypervolume(quoted, srn.reference_point) == pytest.approx(41575.05, rel=1e-3)
    outcomes = [srn.evaluate(np.array(x)) for x in [*line, *ends, *arc]]
    whole = hypervolume([each.objectives for each in outcomes], srn.reference_point)
    assert whole == pytest.approx(srn.hypervolume, rel=1e-3)


def test_bnh_front_of_its_paper() -> None:
    bnh = problem("mo/bnh")
    x = [(u, u) for u in np.linspace(0, 3, 3000)] + [(u, 3.0) for u in np.linspace(3, 5, 3000)]
    outcomes = [bnh.evaluate(np.array(row)) for row in x]
    assert all(each.feasible for each in outcomes)
    volume = hypervolume([each.objectives for each in outcomes], bnh.reference_point)
    assert volume <= bnh.hypervolume
    assert volume == pytest.approx(bnh.hypervolume, rel=1e-3)


def test_osy_front_of_five_segments() -> None:
    """Deb (2001), Multi-objective optimization using evolutionary algorithms, table 28."""
    osy = problem("mo/osy")
    t = np.linspace(0, 1, 2000)
    segments = [
        [(5, 1, 1 + 4 * u, 0, 5, 0) for u in t],
        [(5, 1, 1 + 4 * u, 0, 1, 0) for u in t],
        [(x1, (x1 - 2) / 3, 1, 0, 1, 0) for x1 in 4.056 + (5 - 4.056) * t],
        [(0, 2, 1 + 2.732 * u, 0, 1, 0) for u in t],
        [(u, 2 - u, 1, 0, 1, 0) for u in t],
    ]
    outcomes = [osy.evaluate(np.array(x)) for segment in segments for x in segment]
    met = [max(each.constraints) <= 1e-12 for each in outcomes]
    assert all(met)
    volume = hypervolume([each.objectives for each in outcomes], osy.reference_point)
    assert volume == pytest.approx(osy.hypervolume, rel=1e-3)


def test_tnk_front_is_the_wavy_constraint() -> None:
    tnk = problem("mo/tnk")
    angle = np.linspace(1e-3, math.pi / 2 - 1e-3, 20_000)
    radius = np.sqrt(1 + 0.1 * np.cos(16 * angle)) + 1e-12
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    outcomes = [tnk.evaluate(row) for row in points]
    feasible = [each.feasible for each in outcomes]
    volume = hypervolume(points, tnk.reference_point, feasible)
    assert volume == pytest.approx(tnk.hypervolume, rel=1e-3)


def test_mw7_front_lies_between_its_waves() -> None:
    mw7 = problem("mo/mw7")
    angle = np.linspace(0, math.pi / 2, 4001)
    radius = np.maximum(1, 1.15 - 0.2 * np.sin(4 * angle) ** 8) + 1e-12
    outcomes = []
    for theta, g in zip(angle, radius):
        x = [math.cos(theta)]
        for i in range(1, mw7.dimension):
            least = 1 - (x[-1] - 0.5) ** 2
            x.append(least - math.sqrt((g - 1) / 2) if i == 1 else least)
        outcomes.append(mw7.evaluate(np.array(x)))
    points = np.array([each.objectives for each in outcomes])
    assert np.hypot(*points.T) == pytest.approx(radius, abs=1e-10)
    feasible = [each.feasible for each in outcomes]
    assert all(feasible)
    volume = hypervolume(points, mw7.reference_point, feasible)
    assert volume == pytest.approx(mw7.hypervolume, rel=1e-3)
