"""The runner: what a run leaves behind, what it does with interrupted ones and with methods that
raise, hang, crash or leave the space."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from asktell.benchmarks import from_label, results, run_folder, runner
from asktell.benchmarks.peers import catalog
from asktell.benchmarks.peers.adapter import Outcome
from asktell.benchmarks.peers.client import Asked, PeerCrashed, PeerError, PeerTimeout
from asktell.benchmarks.results import Cell
from asktell.benchmarks.run_folder import Settings

METHODS = ["asktell-random", "asktell-sobol", "asktell-nlopt.cobyla"]
DIMENSIONS = {
    "bbob/f1:dimension=2,instance=1": 2,
    "bbob/f15:dimension=3,instance=2": 3,
}
PROBLEMS = list(DIMENSIONS)
SETTINGS = Settings(side="test", budget="12d")
CELLS = [Cell(m, p, s) for m in METHODS for p in PROBLEMS for s in (1, 2)]


def run(folder: Path, jobs: int = 1, **changed: Any) -> list[str]:
    settings = Settings(**{"side": "test", "budget": "12d", **changed})
    return runner.run(METHODS, PROBLEMS, [1, 2], settings, folder, jobs=jobs, command=["test"])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of three methods on two problems, made by two processes."""
    folder = tmp_path_factory.mktemp("finished")
    assert run(folder, jobs=2) == []
    return folder


def lines_of(cell: Cell, folder: Path) -> list[dict[str, Any]]:
    return results.read_lines(cell.path(folder))


def test_every_cell_has_its_budget_inside_the_box(finished: Path) -> None:
    for cell in CELLS:
        lines = lines_of(cell, finished)
        dimension = DIMENSIONS[cell.problem]
        optimum = from_label(cell.problem).optimum
        assert [line["t"] for line in lines] == list(range(1, 12 * dimension + 1))
        for line in lines:
            assert len(line["x"]) == dimension and all(-5 <= x <= 5 for x in line["x"])
            assert line["f"] == from_label(cell.problem)(line["x"]) >= optimum
            assert (line["ask_ns"] > 0) is not line.get("design", False)


def test_all_methods_start_from_the_same_points_and_then_differ(finished: Path) -> None:
    for problem in PROBLEMS:
        for seed in (1, 2):
            runs = [lines_of(Cell(m, problem, seed), finished) for m in METHODS]
            size = max(5, 2 * (DIMENSIONS[problem] + 1))
            assert [line.get("design", False) for line in runs[0][: size + 1]] == [True] * size + [
                False
            ]
            for other in runs[1:]:
                assert [line["x"] for line in other[:size]] == [x["x"] for x in runs[0][:size]]
            assert len({tuple(run[size]["x"]) for run in runs}) == len(METHODS)
    first, second = (lines_of(Cell(METHODS[0], PROBLEMS[0], s), finished) for s in (1, 2))
    assert first[0]["x"] != second[0]["x"]


def test_a_method_starts_on_its_own_when_told_to(tmp_path: Path) -> None:
    assert run(tmp_path, start="own") == []
    starts = {tuple(lines_of(Cell(m, PROBLEMS[0], 1), tmp_path)[0]["x"]) for m in METHODS}
    assert len(starts) == len(METHODS)


def test_a_run_again_makes_only_what_is_torn_or_missing_and_the_same(
    finished: Path, tmp_path: Path
) -> None:
    assert run(tmp_path) == []
    torn, missing, whole = (Cell(METHODS[2], PROBLEMS[0], 1), CELLS[1], CELLS[2])
    text = torn.path(tmp_path).read_text()
    torn.path(tmp_path).write_text(text[:-20])
    missing.path(tmp_path).unlink()
    mark = whole.path(tmp_path).stat().st_mtime_ns
    assert run(tmp_path) == []
    assert whole.path(tmp_path).stat().st_mtime_ns == mark
    for cell in CELLS:  # our methods are deterministic: on one core or two, at once or in two goes
        points = [line["x"] for line in lines_of(cell, tmp_path)]
        assert points == [line["x"] for line in lines_of(cell, finished)]


def test_a_folder_keeps_to_one_setting_and_says_what_differs(finished: Path) -> None:
    with pytest.raises(ValueError, match="budget was '12d', now '13d'"):
        run(finished, budget="13d")
    with pytest.raises(ValueError, match="side was 'test', now 'development'"):
        run(finished, side="development")


def test_two_runs_into_one_folder_at_once_are_refused(tmp_path: Path) -> None:
    with run_folder.claimed(tmp_path), pytest.raises(ValueError, match="another run is writing"):
        run(tmp_path)


def test_run_json_says_what_made_it(finished: Path) -> None:
    about = results.read_about(finished)
    assert about["settings"]["budget"] == "12d" and about["commands"][0]["command"] == ["test"]
    assert set(about["methods"]) == set(METHODS) and about["machine"]["cores"]
    assert "numpy" in about["methods"][METHODS[0]]["packages"]
    assert about["problems"][PROBLEMS[1]]["budget"] == 36
    assert about["problems"][PROBLEMS[1]]["optimum"] == from_label(PROBLEMS[1]).optimum


