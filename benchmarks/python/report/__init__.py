"""The report of a run: one HTML page, the same in brief as Markdown, and the plots and tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..incumbent import Scored
from ..results import Results, load
from . import plots, tables
from .headline import lead, title, verdicts
from .page import Code, Picture, Section, Shown, Text, Verdicts, to_html, to_markdown
from .scores import Scores, score
from .style import Look, looks

__all__ = ["write"]

_OURS = ("asktell-auto", "auto")


def write(folder: Path, ours: str | None = None, methods: Sequence[str] | None = None) -> Path:
    """Writes report.html, report.md, and the plots (PNG) and tables (CSV) into the folder `report`
    of a run; returns the path of the page.

    `methods` are those of the main tables; as a rule all that have finished at least half as many
    cells as the fullest. Raises ValueError when the folder holds no run, or nothing that all of
    the methods share.
    """
    results = load(folder)
    scored = Scored(results)
    chosen = _chosen(results, ours, methods)
    scores = score(scored, scored.shared(chosen), chosen[0])
    target = folder / "report"
    target.mkdir(exist_ok=True)
    sections = _sections(scored, scores, target)
    name = title(results)
    text = lead(results, scores)
    page = target / "report.html"
    page.write_text(to_html(name, text, sections), encoding="utf-8")
    (target / "report.md").write_text(to_markdown(name, text, sections), encoding="utf-8")
    return page


def _chosen(results: Results, ours: str | None, methods: Sequence[str] | None) -> list[str]:
    """Ours first. ValueError names a method without finished cells."""
    finished = {method: len(results.of(method)) for method in results.methods}
    if ours is None:
        found = [name for name in _OURS if finished.get(name)]
        fullest = max(finished, key=lambda name: finished[name])
        ours = found[0] if found else fullest
    if methods is None:
        most = max(finished.values())
        methods = [name for name, count in finished.items() if 2 * count >= most]
    for name in [ours, *methods]:
        if not finished.get(name):
            known = ", ".join(n for n, count in finished.items() if count)
            raise ValueError(
                f'{results.folder} holds no finished run of "{name}", only of: {known}'
            )
    return [ours, *(name for name in methods if name != ours)]


class _Files:
    """Writes plots and tables into one folder, and hands over what the page shows of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def picture(self, name: str, description: str, drawn: Any, dpi: int = 110) -> Picture:
        return Picture(plots.save(drawn, self.folder / f"{name}.png", dpi), description)

    def table(self, name: str, table: tables.Table, folded: str = "", brief: bool = True) -> Shown:
        table.write_csv(self.folder / f"{name}.csv")
        return Shown(table, folded, brief and not folded)


def _sections(scored: Scored, scores: Scores, folder: Path) -> list[Section]:
    files = _Files(folder)
    latency = _latency(scored.results.folder)
    names = {*scored.results.methods, *(str(row["method"]) for row in latency)}
    look = looks(sorted(names), scores.methods[scores.ours])
    makers: list[Callable[[], Section | None]] = [
        lambda: _headline(scored, scores, files, look),
        lambda: _where_it_loses(scores, files),
        lambda: _methods(scored, scores, files, look),
        lambda: _runtimes(scores, files, look),
        lambda: _tests(scored, scores, files, look),
        lambda: _time(scored, scores, files, look, latency),
        lambda: _problems(scored, scores, files, look),
        lambda: _troubles(scored, scores, files),
        lambda: _provenance(scored.results),
    ]
    return [section for section in (make() for make in makers) if section]


def _headline(scored: Scored, scores: Scores, files: _Files, look: dict[str, Look]) -> Section:
    losing, winning = verdicts(scored, scores)
    key = (
        "Each cell: problems won (significantly) – lost (significantly) by the median final "
        "regret; a run counts as significant by Mann-Whitney at 0.05. Green: ours leads; red: the "
        "peer leads; darker: on most problems significantly."
    )
    return Section(
        "In five minutes",
        [
            Verdicts(losing, winning),
            files.picture("regret", "mean log regret over the runs", plots.headline(scores, look)),
            files.table("who_wins_where", tables.who_wins_where(scores)),
            Text([key]),
        ],
    )


def _where_it_loses(scores: Scores, files: _Files) -> Section:
    table = tables.losses(scores)
    if not table.rows:
        return Section("Losses", [Text(["No peer is significantly better on any problem."])])
    count = f"{len(table.rows)} of {len(scores.paired.problems)} problems: some peer is better"
    shown = files.table("losses", table, brief=False)
    return Section("Losses", [Text([f"{count} by Mann-Whitney at 0.05, the worst first."]), shown])


def _methods(scored: Scored, scores: Scores, files: _Files, look: dict[str, Look]) -> Section:
    words = [
        f"log10 regret: final regret over that of {scores.reference_name}, the median run of each "
        "problem, mean of log10; 0 is the reference, lower is better. Anytime: area over the "
        "convergence curve between regrets of 100 and 1e-8. ECDF area: targets 100 to 0.001, "
        "logarithmic axis. Bayesmark: 100 is the optimum, 0 the median of random points. For these "
        "three higher is better. Intervals: two-level bootstrap over problems and seeds, 10 000 "
        "resamples; green and red where the difference from ours excludes zero.",
    ]
    parts: list[Any] = [files.table("methods", tables.methods(scored.results, scores)), Text(words)]
    if len(scores.groups) > 1:
        parts += [
            Text(["By group: log10 regret / ECDF area; the best regret is marked."]),
            files.table("groups", tables.groups(scores)),
        ]
    parts += [
        Text(["On the problems and seeds that ours shares with each peer alone:"]),
        files.table("pairs", tables.pairs(scored, scores)),
    ]
    return Section("Methods", parts)


