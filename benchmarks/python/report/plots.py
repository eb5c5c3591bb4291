"""The pictures of a report. Each function draws one figure; `save` writes it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import matplotlib
import numpy as np

from .. import scoring
from ..scoring import Array
from .scores import TOLERANCES, Scores, log10_clipped
from .style import Look, spread

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402  (after the backend is chosen)

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": "#333333",
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
}
_SHOWN = 6  # methods with a curve of their own in each problem's panel, ours and random apart


Draw = TypeVar("Draw", bound=Callable[..., Any])


def styled(draw: Draw) -> Draw:
    """Runs a drawing function in the report's style, whatever the user's own is."""

    @functools.wraps(draw)
    def within(*args: Any, **kwargs: Any) -> Any:
        with plt.rc_context(_STYLE):
            return draw(*args, **kwargs)

    return cast(Draw, within)


def panels(
    rows: int, columns: int, width: float, height: float, below: float = 0.5, **kwargs: Any
) -> tuple[Any, Any]:
    """A grid of panels of this size in inches, with room for titles and labels, and `below` it for
    a legend. Fixed margins: matplotlib's own layout takes longer than the drawing."""
    left, gap, top = 0.62, 0.28 if kwargs.get("sharey") else 0.5, 0.3
    line = 0.5 if kwargs.get("sharex") or width < 2.5 else 0.78  # with labels below each panel
    wide = left + columns * width + (columns - 1) * gap + 0.15
    high = top + rows * height + (rows - 1) * line + 0.48 + below
    drawn, grid = plt.subplots(rows, columns, figsize=(wide, high), squeeze=False, **kwargs)
    drawn.subplots_adjust(
        left=left / wide,
        right=1 - 0.15 / wide,
        top=1 - top / high,
        bottom=(0.48 + below) / high,
        wspace=gap / width,
        hspace=line / height,
    )
    return drawn, grid


def save(drawn: Any, path: Path, dpi: int = 110) -> Path:
    with plt.rc_context(_STYLE):
        drawn.savefig(path, dpi=dpi, facecolor="white")
    plt.close(drawn)
    return path


def label_ends(
    axes: Any, ends: Mapping[str, float], looks: Mapping[str, Look], fontsize: float = 8.5
) -> None:
    """Names beside the right ends of the curves instead of a legend; heights in data units."""
    low, high = axes.get_ylim()
    names = list(ends)
    pixels = axes.get_window_extent().height * 72 / axes.figure.dpi
    gap = (high - low) * fontsize * 1.2 / max(pixels, 1)
    for name, height in zip(names, spread([ends[n] for n in names], gap, low, high)):
        axes.annotate(
            name,
            (1, height),
            xycoords=("axes fraction", "data"),
            xytext=(16, 0),
            textcoords="offset points",
            va="center",
            fontsize=fontsize,
            color=looks[name].color,
            fontweight="bold" if looks[name].order == 10 else "normal",
            annotation_clip=False,
        )
        axes.annotate(
            "",
            (1, min(max(ends[name], low), high)),
            xycoords=("axes fraction", "data"),
            xytext=(1 + 14 / (axes.get_window_extent().width * 72 / axes.figure.dpi), height),
            textcoords=("axes fraction", "data"),
            arrowprops={"arrowstyle": "-", "color": looks[name].color, "lw": 0.6, "alpha": 0.6},
            annotation_clip=False,
        )


