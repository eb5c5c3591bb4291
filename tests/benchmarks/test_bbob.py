"""asktell._benchmarks.Bbob against pycma's own implementation of the same functions."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from asktell._benchmarks import Bbob

reference = pytest.importorskip("cma.bbobbenchmarks")


@pytest.mark.parametrize("function", range(1, 25))
def test_matches_pycma_in_many_dimensions_and_instances(function: int) -> None:
    # f20 of pycma has 4.2096874633 for the location of the optimum, COCO and ioh ...637.
    tolerance = 1e-8 if function == 20 else 1e-9
    rng = np.random.default_rng(function)
    for dimension in (2, 3, 5, 10, 40):
        for instance in (1, 5, 71):
            problem = Bbob(function, dimension, instance)
            expected, optimum = reference.instantiate(function, instance)
            assert problem.optimum == pytest.approx(optimum, abs=1e-12)
            for x in rng.uniform(-6, 6, (4, dimension)):
                value = np.squeeze(expected(x.copy()))
                assert problem(x) == pytest.approx(float(value), rel=tolerance, abs=tolerance)


def test_rows_of_an_array_are_points() -> None:
    problem = Bbob(15, 4, 2)
    points = np.random.default_rng(0).uniform(-5, 5, (7, 4))
    assert problem(points).tolist() == [problem(x) for x in points]
    # A view with other strides is taken as what it shows.
    assert problem(np.asfortranarray(points)).tolist() == problem(points).tolist()


def test_reaches_its_optimum_at_argmin() -> None:
    for function in range(1, 25):
        problem = Bbob(function, 6, 4)
        assert problem(problem.argmin) == pytest.approx(problem.optimum, abs=1e-9)


def test_pickles() -> None:
    problem = pickle.loads(pickle.dumps(Bbob(21, 3, 9)))
    assert (problem.function, problem.dimension, problem.instance) == (21, 3, 9)


@pytest.mark.parametrize("arguments", [(0, 5, 1), (25, 5, 1), (1, 1, 1), (1, 5, 0)])
def test_refuses_what_does_not_exist(arguments: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="bbob"):
        Bbob(*arguments)


def test_refuses_points_of_another_dimension() -> None:
    problem = Bbob(1, 5, 1)
    for points in (np.zeros(4), np.zeros((3, 4)), np.zeros((1, 1, 5))):
        with pytest.raises(ValueError, match="bbob"):
            problem(points)
