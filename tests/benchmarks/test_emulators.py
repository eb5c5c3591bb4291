"""Frozen emulators: the same value everywhere, close to the live problem, least value known."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from asktell import Study
from asktell.benchmarks import problem, problems
from asktell.benchmarks.problems import bayesmark, emulators
from asktell.benchmarks.problems.forest import Forest, least

NAMES = sorted(problems("emulator/"))


def two_trees() -> Forest:
    """x0 <= 2 ? 5 : (x1 <= 0.5 ? 1 : 3), and x1 <= 0.25 ? 4 : 0."""
    return Forest(
        np.array([0, -1, 1, -1, -1, 1, -1, -1], dtype=np.int8),
        np.array([2, 0, 4, 0, 0, 2, 0, 0], dtype=np.uint16),
        np.array([2, 5, 0.5, 1, 3, 0.25, 4, 0], dtype=np.float32),
        np.array([0, 5], dtype=np.int32),
    )


def test_forest_is_the_mean_of_its_trees() -> None:
    forest = two_trees()
    points = {(2, 0.25): 4.5, (2, 0.3): 2.5, (3, 0.2): 2.5, (3, 0.5): 0.5, (3, 0.6): 1.5}
    assert {point: forest(point) for point in points} == points


def test_least_value_is_found_and_proven() -> None:
    low, high = np.array([0.0, 0.0]), np.array([4.0, 1.0])
    best, value, proven = least(two_trees(), low, high, high, 100)
    assert (value, proven) == (0.5, True)
    assert best[0] > 2 and 0.25 < best[1] <= 0.5
    best, value, proven = least(two_trees(), low, high, high, 0)
    assert (value, proven) == (1.5, False) and best.tolist() == [4, 1]


def test_there_are_emulators_of_several_models_and_of_both_sets() -> None:
    tasks = [bayesmark.task(name) for name in NAMES]
    assert len(tasks) >= 15
    assert {"knn", "svm", "dt", "lasso", "linear"} <= {task.model for task in tasks}
    development = [task for task in tasks if task.dataset in emulators.DEVELOPMENT]
    assert 0 < len(development) < len(tasks)
    assert sum(path.stat().st_size for path in emulators.DATA.glob("*.npz")) < 3e6


@pytest.mark.parametrize("name", NAMES)
def test_no_point_is_below_the_least_value(name: str) -> None:
    made = problem(name)
    assert made.proven and made.budget == 128
    assert made(made.argmins[0]) == made.optimum
    trials = Study(space=made.space, solver="sobol", seed=3).ask(200)
    values = [made(trial.vector()) for trial in trials]
    assert min(values) >= made.optimum and max(values) > made.optimum


# Values when the emulators were frozen: with another one it is another problem, which needs another
# name.
TREE = {
    "max_depth": 4,
    "logit_min_samples_split": -2.0,
    "logit_min_samples_leaf": -3.0,
    "logit_min_weight_fraction_leaf": -4.0,
    "logit_max_features": 1.0,
    "min_impurity_decrease": 0.02,
}
FROZEN = {
    "knn-iris-nll": ({"n_neighbors": 12, "p": 3}, 0.12682858109474182),
    "linear-wine-nll": ({"C": 1.5, "intercept_scaling": 0.3}, 0.15431655446688333),
    "dt-wine-nll": (TREE, 0.7265523066123326),
}


@pytest.mark.parametrize("name", FROZEN)
def test_values_are_the_same_on_every_machine(name: str) -> None:
    params, value = FROZEN[name]
    made = problem(f"emulator/{name}")
    assert made(made.vector(params)) == value


def test_an_evaluation_takes_microseconds() -> None:
    made = problem("emulator/dt-wine-nll")
    x = np.array(made.argmins[0])
    fastest = np.inf
    for _ in range(20):
        began = time.perf_counter()
        for _ in range(20):
            made.evaluate(x)
        fastest = min(fastest, (time.perf_counter() - began) / 20)
    assert fastest < 200e-6


def test_an_exhausted_space_is_the_live_problem() -> None:
    pytest.importorskip("sklearn")
    live, frozen = problem("bayesmark/knn-wine-nll"), problem("emulator/knn-wine-nll")
    for point in ([1, 1], [16, 1], [25, 4]):
        assert frozen(point) == pytest.approx(live(point), rel=1e-6)  # float32


def test_the_command_makes_the_same_bytes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.setenv("ASKTELL_BENCH_CACHE", str(tmp_path / "cache"))
    made = []
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        path = emulators.make("linear-diabetes-mse", tmp_path / folder, points=16, boxes=50)
        made.append(path.read_bytes())
    assert made[0] == made[1]
    assert len(list((tmp_path / "cache").rglob("*.json"))) == 16


def test_the_command_says_how_close_an_emulator_is_to_the_live_problem(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("sklearn")
    assert emulators.main(["check", "linear-friedman1-mse"]) == 0
    name, _, correlation = capsys.readouterr().out.split()
    assert name == "linear-friedman1-mse:" and float(correlation) > 0.95


def test_refuses_points_of_another_dimension() -> None:
    with pytest.raises(ValueError, match="2 entries"):
        problem("emulator/dt-wine-nll")([1.0, 2.0])
    with pytest.raises(ValueError, match="no Bayesmark task"):
        emulators.make("dt-whisky-nll", Path(os.devnull))