def _runtimes(scores: Scores, files: _Files, look: dict[str, Look]) -> Section:
    words = (
        "Share of (problem, target) pairs reached within a number of evaluations, with simulated "
        "restarts. Run-length targets are what the best method had reached after 0.5, 1.2, 3, 10 "
        "and 50 evaluations a dimension."
    )
    tolerances = (
        "A problem is solved when the median run has achieved all but that share of the decrease "
        "that the best method achieved."
    )
    return Section(
        "Runtimes",
        [
            Text([words]),
            files.picture("ecdf", "ECDF of all runtimes", plots.ecdf(scores, look)),
            files.picture("ecdf_groups", "ECDF by group", plots.ecdf_groups(scores, look)),
            Text([tolerances]),
            files.picture("profiles", "profiles", plots.profiles(scores, look)),
            _expected(scores, files),
        ],
    )


def _expected(scores: Scores, files: _Files) -> Shown:
    tables.expected_runtimes(scores, every=True).write_csv(files.folder / "ert_all_targets.csv")
    fold = "Expected runtimes (ERT) to the hardest target that any run reached"
    return files.table("ert", tables.expected_runtimes(scores), fold)


def _tests(scored: Scored, scores: Scores, files: _Files, look: dict[str, Look]) -> Section | None:
    from ..scoring import friedman

    if len(scores.methods) < 2:
        return None
    parts: list[Any] = []
    if len(scores.methods) > 2:
        f = friedman(scores.final)
        parts += [
            Text(
                [
                    f"Friedman over {len(scores.final)} problems: chi-square {f.chi_square:.3g} "
                    f"(p = {f.chi_square_p:.2g}), Iman-Davenport F = {f.f:.3g} (p = {f.f_p:.2g}). "
                    "A bar joins methods whose mean ranks the Nemenyi test at 0.05 does not tell "
                    "apart."
                ]
            ),
            files.picture("ranks", "mean ranks", plots.critical_difference(scores, look), 130),
        ]
    claim = (
        "A win or a defeat is claimed from 20 problems on, with Holm-adjusted p < 0.01 (Wilcoxon "
        "signed ranks of the median final regrets) and mean ranks that differ by more than the "
        "critical difference."
    )
    parts += [Text([claim]), files.table("tests", tables.comparisons(scores))]
    fold = "Percentage of problems on which the row is better than the column"
    return Section("Tests", [*parts, files.table("shares", tables.shares(scores), fold)])


def _time(
    scored: Scored,
    scores: Scores,
    files: _Files,
    look: dict[str, Look],
    latency: list[dict[str, Any]],
) -> Section:
    words = (
        "Mean log10 regret at equal wall-clock time: that which ours needs for its whole budget, "
        "when an evaluation takes so long. Time of suggestions is that measured in the runs."
    )
    parts: list[Any] = [Text([words]), files.table("wall_clock", tables.clocks(scored, scores))]
    if latency:
        parts += [
            files.picture("latency", "time a suggestion", plots.latency(latency, look)),
            files.table("latency", tables.latency(latency, scores.methods[scores.ours])),
        ]
    return Section("Time", parts)


def _latency(folder: Path) -> list[dict[str, Any]]:
    path = folder / "latency.json"
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    return list(found["rows"] if isinstance(found, dict) else found)


def _problems(scored: Scored, scores: Scores, files: _Files, look: dict[str, Look]) -> Section:
    parts: list[Any] = [
        Text(
            [
                "Final regret: median (quartiles). Bold: the least median. Grey: significantly "
                "worse than that by Mann-Whitney at 0.05."
            ]
        ),
        files.table("problems", tables.problems(scores), "Every problem"),
    ]
    noisy = tables.noise(scored, scores)
    if noisy.rows:
        parts.append(files.table("noise", noisy, "Noisy problems: observed and true values"))
    if scored.unscored:
        lines = [f"{problem}: {why}" for problem, why in scored.unscored.items()]
        parts.append(Text(["Not scored: " + "; ".join(lines)]))
    parts.append(Text(["Regret over evaluations: median, and quartiles shaded."]))
    for number, (group, members) in enumerate(scores.groups.items(), 1):
        drawn = plots.regret_curves(scores, members, look)
        parts += [Text([group]), files.picture(f"curves_{number}", f"{group}: regret", drawn, 90)]
    return Section("Problems", parts)


def _troubles(scored: Scored, scores: Scores, files: _Files) -> Section:
    table = tables.troubles(scored.results)
    parts: list[Any] = [files.table("cells", tables.counts(scored.results, scores))]
    if table.rows:
        fold = f"{len(table.rows)} crashes, hangs, failures, broken or missing cells"
        parts.append(files.table("troubles", table, fold))
    return Section("What did not go well", parts)


def _provenance(results: Results) -> Section:
    about = results.about
    commands = [
        f"{each.get('date', '')}  {each.get('commit', '')}\n  {' '.join(each.get('command', []))}"
        if isinstance(each, dict)
        else str(each)
        for each in about.get("commands", [])
    ]
    packages = []
    for method, described in about.get("methods", {}).items():
        listed = described.get("packages") or {}
        named = (
            [f"{name} {version}" for name, version in listed.items()]
            if isinstance(listed, dict)
            else [str(each) for each in listed]
        )
        packages.append(f"{method} {described.get('version', '')}: {', '.join(named)}")
    budgets = sorted({facts.budget for facts in results.facts.values()})
    run = {
        **about.get("settings", {}),
        "evaluations a run": budgets,
        "seeds": results.seeds,
        "machine": about.get("machine", {}),
    }
    return Section(
        "Provenance",
        [
            Code("\n".join(commands)),
            Code("\n".join(f"{name}: {value}" for name, value in run.items())),
            Code("\n".join(packages)),
        ],
    )
