"""The report of invented runs: figures worked out by hand, and what a reader finds in it."""

from __future__ import annotations

import csv
import html.parser
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from asktell.benchmarks import results
from asktell.benchmarks.incumbent import Scored
from asktell.benchmarks.results import Cell
from synthetic import PLANTED, write_about, write_cell, write_folder

report = pytest.importorskip("asktell.benchmarks.report")
from asktell.benchmarks.report import plots, scores, style, tables  # noqa: E402

LABEL = "bbob/f1:dimension=2,instance=101"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six methods on five groups with a crash, a missing cell, a torn line and a broken one."""
    made = write_folder(tmp_path_factory.mktemp("run"), functions=(1, 8, 10, 15, 21), seeds=5)
    label = "bbob/f8:dimension=2,instance=101"
    write_cell(made, Cell("pycma", label, 1), [300, 200], last={"end": "crashed: signal 11"})
    Cell("botorch", label, 2).path(made).unlink()
    torn = Cell("optuna-tpe", label, 3).path(made)
    torn.write_text(torn.read_text()[:-30])
    broken = Cell("asktell-sobol", label, 4).path(made)
    broken.write_text(broken.read_text().replace('"t": 7,', '"t": 9,'))
    rows = [
        {"method": method, "dimension": d, "n": n, "ask_ms": 1e3 * seconds, "tell_ms": 0.5}
        for method, (_, seconds) in PLANTED.items()
        for d in (2, 6)
        for n in (10, 100)
    ]
    (made / "latency.json").write_text(json.dumps(rows))
    return made


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    path: Path = report.write(folder)
    return path.read_text(encoding="utf-8")


def read_csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "report" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Balance(html.parser.HTMLParser):
    """Collects what is open and what is fetched from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "img"):
            self.open.append(tag)
        self.sources += [v or "" for k, v in attrs if k in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone(page: str) -> None:
    parsed = Balance()
    parsed.feed(page)
    assert parsed.open == []
    pictures = [source for source in parsed.sources if source.startswith("data:image/png;base64,")]
    assert len(pictures) >= 10
    others = {source for source in parsed.sources if source not in pictures}
    assert all(source.startswith("#") for source in others)
    assert "<script" not in page and "@import" not in page
    anchors = set(re.findall(r'<h2 id="([^"]+)"', page))
    assert {source[1:] for source in others} == anchors


def test_losses_stand_before_wins_and_name_the_planted_ones(folder: Path, page: str) -> None:
    losing, winning = page.index("Where it loses"), page.index("Where it wins")
    assert losing < winning
    # "pycma" was planted to be better on f15 and f21, and nowhere else.
    assert "multimodal: behind pycma" in page[losing:winning]
    assert "ahead of every peer" in page[winning:]
    lost = read_csv(folder, "losses")
    assert lost and all(re.match(r"bbob/f(15|21) ", row["problem"]) for row in lost)
    assert {row["best peer"] for row in lost} == {"pycma"}
    assert 'class="loss strong"' in page or 'class="loss"' in page


def test_what_went_wrong_is_counted_and_listed(folder: Path, page: str) -> None:
    cells = {row["method"]: row for row in read_csv(folder, "cells")}
    assert cells["pycma"]["of these ended early"] == "1"
    assert cells["botorch"]["never begun"] == "1"
    assert cells["optuna-tpe"]["unfinished"] == "1"
    assert cells["asktell-sobol"]["broken"] == "1"
    assert cells["asktell-auto"]["left out of the main tables"] == "3"
    for text in ("crashed: signal 11", "seed4.jsonl:7: evaluation 9 out of order"):
        assert text in page
    rows = {row["problem"]: row["seeds"] for row in read_csv(folder, "problems")}
    assert rows["bbob/f8 d2 i101"] == "2" and rows["bbob/f1 d2 i101"] == "5"


def test_the_page_says_where_the_figures_come_from(page: str) -> None:
    for text in ("0123456789ab", "asktell-bench develop", "seeds: [1, 2, 3, 4, 5]", "cores"):
        assert text in page
    assert "development set" in page


def test_markdown_and_pictures_lie_beside_it(folder: Path, page: str) -> None:
    text = (folder / "report" / "report.md").read_text(encoding="utf-8")
    assert text.index("Where it loses") < text.index("Where it wins")
    assert "| **asktell-auto** |" in text
    for name in re.findall(r"\]\((\w+\.png)\)", text):
        assert (folder / "report" / name).read_bytes().startswith(b"\x89PNG")


def test_the_latency_table_compares_with_ours(folder: Path, page: str) -> None:
    rows = {row["method"]: row for row in read_csv(folder, "latency")}
    # (700 + .5) / (3 + .5) = 200.
    assert rows["botorch"]["d 2, n 10"] == "700 (× 2e+02)"


def test_methods_and_ours_can_be_chosen(folder: Path, tmp_path: Path) -> None:
    write_folder(tmp_path, functions=(1,), dimensions=(2,), seeds=2)
    report.write(tmp_path, ours="pycma", methods=["botorch", "asktell-random"])
    names = [row["method"] for row in read_csv(tmp_path, "methods")]
    assert set(names) == {"pycma", "botorch", "asktell-random"}
    assert len(read_csv(tmp_path, "pairs")) == len(PLANTED) - 1
    with pytest.raises(ValueError, match='no finished run of "nobody", only of: asktell-auto'):
        report.write(tmp_path, ours="nobody")


def test_a_method_with_few_cells_is_compared_on_those_alone(tmp_path: Path) -> None:
    write_folder(tmp_path, functions=(1, 8), dimensions=(2,), seeds=4)
    for path in (tmp_path / "logs" / "botorch").glob("*/seed*.jsonl"):
        if "f1_" not in str(path) or "seed1" not in str(path):
            path.unlink()
    report.write(tmp_path)
    assert "botorch" not in [row["method"] for row in read_csv(tmp_path, "methods")]
    (row,) = [row for row in read_csv(tmp_path, "pairs") if row["peer"] == "botorch"]
    assert (row["problems"], row["runs each"]) == ("1", "1")


def test_a_report_needs_no_peers(tmp_path: Path) -> None:
    only = {"asktell-auto": PLANTED["asktell-auto"]}
    write_folder(tmp_path, functions=(1,), dimensions=(2,), seeds=1, methods=only)
    text = report.write(tmp_path).read_text(encoding="utf-8")
    assert "random search is missing" in text


# --- figures ---


def known(folder: Path) -> tuple[Scored, scores.Scores]:
    """Two methods with known curves: regrets 100, 10, 1, 1 and 100, 100, 100, 100."""
    facts = {"dimension": 2, "budget": 4, "optimum": 10.0}
    write_about(folder, {LABEL: facts}, {"asktell-auto": {}, "asktell-random": {}})
    for seed in (1, 2):
        write_cell(folder, Cell("asktell-auto", LABEL, seed), [110, 20, 11, 15], ask_ns=1e9)
        write_cell(folder, Cell("asktell-random", LABEL, seed), [110, 111, 150, 112], ask_ns=1e3)
    scored = Scored(results.load(folder))
    paired = scored.shared(["asktell-auto", "asktell-random"])
    return scored, scores.score(scored, paired, "asktell-auto")


def test_scores_of_known_curves(tmp_path: Path) -> None:
    _, found = known(tmp_path)
    assert found.final.tolist() == [[1, 100]]
    assert found.ranks.tolist() == [1, 2]
    # log10 of 1 / 100, and of 1.
    assert found.log_regret.estimate.tolist() == [-2, 0]
    assert found.difference(1).estimate == -2
    # Of the pool 110 110 111 111 112 112 150 150 the fourth is 111: 100 (1 - 1 / 101), and 100
    # (1 - 100 / 101).
    assert found.bayesmark is not None
    assert found.bayesmark.tolist() == pytest.approx([100 * 100 / 101, 100 / 101])
    # (2 - log10 regret) / 10, mean over the four evaluations: (0 + .1 + .2 + .2) / 4.
    assert found.anytime.estimate.tolist() == pytest.approx([0.125, 0])
    # 26 targets from 100 by factors of 10^0.2, d = 2, up to 2 evaluations a dimension. ours: 1
    # target at t = 1 (x = 1/2), 5 more at t = 2 (x = 1), 5 more at t = 3 (x = 3/2): those at or
    # before x = 1 count fully, the others by how early they are.
    expected = (6 + 5 * math.log(2 / 1.5) / math.log(2)) / 26
    # A target missed is missed by all seeds, so that restarts change nothing.
    assert [found.area(m, [0]) for m in (0, 1)] == pytest.approx([expected, 1 / 26])
    # ERT to 10 and 1; and 90 % of the decrease from 100 to 1 (10.9) at t = 2, 99.9 % at t = 3.
    assert found.expected[0, 0, :3].tolist() == [2, 3, math.inf]
    assert found.convergence[:, 0].tolist() == [[2, math.inf], [3, math.inf]]


def test_wall_clock_counts_what_is_done_when_ours_is(tmp_path: Path) -> None:
    scored, found = known(tmp_path)
    random, ours = {}, {}
    for cost, row in zip(scores.COSTS, scores.wall_clock(scored, found)):
        ours[cost], random[cost] = row
    # Ours has done its whole budget, and so has random search, which is faster.
    assert set(ours.values()) == {-2} and set(random.values()) == {0}
    paired = scored.shared(["asktell-random", "asktell-auto"])
    other = scores.score(scored, paired, "asktell-random")
    table = scores.wall_clock(scored, other)
    # In the 44 microseconds of random search ours has done nothing, the worst there is: 10. With
    # 60 s an evaluation, random's 240 s are enough for three evaluations of ours: regret 1.
    assert table[0].tolist() == [0, 1]
    assert table[3].tolist() == [0, -2]


@pytest.mark.parametrize(
    "label, group",
    [
        ("bbob/f5:dimension=2,instance=1", "separable"),
        ("bbob/f6:dimension=2,instance=1", "moderate"),
        ("bbob/f14:dimension=2,instance=1", "ill-conditioned"),
        ("bbob/f19:dimension=2,instance=1", "multimodal"),
        ("bbob/f24:dimension=2,instance=1", "weak structure"),
        ("bbob-noisy/f107:dimension=2,instance=1", "severe noise"),
        ("bbob-mixint/f3:dimension=5,instance=1", "mixed-integer, separable"),
        ("bbob-constrained/f3:dimension=5,instance=1", "bbob-constrained"),
        ("real/zstd", "real"),
    ],
)
def test_groups(label: str, group: str) -> None:
    assert scores.group_of(label) == group


def test_cliques_are_the_longest_stretches_within_the_distance() -> None:
    ranks = np.array([1.0, 1.5, 2.2, 4.0, 4.1])
    assert plots.cliques(ranks, 1.3) == [(0, 2), (3, 4)]
    assert plots.cliques(ranks, 0.6) == [(0, 1), (3, 4)]
    assert plots.cliques(ranks, 0.05) == []


def test_labels_are_moved_apart_and_stay_inside() -> None:
    moved = style.spread([0.5, 0.51, 0.99, 1.0], 0.1, 0, 1)
    assert np.diff(moved).min() >= 0.1 - 1e-12 and moved[-1] <= 1
    assert style.spread([0.2, 0.8], 0.1, 0, 1) == [0.2, 0.8]


def test_twenty_methods_look_different_and_ours_is_alone_in_red() -> None:
    names = [f"peer{i}" for i in range(20)]
    found = style.looks([*names, "ours", "random"], "ours")
    assert len({(look.color, str(look.dash)) for look in found.values()}) == 22
    assert [name for name, look in found.items() if look.color == style.OURS] == ["ours"]


def test_numbers_are_short() -> None:
    assert [tables.number(v) for v in (1234.5, math.inf, math.nan, 7, "x")] == [
        "1.23e+03", "∞", "–", "7", "x"
    ]  # fmt: skip
