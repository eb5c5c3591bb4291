"""The sentences at the top of a report: what was compared, where ours loses, where it wins."""

from __future__ import annotations

from ..incumbent import Scored
from ..results import Results
from ..scoring import compare
from . import tables
from .scores import Scores


def title(results: Results) -> str:
    side = results.about.get("settings", {}).get("side", "")
    return f"Benchmark report: {side} set" if side else "Benchmark report"


def lead(results: Results, scores: Scores) -> str:
    settings = results.about.get("settings", {})
    paired = scores.paired
    counts = sorted({len(seeds) for seeds in paired.seeds.values()})
    seeds = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    starts = {"design": "the same initial design for all", "own": "each method's own start"}
    others = [m for m in results.methods if m not in scores.methods]
    text = (
        f"{len(scores.methods)} methods on {len(paired.problems)} problems, {seeds} seeds, "
        f"budget {settings.get('budget', 'unknown')}, "
        f"{starts.get(settings.get('start', ''), 'start unknown')}. "
        f"Ours is {scores.methods[scores.ours]}."
    )
    left_out = sum(len(cells) for cells in paired.left_out.values())
    if left_out:
        text += f" {left_out} finished cells that not all methods have are left out here."
    if others:
        text += f" Not in the main tables, for too few finished cells: {', '.join(others)}."
    return text


def verdicts(scored: Scored, scores: Scores) -> tuple[list[str], list[str]]:
    """(where ours loses, where it wins): against peers as a whole, in groups, on problems."""
    losing, winning = _overall(scores)
    for group, members in scores.groups.items():
        if len(scores.groups) == 1:
            break
        ahead: list[int] = []
        behind: list[int] = []
        for m in scores.by_log_regret():
            if m != scores.ours:
                wins, _, losses, _ = tables.duel(scores, m, members)
                (ahead if wins > losses else behind if losses > wins else []).append(m)
        if behind:
            names = ", ".join(scores.methods[m] for m in behind)
            losing.append(f"{group}: behind {names} on most of {len(members)} problems.")
        elif len(ahead) == len(scores.methods) - 1 and ahead:
            winning.append(f"{group}: ahead of every peer on most of {len(members)} problems.")
    worst = tables.losses(scores)
    if worst.rows:
        row = worst.rows[0]
        losing.append(
            f"{len(worst.rows)} of {len(scores.final)} problems have a peer that is significantly "
            f"better; the worst is {row[0].text}, where {row[3].text} ends {row[5].text} lower."
        )
    best = int((scores.best == scores.ours).sum())
    winning.append(f"Least median final regret on {best} of {len(scores.final)} problems.")
    return losing or ["Nowhere that these runs can show."], winning


def _overall(scores: Scores) -> tuple[list[str], list[str]]:
    ours = scores.methods[scores.ours]
    order = scores.by_log_regret()
    place = order.index(scores.ours) + 1
    interval = scores.log_regret.interval(scores.ours)
    first = (
        f"Place {place} of {len(order)} by mean log10 regret: {interval.estimate:.2f} "
        f"[{interval.low:.2f}, {interval.high:.2f}], mean rank {scores.ranks[scores.ours]:.2f}."
    )
    losing = [] if place == 1 else [first]
    winning = [first] if place == 1 else []
    surely_worse, surely_better = [], []
    for m in order:
        if m != scores.ours:
            difference = scores.difference(m)
            if difference.low > 0:
                surely_worse.append(scores.methods[m])
            elif difference.high < 0:
                surely_better.append(scores.methods[m])
    if surely_worse:
        losing.append(f"Mean log10 regret surely (95 %) worse than: {', '.join(surely_worse)}.")
    if surely_better:
        winning.append(f"Mean log10 regret surely (95 %) better than: {', '.join(surely_better)}.")
    claims = compare(scores.final, scores.methods, ours)
    beaten = [c.peer for c in claims if c.beaten]
    beats = [c.peer for c in claims if c.beats]
    if beaten:
        losing.append(f"Beaten, by the strict claim below, by: {', '.join(beaten)}.")
    if beats:
        winning.append(f"Beats, by the strict claim below: {', '.join(beats)}.")
    if len(scores.final) < 20 and claims:
        losing.append(f"No strict claim is possible: {len(scores.final)} problems are below 20.")
    return losing, winning
