"""The tables of a report: rows of entries with a text and a mark that a page may colour by."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .. import scoring
from ..incumbent import Scored, normalized, references
from ..results import Results
from ..scoring import Array
from .plots import short, total_ms
from .scores import (
    ALPHA,
    COSTS,
    ERT_TARGETS,
    Scores,
    log10_clipped,
    wall_clock,
)


@dataclass(frozen=True)
class Entry:
    text: str
    mark: str = ""  # "win" and "loss": of ours; "best", "worse": of a row; "ours"


@dataclass
class Table:
    columns: list[str]
    rows: list[list[Entry]] = field(default_factory=list)

    def add(self, *entries: Entry | str | int | float) -> None:
        self.rows.append([e if isinstance(e, Entry) else Entry(number(e)) for e in entries])

    def write_csv(self, path: Path) -> Path:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(self.columns)
            writer.writerows([entry.text for entry in row] for row in self.rows)
        return path


def number(value: str | int | float, digits: int = 3) -> str:
    if isinstance(value, (str, int)):
        return str(value)
    return "∞" if math.isinf(value) else "–" if math.isnan(value) else f"{value:.{digits}g}"


def _interval(interval: scoring.Interval) -> str:
    return f"{interval.estimate:.2f} [{interval.low:.2f}, {interval.high:.2f}]"


def _name(scores: Scores, m: int) -> Entry:
    return Entry(scores.methods[m], "ours" if m == scores.ours else "")


def methods(results: Results, scores: Scores) -> Table:
    """The best mean log regret first."""
    table = Table(
        ["method", "version", "log10 regret [95 %]", "ours minus it [95 %]", "mean rank",
         "ECDF area", "anytime [95 %]", "Bayesmark", "ask ms", "p95", "tell ms", "first call s"]
    )  # fmt: skip
    everything = list(range(len(scores.paired.problems)))
    for m in scores.by_log_regret():
        method = scores.methods[m]
        runs = results.of(method).values()
        ask = np.concatenate([run.ask_seconds for run in runs]) * 1e3
        tell = np.concatenate([run.tell_seconds for run in runs]) * 1e3
        first = [run.first_call for run in runs if not math.isnan(run.first_call)]
        versus = Entry("")
        if m != scores.ours:
            interval = scores.difference(m)
            mark = "win" if interval.high < 0 else "loss" if interval.low > 0 else ""
            versus = Entry(_interval(interval), mark)
        marks = scores.bayesmark
        table.add(
            _name(scores, m),
            results.version(method),
            _interval(scores.log_regret.interval(m)),
            versus,
            f"{scores.ranks[m]:.2f}",
            f"{scores.area(m, everything):.3f}",
            _interval(scores.anytime.interval(m)),
            f"{marks[m]:.1f}" if marks is not None else "–",
            *(number(float(np.nanquantile(ask, q)) if ask.size else math.nan) for q in (0.5, 0.95)),
            number(float(np.nanmedian(tell)) if tell.size else math.nan),
            number(float(np.median(first)) if first else math.nan),
        )
    return table


def duel(scores: Scores, peer: int, problems: Sequence[int]) -> tuple[int, int, int, int]:
    """(wins, significant wins, losses, significant losses) of ours, by medians."""
    wins = losses = sure_wins = sure_losses = 0
    for p in problems:
        ranks = scoring.mean_ranks([scores.final[p, [scores.ours, peer]]])
        sure = scores.against_ours[p, peer] < ALPHA
        wins += bool(ranks[0] < ranks[1])
        losses += bool(ranks[0] > ranks[1])
        sure_wins += bool(ranks[0] < ranks[1] and sure)
        sure_losses += bool(ranks[0] > ranks[1] and sure)
    return wins, sure_wins, losses, sure_losses


def who_wins_where(scores: Scores) -> Table:
    """Ours against each peer in each group: problems won and lost, significant ones in brackets."""
    table = Table(["ours against", *(f"{g} ({len(ps)})" for g, ps in scores.groups.items()), "all"])
    everything = list(range(len(scores.paired.problems)))
    for m in scores.by_log_regret():
        if m == scores.ours:
            continue
        entries = []
        for problems in [*scores.groups.values(), everything]:
            wins, sure_wins, losses, sure_losses = duel(scores, m, problems)
            mark = "win" if wins > losses else "loss" if losses > wins else ""
            strong = " strong" if abs(sure_wins - sure_losses) * 2 > len(problems) else ""
            text = f"{wins} ({sure_wins}) – {losses} ({sure_losses})"
            entries.append(Entry(text, mark + strong if mark else ""))
        table.add(scores.methods[m], *entries)
    return table


def losses(scores: Scores) -> Table:
    """Problems on which some peer is significantly better than ours, the worst first."""
    table = Table(
        ["problem", "group", "ours: median regret", "best peer", "its median", "factor", "p",
         "peers significantly better"]
    )  # fmt: skip
    found = []
    for p in range(len(scores.paired.problems)):
        mine = scores.final[p, scores.ours]
        better = [
            m
            for m in range(len(scores.methods))
            if scores.final[p, m] < mine and scores.against_ours[p, m] < ALPHA
        ]
        if better:
            best = min(better, key=lambda m: float(scores.final[p, m]))
            theirs = float(scores.final[p, best])
            found.append((mine / max(theirs, 1e-8), p, best, better))
    for factor, p, best, better in sorted(found, key=lambda each: -each[0]):
        problem = scores.paired.problems[p]
        names = ", ".join(
            scores.methods[m] for m in sorted(better, key=lambda m: scores.final[p, m])
        )
        group = next(name for name, ps in scores.groups.items() if p in ps)
        table.add(
            Entry(short(problem), "loss"), group, float(scores.final[p, scores.ours]),
            scores.methods[best], float(scores.final[p, best]), f"× {factor:.3g}",
            f"{scores.against_ours[p, best]:.2g}", f"{len(better)}: {names}",
        )  # fmt: skip
    return table


def groups(scores: Scores) -> Table:
    """Mean log10 regret and ECDF area of each group; the best is marked."""
    table = Table(["method", *(f"{name}" for name in scores.groups)])
    logs, areas = [], []
    for problems in scores.groups.values():
        medians = [log10_clipped(np.median(scores.ratio[p], axis=0)) for p in problems]
        logs.append(np.mean(medians, axis=0))
        areas.append([scores.area(m, problems) for m in range(len(scores.methods))])
    for m in scores.by_log_regret():
        entries = []
        for log, area in zip(logs, areas):
            mark = "best" if log[m] == min(log) else ""
            entries.append(Entry(f"{log[m]:.2f} / {area[m]:.3f}", mark))
        table.add(_name(scores, m), *entries)
    return table


def problems(scores: Scores) -> Table:
    """Median final regret (quartiles): the best is marked, and what is significantly worse."""
    order = [scores.ours, *(m for m in scores.by_log_regret() if m != scores.ours)]
    table = Table(["problem", "seeds", *(scores.methods[m] for m in order)])
    for p, problem in enumerate(scores.paired.problems):
        entries = []
        for m in order:
            low, high = scores.quartiles[p, m]
            text = f"{scores.final[p, m]:.3g} ({low:.2g}–{high:.2g})"
            mark = "best" if m == scores.best[p] else ""
            if not mark and scores.against_best[p, m] < ALPHA:
                mark = "worse"
            entries.append(Entry(text, mark))
        table.add(short(problem), len(scores.paired.seeds[problem]), *entries)
    return table


def comparisons(scores: Scores) -> Table:
    """Wilcoxon signed ranks over problems, Holm's correction over peers."""
    ours = scores.methods[scores.ours]
    table = Table(["peer", "won – lost", "mean rank better by", "p (Holm)", "test", "claim"])
    for c in scoring.compare(scores.final, scores.methods, ours):
        claim = Entry("none")
        if c.beats:
            claim = Entry(f"{ours} beats it", "win")
        if c.beaten:
            claim = Entry(f"{ours} is beaten", "loss")
        how = "exact" if c.exact else "normal approximation"
        table.add(
            c.peer, f"{c.wins} – {c.losses}", f"{c.rank_difference:.2f}", f"{c.p:.2g}", how, claim
        )
    return table