@pytest.mark.parametrize("budget", ["", "d", "20d+", "-3", "1e3", "20D"])
def test_a_budget_that_is_none_is_named(budget: str) -> None:
    with pytest.raises(ValueError, match="budget is"):
        Settings(side="test", budget=budget)


def test_budgets_are_counted_in_dimensions() -> None:
    problem = from_label("bbob/f1:dimension=5,instance=1")
    for budget, count in (("7", 7), ("20d", 100), ("20d+10", 110), ("own", problem.budget)):
        assert Settings(side="test", budget=budget).evaluations(problem) == count


def test_a_method_that_is_unknown_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="asktell-randon"):
        runner.run(["asktell-randon"], PROBLEMS, [1], SETTINGS, tmp_path)
    assert not (tmp_path / "run.json").exists()


class Fake:
    """Stands for a served method: asks for what `points` gives, and fails when it raises."""

    version = "1"
    method: Any = SimpleNamespace(takes_points=True, name="fake")

    def __init__(self, points: Any) -> None:
        self.points = points
        self.told: list[tuple[list[float], Outcome]] = []
        self.out = 0
        self.most_out = 0

    def start(self) -> None:
        pass

    def make(self, task: Any) -> int:
        self.task = task
        return 1

    def ask(self, count: int, limit: float) -> Asked:
        asked = [self.points(len(self.told) + k) for k in range(count)]
        self.out += count
        self.most_out = max(self.most_out, self.out)
        return Asked(asked, 1000, first=not self.told)

    def tell(self, points: Any, outcomes: Any, limit: float) -> int:
        self.told += zip(points, outcomes)
        self.out -= len(points)
        return 10

    def recommend(self, limit: float) -> list[float]:
        return self.told[0][0]


CELL = Cell("fake", PROBLEMS[0], 1)


def ran(fake: Fake, folder: Path, cell: Cell = CELL, **changed: Any) -> list[dict[str, Any]]:
    settings = Settings(**{"side": "test", "budget": "10", "start": "own", **changed})
    runner.run_cell(fake, cell, settings, folder)  # type: ignore[arg-type]
    return lines_of(cell, folder)


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        ([5.5, 0], "x0 = 5.5 is not in"),
        ([0, math.nan], "x1 = nan is not in"),
        ([0], "1 values for 2 parameters"),
    ],
)
def test_points_outside_are_failed_evaluations_and_the_run_goes_on(
    x: list[float], reason: str, tmp_path: Path
) -> None:
    fake = Fake(lambda t: x if t == 3 else [0.1 * t, 0])
    lines = ran(fake, tmp_path)
    assert len(lines) == 10 and lines[3]["f"] is None and reason in lines[3]["failed"]
    assert fake.told[3][1].objectives == () and math.isnan(fake.told[3][1].value)
    assert all(line["f"] is not None for line in lines if line["t"] != 4)


@pytest.mark.parametrize("failure", [PeerError, PeerCrashed, PeerTimeout])
def test_a_method_that_breaks_keeps_what_it_had(failure: Any, tmp_path: Path) -> None:
    def points(t: int) -> list[float]:
        if t == 6:
            raise failure("fake", "broke here", "a trace")
        return [0.1 * t, 0]

    lines = ran(Fake(points), tmp_path)
    assert len(lines) == 7 and lines[-1]["end"] == f"{failure.kind}: broke here"
    assert results.is_finished(lines, 10)


def test_a_batch_is_told_together_and_ends_with_the_budget(tmp_path: Path) -> None:
    fake = Fake(lambda t: [0.1 * t, 0])
    lines = ran(fake, tmp_path, batch=4)
    assert len(lines) == 10 and fake.most_out == 4 and fake.task.batch == 4
    assert [line["ask_ns"] for line in lines] == [250] * 8 + [500] * 2


def test_pending_points_stay_out(tmp_path: Path) -> None:
    fake = Fake(lambda t: [0.01 * t, 0])
    lines = ran(fake, tmp_path, pending=3)
    assert len(lines) == 10 and fake.most_out == 3 and fake.out == 0
    again = ran(Fake(lambda t: [0.01 * t, 0]), tmp_path, pending=3)
    assert [line["x"] for line in again] == [line["x"] for line in lines]


def test_batch_and_pending_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="one of them is 1"):
        Settings(side="test", budget="10", batch=2, pending=2)


def test_a_method_is_not_run_on_kinds_it_does_not_take() -> None:
    cobyla = catalog.find("asktell-nlopt.cobyla")
    problem = SimpleNamespace(
        parameters=[{"kind": "permutation", "role": "design", "when": []}],
        objectives=("value",),
        constraints=(),
    )
    assert "permutation" in runner.unfit(cobyla, problem, SETTINGS)  # type: ignore[arg-type]
    assert runner.unfit(cobyla, from_label(PROBLEMS[0]), SETTINGS) == ""
