"""The runner end to end, what it does with interrupted runs, and what the report makes of them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import report
import results
import runner
from results import Cell, Settings

METHODS = ["asktell-random", "optuna-tpe", "pycma"]
DIMENSIONS = {"bbob-f01-d02-i1": 2, "bbob-f15-d03-i2": 3}
PROBLEMS = list(DIMENSIONS)
SETTINGS = Settings(budget="12d", start="design", ask_limit=60)
CELLS = [Cell(m, p, s) for p in PROBLEMS for s in (1, 2) for m in METHODS]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of every method on two problems, made by two processes."""
    pytest.importorskip("optuna")
    pytest.importorskip("cma")
    folder = tmp_path_factory.mktemp("finished")
    assert runner.run(CELLS, SETTINGS, folder, jobs=2) == []
    return folder


def test_every_cell_has_its_budget_inside_the_box(finished: Path) -> None:
    for cell in CELLS:
        lines = results.read_lines(cell.path(finished))
        dimension = DIMENSIONS[cell.problem]
        assert [line["t"] for line in lines] == list(range(1, 12 * dimension + 1))
        for line in lines:
            assert len(line["x"]) == dimension
            assert all(-5 <= x <= 5 for x in line["x"])
            assert line["f"] >= line["optimum"]
            assert line["ask_ns"] > 0 and line["tell_ns"] > 0


def test_all_methods_start_from_the_same_points_and_then_differ(finished: Path) -> None:
    for problem in PROBLEMS:
        for seed in (1, 2):
            runs = [results.read_lines(Cell(m, problem, seed).path(finished)) for m in METHODS]
            size = max(5, 2 * (len(runs[0][0]["x"]) + 1))
            for t in range(size):
                for run in runs[1:]:
                    assert run[t]["x"] == pytest.approx(runs[0][t]["x"], abs=1e-12)
            after = {tuple(run[size]["x"]) for run in runs}
            assert len(after) == len(METHODS)
    seeds = [results.read_lines(Cell("pycma", PROBLEMS[0], s).path(finished)) for s in (1, 2)]
    assert seeds[0][0]["x"] != seeds[1][0]["x"]


def copy(source: Path, target: Path) -> None:
    for path in source.rglob("*.json*"):
        to = target / path.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(path.read_bytes())


def points(path: Path) -> list[list[float]]:
    return [line["x"] for line in results.read_lines(path)]


def test_a_rerun_makes_only_what_is_torn_or_missing(finished: Path, tmp_path: Path) -> None:
    copy(finished, tmp_path)
    torn, missing = (Cell("asktell-random", PROBLEMS[0], s) for s in (1, 2))
    whole = Cell("optuna-tpe", PROBLEMS[0], 1)
    text = torn.path(tmp_path).read_text()
    torn.path(tmp_path).write_text(text[:-20])
    missing.path(tmp_path).unlink()
    mark = whole.path(tmp_path).stat().st_mtime_ns
    assert len(results.read_lines(torn.path(tmp_path))) == 23
    assert set(runner.unfinished(CELLS, SETTINGS, tmp_path)) == {torn, missing}

    assert runner.run(CELLS, SETTINGS, tmp_path, jobs=1) == []
    assert whole.path(tmp_path).stat().st_mtime_ns == mark
    for cell in (torn, missing):  # the same seed, the same points
        assert points(cell.path(tmp_path)) == points(cell.path(finished))


def test_other_settings_in_one_folder_are_refused(finished: Path) -> None:
    other = Settings(budget="20d", start="design", ask_limit=60)
    with pytest.raises(ValueError, match="budget was '12d', now '20d'"):
        runner.run(CELLS, other, finished, jobs=1)


def test_a_failing_cell_is_reported_and_tried_again(tmp_path: Path) -> None:
    cell = Cell("asktell-no-such-solver", PROBLEMS[0], 1)
    good = Cell("asktell-random", PROBLEMS[0], 1)
    for _ in range(2):
        (error,) = runner.run([cell, good], SETTINGS, tmp_path, jobs=1)
        assert "no-such-solver" in error
    assert runner.unfinished([cell, good], SETTINGS, tmp_path) == [cell]


def test_an_ask_beyond_the_limit_ends_the_run_and_counts_as_finished(tmp_path: Path) -> None:
    settings = Settings(budget="12d", start="design", ask_limit=0)
    cell = Cell("asktell-random", PROBLEMS[0], 1)
    assert runner.run([cell], settings, tmp_path, jobs=1) == []
    lines = results.read_lines(cell.path(tmp_path))
    assert len(lines) == 2 and lines[1]["end"].startswith("ask 1 took")
    assert runner.unfinished([cell], settings, tmp_path) == []
    loaded = results.load(tmp_path)
    assert set(loaded.best[cell.problem][0, 0]) == {lines[0]["f"]}