@styled
def headline(scores: Scores, looks: Mapping[str, Look]) -> Any:
    """Mean log10 normalized regret of the median runs, over the course of the runs."""
    paired = scores.paired
    # From one evaluation a dimension to where the first problem's runs end.
    end = min(paired.best[p].shape[2] / paired.dimensions[p] for p in paired.problems)
    at = np.geomspace(min(1, end / 2), end, 120)
    curves = np.zeros((len(scores.methods), at.size))
    for p, problem in enumerate(paired.problems):
        median = np.median(paired.regret(problem), axis=1)
        column = np.clip(np.ceil(at * paired.dimensions[problem]).astype(int), 1, median.shape[1])
        scale = scores.references[p] if scores.references[p] > 0 else 1.0
        curves += log10_clipped(median[:, column - 1] / scale)
    curves /= len(paired.problems)
    drawn, axes = plt.subplots(figsize=(8.8, 4.8))
    for m, method in enumerate(scores.methods):
        axes.plot(at, curves[m], **looks[method].line())
    axes.axhline(0, color="#bbbbbb", linewidth=0.8, zorder=1)
    axes.set_xlim(at[0], at[-1])
    axes.set(xlabel="evaluations / dimension", ylabel="mean log10 normalized regret")
    axes.set_title(f"How far below {scores.reference_name}, on average over problems")
    _labelled(axes, {m: float(c[-1]) for m, c in zip(scores.methods, curves)}, looks)
    return drawn


def _labelled(axes: Any, ends: Mapping[str, float], looks: Mapping[str, Look]) -> None:
    """label_ends with room for the names."""
    axes.figure.subplots_adjust(left=0.08, right=0.8, top=0.92, bottom=0.11)
    label_ends(axes, ends, looks)


def _steps(axes: Any, scores: Scores, times: Sequence[Array], looks: Mapping[str, Look]) -> Array:
    at = np.geomspace(0.5, scores.span, 300)
    ends = np.empty(len(scores.methods))
    for m, method in enumerate(scores.methods):
        curve = scoring.ecdf(np.concatenate([t[m] for t in times]), at)
        axes.step(at, curve, where="post", **looks[method].line())
        ends[m] = curve[-1]
    axes.set(xscale="log", xlim=(0.5, scores.span), ylim=(0, 1))
    axes.xaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    return ends


@styled
def ecdf(scores: Scores, looks: Mapping[str, Look]) -> Any:
    """All problems and targets."""
    drawn, axes = plt.subplots(figsize=(8.8, 4.8))
    ends = _steps(axes, scores, scores.runtimes, looks)
    axes.set(xlabel="evaluations / dimension", ylabel="share of problems and targets reached")
    axes.set_title(f"{len(scores.paired.problems)} problems, 26 targets from 100 to 0.001")
    _labelled(axes, dict(zip(scores.methods, map(float, ends))), looks)
    return drawn