def pairs(scored: Scored, scores: Scores) -> Table:
    """Ours against each peer alone, on the problems and seeds that the two share."""
    table = Table(
        ["peer", "problems", "runs each", "log10 regret, ours minus its [95 %]", "won – lost",
         "p (Holm)"]
    )  # fmt: skip
    ours = scores.methods[scores.ours]
    rows, tests = [], []
    for peer in scored.results.methods:
        if peer == ours or not scored.results.of(peer):
            continue
        try:
            paired = scored.shared([ours, peer])
        except ValueError:
            table.add(peer, 0, 0, "nothing shared", "–", "–")
            continue
        finals = [paired.final_regret(p) for p in paired.problems]
        final = np.array([np.median(f, axis=1) for f in finals])
        if peer in scores.methods and paired.seeds == scores.paired.seeds:
            drawn = scores.difference(scores.methods.index(peer))
        else:
            scale, _ = references(scored, paired)
            ratio = [normalized(f, r).T for f, r in zip(finals, scale)]
            drawn = scoring.two_level_bootstrap(ratio, after=log10_clipped).interval(0, minus=1)
        (found,) = scoring.compare(final, [ours, peer], ours)
        runs = sum(len(seeds) for seeds in paired.seeds.values())
        rows.append((peer, len(final), runs, drawn, found))
        tests.append(found.p)
    for (peer, count, runs, drawn, found), p in zip(rows, scoring.holm(tests) if tests else []):
        mark = "win" if drawn.high < 0 else "loss" if drawn.low > 0 else ""
        difference = Entry(_interval(drawn), mark)
        table.add(peer, count, runs, difference, f"{found.wins} – {found.losses}", f"{p:.2g}")
    return table