def test_a_broken_line_in_the_middle_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "seed1.jsonl"
    path.write_text('{"f": 1}\n{"f":\n{"f": 2}\n')
    with pytest.raises(ValueError, match=r"seed1\.jsonl:2"):
        results.read_lines(path)


def test_number_lists() -> None:
    assert runner.numbers("1-3,7,9-9") == [1, 2, 3, 7, 9]


def test_an_unknown_method_or_problem_is_named() -> None:
    with pytest.raises(ValueError, match='"optuna"'):
        runner.main(["--out", "unused", "--methods", "optuna"])
    with pytest.raises(ValueError, match='"bbob-8"'):
        runner.Problem("bbob-8")


# --- the report ---


def write_run(folder: Path, cell: Cell, values: list[float]) -> None:
    path = cell.path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    common = {"problem": cell.problem, "method": cell.method, "version": "1", "seed": cell.seed}
    common = {**common, "x": [0, 0], "optimum": 10.0, "ask_ns": 1000, "tell_ns": 1}
    path.write_text(
        "".join(
            json.dumps(
                {
                    **common,
                    "t": t,
                    "x": [0, 0],
                    "f": f,
                    "optimum": 10.0,
                    "ask_ns": 1e6,
                    "tell_ns": 1,
                }
            )
            + "\n"
            for t, f in enumerate(values, 1)
        )
    )


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    """Two methods with known curves: regrets 100, 10, 1, 1 and 100, 100, 100, 100."""
    Settings(budget="2d", start="own", ask_limit=60).keep(tmp_path)
    for problem in PROBLEMS[:1]:
        for seed in (1, 2):
            write_run(tmp_path, Cell("asktell-auto", problem, seed), [110, 20, 11, 15])
            write_run(tmp_path, Cell("asktell-random", problem, seed), [110, 111, 150, 112])
    return tmp_path


def test_scores_of_known_curves(invented: Path) -> None:
    loaded = results.load(invented)
    assert loaded.methods == ["asktell-auto", "asktell-random"]
    assert loaded.regret(PROBLEMS[0])[:, 0].tolist() == [[100, 10, 1, 1], [100] * 4]
    scores = report.score(loaded)
    assert scores.final.tolist() == [[1, 100]]
    assert scores.ranks.tolist() == [1, 2]
    # log10 of 1 / 100, and of 1.
    assert scores.log_regret is not None and scores.log_regret.tolist() == [-2, 0]
    # Of the pool 110 110 111 111 112 112 150 150 the fourth is 111: 100 (1 - 1 / 101), and 100
    # (1 - 100 / 101).
    assert scores.bayesmark is not None
    assert scores.bayesmark.tolist() == pytest.approx([100 * 100 / 101, 100 / 101])
    # (2 - log10 regret) / 10, mean over the four evaluations: (0 + .1 + .2 + .2) / 4.
    assert [interval.estimate for interval in scores.anytime] == pytest.approx([0.125, 0])
    # 26 targets from 100 by factors of 10^0.2, d = 2, up to 2 evaluations a dimension. ours: 1
    # target at t = 1 (x = 1/2), 5 more at t = 2 (x = 1), 5 more at t = 3 (x = 3/2): those at or
    # before x = 1 count fully, the others by how early they are.
    expected = (6 + 5 * math.log(2 / 1.5) / math.log(2)) / 26
    # A target missed is missed by all seeds, so that restarts change nothing.
    assert scores.ecdf_area.tolist() == pytest.approx([expected, 1 / 26])


def test_report_of_a_real_run(finished: Path, tmp_path: Path) -> None:
    copy(finished, tmp_path)
    text = report.write(tmp_path, ours="optuna-tpe")
    assert (tmp_path / "ecdf.png").read_bytes().startswith(b"\x89PNG")
    for method in METHODS:
        assert f"| {method} |" in text
    assert "Friedman" in text and "optuna-tpe beats it" in text
    rows = (tmp_path / "problems.csv").read_text().splitlines()
    assert len(rows) == 1 + len(PROBLEMS)
    assert rows[0] == "problem," + ",".join(METHODS)


def test_seeds_that_a_method_lacks_are_left_out(finished: Path, tmp_path: Path) -> None:
    copy(finished, tmp_path)
    Cell("pycma", PROBLEMS[1], 2).path(tmp_path).unlink()
    loaded = results.load(tmp_path)
    assert loaded.seeds == [1]
    assert loaded.left_out == len(CELLS) - 1 - len(METHODS) * len(PROBLEMS)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no benchmark run"):
        report.write(tmp_path)
    SETTINGS.keep(tmp_path)
    with pytest.raises(ValueError, match="no seed"):
        report.write(tmp_path)
