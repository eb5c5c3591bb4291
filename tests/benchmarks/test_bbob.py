"""The BBOB families against the packages of their authors: coco-experiment, ioh and pycma."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from asktell.benchmarks import Problem, problem, problems

DIMENSIONS = (2, 3, 5, 10, 20, 40)
INSTANCES = (1, 3, 7, 12)
POINTS = 1000
# Outside of the box most functions have a penalty: a quarter of the points is there.
SPREAD = 6.5


def cocoex_problem(suite: str, function: int, dimension: int, instance: int) -> Any:
    cocoex = pytest.importorskip("cocoex")
    chosen = cocoex.Suite(suite, f"instances: {instance}", f"dimensions: {dimension}")
    return chosen.get_problem_by_function_dimension_instance(function, dimension, instance)


def random_points(function: int, dimension: int, instance: int, count: int) -> np.ndarray:
    rng = np.random.default_rng([function, dimension, instance])
    return rng.uniform(-SPREAD, SPREAD, (count, dimension))


def assert_close(actual: Any, expected: Any, tolerance: float) -> None:
    """Relative to the larger of the value and 1."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    error = np.abs(actual - expected) / np.maximum(1, np.abs(expected))
    assert error.max() < tolerance


def tolerance_of(function: int) -> float:
    """f16 and f19 take cosines of numbers up to 1e8, whose last digits depend on the order of
    sums."""
    return 1e-8 if function in (16, 19) else 1e-9


@pytest.mark.parametrize("function", range(1, 25))
def test_matches_coco(function: int) -> None:
    for dimension in DIMENSIONS:
        for instance in INSTANCES:
            expected = cocoex_problem("bbob", function, dimension, instance)
            ours = problem(f"bbob/f{function}", dimension=dimension, instance=instance)
            points = random_points(function, dimension, instance, POINTS)
            assert_close(ours(points), [expected(x) for x in points], tolerance_of(function))


@pytest.mark.parametrize("function", range(1, 25))
def test_matches_ioh(function: int) -> None:
    ioh = pytest.importorskip("ioh")
    for dimension in DIMENSIONS:
        for instance in INSTANCES:
            expected = ioh.get_problem(function, instance, dimension, ioh.ProblemClass.BBOB)
            ours = problem(f"bbob/f{function}", dimension=dimension, instance=instance)
            assert ours.optimum == pytest.approx(expected.optimum.y, abs=1e-9)
            points = random_points(function, dimension, instance, POINTS)
            assert_close(ours(points), [expected(x) for x in points], tolerance_of(function))


@pytest.mark.parametrize("function", range(1, 25))
def test_mixed_integer_functions_match_coco(function: int) -> None:
    for dimension in (5, 10, 20, 40):
        for instance in INSTANCES:
            expected = cocoex_problem("bbob-mixint", function, dimension, instance)
            ours = problem(f"bbob-mixint/f{function}", dimension=dimension, instance=instance)
            low = np.array([each["low"] for each in ours.parameters])
            high = np.array([each["high"] for each in ours.parameters])
            assert low.tolist() == expected.lower_bounds.tolist()
            assert high.tolist() == expected.upper_bounds.tolist()
            integer = np.array([each["kind"] == "integer" for each in ours.parameters])
            assert integer.sum() == expected.number_of_integer_variables
            rng = np.random.default_rng([function, dimension, instance])
            points = rng.uniform(low - 0.5, high + 0.5, (POINTS, dimension))
            points[:, integer] = np.clip(np.round(points), low, high)[:, integer]
            # COCO puts the optimum of f20, but not f20 itself, at ...633 instead of ...637.
            tolerance = 1e-7 if function == 20 else tolerance_of(function)
            assert_close(ours(points), [expected(x) for x in points], tolerance)