@styled
def ecdf_groups(scores: Scores, looks: Mapping[str, Look]) -> Any:
    """One panel a group, and one for the run-length targets."""
    shown = [(name, [scores.runtimes[p] for p in ps]) for name, ps in scores.groups.items()]
    titles = {name: f"{name} ({len(ps)})" for name, ps in scores.groups.items()}
    shown.append(("all", list(scores.length_runtimes)))
    titles["all"] = "all, run-length targets"
    columns = 3
    rows = -(-len(shown) // columns)
    drawn, grid = panels(
        rows, columns, 3.1, 2.1, below=_legend_height(scores.methods), sharex=True, sharey=True
    )
    for axes, (name, times) in zip(grid.flat, shown):
        _steps(axes, scores, times, looks)
        axes.set_title(titles[name])
    for axes in grid.flat[len(shown) :]:
        axes.set_axis_off()
    for axes in grid[-1]:
        axes.set_xlabel("evaluations / dimension")
    for axes in grid[:, 0]:
        axes.set_ylabel("share reached")
    legend(drawn, [scores.methods[m] for m in scores.by_log_regret()], looks)
    return drawn


_LEGEND_COLUMNS = 6


def _legend_height(names: Sequence[str]) -> float:
    return 0.1 + 0.2 * -(-len(names) // _LEGEND_COLUMNS)


def legend(drawn: Any, names: Sequence[str], looks: Mapping[str, Look]) -> None:
    """One for the whole figure, below it."""
    handles = [matplotlib.lines.Line2D([], [], **looks[name].line()) for name in names]
    columns = min(_LEGEND_COLUMNS, len(names))
    drawn.legend(handles, names, loc="lower center", ncols=columns, frameon=False)


@styled
def profiles(scores: Scores, looks: Mapping[str, Look]) -> Any:
    """Performance profiles above, data profiles below; one column a tolerance."""
    drawn, grid = panels(
        2, len(TOLERANCES), 4.8, 2.3, below=_legend_height(scores.methods), sharey=True
    )
    dimensions = [scores.paired.dimensions[p] for p in scores.paired.problems]
    ratios, budgets = np.geomspace(1, 32, 200), np.geomspace(0.5, scores.span, 200)
    for column, tolerance in enumerate(TOLERANCES):
        times = scores.convergence[column]
        above = scoring.performance_profile(times, ratios)
        below = scoring.data_profile(times, dimensions, budgets)
        for m, method in enumerate(scores.methods):
            grid[0, column].step(ratios, above[m], where="post", **looks[method].line())
            grid[1, column].step(budgets, below[m], where="post", **looks[method].line())
        grid[0, column].set(xscale="log", xlim=(1, 32), ylim=(0, 1.02))
        grid[0, column].set_xlabel("times the evaluations of the fastest method")
        grid[0, column].set_title(f"performance profile, tolerance {tolerance:g}")
        grid[1, column].set(xscale="log", xlim=(0.5, scores.span), ylim=(0, 1.02))
        grid[1, column].set_xlabel("evaluations / (dimension + 1)")
        grid[1, column].set_title(f"data profile, tolerance {tolerance:g}")
        for axes in grid[:, column]:
            axes.xaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    for axes in grid[:, 0]:
        axes.set_ylabel("share of problems solved")
    legend(drawn, [scores.methods[m] for m in scores.by_log_regret()], looks)
    return drawn


@styled
def critical_difference(scores: Scores, looks: Mapping[str, Look]) -> Any:
    """Mean ranks on an axis; bars join methods that the Nemenyi test does not tell apart."""
    ranks, k = scores.ranks, len(scores.methods)
    distance = scoring.critical_difference(k, len(scores.paired.problems))
    order = [int(m) for m in np.argsort(ranks, kind="stable")]
    bars = cliques(ranks[order], distance)
    half = (k + 1) // 2
    drawn, axes = plt.subplots(figsize=(9, 1.2 + 0.17 * len(bars) + 0.27 * half))
    axes.set_axis_off()
    below = 0.35 + 0.22 * len(bars)
    axes.set(xlim=(1 - 0.42 * (k - 1), k + 0.42 * (k - 1)), ylim=(-below - 0.36 * half, 1.3))
    axes.plot([1, k], [0, 0], color="#333333", linewidth=1)
    for tick in range(1, k + 1):
        axes.plot([tick, tick], [0, 0.12], color="#333333", linewidth=1)
        axes.text(tick, 0.2, str(tick), ha="center", va="bottom", fontsize=8, color="#555555")
    axes.plot([1, min(1 + distance, k)], [0.95, 0.95], color="#333333", linewidth=1.5)
    axes.text(1, 1.03, f"critical difference {distance:.2f}", va="bottom", fontsize=8)
    for place, m in enumerate(order):
        left = place < half
        y = -below - 0.36 * (place if left else k - 1 - place)
        end = 1 - 0.05 * (k - 1) if left else k + 0.05 * (k - 1)
        look = looks[scores.methods[m]]
        axes.plot([ranks[m], ranks[m], end], [0, y, y], color=look.color, linewidth=1.1)
        text = (
            f"{scores.methods[m]}  {ranks[m]:.2f}"
            if left
            else f"{ranks[m]:.2f}  {scores.methods[m]}"
        )
        weight = "bold" if m == scores.ours else "normal"
        side = -0.01 * (k - 1) if left else 0.01 * (k - 1)
        axes.text(
            end + side, y, text, ha="right" if left else "left", va="center", fontsize=9,
            color=look.color, fontweight=weight,
        )  # fmt: skip
    for index, (first, last) in enumerate(bars):
        y = -0.22 - 0.22 * index
        low, high = ranks[order[first]] - 0.03, ranks[order[last]] + 0.03
        axes.plot([low, high], [y, y], color="#222222", linewidth=3.2, solid_capstyle="round")
    return drawn


def cliques(ranks: Array, distance: float) -> list[tuple[int, int]]:
    """Longest stretches of sorted ranks that span no more than the distance."""
    found: list[tuple[int, int]] = []
    for first in range(len(ranks)):
        last = int(np.searchsorted(ranks, ranks[first] + distance, side="right")) - 1
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found


@styled
def regret_curves(scores: Scores, problems: Sequence[int], looks: Mapping[str, Look]) -> Any:
    """Median and quartiles of the regret on each problem: ours, random search and the best of the
    others."""
    others = [m for m in np.argsort(scores.ranks, kind="stable") if m != scores.ours]
    shown = [int(m) for m in others if not scores.methods[m].endswith("random")][:_SHOWN]
    shown += [m for m in others if scores.methods[m].endswith("random")]
    shown.append(scores.ours)
    columns = min(4, len(problems))
    rows = -(-len(problems) // columns)
    names = [scores.methods[m] for m in reversed(shown)]
    drawn, grid = panels(rows, columns, 2.2, 1.5, below=_legend_height(names))
    for axes, p in zip(grid.flat, problems):
        problem = scores.paired.problems[p]
        regret = np.maximum(scores.paired.regret(problem), 1e-8)
        at = np.arange(1, regret.shape[2] + 1)
        for m in shown:
            low, middle, high = np.quantile(regret[m], [0.25, 0.5, 0.75], axis=0)
            look = looks[scores.methods[m]]
            axes.fill_between(
                at,
                low,
                high,
                color=look.color,
                alpha=0.2 if m == scores.ours else 0.08,
                linewidth=0,
            )
            axes.plot(at, middle, **{**look.line(), "linewidth": look.width * 0.75})
        axes.set_yscale("log")
        axes.set_xlim(1, at[-1])
        axes.set_title(short(problem), fontsize=8.5)
        axes.tick_params(labelsize=7)
        axes.yaxis.set_major_locator(matplotlib.ticker.LogLocator(numticks=5))
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
    for axes in grid.flat[len(problems) :]:
        axes.set_axis_off()
    legend(drawn, names, looks)
    return drawn


def short(label: str) -> str:
    """ "bbob/f8:dimension=5,instance=101" -> "bbob/f8 d5 i101"."""
    return (
        label.replace(":", " ")
        .replace("dimension=", "d")
        .replace("instance=", "i")
        .replace(",", " ")
    )


@styled
def latency(rows: Sequence[Mapping[str, Any]], looks: Mapping[str, Look]) -> Any:
    """tell + ask over the number of observations; one panel a dimension."""
    dimensions = sorted({int(row["dimension"]) for row in rows})
    methods = sorted({str(row["method"]) for row in rows})
    drawn, grid = panels(1, len(dimensions), 2.7, 2.9, below=_legend_height(methods), sharey=True)
    for axes, dimension in zip(grid[0], dimensions):
        for method in methods:
            points = sorted(
                (row["n"], total_ms(row))
                for row in rows
                if row["method"] == method and row["dimension"] == dimension
            )
            if points:
                axes.plot(*zip(*points), marker="o", markersize=3, **looks[method].line())
        axes.set(xscale="log", yscale="log", xlabel="observations")
        axes.set_title(f"{dimension} dimensions")
    grid[0, 0].set_ylabel("milliseconds a suggestion (tell + ask)")
    legend(drawn, methods, looks)
    return drawn


def total_ms(row: Mapping[str, Any]) -> float:
    """The median of tell + ask."""
    return float(row.get("median_ms") or row["ask_ms"] + row["tell_ms"])
