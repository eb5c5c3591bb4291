"""Loading of logs: torn and broken lines, runs that ended early, what is missing; and the curves of
the incumbent, against sequences worked out by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asktell.benchmarks import results
from asktell.benchmarks.incumbent import Scored
from asktell.benchmarks.results import Cell, Facts
from synthetic import write_about, write_cell

LABEL = "bbob/f8:dimension=2,instance=101"
CELL = Cell("auto", LABEL, 1)


def facts(**more: Any) -> dict[str, Any]:
    return {"dimension": 2, "budget": 4, "optimum": 0.0, **more}


def scored(folder: Path, logs: dict[str, dict[str, Any]], **more: Any) -> Scored:
    """One problem; a log a method."""
    write_about(folder, {LABEL: facts(**more)}, {method: {} for method in logs})
    for method, log in logs.items():
        write_cell(folder, Cell(method, LABEL, 1), **log)
    return Scored(results.load(folder))


def curve(scored: Scored, method: str = "auto") -> list[float]:
    return scored.curves[LABEL].incumbents[Cell(method, LABEL, 1)].tolist()


def test_a_path_names_method_problem_and_seed() -> None:
    path = CELL.path(Path("run"))
    assert path == Path("run/logs/auto/bbob.f8_dimension=2,instance=101/seed1.jsonl")


@pytest.mark.parametrize("torn", ['{"t": 3, "f"', '{"t": 3, "f": 1}', '{"t": 3, "f"\n', "\x00\n"])
def test_a_torn_last_line_is_left_out_and_repaired(tmp_path: Path, torn: str) -> None:
    path = write_cell(tmp_path, CELL, [3, 2])
    whole = path.read_text()
    path.write_text(whole + torn)
    assert [line["f"] for line in results.read_lines(path)] == [3, 2]
    assert results.repair(path)
    assert path.read_text() == whole
    assert not results.repair(path)


def test_a_file_of_one_torn_line_is_a_cell_not_begun(tmp_path: Path) -> None:
    path = tmp_path / "seed1.jsonl"
    path.write_text('{"t": 1, "f": 4')
    assert results.read_lines(path) == []
    assert results.repair(path)
    assert path.read_text() == ""


@pytest.mark.parametrize(
    "middle, problem",
    [
        ('{"t": 2, "f":', "not a JSON line"),
        ("[2, 3]", "not a JSON object"),
        ('{"t": 5, "f": 1}', "out of order"),
        ('{"x": [1]}', "neither an evaluation"),
        ('{"end": "crash"}', "neither an evaluation"),
    ],
)
def test_other_broken_lines_are_named(tmp_path: Path, middle: str, problem: str) -> None:
    path = tmp_path / "seed1.jsonl"
    path.write_text('{"t": 1, "f": 4}\n' + middle + '\n{"t": 3, "f": 4}\n')
    with pytest.raises(ValueError, match=rf"seed1\.jsonl:2: .*{problem}"):
        results.read_lines(path)


def test_points_are_read_unless_not_asked_for(tmp_path: Path) -> None:
    path = write_cell(tmp_path, CELL, [3, 2], x=[[1, -2e-3], [0.5, 4]])
    assert [line["x"] for line in results.read_lines(path)] == [[1, -2e-3], [0.5, 4]]
    lines = results.read_lines(path, points=False)
    assert "x" not in lines[0] and [line["f"] for line in lines] == [3, 2]


def test_a_folder_tells_finished_unfinished_missing_and_broken_apart(tmp_path: Path) -> None:
    write_about(tmp_path, {LABEL: facts()}, {"auto": {}, "random": {}, "slow": {"seeds": [1]}})
    write_cell(tmp_path, CELL, [4, 3, 2, 1])
    write_cell(tmp_path, Cell("auto", LABEL, 2), [4, 3])
    write_cell(tmp_path, Cell("random", LABEL, 1), [5], last={"end": "crashed: signal 11"})
    broken = write_cell(tmp_path, Cell("random", LABEL, 2), [5, 6, 7, 8])
    broken.write_text(broken.read_text().replace('"f": 6', '"f": '))
    other = write_cell(tmp_path, Cell("slow", LABEL, 1), [5, 6, 7, 8])
    other.write_text(other.read_text().replace('"seed": 1', '"seed": 9'))
    found = results.load(tmp_path)
    assert set(found.runs) == {CELL, Cell("random", LABEL, 1)}
    assert found.unfinished == [Cell("auto", LABEL, 2)]
    assert {Path(path): text.split(": ")[0] for path, text in found.broken.items()} == {
        broken: f"{broken}:2",
        other: f"{other}:1",
    }
    assert found.missing == []  # "slow" was meant to run on one seed only
    assert found.ended_early() == {Cell("random", LABEL, 1): "crashed: signal 11"}
    other.unlink()
    assert results.load(tmp_path).missing == [Cell("slow", LABEL, 1)]


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no run.json"):
        results.load(tmp_path)
    write_about(tmp_path, {LABEL: facts()}, {})
    with pytest.raises(ValueError, match="no cell is finished"):
        results.load(tmp_path)
    write_about(tmp_path, {LABEL: {"dimension": 2}}, {})
    with pytest.raises(ValueError, match="budget None"):
        results.load(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps({"format": 7}))
    with pytest.raises(ValueError, match="format is 7"):
        results.load(tmp_path)


def test_null_facts_are_unknown_and_others_ignored() -> None:
    read = Facts.read("p", {"dimension": 3, "budget": 9, "optimum": None, "colour": "red"})
    assert math.isnan(read.optimum) and read.proven and read.objectives == 1


# --- incumbents ---


def test_a_run_that_ended_early_keeps_its_incumbent(tmp_path: Path) -> None:
    log = {"values": [5, 3], "last": {"end": "ask 3 took 61 s"}}
    assert curve(scored(tmp_path, {"auto": log})) == [5, 3, 3, 3]


def test_failures_count_as_the_worst_that_random_search_met(tmp_path: Path) -> None:
    both = {"random": {"values": [7, 9, 8, 1]}, "auto": {"values": [None, None, 20, 6]}}
    found = scored(tmp_path, both)
    assert curve(found) == [9, 9, 20, 6]
    assert found.curves[LABEL].pool.tolist() == [7, 9, 8, 1]
    assert found.results.runs[CELL].failures == ("no value", "no value")


def test_a_run_that_crashed_at_once_is_scored_as_the_worst(tmp_path: Path) -> None:
    both = {"random": {"values": [7, 9, 8, 1]}, "auto": {"values": [], "last": {"end": "crash"}}}
    assert curve(scored(tmp_path, both)) == [9, 9, 9, 9]


def test_constraints_rank_the_feasible_first_then_by_violation(tmp_path: Path) -> None:
    random = {"values": [3, 4, 0, 1], "g": [[-1, 0], [0, -2], [5, 0], [9, 0]]}
    auto = {"values": [1, 1, 6, 2], "g": [[2, 1], [0.5, -3], [0, 0], [1, 1]]}
    found = scored(tmp_path, {"random": random, "auto": auto}, constraints=2)
    # 4 is the worst feasible value of random; violations 3 and .5; then 6 is feasible.
    assert curve(found) == [7, 4.5, 6, 6]


def test_noise_is_seen_by_the_method_and_not_by_the_score(tmp_path: Path) -> None:
    auto = {
        "values": [5, 2, 3, 1],
        "true": [4, 4.5, 1, 3],
        "last": {"recommended": [0, 0], "true": 2.5},
    }
    found = scored(tmp_path, {"auto": auto}, noisy=True)
    assert curve(found) == [4, 4.5, 4.5, 3]
    assert found.curves[LABEL].observed[CELL].tolist() == [5, 2, 2, 1]
    assert found.curves[LABEL].finals[CELL] == 2.5


def test_low_fidelity_pays_and_does_not_count(tmp_path: Path) -> None:
    auto = {"values": [9, 1, 1, 8, 7, 6], "cost": [1, 0.5, 0.25, 1, 1, 0.25]}
    # Total cost 1, 1.5, 1.75, 2.75, 3.75, 4; the two cheap values of 1 are no incumbents.
    assert curve(scored(tmp_path, {"auto": auto})) == [9, 9, 8, 7]


def test_an_unknown_optimum_lies_just_below_the_best_seen(tmp_path: Path) -> None:
    found = scored(tmp_path, {"auto": {"values": [4, 3, 2, 1]}}, optimum=None)
    assert found.curves[LABEL].optimum == 1 - 1e4 * 2.0**-52
    assert not found.curves[LABEL].optimum_known


def test_a_best_known_value_may_be_beaten_and_a_proven_one_not(tmp_path: Path) -> None:
    log = {"auto": {"values": [4, 3, 2, 1]}}
    assert scored(tmp_path / "a", log, optimum=1.5, proven=False).curves[LABEL].optimum == 1
    found = scored(tmp_path / "b", log, optimum=1 + 1e-15)
    assert found.curves[LABEL].optimum == 1 + 1e-15
    assert found.shared(["auto"]).regret(LABEL)[0, 0, -1] == 0


def test_methods_share_the_seeds_that_all_of_them_finished(tmp_path: Path) -> None:
    other = "bbob/f1:dimension=2,instance=101"
    write_about(tmp_path, {LABEL: facts(), other: facts()}, {"auto": {}, "peer": {}})
    for method, seeds in (("auto", (1, 2, 3)), ("peer", (2, 3, 4))):
        for seed in seeds:
            write_cell(tmp_path, Cell(method, LABEL, seed), [9, 8, 7, seed])
    write_cell(tmp_path, Cell("auto", other, 1), [1, 1, 1, 1])
    found = Scored(results.load(tmp_path))
    paired = found.shared(["auto", "peer"])
    assert paired.problems == [LABEL]
    assert paired.seeds == {LABEL: [2, 3]}
    assert paired.best[LABEL].shape == (2, 2, 4)
    assert paired.final[LABEL].tolist() == [[2, 3], [2, 3]]
    assert paired.left_out["auto"] == [Cell("auto", other, 1), CELL]
    assert len(found.shared(["auto"]).problems) == 2
    with pytest.raises(ValueError, match="nobody"):
        found.shared(["auto", "nobody"])


def test_several_objectives_are_scored_by_hypervolume_or_not_at_all(tmp_path: Path) -> None:
    auto = {"values": [[3, 3], [1, 3], None, [5, 0]]}
    more = {"objectives": 2, "reference_point": [4, 4], "hypervolume": 10.0}
    try:
        from asktell.benchmarks import multi_objective  # noqa: F401
    except ImportError:
        assert "hypervolume" in scored(tmp_path, {"auto": auto}, **more).unscored[LABEL]
        return
    found = scored(tmp_path, {"auto": auto}, **more)
    assert curve(found) == [-1, -3, -3, -3]  # areas below (4, 4); (5, 0) lies outside
    assert np.all(found.shared(["auto"]).regret(LABEL)[0, 0] == [9, 7, 7, 7])