def shares(scores: Scores) -> Table:
    """Percentage of problems on which the row's median is better than the column's."""
    order = scores.by_log_regret()
    share = scoring.win_shares(scores.final)
    table = Table(["better than", *(scores.methods[m] for m in order)])
    for m in order:
        cells = [
            Entry(
                "" if m == other else f"{100 * share[m, other]:.0f}", _side(scores, share, m, other)
            )
            for other in order
        ]
        table.add(_name(scores, m), *cells)
    return table


def _side(scores: Scores, share: Array, row: int, column: int) -> str:
    if scores.ours != row or row == column or share[row, column] == 0.5:
        return ""
    return "win" if share[row, column] > 0.5 else "loss"


def expected_runtimes(scores: Scores, every: bool = False) -> Table:
    """ERT in evaluations: for each problem at the hardest target that any run reached, or every."""
    order = [scores.ours, *(m for m in scores.by_log_regret() if m != scores.ours)]
    table = Table(["problem", "target", *(scores.methods[m] for m in order)])
    for p, problem in enumerate(scores.paired.problems):
        reached = [
            t for t in range(len(ERT_TARGETS)) if np.isfinite(scores.expected[p, :, t]).any()
        ]
        for target in reached if every else reached[-1:]:
            times = scores.expected[p, :, target]
            least = times.min()
            table.add(
                short(problem),
                f"{ERT_TARGETS[target]:g}",
                *(
                    Entry(number(float(times[m])), "best" if times[m] == least else "")
                    for m in order
                ),
            )
    return table


def clocks(scored: Scored, scores: Scores) -> Table:
    """Mean log10 regret at equal wall-clock time."""
    table = Table(["method", *(f"{cost:g} s an evaluation" for cost in COSTS)])
    logs = wall_clock(scored, scores)
    for m in scores.by_log_regret():
        entries = [Entry(f"{row[m]:.2f}", "best" if row[m] == row.min() else "") for row in logs]
        table.add(_name(scores, m), *entries)
    return table


