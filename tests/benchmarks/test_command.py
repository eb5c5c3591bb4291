"""asktell-bench as its users type it, and what it says when they mistype."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asktell.benchmarks import cli, instructions, latency


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert cli.main(list(words)) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def test_lists_and_describes_problems(capsys: pytest.CaptureFixture[str]) -> None:
    assert "bbob/f24" in said(capsys, "problems")
    assert set(line.split("/")[0] for line in said(capsys, "problems", "zdt/").splitlines()) == {
        "zdt"
    }
    assert "dimension=5" in said(capsys, "problems", "bbob-noisy/f101")
    assert 'no problem begins with "nowhere"' in said(capsys, "problems", "nowhere", code=1)


def test_lists_methods_and_what_they_lack(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "methods").splitlines()
    assert any(line.startswith("asktell-gp_bo") and line.endswith("ready") for line in lines)
    assert any(line.startswith("botorch ") for line in lines)


def test_runs_and_reports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["--methods", "asktell-auto,asktell-random", "--seeds", "1-2", "--budget", "6d"]
    pattern = "bbob/f{1,8}:dimension=2,instance=101"
    out = said(capsys, "develop", "--out", str(tmp_path), *words, "--problems", pattern)
    assert f"asktell-bench report {tmp_path}" in out
    assert json.loads((tmp_path / "run.json").read_text())["settings"]["side"] == "development"
    page = Path(said(capsys, "report", str(tmp_path)).strip())
    assert "asktell-auto" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["develop", "--problems", "bbob/f1:instance=1"], "belongs to `asktell-bench test`"),
        (["test", "--problems", "bbob/f1:instance=101"], "belongs to `asktell-bench develop`"),
        (["test", "--problems", "bbob/f99"], 'problem "bbob/f99" is unknown'),
        (["test", "--methods", "optuna-tpf"], "optuna-tpe"),
        (["test", "--budget", "many"], 'budget is "many"'),
        (["test", "--batch", "2", "--pending", "2"], "one of them is 1"),
    ],
)
def test_says_in_one_line_what_is_wrong(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = said(capsys, *words, "--out", str(tmp_path / "run"), code=1)
    assert message in error and error.startswith("asktell-bench: ") and error.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_a_report_of_nothing_names_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"{tmp_path} holds no benchmark run" in said(capsys, "report", str(tmp_path), code=1)


def test_latency_is_measured_at_every_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(
        capsys,
        *("latency", "--out", str(tmp_path), "--methods", "asktell-random,asktell-gp_bo"),
        *("--dimensions", "2,6", "--sizes", "10,20", "--repeats", "2"),
    )
    assert "latency.json" in out
    measured = json.loads((tmp_path / "latency.json").read_text())
    assert len(measured["rows"]) == 8 and measured["stopped"] == []
    for row in measured["rows"]:
        assert row["calls"] == 2 * latency.STEADY
        assert 0 < row["median_ms"] <= row["p95_ms"] and row["first_ms"] > 0
    assert set(measured["methods"]) == {"asktell-random", "asktell-gp_bo"}


def test_latency_takes_no_method_without_told_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = said(capsys, "latency", "--out", str(tmp_path), "--methods", "nlopt-direct-l", code=1)
    assert "nlopt-direct-l takes no told points" in error


def test_more_instructions_are_noticed_and_a_lost_case_too() -> None:
    before = {"a 10": 1000, "b 10": 1000, "c 10": 1000}
    lines = instructions.worse(before, {"a 10": 1100, "b 10": 1101})
    assert len(lines) == 2
    assert "b 10" in lines[0] and "10 % more" in lines[0] and "c 10" in lines[1]


def test_instructions_need_the_program(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="bench_ask is missing"):
        instructions.count(tmp_path, "random", 10)
