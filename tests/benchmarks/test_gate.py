"""The statistics of the regression gate, on runs with a planted change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from asktell.benchmarks import gate, results
from asktell.benchmarks.results import Cell
from synthetic import write_about, write_cell, write_folder

METHODS = {"asktell-auto": (3.0, 1e-3), "asktell-gp_bo": (3.0, 1e-3), "asktell-random": (0.8, 1e-5)}


def run(folder: Path, **methods: tuple[float, float]) -> results.Results:
    changed = {name.replace("__", "-"): value for name, value in methods.items()}
    return results.load(write_folder(folder, methods={**METHODS, **changed}))


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    made = gate.make_baseline(run(tmp_path_factory.mktemp("baseline")))
    back: dict[str, Any] = json.loads(json.dumps(made))
    return back


def test_the_same_runs_pass_without_any_change(baseline: dict[str, Any], tmp_path: Path) -> None:
    verdict = gate.compare(baseline, run(tmp_path))
    assert verdict.passed and len(verdict.changes) == 3
    assert all(c.before == c.after and c.standard_error == 0 for c in verdict.changes)


def test_other_random_numbers_of_equal_solvers_pass(
    baseline: dict[str, Any], tmp_path: Path
) -> None:
    folder = write_folder(tmp_path, methods=METHODS, seed=17)
    verdict = gate.compare(baseline, results.load(folder))
    assert verdict.passed
    assert all(change.standard_error > 0 for change in verdict.changes)


def test_a_planted_worsening_is_found_and_only_that(
    baseline: dict[str, Any], tmp_path: Path
) -> None:
    verdict = gate.compare(baseline, run(tmp_path, asktell__gp_bo=(1.5, 1e-3)))
    assert not verdict.passed
    assert [change.solver for change in verdict.changes if change.worse] == ["asktell-gp_bo"]
    assert "WORSE asktell-gp_bo: mean normalized regret" in str(verdict)


def test_an_improvement_passes(baseline: dict[str, Any], tmp_path: Path) -> None:
    assert gate.compare(baseline, run(tmp_path, asktell__gp_bo=(6.0, 1e-3))).passed


def test_a_rise_beyond_two_standard_errors_fails_and_one_below_passes(tmp_path: Path) -> None:
    # One problem with seeds whose normalized regrets rise by 0 and 1: the mean of two draws has
    # mean 1/2 and variance 1/8, a standard error of .354 and twice that above the rise. Rises of
    # 1 and 2 have the same error and a mean of 1.5, beyond it.
    label = "bbob/f1:dimension=2,instance=101"
    base = {
        "format": 1,
        "problems": {label: {"optimum": 0.0, "reference": 1.0}},
        "regrets": {"auto": {label: {"1": 1, "2": 1}}},
    }
    write_about(tmp_path, {label: {"dimension": 2, "budget": 1, "optimum": 0}}, {"auto": {}})
    for values, passes in (((1, 2), True), ((2, 3), False)):
        for seed, value in enumerate(values, 1):
            write_cell(tmp_path, Cell("auto", label, seed), [value])
        verdict = gate.compare(base, results.load(tmp_path))
        assert verdict.passed is passes
        assert verdict.changes[0].standard_error == pytest.approx(8**-0.5, rel=0.05)


def test_what_the_run_lacks_is_named(baseline: dict[str, Any], tmp_path: Path) -> None:
    run(tmp_path)
    problem, other = "bbob/f1:dimension=2,instance=101", "bbob/f8:dimension=2,instance=101"
    Cell("asktell-auto", problem, 3).path(tmp_path).unlink()
    shutil.rmtree(Cell("asktell-auto", other, 3).path(tmp_path).parent)
    shutil.rmtree(tmp_path / "logs" / "asktell-gp_bo")
    verdict = gate.compare(baseline, results.load(tmp_path))
    assert not verdict.passed
    assert set(verdict.missing) == {
        f"asktell-auto on {problem}: seed 3",
        f"asktell-auto on {other}: every seed",
        "asktell-gp_bo: every run",
    }


def test_a_better_value_than_ever_seen_does_not_move_the_others(tmp_path: Path) -> None:
    # The optimum is unknown, so that a report puts it just below the best value of any run.
    label = "bbob/f1:dimension=2,instance=101"
    write_about(tmp_path, {label: {"dimension": 2, "budget": 1}}, {"auto": {}, "random": {}})
    for seed in (1, 2):
        write_cell(tmp_path, Cell("random", label, seed), [4 + seed])
        write_cell(tmp_path, Cell("auto", label, seed), [2 + seed])
    base = gate.make_baseline(results.load(tmp_path))
    write_cell(tmp_path, Cell("auto", label, 2), [-50])
    found = {change.solver: change for change in gate.compare(base, results.load(tmp_path)).changes}
    assert found["random"].before == found["random"].after
    assert found["auto"].after < found["auto"].before


def test_a_baseline_of_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="format None"):
        gate.compare({}, run(tmp_path))