def noise(scored: Scored, scores: Scores) -> Table:
    """Noisy problems: least observed value, true value of that point, of the recommended point."""
    table = Table(["problem", "method", "best observed", "its true value", "recommended"])
    for problem in scores.paired.problems:
        curves = scored.curves[problem]
        if curves.observed:
            for method in scores.methods:
                cells = [c for c in curves.observed if c.method == method]
                table.add(
                    short(problem), method,
                    *(float(np.median(v)) for v in (
                        [curves.observed[c][-1] for c in cells],
                        [curves.incumbents[c][-1] for c in cells],
                        [curves.finals[c] for c in cells],
                    )),
                )  # fmt: skip
    return table


def counts(results: Results, scores: Scores) -> Table:
    """What became of each method's cells."""
    table = Table(
        ["method", "finished", "of these ended early", "with failed evaluations", "unfinished",
         "never begun", "broken", "left out of the main tables", "not suited to"]
    )  # fmt: skip
    early = Counter(cell.method for cell in results.ended_early())
    failed = Counter(cell.method for cell, run in results.runs.items() if run.failures)
    unfinished = Counter(cell.method for cell in results.unfinished)
    missing = Counter(cell.method for cell in results.missing)
    broken = Counter(Path(path).parts[-3] for path in results.broken)
    for method in sorted({*results.methods, *broken}):
        finished = len(results.of(method))
        if method in scores.methods:
            out = number(len(scores.paired.left_out[method]))
        else:
            out = f"all {finished}"
        unfit = results.about.get("methods", {}).get(method, {}).get("unfit", {})
        amounts = [
            early[method],
            failed[method],
            unfinished[method],
            missing[method],
            broken[method],
        ]
        marks = [Entry(str(n), "loss" if n else "") for n in amounts]
        table.add(method, finished, *marks, out, f"{len(unfit)} problems" if unfit else "0")
    return table


def troubles(results: Results) -> Table:
    """Every crash, hang, limit, broken file, and the reasons of failed evaluations."""
    table = Table(["what", "where", "reason"])
    for path, reason in results.broken.items():
        table.add("broken log, left out", path, reason)
    for cell, reason in results.ended_early().items():
        table.add("run ended early", str(cell), reason)
    for cell in results.unfinished:
        table.add("unfinished, left out", str(cell), "fewer evaluations than its budget")
    for cell in results.missing:
        table.add("never begun", str(cell), "run.json says it was to run")
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for cell, run in sorted(results.runs.items()):
        for reason in run.failures:
            key = (cell.method, cell.problem, reason.partition(":")[0])
            reasons.setdefault(key, []).append(reason)
    for (method, problem, _), same in reasons.items():
        first = same[0] if len(same) == 1 else f"such as: {same[0]}"
        table.add(f"{len(same)} failed evaluations", f"{method} on {problem}", first)
    return table


def latency(rows: Sequence[Mapping[str, Any]], ours: str) -> Table:
    """Median tell + ask in milliseconds, and how many times that of ours."""
    places = sorted({(int(row["dimension"]), int(row["n"])) for row in rows})
    known = {(str(r["method"]), int(r["dimension"]), int(r["n"])): total_ms(r) for r in rows}
    first = {str(r["method"]): float(r.get("first_call_ms", math.nan)) for r in rows}
    table = Table(["method", "first call ms", *(f"d {d}, n {n}" for d, n in places)])
    for method in sorted(first, key=lambda m: (m != ours, m)):
        entries = []
        for d, n in places:
            time, mine = known.get((method, d, n), math.nan), known.get((ours, d, n), math.nan)
            mark = "" if method == ours else "win" if time > mine else "loss" if time < mine else ""
            times = "" if method == ours or not mine > 0 else f" (× {time / mine:.2g})"
            entries.append(Entry(number(time) + ("" if math.isnan(time) else times), mark))
        table.add(Entry(method, "ours" if method == ours else ""), first[method], *entries)
    return table
