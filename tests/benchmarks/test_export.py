"""Exported runs as the tools that own the formats read them. Each test runs where its tool is
installed (cocopp 2.9.1; iohinspector 0.0.8)."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from asktell.benchmarks import export, results
from asktell.benchmarks.results import Cell
from synthetic import write_about, write_cell, write_folder

METHODS = {"asktell-auto": (4.0, 1e-3), "asktell-random": (0.8, 1e-5)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("run")
    return write_folder(made, functions=(1, 8), dimensions=(2, 5), seeds=3, methods=METHODS)


def regrets(folder: Path, cell: Cell) -> np.ndarray:
    loaded = results.load(folder)
    values = loaded.runs[cell].values[:, 0] - loaded.facts[cell.problem].optimum
    return np.minimum.accumulate(values)


def test_cocopp_finds_the_runtimes_of_every_run(folder: Path, tmp_path: Path) -> None:
    cocopp = pytest.importorskip("cocopp")
    assert export.to_coco(folder, tmp_path / "coco") == []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # seeds are repeated instances
        data = cocopp.load(str(tmp_path / "coco" / "asktell-auto"))
    assert sorted((each.funcId, each.dim) for each in data) == [(1, 2), (1, 5), (8, 2), (8, 5)]
    for each in data:
        label = f"bbob/f{each.funcId}:dimension={each.dim},instance=101"
        curves = [regrets(folder, Cell("asktell-auto", label, seed)) for seed in (1, 2, 3)]
        assert list(each.maxevals) == [20 * each.dim] * 3
        for target in (100, 10, 1, 10**-0.4):  # of those that cocopp aligns runs at
            expected = [
                int(np.argmax(curve <= target)) + 1 if curve[-1] <= target else np.nan
                for curve in curves
            ]
            found = np.sort(each.detEvals([target])[0])
            assert found.tolist() == pytest.approx(np.sort(expected).tolist(), nan_ok=True)


def test_iohinspector_finds_every_evaluation(folder: Path, tmp_path: Path) -> None:
    iohinspector = pytest.importorskip("iohinspector")
    assert export.to_ioh(folder, tmp_path / "ioh") == []
    manager = iohinspector.DataManager()
    manager.add_folder(str(tmp_path / "ioh"))
    overview = manager.overview
    assert len(overview) == 2 * 4 * 3
    assert set(overview["algorithm_name"]) == set(METHODS)
    chosen = manager.select(algorithms=["asktell-auto"], function_ids=[8], dimensions=[5])
    frame = chosen.load(monotonic=False, include_meta_data=True)
    assert len(frame) == 3 * 100
    loaded = results.load(folder)
    label = "bbob/f8:dimension=5,instance=101"
    found = sorted(frame["raw_y"].to_list())
    told = [loaded.runs[Cell("asktell-auto", label, s)].values[:, 0] for s in (1, 2, 3)]
    assert found == pytest.approx(np.sort(np.concatenate(told)).tolist(), abs=1e-9)


def test_failures_do_not_improve_and_other_suites_stay_out_of_coco(tmp_path: Path) -> None:
    facts = {"dimension": 2, "budget": 4, "optimum": 1.0}
    label, other = "bbob/f1:dimension=2,instance=7", "classic/branin"
    write_about(tmp_path, {label: facts, other: facts}, {"auto": {}})
    write_cell(tmp_path, Cell("auto", label, 1), [None, 5, 3, None])
    write_cell(tmp_path, Cell("auto", other, 1), [5, 4, 3, 2])
    assert export.to_coco(tmp_path, tmp_path / "coco") == [other]
    text = (tmp_path / "coco/auto/data_f1/bbobexp_f1_DIM2.dat").read_text()
    rows = [line.split() for line in text.splitlines() if not line.startswith("%")]
    assert [(int(row[0]), float(row[2])) for row in rows] == [(1, 1e300), (2, 4), (3, 2), (4, 2)]
    index = (tmp_path / "coco/auto/bbobexp_f1.info").read_text()
    assert "7:4|2.0e+00" in index
    assert export.to_ioh(tmp_path, tmp_path / "ioh") == []
    lines = (tmp_path / "ioh/auto/data_f1_f1/IOHprofiler_f1_DIM2.dat").read_text().splitlines()
    assert [float(line.split()[1]) for line in lines[1:]] == [5, 5, 3, 5]


def test_a_run_without_bbob_cannot_go_to_coco(tmp_path: Path) -> None:
    write_about(tmp_path, {"classic/branin": {"dimension": 2, "budget": 1}}, {"auto": {}})
    write_cell(tmp_path, Cell("auto", "classic/branin", 1), [5])
    with pytest.raises(ValueError, match="IOHprofiler's has"):
        export.to_coco(tmp_path, tmp_path / "coco")