@pytest.mark.parametrize("function", range(1, 56))
def test_bi_objective_functions_match_coco(function: int) -> None:
    for dimension in DIMENSIONS:
        for instance in (1, 2, 9, 15):
            expected = cocoex_problem("bbob-biobj", function, dimension, instance)
            options = {"dimension": dimension, "instance": instance}
            raw = problem(f"bbob-biobj/f{function}", normalized=False, **options)
            scaled = problem(f"bbob-biobj/f{function}", **options)
            # The nadir is a value at the optimum of f20 (see above).
            tolerance = 1e-6 if "f20" in raw.objectives else 1e-9
            assert_close(raw.reference_point, expected.largest_fvalues_of_interest, tolerance)
            assert scaled.reference_point == (1, 1)
            points = random_points(function, dimension, instance, 100)
            values = np.array([raw.evaluate(x).objectives for x in points])
            assert_close(values, [expected(x) for x in points], 1e-8)
            # (f - ideal) / (nadir - ideal) for one ideal point.
            shares = np.array([scaled.evaluate(x).objectives for x in points])
            nadir = np.array(raw.reference_point)
            ideal = (values[0] - shares[0] * nadir) / (1 - shares[0])
            assert_close(shares, (values - ideal) / (nadir - ideal), 1e-6)


@pytest.mark.parametrize("function", range(101, 131))
def test_noisy_functions_without_their_noise_match_pycma(function: int) -> None:
    reference = pytest.importorskip("cma.bbobbenchmarks")
    for dimension in (2, 5, 20):
        for instance in (1, 5, 71):
            ours = problem(f"bbob-noisy/f{function}", dimension=dimension, instance=instance)
            expected, optimum = reference.instantiate(function, instance)
            assert ours.optimum == pytest.approx(optimum, abs=1e-12)
            for x in random_points(function, dimension, instance, 20):
                value = float(np.squeeze(expected._evalfull(x.copy())[1]))
                assert_close(ours.evaluate(x).objectives[0], value, 1e-9)


def test_noise_is_named_by_seed_and_draw() -> None:
    noisy = problem("bbob-noisy/f107", dimension=3)
    x = np.ones(3)
    assert noisy.noisy
    assert noisy.observe(x, 1, 1) == noisy.observe(x, 1, 1)
    values = {noisy.observe(x, seed, draw).objectives for seed in (1, 2) for draw in (1, 2)}
    assert len(values) == 4
    assert noisy(x) != noisy(x)


def test_rows_of_an_array_are_points() -> None:
    ours = problem("bbob/f15", dimension=4, instance=2)
    points = np.random.default_rng(0).uniform(-5, 5, (7, 4))
    assert ours(points).tolist() == [ours(x) for x in points]
    # A view with other strides is taken as what it shows.
    assert ours(np.asfortranarray(points)).tolist() == ours(points).tolist()


def test_pickles() -> None:
    ours = pickle.loads(pickle.dumps(problem("bbob/f21", dimension=3, instance=9)))
    assert isinstance(ours, Problem)
    assert ours.label == "bbob/f21:dimension=3,instance=9"


def test_every_function_is_registered() -> None:
    counts = {"bbob/": 24, "bbob-noisy/": 30, "bbob-mixint/": 24, "bbob-biobj/": 55}
    for suite, count in counts.items():
        assert len(problems(suite)) == count


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("bbob/f0", {}),
        ("bbob/f1", {"dimension": 1}),
        ("bbob/f1", {"instance": 0}),
        ("bbob-mixint/f1", {"dimension": 7}),
        ("bbob-biobj/f1", {"instance": 16}),
        ("bbob-noisy/f101", {"noise": 1}),
    ],
)
def test_refuses_what_does_not_exist(name: str, options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f'"{name}"'):
        problem(name, **options)


def test_refuses_points_of_another_dimension() -> None:
    ours = problem("bbob/f1", dimension=5)
    for points in (np.zeros(4), np.zeros((3, 4)), np.zeros((1, 1, 5))):
        with pytest.raises(ValueError, match=r"point"):
            ours(points)
