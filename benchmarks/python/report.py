#!/usr/bin/env python3
"""Tables and a figure from the results of runner.py, written into the folder of the results.

    python benchmarks/report.py results

writes report.md (scores, tests, every problem), methods.csv, problems.csv and ecdf.png.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scoring
from results import Array, Results, Settings, load

RANDOM = "asktell-random"
OURS = "asktell-auto"
RESTARTS = 100  # simulated ones a problem and target
RESAMPLES = 2000


@dataclass
class Scores:
    """One entry or column a method, in the order of Results.methods."""

    final: Array  # p x m, median over seeds of the final regret
    quartiles: Array  # p x m x 2
    runtimes: Array  # m x (problems * targets * restarts), evaluations / d
    ecdf_area: Array
    anytime: list[scoring.Interval]
    log_regret: Array | None  # at the end, against random search; None without it
    bayesmark: Array | None
    ranks: Array
    span: float  # evaluations / d at the end of the runs


def simulate(results: Results) -> Array:
    """Runtimes of each method to every target of every problem; one random stream for all."""
    times: list[list[Array]] = [[] for _ in results.methods]
    for p, problem in enumerate(results.problems):
        hits = scoring.runtimes(results.regret(problem), scoring.SHORT_TARGETS)  # m x s x targets
        budget = results.best[problem].shape[2]
        for m in range(len(results.methods)):
            for target in range(hits.shape[2]):
                rng = np.random.default_rng([p, target])
                drawn = scoring.simulated_restarts(hits[m, :, target], budget, rng, RESTARTS)
                times[m].append(drawn / results.dimensions[problem])
    return np.array([np.concatenate(of_method) for of_method in times])


def against_random(results: Results) -> tuple[Array | None, Array | None]:
    """(mean log10 normalized regret at the end, mean Bayesmark score) a method."""
    if RANDOM not in results.methods:
        return None, None
    random = results.methods.index(RANDOM)
    logs, marks = [], []
    for problem in results.problems:
        best, optimum = results.best[problem], results.optima[problem]
        end = best[:, None, :, -1:]  # m x 1 x s x 1
        logs.append(
            [scoring.log_regret_curve(run, end[random], np.array([optimum]))[0] for run in end]
        )
        clip = scoring.order_quantile(results.values[problem][random], 0.5)
        marks.append([scoring.bayesmark_score(run[:, -1], optimum, clip) for run in best])
    return np.mean(logs, axis=0), np.mean(marks, axis=0)


def score(results: Results) -> Scores:
    regrets = {p: results.regret(p) for p in results.problems}
    final = np.array([np.median(regrets[p][:, :, -1], axis=1) for p in results.problems])
    quartiles = np.array(
        [np.quantile(regrets[p][:, :, -1], [0.25, 0.75], axis=1).T for p in results.problems]
    )
    span = max(results.best[p].shape[2] / results.dimensions[p] for p in results.problems)
    times = simulate(results)
    anytime = []
    for m in range(len(results.methods)):
        values = [[scoring.anytime_score(run) for run in regrets[p][m]] for p in results.problems]
        anytime.append(scoring.two_level_bootstrap(values, lambda x: float(x.mean()), RESAMPLES))
    log_regret, bayesmark = against_random(results)
    return Scores(
        final=final,
        quartiles=quartiles,
        runtimes=times,
        ecdf_area=np.array([scoring.ecdf_area(t, 1, span) for t in times]),
        anytime=anytime,
        log_regret=log_regret,
        bayesmark=bayesmark,
        ranks=scoring.mean_ranks(final),
        span=span,
    )


def method_rows(results: Results, scores: Scores) -> list[dict[str, Any]]:
    """The best ECDF area first."""
    rows = []
    for m in np.argsort(-scores.ecdf_area):
        method = results.methods[m]
        ask = results.ask_seconds[method] * 1e3
        row: dict[str, Any] = {"method": method, "version": results.versions[method]}
        row["ECDF area"] = f"{scores.ecdf_area[m]:.3f}"
        interval = scores.anytime[m]
        row["anytime (95 %)"] = f"{interval.estimate:.3f} ({interval.low:.3f}-{interval.high:.3f})"
        if scores.log_regret is not None and scores.bayesmark is not None:
            row["log10 regret / random"] = f"{scores.log_regret[m]:.2f}"
            row["Bayesmark"] = f"{scores.bayesmark[m]:.1f}"
        row["mean rank"] = f"{scores.ranks[m]:.2f}"
        row["ask ms"] = f"{np.median(ask):.3g}"
        row["ask p95 ms"] = f"{np.quantile(ask, 0.95):.3g}"
        row["tell ms"] = f"{np.median(results.tell_seconds[method]) * 1e3:.3g}"
        rows.append(row)
    return rows


def problem_rows(results: Results, scores: Scores) -> list[dict[str, Any]]:
    rows = []
    for p, problem in enumerate(results.problems):
        row: dict[str, Any] = {"problem": problem}
        for m, method in enumerate(results.methods):
            low, high = scores.quartiles[p, m]
            row[method] = f"{scores.final[p, m]:.3g} ({low:.2g}-{high:.2g})"
        rows.append(row)
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    columns = list(rows[0])
    lines = [columns, ["---"] * len(columns), *([str(row[c]) for c in columns] for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines]


def tests(results: Results, scores: Scores, ours: str) -> list[str]:
    lines = []
    n, k = scores.final.shape
    if k >= 3:
        f = scoring.friedman(scores.final)
        distance = scoring.critical_difference(k, n)
        lines += [
            f"Friedman over {n} problems: chi2 = {f.chi_square:.3g} (p = {f.chi_square_p:.2g}), "
            f"Iman-Davenport F = {f.f:.3g} (p = {f.f_p:.2g}); mean ranks further apart than "
            f"{distance:.2f} differ (Nemenyi, 0.05).",
            "",
        ]
    comparisons = [
        {
            "peer": c.peer,
            "wins-losses": f"{c.wins}-{c.losses}",
            "rank better by": f"{c.rank_difference:.2f}",
            "p (Holm)": f"{c.p:.2g}",
            "test": "exact" if c.exact else "normal approximation",
            f"{ours} beats it": "yes" if c.beats else "no",
        }
        for c in scoring.compare(scores.final, results.methods, ours)
    ]
    lines.append(
        f"{ours} against each peer: Wilcoxon signed ranks over the problems' median final "
        "regrets. A win is claimed from 20 problems on, with p < 0.01 and a mean rank better by "
        "more than the critical difference."
    )
    return [*lines, "", *table(comparisons)]


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def plot_ecdf(results: Results, scores: Scores, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    at = np.geomspace(0.5, scores.span, 400)
    for m in np.argsort(-scores.ecdf_area):
        curve = scoring.ecdf(scores.runtimes[m], at)
        label = f"{results.methods[m]} {results.versions[results.methods[m]]}"
        axes.step(at, curve, where="post", label=label)
    axes.set(xscale="log", xlabel="evaluations / dimension", ylim=(0, 1))
    axes.set_ylabel("share of problems and targets reached")
    axes.set_title(
        f"{len(results.problems)} problems, {len(results.seeds)} seeds, "
        f"{len(scoring.SHORT_TARGETS)} targets from 100 to 0.001"
    )
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, dpi=130)
    plt.close(figure)


def write(folder: Path, ours: str | None = None) -> str:
    """Writes the four files and returns the text of report.md."""
    settings = Settings.load(folder)
    results = load(folder)
    scores = score(results)
    ours = ours or (OURS if OURS in results.methods else results.methods[0])
    if ours not in results.methods:
        raise ValueError(f'{folder} holds no finished runs of "{ours}"')
    methods = method_rows(results, scores)
    problems = problem_rows(results, scores)
    write_csv(folder / "methods.csv", methods)
    write_csv(folder / "problems.csv", problems)
    plot_ecdf(results, scores, folder / "ecdf.png")
    start = "the same Sobol points" if settings.start == "design" else "each method's own start"
    lines = [
        "# Benchmark report",
        "",
        f"{len(results.problems)} problems, {len(results.seeds)} seeds, budget {settings.budget}, "
        f"{start}; {results.left_out} cells left out because a run is unfinished or some method "
        f"lacks it. {platform.platform()}, {os.cpu_count()} cores, one thread a method.",
        "",
        *table(methods),
        "",
        "ECDF area: targets 100 to 0.001 above the optimum, up to the budget, logarithmic axis. "
        "Anytime: area over the convergence curve between 100 and 1e-8; interval over problems "
        "and seeds. Both: higher is better. log10 regret: median run at the end, random search "
        "is 0. Bayesmark: 100 is the optimum, 0 the median of random points. Times are per call "
        "and include the interface.",
        "",
        "![ECDF](ecdf.png)",
        "",
        *(["## Tests", "", *tests(results, scores, ours), ""] if len(results.methods) > 1 else []),
        "## Final regret of every problem: median (quartiles)",
        "",
        *table(problems),
        "",
    ]
    text = "\n".join(lines)
    (folder / "report.md").write_text(text, encoding="utf-8")
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ours", help=f"the method to compare with the others; {OURS}")
    options = parser.parse_args()
    text = write(options.folder, options.ours)
    print(text.split("## Final regret")[0])
    print(f"written to {options.folder}: report.md methods.csv problems.csv ecdf.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
