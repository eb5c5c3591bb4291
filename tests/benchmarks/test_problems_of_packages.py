"""The multi-objective, constrained and multi-fidelity problems against the packages pymoo and mf2,
at random points, where they are installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from asktell.benchmarks import Problem, from_label
from numpy.typing import NDArray

Array = NDArray[np.float64]
POINTS = 60


def real_box(asked: Problem) -> tuple[Array, Array]:
    design = [each for each in asked.parameters if not each["name"].startswith("fidelity")]
    return (
        np.array([each["low"] for each in design], dtype=float),
        np.array([each["high"] for each in design], dtype=float),
    )


def sample(asked: Problem, seed: int) -> Array:
    low, high = real_box(asked)
    return low + (high - low) * np.random.default_rng(seed).random((POINTS, low.size))


def in_pymoo(problem: Any, x: Array) -> dict[str, Array]:
    return {
        key: np.asarray(value, dtype=float)
        for key, value in problem.evaluate(x, return_as_dictionary=True).items()
        if key in "FGH"
    }


MULTI_OBJECTIVE = [
    *((f"zdt/zdt{i}", f"zdt{i}", {}) for i in (1, 2, 3, 4, 6)),
    *((f"zdt/zdt{i}:dimension=5", f"zdt{i}", {"n_var": 5}) for i in (1, 2, 3, 4, 6)),
    *(
        (f"dtlz/dtlz{i}:objectives={m},dimension=9", f"dtlz{i}", {"n_var": 9, "n_obj": m})
        for i in range(1, 8)
        for m in (2, 3, 5)
        if i not in (5, 6) or m < 5  # of these two pymoo has another form with many objectives
    ),
    *(
        (f"wfg/wfg{i}:objectives={m},position=4", f"wfg{i}", {"n_var": 10, "n_obj": m, "k": 4})
        for i in range(1, 10)
        for m in (2, 3, 5)
    ),
    ("mo/bnh", "bnh", {}),
    ("mo/osy", "osy", {}),
    ("mo/srn", "srn", {}),
    ("mo/tnk", "tnk", {}),
    ("mo/mw7", "mw7", {}),
    ("mo/c2-dtlz2", "c2dtlz2", {"n_var": 11, "n_obj": 2}),
]


@pytest.mark.parametrize(("label", "theirs", "options"), MULTI_OBJECTIVE)
def test_matches_pymoo(label: str, theirs: str, options: dict[str, int]) -> None:
    problems = pytest.importorskip("pymoo.problems")
    asked = from_label(label)
    x = sample(asked, 1)
    expected = in_pymoo(problems.get_problem(theirs, **options), x.copy())
    outcomes = [asked.evaluate(row) for row in x]
    values = np.array([each.objectives for each in outcomes])
    assert values == pytest.approx(expected["F"], rel=1e-9, abs=1e-9)
    if asked.constraints:
        # Scaled there: the same signs, in any order.
        ours = np.sort(np.sign([each.constraints for each in outcomes]), axis=1)
        assert (ours == np.sort(np.sign(expected["G"]), axis=1)).all()


# pymoo has the equality of g11 as an inequality.
@pytest.mark.parametrize(
    "number", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 21, 23, 24]
)
def test_matches_the_g_functions_of_pymoo(number: int) -> None:
    problems = pytest.importorskip("pymoo.problems")
    asked = from_label(f"cec2006/g{number:02d}")
    x = sample(asked, number)
    expected = in_pymoo(problems.get_problem(f"g{number}"), x.copy())
    outcomes = [asked.evaluate(row) for row in x]
    values = np.array([each.objectives[0] for each in outcomes])
    assert values == pytest.approx(expected["F"][:, 0], rel=1e-9, abs=1e-9)
    constraints = np.array([each.constraints for each in outcomes])
    equalities = expected["H"].shape[1] if "H" in expected else 0
    inequalities = constraints.shape[1] - equalities
    if inequalities:
        ours = np.sort(np.sign(constraints[:, :inequalities]), axis=1)
        assert (ours == np.sort(np.sign(expected["G"]), axis=1)).all()
    if equalities:
        assert np.sort(constraints[:, inequalities:] + 1e-4, axis=1) == pytest.approx(
            np.sort(np.abs(expected["H"]), axis=1), rel=1e-9, abs=1e-9
        )


# Name, attribute of mf2, sign.
PAIRS = [
    ("branin", "branin", 1),
    ("currin", "currin", -1),
    ("park-a", "park91a", 1),
    ("park-b", "park91b", 1),
    ("borehole", "borehole", 1),
    ("hartmann6", "hartmann6", 1),
]


@pytest.mark.parametrize(("name", "theirs", "sign"), PAIRS)
def test_matches_the_pairs_of_mf2(name: str, theirs: str, sign: int) -> None:
    mf2 = pytest.importorskip("mf2")
    asked, function = from_label(f"mf2/{name}"), getattr(mf2, theirs)
    low, high = real_box(asked)
    assert low == pytest.approx(
        np.maximum(function.l_bound, 0)
        if theirs == "park91a"
        else np.asarray(function.l_bound, dtype=float),
        abs=1e-7,
    )
    assert high == pytest.approx(np.asarray(function.u_bound, dtype=float))
    for row in sample(asked, 5):
        for level, fidelity in ((0, function.low), (1, function.high)):
            value = asked.evaluate(np.append(row, level)).objectives[0]
            assert value == pytest.approx(sign * float(np.squeeze(fidelity(row))), rel=1e-10)


@pytest.mark.parametrize("a", [0.0, 0.5, 0.9])
def test_matches_the_adjustable_hartmann3_of_mf2(a: float) -> None:
    mf2 = pytest.importorskip("mf2")
    asked, function = from_label(f"mf2/hartmann3:a={a}"), mf2.adjustable.hartmann3(a)
    for row in sample(asked, 6):
        for level, fidelity in ((0, function.low), (1, function.high)):
            value = asked.evaluate(np.append(row, level)).objectives[0]
            assert value == pytest.approx(float(np.squeeze(fidelity(row))), rel=1e-9)
